"""A copy of a prompt: its newest text under another name, without the history."""

from __future__ import annotations

from jupyter_prompthub.core.errors import AlreadyExists
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import Duplicate, PromptDetail

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.types import AnyRow
from ..targets import by_prompt
from ..transaction import Tx
from . import draft_rows, heads, refs, versions
from .prompt_rows import detail
from .prompts import insert_prompt
from .version_rows import SHORT

__all__ = ["duplicate"]

_LONGEST_TITLE = 200


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_CREATE, target=by_prompt)
def duplicate(tx: Tx, target: AnyRow, new: Duplicate) -> PromptDetail:
    """Copy the newest version of ``main`` as the first version of a new prompt; of a prompt that is only a draft,
    the draft."""
    record = detail(tx, target)
    name = _name(tx, target.name, new.name)
    row = insert_prompt(
        tx,
        name=name,
        title=f"{target.title[: _LONGEST_TITLE - 7]} (copy)",
        description=target.description,
        tags=record.tags,
    )
    tx.emit("prompt.created", prompt=row.id)
    if record.head is None:
        text = draft_rows.current_text(tx, draft_rows.by_draft(tx, target.id, DEFAULT_BRANCH))
        draft_rows.start(tx, row, DEFAULT_BRANCH, text=text, base=None)
        heads.reindex(tx, row, text)
    else:
        message = f"Copy of {target.name} at {record.head.sha[:SHORT]}"
        versions.save_text(tx, row, text=record.text, message=message)
    tx.audit(prompt=row.id, name=name, copy_of=target.id)
    return detail(tx, by_prompt(tx, row.id))


def _name(tx: Tx, source: str, wanted: str | None) -> str:
    if wanted is not None:
        if taken := refs.check_free_name(tx, wanted):
            raise AlreadyExists(f"{taken}; choose another name", details={"name": wanted})
        return wanted
    name, number = f"{source}-copy", 1
    while refs.check_free_name(tx, name):
        number += 1
        name = f"{source}-copy-{number}"
    return name
