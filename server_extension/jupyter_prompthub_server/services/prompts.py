"""Prompts: made, found, read, renamed, tagged, archived, restored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.errors import AlreadyExists, Conflict, InvalidInput
from jupyter_prompthub.core.names import check_name, slugify
from jupyter_prompthub.core.records import (
    NewPrompt,
    PromptDetail,
    PromptPage,
    PromptPatch,
    PromptQuery,
    TagCount,
    TagList,
)
from jupyter_prompthub.core.records.base import MOST_TAGS

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store import search as search_index
from ..store.clock import new_id
from ..store.paging import fetch
from ..store.tables import prompt, prompt_redirect, prompt_tag
from ..store.types import AnyRow
from ..targets import by_prompt, writable
from ..transaction import Tx
from . import draft_rows, gate, heads, refs, versions
from .prompt_filter import matching
from .prompt_rows import detail, prompts

__all__ = [
    "STARTER",
    "archive",
    "change_row",
    "check_tags",
    "create",
    "get",
    "insert_prompt",
    "rename",
    "restore",
    "search",
    "set_tags",
    "tags",
    "update_",
]

STARTER = """\
---
input:
  schema:
    user_message: string, what the person wrote
---
{{role "system"}}
You are a helpful assistant. Answer in one short paragraph.
{{role "user"}}
{{user_message}}
"""
"""the draft of a prompt that is made without a text"""


@operation(Permission.PROMPT_READ, no_audit="read")
def search(tx: Tx, query: PromptQuery) -> PromptPage:
    """List prompts: by words of name, title, tags and text, by tags, folder and state, or archived ones."""
    found = matching(tx, query)
    if found is None:
        return PromptPage(limit=query.limit, page=query.page, total=0)
    statement, counted, total = found.statement, found.counted, found.total
    if wanted := {one.strip() for one in query.ids.split(",")} - {""}:
        statement, counted, total = (
            statement.where(found.id.in_(wanted)),
            counted.where(prompt.c.id.in_(wanted)),
            None,
        )
    named = f"{found.named}:{query.ids}"
    paged = fetch(tx.conn, statement, found.order, query, named=named, counted=counted, total=total)
    ids = [row.id for row in paged.rows]
    rows = {row.id: row for row in tx.conn.execute(_ROWS, {"ws": tx.workspace_id, "ids": ids})}
    items = prompts(tx, [rows[one] for one in ids], asked=query.search.strip())
    return PromptPage(items=items, **paged.fields())


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def get(tx: Tx, target: AnyRow) -> PromptDetail:
    """One prompt, with its newest version's template, settings and variables."""
    return detail(tx, target)


@operation(Permission.PROMPT_READ, no_audit="read")
def tags(tx: Tx) -> TagList:
    """The tags in use, and how many prompts have each."""
    rows = tx.conn.execute(
        select(prompt_tag.c.tag, func.count())
        .join(
            prompt,
            (prompt.c.workspace_id == prompt_tag.c.workspace_id) & (prompt.c.id == prompt_tag.c.prompt_id),
        )
        .where(prompt_tag.c.workspace_id == tx.workspace_id, prompt.c.archived_at.is_(None))
        .group_by(prompt_tag.c.tag)
        .order_by(prompt_tag.c.tag)
    )
    return TagList(items=tuple(TagCount(tag=tag, prompts=count) for tag, count in rows))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_CREATE)
def create(tx: Tx, new: NewPrompt) -> PromptDetail:
    """Make a prompt with its first version; without a text, with a draft to begin from."""
    if new.content is not None and new.text is not None:
        raise InvalidInput("expected content (a template) or text (a whole file), got both")
    row = insert_prompt(
        tx,
        name=_name_for(tx, new),
        title=new.title,
        description=new.description,
        tags=new.tags,
    )
    tx.emit("prompt.created", prompt=row.id)
    text = new.text
    if text is not None and new.parameters is not None:
        text = versions.with_parameters(text, new.parameters)
    elif new.content is not None:
        text = promptfile.from_parts(new.content, parameters=new.parameters)
    if text is None:
        starter = versions.with_parameters(STARTER, new.parameters or {})
        tx.audit(prompt=row.id, name=row.name)
        draft_rows.start(tx, row, "main", text=starter, base=None)
        heads.reindex(tx, row, starter)
    else:
        versions.save_text(tx, row, text=text, message=new.commit_message)
        tx.audit(name=row.name)
    return detail(tx, by_prompt(tx, row.id))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_UPDATE, target=by_prompt)
def update_(tx: Tx, target: AnyRow, patch: PromptPatch) -> PromptDetail:
    """Rename (the old name leads here from then on), retitle, describe, retag."""
    writable(target)
    values: dict[str, Any] = {}
    if patch.name is not None and patch.name != target.name:
        rename(tx, target, patch.name)
        values["name"] = patch.name
        tx.audit(name=patch.name, name_before=target.name)
    if patch.title is not None and patch.title != target.title:
        values["title"] = patch.title
    if patch.description is not None and patch.description != target.description:
        values["description"] = patch.description
    retagged = patch.tags is not None and set_tags(tx, target.id, patch.tags)
    if not values and not retagged:
        tx.unchanged()
        return detail(tx, target)
    row = change_row(tx, target, updated_at=tx.now, **values)
    record = detail(tx, row)
    search_index.relabel(
        tx.conn,
        tx.workspace_id,
        row.id,
        name=row.name,
        title=row.title,
        tags=record.tags,
        description=row.description,
    )
    tx.audit(prompt=row.id)
    tx.emit("prompt.updated", prompt=row.id)
    return record


