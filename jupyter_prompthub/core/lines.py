"""Lines and columns of offsets: code points from 0 in, lines and columns from 1 out."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["LineIndex", "Span"]

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a text: ``start`` and ``end`` are offsets into it."""

    start: int
    end: int


class LineIndex:
    """Where the lines of ``text`` start (LF, CR LF and CR end a line)."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._starts = [0, *map(re.Match.end, _LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of ``offset``, which is cut to the text."""
        offset = max(0, min(offset, self._length))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
