"""First rows: a workspace with its environments, actors, memberships."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from .clock import new_id
from .tables import actor, environment, membership, outbox_counter, workspace

__all__ = [
    "ENVIRONMENTS",
    "LOCAL_SUBJECT",
    "create_workspace",
    "ensure_actor",
    "ensure_member",
    "ensure_workspace",
]

LOCAL_SUBJECT = "local"
"""one identity for everybody whom a Jupyter server lets in: on a shared one, several people"""

ENVIRONMENTS = ("development", "staging", "production")
"""What a workspace starts with, in the order of promotion."""


def create_workspace(conn: Connection, name: str, at: datetime) -> str:
    """Make a workspace with its environments; its id.

    Raises:
        sqlalchemy.exc.IntegrityError: the name is taken.
    """
    workspace_id = new_id()
    conn.execute(insert(workspace).values(id=workspace_id, name=name, created_at=at))
    conn.execute(insert(outbox_counter).values(workspace_id=workspace_id, seq=0))
    conn.execute(
        insert(environment),
        [
            {"workspace_id": workspace_id, "name": each, "position": position, "created_at": at}
            for position, each in enumerate(ENVIRONMENTS)
        ],
    )
    return workspace_id


def ensure_workspace(conn: Connection, name: str, at: datetime) -> tuple[str, bool]:
    """The id of the workspace called ``name``, made if need be; and whether it was."""
    found = conn.execute(select(workspace.c.id).where(workspace.c.name == name)).scalar_one_or_none()
    return (found, False) if found else (create_workspace(conn, name, at), True)


def ensure_actor(
    conn: Connection,
    *,
    subject: str,
    display_name: str,
    kind: str,
    default_workspace_id: str | None,
    at: datetime,
) -> tuple[str, bool]:
    """The id of the actor whom an identity provider calls ``subject``, made or renamed if need be; and
    whether anything was changed."""
    row = conn.execute(select(actor).where(actor.c.subject == subject)).one_or_none()
    if row is None:
        actor_id = new_id()
        conn.execute(
            insert(actor).values(
                id=actor_id,
                kind=kind,
                display_name=display_name,
                subject=subject,
                default_workspace_id=default_workspace_id,
                created_at=at,
            )
        )
        return actor_id, True
    if row.display_name == display_name:
        return row.id, False
    conn.execute(update(actor).where(actor.c.id == row.id).values(display_name=display_name))
    return row.id, True


def ensure_member(
    conn: Connection, *, workspace_id: str, actor_id: str, role: str, at: datetime, keep_role: bool = False
) -> tuple[str, bool]:
    """Make an actor a member.

    Args:
        keep_role: leave the role of one who is a member already.

    Returns:
        The role that the actor has now, and whether anything was changed.
    """
    mine = (membership.c.workspace_id == workspace_id) & (membership.c.actor_id == actor_id)
    present = conn.execute(select(membership.c.role).where(mine)).scalar_one_or_none()
    if present is None:
        conn.execute(
            insert(membership).values(workspace_id=workspace_id, actor_id=actor_id, role=role, created_at=at)
        )
        return role, True
    if keep_role or present == role:
        return present, False
    conn.execute(update(membership).where(mine).values(role=role))
    return role, True
