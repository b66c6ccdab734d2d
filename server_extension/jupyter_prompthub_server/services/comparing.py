"""Texts compared by their words: nothing is stored."""

from __future__ import annotations

from jupyter_prompthub.core import words
from jupyter_prompthub.core.records import CompareTexts, TextComparison, TextComparisons

from ..access.permissions import Permission
from ..operations import operation
from ..transaction import Tx

__all__ = ["compare_texts"]


@operation(Permission.PROMPT_READ, no_audit="read")
def compare_texts(tx: Tx, new: CompareTexts) -> TextComparisons:
    """Mark the words by which texts differ from a base."""
    del tx
    return TextComparisons(
        items=tuple(
            TextComparison(
                spans=words.spans(new.base, other), similarity=round(words.similarity(new.base, other), 4)
            )
            for other in new.others
        )
    )
