"""The rows of drafts: what operations on drafts read and write. See ``docs/formats/drafts.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.history import ahead_behind, walk
from jupyter_prompthub.core.names import unescape_branch
from jupyter_prompthub.core.records import ActorRef, Draft

from ..rooms.document import Document, replay, seed, text_of
from ..store.clock import iso, new_id
from ..store.tables import (
    actor,
    draft,
    draft_editor,
    draft_update,
    version,
)
from ..store.types import AnyRow
from ..targets import by_prompt
from ..transaction import Tx
from . import kept_texts
from .edges import Edges
from .refs import head as head_of

__all__ = [
    "DraftTarget",
    "add_editor",
    "add_updates",
    "behind",
    "by_draft",
    "clear_editors",
    "count_updates",
    "current_text",
    "describe",
    "document",
    "draft_row",
    "editors",
    "ensure",
    "name_of",
    "replace_updates",
    "set_draft",
    "start",
    "version_text",
    "version_text_hash",
]


@dataclass(frozen=True, slots=True)
class DraftTarget:
    """A draft as its path names it. ``row`` is None where nobody has opened it yet: it is then the
    head's text."""

    prompt: AnyRow
    branch: str
    head: str | None
    row: AnyRow | None

    @property
    def ids(self) -> dict[str, str]:
        """The draft's key in tables and events."""
        return {"prompt_id": self.prompt.id, "branch": self.branch}


def by_draft(tx: Tx, prompt_id: str, branch: str) -> DraftTarget:
    """Load a draft's prompt, branch head and row.

    Raises:
        NotFound: no such prompt or branch in this workspace.
    """
    found = by_prompt(tx, prompt_id)
    try:
        name = unescape_branch(branch)
    except InvalidInput:  # what no branch could be called is not there
        raise NotFound("There is no such branch.") from None
    head = head_of(tx, prompt_id, name)
    row = draft_row(tx, prompt_id, name)
    if head is None and (row is None or row.base_sha is not None):
        raise NotFound("There is no such branch.")
    return DraftTarget(found, name, head, row)


def draft_row(tx: Tx, prompt_id: str, name: str) -> AnyRow | None:
    """The draft's row."""
    return tx.conn.execute(select(draft).where(*_here(tx, draft, prompt_id, name))).one_or_none()


def ensure(tx: Tx, target: DraftTarget) -> AnyRow:
    """The draft's row, made from the head when there is none."""
    if target.row is not None:
        return target.row
    text = version_text(tx, target.prompt.id, target.head) if target.head else ""
    return start(tx, target.prompt, target.branch, text=text, base=target.head, dirty=False)


def start(tx: Tx, prompt: AnyRow, name: str, *, text: str, base: str | None, dirty: bool = True) -> AnyRow:
    """Make a draft that holds ``text``, where there is none yet.

    Args:
        base: the version that it starts from; None where the branch has none.
        dirty: ``text`` is not that version's.
    """
    key = f"{prompt.id}/{name}"
    made = tx.conn.execute(
        insert(draft)
        .values(
            workspace_id=tx.workspace_id,
            prompt_id=prompt.id,
            branch=name,
            session=new_id(),
            base_sha=base,
            text=tx.codec.seal(draft.c.text, key, text),
            text_hash=text_hash(text),
            dirty=dirty,
            problems=[],
            next_seq=1,
            created_at=tx.now,
            updated_at=tx.now,
        )
        .returning(draft)
    ).one()
    if dirty:
        add_editor(tx, DraftTarget(prompt, name, base, made), tx.caller.actor_id)
        tx.emit("draft.changed", prompt=prompt.id, branch=name)
    return made


def document(tx: Tx, target: DraftTarget, row: AnyRow) -> Document:
    """The draft's document: its seed, then its updates in order."""
    stored = tx.conn.execute(
        select(draft_update.c.seq, draft_update.c.update)
        .where(*_of(tx, draft_update, target))
        .order_by(draft_update.c.seq)
    )
    first = seed(tx.codec.open(draft.c.text, _key(target), row.text))
    updates = (
        tx.codec.open_bytes(draft_update.c.update, f"{_key(target)}/{r.seq}", r.update) for r in stored
    )
    return replay((first, *updates))


def add_updates(tx: Tx, target: DraftTarget, updates: Sequence[bytes], actor_id: str | None) -> None:
    """Append to the log, in order."""
    if not updates:
        return
    last: int = tx.conn.execute(
        update(draft)
        .where(*_of(tx, draft, target))
        .values(next_seq=draft.c.next_seq + len(updates))
        .returning(draft.c.next_seq)
    ).scalar_one()
    first = last - len(updates)
    tx.conn.execute(
        insert(draft_update),
        [
            {
                "workspace_id": tx.workspace_id,
                **target.ids,
                "seq": seq,
                "update": tx.codec.seal(draft_update.c.update, f"{_key(target)}/{seq}", data),
                "actor_id": actor_id,
                "created_at": tx.now,
            }
            for seq, data in enumerate(updates, first)
        ],
    )


def count_updates(tx: Tx, target: DraftTarget) -> int:
    """How long the log is."""
    count: int = tx.conn.execute(
        select(func.count()).select_from(draft_update).where(*_of(tx, draft_update, target))
    ).scalar_one()
    return count


