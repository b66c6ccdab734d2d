"""Drafts: the documents of rooms (a seed and updates in order), who edited, and texts that were replaced."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Table

from ..types import Counter, Json, Sealed
from ._base import at, child, key, member, metadata, of_prompt, of_version, workspace_key

__all__ = ["draft", "draft_editor", "draft_kept", "draft_update"]

_DRAFT = ["prompt_id", "branch"]

draft = Table(
    "draft",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("branch", primary_key=True),  # not a foreign key: a draft may come before its branch's first version
    key("session"),  # uuid: another one when a draft is deleted and made again
    key("base_sha", nullable=True),
    Column(
        "text", Sealed(), nullable=False
    ),  # the seed; never changes; sealed row key: f"{prompt_id}/{branch}"
    key("text_hash"),
    Column("dirty", Boolean, nullable=False, default=False),
    Column("problems", Json, nullable=False, default=list),
    Column("next_seq", Counter, nullable=False, default=1),  # of draft_update
    at(),
    at("updated_at"),
    of_prompt(),
    of_version("base_sha"),
)

draft_update = Table(  # Yjs updates; the seed, then these in order of seq, give the document
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

draft_kept = Table(  # texts that were replaced in one go; the newest can be brought back
    "draft_kept",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("branch", primary_key=True),
    key("id", primary_key=True),  # sorts by time
    Column("text", Sealed(), nullable=False),  # sealed row key: the id
    key("base_sha", nullable=True),
    key("reason"),  # restore, update, put, undo
    key("actor_id"),
    at(),
    child(_DRAFT, "draft", _DRAFT),
    member("actor_id"),
    of_version("base_sha"),
)
