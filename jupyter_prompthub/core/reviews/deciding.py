"""Whether a branch may move: every reason why not. The truth table is ``docs/protections.md``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..records import (
    Block,
    BlockCode,
    Decision,
    OwnerRule,
    RequiredCheck,
    ReviewState,
    Rules,
    Standing,
    Verdict,
)
from .facts import Approval, CheckFact, Held, Landing, Person, Push
from .owners import fits

__all__ = ["merge_blocks", "push_blocks", "standing"]

_NAMED = 3
"""prompts that a sentence names"""

_APPROVE, _WRITE, _MERGE = "review:approve", "review:write", "prompt:merge"


def push_blocks(held: Sequence[Held], push: Push) -> tuple[Block, ...]:
    """Why a branch may not be moved, made or deleted without a review; empty: it may."""
    made: list[Block] = []
    for one in held:
        if not _exempt(one.rules, push.by):
            made += (_block(one, code, said) for code, said in _push(one.rules, push))
    return tuple(made)


def merge_blocks(held: Sequence[Held], landing: Landing) -> tuple[Block, ...]:
    """Why a review may not be merged; empty: it may. What no merge can do without comes first."""
    made = [Block(code=code, message=said) for code, said in _always(landing)]
    for one in held:
        if not _exempt(one.rules, landing.by):
            made += (_block(one, code, said) for code, said in _merge(one.rules, landing))
    if not landing.up_to_date:
        made += _including(landing)
    once = {
        (block.code, block.message): block for block in reversed(made)
    }  # several protections may ask the same
    return tuple(reversed(once.values()))


def standing(rules: Sequence[Rules], landing: Landing, approval: Approval) -> Standing:
    """Whether an approval counts under all of these rules, or the first reason why not."""
    found = [_stands(each, landing, approval, each.approvers) for each in rules or [Rules()]]
    return next((each for each in found if each is not Standing.COUNTS), Standing.COUNTS)


# ------------------------------------------------------------------ pushes


def _push(rules: Rules, push: Push) -> Iterator[tuple[BlockCode, str]]:
    if push.deletes:
        yield BlockCode.DELETE, f"{push.branch} is protected: it cannot be deleted."
        return
    if push.creates:
        if rules.needs_review and not push.from_reviewed:
            yield (
                BlockCode.CREATE,
                f"{push.branch} is protected: it can start only from a version in the history of a branch that needs "
                "reviews too.",
            )
    elif rules.needs_review:
        yield (
            BlockCode.REVIEW_NEEDED,
            f"{push.branch} is protected: it changes by merging a review only. Save on another branch and open a review.",
        )
    if rules.may_push and not any(push.by.named(who) for who in rules.may_push):
        yield (
            BlockCode.MAY_PUSH,
            f"Only those named in the protection may push to {push.branch}; {push.by.called} is not one of them.",
        )
    if rules.linear_history and not push.linear:
        yield (
            BlockCode.LINEAR_HISTORY,
            f"{push.branch} keeps a linear history: it only moves forward, over versions of one parent.",
        )


# ------------------------------------------------------------------ merges


def _always(landing: Landing) -> Iterator[tuple[BlockCode, str]]:
    if landing.state is ReviewState.DRAFT:
        yield BlockCode.DRAFT, "This review is a draft: mark it ready first."
    elif landing.state is ReviewState.CLOSED:
        yield BlockCode.CLOSED, "This review is closed: open it again first."
    elif landing.state is ReviewState.MERGED:
        yield BlockCode.MERGED, "This review has been merged."
        return
    if landing.up_to_date:
        yield (
            BlockCode.UP_TO_DATE,
            f"{landing.target} has everything that {landing.source} has: there is nothing to merge.",
        )
    elif landing.conflicts:
        said = "1 conflict is" if landing.conflicts == 1 else f"{landing.conflicts} conflicts are"
        yield BlockCode.CONFLICTS, f"{said} to be decided first."


def _merge(rules: Rules, landing: Landing) -> Iterator[tuple[BlockCode, str]]:
    if rules.may_merge:
        if not any(landing.by.named(who) for who in rules.may_merge):
            yield (
                BlockCode.MAY_MERGE,
                f"Only those named in the protection may merge into {landing.target}; "
                f"{landing.by.called} is not one of them.",
            )
    elif _MERGE not in landing.by.permissions:
        yield (
            BlockCode.MAY_MERGE,
            f"{landing.target} is protected: merging into it needs the permission {_MERGE}, which the role "
            f"{landing.by.role or 'none'} does not have.",
        )
    if rules.linear_history and not landing.linear:
        yield (
            BlockCode.LINEAR_HISTORY,
            f"{landing.target} keeps a linear history: merge with squash, or bring {landing.source} up to date and "
            "fast-forward.",
        )
    if landing.up_to_date:
        return
    yield from _against(rules, landing)
    yield from _approvals(rules, landing)
    for owner in rules.owners:
        yield from _owner(rules, owner, landing)
    for check in rules.checks:
        why = _check(check, landing.checks.get(check.name), landing.digest)
        if why is not None:
            yield why
    if rules.conversations_resolved and landing.open_threads:
        said = (
            "1 conversation is" if landing.open_threads == 1 else f"{landing.open_threads} conversations are"
        )
        yield BlockCode.CONVERSATIONS, f"{said} not resolved."


def _against(rules: Rules, landing: Landing) -> Iterator[tuple[BlockCode, str]]:
    """Requests for changes, wherever a review is needed: of who may approve, or owns a unit that changes."""
    if not rules.needs_review:
        return
    owners = [who for owner in rules.owners if _touched(owner, landing) for who in owner.owners]
    against = [
        each.by.called
        for each in landing.approvals
        if each.decision is Decision.REQUEST_CHANGES
        and (_may_approve(each.by, rules.approvers) or _is_named(each.by, owners))
    ]
    if against:
        yield BlockCode.CHANGES_REQUESTED, f"{_listed(against)} asked for changes and did not approve since."


def _approvals(rules: Rules, landing: Landing) -> Iterator[tuple[BlockCode, str]]:
    if not rules.approvals:
        return
    given = [each for each in landing.approvals if each.decision is Decision.APPROVE]
    stands = [(each, _stands(rules, landing, each, rules.approvers)) for each in given]
    count = sum(how is Standing.COUNTS for _, how in stands)
    if count < rules.approvals:
        said = f"{rules.approvals} approvals are needed, {count} count" + ("s" if count == 1 else "")
        if rules.approvals == 1:
            said = "1 approval is needed"
        why = [f"{each.by.called} {_WHY[how]}" for each, how in stands if how is not Standing.COUNTS]
        yield BlockCode.APPROVALS, f"{said}: {'; '.join(why)}." if why else f"{said}."


_WHY = {
    Standing.DISMISSED: "approved another text",
    Standing.AUTHOR: "wrote a part of it",
    Standing.LAST_PUSHER: "pushed last",
    Standing.SHARED: "is an identity that several people may share, so it cannot show that somebody else looked",
    Standing.NO_RIGHT: "has no right to approve",
}


def _owner(rules: Rules, owner: OwnerRule, landing: Landing) -> Iterator[tuple[BlockCode, str]]:
    touched = _touched(owner, landing)
    if not touched:
        return
    count = sum(
        _stands(rules, landing, each, owner.owners, named_only=True) is Standing.COUNTS
        for each in landing.approvals
        if each.decision is Decision.APPROVE
    )
    if count < owner.approvals:
        shown = ", ".join(touched[:3]) + (" …" if len(touched) > 3 else "")
        missing = owner.approvals - count
        yield (
            BlockCode.OWNERS,
            f"{owner.name} owns {shown}: {missing} approval{'s' if missing > 1 else ''} of theirs "
            f"{'are' if missing > 1 else 'is'} missing.",
        )


def _touched(owner: OwnerRule, landing: Landing) -> list[str]:
    """Which of their units the merge changes."""
    if not fits(owner.prompts, landing.prompt):
        return []
    return sorted(unit for unit in landing.units if any(fits(pattern, unit) for pattern in owner.units))


def _check(check: RequiredCheck, found: CheckFact | None, digest: str | None) -> tuple[BlockCode, str] | None:
    """Why a check does not do for what has this digest; None: it does."""
    if found is None:
        return BlockCode.CHECK_MISSING, f"The check {check.name} has not been made."
    if found.digest != digest:
        return BlockCode.CHECK_STALE, f"The check {check.name} was made for another text: make it again."
    if check.posted_by and not any(found.by.named(who) for who in check.posted_by):
        return (
            BlockCode.CHECK_POSTER,
            f"The check {check.name} was posted by {found.by.called}, who may not post it.",
        )
    if check.suite is not None and found.suite != check.suite:
        return (
            BlockCode.CHECK_SUITE,
            f"The check {check.name} rests on the suite {found.suite or 'none'}, expected {check.suite}.",
        )
    if found.verdict is not Verdict.PASSED:
        return BlockCode.CHECK_FAILED, f"The check {check.name} is {found.verdict.value}, expected passed."
    return None


def _including(landing: Landing) -> Iterator[Block]:
    """The checks that prompts which include this one ask for: one block for all of whom the same is to be said."""
    whom: dict[tuple[str, BlockCode, str], list[str]] = {}
    for one in landing.including:
        for held in one.held:
            if _exempt(held.rules, landing.by):
                continue
            for check in held.rules.checks:
                why = _check(check, one.checks.get(check.name), one.digest)
                if why is not None:
                    whom.setdefault((held.id, *why), []).append(one.name)
    for (protection, code, said), names in whom.items():
        listed = ", ".join(names[:_NAMED]) + (
            f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        )
        include = "includes" if len(names) == 1 else "include"
        message = f"For {listed}, which {include} this snippet: {said[0].lower()}{said[1:]}"
        yield Block(code=code, message=message, protection=protection)


# ------------------------------------------------------------------ people


def _stands(
    rules: Rules, landing: Landing, approval: Approval, named: Sequence[str], *, named_only: bool = False
) -> Standing:
    if landing.digest is None or approval.digest != landing.digest:
        return Standing.DISMISSED
    by = approval.by
    allowed = _is_named(by, named) if named_only else _may_approve(by, named)
    if not allowed:
        return Standing.NO_RIGHT
    if rules.exclude_authors and by.id in landing.authors:
        return Standing.AUTHOR
    if rules.exclude_last_pusher and by.id == landing.last_pusher:
        return Standing.LAST_PUSHER
    if by.shared and (rules.exclude_authors or rules.exclude_last_pusher):
        return Standing.SHARED
    return Standing.COUNTS


def _may_approve(by: Person, named: Sequence[str]) -> bool:
    return by.role is not None and (_APPROVE in by.permissions or _is_named(by, named))


def _is_named(by: Person, named: Sequence[str]) -> bool:
    return by.role is not None and _WRITE in by.permissions and any(by.named(who) for who in named)


def _exempt(rules: Rules, by: Person) -> bool:
    return not rules.admins_included and by.role == "admin"


def _block(held: Held, code: BlockCode, said: str) -> Block:
    return Block(code=code, message=said, protection=held.id)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
