"""Which prompts a list is about, and in which order: one statement for pages, folders, ids and places."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import PromptFilter

from ..store import search as words
from ..store.paging import Sort
from ..store.tables import branch, deployment, draft, prompt, prompt_tag
from ..transaction import Tx

__all__ = ["Matching", "folder_of", "matching"]

folder_of: ColumnElement[str] = func.rtrim(prompt.c.name, func.replace(prompt.c.name, "/", ""))
"""The folder of a prompt, with its slash: what is left when all but slashes is cut off the end. "" at the top."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Ids of prompts, their order, and the name of both (a cursor is bound to it)."""

    statement: Select[Any]
    id: ColumnElement[str]
    """what ``statement`` selects; conditions may be added on it"""
    order: list[Sort]
    named: str
    counted: Select[Any]
    """as many rows of ``prompt``, with less work"""
    total: ColumnElement[int] | None = None
    """how many rows there are, where ``statement`` knows it"""


def matching(tx: Tx, asked: PromptFilter) -> Matching | None:
    """The prompts that are asked for. None when the search has no word that could be found.

    A search is in the order of how well they match, unless the order is asked for.
    """
    conditions = (prompt.c.workspace_id == tx.workspace_id, *_conditions(tx, asked))
    statement = select(prompt.c.id).where(*conditions)
    order = _order(asked)
    filtered = asked.model_dump_json(include=set(PromptFilter.model_fields))
    named = f"prompts:{hashlib.sha256(filtered.encode()).hexdigest()[:20]}"  # a cursor has a bounded length
    if not asked.search.strip():
        return Matching(statement, prompt.c.id, order, named, statement)
    unranked = words.matching(tx.conn, tx.workspace_id, asked.search, ranked=False)
    if unranked is None:
        return None
    counted = statement.join(unranked, unranked.c.prompt_id == prompt.c.id)
    if "sort" in asked.model_fields_set:
        return Matching(counted, prompt.c.id, order, named, counted)
    found = words.matching(tx.conn, tx.workspace_id, asked.search)
    assert found is not None
    # the rank needs all that match, so they are put aside once, without what is shown of them: the order and the total
    # are had from there
    hits = (
        select(prompt.c.id, prompt.c.name, found.c.rank)
        .join(found, found.c.prompt_id == prompt.c.id)
        .where(*conditions)
        .cte("hits")
        .prefix_with("MATERIALIZED")
    )
    total = select(func.count()).select_from(hits).scalar_subquery()
    by_rank = [Sort(hits.c.rank), Sort(hits.c.name)]
    return Matching(select(hits.c.id), hits.c.id, by_rank, f"{named}:ranked", counted, total)


def _order(asked: PromptFilter) -> list[Sort]:
    if asked.sort == "updated":
        return [Sort(prompt.c.updated_at, descending=True), Sort(prompt.c.id, descending=True)]
    if asked.sort == "created":
        return [Sort(prompt.c.id, descending=True)]  # ids are in the order in which they were made
    return [Sort(prompt.c.name)]


def _conditions(tx: Tx, asked: PromptFilter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = [
        prompt.c.archived_at.is_not(None) if asked.archived else prompt.c.archived_at.is_(None)
    ]
    folder = asked.folder.strip("/")
    if folder:
        # the character after "/" is "0": all names that begin with the folder, by the index on names
        made += [prompt.c.name >= f"{folder}/", prompt.c.name < f"{folder}0"]
    if asked.direct:
        made.append(folder_of == (f"{folder}/" if folder else ""))
    if wanted := sorted({tag.strip() for tag in asked.tags.split(",")} - {""}):
        # one subquery however many they are: planning an EXISTS for each takes PostgreSQL seconds
        tagged = (
            select(prompt_tag.c.prompt_id)
            .where(prompt_tag.c.workspace_id == tx.workspace_id, prompt_tag.c.tag.in_(wanted))
            .group_by(prompt_tag.c.prompt_id)
            .having(func.count() == len(wanted))
        )
        made.append(prompt.c.id.in_(tagged))
    if asked.draft:
        dirty = select(draft.c.prompt_id).where(draft.c.workspace_id == tx.workspace_id, draft.c.dirty)
        made.append(prompt.c.id.in_(dirty))
    if asked.served or asked.behind:
        made.append(prompt.c.id.in_(_served(tx, asked.served, behind=asked.behind)))
    if asked.mine:
        made.append(prompt.c.created_by == tx.caller.actor_id)
    return made


def _served(tx: Tx, environment: str, *, behind: bool) -> Select[Any]:
    """The prompts that an environment (any, for "") serves; or serves another version of than the newest."""
    newest = (
        select(
            deployment.c.prompt_id, deployment.c.environment, func.max(deployment.c.number).label("number")
        )
        .where(deployment.c.workspace_id == tx.workspace_id)
        .group_by(deployment.c.prompt_id, deployment.c.environment)
    )
    if environment:
        newest = newest.where(deployment.c.environment == environment)
    if not behind:
        return select(newest.subquery().c.prompt_id)
    last = newest.subquery()
    return (
        select(deployment.c.prompt_id)
        .join(
            last,
            (deployment.c.prompt_id == last.c.prompt_id)
            & (deployment.c.environment == last.c.environment)
            & (deployment.c.number == last.c.number),
        )
        .join(
            branch,
            (branch.c.workspace_id == deployment.c.workspace_id)
            & (branch.c.prompt_id == deployment.c.prompt_id)
            & (branch.c.name == DEFAULT_BRANCH),
        )
        .where(deployment.c.workspace_id == tx.workspace_id, branch.c.head != deployment.c.version_sha)
    )
