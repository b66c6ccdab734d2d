"""The library as a whole: its folders, and where things are in it."""

from __future__ import annotations

from sqlalchemy import func, select

from jupyter_prompthub.core.records import (
    FolderCount,
    FolderList,
    Position,
    PositionQuery,
    PromptFilter,
    PromptIds,
)

from ..access.permissions import Permission
from ..operations import operation
from ..store.paging import COUNTED
from ..store.tables import prompt
from ..transaction import Tx
from .prompt_filter import folder_of, matching

__all__ = ["folders", "ids", "position"]


@operation(Permission.PROMPT_READ, no_audit="read")
def folders(tx: Tx, query: PromptFilter) -> FolderList:
    """List the folders that hold a matching prompt, with how many they hold: the tree without its leaves."""
    found = matching(tx, query)
    if found is None:
        return FolderList(items=(), total=0)
    inner = found.counted.with_only_columns(folder_of.label("path")).subquery()
    rows = tx.conn.execute(select(inner.c.path, func.count()).group_by(inner.c.path).order_by(inner.c.path))
    items = tuple(FolderCount(path=path, prompts=count) for path, count in rows)
    return FolderList(items=items, total=sum(item.prompts for item in items))


@operation(Permission.PROMPT_READ, no_audit="read")
def ids(tx: Tx, query: PromptFilter) -> PromptIds:
    """The ids of all matching prompts, in their order: what selecting everything selects."""
    found = matching(tx, query)
    if found is None:
        return PromptIds(ids=())
    order = [sort.column.desc() if sort.descending else sort.column.asc() for sort in found.order]
    statement = found.statement.order_by(*order).limit(COUNTED)
    return PromptIds(ids=tuple(tx.conn.scalars(statement)))


@operation(Permission.PROMPT_READ, no_audit="read")
def position(tx: Tx, query: PositionQuery) -> Position:
    """Say where a name, or the first one that begins so, stands among the matching prompts by name."""
    found = matching(tx, query)
    if found is None:
        return Position(position=0)
    names = found.counted.with_only_columns(prompt.c.name)
    there = tx.conn.scalars(names.where(prompt.c.name >= query.name).order_by(prompt.c.name).limit(1)).first()
    before = found.counted.with_only_columns(prompt.c.id).where(prompt.c.name < query.name).subquery()
    count = tx.conn.execute(select(func.count()).select_from(before)).scalar_one()
    return Position(position=int(count), name=there)
