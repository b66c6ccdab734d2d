"""The history of a prompt, looked at."""

from __future__ import annotations

from collections.abc import Iterator

from ..core import records as r
from .managing import items_of
from .merging import Merging

__all__ = ["Histories"]


class Histories(Merging):
    """What a client asks of a prompt's history, beside its list."""

    def graph(self, name: str, branch: str | None = None) -> Iterator[r.GraphNode]:
        """The history as a graph, newest first: each version with its lane and the lines around it."""
        path = f"prompts/{self.prompt_id(name)}/graph"
        yield from items_of(
            lambda cursor: self._call(r.GraphPage, "GET", path, branch=branch, limit=500, cursor=cursor)
        )

    def text_changes(self, name: str, text: str) -> Iterator[r.TextChange]:
        """The versions in which ``text`` appeared or from which it disappeared, newest first."""
        path = f"prompts/{self.prompt_id(name)}/text-changes"
        yield from items_of(
            lambda cursor: self._call(r.TextChangePage, "GET", path, text=text, limit=200, cursor=cursor)
        )

    def blame(self, name: str, ref: str = "latest") -> r.Blame:
        """The version that brought each unit, and each line of a message."""
        return self._call(r.Blame, "GET", f"prompts/{self.prompt_id(name)}/blame", ref=ref)

    def dependents(
        self, name: str, *, text: str | None = None, after: str | None = None
    ) -> Iterator[r.Dependent]:
        """The prompts that include a snippet; with ``text`` or ``after`` (a ref) what changing it to that does to each."""
        path = f"prompts/{self.prompt_id(name)}/dependents"

        def ask(cursor: str | None) -> r.DependentList:
            if text is None and after is None:
                return self._call(r.DependentList, "GET", path, limit=200, cursor=cursor)
            change = r.DependentsPreview(text=text, after=after or "latest", limit=200, cursor=cursor)
            return self._call(r.DependentList, "POST", path, change)

        yield from items_of(ask)

    def callers(self, name: str, variable: str | None = None) -> r.CallerList:
        """Who runs a prompt (or gives it ``variable``), as its latest executions tell."""
        path = f"prompts/{self.prompt_id(name)}/callers"
        return self._call(r.CallerList, "GET", path, variable=variable)
