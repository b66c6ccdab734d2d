"""The source branch that a merged review leaves behind, and what may be done with it."""

from __future__ import annotations

from sqlalchemy import or_, select

from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import ReviewState, SourceBranch

from ..access.permissions import Permission
from ..store.tables import review
from ..store.types import AnyRow
from ..targets import ReviewTarget
from ..transaction import Tx
from . import branch_ends, gate, refs

__all__ = ["left", "needed_for", "not_again"]


def left(tx: Tx, target: ReviewTarget) -> SourceBranch | None:
    """The source branch as it is now; None unless the review has been merged."""
    row, prompt = target.review, target.prompt
    if row.state != ReviewState.MERGED:
        return None
    head = refs.head(tx, prompt.id, row.source)
    made: list[str] = []
    if prompt.archived_at is not None:
        made.append(f"{prompt.name} is archived.")
    if Permission.PROMPT_WRITE not in tx.caller.permissions:
        made.append(f"It needs the permission {Permission.PROMPT_WRITE.value}.")
    if head is None:
        made += not_again(tx, target)
        ruled = gate.blocks(tx, prompt, row.source, None, row.source_sha)
    else:
        made += needed_for(tx, target, head)
        ruled = gate.blocks(tx, prompt, row.source, head, None)
    return SourceBranch(head=head, blocks=(*made, *(block.message for block in ruled)))


def needed_for(tx: Tx, target: ReviewTarget, head: str) -> list[str]:
    """What a source branch that is there is still needed for, whoever asks."""
    row, prompt = target.review, target.prompt
    if row.source == DEFAULT_BRANCH:
        return [f"{DEFAULT_BRANCH} stays."]
    made = []
    if head != row.source_sha:
        made.append(f"{row.source} has versions that this review did not bring.")
    for other in _others(tx, target):
        made.append(f"#{other.number} ({other.source} into {other.target}) needs it.")
    if why := branch_ends.kept_for(tx, prompt, row.source):
        made.append(why[0].upper() + why[1:])
    return made


def not_again(tx: Tx, target: ReviewTarget) -> list[str]:
    """Why a source branch that is gone cannot be made again, whoever asks."""
    name = target.review.source
    taken = refs.check_free_ref(tx, target.prompt.id, name, "branch name")
    return [f"{taken[0].upper()}{taken[1:]} is called {name} now."] if taken else []


def _others(tx: Tx, target: ReviewTarget) -> list[AnyRow]:
    """Reviews from or into the source that are drafts or open."""
    return list(
        tx.conn.execute(
            select(review.c.number, review.c.source, review.c.target)
            .where(
                review.c.workspace_id == tx.workspace_id,
                review.c.prompt_id == target.prompt.id,
                review.c.number != target.review.number,
                review.c.state.in_((ReviewState.DRAFT.value, ReviewState.OPEN.value)),
                or_(review.c.source == target.review.source, review.c.target == target.review.source),
            )
            .order_by(review.c.number)
        )
    )
