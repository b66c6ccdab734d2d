"""A review of a snippet: who includes it, what the merge does to each, and the checks that each asks for.

A merge changes no dependent by itself: a lock is renewed when its prompt is saved. What it will be then is known now, and
the checks that the protections of a dependent's branches ask for are asked for here, each on what that dependent would be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.errors import Conflict, InvalidInput, NotFound, StaleHead
from jupyter_prompthub.core.records import (
    ActorRef,
    Check,
    Evidence,
    NewCheck,
    ReviewDependent,
    ReviewDependentPage,
    ReviewDependentsQuery,
    Verdict,
)
from jupyter_prompthub.core.reviews import (
    CheckFact,
    Including,
    Person,
    evidence_digest,
    resolved,
)

from ..access.permissions import Permission
from ..operations import operation
from ..store.clock import iso
from ..store.tables import review_dependent_check
from ..store.types import AnyRow
from ..targets import ReviewTarget, by_review
from ..transaction import Tx
from . import dependents
from .around import actors
from .persons import posts_as_itself
from .review_around import Around, around
from .review_facts import Seen, look
from .version_rows import loads

__all__ = ["including", "list_", "people_in", "post", "records"]

_MOST_CHECKS = 200
"""of one dependent"""


@operation(Permission.REVIEW_READ, no_audit="read", target=by_review)
def list_(tx: Tx, target: ReviewTarget, query: ReviewDependentsQuery) -> ReviewDependentPage:
    """Who includes the snippet under review, each with its template before and after, and the checks it asks for."""
    seen = look(tx, target)
    if seen is None:
        return ReviewDependentPage()
    found = around(tx, target, seen)
    every = records(found, actors(tx, people_in(found)))
    items, prompts, cursor = dependents.paged(every, query.limit, query.cursor)
    return ReviewDependentPage(
        items=_with_texts(tx, target, seen, items), prompts=prompts, next_cursor=cursor
    )


# ------------------------------------------------------------------ for other services


def people_in(found: Iterable[Around]) -> set[str]:
    """Ids of who posted checks for them."""
    return {row.actor_id for one in found for row in one.newest.values()}


def including(found: Iterable[Around], people: Mapping[str, Person]) -> tuple[Including, ...]:
    """What the decision looks at."""
    return tuple(
        Including(
            one.dependent.name,
            one.digest,
            one.held,
            {
                name: CheckFact(
                    name, Verdict(row.verdict), row.digest, people[row.actor_id], row.evidence.get("suite")
                )
                for name, row in one.newest.items()
            },
        )
        for one in found
        if one.digest is not None and one.held
    )


def records(found: Iterable[Around], people: Mapping[str, ActorRef]) -> tuple[ReviewDependent, ...]:
    """For people, without texts."""
    return tuple(
        ReviewDependent(
            **one.dependent.model_dump(),
            digest=one.digest,
            required=one.required,
            checks=tuple(_check(one, row, people) for _, row in sorted(one.newest.items())),
        )
        for one in found
    )


def post(tx: Tx, target: ReviewTarget, seen: Seen, new: NewCheck) -> str:
    """Keep a verdict on what a dependent would be; its evidence digest.

    Raises:
        Forbidden: a key that was given less than the role which posts it.
        NotFound: no such prompt includes the snippet.
        StaleHead: it would be something else.
    """
    mine = [one for one in around(tx, target, seen) if one.dependent.prompt_id == new.dependent]
    if not mine:
        raise NotFound(
            f"{target.prompt.name} is included by no such prompt.", details={"prompt": new.dependent}
        )
    one = next((one for one in mine if one.digest == new.digest), None)
    current = {each.digest for each in mine if each.digest is not None}
    if one is None:
        raise StaleHead(
            f"That is not what {mine[0].dependent.name} would be with this merge: it has changed, or the merge result has. "
            "Nothing was changed. Look at the review again.",
            details={"expected": new.digest, "digests": sorted(current)},
        )
    posts_as_itself(tx, one.held, new.name)
    table = review_dependent_check
    of_it = (*target.of(table), table.c.dependent_id == new.dependent)
    names = {row.name for row in one.checks}
    if new.name not in names and len(names) >= _MOST_CHECKS:
        raise Conflict(
            f"{one.dependent.name} has {_MOST_CHECKS} checks here, the most that are kept: use the name of one of them."
        )
    evidence = evidence_digest(
        content_hash=one.content_hash, lock={**one.lock, target.prompt.id: new.digest}, evidence=new.evidence
    )
    if new.evidence_digest not in (None, evidence):
        raise InvalidInput(
            f"the evidence gives the digest {evidence}, got {new.evidence_digest}: it is of another content or lock",
            details={"evidence_digest": evidence},
        )
    # of what it cannot come to any more nothing is kept
    kept = current - {new.digest}
    tx.conn.execute(delete(table).where(*of_it, table.c.name == new.name, table.c.digest.not_in(kept)))
    tx.conn.execute(
        insert(table).values(
            workspace_id=tx.workspace_id,
            prompt_id=target.prompt.id,
            number=target.review.number,
            dependent_id=new.dependent,
            name=new.name,
            digest=new.digest,
            verdict=new.verdict.value,
            evidence=new.evidence.model_dump(mode="json"),
            evidence_digest=evidence,
            url=new.url,
            summary=new.summary,
            actor_id=tx.caller.actor_id,
            created_at=tx.now,
        )
    )
    tx.audit(dependent=new.dependent or "")
    return evidence


# ------------------------------------------------------------------ parts


def _check(one: Around, row: AnyRow, people: Mapping[str, ActorRef]) -> Check:
    return Check(
        name=row.name,
        verdict=row.verdict,
        digest=row.digest,
        evidence=Evidence.model_validate(row.evidence),
        evidence_digest=row.evidence_digest,
        url=row.url,
        summary=row.summary,
        by=people[row.actor_id],
        at=iso(row.created_at),
        stale=row.digest != one.digest,
        required=row.name in one.required,
    )


def _with_texts(
    tx: Tx, target: ReviewTarget, seen: Seen, items: Sequence[ReviewDependent]
) -> tuple[ReviewDependent, ...]:
    row, prepared = target.prompt, seen.prepared
    new = prepared.document if prepared is not None else None
    inner = prepared.locked.texts(tx) if prepared is not None else {}
    shas: defaultdict[str, list[str]] = defaultdict(list)
    for one in items:
        shas[one.prompt_id].append(one.version_sha)
    versions = {each.sha: each for prompt_id, some in shas.items() for each in loads(tx, prompt_id, some)}
    locked = sorted({one.snippet_sha for one in items})
    old = {each.sha: promptfile.parse(each.text) for each in loads(tx, row.id, locked)}
    snippets = dependents.included_in(tx, row.id, versions.values(), new.text if new else "", inner)
    made = []
    for one in items:
        found, around_it = versions[one.version_sha], snippets[one.version_sha]
        before, cut = resolved(found.text, around_it.before)
        said: dict[str, Any] = {"before": before, "cut": cut}
        if new is not None:
            after, too = resolved(found.text, around_it.after)
            what, reasons = dependents.effect(found, around_it, old[one.snippet_sha], new)
            said |= {"after": after, "cut": cut or too, "effect": what, "reasons": reasons}
        made.append(one.model_copy(update=said))
    return tuple(made)
