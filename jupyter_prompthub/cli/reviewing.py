"""``prompthub review | protect``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from ..client import Client
from ..core.errors import InvalidInput
from ..core.records import Protection, Review, ReviewSummary
from .output import Exit, Output, change_lines, table

__all__ = ["protect", "review", "review_lines"]


def review(client: Client, options: Namespace, out: Output) -> Exit:
    """Work on reviews; ``show`` exits with 1 when the review may not be merged."""
    if options.do == "list":
        found = client.reviews(options.name, inbox=options.inbox)
        out.show(found, table([_row(one) for one in found], ("review", "state", "branches", "title")))
        return Exit.PASSED
    if options.do == "open":
        if options.name is None or options.source is None:
            raise InvalidInput("review open: expected NAME and the branch to merge")
        made = client.open_review(options.name, options.source, options.into, title=options.message or None)
        out.show(made, review_lines(made, out))
        return Exit.PASSED
    name, number = _one(options.name)
    match options.do:
        case "ready":
            made = client.change_review(name, number, state="open")
        case "close":
            made = client.change_review(name, number, state="closed")
        case "approve":
            if options.digest is None:
                raise InvalidInput(
                    "review approve: expected --digest, the review digest that `review show` says"
                )
            made = client.approve(name, number, options.digest, options.message)
        case "reject":
            made = client.request_changes(name, number, options.message)
        case "comment":
            client.comment(name, number, options.message)
            made = client.review(name, number)
        case "merge":
            given = {"commit_message": options.message, "digest": options.digest}
            wanted = {key: value for key, value in given.items() if value}
            made = client.merge_review(name, number, mode="squash" if options.squash else "auto", **wanted)
        case _:
            made = client.review(name, number)
    out.show(made, review_lines(made, out))
    return Exit.FAILED if options.do == "show" and made.blocks else Exit.PASSED


def protect(client: Client, options: Namespace, out: Output) -> Exit:
    """List protections, make one, or delete one."""
    if options.delete:
        client.unprotect(options.delete)
        return Exit.PASSED
    if options.prompts is None:
        found = client.protections()
        out.show(found, table([_rules(one) for one in found], ("id", "prompts", "branch", "rules")))
        return Exit.PASSED
    made = client.protect(
        options.prompts,
        options.branch,
        approvals=options.approvals,
        checks=[{"name": one} for one in options.check],
        conversations_resolved=options.conversations_resolved,
        linear_history=options.linear,
    )
    out.show(made, table([_rules(made)], ("id", "prompts", "branch", "rules")))
    return Exit.PASSED


def review_lines(made: Review, out: Output) -> Iterable[str]:
    """A review, for people."""
    yield f"{made.prompt_name}#{made.number} {made.state.value}: {made.title}"
    yield f"{made.source} into {made.target}, by {made.author.display_name}"
    if made.digest:
        yield f"digest {made.digest}"
    for said in made.decisions:
        stands = f" ({said.standing.value})" if said.standing else ""
        yield f"{said.by.display_name}: {said.decision.value}{stands}"
    for check in made.checks:
        yield f"check {check.name}: {check.verdict.value}{' (stale)' if check.stale else ''}"
    for conflict in made.conflicts:
        yield f"conflict {conflict.id}: {conflict.label}"
    if made.diff:
        yield from change_lines(made.diff.changes, out)
    for block in made.blocks:
        yield out.paint(f"missing: {block.message}", 33)


def _one(given: str | None) -> tuple[str, int]:
    name, _, number = (given or "").rpartition("#")
    if not name or not number.isdecimal():
        raise InvalidInput(f"expected a review such as support/refund#3, got {given or 'nothing'}")
    return name, int(number)


def _row(one: ReviewSummary) -> tuple[str, str, str, str]:
    return f"{one.prompt_name}#{one.number}", one.state.value, f"{one.source} → {one.target}", one.title


def _rules(one: Protection) -> tuple[str, str, str, str]:
    said = one.rules.model_dump(mode="json", exclude_defaults=True)
    return one.id, one.prompts, one.branch, ", ".join(f"{key}: {value}" for key, value in said.items())
