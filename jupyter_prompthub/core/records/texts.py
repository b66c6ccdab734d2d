"""Texts compared by their words: answers beside each other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Input, Record
from .changes import DiffSpan

_Text = Annotated[str, Field(max_length=200_000)]


class CompareTexts(Input):
    """Texts to compare with one base."""

    base: _Text
    others: tuple[_Text, ...] = Field(min_length=1, max_length=8)


class TextComparison(Record):
    """What turns the base into this text."""

    spans: tuple[DiffSpan, ...] = ()
    similarity: float
    """0 to 1: the share of words in common"""


class TextComparisons(Record):
    """One for each of the other texts, in their order."""

    items: tuple[TextComparison, ...]
