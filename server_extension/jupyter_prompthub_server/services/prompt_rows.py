"""Rows of prompts as records: a fixed number of statements for any number of prompts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from jupyter_prompthub.core import prompt as engine
from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import (
    Content,
    Prompt,
    PromptDetail,
    ServedIn,
    VersionSummary,
)

from ..store import search
from ..store.clock import iso
from ..store.tables import branch, draft, prompt, prompt_tag, version, version_snippet
from ..store.types import AnyRow
from ..transaction import Tx
from .snippets import texts_of_version
from .version_rows import SHORT, SUMMARY, actors, current_deployments, summaries, text_of

__all__ = ["detail", "prompts"]


def prompts(tx: Tx, rows: Sequence[AnyRow], *, asked: str = "") -> tuple[Prompt, ...]:
    """Records of rows of ``prompt``, in their order.

    Args:
        asked: the search that found them; their matching lines are then marked.
    """
    if not rows:
        return ()
    ids = [row.id for row in rows]
    heads, texts = _heads(tx, ids, with_text=bool(asked))
    people = actors(tx, (row.created_by for row in rows))
    tags = _many(tx, prompt_tag.c.prompt_id, prompt_tag.c.tag, prompt_tag, ids)
    branches = _many(tx, branch.c.prompt_id, branch.c.name, branch, ids)
    drafts = set(
        tx.conn.scalars(
            select(draft.c.prompt_id).where(
                draft.c.workspace_id == tx.workspace_id, draft.c.prompt_id.in_(ids), draft.c.dirty
            )
        )
    )
    served = _served(tx, ids)
    included = _included(tx, ids)
    return tuple(
        Prompt(
            id=row.id,
            workspace_id=row.workspace_id,
            name=row.name,
            title=row.title,
            description=row.description,
            tags=tuple(sorted(tags[row.id])),
            archived=row.archived_at is not None,
            created_at=iso(row.created_at),
            updated_at=iso(row.updated_at),
            created_by=people[row.created_by],
            head=heads.get(row.id),
            versions=row.versions,
            branches=tuple(
                sorted({DEFAULT_BRANCH, *branches[row.id]}, key=lambda name: (name != DEFAULT_BRANCH, name))
            ),
            has_draft=row.id in drafts,
            served=tuple(served[row.id]),
            snippet_of=included.get(row.id, 0),
            highlight=_highlight(asked, row, tags[row.id], texts.get(row.id, "")) if asked else None,
        )
        for row in rows
    )


def detail(tx: Tx, row: AnyRow) -> PromptDetail:
    """One prompt with its head's template, settings and variables (those of its snippets too)."""
    (record,) = prompts(tx, [row])
    fields = record.model_dump()
    if record.head is None:
        return PromptDetail(**fields)
    head = tx.conn.execute(
        select(version.c.sha, version.c.text, version.c.content, version.c.lock).where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == row.id,
            version.c.sha == record.head.sha,
        )
    ).one()
    text = text_of(tx, head)
    content = Content.model_validate_json(tx.codec.open(version.c.content, head.sha, head.content))
    variables = content.variables
    if head.lock:
        snippets = texts_of_version(tx, row.id, head.sha, head.lock)
        variables = engine.compile(text, snippets=snippets).variables
    parameters = dict(content.parameters)
    if content.model is not None:
        parameters["model"] = content.model
    return PromptDetail(
        **fields,
        content=promptfile.parse(text).body,
        parameters=parameters,
        text=text,
        variables=variables,
    )


def _heads(
    tx: Tx, ids: Sequence[str], *, with_text: bool
) -> tuple[dict[str, VersionSummary], dict[str, str]]:
    """The heads of ``main`` by prompt, and their texts where they are wanted."""
    columns = (*SUMMARY, version.c.text) if with_text else SUMMARY
    rows = tx.conn.execute(
        select(*columns)
        .join(
            branch,
            (branch.c.workspace_id == version.c.workspace_id)
            & (branch.c.prompt_id == version.c.prompt_id)
            & (branch.c.head == version.c.sha),
        )
        .where(
            branch.c.workspace_id == tx.workspace_id,
            branch.c.prompt_id.in_(ids),
            branch.c.name == DEFAULT_BRANCH,
        )
    ).all()
    texts = {row.prompt_id: text_of(tx, row) for row in rows} if with_text else {}
    return {one.prompt_id: one for one in summaries(tx, rows)}, texts


def _many(tx: Tx, owner: Any, value: Any, table: Any, ids: Sequence[str]) -> defaultdict[str, list[str]]:
    made: defaultdict[str, list[str]] = defaultdict(list)
    rows = tx.conn.execute(
        select(owner, value).where(table.c.workspace_id == tx.workspace_id, owner.in_(ids))
    )
    for prompt_id, one in rows:
        made[prompt_id].append(one)
    return made


def _served(tx: Tx, ids: Sequence[str]) -> defaultdict[str, list[ServedIn]]:
    made: defaultdict[str, list[ServedIn]] = defaultdict(list)
    rows = current_deployments(tx, ids)
    for row in sorted(rows, key=lambda row: (row.position, row.environment)):
        made[row.prompt_id].append(
            ServedIn(environment=row.environment, version_sha=row.sha, short=row.sha[:SHORT])
        )
    return made


def _included(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """How many prompts that are not archived include each at the head of their ``main``."""
    rows = tx.conn.execute(
        select(version_snippet.c.snippet_prompt_id, func.count())
        .join(
            branch,
            (branch.c.workspace_id == version_snippet.c.workspace_id)
            & (branch.c.prompt_id == version_snippet.c.prompt_id)
            & (branch.c.head == version_snippet.c.sha),
        )
        .join(
            prompt,
            (prompt.c.workspace_id == version_snippet.c.workspace_id)
            & (prompt.c.id == version_snippet.c.prompt_id),
        )
        .where(
            version_snippet.c.workspace_id == tx.workspace_id,
            version_snippet.c.snippet_prompt_id.in_(ids),
            version_snippet.c.name.is_not(None),
            branch.c.name == DEFAULT_BRANCH,
            prompt.c.archived_at.is_(None),
        )
        .group_by(version_snippet.c.snippet_prompt_id)
    )
    return {row[0]: row[1] for row in rows}


def _highlight(asked: str, row: AnyRow, tags: Sequence[str], text: str) -> str | None:
    """The line that matched: of the text, else of what describes it. Name and title are on show anyway."""
    places = (text, row.description, " ".join(tags))
    return next((found for place in places if (found := search.highlight(asked, place))), None)
