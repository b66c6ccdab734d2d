"""Model calls: the record, and apart from it the erasable payload; connections to models."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    text,
)

from ..types import Json, Key, Prose, Sealed
from ._base import at, child, key, member, metadata, of_prompt, of_version, workspace_key

__all__ = ["connection", "execution", "execution_payload"]

_STATES = "('pending', 'succeeded', 'failed', 'cancelled', 'incomplete')"

execution = Table(
    "execution",
    metadata,
    workspace_key(),
    key("id", primary_key=True),
    key("prompt_id", nullable=True),  # null: a text was run that is no prompt of the library
    key("version_sha", nullable=True),  # null: an unsaved text was run
    key("lock_hash", nullable=True),
    key("rendered_hash", nullable=True),
    key("environment", nullable=True),
    key("deployment_id", nullable=True),
    key("experiment_id", nullable=True),
    key("variant", nullable=True),
    key("subject", nullable=True),
    key("actor_id"),
    key("credential_id", nullable=True),
    key("via"),
    key("caller_kind"),
    Column("caller_notebook", Prose, nullable=True),
    key("caller_cell_id", nullable=True),
    key("connection", nullable=True),
    key("provider", nullable=True),
    key("model_asked"),
    key("model", nullable=True),  # the one that answered
    key("parent_id", nullable=True),
    Column("attempt", Integer, nullable=False, default=1),
    Column("state", Key, CheckConstraint(f"state IN {_STATES}", "state"), nullable=False),
    at(),
    at("first_token_at", nullable=True),
    at("ended_at", nullable=True),
    Column("latency_us", BigInteger, nullable=True),
    Column("input_tokens", BigInteger, nullable=True),
    Column("output_tokens", BigInteger, nullable=True),
    Column("cached_tokens", BigInteger, nullable=True),
    Column("total_tokens", BigInteger, nullable=True),
    Column("cost_nano_usd", BigInteger, nullable=True),
    Column("price", JSON(none_as_null=True), nullable=True),  # the price snapshot
    Column("budget_reserved_nano_usd", BigInteger, nullable=True),
    key("finish_reason", nullable=True),
    key("error_code", nullable=True),
    Column("error_message", Prose, nullable=True),
    key("idempotency_key", nullable=True),
    key("request_hash", nullable=True),
    key("text_hash", nullable=True),  # of a text that is no version
    of_prompt(),
    of_version("version_sha"),
    child(["environment"], "environment", ["name"]),
    child(["deployment_id"], "deployment", ["id"]),
    child(["parent_id"], "execution", ["id"]),
    member("actor_id"),
    CheckConstraint("(state = 'pending') = (ended_at IS NULL)", "ended"),
    Index(
        "uq_execution_idempotency",
        "workspace_id",
        "actor_id",
        "idempotency_key",
        unique=True,
        sqlite_where=text("idempotency_key IS NOT NULL"),
        postgresql_where=text("idempotency_key IS NOT NULL"),
    ),
    Index(None, "workspace_id", "created_at", "id"),
    Index(None, "workspace_id", "prompt_id", "created_at", "id"),
    Index(
        "ix_execution_pending",
        "workspace_id",
        "id",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)

execution_payload = Table(
    "execution_payload",
    metadata,
    workspace_key(),
    key("execution_id", primary_key=True),  # sealed row key
    Column("inputs", Sealed(), nullable=True),  # JSON
    Column("messages", Sealed(), nullable=True),  # JSON
    Column("output", Sealed(), nullable=True),
    Column("answer", Sealed(), nullable=True),  # JSON of ExecuteResponse, for a repeated Idempotency-Key
    at("expires_at", nullable=True),
    child(["execution_id"], "execution", ["id"]),
    Index(None, "expires_at"),
)

connection = Table(
    "connection",
    metadata,
    Column("workspace_id", Key, ForeignKey("workspace.id"), primary_key=True),
    key("name", primary_key=True),
    key("provider"),
    Column("base_url", Prose, nullable=True),
    Column("secret", Sealed(encrypted=True), nullable=True),  # sealed row key: the name
    key("secret_last4", nullable=True),
    Column("models", Json, nullable=False, default=list),
    key("api_version", nullable=True),
    Column("input_nano_usd_per_token", BigInteger, nullable=True),
    Column("output_nano_usd_per_token", BigInteger, nullable=True),
    Column("allow_private_address", Boolean, nullable=False, default=False),
    key("created_by"),
    at(),
    at("updated_at"),
    member("created_by"),
)
