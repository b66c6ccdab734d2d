"""What both sides are compared with: one version, or what several merge bases come to (``docs/formats/merge.md``).

Where merge bases conflict among themselves, there is nothing that a side could be the same as: whatever the sides say
differently there, a person decides. Of texts a line of comment says that, of other units their path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..records import MergeChunk

__all__ = ["Base", "is_marked", "marked", "unmarked", "unmarked_chunks"]

_MARK = "{{! the merge bases differ here }}\n"


@dataclass(frozen=True, slots=True)
class Base:
    """The text of a merge base."""

    text: str
    unsettled: frozenset[str] = frozenset()
    """paths of units (``segments``: their order) on which several merge bases conflict"""


def marked(text: str) -> str:
    """A text that no side has."""
    return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{_MARK}"


def is_marked(text: str) -> bool:
    return _MARK.rstrip() in text


def unmarked(text: str) -> str:
    """The text without its marks."""
    return text.replace(_MARK, "").replace(_MARK.rstrip(), "")


def unmarked_chunks(chunks: Iterable[MergeChunk]) -> tuple[MergeChunk, ...]:
    """Runs of a merge without the marks of their base."""
    return tuple(chunk.model_copy(update={"base": unmarked(chunk.base)}) for chunk in chunks)