def replace_updates(tx: Tx, target: DraftTarget, state: bytes) -> None:
    """Put one update in the place of all."""
    tx.conn.execute(delete(draft_update).where(*_of(tx, draft_update, target)))
    add_updates(tx, target, [state], None)


def set_draft(tx: Tx, target: DraftTarget, **values: Any) -> None:
    """Change columns of the draft's row."""
    tx.conn.execute(update(draft).where(*_of(tx, draft, target)).values(updated_at=tx.now, **values))


def add_editor(tx: Tx, target: DraftTarget, actor_id: str) -> None:
    """Note that an actor changed the text."""
    mine = (*_of(tx, draft_editor, target), draft_editor.c.actor_id == actor_id)
    done = tx.conn.execute(update(draft_editor).where(*mine).values(last_at=tx.now))
    if not done.rowcount:
        tx.conn.execute(
            insert(draft_editor).values(
                workspace_id=tx.workspace_id,
                **target.ids,
                actor_id=actor_id,
                first_at=tx.now,
                last_at=tx.now,
            )
        )


def editors(tx: Tx, target: DraftTarget) -> tuple[ActorRef, ...]:
    """Who changed the text since the last save, first one first."""
    rows = tx.conn.execute(
        select(actor.c.id, actor.c.display_name, actor.c.kind)
        .join(draft_editor, draft_editor.c.actor_id == actor.c.id)
        .where(*_of(tx, draft_editor, target))
        .order_by(draft_editor.c.first_at, actor.c.id)
    )
    return tuple(ActorRef(id=r.id, display_name=r.display_name, kind=r.kind) for r in rows)


def name_of(tx: Tx, actor_id: str) -> str:
    """An actor's display name; "" for nobody known."""
    name: str | None = tx.conn.execute(
        select(actor.c.display_name).where(actor.c.id == actor_id)
    ).scalar_one_or_none()
    return name or ""


def clear_editors(tx: Tx, target: DraftTarget) -> None:
    """A save begins anew."""
    tx.conn.execute(delete(draft_editor).where(*_of(tx, draft_editor, target)))


def version_text(tx: Tx, prompt_id: str, sha: str) -> str:
    """A version's text."""
    sealed = tx.conn.execute(
        select(version.c.text).where(*_version(tx, prompt_id), version.c.sha == sha)
    ).scalar_one()
    return tx.codec.open(version.c.text, sha, sealed)


def version_text_hash(tx: Tx, prompt_id: str, sha: str | None) -> str | None:
    """The hash of a version's text."""
    return tx.conn.execute(
        select(version.c.text_hash).where(*_version(tx, prompt_id), version.c.sha == sha)
    ).scalar_one_or_none()


def behind(tx: Tx, prompt_id: str, base: str | None, head: str | None) -> int:
    """How many versions ``head`` has that ``base`` does not have."""
    if head is None or base == head:
        return 0
    found = tx.conn.execute(
        select(version.c.sha, version.c.number).where(
            *_version(tx, prompt_id), version.c.sha.in_({head, base or head})
        )
    )
    numbers = {row.sha: row.number for row in found}
    parents = Edges(tx, prompt_id)
    if base is None:
        return sum(1 for _ in walk([numbers[head]], parents))
    return ahead_behind(numbers[head], numbers[base], parents)[0]


def describe(tx: Tx, target: DraftTarget, row: AnyRow | None, text: str) -> Draft:
    """The record of a draft that holds ``text``."""
    clean = row is None or not row.dirty
    base = target.head if row is None or (clean and target.head) else row.base_sha
    kept = None if row is None else kept_texts.newest(tx, target.ids)
    return Draft(
        prompt_id=target.prompt.id,
        branch=target.branch,
        base_sha=base,
        head_sha=target.head,
        behind=behind(tx, target.prompt.id, base, target.head),
        dirty=not clean,
        text=text,
        text_hash=text_hash(text),
        editors=editors(tx, target),
        updated_at=iso(row.updated_at) if row is not None else None,
        problems=promptfile.check(text)[1],
        kept_at=iso(kept) if kept is not None else None,
    )


def current_text(tx: Tx, target: DraftTarget) -> str:
    """What the draft holds: a clean one that is behind holds the head's text, taken over or not yet."""
    if target.row is None or (not target.row.dirty and target.head not in (None, target.row.base_sha)):
        return version_text(tx, target.prompt.id, target.head) if target.head else ""
    return text_of(document(tx, target, target.row))


def _version(tx: Tx, prompt_id: str) -> tuple[Any, ...]:
    return version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt_id


def _key(target: DraftTarget) -> str:
    return f"{target.prompt.id}/{target.branch}"


def _of(tx: Tx, table: Any, target: DraftTarget) -> Iterable[Any]:
    return _here(tx, table, target.prompt.id, target.branch)


def _here(tx: Tx, table: Any, prompt_id: str, name: str) -> tuple[Any, ...]:
    return (
        table.c.workspace_id == tx.workspace_id,
        table.c.prompt_id == prompt_id,
        table.c.branch == name,
    )
