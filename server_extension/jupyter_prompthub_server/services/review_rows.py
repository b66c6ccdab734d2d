"""Rows of reviews as records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, tuple_

from jupyter_prompthub.core.compatibility import Contract, compatibility
from jupyter_prompthub.core.merge.shown import changes, shown
from jupyter_prompthub.core.records import (
    ActorRef,
    Check,
    Conflict,
    Decision,
    Evidence,
    KeptResolution,
    Review,
    ReviewDecision,
    ReviewState,
    ReviewSummary,
    Verdict,
    VersionSummary,
)
from jupyter_prompthub.core.reviews import Approval, Held, Landing, Person, merge_blocks, standing

from ..store.clock import iso
from ..store.tables import prompt as prompt_table
from ..store.tables import review, review_check, review_decision, review_reviewer, version
from ..store.types import AnyRow
from ..targets import ReviewTarget
from ..transaction import Tx
from . import gate
from .around import actors
from .contracts import contract_of
from .dependents import paged
from .merge_plan import ahead, brings
from .review_around import Around, around
from .review_dependents import including, people_in, records
from .review_facts import Kept, Seen, decided, facts, included, kept, look
from .review_left import left
from .review_ways import moves
from .version_rows import SUMMARY, load, summaries

__all__ = ["detail", "landing_of", "summaries_of"]

_SHOWN = 100
_SHOWN_DEPENDENTS = 20


def summaries_of(tx: Tx, rows: Sequence[AnyRow]) -> tuple[ReviewSummary, ...]:
    """Records of rows of ``review``, in their order."""
    return tuple(ReviewSummary(**fields) for fields in _summaries(tx, rows))


def detail(tx: Tx, target: ReviewTarget) -> Review:
    """A review with all that decides it, computed as the branches are now."""
    row = target.review
    (fields,) = _summaries(tx, [row])
    if row.ended_by is not None:
        fields |= {"ended_at": iso(row.ended_at), "ended_by": actors(tx, [row.ended_by])[row.ended_by]}
    fields["description"] = tx.codec.open(review.c.description, target.key, row.description)
    fields["merged_sha"] = row.merged_sha
    fields["source_branch"] = left(tx, target)
    seen = look(tx, target)
    if seen is not None:
        fields |= _as_it_is(tx, target, seen)
    return Review(**fields)


def _as_it_is(tx: Tx, target: ReviewTarget, seen: Seen) -> dict[str, Any]:
    row, prompt = target.review, target.prompt
    merged = row.state == ReviewState.MERGED
    landing, people, found = landing_of(tx, target, seen)
    held = gate.held(tx, prompt.name, row.target)
    numbers = ahead(tx, prompt, seen.plan)
    text = seen.prepared.document.text if seen.prepared is not None else None
    if merged:
        text = load(tx, prompt.id, row.merged_sha).text
    digest = row.digest if merged else seen.digest
    resolutions = kept(tx, target)
    open_ = {one.id: shown(one) for one in seen.made.conflicts}
    refs = actors(tx, {*people, *(one.actor_id for one in resolutions)})
    dependents, prompts, _ = paged(records(found, refs), _SHOWN_DEPENDENTS, None)
    made: dict[str, Any] = {
        "dependents": dependents,
        "dependent_prompts": prompts,
        "source_sha": seen.plan.source.sha,
        "target_sha": seen.plan.target.sha,
        "bases": tuple(base.sha for base in seen.plan.bases),
        "merge": None if merged else seen.state,
        "moves": () if merged else moves(tx, target, seen),
        "digest": digest,
        "text": text,
        "units": tuple(sorted(landing.units)),
        "conflicts": () if merged else tuple(open_.values()),
        "so_far": () if merged else seen.made.so_far,
        "problem": None if merged else seen.problem,
        "resolutions": tuple(
            _resolution(one, refs[one.actor_id], one.conflict_id in seen.applied, open_.get(one.conflict_id))
            for one in resolutions
        ),
        "versions": _versions(tx, target, numbers[:_SHOWN]),
        "version_count": len(numbers),
        "authors": tuple(refs[one] for one in sorted(landing.authors)),
        "last_pusher": refs[landing.last_pusher] if landing.last_pusher else None,
        "decisions": _decisions(tx, target, landing, held, people, refs),
        "checks": _checks(tx, target, digest, held, refs),
        "blocks": merge_blocks(held, landing),
        "open_threads": landing.open_threads,
    }
    if text is not None:
        old, new = included(tx, target, seen)
        made["diff"] = brings(seen.plan.target.text, text, old.shas, new.shas)
        if seen.prepared is not None:
            content = seen.prepared.document.content
            after = Contract.of_text(content, text, seen.prepared.locked.texts(tx))
            before = contract_of(tx, load(tx, prompt.id, seen.plan.target.sha))
            made["compatibility"] = compatibility(before, after)
    return made


def _resolution(one: Kept, by: ActorRef, applies: bool, now: Conflict | None) -> KeptResolution:
    """A person's choice, and, where the conflict is another one now, what changed of it."""
    return KeptResolution(
        resolution=one.resolution,
        by=by,
        at=iso(one.at),
        applies=applies,
        decision=one.decision,
        conflict=None if one.conflict is None else shown(one.conflict),
        changes=() if one.conflict is None or now is None else changes(one.conflict, now),
    )


