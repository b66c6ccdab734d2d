"""What PromptHub costs, each number beside its floor in the same run: ``python -m benchmarks`` (``docs/benchmarks.md``)."""
