"""Connections: named, server-side addresses with their keys. Keys go in and never come out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import AlreadyExists, InvalidInput, NotFound, ProviderRefused
from jupyter_prompthub.core.records import Connection, ConnectionList, ConnectionPatch, NewConnection
from jupyter_prompthub.gateways.litellm import PROVIDERS

from ..access.permissions import AuditTag, Permission
from ..egress.urls import check_url
from ..execution.sources import (
    DIRECT,
    RESERVED,
    ResolvedConnection,
    builtin_connections,
    environment_connections,
    replay_settings,
)
from ..operations import operation
from ..settings import setting
from ..store.tables import connection, workspace
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = ["GIT", "by_connection", "create", "delete", "everyone", "list", "update", "usable"]

GIT = "git"
"""the provider of git repositories elsewhere: no models"""

_LAST = 4


def by_connection(tx: Tx, name: str) -> AnyRow:
    """Load a stored connection.

    Raises:
        NotFound: none of that name in this workspace.
    """
    found = tx.conn.execute(
        select(connection).where(connection.c.workspace_id == tx.workspace_id, connection.c.name == name)
    ).one_or_none()
    if found is None:
        raise NotFound(f"there is no stored connection {name!r}; those of the environment are changed there")
    return found


@operation(Permission.PROMPT_READ, no_audit="read")
def list(tx: Tx) -> ConnectionList:
    """All connections of the workspace, without their keys."""
    return ConnectionList(items=tuple(sorted((one.record for one in everyone(tx)), key=lambda one: one.name)))


@operation(Permission.CONNECTION_WRITE, tag=AuditTag.CONNECTION_CREATE)
def create(tx: Tx, new: NewConnection) -> Connection:
    """Add a connection."""
    taken = select(connection.c.name).where(
        connection.c.workspace_id == tx.workspace_id, connection.c.name == new.name
    )
    if tx.conn.execute(taken).first():
        raise AlreadyExists(f"there is a connection {new.name!r} already; change it, or choose another name")
    if new.name in RESERVED or new.provider in RESERVED:
        raise InvalidInput(f"{', '.join(sorted(RESERVED))} are built in; choose another name and provider")
    if new.provider not in (DIRECT, GIT) and new.provider not in PROVIDERS:
        raise InvalidInput(
            f"the provider {new.provider!r} is not known; known are {DIRECT} (any endpoint that speaks "
            "the OpenAI chat "
            f"API), {GIT} (a git repository) and {', '.join(sorted(PROVIDERS))}",
            details={"provider": new.provider},
        )
    _check(new.provider, new.base_url, new.secret, new.allow_private_address)
    values = new.model_dump(exclude={"secret"})
    tx.conn.execute(
        insert(connection).values(
            workspace_id=tx.workspace_id,
            **{**values, "models": [*new.models]},
            **_sealed(tx, new.name, new.secret),
            created_by=tx.caller.actor_id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    return _changed(tx, new.name)


@operation(Permission.CONNECTION_WRITE, tag=AuditTag.CONNECTION_UPDATE, target=by_connection)
def update(tx: Tx, row: AnyRow, patch: ConnectionPatch) -> Connection:
    """Change a connection; a new address, or leave to reach private ones, needs the key again."""
    given = patch.model_dump(exclude_unset=True, exclude={"secret"})
    given = {
        name: value for name, value in given.items() if value is not None or name != "allow_private_address"
    }
    address = given.get("base_url", row.base_url)
    private = bool(given.get("allow_private_address", row.allow_private_address))
    moved = address != row.base_url or given.get("api_version", row.api_version) != row.api_version
    widened = private and not row.allow_private_address
    if (moved or widened) and row.secret is not None and not patch.secret:
        raise InvalidInput(
            "a connection whose address changes needs its key entered again, so that nobody can send a "
            "stored key "
            "somewhere else",
            details={"field": "secret"},
        )
    secret_there = patch.secret or ("kept" if row.secret is not None else None)
    _check(row.provider, address, secret_there, private)
    if "models" in given:
        given["models"] = [*(given["models"] or ())]
    if patch.secret:
        given |= _sealed(tx, row.name, patch.secret)
    tx.conn.execute(
        sa.update(connection)
        .where(connection.c.workspace_id == tx.workspace_id, connection.c.name == row.name)
        .values(**given, updated_at=tx.now)
    )
    return _changed(tx, row.name)


@operation(Permission.CONNECTION_WRITE, tag=AuditTag.CONNECTION_DELETE, target=by_connection)
def delete(tx: Tx, row: AnyRow) -> None:
    """Delete a connection and its key."""
    tx.conn.execute(
        sa.delete(connection).where(
            connection.c.workspace_id == tx.workspace_id, connection.c.name == row.name
        )
    )
    tx.audit(name=row.name)
    tx.emit("connection.changed", name=row.name)


def usable(tx: Tx) -> tuple[ResolvedConnection, ...]:
    """The connections to models that this workspace may use, with their keys: for the pipeline, never for an answer."""
    return tuple(one for one in everyone(tx) if one.record.provider != GIT)


def everyone(tx: Tx) -> tuple[ResolvedConnection, ...]:
    """Every connection that this workspace may use, with its key: for our doors, never for an answer.
    A stored one hides one of the environment with its name.

    Keys of the environment are the operator's: where strangers may register workspaces of their own, they
    serve the store's first workspace only, unless ``SHARE_ENVIRONMENT_KEYS`` says otherwise.
    """
    rows = tx.conn.execute(select(connection).where(connection.c.workspace_id == tx.workspace_id)).all()
    stored = {row.name: _resolved(tx, row) for row in rows}
    others = builtin_connections(replay_settings())
    if _environment_serves(tx):
        others += environment_connections()
    return (*stored.values(), *(one for one in others if one.record.name not in stored))


def _environment_serves(tx: Tx) -> bool:
    closed = (setting("OPEN_REGISTRATION") or "true").lower() in ("0", "false", "no", "off")
    if (setting("SHARE_ENVIRONMENT_KEYS") or str(closed)).lower() in ("1", "true", "yes", "on"):
        return True
    oldest = select(workspace.c.id).order_by(workspace.c.created_at, workspace.c.id).limit(1)
    return tx.conn.execute(oldest).scalar() == tx.workspace_id


def _resolved(tx: Tx, row: AnyRow) -> ResolvedConnection:
    secret = None if row.secret is None else tx.codec.open(connection.c.secret, row.name, row.secret)
    return ResolvedConnection(_record(row), secret, row.api_version)


def _record(row: AnyRow) -> Connection:
    return Connection(
        name=row.name,
        provider=row.provider,
        base_url=row.base_url,
        secret_last4=row.secret_last4,
        models=tuple(row.models),
        input_nano_usd_per_token=row.input_nano_usd_per_token,
        output_nano_usd_per_token=row.output_nano_usd_per_token,
        allow_private_address=row.allow_private_address,
    )


def _changed(tx: Tx, name: str) -> Connection:
    tx.audit(name=name)
    tx.emit("connection.changed", name=name)
    return _record(by_connection(tx, name))


def _sealed(tx: Tx, name: str, secret: str | None) -> dict[str, Any]:
    if not secret:
        return {"secret": None, "secret_last4": None}
    # the end of a short secret would give too much of it away
    last = secret[-_LAST:] if len(secret) >= 3 * _LAST else "…"
    return {"secret": tx.codec.seal(connection.c.secret, name, secret), "secret_last4": last}


def _check(provider: str, address: str | None, secret: str | None, allow_private: bool) -> None:
    if secret is not None and (not secret.isascii() or not secret.isprintable() or " " in secret):
        raise InvalidInput("a key has printable ASCII characters only, without spaces; copy it again")
    if address is None:
        if provider in (DIRECT, GIT, "azure"):
            raise InvalidInput(
                f"a connection of provider {provider} needs its base_url", details={"field": "base_url"}
            )
        return
    try:
        check_url(address, allow_private=allow_private)
    except ProviderRefused as error:
        raise InvalidInput(error.message, details={"field": "base_url"}) from error
