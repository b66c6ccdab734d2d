"""What the dispatcher keeps: events, idempotent answers, audit, keys, the search index."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Identity, Index, LargeBinary, Table, UniqueConstraint

from ..types import Counter, Json, Key, Prose, Sealed
from ._base import at, key, metadata, of_prompt, workspace_key

__all__ = [
    "audit_entry",
    "audit_salt",
    "data_key",
    "idempotency",
    "outbox",
    "outbox_counter",
    "search_entry",
    "store_meta",
]

outbox = Table(
    "outbox",
    metadata,
    Column("workspace_id", Key, ForeignKey("workspace.id"), primary_key=True),
    Column("seq", Counter, primary_key=True, autoincrement=False),
    key("kind"),
    Column("ids", Json, nullable=False),
    at(),
    Index(None, "created_at"),
)

outbox_counter = Table(  # locked until commit by whoever emits: sequence order is commit order
    "outbox_counter",
    metadata,
    Column("workspace_id", Key, ForeignKey("workspace.id"), primary_key=True),
    Column("seq", Counter, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    workspace_key(),
    key("actor_id", primary_key=True),
    key("key", primary_key=True),
    key("operation"),
    key("request_hash"),
    Column("answer", Sealed(encrypted=True), nullable=False),  # may hold a key that is shown once
    key("entry_id", nullable=True),
    key("leaf_hash", nullable=True),
    at(),
    Index(None, "created_at"),
)

audit_entry = Table(  # insert-only; no foreign keys: the log outlives what it tells of
    "audit_entry",
    metadata,
    key("id", primary_key=True),
    key("workspace_id"),  # "" for what happens outside of any, such as a failed sign-in
    key("tag"),
    key("actor_id"),
    key("credential_id", nullable=True),
    key("via"),
    Column("target", Json, nullable=False),
    at(),
    Column("bytes", LargeBinary, nullable=False),  # canonical bytes, docs/formats/audit-entry.md
    key("leaf_hash"),
    Index(None, "workspace_id", "id"),
)

audit_salt = Table(  # deleting a row erases the content, the log stays verifiable
    "audit_salt",
    metadata,
    Column("entry_id", Key, ForeignKey("audit_entry.id"), primary_key=True),
    key("name", primary_key=True),
    Column("salt", LargeBinary, nullable=False),
)

data_key = Table(
    "data_key",
    metadata,
    Column("workspace_id", Key, primary_key=True),  # "" for what belongs to no workspace
    Column("version", Counter, primary_key=True, autoincrement=False),
    key("key_id"),
    key("master_key_id"),
    Column("wrapped", LargeBinary, nullable=False),
    at(),
    UniqueConstraint("key_id", "version"),
)

search_entry = Table(  # derived: can be rebuilt
    "search_entry",
    metadata,
    Column("id", Counter, Identity(), primary_key=True),
    key("workspace_id"),
    key("prompt_id"),
    Column("name_terms", Prose, nullable=False),  # folded words, see store/search.py
    Column("tag_terms", Prose, nullable=False),
    Column("text_terms", Prose, nullable=False),
    of_prompt(),
    UniqueConstraint("workspace_id", "prompt_id"),
)

store_meta = Table(
    "store_meta",
    metadata,
    key("name", primary_key=True),
    Column("value", Prose, nullable=False),
)
