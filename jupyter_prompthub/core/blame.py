"""Which version brought each unit of a content, and each line of its messages.

Units are followed by the rule of a diff (``core/matching.py``): a message that moved, and a variable that was
renamed, are still what they were. Where a version has several parents, what any of them has came from there (the
first one that has it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

from .canonical import canonical
from .content import lf
from .matching import match_units
from .records import Content, Segment, UnitKind, Variable
from .units import named_units, segment_path
from .words import common_lines

__all__ = ["Brought", "blame", "bringers", "lines_of"]

# what is looked for, and where it stands in the version that is looked at
_Where = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """A unit of the content, and the number of the version that brought it as it is."""

    unit: UnitKind
    path: str
    version: int
    lines: tuple[int, ...] = ()
    """of a segment: the version of each line"""


def lines_of(segment: Segment) -> list[str]:
    """The lines of a segment's source, without their ends: the last message of a text has none at its end."""
    return lf(segment.source).removesuffix("\n").split("\n")


def _places(content: Content) -> dict[str, tuple[UnitKind, _Where]]:
    """Where each unit stands, by its path, in the order of a diff."""
    made: dict[str, tuple[UnitKind, _Where]] = {}
    for at, segment in enumerate(content.segments):
        made[segment_path(at, segment)] = (UnitKind.SEGMENT, ("segment", at))
    for variable in content.variables:
        made[f"variable/{variable.name}"] = (UnitKind.VARIABLE, ("variable", variable.name))
    for kind, name in named_units(content):
        path = kind.value if kind is UnitKind.MODEL else f"{kind.value}/{name}"
        made[path] = (kind, ("named", kind, name))
    return made


class _Step:
    """Where the places of a version stand in one of its parents."""

    def __init__(self, parent: Content, child: Content) -> None:
        self._parent, self._child = parent, child
        matches = match_units(parent, child)
        self._segments = {j: i for i, j in matches.segments if i is not None and j is not None}
        self._variables = {new: old for old, new in matches.variables if old is not None and new is not None}
        self._named = named_units(parent), named_units(child)
        self._lines: dict[int, dict[int, int]] = {}

    def back(self, where: _Where) -> _Where | None:
        """The same thing in the parent, or None: the child brought it, or changed it."""
        match where:
            case ("segment", int(at)):
                old = self._segments.get(at)
                same = old is not None and _same_segment(self._parent.segments[old], self._child.segments[at])
                return ("segment", old) if same else None
            case ("line", int(at), int(line)):
                old = self._segments.get(at)
                if old is None:
                    return None
                before = self._matched_lines(old, at).get(line)
                return None if before is None else ("line", old, before)
            case ("variable", str(name)):
                was = self._variables.get(name)
                return ("variable", was) if was is not None and self._same_variable(was, name) else None
            case ("named", kind, name):
                key = (kind, name)
                had, has = self._named
                same = key in had and canonical(had[key]) == canonical(has[key])
                return where if same else None
        raise AssertionError(where)

    def lacks(self, where: _Where) -> bool:
        """Whether the parent does not have it. It has a message whose role it has, whatever the lines of it say."""
        match where:
            case ("segment", int(at)):
                old = self._segments.get(at)
                if old is None:
                    return True
                had, has = self._parent.segments[old], self._child.segments[at]
                return (had.kind, had.role) != (has.kind, has.role)
        return self.back(where) is None

    def _matched_lines(self, old: int, at: int) -> dict[int, int]:
        if at not in self._lines:
            a, b = lines_of(self._parent.segments[old]), lines_of(self._child.segments[at])
            self._lines[at] = {j: i for i, j in common_lines(a, b)}
        return self._lines[at]

    def _same_variable(self, old: str, new: str) -> bool:
        was, now = (
            next(each for each in content.variables if each.name == name)
            for content, name in ((self._parent, old), (self._child, new))
        )
        return _told(was) == _told(now)


def _same_segment(a: Segment, b: Segment) -> bool:
    return (a.kind, a.role, lines_of(a)) == (b.kind, b.role, lines_of(b))


def _told(variable: Variable) -> bytes:
    return canonical(variable.model_dump(mode="json", exclude={"name"}))


def blame(
    head: int,
    content: Callable[[int], Content],
    parents: Callable[[int], Sequence[int]],
    *,
    at_most: int = 5_000,
) -> tuple[tuple[Brought, ...], bool]:
    """The version that brought each unit of ``head``, in the order of a diff.

    Args:
        head: the number of the version.
        content: what a version says.
        parents: the numbers of a version's parents.
        at_most: so many versions are looked at.

    Returns:
        The units, and whether the history was looked at as far as was needed. What is left then is said to
        have been brought by the oldest version that was looked at.
    """
    start = content(head)
    places = _places(start)
    brought, complete = _settled(head, _parts(start, places), content, parents, at_most)
    return _told_by(start, places, brought), complete


def bringers(
    head: int,
    without: Content,
    content: Callable[[int], Content],
    parents: Callable[[int], Sequence[int]],
    *,
    at_most: int = 5_000,
) -> frozenset[int]:
    """The versions that brought what ``head`` says and ``without`` does not: units, and lines of messages.

    Args:
        head: the number of the version.
        content: what a version says.
        parents: the numbers of a version's parents.
        at_most: so many versions are looked at.
    """
    start = content(head)
    step = _Step(without, start)
    lacking = [where for where in _parts(start, _places(start)) if step.lacks(where)]
    return frozenset(_settled(head, lacking, content, parents, at_most)[0].values())


def _parts(content: Content, places: Mapping[str, tuple[UnitKind, _Where]]) -> list[_Where]:
    """Where each unit stands, and each line of a message."""
    lines: list[_Where] = [
        ("line", at, line)
        for at, segment in enumerate(content.segments)
        for line in range(len(lines_of(segment)))
    ]
    return [*(where for _, where in places.values()), *lines]


def _settled(
    head: int,
    wanted: Sequence[_Where],
    content: Callable[[int], Content],
    parents: Callable[[int], Sequence[int]],
    at_most: int,
) -> tuple[dict[_Where, int], bool]:
    """The version that brought each of these, and whether the history was looked at as far as was needed."""
    # by version: where what is not settled yet stands there -> what it is in the head
    open_: dict[int, dict[_Where, list[_Where]]] = {head: {where: [where] for where in wanted}}
    brought: dict[_Where, int] = {}
    heap = [-head]
    heapify(heap)
    looked_at = 0
    while heap:
        number = -heappop(heap)
        waiting = open_.pop(number)
        looked_at += 1
        before = parents(number) if looked_at < at_most else ()
        mine = content(number) if before else None
        for parent in before:
            if not waiting or mine is None:
                break
            step = _Step(content(parent), mine)
            for where in list(waiting):
                old = step.back(where)
                if old is None:
                    continue
                if parent not in open_:
                    open_[parent] = {}
                    heappush(heap, -parent)
                open_[parent].setdefault(old, []).extend(waiting.pop(where))
        for asked in waiting.values():
            brought.update(dict.fromkeys(asked, number))
    return brought, looked_at < at_most


def _told_by(
    start: Content, places: dict[str, tuple[UnitKind, _Where]], brought: dict[_Where, int]
) -> tuple[Brought, ...]:
    made = []
    for path, (kind, where) in places.items():
        lines: tuple[int, ...] = ()
        if kind is UnitKind.SEGMENT:
            at = int(where[1])
            lines = tuple(brought["line", at, line] for line in range(len(lines_of(start.segments[at]))))
        made.append(Brought(kind, path, brought[where], lines))
    return tuple(made)
