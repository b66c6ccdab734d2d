"""Texts of a draft that were kept before they were replaced: what *undo* brings back. See ``docs/formats/drafts.md``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from jupyter_prompthub.core.errors import Conflict

from ..store.clock import new_id
from ..store.tables import draft_kept
from ..transaction import Tx

__all__ = ["keep", "newest", "take"]

_MOST = 20

Draft = Mapping[str, str]
"""the draft's key: ``prompt_id`` and ``branch``"""


def keep(tx: Tx, draft: Draft, text: str, base: str | None, reason: str) -> None:
    """Keep a text that is about to be replaced; the oldest beyond 20 go."""
    new = new_id()
    tx.conn.execute(
        insert(draft_kept).values(
            workspace_id=tx.workspace_id,
            **draft,
            id=new,
            text=tx.codec.seal(draft_kept.c.text, new, text),
            base_sha=base,
            reason=reason,
            actor_id=tx.caller.actor_id,
            created_at=tx.now,
        )
    )
    old = tx.conn.scalars(
        select(draft_kept.c.id).where(*_of(tx, draft)).order_by(draft_kept.c.id.desc()).offset(_MOST)
    ).all()
    if old:
        tx.conn.execute(delete(draft_kept).where(*_of(tx, draft), draft_kept.c.id.in_(old)))


def take(tx: Tx, draft: Draft) -> tuple[str, str | None]:
    """The newest kept text and its base; it is not kept any more.

    Raises:
        Conflict: nothing is kept.
    """
    row = tx.conn.execute(
        select(draft_kept).where(*_of(tx, draft)).order_by(draft_kept.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        raise Conflict("There is nothing to undo: no text of this draft was replaced.")
    tx.conn.execute(delete(draft_kept).where(*_of(tx, draft), draft_kept.c.id == row.id))
    return tx.codec.open(draft_kept.c.text, row.id, row.text), row.base_sha


def newest(tx: Tx, draft: Draft) -> datetime | None:
    """When a text was kept last."""
    found: datetime | None = tx.conn.execute(
        select(func.max(draft_kept.c.created_at)).where(*_of(tx, draft))
    ).scalar_one_or_none()
    return found


def _of(tx: Tx, draft: Draft) -> tuple[Any, ...]:
    return (
        draft_kept.c.workspace_id == tx.workspace_id,
        draft_kept.c.prompt_id == draft["prompt_id"],
        draft_kept.c.branch == draft["branch"],
    )
