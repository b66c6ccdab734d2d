"""Workspaces, actors and how they prove themselves."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint

from ..types import Key, Prose
from ._base import at, key, member, metadata, workspace_key

__all__ = [
    "account",
    "actor",
    "api_key",
    "invitation",
    "membership",
    "refresh_token",
    "revoked_jti",
    "workspace",
]

_ROLES = "('viewer', 'engineer', 'team_lead', 'admin')"

workspace = Table(
    "workspace",
    metadata,
    key("id", primary_key=True),
    key("name", unique=True),
    at(),
)

actor = Table(
    "actor",
    metadata,
    key("id", primary_key=True),
    Column(
        "kind",
        Key,
        CheckConstraint("kind IN ('person', 'api_key', 'service', 'runner')", "kind"),
        nullable=False,
    ),
    Column("display_name", Prose, nullable=False, default=""),
    key("subject", nullable=True, unique=True),
    # who an outer identity provider says it is, e.g. "jupyter:alice", "hub:alice"; null: our own account
    Column("default_workspace_id", Key, ForeignKey("workspace.id"), nullable=True),
    Column("disabled", Boolean, nullable=False, default=False),
    at(),
    at("erased_at", nullable=True),
)

account = Table(
    "account",
    metadata,
    Column("actor_id", Key, ForeignKey("actor.id"), primary_key=True),
    key("email", unique=True),  # lower case
    Column("password_hash", Prose, nullable=False),
    at(),
    at("password_changed_at", nullable=True),
)

membership = Table(
    "membership",
    metadata,
    Column("workspace_id", Key, ForeignKey("workspace.id"), primary_key=True),
    Column("actor_id", Key, ForeignKey("actor.id"), primary_key=True),
    Column("role", Key, CheckConstraint(f"role IN {_ROLES}", "role"), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    at(),
    Index(None, "actor_id"),
)

invitation = Table(
    "invitation",
    metadata,
    workspace_key(),
    key("id", primary_key=True),
    key("token_hash", unique=True),
    key("email", nullable=True),
    Column("role", Key, CheckConstraint(f"role IN {_ROLES}", "role"), nullable=False),
    key("created_by"),
    at(),
    at("expires_at"),
    at("used_at", nullable=True),
    key("used_by", nullable=True),
    member("created_by"),
    member("used_by"),
)

api_key = Table(
    "api_key",
    metadata,
    workspace_key(),
    key("id", primary_key=True),
    key("actor_id"),
    Column("name", Prose, nullable=False),
    Column("role", Key, CheckConstraint(f"role IN {_ROLES}", "role"), nullable=True),  # null: the owner's
    key("key_hash", unique=True),
    key("last4"),
    at(),
    at("expires_at", nullable=True),
    at("last_used_at", nullable=True),
    at("revoked_at", nullable=True),
    member("actor_id"),
    Index(None, "workspace_id", "actor_id"),
)

refresh_token = Table(
    "refresh_token",
    metadata,
    key("id", primary_key=True),
    key("family"),
    Column("actor_id", Key, ForeignKey("actor.id"), nullable=False),
    Column("workspace_id", Key, ForeignKey("workspace.id"), nullable=False),
    key("token_hash"),
    at(),
    at("expires_at"),
    at("used_at", nullable=True),
    at("revoked_at", nullable=True),
    UniqueConstraint("token_hash"),
    Index(None, "family"),
    Index(None, "actor_id"),
)

revoked_jti = Table(
    "revoked_jti",
    metadata,
    key("jti", primary_key=True),
    at("revoked_at"),
    at("expires_at"),
)
