"""What decides a review: approvals, checks, and the merge itself."""

from __future__ import annotations

from sqlalchemy import delete, exists, insert, select, update

from jupyter_prompthub.core.errors import Conflict, Forbidden, InvalidInput, NotFound, StaleHead
from jupyter_prompthub.core.records import (
    Decision,
    Dismissal,
    MergeReview,
    NewCheck,
    NewDecision,
    NewReview,
    RevertReview,
    Review,
    ReviewState,
    UpdateReview,
)
from jupyter_prompthub.core.reviews import evidence_digest, merge_blocks

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import new_id
from ..store.tables import review_check, review_comment, review_decision, review_thread
from ..targets import ReviewTarget, by_review, writable
from ..transaction import Tx
from . import gate, heads, refs, review_dependents
from .gate import Landed
from .merge_plan import as_expected, authors, between, forward, node, restored, save, three
from .persons import caller, persons, posts_as_itself
from .review_events import NOTHING, Told
from .review_facts import Seen, decided, facts, is_linear
from .review_facts import seen_now as _seen
from .review_rows import detail, landing_of
from .review_update import brought
from .review_ways import how
from .reviews import live, open_one, touch

__all__ = ["check", "decide", "dismiss", "merge", "revert", "update_"]

_MOST_CHECKS = 200


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_DECIDE, target=by_review)
def decide(tx: Tx, target: ReviewTarget, new: NewDecision) -> Review:
    """Approve what would be merged, ask for changes, or comment."""
    live(target)
    seen = _seen(tx, target)
    if new.decision is Decision.APPROVE:
        _with_all_rights(tx)
        if new.digest is None:
            raise InvalidInput("an approval must name the review digest of what was looked at (digest)")
        if seen.digest is None:
            raise Conflict(
                "Nothing could be merged now, so there is nothing to approve: decide the conflicts first."
            )
        _as_looked_at(new.digest, seen)
    elif not new.body.strip() and (new.decision is Decision.COMMENT or not _talks(tx, target)):
        raise InvalidInput(
            "a comment must say something (body)"
            if new.decision is Decision.COMMENT
            else "a request for changes must say what is to change (body), or in an open conversation of yours"
        )
    made = new_id()
    tx.conn.execute(
        insert(review_decision).values(
            workspace_id=tx.workspace_id,
            id=made,
            prompt_id=target.prompt.id,
            number=target.review.number,
            actor_id=tx.caller.actor_id,
            decision=new.decision.value,
            digest=new.digest or seen.digest,
            body=tx.codec.seal(review_decision.c.body, made, new.body),
            created_at=tx.now,
        )
    )
    tx.audit(decision=new.decision.value, digest=new.digest or seen.digest or "")
    tx.audit_content("body", new.body)
    return _told(tx, target, "review.decided", {"decision": (new.decision.value,)})


@operation(Permission.PROTECTION_WRITE, tag=AuditTag.REVIEW_DISMISS, target=by_review)
def dismiss(tx: Tx, target: ReviewTarget, why: Dismissal) -> Review:
    """Take back all requests for changes that stand, say of somebody who is away."""
    live(target)
    against = [row.id for row in decided(tx, target) if row.decision == Decision.REQUEST_CHANGES]
    if not against:
        raise Conflict("Nobody asks for changes: there is nothing to dismiss.")
    tx.conn.execute(
        update(review_decision)
        .where(*target.of(review_decision), review_decision.c.id.in_(against))
        .values(dismissed_by=tx.caller.actor_id, dismissed_at=tx.now, dismissed_why=why.reason)
    )
    return _told(tx, target, "review.decided")


