"""Prompts with their whole graphs, as a git repository is written from (``docs/formats/git.md``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from jupyter_prompthub.core.errors import InvalidInput, TooLarge
from jupyter_prompthub.core.names import parse_reference
from jupyter_prompthub.core.records import ActorRef, GitCommit, GitHistory, GitPrompt, GitQuery, GitVersion

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso
from ..store.tables import branch, git_commit, prompt, prompt_redirect, version, version_parent, version_tag
from ..store.types import AnyRow
from ..transaction import Tx
from . import many_refs, refs
from .around import actors
from .many_refs import runs
from .version_rows import text_of

__all__ = ["MOST_VERSIONS", "chosen", "histories", "history"]

MOST_VERSIONS = 20_000
"""versions that one answer holds"""
_PROMPTS_AT_ONCE = 200


@operation(Permission.PROMPT_READ, tag=AuditTag.WORKSPACE_EXPORT, snapshot=True)
def history(tx: Tx, query: GitQuery) -> GitHistory:
    """Prompts with all versions that branches and version tags lead to, and all parents: what a git repository holds."""
    names = [name.strip() for name in query.names.split(",") if name.strip()]
    rows = chosen(tx, names)
    tx.audit(prompts=str(len(rows)), names=",".join(row.name for row in rows) if names else "*", form="git")
    return GitHistory(items=histories(tx, rows))


def histories(tx: Tx, rows: Sequence[AnyRow]) -> tuple[GitPrompt, ...]:
    """The graphs of prompts."""
    return tuple(one for some in runs(rows, _PROMPTS_AT_ONCE) for one in _batch(tx, some))


def chosen(tx: Tx, names: Sequence[str]) -> list[AnyRow]:
    """The prompts that are named; none named: all that have a version and are not archived.

    Raises:
        NotFound: one is not there, or is only a draft.
        TooLarge: they have more versions than one answer holds.
    """
    mine = (prompt.c.workspace_id == tx.workspace_id, prompt.c.versions > 0)
    if not names:
        some = (*mine, prompt.c.archived_at.is_(None))
        _limit(tx.conn.execute(select(func.sum(prompt.c.versions)).where(*some)).scalar_one() or 0)
        return list(tx.conn.execute(select(prompt).where(*some).order_by(prompt.c.name)))
    references = [parse_reference(name) for name in names]
    if at := next((name for name in names if "@" in name), None):
        raise InvalidInput(
            f"a git repository holds whole histories: expected a name without a ref, got {at!r}"
        )
    rows = many_refs.named(tx, references)
    found: dict[str, AnyRow] = {}
    for reference in references:
        row = rows.get(reference)
        if row is None:
            raise refs.no_prompt(reference)
        if not row.versions:
            raise refs.unsaved(row, "main")
        found[row.id] = row
    _limit(sum(row.versions for row in found.values()))
    return sorted(found.values(), key=lambda row: str(row.name))


def _limit(versions: int) -> None:
    if versions > MOST_VERSIONS:
        raise TooLarge(
            f"these prompts have {versions} versions; expected at most {MOST_VERSIONS} at once. Name some of them, and "
            "write the others after them.",
            details={"versions": versions, "limit": MOST_VERSIONS},
        )


@dataclass(slots=True)
class _Around:
    versions: dict[str, AnyRow] = field(default_factory=dict)
    parents: defaultdict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    former: list[str] = field(default_factory=list)
    commits: list[GitCommit] = field(default_factory=list)

    def reached(self) -> list[AnyRow]:
        """What branches and tags lead to, oldest first."""
        seen: set[str] = set()
        stack = [*self.branches.values(), *self.tags.values()]
        while stack:
            sha = stack.pop()
            if sha not in seen:
                seen.add(sha)
                stack.extend(parent for _, parent in self.parents[sha])
        return sorted((self.versions[sha] for sha in seen), key=lambda row: int(row.number))


def _batch(tx: Tx, rows: Sequence[AnyRow]) -> Iterator[GitPrompt]:
    ids = [row.id for row in rows]
    around: defaultdict[str, _Around] = defaultdict(_Around)

    def read(table: Any, *columns: Any) -> Iterator[AnyRow]:
        mine = (table.c.workspace_id == tx.workspace_id, table.c.prompt_id.in_(ids))
        yield from tx.conn.execute(select(table.c.prompt_id, *columns).where(*mine))

    one = version.c
    for row in read(
        version, one.sha, one.number, one.text, one.text_hash, one.lock, one.commit_message, one.author_id, one.created_at
    ):  # fmt: skip
        around[row.prompt_id].versions[row.sha] = row
    for row in read(version_parent, *(version_parent.c[name] for name in ("sha", "position", "parent_sha"))):
        around[row.prompt_id].parents[row.sha].append((row.position, row.parent_sha))
    for row in read(branch, branch.c.name, branch.c.head):
        around[row.prompt_id].branches[row.name] = row.head
    for row in read(version_tag, version_tag.c.name, version_tag.c.sha):
        around[row.prompt_id].tags[row.name] = row.sha
    for row in read(prompt_redirect, prompt_redirect.c.name):
        around[row.prompt_id].former.append(row.name)
    for row in read(git_commit, git_commit.c.id, git_commit.c.sha, git_commit.c.raw):
        raw = tx.codec.open(git_commit.c.raw, row.sha, row.raw)
        around[row.prompt_id].commits.append(GitCommit(id=row.id, sha=row.sha, raw=raw))
    people = actors(tx, {row.author_id for each in around.values() for row in each.versions.values()})
    for row in rows:
        yield _made(tx, row, around[row.id], people)


def _made(tx: Tx, row: AnyRow, around: _Around, people: Mapping[str, ActorRef]) -> GitPrompt:
    return GitPrompt(
        id=row.id,
        name=row.name,
        former=tuple(sorted(around.former)),
        versions=tuple(
            GitVersion(
                sha=one.sha,
                number=one.number,
                text=text_of(tx, one),
                text_hash=one.text_hash,
                lock=one.lock,
                parents=tuple(parent for _, parent in sorted(around.parents[one.sha])),
                author=people[one.author_id],
                created_at=iso(one.created_at),
                commit_message=one.commit_message,
            )
            for one in around.reached()
        ),
        branches=dict(sorted(around.branches.items())),
        tags=dict(sorted(around.tags.items())),
        commits=tuple(sorted(around.commits, key=lambda one: one.id)),
    )
