"""What commands print: lines for people, or JSON; and the exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ..core.records import ChangeOp, Comparison, Compatibility, KnownCaller, UnitChange, UnitKind

if TYPE_CHECKING:
    from ..client import Client

__all__ = [
    "Exit",
    "Output",
    "Table",
    "change_lines",
    "compatibility_lines",
    "diff_lines",
    "known_caller_lines",
    "table",
]


class Exit(IntEnum):
    """The exit codes of every command (documented in ``docs/cli.md``)."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    NOT_REACHABLE = 4


class Output:
    """Standard output, in the form that was asked for: with ``--json``, exactly one JSON value."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.colour = not as_json and sys.stdout.isatty()

    def show(self, value: Any, lines: Iterable[str]) -> None:
        """Print ``value`` as JSON, or the lines for people."""
        if self.as_json:
            print(json.dumps(_plain(value), ensure_ascii=False, indent=2))
        else:
            for line in lines:
                print(line)

    def piece(self, text: str) -> None:
        """Print a piece of a stream (people only)."""
        if not self.as_json:
            print(text, end="", flush=True)

    def note(self, text: str) -> None:
        """Say something beside the result, on standard error."""
        print(text, file=sys.stderr)

    def paint(self, text: str, code: int) -> str:
        """``text`` in an ANSI colour where there is a terminal."""
        return f"\033[{code}m{text}\033[0m" if self.colour else text


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


class Table:
    """Left-aligned columns, a line for each row; nothing for no rows. Of a cell, its first line is shown."""

    def __init__(self, rows: Sequence[Sequence[str]], header: Sequence[str]) -> None:
        self.header = header
        self.rows = [[next(iter(str(cell).splitlines()), "") for cell in row] for row in rows]

    def __iter__(self) -> Iterator[str]:
        if not self.rows:
            return
        widths = [max(len(row[i]) for row in (self.header, *self.rows)) for i in range(len(self.header))]
        for row in (self.header, *self.rows):
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> Table:
    """Rows as a table."""
    return Table(rows, header)


_SIGNS = {
    ChangeOp.ADDED: "+",
    ChangeOp.REMOVED: "-",
    ChangeOp.MOVED: "↕",
    ChangeOp.RENAMED: "→",
    ChangeOp.CHANGED: "~",
}


def diff_lines(comparison: Comparison, out: Output) -> Iterable[str]:
    """A comparison, unit by unit, words marked ``[-gone-]`` and ``{+new+}``."""
    base, head = comparison.base, comparison.head
    yield f"{base.short} … {head.short}"
    if not comparison.diff.changes:
        yield "layout only" if comparison.diff.text_only else "no difference"
    yield from change_lines(comparison.diff.changes, out)
    if comparison.diff.changes:
        yield from compatibility_lines(comparison.compatibility, out)


def compatibility_lines(compatibility: Compatibility, out: Output) -> Iterable[str]:
    """Whether callers of the older version can call the newer one, and why not."""
    if breaks := compatibility.breaks:
        said = "1 change breaks" if len(breaks) == 1 else f"{len(breaks)} changes break"
        yield out.paint(f"not compatible: {said} callers", 31)
        yield from (f"    {one.label}" for one in breaks)
    else:
        yield "compatible: callers need no change"


def known_caller_lines(client: Client, name: str, compatibility: Compatibility) -> Iterable[str]:
    """Who is known to give the variables that break."""
    for one in compatibility.breaks:
        if one.unit is UnitKind.VARIABLE and (known := client.callers(name, one.name).items):
            yield f"known callers that give {one.name}:"
            yield from (f"    {_caller(each)}" for each in known)


def _caller(one: KnownCaller) -> str:
    """``a.ipynb, cell 1f3c… (Ada, 3 runs, last 2026-05-04 10:12)``."""
    where = one.caller.kind
    if one.caller.notebook:
        where = one.caller.notebook + (f", cell {one.caller.cell_id}" if one.caller.cell_id else "")
    runs = "1 run" if one.runs == 1 else f"{one.runs} runs"
    return f"{where} ({one.actor.display_name}, {runs}, last {one.last_at[:16].replace('T', ' ')})"


def change_lines(changes: Iterable[UnitChange], out: Output) -> Iterable[str]:
    """Changes, unit by unit."""
    for change in changes:
        yield f"{_SIGNS[change.op]} {change.label}"
        yield from (f"    {line}" for line in _body(change, out).split("\n") if line.strip())


def _body(change: UnitChange, out: Output) -> str:
    if change.spans:
        marks = {"equal": ("", "", 0), "delete": ("[-", "-]", 31), "insert": ("{+", "+}", 32)}
        parts = []
        for span in change.spans:
            opening, closing, colour = marks[span.op]
            text = f"{opening}{span.text}{closing}"
            parts.append(out.paint(text, colour) if colour else text)
        return "".join(parts)
    if change.op is ChangeOp.REMOVED:
        return out.paint(change.before or "", 31)
    return out.paint(change.after or "", 32) if change.op is ChangeOp.ADDED else ""
