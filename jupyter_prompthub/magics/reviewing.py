"""``%prompthub review`` and ``branch``: the command line's, with rich output."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

from ..cli.branches import branch as run_branch
from ..cli.output import Output
from ..cli.reviewing import review as run_verb
from ..client import Client
from ..core.records import Review, ReviewState, ReviewSummary, Version
from ..widgets.reviews import review_html
from ..widgets.show import Rich, table_html

__all__ = ["Merged", "branch", "review"]


class Merged(NamedTuple):
    """What the target's head is since a merge."""

    prompt: str
    target: str
    version: Version


class _Kept(Output):
    """Keeps what it is to show."""

    def __init__(self) -> None:
        super().__init__(as_json=False)
        self.colour = False
        self.value: Any = None
        self.text = ""

    def show(self, value: Any, lines: Iterable[str]) -> None:
        self.value, self.text = value, "\n".join(lines)


def review(hub: Client, options: Namespace) -> tuple[Rich, Merged | None]:
    """Run a verb: what is shown of it, and what it merged."""
    out = _Kept()
    run_verb(hub, options, out)
    value, text = out.value, out.text
    if isinstance(value, Review):
        merged = None
        if options.do == "merge" and value.state is ReviewState.MERGED:
            version = hub.get(f"{value.prompt_id}@{value.merged_sha}")
            merged = Merged(value.prompt_name, value.target, version)
        return Rich(review_html(value), text), merged
    if isinstance(value, tuple) and value and isinstance(value[0], ReviewSummary):
        rows = [
            (
                f"{one.prompt_name}#{one.number}",
                one.state.value,
                f"{one.source} → {one.target}",
                one.title,
                one.author.display_name,
            )
            for one in value
        ]
        return Rich(table_html(("review", "state", "branches", "title", "by"), rows), text), None
    return _plain(text or _EMPTY.get(options.do, "nothing")), None


def branch(hub: Client, options: Namespace) -> Rich:
    """List, make, move or delete branches."""
    out = _Kept()
    run_branch(hub, options, out)
    return _plain(out.text.replace("`prompthub ", "`%prompthub "))


def _plain(text: str) -> Rich:
    return Rich(f'<div style="white-space: pre-wrap">{escape(text)}</div>', text)


_EMPTY = {
    "list": "no review matches",
    "threads": "no conversations yet",
    "checks": "no checks yet",
    "dependents": "no prompt includes it",
    "conflicts": "nothing to decide",
}
