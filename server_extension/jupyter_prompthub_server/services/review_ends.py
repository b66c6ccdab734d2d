"""Reviews that end because a branch does."""

from __future__ import annotations

from sqlalchemy import or_, update

from ..store.tables import review
from ..store.types import AnyRow
from ..transaction import Tx
from .review_events import tell

__all__ = ["close"]


def close(tx: Tx, prompt: AnyRow, branch: str) -> None:
    """Close the reviews from or into a branch that is gone."""
    ended = tx.conn.execute(
        update(review)
        .where(
            review.c.workspace_id == tx.workspace_id,
            review.c.prompt_id == prompt.id,
            review.c.state.in_(("draft", "open")),
            or_(review.c.source == branch, review.c.target == branch),
        )
        .values(state="closed", updated_at=tx.now, ended_at=tx.now, ended_by=tx.caller.actor_id)
        .returning(review.c.prompt_id, review.c.number, review.c.author_id)
    )
    for row in sorted(ended, key=lambda each: int(each.number)):
        tell(tx, row, "review.closed")
