"""The same change of many prompts in one transaction: tags, archive, folder, and back again.

Each prompt is decided by itself, before anything is written for it: what one refuses is reported, and the others are
changed. Each has its own audit entry, so that the log of one prompt is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from jupyter_prompthub.core.errors import Conflict, InvalidInput, NotFound, PromptHubError
from jupyter_prompthub.core.records import BulkChange, BulkFailure, BulkItem, BulkReport

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store import search
from ..store.tables import prompt, prompt_tag
from ..store.types import AnyRow
from ..targets import writable
from ..transaction import Tx
from .prompts import change_row, check_tags, rename, set_tags

__all__ = ["change"]


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_BULK, alone=True)
def change(tx: Tx, new: BulkChange) -> BulkReport:
    """Tag, archive, restore, move or rename many prompts; the answer holds what undoes it."""
    if new.from_folder is not None and new.folder is None:
        raise InvalidInput("from_folder says what to keep of names when they move: expected folder beside it")
    if new.archived is not None or any(item.archived is not None for item in new.items):
        tx.require(Permission.PROMPT_DELETE)
    items = {item.id: item for item in new.items}
    rows = _rows(tx, items)
    tags = _tags(tx, items)
    undo: list[BulkItem] = []
    failed: list[BulkFailure] = []
    for item in items.values():
        row = rows.get(item.id)
        try:
            if row is None:
                raise NotFound("There is no such prompt here.")
            before = _apply(tx, row, tags.get(row.id, frozenset()), new, item)
        except PromptHubError as error:
            name = row.name if row is not None else ""
            failed.append(BulkFailure(id=item.id, name=name, code=error.code, message=error.message))
            continue
        if before is not None:
            undo.append(before)
    if not undo:
        tx.unchanged()
    tx.audit(prompts=str(len(undo)))
    return BulkReport(
        changed=len(undo),
        unchanged=len(items) - len(undo) - len(failed),
        failed=tuple(failed),
        undo=tuple(undo),
    )


def _apply(tx: Tx, row: AnyRow, tags: frozenset[str], new: BulkChange, item: BulkItem) -> BulkItem | None:
    """Change one prompt; what takes that back, or None where nothing changes. Refuses before it writes."""
    archived = item.archived if item.archived is not None else new.archived
    name = _name(row, new, item)
    wanted = (tags | {*item.add_tags, *new.add_tags}) - {*item.remove_tags, *new.remove_tags}
    moves = name != row.name
    retagged = wanted != tags
    archives = archived is not None and archived != (row.archived_at is not None)
    if not (moves or retagged or archives):
        return None
    if (moves or retagged) and not (archives and not archived):
        writable(row)
    check_tags(row.name, tags, wanted)
    before: dict[str, Any] = {"id": row.id}
    values: dict[str, Any] = {"updated_at": tx.now}
    if moves:
        rename(tx, row, name)  # the last step that can refuse
        values["name"] = name
        before |= {"name": row.name, "name_before": name}
    if retagged:
        set_tags(tx, row.id, sorted(wanted))
        before |= {"add_tags": tuple(sorted(tags - wanted)), "remove_tags": tuple(sorted(wanted - tags))}
    if archives:
        values["archived_at"] = tx.now if archived else None
        before["archived"] = not archived
    change_row(tx, row, **values)
    if moves or retagged:
        search.relabel(
            tx.conn,
            tx.workspace_id,
            row.id,
            name=name,
            title=row.title,
            tags=sorted(wanted),
            description=row.description,
        )
        renamed = {"name_before": row.name} if moves else {}
        tx.audit_also(AuditTag.PROMPT_UPDATE, prompt=row.id, name=name, **renamed)
        tx.emit("prompt.updated", prompt=row.id)
    if archives:
        tx.audit_also(
            AuditTag.PROMPT_ARCHIVE if archived else AuditTag.PROMPT_RESTORE, prompt=row.id, name=name
        )
        tx.emit("prompt.archived" if archived else "prompt.restored", prompt=row.id)
    return BulkItem(**before)


def _name(row: AnyRow, new: BulkChange, item: BulkItem) -> str:
    if item.name is not None:
        if item.name_before not in (None, row.name):
            raise Conflict(
                f"it is called {row.name} by now, not {item.name_before}; its name is left as it is. Rename it yourself "
                "if you want to.",
                details={"name": row.name},
            )
        return item.name
    if new.folder is None:
        return str(row.name)
    kept = str(row.name).rpartition("/")[2]
    if new.from_folder is not None:
        start = _folder(new.from_folder)
        if not row.name.startswith(start):
            raise InvalidInput(
                f"{row.name} is not in the folder {new.from_folder}", details={"name": row.name}
            )
        kept = row.name[len(start) :]
    return _folder(new.folder) + kept


def _folder(path: str) -> str:
    path = path.strip("/")
    return f"{path}/" if path else ""


def _rows(tx: Tx, ids: Iterable[str]) -> Mapping[str, AnyRow]:
    found = select(prompt).where(prompt.c.workspace_id == tx.workspace_id, prompt.c.id.in_(ids))
    return {row.id: row for row in tx.conn.execute(found)}


def _tags(tx: Tx, ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    mine = (prompt_tag.c.workspace_id == tx.workspace_id, prompt_tag.c.prompt_id.in_(ids))
    for prompt_id, tag in tx.conn.execute(select(prompt_tag.c.prompt_id, prompt_tag.c.tag).where(*mine)):
        found.setdefault(prompt_id, set()).add(tag)
    return {prompt_id: frozenset(tags) for prompt_id, tags in found.items()}
