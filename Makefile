# Two commands do all the set-up: `make lab` and `make test`. The work is in scripts/dev.py.
PYTHON ?= python3
ARGS ?=

.PHONY: help lab test test-long coverage lint bench clean setup
help:
	@echo "make lab        set up everything, load demo data, open JupyterLab with PromptHub"
	@echo "make test       set up everything, run all tests (E2E=0: without the browser)"
	@echo "make test-long  the same tests with large counts"
	@echo "make coverage   the Python tests, and which lines of core and server they ran"
	@echo "make lint       ruff, mypy, import-linter, eslint, prettier, stylelint"
	@echo "make bench      benchmarks, each beside its floor"
	@echo "make clean      remove what the others made (also the demo data)"

lab test test-long coverage lint bench clean setup:
	@"$(PYTHON)" scripts/dev.py $@ $(ARGS)
