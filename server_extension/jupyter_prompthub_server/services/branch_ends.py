"""Branches that go, with all that stands on them: drafts, and the reviews from or into them."""

from __future__ import annotations

from sqlalchemy import delete, select

from jupyter_prompthub.core.errors import Conflict
from jupyter_prompthub.core.names import DEFAULT_BRANCH

from ..store.tables import draft, draft_editor, draft_kept, draft_update
from ..store.types import AnyRow
from ..transaction import Tx
from . import heads, review_ends

__all__ = ["kept_for", "remove"]


def kept_for(tx: Tx, prompt: AnyRow, name: str) -> str | None:
    """Why nobody may delete a branch of the prompt; None: nothing that this module knows of is in the way."""
    if name == DEFAULT_BRANCH:
        return f"{DEFAULT_BRANCH} cannot be deleted; archive the prompt instead."
    dirty = select(draft.c.dirty).where(
        draft.c.workspace_id == tx.workspace_id, draft.c.prompt_id == prompt.id, draft.c.branch == name
    )
    if tx.conn.execute(dirty).scalar_one_or_none():
        return (
            f"the draft of {name} holds edits that are not saved: save them, or take the branch head into the "
            "draft, then delete the branch."
        )
    return None


def remove(tx: Tx, prompt: AnyRow, name: str, head: str) -> None:
    """Delete a branch, close its reviews, and tell of it; its versions stay.

    Raises:
        Conflict: it is kept for something.
        Protected: it may not be deleted.
    """
    if why := kept_for(tx, prompt, name):
        raise Conflict(why, details={"branch": name})
    for table in (draft_kept, draft_editor, draft_update, draft):
        tx.conn.execute(
            delete(table).where(
                table.c.workspace_id == tx.workspace_id,
                table.c.prompt_id == prompt.id,
                table.c.branch == name,
            )
        )
    heads.delete_branch(tx, prompt, name, head)
    review_ends.close(tx, prompt, name)
    tx.audit(prompt=prompt.id, branch=name, before=head)
    tx.emit("branch.deleted", prompt=prompt.id, branch=name)
