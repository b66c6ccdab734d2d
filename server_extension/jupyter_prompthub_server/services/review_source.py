"""The source branch of a merged review: deleted when nobody needs it any more, and made again as it was."""

from __future__ import annotations

from jupyter_prompthub.core.errors import AlreadyExists, Conflict
from jupyter_prompthub.core.records import Review, ReviewState

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..targets import ReviewTarget, by_review, writable
from ..transaction import Tx
from . import branch_ends, heads, refs
from .review_left import needed_for, not_again
from .review_rows import detail

__all__ = ["delete_", "restore"]


@operation(Permission.PROMPT_WRITE, tag=AuditTag.BRANCH_DELETE, target=by_review)
def delete_(tx: Tx, target: ReviewTarget) -> Review:
    """Delete the source branch of a merged review, unless something else needs it."""
    row, prompt = target.review, target.prompt
    _merged(target)
    head = refs.head(tx, prompt.id, row.source)
    if head is None:
        tx.unchanged()
        return detail(tx, target)
    if needed := needed_for(tx, target, head):
        raise Conflict(
            f"{row.source} was not deleted. " + " ".join(needed), details={"branch": row.source, "head": head}
        )
    branch_ends.remove(tx, prompt, row.source, head)
    return detail(tx, target)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.BRANCH_CREATE, target=by_review)
def restore(tx: Tx, target: ReviewTarget) -> Review:
    """Make the source branch of a merged review again, where it was when it was merged."""
    row, prompt = target.review, target.prompt
    _merged(target)
    head = refs.head(tx, prompt.id, row.source)
    if head == row.source_sha:
        tx.unchanged()
        return detail(tx, target)
    if head is not None:
        raise AlreadyExists(
            f"There is another branch {row.source} now: nothing was changed.", details={"head": head}
        )
    if taken := not_again(tx, target):
        raise AlreadyExists(" ".join(taken) + " Make a branch of another name.")
    heads.insert_branch(tx, prompt, row.source, row.source_sha)
    tx.audit(prompt=prompt.id, branch=row.source, version=row.source_sha)
    tx.emit("branch.created", prompt=prompt.id, branch=row.source)
    return detail(tx, target)


def _merged(target: ReviewTarget) -> None:
    writable(target.prompt)
    if target.review.state != ReviewState.MERGED:
        raise Conflict(
            f"{target.prompt.name}#{target.review.number} is {target.review.state}: its branch goes or comes back "
            "here after a merge only."
        )
