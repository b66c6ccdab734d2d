"""Rows of prompts as records: a fixed number of statements for any number of prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, bindparam, select

from jupyter_prompthub.core import prompt as engine
from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import Content, Prompt, PromptDetail, ServedIn

from ..access.permissions import Permission
from ..store import search
from ..store.clock import iso
from ..store.tables import branch, version
from ..store.types import AnyRow
from ..transaction import Tx
from .around import around_prompts
from .snippets import texts_of_version
from .version_rows import SHORT, SUMMARY, summaries, text_of

__all__ = ["detail", "prompts"]


def prompts(tx: Tx, rows: Sequence[AnyRow], *, asked: str = "") -> tuple[Prompt, ...]:
    """Records of rows of ``prompt``, in their order.

    Args:
        asked: the search that found them; their matching lines are then marked.
    """
    if not rows:
        return ()
    heads = _heads(tx, [row.id for row in rows], _WITH_TEXT if asked else _SUMMARIES)
    texts = {row.prompt_id: text_of(tx, row) for row in heads} if asked else {}
    return _records(tx, rows, heads, asked, texts)


def detail(tx: Tx, row: AnyRow) -> PromptDetail:
    """One prompt with its head's template, settings and variables (those of its snippets too)."""
    heads = _heads(tx, [row.id], _WHOLE)
    (record,) = _records(tx, [row], heads)
    fields = {name: getattr(record, name) for name in Prompt.model_fields}
    if not heads:
        return PromptDetail(**fields)
    (head,) = heads
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


def _records(
    tx: Tx,
    rows: Sequence[AnyRow],
    heads: Sequence[AnyRow],
    asked: str = "",
    texts: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Prompt, ...]:
    around = around_prompts(tx, rows, heads)
    newest = {one.prompt_id: one for one in summaries(tx, heads, around)}
    sees_reviews = Permission.REVIEW_READ in tx.caller.permissions
    made = []
    for row in rows:
        here = around.prompts[row.id]
        others = [name for name in here.branches if name != DEFAULT_BRANCH]
        made.append(
            Prompt(
                id=row.id,
                workspace_id=row.workspace_id,
                name=row.name,
                title=row.title,
                description=row.description,
                tags=tuple(here.tags),
                archived=row.archived_at is not None,
                created_at=iso(row.created_at),
                updated_at=iso(row.updated_at),
                created_by=around.people[row.created_by],
                head=newest.get(row.id),
                versions=row.versions,
                branches=(DEFAULT_BRANCH, *others),
                has_draft=here.has_draft,
                served=tuple(
                    ServedIn(environment=name, version_sha=sha, short=sha[:SHORT])
                    for name, sha in here.served
                ),
                snippet_of=here.snippet_of,
                open_reviews=here.open_reviews if sees_reviews else 0,
                failing=tuple(sorted(set(here.failing))) if sees_reviews else (),
                highlight=_highlight(asked, row, here.tags, texts.get(row.id, "")) if asked else None,
            )
        )
    return tuple(made)


def _head_query(*more: Any) -> Select[Any]:
    return (
        select(*SUMMARY, *more)
        .join(
            branch,
            (branch.c.workspace_id == version.c.workspace_id)
            & (branch.c.prompt_id == version.c.prompt_id)
            & (branch.c.head == version.c.sha),
        )
        .where(
            branch.c.workspace_id == bindparam("ws"),
            branch.c.prompt_id.in_(bindparam("prompts", expanding=True)),
            branch.c.name == DEFAULT_BRANCH,
        )
    )


# built once: building costs more than running
_SUMMARIES = _head_query()
_WITH_TEXT = _head_query(version.c.text)
_WHOLE = _head_query(version.c.text, version.c.content, version.c.lock)


def _heads(tx: Tx, ids: Sequence[str], query: Select[Any]) -> Sequence[AnyRow]:
    """The heads of ``main`` of these prompts, in any order."""
    return tx.conn.execute(query, {"ws": tx.workspace_id, "prompts": ids}).all()


def _highlight(asked: str, row: AnyRow, tags: Sequence[str], text: str) -> str | None:
    """The line that matched: of the text, else of what describes it. Name and title are on show anyway."""
    places = (text, row.description, " ".join(tags))
    return next((found for place in places if (found := search.highlight(asked, place))), None)
