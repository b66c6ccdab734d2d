"""Where in the messages each side of a merge brought in what a conflict of meaning is about."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..matching import match_segments, match_variables
from ..promptfile import Document
from ..records import Cause, Conflict, ConflictKind, Side, UnitKind
from ..units import segment_name, segment_path

__all__ = [
    "Count",
    "Place",
    "Versions",
    "brought",
    "counted",
    "first_left",
    "lines_using",
    "lost",
    "other",
    "places",
    "uses",
]

Count = Callable[[Document], Mapping[int, int]]
"""how often each segment of a document, by its index, has something; those that have none may be left out"""


@dataclass(frozen=True)
class Versions:
    """The three documents of a merge, and what of them is taken back already: units by side and path."""

    base: Document
    ours: Document
    theirs: Document
    reverted: frozenset[tuple[Side, str]] = frozenset()

    @property
    def all(self) -> tuple[Document, Document, Document]:
        return (self.base, self.ours, self.theirs)

    def side(self, side: Side) -> Document:
        return self.ours if side is Side.OURS else self.theirs

    def old(self, name: str) -> str:
        """What a variable is called in the base."""
        return min(
            (old for each in self.renames.values() for old, new in each.items() if new == name), default=name
        )

    def names(self, name: str) -> frozenset[str]:
        """All names of a variable: in the base and on each side."""
        old = self.old(name)
        return frozenset({name, old, *(each[old] for each in self.renames.values() if old in each)})

    def lines_left(self, side: Side, *names: str) -> frozenset[str]:
        """The lines of a side that use a variable by one of these names, without the messages that are taken back."""
        document = self.side(side)
        back = [
            index
            for index, segment in enumerate(document.content.segments)
            if (side, segment_path(index, segment)) in self.reverted
        ]
        return lines_using(document, *names, without=back)

    @cached_property
    def renames(self) -> Mapping[Side, Mapping[str, str]]:
        """By side, the variables of the base that have another name there: declared ones, and those that are only used."""
        return {
            side: {
                old: new
                for old, new in match_variables(self.base.content, self.side(side).content)
                if old is not None and new is not None and old != new
            }
            for side in Side
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A segment that a side changed, added or removed; the indexes are those in the base and on the side."""

    path: str
    what: str
    """what people call it, there"""
    before: int | None
    now: int | None


def conflict(check: str, unit: UnitKind, path: str, label: str, causes: list[Cause]) -> Conflict:
    """A conflict of meaning; each cause is named once."""
    ordered = tuple(sorted({(one.side, one.path): one for one in causes}.values(), key=lambda one: one.side))
    return Conflict(
        id=f"semantic:{check}:{path}",
        kind=ConflictKind.SEMANTIC,
        unit=unit,
        path=path,
        label=label,
        check=check,
        causes=ordered,
    )


def other(side: Side) -> Side:
    return Side.THEIRS if side is Side.OURS else Side.OURS


def places(versions: Versions, side: Side) -> Iterator[Place]:
    """The segments that a side did not leave as they are in the base."""
    base, mine = versions.base.content.segments, versions.side(side).content.segments
    for i, j in match_segments(base, mine)[0]:
        if j is not None and (i is None or base[i] != mine[j]):
            yield Place(segment_path(j, mine[j]), segment_name(mine, j), i, j)
        elif j is None and i is not None:
            yield Place(f"base/{segment_path(i, base[i])}", segment_name(base, i), i, None)


def brought(versions: Versions, side: Side, count: Count, label: str) -> list[Cause]:
    """Where a side has more of something than the base has there."""
    return _where(versions, side, count, label, lambda before, now: now > before)


def lost(versions: Versions, side: Side, count: Count, label: str) -> list[Cause]:
    """Where a side has less of something than the base has there."""
    return _where(versions, side, count, label, lambda before, now: now < before)


def _where(
    versions: Versions, side: Side, count: Count, label: str, counts: Callable[[int, int], bool]
) -> list[Cause]:
    base, mine = count(versions.base), count(versions.side(side))
    return [
        Cause(side=side, path=place.path, label=f"{place.what}: {label}")
        for place in places(versions, side)
        if counts(_at(base, place.before), _at(mine, place.now))
    ]


def _at(counts: Mapping[int, int], index: int | None) -> int:
    return 0 if index is None else counts.get(index, 0)


def first_left(
    versions: Versions, side: Side, causes: Iterable[Cause], count: Count, label: str
) -> list[Cause]:
    """``causes``; where all of them are taken back already, or there is none, every segment of what the side changed that
    has something, or had it in the base: one side's text may have been chosen for it."""
    first = list(causes)
    if any((cause.side, cause.path) not in versions.reverted for cause in first):
        return first
    had = _where(versions, side, count, label, lambda before, now: before > 0 or now > 0)
    return [*first, *had]


def uses(*names: str) -> Count:
    """Counts the uses of a variable, by any of its names."""
    return lambda document: counted(
        document, (use.start for use in document.template.variables() if use.name in names)
    )


def counted(document: Document, starts: Iterable[int]) -> Counter[int]:
    """How many of these places of its text each segment has."""
    return Counter(index for index, _ in _in_segments(document, starts))


def lines_using(document: Document, *names: str, without: Collection[int] = ()) -> frozenset[str]:
    """The lines, without the space around them, on which a use of a variable by one of these names begins.

    Args:
        without: indexes of segments that do not count.
    """
    text = document.text
    starts = (use.start for use in document.template.variables() if use.name in names)
    return frozenset(
        text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0].strip()
        for index, start in _in_segments(document, starts)
        if index not in without
    )


def _in_segments(document: Document, starts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """These places of a text, each with the index of its segment."""
    begins = [node.start for node in document.template.segments()]
    return ((max(bisect_right(begins, start) - 1, 0), start) for start in starts)
