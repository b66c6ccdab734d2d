"""Sets of inputs with a name, kept with a prompt for everybody in the workspace."""

from __future__ import annotations

from sqlalchemy import Column, Table, UniqueConstraint

from ..types import Sealed
from ._base import at, key, member, metadata, of_prompt, workspace_key

__all__ = ["sample"]

sample = Table(
    "sample",
    metadata,
    workspace_key(),
    key("id", primary_key=True),
    key("prompt_id"),
    key("name"),
    Column("inputs", Sealed(), nullable=False),  # JSON; sealed row key: the id
    key("created_by"),
    at(),
    key("updated_by"),
    at("updated_at"),
    of_prompt(),
    member("created_by"),
    member("updated_by"),
    UniqueConstraint("workspace_id", "prompt_id", "name"),
    info={"since": "0002"},
)
