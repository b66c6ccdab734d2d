"""Rows of versions as records: a fixed number of statements for any number of versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    select,
    union_all,
)
from sqlalchemy import types as sql

from jupyter_prompthub.core.errors import NotFound
from jupyter_prompthub.core.records import ActorRef, Content, Version, VersionSummary

from ..store.clock import iso
from ..store.tables import (
    actor,
    branch,
    deployment,
    environment,
    version,
    version_editor,
    version_parent,
    version_tag,
)
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = ["SHORT", "SUMMARY", "actors", "current_deployments", "load", "loads", "summaries", "text_of"]

SHORT = 12
SUMMARY = (
    version.c.prompt_id,
    version.c.sha,
    version.c.number,
    version.c.content_hash,
    version.c.text_hash,
    version.c.lock_hash,
    version.c.commit_message,
    version.c.author_id,
    version.c.created_at,
)
"""the columns of a version that a summary needs: none of the sealed ones"""


def actors(tx: Tx, ids: Iterable[str]) -> dict[str, ActorRef]:
    """Actors by id; one that is not there any more has no name."""
    wanted = set(ids)
    rows = tx.conn.execute(
        select(actor.c.id, actor.c.display_name, actor.c.kind).where(actor.c.id.in_(wanted))
    )
    made = {row.id: ActorRef(id=row.id, display_name=row.display_name, kind=row.kind) for row in rows}
    return {one: made.get(one) or ActorRef(id=one) for one in wanted}


# Statements are built once: building them costs more than running them.
_WORKSPACE: BindParameter[Any] = bindparam("ws")
_PROMPTS: BindParameter[Any] = bindparam("prompts", expanding=True)
_SHAS: BindParameter[Any] = bindparam("shas", expanding=True)


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


def current_deployments(tx: Tx, prompt_ids: Iterable[str]) -> Sequence[AnyRow]:
    """What each environment serves now of these prompts: rows of prompt_id, environment, sha, id, position."""
    return tx.conn.execute(_CURRENT, {"ws": tx.workspace_id, "prompts": list(prompt_ids)}).all()


@dataclass(slots=True)
class _Around:
    """What stands around one version."""

    parents: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)


def _gather() -> CompoundSelect[Any]:
    def part(kind: str, table: Any, sha: ColumnElement[Any], value: ColumnElement[Any], at: Any) -> Any:
        return select(
            literal_column(f"'{kind}'").label("kind"),
            sha.label("sha"),
            cast(value, sql.String).label("value"),
            cast(at, sql.Integer).label("at"),
        ).where(table.c.workspace_id == _WORKSPACE, table.c.prompt_id.in_(_PROMPTS), sha.in_(_SHAS))

    served = _CURRENT.subquery()
    zero: ColumnElement[Any] = literal_column("0")
    parents = version_parent.c
    return union_all(
        part("parents", version_parent, parents.sha, parents.parent_sha, parents.position),
        part("tags", version_tag, version_tag.c.sha, version_tag.c.name, zero),
        part("branches", branch, branch.c.head, branch.c.name, zero),
        part("editors", version_editor, version_editor.c.sha, version_editor.c.actor_id, zero),
        select(
            literal_column("'served'"),
            served.c.sha,
            cast(served.c.environment, sql.String),
            served.c.position,
        ).where(served.c.sha.in_(_SHAS)),
    )


_AROUND = _gather()


def _around(tx: Tx, prompt_ids: list[str], shas: list[str]) -> defaultdict[str, _Around]:
    wanted = {"ws": tx.workspace_id, "prompts": prompt_ids, "shas": shas}
    rows = tx.conn.execute(_AROUND, wanted).all()
    made: defaultdict[str, _Around] = defaultdict(_Around)
    for row in sorted(rows, key=lambda row: (row.at, row.value)):
        getattr(made[row.sha], row.kind).append(row.value)
    return made


def _fields(row: AnyRow, around: _Around, people: dict[str, ActorRef]) -> dict[str, Any]:
    return {
        "sha": row.sha,
        "short": row.sha[:SHORT],
        "prompt_id": row.prompt_id,
        "number": row.number,
        "content_hash": row.content_hash,
        "text_hash": row.text_hash,
        "parents": tuple(around.parents),
        "author": people[row.author_id],
        "editors": tuple(people[one] for one in around.editors),
        "created_at": iso(row.created_at),
        "commit_message": row.commit_message,
        "tags": tuple(around.tags),
        "branches": tuple(around.branches),
        "served_in": tuple(around.served),
    }


def _gathered(tx: Tx, rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    if not rows:
        return []
    around = _around(tx, sorted({row.prompt_id for row in rows}), [row.sha for row in rows])
    ids = {row.author_id for row in rows} | {one for each in around.values() for one in each.editors}
    people = actors(tx, ids)
    return [_fields(row, around[row.sha], people) for row in rows]


def summaries(tx: Tx, rows: Sequence[AnyRow]) -> tuple[VersionSummary, ...]:
    """Records of rows that have the columns :data:`SUMMARY`, in their order."""
    return tuple(VersionSummary(**fields) for fields in _gathered(tx, rows))


def loads(tx: Tx, prompt_id: str, shas: Sequence[str], **more: Any) -> tuple[Version, ...]:
    """Whole versions of one prompt, in the order asked for.

    Raises:
        NotFound: one of them is not a version of this prompt.
    """
    rows = {
        row.sha: row
        for row in tx.conn.execute(
            select(*SUMMARY, version.c.text, version.c.content, version.c.lock).where(
                version.c.workspace_id == tx.workspace_id,
                version.c.prompt_id == prompt_id,
                version.c.sha.in_(set(shas)),
            )
        )
    }
    if missing := set(shas) - rows.keys():
        raise NotFound("There is no such version.", details={"version": min(missing)})
    ordered = [rows[sha] for sha in shas]
    return tuple(
        Version(
            **fields,
            text=text_of(tx, row),
            content=Content.model_validate_json(tx.codec.open(version.c.content, row.sha, row.content)),
            lock=row.lock,
            **more,
        )
        for row, fields in zip(ordered, _gathered(tx, ordered), strict=True)
    )


def load(tx: Tx, prompt_id: str, sha: str, **more: Any) -> Version:
    """One whole version; ``more`` are fields of the record that no row holds."""
    return loads(tx, prompt_id, [sha], **more)[0]


def text_of(tx: Tx, row: AnyRow) -> str:
    """The text of a row that has ``sha`` and ``text``."""
    return tx.codec.open(version.c.text, row.sha, row.text)
