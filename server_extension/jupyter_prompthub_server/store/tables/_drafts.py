"""Drafts: the documents of rooms, their updates in order, and what a room still has to do."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table

from ..types import Counter, Json, Sealed
from ._base import at, child, key, member, metadata, of_prompt, of_version, workspace_key

__all__ = ["draft", "draft_editor", "draft_pending", "draft_update"]

_DRAFT = ["prompt_id", "branch"]

draft = Table(
    "draft",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("branch", primary_key=True),  # not a foreign key: a draft may come before its branch's first version
    key("base_sha", nullable=True),
    Column("text", Sealed(), nullable=False),  # sealed row key: f"{prompt_id}/{branch}"
    key("text_hash"),
    Column("dirty", Boolean, nullable=False, default=False),
    Column("problems", Json, nullable=False, default=list),
    Column("next_seq", Counter, nullable=False, default=1),  # of draft_update
    at(),
    at("updated_at"),
    of_prompt(),
    of_version("base_sha"),
)

draft_update = Table(  # Yjs updates; applied in order of seq they give the document
    "draft_update",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("branch", primary_key=True),
    Column("seq", Counter, primary_key=True, autoincrement=False),
    Column("update", Sealed(), nullable=False),  # sealed row key: f"{prompt_id}/{branch}/{seq}"
    key("actor_id", nullable=True),
    at(),
    child(_DRAFT, "draft", _DRAFT),
    member("actor_id"),
)

draft_editor = Table(  # who edited since the last save
    "draft_editor",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("branch", primary_key=True),
    key("actor_id", primary_key=True),
    at("first_at"),
    at("last_at"),
    child(_DRAFT, "draft", _DRAFT),
    member("actor_id"),
)

draft_pending = Table(  # a change that a committed transaction owes to a room; deleted when done
    "draft_pending",
    metadata,
    workspace_key(),
    key("id", primary_key=True),  # sorts by time
    key("prompt_id"),
    key("branch"),
    key("kind"),
    Column("data", Sealed(), nullable=False),  # JSON; sealed row key: the id
    key("actor_id", nullable=True),
    at(),
    Column("attempts", Integer, nullable=False, default=0),
    of_prompt(),
    member("actor_id"),
    Index(None, "workspace_id", "prompt_id", "branch", "id"),
)
