"""Versions by pages: of a prompt or of a branch, by author and words of the message."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.history import walk
from jupyter_prompthub.core.names import is_sha_prefix
from jupyter_prompthub.core.records import VersionPage, VersionQuery

from ..store.paging import COUNTED, Sort, fetch
from ..store.tables import actor, version
from ..store.types import AnyRow
from ..transaction import Tx
from . import refs
from .edges import Edges
from .version_rows import SUMMARY, summaries

__all__ = ["here", "page"]


def page(tx: Tx, prompt: AnyRow, query: VersionQuery) -> VersionPage:
    """One page of a prompt's versions, newest first."""
    mine = _matching(tx, prompt, query)
    named = f"versions:{query.author or ''}:{query.search}"
    if query.branch is None:
        paged = fetch(tx.conn, mine, [Sort(version.c.number, descending=True)], query, named=named)
        return VersionPage(items=summaries(tx, paged.rows), **paged.fields())
    return _of_branch(tx, prompt, mine, query)


def here(tx: Tx, prompt: AnyRow) -> tuple[ColumnElement[bool], ...]:
    """That a version is one of this prompt."""
    return version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt.id


def _matching(tx: Tx, prompt: AnyRow, query: VersionQuery) -> Select[Any]:
    statement = select(*SUMMARY).where(*here(tx, prompt))
    if query.author:
        named = select(actor.c.id).where(_contains(actor.c.display_name, query.author))
        statement = statement.where(
            or_(
                version.c.author_id == query.author,
                version.c.author_id.in_(named),
                _contains(version.c.git_author, query.author),
            )
        )
    for word in query.search.split():
        fits = _contains(version.c.commit_message, word)
        if is_sha_prefix(prefix := word.lower()):
            fits = or_(fits, and_(version.c.sha >= prefix, version.c.sha < prefix + "g"))
        statement = statement.where(fits)
    return statement


def _contains(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(word.lower(), autoescape=True)
    return found


def _of_branch(tx: Tx, prompt: AnyRow, mine: Select[Any], query: VersionQuery) -> VersionPage:
    """One page of what a branch's head came from. A cursor holds where the walk stands, so that a later page
    costs what an earlier one does."""
    edges = Edges(tx, prompt.id)
    starts = _starts(tx, prompt, query)
    skip = ((query.page or 1) - 1) * query.limit
    if skip + query.limit > COUNTED:
        raise InvalidInput(
            f"page {query.page} goes beyond row {COUNTED}: go on with next_cursor instead of page"
        )
    rows: list[AnyRow] = []
    numbers = walk(starts, edges)
    while len(rows) <= skip + query.limit and (run := list(islice(numbers, query.limit + 1))):
        rows += tx.conn.execute(mine.where(version.c.number.in_(run)).order_by(version.c.number.desc())).all()
    shown = rows[skip : skip + query.limit]
    cursor = None
    if len(rows) > skip + query.limit:
        cursor = _frontier(starts, shown[-1].number, edges)
    return VersionPage(items=summaries(tx, shown), next_cursor=cursor, page=query.page, limit=query.limit)


def _starts(tx: Tx, prompt: AnyRow, query: VersionQuery) -> list[int]:
    if query.cursor:
        if query.page is not None:
            raise InvalidInput("expected cursor or page, got both")
        parts = query.cursor.removeprefix("b").split("-")
        if not query.cursor.startswith("b") or not all(p.isdecimal() and len(p) < 10 for p in parts):
            raise InvalidInput("this cursor is not one of this list: start again without a cursor")
        return [int(part) for part in parts]
    sha = refs.resolve(tx, prompt, query.branch or "").sha
    return [
        tx.conn.execute(select(version.c.number).where(*here(tx, prompt), version.c.sha == sha)).scalar_one()
    ]


def _frontier(starts: Sequence[int], last: int, edges: Edges) -> str | None:
    """The versions that the walk would go to after ``last``."""
    ahead: set[int] = set()
    for number in walk(starts, edges):
        if number < last:
            break
        ahead.update(edges(number))
    left = sorted((number for number in ahead | set(starts) if number < last), reverse=True)
    return "b" + "-".join(map(str, left)) if left else None
