"""One metadata for both databases, and the recurring columns and keys."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, MetaData

from ..types import Instant, Key

__all__ = ["at", "child", "key", "member", "metadata", "of_prompt", "of_version", "workspace_key"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str, **options: Any) -> Column[str]:
    """An id, name or SHA; not null unless said."""
    return Column(name, Key, **{"nullable": False, **options})


def at(name: str = "created_at", **options: Any) -> Column[Any]:
    """A moment; not null unless said."""
    return Column(name, Instant, **{"nullable": False, **options})


def workspace_key() -> Column[str]:
    """The owning workspace, first column of the primary key."""
    return key("workspace_id", primary_key=True)


def child(columns: list[str], table: str, targets: list[str], **options: Any) -> ForeignKeyConstraint:
    """A foreign key that stays inside the workspace."""
    return ForeignKeyConstraint(
        ["workspace_id", *columns],
        [f"{table}.workspace_id", *(f"{table}.{name}" for name in targets)],
        **options,
    )


def member(column: str) -> ForeignKeyConstraint:
    """``column`` holds an actor that is (or was) a member of the row's workspace."""
    return child([column], "membership", ["actor_id"])


def of_prompt(column: str = "prompt_id", **options: Any) -> ForeignKeyConstraint:
    """``column`` holds a prompt of the row's workspace."""
    return child([column], "prompt", ["id"], **options)


def of_version(column: str, prompt: str = "prompt_id", **options: Any) -> ForeignKeyConstraint:
    """``column`` holds a version of the prompt in column ``prompt``."""
    return child([prompt, column], "version", ["prompt_id", "sha"], **options)
