"""What a review shows, and places in it."""

from __future__ import annotations

from jupyter_prompthub.core.errors import InvalidInput, StaleHead
from jupyter_prompthub.core.records import Anchor, Content, NewThread
from jupyter_prompthub.core.reviews import follow, quote

from ..targets import ReviewTarget
from ..transaction import Tx
from .review_facts import look
from .thread_rows import content_of

__all__ = ["in_source", "shown"]


def shown(tx: Tx, target: ReviewTarget) -> tuple[str | None, Content | None]:
    """The review digest and the merge result; None while nothing could be merged."""
    row = target.review
    if row.merged_sha is not None:
        return row.digest, content_of(tx, target.prompt.id, row.merged_sha)
    seen = look(tx, target)
    if seen is None or seen.prepared is None:
        return None, None
    return seen.digest, seen.prepared.document.content


def in_source(tx: Tx, target: ReviewTarget, new: NewThread, place: Anchor, source: Content) -> Anchor:
    """A place in the merge result, as a place in the source's head, where conversations stand.

    Raises:
        StaleHead: what is shown is not what was looked at.
        InvalidInput: the source has no such place, or (for a suggestion) other words there.
    """
    digest, result = shown(tx, target)
    if result is None or new.digest != digest:
        raise StaleHead(
            "What would be merged is not what you looked at: a branch moved, or a conflict was decided. "
            "Nothing was changed. Look at the review again.",
            details={"expected": new.digest, "digest": digest},
        )
    words = quote(place, result)
    found = place if result == source else follow(place, result, source)
    if found is None:
        raise InvalidInput(
            f"{target.review.source} does not have this place, it comes from {target.review.target}: "
            "comment on another one, or on the whole review"
        )
    if new.suggestion is not None and quote(found, source) != words:
        raise InvalidInput(
            f"{target.review.source} has other words here than the merge result: update it from "
            f"{target.review.target} before you suggest others"
        )
    return found
