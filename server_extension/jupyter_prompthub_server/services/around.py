"""What stands around versions and prompts (parents, tags, branches, people, environments …): one statement, built once,
for any number of them. Building such a statement costs more than running it, and each round trip as much again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy import types as sql

from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import ActorRef

from ..store.tables import (
    actor,
    branch,
    deployment,
    draft,
    environment,
    prompt,
    prompt_tag,
    review,
    review_check,
    version_editor,
    version_parent,
    version_snippet,
    version_tag,
)
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = ["Around", "People", "actors", "around_prompts", "around_versions", "current_deployments"]

_WORKSPACE: BindParameter[Any] = bindparam("ws")
_PROMPTS: BindParameter[Any] = bindparam("prompts", expanding=True)
_SHAS: BindParameter[Any] = bindparam("shas", expanding=True)
_ACTORS: BindParameter[Any] = bindparam("actors", expanding=True)
_ZERO: ColumnElement[Any] = literal_column("0")
_NONE: ColumnElement[Any] = literal_column("''")
_LIVE = review.c.state.in_(("draft", "open"))


class People(dict[str, ActorRef]):
    """Actors by id; one that is not there any more has no name."""

    def __missing__(self, actor_id: str) -> ActorRef:
        return ActorRef(id=actor_id)


@dataclass(slots=True)
class OfVersion:
    """What stands around one version."""

    parents: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OfPrompt:
    """What stands around one prompt."""

    tags: list[str] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    served: list[tuple[str, str]] = field(default_factory=list)
    """environments, in their order, and the SHAs that they serve"""
    has_draft: bool = False
    snippet_of: int = 0
    """how many prompts that are not archived include it at the head of their ``main``"""
    open_reviews: int = 0
    failing: list[str] = field(default_factory=list)
    """checks of these reviews that did not pass"""


@dataclass(slots=True)
class Around:
    """All that was asked for: versions by SHA, prompts and people by id."""

    versions: defaultdict[str, OfVersion] = field(default_factory=lambda: defaultdict(OfVersion))
    prompts: defaultdict[str, OfPrompt] = field(default_factory=lambda: defaultdict(OfPrompt))
    people: People = field(default_factory=People)


def _current() -> Select[Any]:
    newest = (
        select(
            deployment.c.prompt_id, deployment.c.environment, func.max(deployment.c.number).label("number")
        )
        .where(deployment.c.workspace_id == _WORKSPACE, deployment.c.prompt_id.in_(_PROMPTS))
        .group_by(deployment.c.prompt_id, deployment.c.environment)
        .subquery()
    )
    return (
        select(
            deployment.c.prompt_id,
            deployment.c.environment,
            deployment.c.version_sha.label("sha"),
            deployment.c.id,
            environment.c.position,
        )
        .join(
            newest,
            (deployment.c.prompt_id == newest.c.prompt_id)
            & (deployment.c.environment == newest.c.environment)
            & (deployment.c.number == newest.c.number),
        )
        .join(
            environment,
            (environment.c.workspace_id == deployment.c.workspace_id)
            & (environment.c.name == deployment.c.environment),
        )
        .where(deployment.c.workspace_id == _WORKSPACE)
    )


_CURRENT = _current()
_SOME_ACTORS = select(actor.c.id, actor.c.display_name, actor.c.kind).where(actor.c.id.in_(_ACTORS))


def current_deployments(tx: Tx, prompt_ids: Iterable[str]) -> Sequence[AnyRow]:
    """What each environment serves now of these prompts: rows of prompt_id, environment, sha, id, position."""
    return tx.conn.execute(_CURRENT, {"ws": tx.workspace_id, "prompts": list(prompt_ids)}).all()


def actors(tx: Tx, ids: Iterable[str]) -> People:
    """Actors by id."""
    rows = tx.conn.execute(_SOME_ACTORS, {"actors": sorted(set(ids))})
    return People({row.id: ActorRef(id=row.id, display_name=row.display_name, kind=row.kind) for row in rows})


def _text(value: Any) -> ColumnElement[Any]:
    return cast(value, sql.String)


def _row(kind: str, owner: Any, value: Any, other: Any = _NONE, at: Any = _ZERO) -> Select[Any]:
    return select(
        literal_column(f"'{kind}'").label("kind"),
        owner.label("owner"),
        _text(value).label("value"),
        _text(other).label("other"),
        cast(at, sql.Integer).label("at"),
    )


def _mine(table: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.workspace_id == _WORKSPACE, table.c.prompt_id.in_(_PROMPTS)


def _version_parts() -> list[Select[Any]]:
    def of(kind: str, table: Any, value: Any, at: Any = _ZERO) -> Select[Any]:
        return _row(kind, table.c.sha, value, at=at).where(*_mine(table), table.c.sha.in_(_SHAS))

    editing = select(version_editor.c.actor_id).where(*_mine(version_editor), version_editor.c.sha.in_(_SHAS))
    served = _CURRENT.subquery()
    return [
        of("parents", version_parent, version_parent.c.parent_sha, version_parent.c.position),
        of("tags", version_tag, version_tag.c.name),
        of("editors", version_editor, version_editor.c.actor_id),
        _row("branch", branch.c.prompt_id, branch.c.name, branch.c.head).where(*_mine(branch)),
        _row("served", served.c.prompt_id, served.c.environment, served.c.sha, served.c.position),
        _row("actor", actor.c.id, actor.c.display_name, actor.c.kind).where(
            or_(actor.c.id.in_(_ACTORS), actor.c.id.in_(editing))
        ),
    ]


def _prompt_parts() -> list[Select[Any]]:
    including = version_snippet.c
    return [
        _row("tag", prompt_tag.c.prompt_id, prompt_tag.c.tag).where(*_mine(prompt_tag)),
        _row("draft", draft.c.prompt_id, draft.c.branch).where(*_mine(draft), draft.c.dirty),
        _row("included", including.snippet_prompt_id, _NONE, at=func.count())
        .join(
            branch,
            (branch.c.workspace_id == including.workspace_id)
            & (branch.c.prompt_id == including.prompt_id)
            & (branch.c.head == including.sha),
        )
        .join(
            prompt,
            (prompt.c.workspace_id == including.workspace_id) & (prompt.c.id == including.prompt_id),
        )
        .where(
            including.workspace_id == _WORKSPACE,
            including.snippet_prompt_id.in_(_PROMPTS),
            including.name.is_not(None),
            branch.c.name == DEFAULT_BRANCH,
            prompt.c.archived_at.is_(None),
        )
        .group_by(including.snippet_prompt_id),
        _row("review", review.c.prompt_id, review.c.number).where(*_mine(review), _LIVE),
        _row("failing", review_check.c.prompt_id, review_check.c.name)
        .join(
            review,
            (review.c.workspace_id == review_check.c.workspace_id)
            & (review.c.prompt_id == review_check.c.prompt_id)
            & (review.c.number == review_check.c.number),
        )
        .where(*_mine(review_check), _LIVE, review_check.c.verdict != "passed"),
    ]


_VERSIONS = union_all(*_version_parts())
_BOTH = union_all(*_version_parts(), *_prompt_parts())


def around_versions(tx: Tx, rows: Sequence[AnyRow]) -> Around:
    """What stands around versions.

    Args:
        rows: have ``prompt_id``, ``sha`` and ``author_id``.
    """
    ids = sorted({row.prompt_id for row in rows})
    return _gathered(tx, _VERSIONS, ids, rows, {row.author_id for row in rows})


def around_prompts(tx: Tx, rows: Sequence[AnyRow], heads: Sequence[AnyRow]) -> Around:
    """What stands around prompts and the heads of their ``main``.

    Args:
        rows: have ``id`` and ``created_by``.
        heads: as in :func:`around_versions`.
    """
    people = {row.created_by for row in rows} | {row.author_id for row in heads}
    return _gathered(tx, _BOTH, [row.id for row in rows], heads, people)


def _gathered(
    tx: Tx,
    statement: CompoundSelect[Any],
    ids: list[str],
    versions: Sequence[AnyRow],
    people: Collection[str],
) -> Around:
    shas = [row.sha for row in versions]
    asked = {"ws": tx.workspace_id, "prompts": ids, "shas": shas, "actors": sorted(people)}
    made = Around()
    rows = tx.conn.execute(statement, asked).all()
    for row in sorted(rows, key=lambda row: (row.at, row.value)):
        kind, owner, value, other, at = row
        if kind == "actor":
            made.people[owner] = ActorRef(id=owner, display_name=value, kind=other)
        elif kind == "branch":
            made.prompts[owner].branches.append(value)
            made.versions[other].branches.append(value)
        elif kind == "served":
            made.prompts[owner].served.append((value, other))
            made.versions[other].served.append(value)
        elif kind == "tag":
            made.prompts[owner].tags.append(value)
        elif kind == "draft":
            made.prompts[owner].has_draft = True
        elif kind == "review":
            made.prompts[owner].open_reviews += 1
        elif kind == "failing":
            made.prompts[owner].failing.append(value)
        elif kind == "included":
            made.prompts[owner].snippet_of = at
        else:
            getattr(made.versions[owner], kind).append(value)
    return made
