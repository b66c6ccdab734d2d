"""``prompthub branch``; ``%prompthub branch`` is the same."""

from __future__ import annotations

from argparse import Namespace

from ..client import Client
from ..core.errors import InvalidInput, NotFound
from ..core.names import LATEST, parse_reference
from ..core.records import Branch
from .output import Exit, Output, table

__all__ = ["branch"]


def branch(client: Client, options: Namespace, out: Output) -> Exit:
    """List the branches of a prompt; make one, move one or delete one."""
    parsed = parse_reference(options.name)
    name, ref, wanted = parsed.name, parsed.ref, options.branch
    if wanted is None:
        if ref != LATEST or options.delete or options.move:
            raise InvalidInput(f"branch {options.name}: expected the name of a branch after it")
        found = list(client.branches(name))
        rows = [_row(one) for one in found]
        out.show(found, table(rows, ("branch", "head", "to main", "changed (UTC)")))
        return Exit.PASSED
    if options.expected_head and not options.move:
        raise InvalidInput("--expected-head goes with --move")
    if options.delete:
        if ref != LATEST:
            raise InvalidInput(
                f"branch --delete takes a prompt without a version, {name}: got {options.name}"
            )
        gone = _one(client, name, wanted)
        client.delete_branch(name, wanted)
        again = f"`prompthub branch {name}@{gone.head} {wanted}` makes it again"
        out.show(gone, [f"deleted {wanted} of {name}, which was at {gone.short}; {again}"])
    elif options.move:
        moved = client.move_branch(name, wanted, ref, expected_head=options.expected_head)
        out.show(moved, [f"{name}@{wanted} is at {moved.short}"])
    else:
        made = client.branch(name, wanted, ref)
        out.show(made, [f"{name}@{wanted} (new branch, at {made.short})"])
    return Exit.PASSED


def _one(client: Client, name: str, wanted: str) -> Branch:
    for one in client.branches(name):
        if one.name == wanted:
            return one
    raise NotFound(f"{name} has no branch {wanted!r}; `prompthub branch {name}` lists them.")


def _row(one: Branch) -> tuple[str, str, str, str]:
    apart = [f"{count} {word}" for count, word in ((one.ahead, "ahead"), (one.behind, "behind")) if count]
    return one.name, one.short, ", ".join(apart), one.updated_at[:16].replace("T", " ")
