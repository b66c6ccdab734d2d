"""What a run gives back."""

from __future__ import annotations

from ..core import records as r

__all__ = ["Answer"]


class Answer(r.ExecuteResponse):
    """An execution's answer; ``str(answer)`` is its text."""

    @property
    def text(self) -> str:
        """What the model said."""
        return self.result.completion

    @property
    def metadata(self) -> r.ExecutionMetadata:
        """Tokens, latency, cost, provider, model."""
        return self.result.metadata

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from ..widgets.show import answer_html

        return answer_html(self)
