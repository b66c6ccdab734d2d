"""A conflict as a person sees it: named by what it says, with the words that each side changed marked."""

from __future__ import annotations

from ..canonical import canonical, tagged_sha256
from ..records import Conflict, ConflictChange, DiffSpan, Marks, ShownConflict
from ..words import spans

__all__ = ["changes", "conflict_digest", "shown"]


def shown(conflict: Conflict) -> ShownConflict:
    """The conflict with its digest and its marks."""
    return ShownConflict(
        **dict(conflict),
        digest=conflict_digest(conflict),
        marks=_marks(conflict.base, conflict.ours, conflict.theirs),
        runs=tuple(
            _marks(chunk.base, chunk.ours, chunk.theirs) for chunk in conflict.chunks if chunk.text is None
        ),
    )


def conflict_digest(conflict: Conflict) -> str:
    """Names a conflict with all that a person saw of it."""
    return tagged_sha256("prompthub conflict v1", canonical(conflict.model_dump(mode="json")))


def changes(before: Conflict, after: Conflict) -> tuple[ConflictChange, ...]:
    """Which sides say something else, word by word."""
    sides = (
        ("base", before.base, after.base),
        ("ours", before.ours, after.ours),
        ("theirs", before.theirs, after.theirs),
    )
    return tuple(
        ConflictChange(side=side, spans=spans(old or "", new or "")) for side, old, new in sides if old != new
    )


def _marks(base: str | None, ours: str | None, theirs: str | None) -> Marks:
    if base is None:
        return Marks(ours=_own(theirs, ours), theirs=_own(ours, theirs))
    return Marks(ours=_spans(base, ours), theirs=_spans(base, theirs))


def _spans(before: str, after: str | None) -> tuple[DiffSpan, ...]:
    return () if after is None else spans(before, after)


def _own(other: str | None, text: str | None) -> tuple[DiffSpan, ...]:
    """What the other side does not have is marked as inserted; what only the other has does not count."""
    if text is None or other is None:
        return ()
    return tuple(span for span in spans(other, text) if span.op != "delete")
