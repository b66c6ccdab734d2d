"""Who may be asked to review: for everybody who asks, also those who may not see the list of members."""

from __future__ import annotations

from sqlalchemy import select

from jupyter_prompthub.core.records import Reviewer, ReviewerList

from ..access.permissions import Permission
from ..operations import operation
from ..store.tables import membership
from ..transaction import Tx
from .around import actors
from .persons import persons

__all__ = ["list_"]


@operation(Permission.REVIEW_READ, no_audit="read")
def list_(tx: Tx) -> ReviewerList:
    """Who may be asked to review here, by name: every member with ``review:write``."""
    ids = tx.conn.scalars(
        select(membership.c.actor_id).where(membership.c.workspace_id == tx.workspace_id)
    ).all()
    may = {one: who for one, who in persons(tx, ids).items() if Permission.REVIEW_WRITE in who.permissions}
    refs = actors(tx, may)
    found = [
        Reviewer(actor=refs[one], approves=Permission.REVIEW_APPROVE in who.permissions)
        for one, who in may.items()
    ]
    return ReviewerList(
        items=tuple(sorted(found, key=lambda each: (each.actor.display_name.casefold(), each.actor.id)))
    )
