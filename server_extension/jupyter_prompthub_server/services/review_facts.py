"""What a review comes to as its branches are now: the merge result, its digest, and the facts that the decision looks at."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import canonical, tagged_sha256, timestamp
from jupyter_prompthub.core.errors import Conflict as Refused
from jupyter_prompthub.core.errors import InvalidInput, PromptHubError
from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.merge.shown import conflict_digest
from jupyter_prompthub.core.records import (
    Conflict,
    ConflictResolution,
    Decision,
    MergeResult,
    MergeState,
    Record,
    ReviewState,
    Verdict,
)
from jupyter_prompthub.core.reviews import (
    Approval,
    CheckFact,
    Included,
    Landing,
    Person,
    review_digest,
    touched_units,
)

from ..store.tables import branch_move, review_check, review_decision, review_resolution, version
from ..store.types import AnyRow
from ..targets import ReviewTarget
from ..transaction import Tx
from . import refs, saving
from .edges import Edges
from .merge_plan import Plan, ahead, authors, base_of, between, node, unresolved
from .persons import caller, persons
from .snippets import included_by
from .thread_rows import open_threads

__all__ = ["Choice", "Kept", "Seen", "decided", "facts", "included", "is_linear", "kept", "look", "seen_now"]


class Choice(Record):
    """What the sealed column of a resolution holds."""

    resolution: ConflictResolution
    conflict: Conflict
    """as it was when it was decided"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A resolution that somebody gave."""

    conflict_id: str
    conflict_hash: str
    resolution: ConflictResolution
    conflict: Conflict | None
    """as it was decided; rows of older versions of this program have none"""
    actor_id: str
    at: datetime

    @property
    def decision(self) -> str:
        """Names this decision."""
        said = {
            "conflict": self.conflict_hash,
            "resolution": self.resolution.model_dump(mode="json"),
            "by": self.actor_id,
            "at": timestamp(self.at),
        }
        return tagged_sha256("prompthub decision v1", canonical(said))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a merge would come to."""

    plan: Plan
    made: MergeResult
    applied: frozenset[str]
    """ids of conflicts that a kept resolution decided"""
    prepared: saving.Prepared | None
    """the merge result; None while nothing could be merged"""
    problem: str | None = None
    """why the merged text cannot be a version"""

    @property
    def digest(self) -> str | None:
        """The review digest."""
        if self.prepared is None:
            return None
        return review_digest(
            content_hash=self.prepared.content_hash,
            text_hash=self.prepared.text_hash,
            lock=self.prepared.locked.shas,
            source_head=self.plan.source.sha,
        )

    @property
    def state(self) -> MergeState:
        """As a merge's preview says it."""
        if self.plan.is_up_to_date:
            return MergeState.UP_TO_DATE
        if self.prepared is None:
            return MergeState.CONFLICTS
        return MergeState.FAST_FORWARD if self.plan.is_forward else MergeState.READY


def look(tx: Tx, target: ReviewTarget) -> Seen | None:
    """Merge the two heads with the kept resolutions; None where a branch is gone. Nothing is written."""
    row, prompt = target.review, target.prompt
    if row.state == ReviewState.MERGED:
        heads: tuple[str | None, str | None] = (row.source_sha, row.target_sha)
    else:
        heads = (refs.head(tx, prompt.id, row.source), refs.head(tx, prompt.id, row.target))
    if heads[0] is None or heads[1] is None:
        return None
    plan = between(tx, prompt, node(tx, prompt, heads[0]), node(tx, prompt, heads[1]))
    if plan.is_up_to_date:
        return Seen(plan, MergeResult(text=plan.target.text), frozenset(), None)
    if plan.is_forward:
        made, applied = MergeResult(text=plan.source.text), frozenset[str]()
    else:
        made, applied, problem = _merged(tx, prompt, plan, kept(tx, target))
        if problem is not None:
            return Seen(plan, made, applied, None, problem)
    if made.text is None:
        return Seen(plan, made, applied, None)
    try:
        prepared = saving.prepare(tx, made.text, prompt.id, prompt.name)
    except PromptHubError as error:
        return Seen(plan, made, applied, None, error.message)
    return Seen(plan, made, applied, prepared)


def seen_now(tx: Tx, target: ReviewTarget) -> Seen:
    """What a merge would come to.

    Raises:
        Conflict: a branch is gone.
    """
    seen = look(tx, target)
    if seen is None:
        raise Refused("A branch of this review is gone.")
    return seen


def _merged(
    tx: Tx, prompt: AnyRow, plan: Plan, resolutions: tuple[Kept, ...]
) -> tuple[MergeResult, frozenset[str], str | None]:
    """The merge with what was decided about conflicts that are still the same; some come up only when others are decided.

    What was decided may give no prompt any more since a branch moved: then the last member says why.
    """
    base = base_of(tx, prompt, plan.bases)
    by_hash = {(one.conflict_id, one.conflict_hash): one for one in resolutions}
    applied: dict[str, ConflictResolution] = {}
    while True:
        try:
            made = merge(
                base,
                plan.target.text,
                plan.source.text,
                applied.values(),
                unresolved=lambda name, ref: unresolved(tx, name, ref),
                parts=True,
            )
        except InvalidInput as error:
            if not applied:
                raise
            return MergeResult(), frozenset(applied), error.message
        fresh = {
            one.id: found.resolution
            for one in made.conflicts
            if one.id not in applied and (found := by_hash.get((one.id, conflict_digest(one)))) is not None
        }
        if not fresh:
            return made, frozenset(applied), None
        applied |= fresh


