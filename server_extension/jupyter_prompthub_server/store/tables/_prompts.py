"""Prompts, their versions and branches, and what environments serve of them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from ..types import Json, Key, Prose, Sealed
from ._base import at, child, key, member, metadata, of_prompt, of_version, workspace_key

__all__ = [
    "branch",
    "deployment",
    "environment",
    "prompt",
    "prompt_redirect",
    "prompt_tag",
    "version",
    "version_editor",
    "version_parent",
    "version_snippet",
    "version_tag",
]

prompt = Table(
    "prompt",
    metadata,
    Column("workspace_id", Key, ForeignKey("workspace.id"), primary_key=True),
    key("id", primary_key=True),
    key("name"),
    Column("title", Prose, nullable=False),
    Column("description", Prose, nullable=False, default=""),
    Column("versions", Integer, nullable=False, default=0),  # how many; the newest one's number
    at("archived_at", nullable=True),
    key("created_by"),
    at(),
    at("updated_at"),
    member("created_by"),
    UniqueConstraint("workspace_id", "name"),
    Index(None, "workspace_id", "updated_at", "id"),
)

prompt_redirect = Table(  # a name that a prompt had
    "prompt_redirect",
    metadata,
    workspace_key(),
    key("name", primary_key=True),
    key("prompt_id"),
    at(),
    of_prompt(),
)

prompt_tag = Table(
    "prompt_tag",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("tag", primary_key=True),
    of_prompt(),
    Index(None, "workspace_id", "tag", "prompt_id"),
)

version = Table(  # insert-only
    "version",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("sha", primary_key=True),
    Column("number", Integer, nullable=False),
    key("content_hash"),
    key("text_hash"),
    key("lock_hash"),
    Column("text", Sealed(), nullable=False),  # sealed row key: the SHA
    Column("content", Sealed(), nullable=False),  # JSON of records.Content, derived from the text
    Column("lock", Json, nullable=False),  # prompt id -> SHA, transitively
    Column("commit_message", Prose, nullable=False),
    key("author_id"),
    key("credential_id", nullable=True),
    key("via"),
    at(),
    # of a commit that was brought in: NAME <MAIL>, and its time, as they stand there
    Column("git_author", Prose, nullable=True),
    at("git_authored_at", nullable=True),
    of_prompt(),
    member("author_id"),
    UniqueConstraint("workspace_id", "sha"),
    UniqueConstraint("workspace_id", "prompt_id", "number"),
    Index(None, "workspace_id", "prompt_id", "created_at"),
)

version_parent = Table(  # insert-only
    "version_parent",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("sha", primary_key=True),
    Column("position", Integer, primary_key=True),
    key("parent_sha"),
    of_version("sha"),
    of_version("parent_sha"),
    Index(None, "workspace_id", "prompt_id", "parent_sha"),
)

version_snippet = Table(  # insert-only; the lock as rows, so that dependents can be listed
    "version_snippet",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("sha", primary_key=True),
    key("snippet_prompt_id", primary_key=True),
    key("snippet_sha"),
    key("name", nullable=True),  # as the template says it; null: reached through another snippet
    key("ref", nullable=True),
    of_version("sha"),
    of_version("snippet_sha", "snippet_prompt_id"),
    Index(None, "workspace_id", "snippet_prompt_id", "prompt_id"),
)

version_tag = Table(
    "version_tag",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("name", primary_key=True),
    key("sha"),
    key("created_by"),
    at(),
    of_version("sha"),
    member("created_by"),
    Index(None, "workspace_id", "prompt_id", "sha"),
)

version_editor = Table(  # insert-only; who edited the draft that became the version
    "version_editor",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("sha", primary_key=True),
    key("actor_id", primary_key=True),
    of_version("sha"),
    member("actor_id"),
)

branch = Table(
    "branch",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("name", primary_key=True),
    key("head"),
    key("created_by"),
    at(),
    at("updated_at"),
    of_version("head"),
    member("created_by"),
    Index(None, "workspace_id", "prompt_id", "head"),
)

environment = Table(
    "environment",
    metadata,
    Column("workspace_id", Key, ForeignKey("workspace.id"), primary_key=True),
    key("name", primary_key=True),
    Column("position", Integer, nullable=False),
    at(),
)

deployment = Table(  # insert-only; an environment serves the row with the highest number
    "deployment",
    metadata,
    workspace_key(),
    key("id", primary_key=True),
    key("environment"),
    key("prompt_id"),
    Column("number", Integer, nullable=False),  # 1, 2, ... per (environment, prompt)
    key("version_sha"),
    key("previous_id", nullable=True),
    Column("action", Key, CheckConstraint("action IN ('promote', 'rollback')", "action"), nullable=False),
    Column("reason", Prose, nullable=False, default=""),
    key("actor_id"),
    key("credential_id", nullable=True),
    key("via"),
    at(),
    child(["environment"], "environment", ["name"]),
    of_version("version_sha"),
    child(["previous_id"], "deployment", ["id"]),
    member("actor_id"),
    CheckConstraint("(number = 1) = (previous_id IS NULL)", "first"),
    UniqueConstraint("workspace_id", "prompt_id", "environment", "number"),
)
