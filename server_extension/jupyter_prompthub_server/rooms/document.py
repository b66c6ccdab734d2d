"""The Yjs document of a draft: seed, replay, and replacing its text by minimal edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pycrdt import Doc, Map, Text

__all__ = [
    "Document",
    "Edit",
    "apply_edits",
    "minimal_edits",
    "new_document",
    "replacement",
    "replay",
    "seed",
    "text_of",
]

Document = Doc[Any]

_SEED_CLIENT = 0
_MAX_EQUAL_PAIRS = 200_000
"""Above this number of pairs of equal lines the middle is replaced as a whole: difflib looks at each,
again for every block that it finds."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``old[start:end]`` (code points) by ``text``."""

    start: int
    end: int
    text: str


def new_document(client_id: int | None = None) -> Document:
    """An empty document with the roots that JupyterLab's text model has."""
    doc: Document = Doc(client_id=client_id)
    doc.get("source", type=Text)
    doc.get("state", type=Map)
    return doc


def text_of(doc: Document) -> str:
    """The draft's text."""
    return str(doc.get("source", type=Text))


def seed(text: str) -> bytes:
    """The first update of a draft; the same text gives the same bytes."""
    doc = new_document(_SEED_CLIENT)
    if text:
        doc.get("source", type=Text).insert(0, text)
    return bytes(doc.get_update())


def replay(updates: Iterable[bytes]) -> Document:
    """The document that the stored updates make."""
    doc = new_document()
    for update in updates:
        doc.apply_update(update)
    return doc


def replacement(doc: Document, new: str) -> bytes:
    """Make ``new`` the document's text, by minimal edits in one transaction.

    Takes milliseconds for usual texts, more for large ones with many changes: not on the event loop.

    Returns:
        The update that does it; empty where nothing changes.
    """
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(bytes(event.update)))
    apply_edits(doc, minimal_edits(text_of(doc), new))
    doc.unobserve(subscription)
    return made[0] if made else b""


def apply_edits(doc: Document, edits: list[Edit]) -> None:
    """Apply edits of :func:`minimal_edits` as one transaction. (A Yjs text of pycrdt counts UTF-8 bytes.)"""
    if not edits:
        return
    text = doc.get("source", type=Text)
    old = str(text)
    with doc.transaction():
        for edit in reversed(edits):
            start = len(old[: edit.start].encode())
            end = start + len(old[edit.start : edit.end].encode())
            if end > start:
                del text[start:end]
            if edit.text:
                text.insert(start, edit.text)


def minimal_edits(old: str, new: str) -> list[Edit]:
    """The edits that turn ``old`` into ``new``, in order, leaving common lines alone so that cursors stay.

    The common prefix and suffix are left; what is between is matched by lines; a changed run of lines is
    narrowed by its own common prefix and suffix.
    """
    if old == new:
        return []
    start, a_end, b_end = _narrow(old, new)
    a, b = old[start:a_end].splitlines(keepends=True), new[start:b_end].splitlines(keepends=True)
    times = Counter(b)
    if sum(times[line] for line in a) > _MAX_EQUAL_PAIRS:
        return [Edit(start, a_end, new[start:b_end])]
    edits = []
    a_at = [start]
    for line in a:
        a_at.append(a_at[-1] + len(line))
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        before, after = "".join(a[i1:i2]), "".join(b[j1:j2])
        skip, before_end, after_end = _narrow(before, after)
        edits.append(Edit(a_at[i1] + skip, a_at[i1] + before_end, after[skip:after_end]))
    return edits


def _narrow(a: str, b: str) -> tuple[int, int, int]:
    """``(start, a_end, b_end)``: the parts of both without their common prefix and suffix."""
    limit = min(len(a), len(b))
    start = _common(a, b, limit)
    rest = limit - start
    suffix = _common(a[len(a) - rest :][::-1], b[len(b) - rest :][::-1], rest) if rest else 0
    return start, len(a) - suffix, len(b) - suffix


def _common(a: str, b: str, limit: int) -> int:
    """Length of the common prefix, found by halving (slices compare at C speed)."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
