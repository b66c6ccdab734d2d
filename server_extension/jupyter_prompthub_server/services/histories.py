"""A prompt's history: as a graph, by what its texts say, and unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import ColumnElement, select

from jupyter_prompthub.core.blame import blame as core_blame
from jupyter_prompthub.core.blame import lines_of
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.graph import Lanes, Line
from jupyter_prompthub.core.history import walk
from jupyter_prompthub.core.records import (
    Blame,
    BlameLine,
    BlameQuery,
    BlameUnit,
    GraphLine,
    GraphNode,
    GraphPage,
    GraphQuery,
    TextChange,
    TextChangePage,
    TextChangeQuery,
    UnitKind,
    VersionSummary,
)

from ..access.permissions import Permission
from ..operations import operation
from ..store.tables import version
from ..store.types import AnyRow
from ..targets import by_prompt
from ..transaction import Tx
from . import refs
from .contents import Contents
from .edges import Edges
from .version_rows import SUMMARY, summaries, text_of

__all__ = ["blame", "graph", "text_changes"]

_SCANNED = 1_000
"""versions whose texts one page looks at"""
_BLAMED = 2_000
_RUN = 64
_DIGITS = 9


def _mine(tx: Tx, prompt: AnyRow) -> tuple[ColumnElement[bool], ...]:
    return version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt.id


def _number(tx: Tx, prompt: AnyRow, ref: str) -> int:
    sha = refs.resolve(tx, prompt, ref).sha
    return int(
        tx.conn.execute(select(version.c.number).where(*_mine(tx, prompt), version.c.sha == sha)).scalar_one()
    )


def _by_number(tx: Tx, prompt: AnyRow, numbers: Iterable[int]) -> dict[int, VersionSummary]:
    rows = tx.conn.execute(
        select(*SUMMARY).where(*_mine(tx, prompt), version.c.number.in_(set(numbers)))
    ).all()
    return {one.number: one for one in summaries(tx, rows)}


def _bad_cursor() -> InvalidInput:
    return InvalidInput("this cursor is not one of this list: start again without a cursor")


# ------------------------------------------------------------------ graph


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt, kept=True)
def graph(tx: Tx, prompt: AnyRow, query: GraphQuery) -> GraphPage:
    """The history as a graph: versions newest first, each in a lane, with the lines between them."""
    kind = "g" if query.branch is None else "b"
    last, waiting = _state(query.cursor, kind) if query.cursor else (None, ())
    edges = Edges(tx, prompt.id)
    if query.branch is None:
        newest = select(version.c.number).where(*_mine(tx, prompt))
        if last is not None:
            newest = newest.where(version.c.number < last)
        numbers = list(tx.conn.scalars(newest.order_by(version.c.number.desc()).limit(query.limit + 1)))
    else:
        # what the lanes wait for is all that the walk would go to
        starts = (
            [_number(tx, prompt, query.branch)]
            if last is None
            else [number for number in waiting if number is not None]
        )
        numbers = list(islice(walk(starts, edges), query.limit + 1))
    shown = numbers[: query.limit]
    lanes = Lanes(waiting)
    rows = [lanes.add(number, edges(number)) for number in shown]
    known = _by_number(tx, prompt, shown)
    more = len(numbers) > query.limit
    return GraphPage(
        items=tuple(
            GraphNode(version=known[number], lane=row.lane, above=_lines(row.above), below=_lines(row.below))
            for number, row in zip(shown, rows, strict=True)
        ),
        lanes=lanes.widest,
        next_cursor=_cursor(kind, shown[-1], lanes.waiting) if more else None,
    )


def _lines(lines: Sequence[Line]) -> tuple[GraphLine, ...]:
    return tuple(GraphLine(top=line.top, bottom=line.bottom, lane=line.lane) for line in lines)


def _cursor(kind: str, last: int, waiting: Sequence[int | None]) -> str:
    return f"{kind}{last}." + "-".join("" if number is None else str(number) for number in waiting)


def _state(cursor: str, kind: str) -> tuple[int, tuple[int | None, ...]]:
    """The last version shown, and what each lane waits for."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
            raise _bad_cursor()
        return int(text)

    last, dot, lanes = cursor[1:].partition(".")
    if not dot or cursor[:1] != kind:
        raise _bad_cursor()
    waiting = tuple(number(one) if one else None for one in lanes.split("-")) if lanes else ()
    return number(last), waiting


