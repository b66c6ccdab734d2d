"""Where branches point, and the one way to move them: past the gate, by compare-and-set."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from jupyter_prompthub.core.errors import NotFound, StaleHead
from jupyter_prompthub.core.names import DEFAULT_BRANCH

from ..store import search
from ..store.tables import branch, prompt_tag, version
from ..store.types import AnyRow
from ..transaction import Tx
from . import gate, review_events
from .gate import Landed

__all__ = ["delete_branch", "head_of", "insert_branch", "move", "point", "reindex", "stale"]

# Statements are built once: building them costs more than running them.
_HERE: tuple[BindParameter[Any], BindParameter[Any]] = (bindparam("ws"), bindparam("prompt"))
_HEAD = select(version.c.sha, version.c.content_hash, version.c.text_hash, version.c.lock_hash).where(
    version.c.workspace_id == _HERE[0],
    version.c.prompt_id == _HERE[1],
    # not a join: in an import the branch's row has as many dead copies as it has versions
    version.c.sha
    == select(branch.c.head)
    .where(
        branch.c.workspace_id == _HERE[0],
        branch.c.prompt_id == _HERE[1],
        branch.c.name == bindparam("branch"),
    )
    .scalar_subquery(),
)
_MOVE = update(branch).where(
    branch.c.workspace_id == _HERE[0],
    branch.c.prompt_id == _HERE[1],
    branch.c.name == bindparam("branch"),
    branch.c.head == bindparam("old"),
)
_TAGS = (
    select(prompt_tag.c.tag)
    .where(prompt_tag.c.workspace_id == _HERE[0], prompt_tag.c.prompt_id == _HERE[1])
    .order_by(prompt_tag.c.tag)
)


def head_of(tx: Tx, row: AnyRow, name: str) -> AnyRow | None:
    """The head of branch ``name``: its SHA and hashes. None for ``main`` of a prompt without versions.

    Raises:
        NotFound: no such branch.
    """
    found = tx.conn.execute(_HEAD, {"ws": tx.workspace_id, "prompt": row.id, "branch": name}).one_or_none()
    if found is None and not (name == DEFAULT_BRANCH and row.versions == 0):
        raise NotFound(f"{row.name} has no branch {name!r}: create it first.", details={"branch": name})
    return found


def stale(expected: str | None, head: str | None) -> StaleHead:
    """The refusal of a save on a head that is not there any more."""
    return StaleHead(
        f"The branch has moved on: expected its head to be {(expected or 'none')[:12]}, it is {(head or 'none')[:12]}. "
        "Nothing was changed. Look at what is new, then save again.",
        details={"expected": expected, "head": head},
    )


def move(
    tx: Tx,
    row: AnyRow,
    name: str,
    old: str | None,
    new: str,
    *,
    landed: Landed | None = None,
    fresh: bool = False,
) -> None:
    if old is None:
        insert_branch(tx, row, name, new, fresh=fresh)
        return
    gate.passes(tx, row, name, old, new, landed=landed, fresh=fresh)
    moved = tx.conn.execute(
        _MOVE,
        {
            "ws": tx.workspace_id,
            "prompt": row.id,
            "branch": name,
            "old": old,
            "head": new,
            "updated_at": tx.now,
        },
    )
    if moved.rowcount != 1:
        raise stale(old, None)
    review_events.moved(tx, row, name)


def point(
    tx: Tx, row: AnyRow, name: str, old: str, new: str, text: str, *, landed: Landed | None = None
) -> None:
    """Move a branch to a version that is there; ``text`` is that version's.

    Raises:
        StaleHead: its head is not ``old`` any more.
        Protected: the branch may not move like that.
    """
    move(tx, row, name, old, new, landed=landed)
    if name == DEFAULT_BRANCH:
        reindex(tx, row, text)


def insert_branch(tx: Tx, row: AnyRow, name: str, head: str, *, fresh: bool = False) -> None:
    """A new branch of the prompt ``row``; the caller has checked that the name is free.

    Raises:
        Protected: no branch of that name may start there.
    """
    gate.passes(tx, row, name, None, head, fresh=fresh)
    tx.conn.execute(
        insert(branch).values(
            workspace_id=tx.workspace_id,
            prompt_id=row.id,
            name=name,
            head=head,
            created_by=tx.caller.actor_id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )


def delete_branch(tx: Tx, row: AnyRow, name: str, head: str) -> None:
    """Delete a branch's row; nothing may refer to it any more.

    Raises:
        Protected: it may not be deleted.
    """
    gate.passes(tx, row, name, head, None)
    tx.conn.execute(
        delete(branch).where(
            branch.c.workspace_id == tx.workspace_id, branch.c.prompt_id == row.id, branch.c.name == name
        )
    )


def reindex(tx: Tx, row: AnyRow, text: str) -> None:
    """Renew the prompt's entry in the search index. ``row`` has its name, title and description as they are now."""
    tags = tx.conn.scalars(_TAGS, {"ws": tx.workspace_id, "prompt": row.id}).all()
    search.index(
        tx.conn,
        tx.workspace_id,
        row.id,
        name=row.name,
        title=row.title,
        tags=tags,
        text=text,
        description=row.description,
    )