def landing_of(
    tx: Tx, target: ReviewTarget, seen: Seen, *, linear: bool = True
) -> tuple[Landing, dict[str, Person], tuple[Around, ...]]:
    """What the decision looks at, those who include the prompt among it; the people in it by id; and all of these."""
    found = around(tx, target, seen)
    landing, people = facts(tx, target, seen, linear=linear, also=people_in(found))
    return replace(landing, including=including(found, people)), people, found


def _versions(tx: Tx, target: ReviewTarget, numbers: Sequence[int]) -> tuple[VersionSummary, ...]:
    if not numbers:
        return ()
    rows = tx.conn.execute(
        select(*SUMMARY)
        .where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == target.prompt.id,
            version.c.number.in_(numbers),
        )
        .order_by(version.c.number.desc())
    ).all()
    return summaries(tx, rows)


def _decisions(
    tx: Tx,
    target: ReviewTarget,
    landing: Landing,
    held: Sequence[Held],
    people: dict[str, Person],
    refs: dict[str, ActorRef],
) -> tuple[ReviewDecision, ...]:
    rules = [one.rules for one in held]
    return tuple(
        ReviewDecision(
            by=refs[row.actor_id],
            decision=Decision(row.decision),
            digest=row.digest,
            body=tx.codec.open(review_decision.c.body, row.id, row.body),
            at=iso(row.created_at),
            standing=standing(rules, landing, Approval(people[row.actor_id], Decision.APPROVE, row.digest))
            if row.decision == Decision.APPROVE and target.review.state != ReviewState.MERGED
            else None,
        )
        for row in decided(tx, target)
    )


def _checks(
    tx: Tx, target: ReviewTarget, digest: str | None, held: Sequence[Held], refs: dict[str, ActorRef]
) -> tuple[Check, ...]:
    required = {check.name for one in held for check in one.rules.checks}
    rows = tx.conn.execute(select(review_check).where(*target.of(review_check)).order_by(review_check.c.name))
    return tuple(
        Check(
            name=row.name,
            verdict=row.verdict,
            digest=row.digest,
            evidence=Evidence.model_validate(row.evidence),
            evidence_digest=row.evidence_digest,
            url=row.url,
            summary=row.summary,
            by=refs[row.actor_id],
            at=iso(row.created_at),
            stale=row.digest != digest,
            required=row.name in required,
        )
        for row in rows
    )


def _summaries(tx: Tx, rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    if not rows:
        return []
    keys = [(row.prompt_id, row.number) for row in rows]
    names: dict[str, str] = {
        row.id: row.name
        for row in tx.conn.execute(
            select(prompt_table.c.id, prompt_table.c.name).where(
                prompt_table.c.workspace_id == tx.workspace_id,
                prompt_table.c.id.in_({row.prompt_id for row in rows}),
            )
        )
    }
    asked: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    said: defaultdict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for one in _of(tx, review_reviewer, keys, review_reviewer.c.created_at):
        asked[one.prompt_id, one.number].append(one.actor_id)
    word = review_decision.c
    columns = (word.prompt_id, word.number, word.actor_id, word.decision, word.dismissed_at)
    for one in _of(tx, review_decision, keys, word.id, *columns):
        if one.dismissed_at is None and one.decision != Decision.COMMENT:
            said[one.prompt_id, one.number][one.actor_id] = one.decision
    failing: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for one in _of(tx, review_check, keys, review_check.c.name):
        if one.verdict != Verdict.PASSED:
            failing[one.prompt_id, one.number].append(one.name)
    ids = {row.author_id for row in rows}
    ids |= {one for each in asked.values() for one in each} | {one for each in said.values() for one in each}
    people = actors(tx, ids)

    def by(key: tuple[str, int], decision: Decision) -> tuple[ActorRef, ...]:
        return tuple(people[one] for one, what in said[key].items() if what == decision)

    return [
        {
            "prompt_id": row.prompt_id,
            "prompt_name": names[row.prompt_id],
            "number": row.number,
            "title": row.title,
            "state": ReviewState(row.state),
            "source": row.source,
            "target": row.target,
            "author": people[row.author_id],
            "reviewers": tuple(people[one] for one in asked[row.prompt_id, row.number]),
            "approved_by": by((row.prompt_id, row.number), Decision.APPROVE),
            "changes_requested_by": by((row.prompt_id, row.number), Decision.REQUEST_CHANGES),
            "failing": tuple(failing[row.prompt_id, row.number]),
            "created_at": iso(row.created_at),
            "updated_at": iso(row.updated_at),
            "reverts": row.reverts,
        }
        for row in rows
    ]


def _of(tx: Tx, table: Any, keys: Sequence[tuple[str, int]], order: Any, *columns: Any) -> Sequence[AnyRow]:
    return tx.conn.execute(
        select(*(columns or (table,)))
        .where(table.c.workspace_id == tx.workspace_id, tuple_(table.c.prompt_id, table.c.number).in_(keys))
        .order_by(order)
    ).all()
