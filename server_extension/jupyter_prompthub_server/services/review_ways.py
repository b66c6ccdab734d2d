"""How what is merged in a review lands: the target moves, or gets a version."""

from __future__ import annotations

from sqlalchemy import select

from jupyter_prompthub.core.errors import Conflict
from jupyter_prompthub.core.records import MergeMode

from ..store.tables import version
from ..targets import ReviewTarget
from ..transaction import Tx
from . import gate
from .review_facts import Seen, is_linear

__all__ = ["how", "moves"]


def how(tx: Tx, target: ReviewTarget, seen: Seen, mode: MergeMode) -> tuple[bool, bool]:
    """Whether the target just moves, and whether what is merged becomes one version of one parent."""
    if mode in ("merge", "squash"):
        return False, mode == "squash"
    can = _can_move(tx, target, seen)
    if mode == "fast_forward":
        if not can:
            raise Conflict(
                f"{target.review.target} cannot just move to {target.review.source}: it has versions of its own, "
                "or a snippet has moved since. Merge without fast_forward."
            )
        return True, False
    rules = gate.held(tx, target.prompt.name, target.review.target)
    if not any(one.rules.linear_history for one in rules):
        return can, False
    forwards = can and is_linear(tx, target, seen)
    return forwards, not forwards


def moves(tx: Tx, target: ReviewTarget, seen: Seen) -> tuple[MergeMode, ...]:
    """The modes with which the target would just move."""
    if not _can_move(tx, target, seen):
        return ()
    forwards, _ = how(tx, target, seen, "auto")
    return ("auto", "fast_forward") if forwards else ("fast_forward",)


def _can_move(tx: Tx, target: ReviewTarget, seen: Seen) -> bool:
    if not seen.plan.is_forward or seen.prepared is None:
        return False
    # a version has the lock that it was saved with; it can be moved to only if its snippets are the same now
    found: str = tx.conn.execute(
        select(version.c.lock_hash).where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == target.prompt.id,
            version.c.sha == seen.plan.source.sha,
        )
    ).scalar_one()
    return found == seen.prepared.lock_hash
