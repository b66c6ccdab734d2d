"""Two texts compared: by lines first, by words inside what changed. Time is bounded, results are exact.

Myers' algorithm (An O(ND) Difference Algorithm, 1986) over interned tokens. Work is counted in steps, not
seconds, so that a result never depends on the machine: when the steps are used up, or two runs of text
have too little in common for a word diff to be readable, a run is shown as deleted and inserted whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Literal

from .records import DiffSpan

__all__ = ["common_lines", "similarity", "spans", "tokens"]

_Op = Literal["equal", "delete", "insert"]
_Run = tuple[_Op, str]

_TOKEN = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
_MAX_EDITS = 200
_MAX_STEPS = 400_000
_LEAST_IN_COMMON = 0.25


def tokens(text: str) -> list[str]:
    """Words, runs of blanks, line ends and single other characters; joined they are the text."""
    return _TOKEN.findall(text)


def similarity(a: str, b: str) -> float:
    """How alike two texts are, 0 to 1: the share of words (with their number) in common (Dice)."""
    if a == b:
        return 1.0
    left, right = Counter(re.findall(r"\w+", a)), Counter(re.findall(r"\w+", b))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


class _Budget:
    def __init__(self) -> None:
        self.left = _MAX_STEPS


def _matches(a: Sequence[str], b: Sequence[str], budget: _Budget) -> list[tuple[int, int]] | None:
    """Index pairs of a longest common subsequence; None when it takes too many edits or steps."""
    n, m = len(a), len(b)
    if n + m - 2 * (Counter(a) & Counter(b)).total() > _MAX_EDITS:
        return None
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(n + m, _MAX_EDITS) + 1):
        trace.append(dict(furthest))
        budget.left -= edits + 1
        if budget.left < 0:
            return None
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            while x < n and y < m and a[x] == b[y]:
                x += 1
                y += 1
            furthest[k] = x
            if x >= n and y >= m:
                return _backtrack(trace, n, m)
    return None


def _backtrack(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, k = trace[edits], x - y
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        before_k = k + 1 if down else k - 1
        before_x = furthest[before_k] if edits else 0
        before_y = before_x - before_k if edits else 0
        while x > before_x and y > before_y:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = before_x, before_y
    return pairs[::-1]


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand once on each side, in the longest common order (patience)."""
    count_a, count_b = Counter(a), Counter(b)
    where_b = {line: j for j, line in enumerate(b)}
    pairs = [(i, where_b[line]) for i, line in enumerate(a) if count_a[line] == 1 == count_b.get(line)]
    tails: list[int] = []
    links: list[tuple[int, int, int]] = []  # pair's i, j, and the link before
    ends: list[int] = []
    for i, j in pairs:
        at = bisect_left(ends, j)
        links.append((i, j, tails[at - 1] if at else -1))
        if at == len(ends):
            ends.append(j)
            tails.append(len(links) - 1)
        else:
            ends[at], tails[at] = j, len(links) - 1
    chain: list[tuple[int, int]] = []
    link = tails[-1] if tails else -1
    while link >= 0:
        i, j, link = links[link]
        chain.append((i, j))
    return chain[::-1]


def _trim(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return head, tail


def _hunks(a: Sequence[str], b: Sequence[str], pairs: list[tuple[int, int]]) -> list[tuple[str, str, str]]:
    """``(deleted, inserted, equal token after)`` between the matched pairs."""
    made: list[tuple[str, str, str]] = []
    i = j = 0
    for x, y in [*pairs, (len(a), len(b))]:
        made.append(("".join(a[i:x]), "".join(b[j:y]), a[x] if x < len(a) else ""))
        i, j = x + 1, y + 1
    return made


def _words(a: str, b: str, budget: _Budget) -> list[_Run]:
    if not a or not b:
        return [("delete", a), ("insert", b)]
    left, right = tokens(a), tokens(b)
    head, tail = _trim(left, right)
    inner_a, inner_b = left[head : len(left) - tail], right[head : len(right) - tail]
    runs: list[_Run] = [("equal", "".join(left[:head]))]
    readable = similarity("".join(inner_a), "".join(inner_b)) >= _LEAST_IN_COMMON
    pairs = _matches(inner_a, inner_b, budget) if readable else None
    for deleted, inserted, equal in _hunks(inner_a, inner_b, pairs or []):
        runs += (("delete", deleted), ("insert", inserted), ("equal", equal))
    return [*runs, ("equal", "".join(left[len(left) - tail :]))]


def _line_matches(a: Sequence[str], b: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    pairs = _matches(a, b, budget)
    return _anchors(a, b) if pairs is None else pairs


def _lines(a: str, b: str, budget: _Budget) -> list[_Run]:
    left, right = a.splitlines(keepends=True), b.splitlines(keepends=True)
    head, tail = _trim(left, right)
    inner_a, inner_b = left[head : len(left) - tail], right[head : len(right) - tail]
    runs: list[_Run] = [("equal", "".join(left[:head]))]
    pairs = _line_matches(inner_a, inner_b, budget)
    for deleted, inserted, equal in _hunks(inner_a, inner_b, pairs):
        runs += _words(deleted, inserted, budget)
        runs.append(("equal", equal))
    return [*runs, ("equal", "".join(left[len(left) - tail :]))]


def _joined(runs: list[_Run]) -> list[_Run]:
    """Runs of changes with only blanks between them become one change; equal neighbours join."""
    kept = [run for run in runs if run[1]]
    folded: list[_Run] = []
    for index, (op, text) in enumerate(kept):
        between = 0 < index < len(kept) - 1 and kept[index - 1][0] != "equal" != kept[index + 1][0]
        if op == "equal" and between and text.isspace() and "\n" not in text:
            folded += (("delete", text), ("insert", text))
        else:
            folded.append((op, text))
    made: list[_Run] = []
    for same, group in groupby(folded, key=lambda run: run[0] == "equal"):
        rows = list(group)
        wanted: tuple[Literal["equal", "delete", "insert"], ...] = (
            ("equal",) if same else ("delete", "insert")
        )
        for op in wanted:
            if text := "".join(map(itemgetter(1), (row for row in rows if row[0] == op))):
                made.append((op, text))
    return made


def common_lines(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of lines that are the same on both sides, in order: as many as can be found within the bounds."""
    head, tail = _trim(a, b)
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    pairs = _line_matches(inner_a, inner_b, _Budget())
    ends = ((len(a) - tail + k, len(b) - tail + k) for k in range(tail))
    return [*((k, k) for k in range(head)), *((head + i, head + j) for i, j in pairs), *ends]


def spans(before: str, after: str) -> tuple[DiffSpan, ...]:
    """The runs that turn ``before`` into ``after``; no two neighbours have the same op."""
    if before == after:
        return (DiffSpan(op="equal", text=before),) if before else ()
    return tuple(DiffSpan(op=op, text=text) for op, text in _joined(_lines(before, after, _Budget())))
