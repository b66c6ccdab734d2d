"""Accounts of our own (plain HTTP): register, sign in, refresh with rotation and reuse detection, sign out.

Passwords are hashed and checked before, off the writer's thread (``services/sessions.py``); here are the
transactions. An e-mail address is never in the log: actors are named by their ids.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from jupyter_prompthub.core.errors import AlreadyExists, InvalidInput, Unauthenticated
from jupyter_prompthub.core.records import Account, Input, Workspace

from ..access.permissions import AuditTag, Permission, Role
from ..operations import operation
from ..store.bootstrap import create_workspace, ensure_member
from ..store.clock import new_id
from ..store.tables import account, actor, invitation, membership, refresh_token, revoked_jti, workspace
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = [
    "NewAccount",
    "NewSession",
    "NextSession",
    "SessionEnd",
    "close_session",
    "open_account",
    "open_session",
    "refuse_session",
    "renew_session",
]


class NewAccount(Input):
    """A registration, the password hashed already."""

    email: str
    password_hash: str
    full_name: str
    organization: str | None
    invitation_hash: str | None


class NewSession(Input):
    """A sign-in whose password was right."""

    actor_id: str
    family: str
    refresh_hash: str
    expires_at: datetime


class NextSession(Input):
    """A refresh token for its successor, both as hashes."""

    refresh_hash: str
    next_hash: str
    expires_at: datetime


class SessionEnd(Input):
    """The access token and the family of refresh tokens that end."""

    jti: str
    family: str
    expires_at: datetime


@operation(Permission.SELF, tag=AuditTag.ACTOR_REGISTER)
def open_account(tx: Tx, new: NewAccount) -> Account:
    """Register a person: in a new workspace as its admin, or by invitation in an existing one."""
    if (new.organization is None) == (new.invitation_hash is None):
        raise InvalidInput("give an organization (a new workspace) or an invitation, and not both")
    email = new.email.lower()
    if tx.conn.execute(select(account.c.actor_id).where(account.c.email == email)).first():
        raise AlreadyExists("there is an account with this e-mail address; sign in instead")
    actor_id = new_id()
    if new.invitation_hash is not None:
        invited = _invitation(tx, new.invitation_hash, email)
        workspace_id, role = str(invited.workspace_id), Role(str(invited.role))
    else:
        workspace_id, role = _organize(tx, str(new.organization)), Role.ADMIN
    tx.enter_workspace(workspace_id)
    tx.conn.execute(
        insert(actor).values(
            id=actor_id,
            kind="person",
            display_name=new.full_name,
            default_workspace_id=workspace_id,
            disabled=False,
            created_at=tx.now,
        )
    )
    try:
        tx.conn.execute(
            insert(account).values(
                actor_id=actor_id, email=email, password_hash=new.password_hash, created_at=tx.now
            )
        )
    except IntegrityError as error:
        raise AlreadyExists("there is an account with this e-mail address; sign in instead") from error
    ensure_member(tx.conn, workspace_id=workspace_id, actor_id=actor_id, role=role.value, at=tx.now)
    if new.invitation_hash is not None:
        tx.conn.execute(
            update(invitation)
            .where(invitation.c.token_hash == new.invitation_hash)
            .values(used_at=tx.now, used_by=actor_id)
        )
    tx.audit(actor=actor_id, workspace=workspace_id, role=role.value)
    return _account(tx, actor_id, workspace_id)


@operation(Permission.SELF, tag=AuditTag.SESSION_LOGIN)
def open_session(tx: Tx, new: NewSession) -> Account:
    """Begin a session for a person whose password was right."""
    workspace_id = _home(tx, new.actor_id)
    tx.enter_workspace(workspace_id)
    _remember_refresh(tx, new.family, new.actor_id, workspace_id, new.refresh_hash, new.expires_at)
    tx.audit(actor=new.actor_id, session=new.family)
    return _account(tx, new.actor_id, workspace_id)


@operation(Permission.SELF, tag=AuditTag.SESSION_DENIED)
def refuse_session(tx: Tx) -> Account:
    """Record a failed sign-in, and refuse it."""
    tx.fail_after_commit(Unauthenticated("e-mail address or password are wrong"))
    tx.audit(actor=tx.caller.actor_id)
    return Account(id="", email="", full_name="", role="")


@operation(Permission.SELF, tag=AuditTag.SESSION_REFRESH)
def renew_session(tx: Tx, new: NextSession) -> Account:
    """Trade a refresh token for the next one. A used one means that it was stolen: its whole family ends."""
    row = tx.conn.execute(
        select(refresh_token).where(refresh_token.c.token_hash == new.refresh_hash)
    ).one_or_none()
    if row is None:
        raise Unauthenticated("the refresh token is not known; sign in again")
    tx.enter_workspace(row.workspace_id)
    tx.audit(actor=row.actor_id, session=row.family)
    if row.revoked_at is not None or row.expires_at <= tx.now:
        raise Unauthenticated("this session has ended; sign in again")
    if row.used_at is not None:
        _end_family(tx, row.family)
        tx.fail_after_commit(
            Unauthenticated(
                "this refresh token was used before: the session was ended for safety; sign in again"
            ),
            AuditTag.SESSION_REUSE,
        )
        return Account(id="", email="", full_name="", role="")
    workspace_id = _home(tx, row.actor_id, row.workspace_id)
    tx.conn.execute(update(refresh_token).where(refresh_token.c.id == row.id).values(used_at=tx.now))
    _remember_refresh(tx, row.family, row.actor_id, workspace_id, new.next_hash, new.expires_at)
    return _account(tx, row.actor_id, workspace_id)


@operation(Permission.SELF, tag=AuditTag.SESSION_LOGOUT)
def close_session(tx: Tx, end: SessionEnd) -> None:
    """End a session: its access token and all its refresh tokens."""
    known = tx.conn.execute(select(revoked_jti.c.jti).where(revoked_jti.c.jti == end.jti)).first()
    if known is None:
        tx.conn.execute(insert(revoked_jti).values(jti=end.jti, revoked_at=tx.now, expires_at=end.expires_at))
    _end_family(tx, end.family)
    tx.audit(actor=tx.caller.actor_id, session=end.family)


def _organize(tx: Tx, organization: str) -> str:
    """A new workspace for an organization; its id."""
    plain = unicodedata.normalize("NFKD", organization).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    if not name:
        raise InvalidInput(f"organization: expected a name with letters or digits, got {organization[:60]!r}")
    if tx.conn.execute(select(workspace.c.id).where(workspace.c.name == name)).first():
        raise AlreadyExists(
            f"there is an organization named {name!r} already; ask one of its admins for an invitation, "
            "or choose another name"
        )
    return create_workspace(tx.conn, name, tx.now)


def _invitation(tx: Tx, token_hash: str, email: str) -> AnyRow:
    row = tx.conn.execute(select(invitation).where(invitation.c.token_hash == token_hash)).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= tx.now:
        raise InvalidInput("the invitation is not valid (any more); ask for a new one")
    if row.email is not None and row.email.lower() != email:
        raise InvalidInput("the invitation is for another e-mail address")
    return row


def _home(tx: Tx, actor_id: str, wanted: str | None = None) -> str:
    """The workspace that a session starts in: the wanted one, the default, else the oldest membership."""
    rows = tx.conn.execute(
        select(membership.c.workspace_id, actor.c.default_workspace_id)
        .join(actor, actor.c.id == membership.c.actor_id)
        .where(
            membership.c.actor_id == actor_id,
            membership.c.disabled.is_(False),
            actor.c.disabled.is_(False),
        )
        .order_by(membership.c.created_at, membership.c.workspace_id)
    ).all()
    if not rows:
        raise Unauthenticated("this account is disabled; ask an admin")
    mine = [str(row.workspace_id) for row in rows]
    return next((item for item in (wanted, rows[0].default_workspace_id) if item in mine), mine[0])


def _remember_refresh(
    tx: Tx, family: str, actor_id: str, workspace_id: str, token_hash: str, expires_at: datetime
) -> None:
    tx.conn.execute(
        insert(refresh_token).values(
            id=new_id(),
            family=family,
            actor_id=actor_id,
            workspace_id=workspace_id,
            token_hash=token_hash,
            created_at=tx.now,
            expires_at=expires_at,
        )
    )


def _end_family(tx: Tx, family: str) -> None:
    tx.conn.execute(
        update(refresh_token)
        .where(refresh_token.c.family == family, refresh_token.c.revoked_at.is_(None))
        .values(revoked_at=tx.now)
    )


def _account(tx: Tx, actor_id: str, workspace_id: str) -> Account:
    row = tx.conn.execute(
        select(actor.c.display_name, account.c.email, membership.c.role, workspace.c.name)
        .join(account, account.c.actor_id == actor.c.id)
        .join(membership, membership.c.actor_id == actor.c.id)
        .join(workspace, workspace.c.id == membership.c.workspace_id)
        .where(actor.c.id == actor_id, membership.c.workspace_id == workspace_id)
    ).one()
    return Account(
        id=actor_id,
        email=row.email,
        full_name=row.display_name,
        role=row.role,
        workspace=Workspace(id=workspace_id, name=row.name),
    )