@operation(Permission.PROMPT_DELETE, tag=AuditTag.PROMPT_ARCHIVE, target=by_prompt)
def archive(tx: Tx, target: AnyRow) -> PromptDetail:
    """Take a prompt out of the library; its history stays, and it can be restored."""
    return _set_archived(tx, target, archived=True)


@operation(Permission.PROMPT_DELETE, tag=AuditTag.PROMPT_RESTORE, target=by_prompt)
def restore(tx: Tx, target: AnyRow) -> PromptDetail:
    """Bring an archived prompt back."""
    return _set_archived(tx, target, archived=False)


# ------------------------------------------------------------------ for other services


def insert_prompt(tx: Tx, *, name: str, title: str | None, description: str, tags: Sequence[str]) -> AnyRow:
    """A new row, with its tags; the caller has checked that the name is free.

    Args:
        title: None: made from the name's last part.
    """
    made = new_id()
    tx.conn.execute(
        insert(prompt).values(
            workspace_id=tx.workspace_id,
            id=made,
            name=name,
            title=title or name.rpartition("/")[2].replace("-", " ").replace("_", " ").capitalize(),
            description=description,
            versions=0,
            created_by=tx.caller.actor_id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    set_tags(tx, made, tags)
    return by_prompt(tx, made)


def set_tags(tx: Tx, prompt_id: str, wanted: Sequence[str]) -> bool:
    """Give a prompt exactly these tags; says whether that changed anything."""
    mine = (prompt_tag.c.workspace_id == tx.workspace_id, prompt_tag.c.prompt_id == prompt_id)
    present = set(tx.conn.scalars(select(prompt_tag.c.tag).where(*mine)))
    gone, fresh = present - set(wanted), sorted(set(wanted) - present)
    if gone:
        tx.conn.execute(delete(prompt_tag).where(*mine, prompt_tag.c.tag.in_(gone)))
    if fresh:
        rows = [{"workspace_id": tx.workspace_id, "prompt_id": prompt_id, "tag": tag} for tag in fresh]
        tx.conn.execute(insert(prompt_tag), rows)
    return bool(gone or fresh)


def check_tags(name: str, present: Collection[str], wanted: Collection[str]) -> None:
    """Refuse to give a prompt more tags than it may have. Of one that has too many already, tags can be taken.

    Raises:
        Conflict: more than 50.
    """
    if len(wanted) > max(MOST_TAGS, len(present)):
        raise Conflict(
            f"{name} would have {len(wanted)} tags; a prompt has at most {MOST_TAGS}: take some off first.",
            details={"tags": len(wanted), "limit": MOST_TAGS},
        )


def rename(tx: Tx, target: AnyRow, name: str) -> None:
    """Leave a redirect for a prompt that is to be called ``name``; the caller changes the row.

    Raises:
        AlreadyExists: the name is taken.
        InvalidInput: no prompt may be called that.
        Forbidden: other protections would hold, and that is not the caller's to decide.
    """
    if taken := refs.check_free_name(tx, name, target.id):
        raise AlreadyExists(f"{taken}; choose another name", details={"name": name})
    gate.renames(tx, target.name, name)
    mine = (prompt_redirect.c.workspace_id == tx.workspace_id, prompt_redirect.c.prompt_id == target.id)
    tx.conn.execute(delete(prompt_redirect).where(*mine, prompt_redirect.c.name == name))
    tx.conn.execute(
        insert(prompt_redirect).values(
            workspace_id=tx.workspace_id, name=target.name, prompt_id=target.id, created_at=tx.now
        )
    )


# statements built once: building costs more than running
_ROWS = select(prompt).where(
    prompt.c.workspace_id == bindparam("ws"), prompt.c.id.in_(bindparam("ids", expanding=True))
)
_CHANGE = (
    update(prompt)
    .where(prompt.c.workspace_id == bindparam("ws"), prompt.c.id == bindparam("prompt"))
    .returning(prompt)
)


def change_row(tx: Tx, target: AnyRow, **values: Any) -> AnyRow:
    """Set columns of a prompt's row; the row as it is then."""
    return tx.conn.execute(_CHANGE, {"ws": tx.workspace_id, "prompt": target.id, **values}).one()


# ------------------------------------------------------------------ how


def _name_for(tx: Tx, new: NewPrompt) -> str:
    """The name asked for, or a free one made from the title."""
    if new.name is not None:
        if taken := refs.check_free_name(tx, new.name):
            raise AlreadyExists(f"{taken}; choose another name", details={"name": new.name})
        return new.name
    wanted = slugify(new.title) if new.title is not None else "untitled"
    name, number = wanted, 1
    while refs.check_free_name(tx, name):
        number += 1
        name = f"{wanted}-{number}"
    return check_name(name)


def _set_archived(tx: Tx, target: AnyRow, *, archived: bool) -> PromptDetail:
    if (target.archived_at is not None) == archived:
        tx.unchanged()
        return detail(tx, target)
    row = change_row(tx, target, archived_at=tx.now if archived else None, updated_at=tx.now)
    tx.audit(prompt=target.id, name=target.name)
    tx.emit("prompt.archived" if archived else "prompt.restored", prompt=target.id)
    return detail(tx, row)
