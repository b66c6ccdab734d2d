"""The prompts that include a snippet, found by their locks, and what a change of it does to them.

A lock has every snippet of a version, those that are reached through others too, so one statement finds all dependents.
A lock is renewed when its prompt is saved: until then nothing changes there, and a preview says what will.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, and_, func, literal, select, union_all

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.compatibility import Contract, compatibility
from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.promptfile import Document
from jupyter_prompthub.core.records import (
    Dependent,
    DependentList,
    DependentsPreview,
    DependentsQuery,
    Effect,
    Version,
)

from ..access.permissions import Permission
from ..operations import operation
from ..store.tables import branch, deployment, prompt, version_snippet
from ..store.types import AnyRow
from ..targets import by_prompt
from ..transaction import Tx
from . import refs
from .snippets import included, lock
from .version_rows import load, loads

__all__ = ["all_of", "effect", "included_in", "list_", "paged", "preview"]


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def list_(tx: Tx, row: AnyRow, query: DependentsQuery) -> DependentList:
    """The branches and environments whose version includes this prompt as a snippet, directly or through others."""
    return _found(tx, row, query)


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def preview(tx: Tx, row: AnyRow, change: DependentsPreview) -> DependentList:
    """What a change of a snippet does to the prompts that include it. Nothing is written.

    Raises:
        PromptSyntaxError, SnippetError: the new text itself cannot be used.
    """
    text = change.text
    if text is None:
        text = load(tx, row.id, refs.resolve(tx, row, change.after).sha).text
    new = promptfile.parse(text)
    inner = lock(tx, new.content.snippets, row.id, row.name).texts(tx)
    page = _found(tx, row, change)
    shas: dict[str, list[str]] = {one.prompt_id: [] for one in page.items}
    for one in page.items:
        shas[one.prompt_id].append(one.version_sha)
    versions = {
        version.sha: version for prompt_id, some in shas.items() for version in loads(tx, prompt_id, some)
    }
    locked = {one.snippet_sha for one in page.items}
    before = {version.sha: promptfile.parse(version.text) for version in loads(tx, row.id, sorted(locked))}
    snippets = included_in(tx, row.id, versions.values(), text, inner)
    made = []
    for one in page.items:
        old = before[one.snippet_sha]
        what, reasons = effect(versions[one.version_sha], snippets[one.version_sha], old, new)
        made.append(one.model_copy(update={"effect": what, "reasons": reasons}))
    return page.model_copy(update={"items": tuple(made)})


# ------------------------------------------------------------------ finding


@dataclass(slots=True)
class _Places:
    row: AnyRow
    branches: list[str] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)


def _current(tx: Tx, snippet_id: str) -> Select[tuple[object, ...]]:
    """Every branch head, and every version that is served, of which a lock has the snippet."""
    includes = and_(
        version_snippet.c.workspace_id == tx.workspace_id, version_snippet.c.snippet_prompt_id == snippet_id
    )
    owners = select(version_snippet.c.prompt_id).where(includes).distinct()
    newest = (
        select(
            deployment.c.prompt_id, deployment.c.environment, func.max(deployment.c.number).label("number")
        )
        .where(deployment.c.workspace_id == tx.workspace_id, deployment.c.prompt_id.in_(owners))
        .group_by(deployment.c.prompt_id, deployment.c.environment)
        .subquery()
    )
    places = union_all(
        select(
            branch.c.prompt_id.label("prompt_id"),
            branch.c.head.label("sha"),
            literal("branch").label("kind"),
            branch.c.name.label("place"),
        ).where(branch.c.workspace_id == tx.workspace_id, branch.c.prompt_id.in_(owners)),
        select(
            deployment.c.prompt_id, deployment.c.version_sha, literal("environment"), deployment.c.environment
        )
        .join(
            newest,
            and_(
                deployment.c.prompt_id == newest.c.prompt_id,
                deployment.c.environment == newest.c.environment,
                deployment.c.number == newest.c.number,
            ),
        )
        .where(deployment.c.workspace_id == tx.workspace_id),
    ).subquery()
    return (
        select(
            prompt.c.id,
            prompt.c.name,
            prompt.c.title,
            places.c.sha,
            places.c.kind,
            places.c.place,
            version_snippet.c.snippet_sha,
            version_snippet.c.name.label("called"),
            version_snippet.c.ref,
        )
        .join(places, places.c.prompt_id == prompt.c.id)
        .join(
            version_snippet,
            and_(
                includes,
                version_snippet.c.prompt_id == places.c.prompt_id,
                version_snippet.c.sha == places.c.sha,
            ),
        )
        .where(prompt.c.workspace_id == tx.workspace_id, prompt.c.archived_at.is_(None))
        .order_by(prompt.c.name, places.c.sha, places.c.kind, places.c.place)
    )


def all_of(tx: Tx, snippet_id: str) -> tuple[Dependent, ...]:
    """Every version that is current somewhere and includes the snippet, by name."""
    by_version: dict[tuple[str, str], _Places] = {}
    for found in tx.conn.execute(_current(tx, snippet_id)):
        places = by_version.setdefault((found.name, found.sha), _Places(found))
        (places.branches if found.kind == "branch" else places.environments).append(found.place)
    return tuple(_record(places) for _, places in sorted(by_version.items(), key=lambda one: one[0]))


D = TypeVar("D", bound=Dependent)


def paged(found: Sequence[D], limit: int, cursor: str | None) -> tuple[tuple[D, ...], int, str | None]:
    """A page by prompt: its items, how many prompts there are in all, and the next cursor."""
    names = sorted({one.name for one in found})
    later = [name for name in names if cursor is None or name > cursor]
    shown = set(later[:limit])
    items = tuple(one for one in found if one.name in shown)
    return items, len(names), later[limit - 1] if len(later) > limit else None


def _found(tx: Tx, row: AnyRow, query: DependentsQuery) -> DependentList:
    items, prompts, cursor = paged(all_of(tx, row.id), query.limit, query.cursor)
    return DependentList(items=items, prompts=prompts, next_cursor=cursor)


def _record(places: _Places) -> Dependent:
    row = places.row
    return Dependent(
        prompt_id=row.id,
        name=row.name,
        title=row.title,
        version_sha=row.sha,
        branches=tuple(places.branches),
        environments=tuple(places.environments),
        direct=row.called is not None,
        ref=row.ref,
        snippet_sha=row.snippet_sha,
    )


# ------------------------------------------------------------------ what a change does


def _same(old: Document, new: Document) -> bool:
    """Whether including the one says what including the other says: its front matter beside the input does not count."""
    a, b = old.content, new.content
    return (a.segments, a.variables, a.snippets) == (b.segments, b.variables, b.snippets)


@dataclass(frozen=True, slots=True)
class Included:
    """The snippets of a version, texts by name: as its lock has them, and with a change of one of them."""

    before: Mapping[str, str]
    after: Mapping[str, str]


def included_in(
    tx: Tx, snippet_id: str, versions: Iterable[Version], text: str, inner: Mapping[str, str]
) -> dict[str, Included]:
    """What each version includes, by its SHA, before and after the snippet says ``text``, which includes ``inner``."""
    found = included(tx, {(one.prompt_id, one.sha): one.lock for one in versions})
    return {
        sha: Included(
            {name: said for name, (_, said) in mine.items()},
            {**inner, **{name: text if one == snippet_id else said for name, (one, said) in mine.items()}},
        )
        for (_, sha), mine in found.items()
    }


def effect(
    version: Version, snippets: Included, old: Document, new: Document
) -> tuple[Effect, Sequence[str]]:
    """What a change of a snippet, from ``old`` to ``new``, does to a version that includes it."""
    if _same(old, new):
        return Effect.UNCHANGED, ()
    try:
        contract = Contract.of_text(version.content, version.text, snippets.after)
    except PromptHubError as error:
        return Effect.BREAKS, (error.message,)
    found = compatibility(Contract.of_text(version.content, version.text, snippets.before), contract)
    return (Effect.CHANGED if found.compatible else Effect.BREAKS), found.reasons
