"""A history as lanes: which lane each version sits in, and the lines between the rows.

Every lane waits for one version. A version sits in the first lane that waits for it (all others that wait for it
join it there), and hands its lane on to its first parent; further parents get lanes of their own. Where a page
ends, its lanes are what the next one begins with, so that a page costs the same at any depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Lanes", "Line", "Row", "text_rows"]


@dataclass(frozen=True, slots=True)
class Line:
    """From a lane to another one, in half a row; ``lane`` gives it its colour."""

    top: int
    bottom: int
    lane: int


@dataclass(frozen=True, slots=True)
class Row:
    """A version's lane, and the lines in the half above and the half below it."""

    lane: int
    above: tuple[Line, ...] = ()
    below: tuple[Line, ...] = ()


class Lanes:
    """Lays versions out, newest first, one at a time.

    Args:
        waiting: the version (its number) that each lane waits for; None: the lane is free.
    """

    def __init__(self, waiting: Iterable[int | None] = ()) -> None:
        self._waiting: list[int | None] = list(waiting)
        self.widest = len(self._waiting)
        """how many lanes were in use at most"""

    @property
    def waiting(self) -> tuple[int | None, ...]:
        """What each lane waits for now."""
        return tuple(self._waiting)

    def add(self, version: int, parents: Sequence[int]) -> Row:
        """Place a version; all that came after it must have been placed before."""
        waiting = self._waiting
        lane = waiting.index(version) if version in waiting else _free(waiting)
        above: list[Line] = []
        below: list[Line] = []
        left = list(waiting)
        for at, expected in enumerate(waiting):
            if expected == version:
                above.append(Line(at, lane, at))
                left[at] = None
            elif expected is not None:
                above.append(Line(at, at, at))
                below.append(Line(at, at, at))
        left.extend([None] * (lane + 1 - len(left)))
        left[lane] = None
        for index, parent in enumerate(parents):
            to = lane if index == 0 else left.index(parent) if parent in left else _free(left)
            left.extend([None] * (to + 1 - len(left)))
            left[to] = parent
            below.append(Line(lane, to, to))
        while left and left[-1] is None:
            left.pop()
        self.widest = max(self.widest, lane + 1, len(left))
        self._waiting = left
        return Row(lane, tuple(above), tuple(below))


def _free(lanes: Sequence[int | None]) -> int:
    return lanes.index(None) if None in lanes else len(lanes)


def text_rows(rows: Iterable[tuple[Row, str]]) -> Iterator[str]:
    """The graph as ``git log --graph`` draws it: ``*`` for a version, then its text."""
    for row, text in rows:
        if joins := _slanted(row.above, into=True):
            yield joins
        width = max([row.lane, *(line.bottom for line in row.above)]) + 1
        cells = ["*" if at == row.lane else " " for at in range(width)]
        for line in row.above:
            if line.top == line.bottom != row.lane:
                cells[line.bottom] = "|"
        yield f"{' '.join(cells)} {text}".rstrip()
        if forks := _slanted(row.below, into=False):
            yield forks


def _slanted(lines: Iterable[Line], *, into: bool) -> str:
    """The row between two rows, where a line changes its lane; empty where none does."""
    lines = tuple(lines)
    if all(line.top == line.bottom for line in lines):
        return ""
    size = 2 * max(max(line.top, line.bottom) for line in lines) + 2
    cells = [" "] * size
    for line in lines:
        if line.top == line.bottom:
            cells[2 * line.top] = "|"
    for line in lines:
        low, high = sorted((line.top, line.bottom))
        if low == high:
            continue
        for at in range(2 * low + 1, 2 * high):
            if cells[at] == " ":
                cells[at] = "_"
        cells[2 * high - 1] = "\\" if line.bottom > line.top else "/"
        if not into and 2 * low + 1 != 2 * high - 1 and line.bottom < line.top:
            cells[2 * low + 1] = "/"
    return "".join(cells).rstrip()
