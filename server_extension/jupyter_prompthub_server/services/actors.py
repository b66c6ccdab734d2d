"""What everybody may know about itself."""

from __future__ import annotations

from sqlalchemy import select

from jupyter_prompthub.core.records import ActorRef, Me, Record, Workspace

from ..access.permissions import Permission
from ..endpoints import Context, endpoint
from ..operations import operation
from ..store.tables import actor, membership, workspace
from ..transaction import Tx

__all__ = ["Described", "describe", "me"]


class Described(Record):
    """An actor and the workspace it is in."""

    actor: ActorRef
    workspace: Workspace


@operation(Permission.SELF, no_audit="read")
def describe(tx: Tx) -> Described:
    """The caller and its workspace, with their names."""
    row = tx.conn.execute(
        select(actor.c.display_name, actor.c.kind, workspace.c.name)
        .join(membership, membership.c.actor_id == actor.c.id)
        .join(workspace, workspace.c.id == membership.c.workspace_id)
        .where(actor.c.id == tx.caller.actor_id, workspace.c.id == tx.workspace_id)
    ).one()
    return Described(
        actor=ActorRef(id=tx.caller.actor_id, display_name=row.display_name, kind=row.kind),
        workspace=Workspace(id=tx.workspace_id, name=row.name),
    )


@endpoint(Permission.SELF, audited="read")
async def me(context: Context) -> Me:
    """Who is asking, and what it may do here."""
    caller = context.caller
    found: Described = await context.runtime.dispatcher.call(describe, caller)
    return Me(
        actor=found.actor,
        workspace=found.workspace,
        role=caller.role,
        permissions=tuple(sorted(caller.permissions)),
        mode=context.runtime.mode,
        via=caller.via,
    )
