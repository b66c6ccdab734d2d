"""Writes audit entries in the transaction of their changes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from ..access.permissions import AuditTag
from ..operations import Caller
from ..store.clock import new_id
from ..store.tables import audit_entry, audit_salt
from .entry import Entry, Receipt, leaf_hash, salted_hash

__all__ = ["Prepared", "insert_entries", "prepare_entry"]

_LONGEST = 300
_ENTRY = insert(audit_entry)  # built once: building costs more than running
_SALT = insert(audit_salt)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry as it will be inserted, with the salts of its content hashes."""

    receipt: Receipt
    row: dict[str, Any]
    salts: Sequence[dict[str, Any]]


def prepare_entry(
    *,
    at: datetime,
    workspace_id: str,
    tag: AuditTag,
    operation: str,
    caller: Caller,
    target: Mapping[str, str],
    contents: Mapping[str, bytes] | None = None,
) -> Prepared:
    """One entry, not inserted yet.

    Args:
        target: ids and names of what was changed; a value over 300 characters is cut.
        contents: contents to be logged by salted hash only.
    """
    salts = {name: os.urandom(32) for name in contents or {}}
    entry = Entry(
        id=new_id(),
        workspace_id=workspace_id,
        at=at,
        tag=tag.value,
        operation=operation,
        actor_id=caller.actor_id,
        credential_id=caller.credential_id,
        via=caller.via,
        target={name: value[:_LONGEST] for name, value in target.items()},
        content={name: salted_hash(salts[name], data) for name, data in (contents or {}).items()},
    )
    data = entry.canonical_bytes()
    receipt = Receipt(entry.id, leaf_hash(data))
    row = {
        "id": entry.id,
        "workspace_id": workspace_id,
        "tag": entry.tag,
        "actor_id": entry.actor_id,
        "credential_id": entry.credential_id,
        "via": entry.via,
        "target": entry.target,
        "created_at": at,
        "bytes": data,
        "leaf_hash": receipt.leaf_hash,
    }
    return Prepared(
        receipt, row, [{"entry_id": entry.id, "name": name, "salt": salt} for name, salt in salts.items()]
    )


def insert_entries(conn: Connection, entries: Sequence[Prepared]) -> None:
    """Insert entries, and their salts, in the transaction of their changes."""
    if entries:
        conn.execute(_ENTRY, [entry.row for entry in entries])
    if salts := [salt for entry in entries for salt in entry.salts]:
        conn.execute(_SALT, salts)