@operation(Permission.TEST_RUN, tag=AuditTag.REVIEW_CHECK, target=by_review)
def check(tx: Tx, target: ReviewTarget, new: NewCheck) -> Review:
    """Post the verdict of a check on what would be merged, or on what a prompt that includes it would be."""
    live(target)
    seen = _seen(tx, target)
    if new.dependent is not None:
        evidence = review_dependents.post(tx, target, seen, new)
        tx.audit(check=new.name, verdict=new.verdict.value, digest=new.digest, evidence=evidence)
        return _told(tx, target, "review.checked")
    _as_looked_at(new.digest, seen)
    posts_as_itself(tx, gate.held(tx, target.prompt.name, target.review.target), new.name)
    assert seen.prepared is not None
    evidence = evidence_digest(
        content_hash=seen.prepared.content_hash, lock=seen.prepared.locked.shas, evidence=new.evidence
    )
    if new.evidence_digest not in (None, evidence):
        raise InvalidInput(
            f"the evidence gives the digest {evidence}, got {new.evidence_digest}: it is of another content or lock",
            details={"evidence_digest": evidence},
        )
    table = review_check
    names = set(tx.conn.scalars(select(table.c.name).where(*target.of(table))))
    if len(names - {new.name}) >= _MOST_CHECKS:
        raise Conflict(
            f"This review has {_MOST_CHECKS} checks, the most that are kept: use the name of one of them."
        )
    tx.conn.execute(delete(table).where(*target.of(table), table.c.name == new.name))
    tx.conn.execute(
        insert(table).values(
            workspace_id=tx.workspace_id,
            prompt_id=target.prompt.id,
            number=target.review.number,
            name=new.name,
            verdict=new.verdict.value,
            digest=new.digest,
            evidence=new.evidence.model_dump(mode="json"),
            evidence_digest=evidence,
            url=new.url,
            summary=new.summary,
            actor_id=tx.caller.actor_id,
            created_at=tx.now,
        )
    )
    tx.audit(check=new.name, verdict=new.verdict.value, digest=new.digest, evidence=evidence)
    return _told(tx, target, "review.checked")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.REVIEW_MERGE, target=by_review)
def merge(tx: Tx, target: ReviewTarget, new: MergeReview) -> Review:
    """Merge what the review shows, by compare-and-swap of the target's head."""
    row, prompt = target.review, target.prompt
    writable(prompt)
    if row.state == ReviewState.MERGED:
        gate.refuse(merge_blocks((), facts(tx, target, _seen(tx, target))[0]))
    seen = _seen(tx, target)
    as_expected(seen.plan, new.expected_head, None)
    if new.digest is not None:
        _as_looked_at(new.digest, seen)
    forwards, squash = how(tx, target, seen, new.mode)
    linear = squash or (forwards and is_linear(tx, target, seen))
    landing, _, _ = landing_of(tx, target, seen, linear=linear)
    gate.refuse(merge_blocks(gate.held(tx, prompt.name, row.target), landing))
    assert seen.prepared is not None
    landed = Landed(row.number, seen.plan.source.sha, landing)
    if forwards:
        made = forward(tx, prompt, seen.plan, row.target, landed=landed).version
    else:
        made = save(
            tx,
            prompt,
            seen.prepared.document.text,
            row.target,
            new.commit_message or f"Merge {row.source}: {row.title} (#{row.number})",
            seen.plan.target.sha,
            others=() if squash else (seen.plan.source.sha,),
            editors=authors(tx, prompt, seen.plan) if squash else (),
            landed=landed,
        )
    tx.is_unchanged = False  # also where the target says all of it already: the review ends
    assert made is not None
    tx.audit(merged=seen.plan.source.sha, before=seen.plan.target.sha, digest=seen.digest or "")
    touch(
        tx,
        target,
        "review.merged",
        state=ReviewState.MERGED.value,
        ended_at=tx.now,
        ended_by=tx.caller.actor_id,
        source_sha=seen.plan.source.sha,
        target_sha=seen.plan.target.sha,
        merged_sha=made.sha,
        digest=seen.digest,
    )
    return detail(tx, by_review(tx, prompt.id, str(row.number)))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_MERGE, target=by_review)