def kept(tx: Tx, target: ReviewTarget) -> tuple[Kept, ...]:
    """The resolutions that people gave, those that apply and those that do not any more."""
    rows = tx.conn.execute(
        select(review_resolution)
        .where(*target.of(review_resolution))
        .order_by(review_resolution.c.created_at, review_resolution.c.conflict_id)
    )
    return tuple(_kept(tx, target, row) for row in rows)


def _kept(tx: Tx, target: ReviewTarget, row: AnyRow) -> Kept:
    column = review_resolution.c.resolution
    said = json.loads(tx.codec.open(column, f"{target.key}/{row.conflict_id}", row.resolution))
    if "resolution" in said:
        choice = Choice.model_validate(said)
        resolution, conflict = choice.resolution, choice.conflict
    else:
        resolution, conflict = ConflictResolution.model_validate(said), None
    return Kept(row.conflict_id, row.conflict_hash, resolution, conflict, row.actor_id, row.created_at)


def decided(tx: Tx, target: ReviewTarget) -> tuple[AnyRow, ...]:
    """The newest word of each reviewer, in the order of their times. A comment takes nothing back."""
    column = review_decision.c
    rows = tx.conn.execute(
        select(column.id, column.actor_id, column.decision)
        .where(*target.of(review_decision), column.dismissed_at.is_(None))
        .order_by(column.id)
    )
    newest: dict[str, AnyRow] = {}
    for row in rows:
        before = newest.get(row.actor_id)
        if row.decision != Decision.COMMENT or before is None or before.decision == Decision.COMMENT:
            newest[row.actor_id] = row
    if not newest:
        return ()
    shown = select(review_decision).where(
        column.workspace_id == tx.workspace_id, column.id.in_([row.id for row in newest.values()])
    )
    return tuple(tx.conn.execute(shown.order_by(column.id)).all())


def facts(
    tx: Tx,
    target: ReviewTarget,
    seen: Seen,
    *,
    linear: bool = True,
    also: Iterable[str] = (),
) -> tuple[Landing, dict[str, Person]]:
    """What the decision looks at, and the people in it by id.

    Args:
        linear: what the merge adds to the target has one parent each.
        also: ids of others to look up.
    """
    row, prompt = target.review, target.prompt
    words = decided(tx, target)
    checks = tx.conn.execute(select(review_check).where(*target.of(review_check))).all()
    wrote = set(authors(tx, prompt, seen.plan))
    wrote |= {one.actor_id for one in kept(tx, target) if one.conflict_id in seen.applied}
    pusher = _last_pusher(tx, target, seen)
    people = persons(tx, {*also, *wrote, pusher, *(one.actor_id for one in (*words, *checks))})
    units = frozenset[str]()
    if seen.prepared is not None:
        old, new = included(tx, target, seen)
        units = touched_units(promptfile.parse(seen.plan.target.text), seen.prepared.document, old, new)
    problems = len(seen.made.conflicts) or (1 if seen.problem else 0)
    return Landing(
        by=caller(tx),
        source=row.source,
        target=row.target,
        state=ReviewState(row.state),
        digest=seen.digest,
        prompt=prompt.name,
        approvals=tuple(
            Approval(people[one.actor_id], Decision(one.decision), one.digest)
            for one in words
            if one.decision != Decision.COMMENT
        ),
        authors=frozenset(wrote),
        last_pusher=pusher,
        checks={
            one.name: CheckFact(
                one.name,
                Verdict(one.verdict),
                one.digest,
                people[one.actor_id],
                one.evidence.get("suite"),
            )
            for one in checks
        },
        open_threads=open_threads(tx, target),
        units=units,
        linear=linear,
        conflicts=problems,
        up_to_date=seen.plan.is_up_to_date,
    ), people


def included(tx: Tx, target: ReviewTarget, seen: Seen) -> tuple[Included, Included]:
    """The snippets of the target, and those of what is merged into it: the lock may be all that a merge changes."""
    row, before = target.review, seen.plan.target.sha
    if row.state == ReviewState.MERGED:
        found = included_by(tx, target.prompt.id, {before, row.merged_sha})
        return found[before], found[row.merged_sha]
    old = included_by(tx, target.prompt.id, {before})[before]
    return old, seen.prepared.locked.included(tx) if seen.prepared is not None else Included()


def is_linear(tx: Tx, target: ReviewTarget, seen: Seen) -> bool:
    """Whether the source follows the target over versions of one parent."""
    edges = Edges(tx, target.prompt.id)
    return seen.plan.is_forward and all(
        len(edges(number)) == 1 for number in ahead(tx, target.prompt, seen.plan)
    )


def _last_pusher(tx: Tx, target: ReviewTarget, seen: Seen) -> str:
    """Who moved the source to where it is; of a branch that was moved before moves were noted, who wrote its head."""
    found: str | None = tx.conn.execute(
        select(branch_move.c.actor_id)
        .where(
            branch_move.c.workspace_id == tx.workspace_id,
            branch_move.c.prompt_id == target.prompt.id,
            branch_move.c.branch == target.review.source,
        )
        .order_by(branch_move.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is not None:
        return found
    author: str = tx.conn.execute(
        select(version.c.author_id).where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == target.prompt.id,
            version.c.sha == seen.plan.source.sha,
        )
    ).scalar_one()
    return author
