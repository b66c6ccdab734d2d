"""The gate: every move of a branch's head goes through :func:`passes`, and nothing else writes to the table of branches than
``saving``, which calls it (``docs/protections.md``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import Forbidden, NotMergeable, Protected
from jupyter_prompthub.core.history import walk
from jupyter_prompthub.core.records import Block, Rules
from jupyter_prompthub.core.reviews import Held, Landing, Push, fits, merge_blocks, push_blocks, review_digest

from ..access.permissions import Permission
from ..store.clock import new_id
from ..store.tables import branch, branch_move, protection, version
from ..store.types import AnyRow
from ..transaction import Tx
from .edges import Edges
from .many_refs import runs
from .persons import caller

__all__ = ["Landed", "blocks", "held", "holding", "passes", "refuse", "renames"]


@dataclass(frozen=True, slots=True)
class Landed:
    """The review that a move merges: its number, its source's head, and what its decision rests on."""

    number: int
    source_sha: str
    landing: Landing


def held(tx: Tx, name: str, branch_name: str) -> tuple[Held, ...]:
    """The protections that hold for a branch of the prompt called ``name``."""
    return holding(tx)(name, branch_name)


def holding(tx: Tx) -> Callable[[str, str], tuple[Held, ...]]:
    """Says the protections that hold for a branch (the prompt's name, the branch's), of however many: read once."""
    every = [(row.prompts, row.branch, Held(row.id, Rules.model_validate(row.rules))) for row in _all(tx)]

    def holds(name: str, branch_name: str) -> tuple[Held, ...]:
        return tuple(one for prompts, to, one in every if fits(prompts, name) and fits(to, branch_name))

    return holds


def passes(
    tx: Tx,
    prompt: AnyRow,
    name: str,
    before: str | None,
    after: str | None,
    *,
    landed: Landed | None = None,
    fresh: bool = False,
) -> None:
    """Let a head be moved, and note that it was.

    Args:
        name: the branch.
        before: its head; None: it is made.
        after: the version it moves to, whose row is there; None: it is deleted.
        landed: the review that is merged by this.
        fresh: the prompt was made in this very transaction.

    Raises:
        Protected: the protections of the branch forbid it.
        NotMergeable: a review that cannot be merged as it is.
    """
    first = before is None and name == "main"
    if not (first or fresh):
        if landed is not None:
            _what_was_approved(tx, prompt, after, landed)
            refuse(merge_blocks(held(tx, prompt.name, name), landed.landing))
        else:
            refuse(blocks(tx, prompt, name, before, after))
    tx.conn.execute(
        insert(branch_move).values(
            workspace_id=tx.workspace_id,
            id=new_id(),
            prompt_id=prompt.id,
            branch=name,
            before=before,
            after=after,
            review=landed.number if landed else None,
            digest=landed.landing.digest if landed else None,
            actor_id=tx.caller.actor_id,
            created_at=tx.now,
        )
    )


def blocks(tx: Tx, prompt: AnyRow, name: str, before: str | None, after: str | None) -> tuple[Block, ...]:
    """Why the caller may not move (make, delete) a branch without a review; empty: they may."""
    rules = held(tx, prompt.name, name)
    return push_blocks(rules, _push(tx, prompt, name, before, after, rules)) if rules else ()


def refuse(found: Sequence[Block]) -> None:
    """Refuse what is blocked.

    Raises:
        Protected: a protection asks for something that is missing.
        NotMergeable: it could not be merged by anybody.
    """
    if not found:
        return
    kind = Protected if any(block.protection for block in found) else NotMergeable
    raise kind(
        " ".join(block.message for block in found) + " Nothing was changed.",
        details={"blocks": [block.model_dump(mode="json") for block in found]},
    )


def renames(tx: Tx, old: str, new: str) -> None:
    """Refuse to take a prompt out of a protection, or into one, by its name alone.

    Raises:
        Forbidden: the caller may not change protections.
    """
    if _rules_of(tx, old) != _rules_of(tx, new):
        if Permission.PROTECTION_WRITE in caller(tx).permissions:
            return
        raise Forbidden(
            f"Other protections hold for prompts called {new} than for {old}: renaming it needs the permission "
            f"{Permission.PROTECTION_WRITE.value}.",
            details={"permission": Permission.PROTECTION_WRITE.value},
        )


def _all(tx: Tx) -> Sequence[AnyRow]:
    return tx.conn.execute(
        select(protection).where(protection.c.workspace_id == tx.workspace_id).order_by(protection.c.id)
    ).all()


def _rules_of(tx: Tx, name: str) -> list[tuple[str, list[bool]]]:
    """Which protections hold for prompts of a name, and which of their owner rules."""
    return [
        (row.id, [fits(owner.prompts, name) for owner in Rules.model_validate(row.rules).owners])
        for row in _all(tx)
        if fits(row.prompts, name)
    ]


def _what_was_approved(tx: Tx, prompt: AnyRow, after: str | None, landed: Landed) -> None:
    """What the branch moves to must be what the digest says, whoever computed it."""
    row = tx.conn.execute(
        select(version.c.content_hash, version.c.text_hash, version.c.lock).where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == prompt.id,
            version.c.sha == after,
        )
    ).one()
    digest = review_digest(
        content_hash=row.content_hash,
        text_hash=row.text_hash,
        lock=row.lock,
        source_head=landed.source_sha,
    )
    if digest != landed.landing.digest:
        raise NotMergeable(
            "What would be merged is not what the review shows. Nothing was changed; look at it again.",
            details={"digest": landed.landing.digest, "merged": digest},
        )


def _push(
    tx: Tx, prompt: AnyRow, name: str, before: str | None, after: str | None, rules: Sequence[Held]
) -> Push:
    by = caller(tx)
    if after is None:
        return Push(by, name, deletes=True)
    if before is None:
        reviewed = any(one.rules.needs_review for one in rules) and _is_reviewed(tx, prompt, after)
        return Push(by, name, creates=True, from_reviewed=reviewed)
    linear = True
    if any(one.rules.linear_history for one in rules):
        linear = _is_linear(tx, prompt, before, after)
    return Push(by, name, linear=linear)


def _number(tx: Tx, prompt: AnyRow, sha: str) -> int:
    found: int = tx.conn.execute(
        select(version.c.number).where(
            version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt.id, version.c.sha == sha
        )
    ).scalar_one()
    return found


def _is_linear(tx: Tx, prompt: AnyRow, before: str, after: str) -> bool:
    """Whether ``after`` follows ``before`` over versions of one parent."""
    edges, end = Edges(tx, prompt.id), _number(tx, prompt, before)
    at = _number(tx, prompt, after)
    while at > end:
        parents = edges(at)
        if len(parents) != 1:
            return False
        at = parents[0]
    return at == end


def _is_reviewed(tx: Tx, prompt: AnyRow, sha: str) -> bool:
    """Whether a version is in the history of a branch that needs reviews."""
    rows = tx.conn.execute(
        select(branch.c.name, branch.c.head).where(
            branch.c.workspace_id == tx.workspace_id, branch.c.prompt_id == prompt.id
        )
    ).all()
    holds = holding(tx)
    needing = {
        row.head for row in rows if any(one.rules.needs_review for one in holds(prompt.name, row.name))
    }
    numbers = select(version.c.number).where(
        version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt.id
    )
    heads = [
        number
        for some in runs(sorted(needing))
        for number in tx.conn.scalars(numbers.where(version.c.sha.in_(some)))
    ]
    wanted = _number(tx, prompt, sha)
    for number in walk(heads, Edges(tx, prompt.id)):
        if number <= wanted:
            return number == wanted
    return False
