"""What is told of reviews, to those who may read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy import bindparam, exists, select

from ..store.tables import branch_move, review, review_decision
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = ["NOTHING", "Told", "moved", "tell"]

Told = Mapping[str, Iterable[str]]
NOTHING: Told = MappingProxyType({})

_NEWER = exists().where(
    branch_move.c.workspace_id == bindparam("ws"),
    branch_move.c.prompt_id == bindparam("prompt"),
    branch_move.c.branch == bindparam("branch"),
    branch_move.c.created_at > review_decision.c.created_at,
    branch_move.c.created_at < bindparam("now"),
)
# built once: building costs more than running
_APPROVED = (
    select(review.c.prompt_id, review.c.number, review.c.author_id, review_decision.c.actor_id)
    .join(
        review_decision,
        (review_decision.c.workspace_id == review.c.workspace_id)
        & (review_decision.c.prompt_id == review.c.prompt_id)
        & (review_decision.c.number == review.c.number),
    )
    .where(
        review.c.workspace_id == bindparam("ws"),
        review.c.prompt_id == bindparam("prompt"),
        review.c.source == bindparam("branch"),
        review.c.state.in_(("draft", "open")),
        review_decision.c.decision == "approve",
        review_decision.c.dismissed_at.is_(None),
        ~_NEWER,
    )
)


def tell(tx: Tx, row: AnyRow, kind: str, told: Told = NOTHING) -> None:
    """Tell of a review: who did it (``by``), whose it is (``author``), and what else is ``told`` (unless it is empty)."""
    more = {name: " ".join(sorted(ids)) for name, ids in told.items()}
    tx.emit(
        kind,
        prompt=row.prompt_id,
        number=str(row.number),
        by=tx.caller.actor_id,
        author=row.author_id,
        **{name: ids for name, ids in more.items() if ids},
    )


def moved(tx: Tx, prompt: AnyRow, branch: str) -> None:
    """Tell those who approved what a branch was until now, which has just moved, that their approvals are dismissed."""
    asked = {"ws": tx.workspace_id, "prompt": prompt.id, "branch": branch, "now": tx.now}
    found: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for row in tx.conn.execute(_APPROVED, asked):
        found[row.number].append(row)
    for _, rows in sorted(found.items()):
        tell(tx, rows[0], "review.dismissed", {"approved": {row.actor_id for row in rows}})
