"""Walks over a prompt's graph of versions, by number: a parent's number is always the smaller one.

The graph is asked for on the way, so that a walk costs what it looks at, not the length of the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

__all__ = ["Parents", "ahead_behind", "apart", "merge_bases", "walk"]

Parents = Callable[[int], Sequence[int]]
"""number of a version -> numbers of its parents"""


def walk(starts: Iterable[int], parents: Parents) -> Iterator[int]:
    """Every version that ``starts`` came from, themselves included: newest first, each once."""
    heap = [-number for number in set(starts)]
    heapify(heap)
    seen = {-number for number in heap}
    while heap:
        number = -heappop(heap)
        yield number
        for parent in parents(number):
            if parent not in seen:
                seen.add(parent)
                heappush(heap, -parent)


_OURS, _THEIRS = 1, 2
_BOTH = _OURS | _THEIRS


def apart(ours: int, theirs: int, parents: Parents) -> tuple[list[int], list[int]]:
    """The versions that ``ours`` has and ``theirs`` has not, and the other way round, newest first.

    It stops where all that is left is common to both.
    """
    marks = {ours: _OURS}
    marks[theirs] = marks.get(theirs, 0) | _THEIRS
    heap = [-number for number in marks]
    heapify(heap)
    found: dict[int, list[int]] = {_OURS: [], _THEIRS: []}
    open_sides = sum(mark != _BOTH for mark in marks.values())
    while heap and open_sides:
        number = -heappop(heap)
        mark = marks[number]
        if mark != _BOTH:
            open_sides -= 1
            found[mark].append(number)
        for parent in parents(number):
            known = marks.get(parent)
            new = (known or 0) | mark
            if known is None:
                heappush(heap, -parent)
                open_sides += new != _BOTH
            else:
                open_sides -= known != _BOTH == new
            marks[parent] = new
    return found[_OURS], found[_THEIRS]


def ahead_behind(ours: int, theirs: int, parents: Parents) -> tuple[int, int]:
    """How many versions ``ours`` has that ``theirs`` does not have, and the other way round."""
    mine, others = apart(ours, theirs, parents)
    return len(mine), len(others)


_STALE = 4


def merge_bases(ours: int, theirs: int, parents: Parents) -> tuple[int, ...]:
    """The best common ancestors, oldest first: those that are no ancestor of another one. Several in a criss-cross history,
    none of two histories that never met.

    It stops where all that is left came before a base (the paint-down of git's ``merge-base``).
    """
    marks = {ours: _OURS}
    marks[theirs] = marks.get(theirs, 0) | _THEIRS
    heap = [-number for number in marks]
    heapify(heap)
    open_ = len(marks)
    """numbers in the heap that did not come before a base"""
    found = []
    while heap and open_:
        number = -heappop(heap)
        mark = marks[number]
        if not mark & _STALE:
            open_ -= 1
            if mark == _BOTH:
                found.append(number)
                mark |= _STALE
        for parent in parents(number):
            known = marks.get(parent)
            new = (known or 0) | mark
            if known is None:
                heappush(heap, -parent)
                open_ += not new & _STALE
            else:
                open_ -= not known & _STALE and bool(new & _STALE)
            marks[parent] = new
    return tuple(sorted(found))
