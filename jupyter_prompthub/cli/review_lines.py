"""Reviews as lines for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..core.records import Check, Review, ReviewDependent, Thread
from .output import Output, change_lines, compatibility_lines, known_caller_lines

if TYPE_CHECKING:
    from ..client import Client

__all__ = ["check_rows", "dependent_lines", "review_lines", "thread_lines"]


def review_lines(client: Client, made: Review, out: Output) -> Iterable[str]:
    """A review: what it brings, whom that breaks, who said what, what is missing."""
    yield f"{made.prompt_name}#{made.number} {made.state.value}: {made.title}"
    yield f"{made.source} into {made.target}, by {made.author.display_name}"
    if made.digest:
        yield f"digest {made.digest}"
    for said in made.decisions:
        stands = f" ({said.standing.value})" if said.standing else ""
        yield f"{said.by.display_name}: {said.decision.value}{stands}"
    for check in made.checks:
        yield f"check {check.name}: {check.verdict.value}{' (stale)' if check.stale else ''}"
    if made.dependent_prompts:
        prompts = (
            "1 prompt includes"
            if made.dependent_prompts == 1
            else f"{made.dependent_prompts} prompts include"
        )
        yield f"{prompts} it"
    for conflict in made.conflicts:
        yield f"conflict {conflict.id}: {conflict.label}"
    if made.diff:
        yield from change_lines(made.diff.changes, out)
        if made.diff.changes and made.compatibility:
            yield from compatibility_lines(made.compatibility, out)
            yield from known_caller_lines(client, made.prompt_name, made.compatibility)
    if made.problem:
        yield out.paint(f"cannot be a version: {made.problem}", 31)
    for block in made.missing:
        yield out.paint(f"missing: {block.message}", 33)


def thread_lines(thread: Thread, out: Output, at: int | None = None) -> Iterable[str]:
    """A conversation; ``at`` is its number in the list."""
    place = thread.anchor or thread.original
    where = "the whole review"
    if place is not None:
        where = place.path if place.start is None else f"{place.path}, {place.start} to {place.end}"
    marks = [word for word, so in (("outdated", thread.outdated), ("resolved", thread.resolved_at)) if so]
    number = f"{at}. " if at is not None else ""
    said = f" ({', '.join(marks)})" if marks else ""
    yield f"{out.paint(number + where + said, 1)}  {thread.id}"
    if thread.quote:
        yield from (f"    > {line}" for line in thread.quote.rstrip("\n").split("\n"))
    for one in thread.comments:
        first, *more = one.body.rstrip("\n").split("\n")
        yield f"    {one.by.display_name}: {first}"
        yield from (f"      {line}" for line in more)
        if one.suggestion is not None:
            applied = f" (applied: {one.applied_sha[:12]})" if one.applied_sha else ""
            yield f"      suggests{applied}:"
            yield from (out.paint(f"      + {line}", 32) for line in one.suggestion.rstrip("\n").split("\n"))


def check_rows(checks: Iterable[Check]) -> list[tuple[str, ...]]:
    """A row for each check."""
    return [
        (
            one.name + (" (required)" if one.required else ""),
            one.verdict.value,
            "another text" if one.stale else "this",
            one.by.display_name,
            one.summary,
        )
        for one in checks
    ]


def dependent_lines(one: ReviewDependent, out: Output) -> Iterable[str]:
    """Who includes a snippet, what the merge does there, and which checks it asks for."""
    where = ", ".join([*one.branches, *(f"served in {name}" for name in one.environments)])
    yield f"{one.name} ({where}) {one.version_sha[:12]}: {one.effect.value if one.effect else 'unknown'}"
    if one.digest:
        yield f"    digest {one.digest}"
    yield from (out.paint(f"    {reason}", 31) for reason in one.reasons)
    posted = {check.name: check for check in one.checks}
    for name in sorted({*one.required, *posted}):
        check = posted.get(name)
        said = "missing" if check is None else check.verdict.value + (" (stale)" if check.stale else "")
        yield f"    check {name}: {said}{' (required)' if name in one.required else ''}"
