"""Operations of the tests' own: run by the real dispatcher, kept out of the table of operations."""

from __future__ import annotations

from contextlib import suppress

from jupyter_prompthub_server.access.permissions import AuditTag, Permission
from jupyter_prompthub_server.operations import OPERATIONS, Operation, operation
from jupyter_prompthub_server.store.clock import new_id
from jupyter_prompthub_server.store.tables import prompt
from jupyter_prompthub_server.transaction import Tx
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from jupyter_prompthub.core.errors import Conflict, NotFound, Unauthenticated
from jupyter_prompthub.core.records import Input, Record

__all__ = [
    "ALL",
    "Note",
    "NoteIn",
    "add",
    "break_off",
    "denied_inside",
    "everything",
    "expire",
    "read",
    "rename",
    "try_out",
]


class NoteIn(Input):
    """A prompt with a name, and nothing else."""

    name: str


class Note(Record):
    """A prompt's id, name and how often it was renamed."""

    id: str
    name: str
    versions: int = 0


def _by_id(tx: Tx, prompt_id: str) -> Note:
    row = tx.conn.execute(
        select(prompt).where(prompt.c.workspace_id == tx.workspace_id, prompt.c.id == prompt_id)
    ).one_or_none()
    if row is None:
        raise NotFound("no such prompt")
    return Note(id=row.id, name=row.name, versions=row.versions)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_CREATE)
def add(tx: Tx, note: NoteIn) -> Note:
    """Insert a row."""
    row_id = new_id()
    tx.conn.execute(
        insert(prompt).values(
            workspace_id=tx.workspace_id,
            id=row_id,
            name=note.name,
            title=note.name,
            created_by=tx.caller.actor_id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    tx.audit(prompt=row_id)
    tx.audit_content("title", note.name)
    tx.emit("prompt.created", prompt=row_id)
    return Note(id=row_id, name=note.name)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_UPDATE, target=_by_id)
def rename(tx: Tx, target: Note, note: NoteIn) -> Note:
    """Rename a row, reading its counter before writing it; nothing happens if the name is the same."""
    if target.name == note.name:
        tx.unchanged()
        return target
    tx.conn.execute(
        update(prompt)
        .where(prompt.c.workspace_id == tx.workspace_id, prompt.c.id == target.id)
        .values(name=note.name, versions=target.versions + 1)
    )
    tx.emit("prompt.updated", prompt=target.id)
    return Note(id=target.id, name=note.name, versions=target.versions + 1)


@operation(Permission.PROMPT_READ, no_audit="read", target=_by_id)
def read(tx: Tx, target: Note) -> Note:
    """Read one row."""
    return target


@operation(Permission.PROMPT_READ, no_audit="read")
def everything(tx: Tx) -> list[str]:
    """Read the names of all rows."""
    found = tx.conn.execute(select(prompt.c.name).where(prompt.c.workspace_id == tx.workspace_id))
    return sorted(found.scalars())


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_CREATE)
def break_off(tx: Tx, note: NoteIn) -> Note:
    """Insert a row and an event, then fail."""
    tx.emit("prompt.created", prompt="x")
    _insert(tx, note)
    raise Conflict("changed its mind")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.PROMPT_CREATE)
def denied_inside(tx: Tx, note: NoteIn) -> Note:
    """Insert a row, then ask for a finer permission."""
    _insert(tx, note)
    tx.require(Permission.DEPLOY_PRODUCTION)
    return Note(id="", name=note.name)


@operation(Permission.SELF, tag=AuditTag.SESSION_REFRESH)
def expire(tx: Tx, note: NoteIn) -> Note:
    """Insert a row that stays, although the answer is an error."""
    _insert(tx, note)
    tx.fail_after_commit(Unauthenticated("this token was used before"), AuditTag.SESSION_REUSE)
    return Note(id="", name=note.name)


@operation(Permission.PROMPT_WRITE, no_audit="a dry run", dry=True)
def try_out(tx: Tx, note: NoteIn) -> list[str]:
    """Insert a row twice, each time as a part that may fail alone, and read all names."""
    for _ in range(2):
        with suppress(IntegrityError), tx.part():
            tx.emit("prompt.created", prompt="x")
            tx.audit(prompt=note.name)
            _insert(tx, note)
    assert len(tx.notices) == 1
    found = tx.conn.execute(select(prompt.c.name).where(prompt.c.workspace_id == tx.workspace_id))
    return sorted(found.scalars())


def _insert(tx: Tx, note: NoteIn) -> None:
    tx.conn.execute(
        insert(prompt).values(
            workspace_id=tx.workspace_id,
            id=new_id(),
            name=note.name,
            title="",
            created_by=tx.caller.actor_id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )


ALL: tuple[Operation, ...] = (add, rename, read, everything, break_off, denied_inside, expire, try_out)
for _each in ALL:
    del OPERATIONS[_each.name]
