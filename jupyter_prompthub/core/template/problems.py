"""Syntax problems with their places, collected while a template is parsed."""

from __future__ import annotations

from typing import Any

from ..errors import PromptSyntaxError
from ..lines import LineIndex
from ..records import Problem
from .nodes import Place

__all__ = ["BadTag", "Places", "syntax_error"]


class BadTag(Exception):
    """Something wrong at ``start``..``end`` of the source; never leaves the package."""

    def __init__(self, code: str, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.code, self.message, self.start, self.end = code, message, start, end


class Places:
    """Turns offsets into the source into places in the whole text."""

    def __init__(self, source: str, offset: int, line: int) -> None:
        self._lines, self._offset, self._line = LineIndex(source), offset, line

    def fields(self, start: int, end: int) -> tuple[int, int, int, int]:
        """``start``, ``end``, ``line`` and ``column`` of a place."""
        line, column = self._lines.place(start)
        return start + self._offset, end + self._offset, line + self._line - 1, column

    def place(self, start: int, end: int) -> Place:
        return Place(*self.fields(start, end))

    def problem(self, bad: BadTag) -> Problem:
        start, end, line, column = self.fields(bad.start, bad.end)
        last_line, last_column = self._lines.place(bad.end)
        return Problem(
            code=bad.code,
            message=bad.message,
            line=line,
            column=column,
            end_line=last_line + self._line - 1,
            end_column=last_column,
            start=start,
            end=end,
        )


def syntax_error(problems: list[Problem]) -> PromptSyntaxError:
    """One error that lists all ``problems`` and says the first."""
    first = problems[0]
    details: dict[str, Any] = {"problems": [problem.model_dump() for problem in problems]}
    return PromptSyntaxError(f"line {first.line}, column {first.column}: {first.message}", details=details)
