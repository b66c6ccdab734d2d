"""Checks of prompts that include a snippet under review."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table

from ..types import Json, Key, Prose
from ._base import at, child, key, member, metadata, of_prompt, workspace_key

__all__ = ["review_dependent_check"]

_REVIEW = ["prompt_id", "number"]

review_dependent_check = Table(  # of each name and prompt, the newest verdict on each text it may come to
    "review_dependent_check",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    key("dependent_id", primary_key=True),
    key("name", primary_key=True),
    key("digest", primary_key=True),  # the dependent digest
    Column(
        "verdict",
        Key,
        CheckConstraint("verdict IN ('passed', 'failed', 'inconclusive')", "verdict"),
        nullable=False,
    ),
    Column("evidence", Json, nullable=False),
    key("evidence_digest"),
    Column("url", Prose, nullable=True),
    Column("summary", Prose, nullable=False, default=""),
    key("actor_id"),
    at(),
    child(_REVIEW, "review", _REVIEW),
    of_prompt("dependent_id"),
    member("actor_id"),
    info={"since": "0005"},
)
