"""Protections of branches, how heads moved, and reviews with what decides them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, text

from ..types import Json, Key, Prose, Sealed
from ._base import at, child, key, member, metadata, of_prompt, of_version, workspace_key

__all__ = [
    "branch_move",
    "protection",
    "review",
    "review_check",
    "review_decision",
    "review_resolution",
    "review_reviewer",
]

_SINCE = {"since": "0003"}
_REVIEW = ["prompt_id", "number"]

protection = Table(
    "protection",
    metadata,
    workspace_key(),
    key("id", primary_key=True),
    key("prompts"),  # patterns
    key("branch"),
    Column("rules", Json, nullable=False),  # records.Rules
    key("created_by"),
    at(),
    key("updated_by"),
    at("updated_at"),
    member("created_by"),
    member("updated_by"),
    info=_SINCE,
)

branch_move = Table(  # a row per move of a head, and why it was let through
    "branch_move",
    metadata,
    workspace_key(),
    key("id", primary_key=True),  # sorts by time
    key("prompt_id"),
    key("branch"),  # not a foreign key: the branch may be deleted
    key("before", nullable=True),  # null: it was made
    key("after", nullable=True),  # null: it was deleted
    Column("review", Integer, nullable=True),  # the review that was merged
    key("digest", nullable=True),  # its review digest
    key("actor_id"),
    at(),
    of_prompt(),
    of_version("before"),
    of_version("after"),
    child(["prompt_id", "review"], "review", _REVIEW),
    member("actor_id"),
    Index(None, "workspace_id", "prompt_id", "branch", "id"),
    info=_SINCE,
)

review = Table(
    "review",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, ... per prompt
    Column("title", Prose, nullable=False),
    Column("description", Sealed(), nullable=False),  # sealed row key: f"{prompt_id}#{number}"
    key("source"),  # branches
    key("target"),
    Column(
        "state",
        Key,
        CheckConstraint("state IN ('draft', 'open', 'merged', 'closed')", "state"),
        nullable=False,
    ),
    Column("reverts", Integer, nullable=True),  # the review whose merge this takes back
    key("author_id"),
    at(),
    at("updated_at"),
    at("ended_at", nullable=True),
    key("ended_by", nullable=True),
    key("source_sha", nullable=True),  # of a merged one: both heads of that moment, and what came of them
    key("target_sha", nullable=True),
    key("merged_sha", nullable=True),
    key("digest", nullable=True),
    of_prompt(),
    of_version("source_sha"),
    of_version("target_sha"),
    of_version("merged_sha"),
    member("author_id"),
    member("ended_by"),
    CheckConstraint("(state = 'merged') = (merged_sha IS NOT NULL)", "merged"),
    CheckConstraint("(state IN ('merged', 'closed')) = (ended_at IS NOT NULL)", "ended"),
    Index(
        "uq_review_live",
        "workspace_id",
        "prompt_id",
        "source",
        "target",
        unique=True,
        sqlite_where=text("state IN ('draft', 'open')"),
        postgresql_where=text("state IN ('draft', 'open')"),
    ),
    Index(None, "workspace_id", "updated_at", "prompt_id", "number"),
    Index(None, "workspace_id", "author_id"),
    info=_SINCE,
)

review_reviewer = Table(  # who was asked
    "review_reviewer",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    key("actor_id", primary_key=True),
    key("asked_by"),
    at(),
    child(_REVIEW, "review", _REVIEW),
    member("actor_id"),
    member("asked_by"),
    Index(None, "workspace_id", "actor_id"),
    info=_SINCE,
)

review_decision = Table(  # each word of a reviewer; the newest one that is no comment counts
    "review_decision",
    metadata,
    workspace_key(),
    key("id", primary_key=True),  # sorts by time
    key("prompt_id"),
    Column("number", Integer, nullable=False),
    key("actor_id"),
    Column(
        "decision",
        Key,
        CheckConstraint("decision IN ('approve', 'request_changes', 'comment')", "decision"),
        nullable=False,
    ),
    key("digest", nullable=True),  # the review digest of what was looked at
    Column("body", Sealed(), nullable=False),  # sealed row key: the id
    at(),
    key("dismissed_by", nullable=True),
    at("dismissed_at", nullable=True),
    Column("dismissed_why", Prose, nullable=True),
    child(_REVIEW, "review", _REVIEW),
    member("actor_id"),
    member("dismissed_by"),
    Index(None, "workspace_id", "prompt_id", "number", "id"),
    info=_SINCE,
)

review_resolution = Table(  # what people decided about conflicts
    "review_resolution",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    key("conflict_id", primary_key=True),
    key("conflict_hash"),  # of the three sides that were looked at
    Column("resolution", Sealed(), nullable=False),  # sealed row key: f"{prompt_id}#{number}/{conflict_id}"
    key("actor_id"),
    at(),
    child(_REVIEW, "review", _REVIEW),
    member("actor_id"),
    info=_SINCE,
)

review_check = Table(  # the newest verdict of each name
    "review_check",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    key("name", primary_key=True),
    Column(
        "verdict",
        Key,
        CheckConstraint("verdict IN ('passed', 'failed', 'inconclusive')", "verdict"),
        nullable=False,
    ),
    key("digest"),
    Column("evidence", Json, nullable=False),
    key("evidence_digest"),
    Column("url", Prose, nullable=True),
    Column("summary", Prose, nullable=False, default=""),
    key("actor_id"),
    at(),
    child(_REVIEW, "review", _REVIEW),
    member("actor_id"),
    info=_SINCE,
)
