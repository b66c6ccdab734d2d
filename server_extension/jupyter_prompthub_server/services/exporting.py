"""How an export reads: many prompts with their histories, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.records import ActorRef, ExportedPrompt, ExportedVersion, NewSample

from ..store.clock import iso
from ..store.tables import branch, prompt_tag, version, version_parent
from ..store.types import AnyRow
from ..transaction import Tx
from . import samples
from .around import actors, current_deployments
from .many_refs import runs
from .version_rows import text_of

__all__ = ["exported"]

_PROMPTS_AT_ONCE = 200


def exported(tx: Tx, rows: Sequence[AnyRow], ends: Mapping[str, str]) -> tuple[ExportedPrompt, ...]:
    """Prompts as an export has them.

    Args:
        rows: of ``prompt``.
        ends: by prompt id, the SHA whose history is wanted, as ``main``; else all branches.
    """
    return tuple(one for some in runs(rows, _PROMPTS_AT_ONCE) for one in _batch(tx, some, ends))


@dataclass(slots=True)
class _Around:
    """What stands around one prompt."""

    tags: list[str] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    versions: dict[str, AnyRow] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    """the first parent of a version"""
    served: list[tuple[str, str]] = field(default_factory=list)


def _batch(tx: Tx, rows: Sequence[AnyRow], ends: Mapping[str, str]) -> Iterator[ExportedPrompt]:
    ids = [row.id for row in rows]
    around: defaultdict[str, _Around] = defaultdict(_Around)

    def read(table: Any, *columns: Any) -> Iterator[AnyRow]:
        mine = (table.c.workspace_id == tx.workspace_id, table.c.prompt_id.in_(ids))
        yield from tx.conn.execute(select(table.c.prompt_id, *columns).where(*mine))

    for row in read(prompt_tag, prompt_tag.c.tag):
        around[row.prompt_id].tags.append(row.tag)
    for row in read(branch, branch.c.name, branch.c.head):
        around[row.prompt_id].heads.append((row.name, row.head))
    one = version.c
    for row in read(
        version, one.sha, one.text, one.commit_message, one.author_id, one.created_at, one.number
    ):
        around[row.prompt_id].versions[row.sha] = row
    edge = version_parent.c
    for row in read(version_parent, edge.sha, edge.parent_sha, edge.position):
        if row.position == 0:
            around[row.prompt_id].parents[row.sha] = row.parent_sha
    for row in sorted(current_deployments(tx, ids), key=lambda row: (row.position, row.environment)):
        around[row.prompt_id].served.append((row.environment, row.sha))
    kept = samples.named_inputs(tx, ids)
    people = actors(tx, {one.author_id for each in around.values() for one in each.versions.values()})
    for row in rows:
        if (end := ends.get(row.id)) is not None:
            around[row.id].heads = [(DEFAULT_BRANCH, end)]
        yield _exported(tx, row, around[row.id], people, kept.get(row.id, ()))


def _exported(
    tx: Tx, row: AnyRow, around: _Around, people: Mapping[str, ActorRef], kept: Sequence[NewSample]
) -> ExportedPrompt:
    homes, empty = _homes(around)
    order = sorted(homes, key=lambda sha: around.versions[sha].number)
    places = {sha: at for at, sha in enumerate(order)}

    def made(sha: str) -> ExportedVersion:
        one, (home, base) = around.versions[sha], homes[sha]
        return ExportedVersion(
            text=text_of(tx, one),
            commit_message=one.commit_message,
            branch=home,
            base=None if base is None else places[base],
            sha=sha,
            author=people[one.author_id].display_name,
            created_at=iso(one.created_at),
        )

    return ExportedPrompt(
        name=row.name,
        title=row.title,
        description=row.description,
        tags=tuple(sorted(around.tags)),
        versions=tuple(made(sha) for sha in order),
        branches={name: places[sha] for name, sha in empty},
        deployments={name: places[sha] for name, sha in around.served if sha in places},
        samples=tuple(kept),
    )


def _homes(around: _Around) -> tuple[dict[str, tuple[str, str | None]], list[tuple[str, str]]]:
    """The branch of each version that some branch leads to, by first parents, ``main`` first, with the version that it
    started from at the first one of a branch; and the branches that have no version of their own, with their heads."""
    homes: dict[str, tuple[str, str | None]] = {}
    empty: list[tuple[str, str]] = []
    for name, head in sorted(around.heads, key=lambda one: (one[0] != DEFAULT_BRANCH, one[0])):
        if head in homes:
            empty.append((name, head))
        sha: str | None = head
        while sha is not None and sha not in homes:
            parent = around.parents.get(sha)
            homes[sha] = (name, parent if parent in homes else None)
            sha = parent
    return homes, empty
