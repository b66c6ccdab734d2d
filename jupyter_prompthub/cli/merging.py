"""``prompthub merge | cherry-pick | revert``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from ..client import Client
from ..core.errors import InvalidInput
from ..core.records import Conflict, Merge, MergeState
from .output import Exit, Output, change_lines

__all__ = ["cherry_pick", "conflict_lines", "merge", "merge_lines", "note_unused", "picks", "revert"]


def merge(client: Client, options: Namespace, out: Output) -> Exit:
    """Merge a branch into a branch; exit code 1 when something must be decided first."""
    decided = picks(options.pick)
    if options.dry_run:
        return _shown(
            client.preview_merge(options.name, options.source, options.into, decided), options.into, out
        )
    made = client.merge(
        options.name,
        options.source,
        options.into,
        mode=options.mode,
        message=options.message,
        resolutions=decided,
        expected_head=options.expected_head,
    )
    if made.state is MergeState.FAST_FORWARD:
        note_unused(options.message, out)
    return _shown(made, options.into, out)


def note_unused(message: str, out: Output) -> None:
    """Say that a fast-forward has no use for a message, where one was given."""
    if message:
        out.note("a fast-forward makes no version: the message is not used (--no-ff makes one)")


def cherry_pick(client: Client, options: Namespace, out: Output) -> Exit:
    """Make the change of one version on a branch as well."""
    return _shown(
        client.cherry_pick(options.name, options.ref, options.on, **_again(options)), options.on, out
    )


def revert(client: Client, options: Namespace, out: Output) -> Exit:
    """Take the change of one version back on a branch."""
    return _shown(client.revert(options.name, options.ref, options.on, **_again(options)), options.on, out)


def _again(options: Namespace) -> dict[str, object]:
    return {"resolutions": picks(options.pick), "message": options.message, "mainline": options.mainline}


def picks(pairs: Iterable[str]) -> dict[str, str]:
    """What ``--pick`` says: the side by the conflict's id."""
    found = {}
    for pair in pairs:
        conflict, equals, side = pair.rpartition("=")
        if not equals:
            raise InvalidInput(f"--pick {pair}: expected CONFLICT=ours, theirs, base or keep")
        found[conflict] = side
    return found


def _shown(made: Merge, target: str, out: Output) -> Exit:
    out.show(made, merge_lines(made, target, out))
    return Exit.FAILED if made.state is MergeState.CONFLICTS else Exit.PASSED


def merge_lines(made: Merge, target: str, out: Output) -> Iterable[str]:
    """What came of a merge, for people."""
    short = (made.version.sha if made.version else made.source_sha)[:12]
    match made.state:
        case MergeState.UP_TO_DATE:
            yield f"nothing to do: {target} has it already"
        case MergeState.READY:
            yield "no conflicts; it would bring:"
        case MergeState.FAST_FORWARD:
            yield (
                f"{target} is now {short}"
                if made.version
                else f"{target} would move to {short}; it would bring:"
            )
        case MergeState.MERGED:
            yield f"{target} is now {short}"
        case MergeState.CONFLICTS:
            yield f"nothing was changed: {len(made.conflicts)} to decide, then again with --pick CONFLICT=ours (or theirs)"
            for conflict in made.conflicts:
                yield from conflict_lines(conflict, out)
    if made.diff:
        yield from change_lines(made.diff.changes, out)


def conflict_lines(conflict: Conflict, out: Output) -> Iterable[str]:
    """A conflict with its sides, for people."""
    yield f"{out.paint(conflict.id, 33)}: {conflict.label}"
    for side in ("base", "ours", "theirs"):
        text = getattr(conflict, side)
        if text is not None:
            first, *more = text.rstrip("\n").split("\n")
            yield f"    {side:6}  {first}"
            yield from (f"            {line}" for line in more)
    for cause in conflict.causes:
        yield f"    {cause.side.value:6}  {cause.label}"
