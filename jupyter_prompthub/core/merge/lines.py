"""Three-way merge of lines with git's rule: edits that overlap or touch are a conflict, unless they are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..records import MergeChunk
from ..words import common_lines

__all__ = ["merge_lines"]


@dataclass(frozen=True, slots=True)
class _Edit:
    """``base[start:end]`` became ``side[from_:to]``."""

    start: int
    end: int
    from_: int
    to: int


def _edits(base: Sequence[str], side: Sequence[str]) -> list[_Edit]:
    made: list[_Edit] = []
    i = j = 0
    for x, y in [*common_lines(base, side), (len(base), len(side))]:
        if (i, j) != (x, y):
            made.append(_Edit(i, x, j, y))
        i, j = x + 1, y + 1
    return made


def _groups(ours: list[_Edit], theirs: list[_Edit]) -> Iterator[tuple[int, int, list[_Edit], list[_Edit]]]:
    """Edits of both sides that overlap or touch, with the region of the base that they cover."""
    waiting = sorted(
        [(edit, 0) for edit in ours] + [(edit, 1) for edit in theirs], key=lambda e: (e[0].start, e[0].end)
    )
    at = 0
    while at < len(waiting):
        start, end = waiting[at][0].start, waiting[at][0].end
        sides: tuple[list[_Edit], list[_Edit]] = ([], [])
        while at < len(waiting) and (waiting[at][0].start <= end):
            edit, side = waiting[at]
            # two edits of one side never touch: that they stand in one group is the other side's doing
            sides[side].append(edit)
            end = max(end, edit.end)
            at += 1
        yield start, end, *sides


def _region(side: Sequence[str], edits: list[_Edit], start: int, end: int, shift: int) -> str:
    """The side's lines for ``base[start:end]``; ``shift``: how many lines it has more before ``start``."""
    grown = sum((edit.to - edit.from_) - (edit.end - edit.start) for edit in edits)
    return "".join(side[start + shift : end + shift + grown])


def _trimmed(base: str, ours: str, theirs: str) -> list[MergeChunk]:
    """A conflict, without the lines that both sides begin or end with."""
    left, right = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    head = 0
    while head < min(len(left), len(right)) and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < min(len(left), len(right)) - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    inner = MergeChunk(
        base=base,
        ours="".join(left[head : len(left) - tail]),
        theirs="".join(right[head : len(right) - tail]),
    )
    before, after = "".join(left[:head]), "".join(left[len(left) - tail :])
    chunks = [MergeChunk(text=before)] if before else []
    return [*chunks, inner, *([MergeChunk(text=after)] if after else [])]


def merge_lines(base: str, ours: str, theirs: str) -> tuple[MergeChunk, ...]:
    """The merged text as runs; a run without ``text`` is open. Neighbours that are decided are one run.

    Time is bounded as that of a diff is (``core/words.py``).
    """
    lines, left, right = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    made: list[MergeChunk] = []
    run: list[str] = []
    done = shift_o = shift_t = 0

    def close() -> None:
        if text := "".join(run):
            made.append(MergeChunk(text=text))
        run.clear()

    for start, end, of_ours, of_theirs in _groups(_edits(lines, left), _edits(lines, right)):
        run += lines[done:start]
        old = "".join(lines[start:end])
        mine = _region(left, of_ours, start, end, shift_o)
        other = _region(right, of_theirs, start, end, shift_t)
        if not of_theirs or mine == other:
            run.append(mine)
        elif not of_ours:
            run.append(other)
        else:
            for chunk in _trimmed(old, mine, other):
                if chunk.text is not None:
                    run.append(chunk.text)
                else:
                    close()
                    made.append(chunk)
        shift_o += sum((edit.to - edit.from_) - (edit.end - edit.start) for edit in of_ours)
        shift_t += sum((edit.to - edit.from_) - (edit.end - edit.start) for edit in of_theirs)
        done = end
    run += lines[done:]
    close()
    return tuple(made)
