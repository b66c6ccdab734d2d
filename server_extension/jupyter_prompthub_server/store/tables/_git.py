"""The commits of git repositories that versions were made from."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from ..types import Sealed
from ._base import at, key, metadata, of_version, workspace_key

__all__ = ["git_commit"]

git_commit = Table(
    "git_commit",
    metadata,
    workspace_key(),
    key("prompt_id", primary_key=True),
    key("id", primary_key=True),  # git's
    key("sha"),
    Column("raw", Sealed(), nullable=False),  # the commit object in base64; sealed row key: the SHA
    at(),
    of_version("sha"),
    Index(None, "workspace_id", "prompt_id", "sha"),
    info={"since": "0006"},
)
