"""Members of a workspace: who they are, their roles, invitations, disabling."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, func, insert, select, update

from jupyter_prompthub.core.errors import Conflict, NotFound
from jupyter_prompthub.core.records import (
    ActorRef,
    Invitation,
    Member,
    MemberList,
    MemberPatch,
    NewInvitation,
)

from ..access.permissions import AuditTag, Permission, Role
from ..access.tokens import new_secret, sha256_of
from ..operations import operation
from ..store.clock import iso, new_id
from ..store.tables import account, actor, invitation, membership
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = ["by_member", "invite", "list_", "update_"]

_INVITATION_LASTS = timedelta(days=7)


def by_member(tx: Tx, actor_id: str) -> AnyRow:
    """A member of the caller's workspace."""
    row = _members(tx, actor_id).one_or_none()
    if row is None:
        raise NotFound("there is no such member")
    return row


@operation(Permission.USER_READ, no_audit="read")
def list_(tx: Tx) -> MemberList:
    """All members of the workspace, by name."""
    return MemberList(items=tuple(_record(row) for row in _members(tx).all()))


@operation(Permission.USER_WRITE, tag=AuditTag.MEMBER_ROLE, target=by_member)
def update_(tx: Tx, member: AnyRow, patch: MemberPatch) -> Member:
    """Give a member another role, or disable it (its sessions and keys stop working here at once)."""
    role = Role(patch.role or str(member.role))
    disabled = bool(member.disabled) if patch.disabled is None else patch.disabled
    if role == member.role and disabled == bool(member.disabled):
        tx.unchanged()
        return _record(member)
    if member.role == Role.ADMIN and not member.disabled and (disabled or role is not Role.ADMIN):
        others = tx.conn.execute(
            select(func.count())
            .select_from(membership)
            .where(
                membership.c.workspace_id == tx.workspace_id,
                membership.c.role == Role.ADMIN.value,
                membership.c.disabled.is_(False),
                membership.c.actor_id != member.id,
            )
        ).scalar_one()
        if not others:
            raise Conflict("this is the last admin of the workspace; make somebody else admin first")
    tx.conn.execute(
        update(membership)
        .where(membership.c.workspace_id == tx.workspace_id, membership.c.actor_id == member.id)
        .values(role=role.value, disabled=disabled)
    )
    if disabled and not member.disabled:
        tx.audit_as(AuditTag.ACTOR_DISABLE)
    tx.emit("member.changed", actor=str(member.id))
    tx.audit(actor=str(member.id), role=role.value, before=str(member.role), disabled=str(disabled).lower())
    return _record(by_member(tx, str(member.id)))


@operation(Permission.USER_WRITE, tag=AuditTag.INVITATION_CREATE)
def invite(tx: Tx, new: NewInvitation) -> Invitation:
    """Make an invitation for one person, valid for seven days. Its token is in this answer only."""
    token, invitation_id, until = new_secret("phi"), new_id(), tx.now + _INVITATION_LASTS
    tx.conn.execute(
        insert(invitation).values(
            workspace_id=tx.workspace_id,
            id=invitation_id,
            token_hash=sha256_of(token),
            email=new.email.strip().lower() if new.email else None,
            role=new.role,
            created_by=tx.caller.actor_id,
            created_at=tx.now,
            expires_at=until,
        )
    )
    tx.audit(invitation=invitation_id, role=new.role)
    return Invitation(token=token, role=new.role, expires_at=iso(until))


def _members(tx: Tx, actor_id: str | None = None) -> CursorResult[Any]:
    wanted = (
        select(actor.c.id, actor.c.display_name, actor.c.kind, account.c.email, membership.c.role)
        .add_columns(membership.c.disabled)
        .join(membership, membership.c.actor_id == actor.c.id)
        .outerjoin(account, account.c.actor_id == actor.c.id)
        .where(membership.c.workspace_id == tx.workspace_id)
        .order_by(actor.c.display_name, actor.c.id)
    )
    return tx.conn.execute(wanted if actor_id is None else wanted.where(actor.c.id == actor_id))


def _record(row: AnyRow) -> Member:
    return Member(
        actor=ActorRef(id=str(row.id), display_name=str(row.display_name), kind=str(row.kind)),
        email=str(row.email) if row.email else None,
        role=str(row.role),
        disabled=bool(row.disabled),
    )