def update_(tx: Tx, target: ReviewTarget, new: UpdateReview) -> Review:
    """Merge the target into the source, so that the source has all that the target has.

    What was decided in the review holds here too; who decided it has a part in the version that comes of it.
    """
    tx.require(Permission.REVIEW_WRITE)
    live(target)
    row, prompt = target.review, target.prompt
    writable(prompt)
    seen = _seen(tx, target)
    plan = between(tx, prompt, seen.plan.target, seen.plan.source)
    if new.expected_head not in (None, plan.target.sha):
        raise heads.stale(new.expected_head, plan.target.sha)
    if plan.is_up_to_date:
        tx.unchanged()
        return detail(tx, target)
    made, deciders = brought(tx, target, plan, new.resolutions)
    if made.text is None:
        raise Conflict(
            f"{row.target} cannot be merged into {row.source} yet: "
            f"{len(made.conflicts)} to decide. Send resolutions along, or decide them in the review.",
            details={"conflicts": [one.model_dump(mode="json") for one in made.conflicts]},
        )
    if plan.is_forward:
        forward(tx, prompt, plan, row.source)
    else:
        said = f"Merge {row.target} into {row.source}"
        head, others = plan.target.sha, (plan.source.sha,)
        save(tx, prompt, made.text, row.source, said, head, others=others, editors=deciders)
    return _told(tx, target, "review.changed")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.REVIEW_OPEN, target=by_review)
def revert(tx: Tx, target: ReviewTarget, new: RevertReview) -> Review:
    """Take back what a merged review brought, as a new review."""
    tx.require(Permission.REVIEW_WRITE)
    row, prompt = target.review, target.prompt
    writable(prompt)
    if row.state != ReviewState.MERGED:
        raise Conflict(f"{prompt.name}#{row.number} is {row.state}: only what was merged can be taken back.")
    head = refs.head(tx, prompt.id, row.target)
    if head is None:
        raise NotFound(f"The branch {row.target} is gone.", details={"branch": row.target})
    name = new.branch or f"revert-{row.number}"
    if taken := refs.check_free_ref(tx, prompt.id, name, "branch name"):
        raise Conflict(f"{taken} is called {name!r} already; name another branch")
    merged, before, now = (node(tx, prompt, sha) for sha in (row.merged_sha, row.target_sha, head))
    made = three(tx, merged.text, now.text, before.text, new.resolutions)
    if made.text is None:
        raise Conflict(
            f"What came after {prompt.name}#{row.number} stands on it: {len(made.conflicts)} to decide. "
            "Send resolutions along.",
            details={"conflicts": [one.model_dump(mode="json") for one in made.conflicts]},
        )
    heads.insert_branch(tx, prompt, name, head)
    tx.emit("branch.created", prompt=prompt.id, branch=name)
    editors = restored(tx, prompt, merged, before)
    saved = save(tx, prompt, made.text, name, f"Revert #{row.number}: {row.title}", head, editors=editors)
    if not saved.created:
        raise Conflict(
            f"Nothing of {prompt.name}#{row.number} is left on {row.target}: there is nothing to take back."
        )
    asked = NewReview(source=name, target=row.target, title=f"Revert #{row.number}: {row.title}"[:200])
    return open_one(tx, prompt, asked, reverts=row.number)


# ------------------------------------------------------------------ parts


def _with_all_rights(tx: Tx) -> None:
    """An approval counts by the role that its author has: a key that was given less must not say it."""
    may = Permission.REVIEW_APPROVE.value
    if (
        may in persons(tx, [tx.caller.actor_id])[tx.caller.actor_id].permissions
        and may not in caller(tx).permissions
    ):
        raise Forbidden(
            f"This API key has the role {tx.caller.role}, its owner has more: approve with a key of the owner's role, or "
            "signed in.",
            details={"permission": may},
        )


def _talks(tx: Tx, target: ReviewTarget) -> bool:
    """Whether the caller said something in a conversation that is not resolved."""
    said = review_comment.c
    return tx.conn.execute(
        select(
            exists()
            .where(*target.of(review_thread), review_thread.c.resolved_at.is_(None))
            .where(said.workspace_id == tx.workspace_id, said.thread_id == review_thread.c.id)
            .where(said.author_id == tx.caller.actor_id)
        )
    ).scalar_one()


def _as_looked_at(digest: str, seen: Seen) -> None:
    if digest != seen.digest:
        raise StaleHead(
            "What would be merged is not what you looked at: a branch moved, or a conflict was decided. "
            "Nothing was changed. Look at the review again.",
            details={"expected": digest, "digest": seen.digest},
        )


def _told(tx: Tx, target: ReviewTarget, kind: str, told: Told = NOTHING) -> Review:
    touch(tx, target, kind, told=told)
    return detail(tx, by_review(tx, target.prompt.id, str(target.review.number)))
