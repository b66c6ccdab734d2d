"""Who includes the prompt under review, and what each of them would be with the merge result.

A merge changes no dependent by itself: a lock is renewed when its prompt is saved. What it will be then is known now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from jupyter_prompthub.core.names import DEFAULT_BRANCH, LATEST
from jupyter_prompthub.core.records import Content, Dependent, ReviewState
from jupyter_prompthub.core.reviews import Held, dependent_digest, snippet_part

from ..store.tables import review_dependent_check, version, version_snippet
from ..store.types import AnyRow
from ..targets import ReviewTarget
from ..transaction import Tx
from . import dependents, gate
from .many_refs import runs
from .review_facts import Seen

__all__ = ["Around", "around"]


@dataclass(frozen=True, slots=True)
class Around:
    """One dependent. ``digest`` is None where the merge changes nothing there; ``checks`` are the rows of its prompt."""

    dependent: Dependent
    content_hash: str
    lock: Mapping[str, str]
    digest: str | None
    held: tuple[Held, ...]
    checks: tuple[AnyRow, ...]

    @property
    def newest(self) -> dict[str, AnyRow]:
        """Of each name the verdict on what it would be; without one, the newest on something else."""
        found: dict[str, AnyRow] = {}
        for row in self.checks:  # by time
            if row.digest == self.digest or row.name not in found or found[row.name].digest != self.digest:
                found[row.name] = row
        return found

    @property
    def required(self) -> tuple[str, ...]:
        """Names of checks that the protections ask for."""
        if self.digest is None:
            return ()
        return tuple(sorted({check.name for one in self.held for check in one.rules.checks}))


def around(tx: Tx, target: ReviewTarget, seen: Seen) -> tuple[Around, ...]:
    """The dependents of the prompt under review, by name: five statements, and one more for each 500 of them."""
    prompt = target.prompt
    every = dependents.all_of(tx, prompt.id) if target.review.state != ReviewState.MERGED else ()
    if not every:
        return ()
    facts = _versions(tx, every)
    locks = {key: row.lock for key, row in facts.items()}
    part = ""
    if seen.prepared is not None:
        part = snippet_part(seen.prepared.document.content, seen.prepared.locked.shas)
    changes = {
        sha for sha, one in _parts(tx, prompt.id, {one.snippet_sha for one in every}).items() if one != part
    }
    takes = _takers(tx, prompt.id, target.review.target, every, locks)
    rows = _rows(tx, target)
    holds = gate.holding(tx)
    made = []
    for one in every:
        key = (one.prompt_id, one.version_sha)
        row = facts[key]
        digest = None
        if part and key in takes and one.snippet_sha in changes:
            digest = dependent_digest(
                prompt_id=one.prompt_id,
                content_hash=row.content_hash,
                lock=row.lock,
                snippet_id=prompt.id,
                part=part,
            )
        held = {each.id: each for name in one.branches for each in holds(one.name, name) if each.rules.checks}
        made.append(
            Around(one, row.content_hash, row.lock, digest, tuple(held.values()), tuple(rows[one.prompt_id]))
        )
    return tuple(made)


def _versions(tx: Tx, every: Sequence[Dependent]) -> dict[tuple[str, str], AnyRow]:
    """Content hash and lock of each."""
    keys = sorted({(one.prompt_id, one.version_sha) for one in every})
    column = version.c
    return {
        (row.prompt_id, row.sha): row
        for some in runs(keys)
        for row in tx.conn.execute(
            select(column.prompt_id, column.sha, column.content_hash, column.lock).where(
                column.workspace_id == tx.workspace_id, tuple_(column.prompt_id, column.sha).in_(some)
            )
        )
    }


def _parts(tx: Tx, snippet_id: str, shas: Iterable[str]) -> dict[str, str]:
    """What including each of these versions of the snippet brings."""
    column = version.c
    return {
        row.sha: snippet_part(
            Content.model_validate_json(tx.codec.open(column.content, row.sha, row.content)), row.lock
        )
        for some in runs(sorted(shas))
        for row in tx.conn.execute(
            select(column.sha, column.content, column.lock).where(
                column.workspace_id == tx.workspace_id,
                column.prompt_id == snippet_id,
                column.sha.in_(some),
            )
        )
    }


def _takers(
    tx: Tx,
    snippet_id: str,
    branch: str,
    every: Sequence[Dependent],
    locks: Mapping[tuple[str, str], Mapping[str, str]],
) -> set[tuple[str, str]]:
    """Those that take the snippet from this branch: themselves, or by another snippet that does."""
    refs = {branch, LATEST} if branch == DEFAULT_BRANCH else {branch}
    takes = {(one.prompt_id, one.version_sha) for one in every if one.direct and one.ref in refs}
    through = {
        (one.prompt_id, one.version_sha): set(locks[one.prompt_id, one.version_sha].items())
        for one in every
        if not one.direct
    }
    column = version_snippet.c
    inner = sorted({pair for pairs in through.values() for pair in pairs})
    taking = {
        (row.prompt_id, row.sha)
        for some in runs(inner)
        for row in tx.conn.execute(
            select(column.prompt_id, column.sha).where(
                column.workspace_id == tx.workspace_id,
                column.snippet_prompt_id == snippet_id,
                column.ref.in_(refs),
                tuple_(column.prompt_id, column.sha).in_(some),
            )
        )
    }
    return takes | {key for key, pairs in through.items() if pairs & taking}


def _rows(tx: Tx, target: ReviewTarget) -> defaultdict[str, list[AnyRow]]:
    table = review_dependent_check
    made: defaultdict[str, list[AnyRow]] = defaultdict(list)
    for row in tx.conn.execute(
        select(table).where(*target.of(table)).order_by(table.c.created_at, table.c.digest)
    ):
        made[row.dependent_id].append(row)
    return made
