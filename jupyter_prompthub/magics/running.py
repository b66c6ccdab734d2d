"""The commands of the command line in a notebook, with rich output."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

from ..cli import command_named
from ..cli.output import Output, Table
from ..client import Client
from ..core.names import DEFAULT_BRANCH, LATEST, parse_reference
from ..core.records import (
    Blame,
    Branch,
    Comparison,
    GraphNode,
    Merge,
    PromptDetail,
    Review,
    ReviewState,
    ReviewSummary,
    Version,
)
from ..widgets.reviews import review_html
from ..widgets.show import Rich, comparison_html, table_html

__all__ = ["Saved", "run_command"]


class Saved(NamedTuple):
    """The head of a branch since a command."""

    reference: str
    version: Version


class _Kept(Output):
    """Keeps what it is to show."""

    def __init__(self) -> None:
        super().__init__(as_json=False)
        self.colour = False
        self.value: Any = None
        self.lines: Iterable[str] | None = None

    def show(self, value: Any, lines: Iterable[str]) -> None:
        self.value, self.lines = value, lines if isinstance(lines, Table) else list(lines)


def run_command(hub: Client, options: Namespace) -> tuple[Rich | None, Saved | None]:
    """Run a command: what is shown of it, and what it saved."""
    out = _Kept()
    command = command_named(options.target)
    if options.needs_client:
        command(hub, options, out)
    else:
        command(options, out)
    if out.lines is None:  # it has printed what it had to say
        return None, None
    text = "\n".join(out.lines) or _EMPTY.get(getattr(options, "do", ""), "nothing")
    if isinstance(out.value, (Branch, PromptDetail)):  # what they say names the command that takes it back
        text = text.replace("`prompthub ", "`%prompthub ")
    return Rich(_html(out.value, out.lines, text), text), _saved(hub, options, out.value)


def _html(value: Any, lines: Iterable[str], text: str) -> str:
    match value:
        case Review():
            return review_html(value)
        case Comparison():
            return comparison_html(value)
        case Blame():
            return table_html(("version", "when (UTC)", "who", "brought"), _blamed(value))
        case (ReviewSummary(), *_):
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
            return table_html(("review", "state", "branches", "title", "by"), rows)
        case [GraphNode(), *_]:
            return f"<pre>{escape(text)}</pre>"
    if isinstance(lines, Table) and lines.rows:
        return table_html(lines.header, lines.rows)
    return f'<div style="white-space: pre-wrap">{escape(text)}</div>'


def _blamed(found: Blame) -> Iterator[tuple[str, str, str, str]]:
    """A row for each unit, or for each line of a message under its name."""
    versions = {one.sha: one for one in found.versions}

    def row(sha: str, brought: str) -> tuple[str, str, str, str]:
        one = versions[sha]
        return one.short, one.written_at[:10], one.writer, brought

    for unit in found.units:
        yield row(unit.sha, unit.path)
        yield from (row(line.sha, line.text) for line in unit.lines)
    if not found.complete:
        yield "", "", "", "the history is longer: the oldest version named stands for all before it"


def _saved(hub: Client, options: Namespace, value: Any) -> Saved | None:
    match value:
        case Review(state=ReviewState.MERGED) if options.do == "merge":
            version = hub.get(f"{value.prompt_id}@{value.merged_sha}")
            return Saved(f"{value.prompt_name}@{value.target}", version)
        case Merge(version=Version() as version):
            target = options.into if options.command == "merge" else options.on
            return Saved(f"{parse_reference(options.name).name}@{target}", version)
        case Version() if options.command == "save":
            name, ref = parse_reference(options.name).name, parse_reference(options.name).ref
            return Saved(f"{name}@{DEFAULT_BRANCH if ref == LATEST else ref}", value)
    return None


_EMPTY = {
    "list": "no review matches",
    "threads": "no conversations yet",
    "checks": "no checks yet",
    "dependents": "no prompt includes it",
    "conflicts": "nothing to decide",
}
