"""API keys: the owner's own, shown once, never wider than the owner's role at the time of use."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from jupyter_prompthub.core.errors import Forbidden, NotFound
from jupyter_prompthub.core.records import ApiKey, ApiKeyList, CreatedApiKey, NewApiKey

from ..access.directory import narrower
from ..access.permissions import AuditTag, Permission, Role
from ..access.tokens import new_api_key, sha256_of
from ..operations import operation
from ..store.clock import iso, new_id
from ..store.tables import api_key
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = ["by_key", "create", "list_", "note_use", "revoke"]


def by_key(tx: Tx, key_id: str) -> AnyRow:
    """A living key of the caller's own."""
    row = tx.conn.execute(
        select(api_key).where(
            api_key.c.workspace_id == tx.workspace_id,
            api_key.c.id == key_id,
            api_key.c.actor_id == tx.caller.actor_id,
            api_key.c.revoked_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("there is no such API key of yours")
    return row


@operation(Permission.SELF, no_audit="read")
def list_(tx: Tx) -> ApiKeyList:
    """The caller's API keys in this workspace, newest first."""
    rows = tx.conn.execute(
        select(api_key)
        .where(
            api_key.c.workspace_id == tx.workspace_id,
            api_key.c.actor_id == tx.caller.actor_id,
            api_key.c.revoked_at.is_(None),
        )
        .order_by(api_key.c.id.desc())
    ).all()
    return ApiKeyList(items=tuple(_record(tx, row) for row in rows))


@operation(Permission.SELF, tag=AuditTag.API_KEY_CREATE)
def create(tx: Tx, new: NewApiKey) -> CreatedApiKey:
    """Make an API key. The key itself is in this answer only."""
    own = Role(tx.caller.role)
    role = Role(new.role) if new.role else None
    if role is not None and narrower(role, own) is not role:
        raise Forbidden(f"a key cannot have the role {role}: yours is {own}", details={"role": str(own)})
    if role is None and tx.caller.via == "api-key":
        role = own  # a key made with a narrowed key stays as narrow
    key, key_id = new_api_key(), new_id()
    expires = tx.now + timedelta(days=new.expires_in_days) if new.expires_in_days else None
    tx.conn.execute(
        insert(api_key).values(
            workspace_id=tx.workspace_id,
            id=key_id,
            actor_id=tx.caller.actor_id,
            name=new.name,
            role=role and role.value,
            key_hash=sha256_of(key),
            last4=key[-4:],
            created_at=tx.now,
            expires_at=expires,
        )
    )
    tx.audit(key=key_id)
    return CreatedApiKey(
        id=key_id,
        name=new.name,
        last4=key[-4:],
        role=(role or own).value,
        created_at=iso(tx.now),
        expires_at=_iso(expires),
        key=key,
    )


@operation(Permission.SELF, tag=AuditTag.API_KEY_REVOKE, target=by_key)
def revoke(tx: Tx, key: AnyRow) -> None:
    """Revoke an API key; it stops working at once."""
    tx.conn.execute(
        update(api_key)
        .where(api_key.c.workspace_id == tx.workspace_id, api_key.c.id == key.id)
        .values(revoked_at=tx.now)
    )
    tx.audit(key=str(key.id))


@operation(Permission.SELF, no_audit="only when a key was used last, at most every five minutes")
def note_use(tx: Tx) -> None:
    """Remember when the caller's API key was used last."""
    tx.conn.execute(
        update(api_key)
        .where(api_key.c.workspace_id == tx.workspace_id, api_key.c.id == tx.caller.credential_id)
        .values(last_used_at=tx.now)
    )


def _record(tx: Tx, row: AnyRow) -> ApiKey:
    role = Role(str(row.role)) if row.role else Role(tx.caller.role)
    return ApiKey(
        id=str(row.id),
        name=str(row.name),
        last4=str(row.last4),
        role=role.value,
        created_at=iso(row.created_at),
        expires_at=_iso(row.expires_at),
        last_used_at=_iso(row.last_used_at),
    )


def _iso(value: datetime | None) -> str | None:
    return iso(value) if value else None
