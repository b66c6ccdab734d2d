"""Which unit of one content is which of another: the rule of ``docs/formats/diff.md``, deterministic.

Diff stands on it, and so will merge. Units have no stored ids.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .records import Content, Segment, Variable
from .words import similarity

__all__ = ["Matches", "match_segments", "match_units", "match_variables"]

Pair = tuple[int | None, int | None]

_ALIKE = 0.5
_ALIKE_OTHER_ROLE = 0.8
_MAX_COMPARED = 4_000
_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_NAME = re.compile(r"(?<![\w.@\"'])[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Matches:
    """Pairs of (older, newer); None where a unit is on one side only."""

    segments: tuple[Pair, ...]
    """indexes into ``segments``, in the order of the newer side"""
    moved: frozenset[int]
    """indexes (newer) of matched segments that changed their place among the matched ones"""
    variables: tuple[tuple[str | None, str | None], ...]
    """names; a pair with two names is a rename"""


def _exact(a: Sequence[Segment], b: Sequence[Segment]) -> dict[int, int]:
    """Equal segments: from both ends inwards, then the k-th of its kind with the k-th."""
    found: dict[int, int] = {}
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        found[head] = head
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        found[len(a) - 1 - tail] = len(b) - 1 - tail
        tail += 1
    places: defaultdict[tuple[str, str, str], deque[int]] = defaultdict(deque)
    for j in range(head, len(b) - tail):
        places[b[j].kind, b[j].role, b[j].source].append(j)
    for i in range(head, len(a) - tail):
        if waiting := places.get((a[i].kind, a[i].role, a[i].source)):
            found[i] = waiting.popleft()
    return found


def _alike(
    a: Sequence[Segment], b: Sequence[Segment], found: dict[int, int], *, same_role: bool, least: float
) -> None:
    """Pair the most alike of what is left; ties go to the nearer place, then to the earlier."""
    taken = set(found.values())
    left = [i for i in range(len(a)) if i not in found]
    right = [j for j in range(len(b)) if j not in taken]
    if len(left) * len(right) > _MAX_COMPARED:
        return
    scored = [
        (-similarity(a[i].source, b[j].source), abs(i - j), i, j)
        for i in left
        for j in right
        if a[i].kind == b[j].kind and (a[i].role == b[j].role) == same_role
    ]
    for score, _, i, j in sorted(scored):
        if -score >= least and i not in found and j not in taken:
            found[i] = j
            taken.add(j)


def _in_gaps(a: Sequence[Segment], b: Sequence[Segment], found: dict[int, int]) -> None:
    """Pair what is left of one kind and role in order, between the same matched neighbours."""
    taken = {j: i for i, j in found.items()}

    def gaps(size: int, matched: Iterable[int]) -> list[int]:
        marks = sorted(matched)
        return [bisect_left(marks, index) for index in range(size)]

    # a gap is named by how many matched segments stand before it, on the side's own order
    gap_a, gap_b = gaps(len(a), found), gaps(len(b), taken)
    waiting: defaultdict[tuple[int, str, str], deque[int]] = defaultdict(deque)
    for j in range(len(b)):
        if j not in taken:
            waiting[gap_b[j], b[j].kind, b[j].role].append(j)
    for i in range(len(a)):
        if i not in found and (queue := waiting.get((gap_a[i], a[i].kind, a[i].role))):
            found[i] = queue.popleft()


def _moved(found: dict[int, int]) -> frozenset[int]:
    """What is not in the longest run of pairs that keeps its order."""
    ends: list[int] = []
    where: list[int] = []
    before: dict[int, int] = {}
    for i in sorted(found):
        j = found[i]
        at = bisect_left(ends, j)
        before[j] = where[at - 1] if at else -1
        ends[at : at + 1] = [j]
        where[at : at + 1] = [j]
    kept: set[int] = set()
    j = where[-1] if where else -1
    while j >= 0:
        kept.add(j)
        j = before[j]
    return frozenset(found.values()) - kept


def match_segments(a: Sequence[Segment], b: Sequence[Segment]) -> tuple[tuple[Pair, ...], frozenset[int]]:
    """The pairs of segments, and which of the newer have moved: as in :class:`Matches`."""
    found = _exact(a, b)
    _alike(a, b, found, same_role=True, least=_ALIKE)
    _in_gaps(a, b, found)
    _alike(a, b, found, same_role=False, least=_ALIKE_OTHER_ROLE)
    back = {j: i for i, j in found.items()}
    placed: list[tuple[tuple[int, int], Pair]] = [((j, -1), (back.get(j), j)) for j in range(len(b))]
    last = -1
    for i in range(len(a)):
        if i in found:
            last = found[i]
        else:
            placed.append(((last, i), (i, None)))
    return tuple(pair for _, pair in sorted(placed, key=lambda item: item[0])), _moved(found)


def _uses(content: Content) -> Counter[str]:
    """How often each name stands inside ``{{ }}``."""
    counts: Counter[str] = Counter()
    for segment in content.segments:
        for tag in _TAG.findall(segment.source):
            counts.update(_NAME.findall(tag))
    return counts


def match_variables(a: Content, b: Content) -> tuple[tuple[str | None, str | None], ...]:
    """The pairs of names of variables: as in :class:`Matches`."""
    old = {variable.name: variable for variable in a.variables}
    new = {variable.name: variable for variable in b.variables}
    gone = [variable for name, variable in old.items() if name not in new]
    come = [variable for name, variable in new.items() if name not in old]
    renamed: dict[str, str] = {}
    if gone and come:
        uses_a, uses_b = _uses(a), _uses(b)

        def same_uses(x: Variable, y: Variable) -> bool:
            return uses_a[x.name] == uses_b[y.name] > 0

        def same_type(x: Variable, y: Variable) -> bool:
            return (x.schema_, x.required, x.default) == (y.schema_, y.required, y.default)

        only = len(gone) == len(come) == 1
        rules: list[Callable[[Variable, Variable], bool]] = [
            lambda x, y: same_type(x, y) and same_uses(x, y),
            lambda x, y: only and (same_uses(x, y) or (same_type(x, y) and x.declared and y.declared)),
        ]
        for rule in rules:
            for x in gone:
                if x.name in renamed.values():
                    continue
                match = next((y for y in come if y.name not in renamed and rule(x, y)), None)
                if match is not None:
                    renamed[match.name] = x.name
    pairs: list[tuple[str | None, str | None]] = [
        (name if name in old else renamed.get(name), name) for name in new
    ]
    kept = set(renamed.values())
    return (*pairs, *((variable.name, None) for variable in gone if variable.name not in kept))


def match_units(a: Content, b: Content) -> Matches:
    """Match the units of ``a`` (older) and ``b`` (newer).

    Model, parameters, tools, output properties, snippets and metadata match by name alone and are not listed.
    """
    segments, moved = match_segments(a.segments, b.segments)
    return Matches(segments=segments, moved=moved, variables=match_variables(a, b))
