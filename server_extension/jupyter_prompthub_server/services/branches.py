"""Branches: mutable names whose head is a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from jupyter_prompthub.core.errors import AlreadyExists
from jupyter_prompthub.core.history import ahead_behind
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import Branch, BranchList, BranchMove, NewBranch

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso
from ..store.tables import branch, version
from ..store.types import AnyRow
from ..targets import BranchTarget, by_branch, by_prompt, writable
from ..transaction import Tx
from . import branch_ends, heads, refs
from .around import actors
from .edges import Edges
from .version_rows import SHORT, text_of

__all__ = ["create", "delete_", "list_", "move"]


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def list_(tx: Tx, prompt: AnyRow) -> BranchList:
    """List branches, ``main`` first, each with how far it is from ``main``."""
    rows = _rows(tx, prompt)
    main = next((row.number for row in rows if row.name == DEFAULT_BRANCH), None)
    return BranchList(items=_records(tx, prompt, rows, main))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.BRANCH_CREATE, target=by_prompt)
def create(tx: Tx, prompt: AnyRow, new: NewBranch) -> Branch:
    """Make a branch whose head is a version."""
    writable(prompt)
    if taken := refs.check_free_ref(tx, prompt.id, new.name, "branch name"):
        raise AlreadyExists(f"{taken} is called {new.name!r} already; choose another name")
    sha = refs.resolve(tx, prompt, new.base_version).sha
    heads.insert_branch(tx, prompt, new.name, sha)
    tx.audit(prompt=prompt.id, branch=new.name, version=sha)
    tx.emit("branch.created", prompt=prompt.id, branch=new.name)
    return _one(tx, prompt, new.name)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.BRANCH_MOVE, target=by_branch)
def move(tx: Tx, target: BranchTarget, to: BranchMove) -> Branch:
    """Point a branch at another version of the prompt."""
    prompt, row = target.prompt, target.branch
    writable(prompt)
    if to.expected_head is not None and to.expected_head != row.head:
        raise heads.stale(to.expected_head, row.head)
    sha = refs.resolve(tx, prompt, to.version).sha
    if sha == row.head:
        tx.unchanged()
        return _one(tx, prompt, row.name)
    head = tx.conn.execute(
        select(version.c.sha, version.c.text).where(*_here(tx, version, target), version.c.sha == sha)
    ).one()
    heads.point(tx, prompt, row.name, row.head, sha, text_of(tx, head))
    tx.audit(prompt=prompt.id, branch=row.name, version=sha, before=row.head)
    tx.emit("branch.moved", prompt=prompt.id, branch=row.name)
    return _one(tx, prompt, row.name)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.BRANCH_DELETE, target=by_branch)
def delete_(tx: Tx, target: BranchTarget) -> None:
    """Delete a branch; its versions stay, named by their SHA."""
    prompt, row = target.prompt, target.branch
    writable(prompt)
    branch_ends.remove(tx, prompt, row.name, row.head)


def _here(tx: Tx, table: Any, target: BranchTarget) -> tuple[Any, ...]:
    return table.c.workspace_id == tx.workspace_id, table.c.prompt_id == target.prompt.id


def _rows(tx: Tx, prompt: AnyRow, *names: str) -> Sequence[AnyRow]:
    """Branches with the numbers of their heads; without names all of them."""
    found = (
        select(branch, version.c.number)
        .join(
            version,
            (version.c.workspace_id == branch.c.workspace_id)
            & (version.c.prompt_id == branch.c.prompt_id)
            & (version.c.sha == branch.c.head),
        )
        .where(branch.c.workspace_id == tx.workspace_id, branch.c.prompt_id == prompt.id)
    )
    return tx.conn.execute(found.where(branch.c.name.in_(names)) if names else found).all()


def _one(tx: Tx, prompt: AnyRow, name: str) -> Branch:
    numbers = {row.name: row for row in _rows(tx, prompt, name, DEFAULT_BRANCH)}
    return _records(tx, prompt, [numbers[name]], numbers[DEFAULT_BRANCH].number)[0]


def _records(tx: Tx, prompt: AnyRow, rows: Sequence[AnyRow], main: int | None) -> tuple[Branch, ...]:
    people = actors(tx, (row.created_by for row in rows))
    edges = Edges(tx, prompt.id)
    made = []
    for row in sorted(rows, key=lambda row: (row.name != DEFAULT_BRANCH, row.name)):
        ahead, behind = ahead_behind(row.number, main, edges) if main is not None else (0, 0)
        made.append(
            Branch(
                name=row.name,
                head=row.head,
                short=row.head[:SHORT],
                created_at=iso(row.created_at),
                updated_at=iso(row.updated_at),
                created_by=people[row.created_by],
                ahead=ahead,
                behind=behind,
            )
        )
    return tuple(made)
