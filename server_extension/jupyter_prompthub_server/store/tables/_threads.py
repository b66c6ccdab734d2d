"""Conversations of reviews: where they are anchored, what was said, who was mentioned."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from ..types import Sealed
from ._base import at, child, key, member, metadata, of_version, workspace_key

__all__ = ["review_comment", "review_mention", "review_thread"]

_SINCE = {"since": "0004"}
_REVIEW = ["prompt_id", "number"]

review_thread = Table(
    "review_thread",
    metadata,
    workspace_key(),
    key("id", primary_key=True),  # sorts by time
    key("prompt_id"),
    Column("number", Integer, nullable=False),
    key("version_sha"),  # what was looked at
    key("path", nullable=True),  # a unit of it; null: about the whole review
    Column("start", Integer, nullable=True),  # code points of the unit's source
    Column("end", Integer, nullable=True),
    key("created_by"),
    at(),
    key("resolved_by", nullable=True),
    at("resolved_at", nullable=True),
    child(_REVIEW, "review", _REVIEW),
    of_version("version_sha"),
    member("created_by"),
    member("resolved_by"),
    Index(None, "workspace_id", "prompt_id", "number", "id"),
    info=_SINCE,
)

review_comment = Table(
    "review_comment",
    metadata,
    workspace_key(),
    key("id", primary_key=True),  # sorts by time
    key("thread_id"),
    key("author_id"),
    Column("body", Sealed(), nullable=False),  # sealed row key: the id
    Column("suggestion", Sealed(), nullable=True),  # sealed row key: the id
    key("prompt_id"),
    key("applied_sha", nullable=True),
    at(),
    at("edited_at", nullable=True),
    child(["thread_id"], "review_thread", ["id"]),
    of_version("applied_sha"),
    member("author_id"),
    Index(None, "workspace_id", "thread_id", "id"),
    info=_SINCE,
)

review_mention = Table(
    "review_mention",
    metadata,
    workspace_key(),
    key("comment_id", primary_key=True),
    key("actor_id", primary_key=True),
    key("prompt_id"),
    Column("number", Integer, nullable=False),
    child(["comment_id"], "review_comment", ["id"]),
    child(_REVIEW, "review", _REVIEW),
    member("actor_id"),
    Index(None, "workspace_id", "actor_id", "prompt_id", "number"),
    info=_SINCE,
)
