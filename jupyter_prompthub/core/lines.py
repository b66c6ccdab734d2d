"""Lines and columns of offsets: code points from 0 in, lines and columns from 1 out; and how lines end."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["LineIndex", "Span", "line_end", "written_at"]

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


def line_end(text: str) -> str:
    """How the lines of a text end, for what is written into it."""
    if "\r\n" in text:
        return "\r\n"
    return "\r" if "\r" in text and "\n" not in text else "\n"


def written_at(text: str, offset: int) -> int:
    """Where in ``text`` an offset is that counts every line end as one character."""
    for more, found in enumerate(re.finditer("\r\n", text)):
        if found.start() - more >= offset:
            return offset + more
    return offset + text.count("\r\n")