# ------------------------------------------------------------------ texts


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def text_changes(tx: Tx, prompt: AnyRow, query: TextChangeQuery) -> TextChangePage:
    """Versions in which a text appeared, or from which it disappeared, as ``git log -S`` finds them.

    A merge counts where it stands as often as in none of its parents.
    """
    wanted = query.text.casefold()
    statement = select(version.c.number, version.c.sha, version.c.text).where(*_mine(tx, prompt))
    if query.cursor is not None:
        last = query.cursor.removeprefix("t")
        if query.cursor == last or not (last.isascii() and last.isdecimal() and len(last) <= _DIGITS):
            raise _bad_cursor()
        statement = statement.where(version.c.number < int(last))
    rows = tx.conn.execute(statement.order_by(version.c.number.desc()).limit(_SCANNED + 1)).all()
    looked = rows[:_SCANNED]
    counts = {row.number: text_of(tx, row).casefold().count(wanted) for row in looked}
    edges = Edges(tx, prompt.id)
    outside = {parent for row in looked for parent in edges(row.number)} - counts.keys()
    if outside:
        before = select(version.c.number, version.c.sha, version.c.text).where(
            *_mine(tx, prompt), version.c.number.in_(outside)
        )
        counts |= {row.number: text_of(tx, row).casefold().count(wanted) for row in tx.conn.execute(before)}
    found: dict[int, tuple[int, int]] = {}
    last_seen = None
    for row in looked:
        if len(found) == query.limit:
            break
        last_seen = row.number
        parents = [counts[parent] for parent in edges(row.number)] or [0]
        if counts[row.number] not in parents:
            found[row.number] = (parents[0], counts[row.number])
    known = _by_number(tx, prompt, found)
    more = last_seen is not None and last_seen != rows[-1].number
    return TextChangePage(
        items=tuple(
            TextChange(version=known[number], before=before, after=after)
            for number, (before, after) in found.items()
        ),
        looked_at=sum(last_seen is not None and row.number >= last_seen for row in looked),
        next_cursor=f"t{last_seen}" if more else None,
    )


# ------------------------------------------------------------------ blame


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt, kept=True)
def blame(tx: Tx, prompt: AnyRow, query: BlameQuery) -> Blame:
    """The version that brought each unit, and each line of a message, as they are."""
    head = _number(tx, prompt, query.ref)
    contents = Contents(tx, prompt)
    units, complete = core_blame(head, contents, Edges(tx, prompt.id), at_most=_BLAMED)
    named = {number for one in units for number in (one.version, *one.lines)} | {head}
    known = _by_number(tx, prompt, named)
    segments = contents(head).segments
    made = []
    for one in units:
        lines: tuple[BlameLine, ...] = ()
        if one.unit is UnitKind.SEGMENT:
            texts = lines_of(segments[int(one.path.split("/")[1])])
            lines = tuple(
                BlameLine(text=text, sha=known[number].sha)
                for text, number in zip(texts, one.lines, strict=True)
            )
        made.append(BlameUnit(unit=one.unit, path=one.path, sha=known[one.version].sha, lines=lines))
    order = sorted(known.values(), key=lambda each: -each.number)
    named_shas = {each for one in made for each in (one.sha, *(line.sha for line in one.lines))}
    return Blame(
        sha=known[head].sha,
        units=tuple(made),
        versions=tuple(each for each in order if each.sha in named_shas),
        complete=complete,
    )
