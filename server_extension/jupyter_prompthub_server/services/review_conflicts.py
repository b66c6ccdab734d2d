"""Conflicts of a review, decided by several people: what one of them saw is what their decision replaces."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert

from jupyter_prompthub.core.errors import DecidedMeanwhile, InvalidInput, StaleHead
from jupyter_prompthub.core.merge.decisions import no_conflict
from jupyter_prompthub.core.merge.shown import conflict_digest
from jupyter_prompthub.core.records import (
    Conflict,
    Review,
    ReviewResolutions,
    SeenConflict,
)

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso
from ..store.tables import review_resolution
from ..targets import ReviewTarget, by_review
from ..transaction import Tx
from .around import actors
from .merge_plan import impossible
from .review_facts import Choice, Kept, kept, seen_now
from .review_rows import detail
from .reviews import live, touch

__all__ = ["resolve"]


@operation(Permission.REVIEW_WRITE, tag=AuditTag.REVIEW_RESOLVE, target=by_review)
def resolve(tx: Tx, target: ReviewTarget, new: ReviewResolutions) -> Review:
    """Decide conflicts of the merge. It is kept with the review, and holds for as long as those conflicts are the same.

    Raises:
        DecidedMeanwhile: one of them has another decision than the caller saw.
        StaleHead: one of them says something else than the caller saw.
        InvalidInput: there is no such conflict, or no prompt can come of the decision; ``details["conflict"]`` names it. Or
            nothing was decided about what is to be open again; ``details["decided"]`` names what was.
    """
    tx.require(Permission.PROMPT_WRITE)
    live(target)
    table = review_resolution
    ids = [one.id for one in new.resolutions]
    gone = {*new.remove, *ids}
    if not gone:
        raise InvalidInput("expected resolutions, or remove with what is to be open again; got neither")
    if len(set(ids)) < len(ids):
        raise InvalidInput("expected one resolution of each conflict, got one of them twice")
    _as_seen(tx, target, {id_: seen for id_, seen in new.seen.items() if id_ in gone})
    _are_decided(tx, target, new.remove)
    tx.conn.execute(delete(table).where(*target.of(table), table.c.conflict_id.in_(gone)))
    open_: dict[str, Conflict] = {}
    for one in new.resolutions:
        if one.id not in open_:  # some come up only when others are decided
            open_ = _open(tx, target, one.id)
        conflict = open_[one.id]
        _says(conflict, new.seen.get(one.id))
        choice = Choice(resolution=one, conflict=conflict)
        tx.conn.execute(
            insert(table).values(
                workspace_id=tx.workspace_id,
                prompt_id=target.prompt.id,
                number=target.review.number,
                conflict_id=one.id,
                conflict_hash=conflict_digest(conflict),
                resolution=tx.codec.seal(
                    table.c.resolution, f"{target.key}/{one.id}", choice.model_dump_json()
                ),
                actor_id=tx.caller.actor_id,
                created_at=tx.now,
            )
        )
    # a decision that gives no valid prompt is refused at once, also while others are open
    if ids and (problem := _problem(tx, target)) is not None:
        raise _invalid(ids, problem)
    tx.audit(conflicts=str(len(gone)))
    touch(tx, target, "review.resolved")
    return detail(tx, by_review(tx, target.prompt.id, str(target.review.number)))


def _as_seen(tx: Tx, target: ReviewTarget, seen: dict[str, SeenConflict]) -> None:
    """Refuse to replace what the caller did not see."""
    if not seen:
        return
    present = {one.conflict_id: one for one in kept(tx, target)}
    for id_, one in seen.items():
        found = present.get(id_)
        if one.decision != (None if found is None else found.decision):
            raise _decided(tx, id_, found)


def _are_decided(tx: Tx, target: ReviewTarget, ids: Sequence[str]) -> None:
    """Refuse to open again what nobody decided."""
    if not ids:
        return
    present = [one.conflict_id for one in kept(tx, target)]
    if missing := sorted(set(ids).difference(present)):
        raise InvalidInput(
            f"{', '.join(missing)} is not decided; decided: {', '.join(present) or 'nothing'}",
            details={"decided": present},
        )


def _decided(tx: Tx, id_: str, found: Kept | None) -> DecidedMeanwhile:
    if found is None:
        return DecidedMeanwhile(
            f"{id_}: what was decided was taken back meanwhile. Nothing was changed. Look at it again.",
            details={"conflict": id_, "present": None},
        )
    by = actors(tx, [found.actor_id])[found.actor_id]
    present = {"decision": found.decision, "by": by.model_dump(mode="json"), "at": iso(found.at)}
    return DecidedMeanwhile(
        f"{id_}: {by.display_name or by.id} decided it meanwhile. Nothing was changed. "
        "Look at their decision, and keep or replace it.",
        details={"conflict": id_, "present": present},
    )


def _open(tx: Tx, target: ReviewTarget, id_: str) -> dict[str, Conflict]:
    """The open conflicts by id; this one is among them."""
    now = seen_now(tx, target)
    found = {each.id: each for each in now.made.conflicts}
    if id_ in found:
        return found
    if now.problem is not None:
        raise _invalid([id_], now.problem)
    refused = no_conflict([id_], [*found])
    refused.details["conflict"] = id_
    raise refused


def _says(conflict: Conflict, wanted: SeenConflict | None) -> None:
    """Refuse to decide about what the caller did not see."""
    if wanted is not None and wanted.digest not in (None, digest := conflict_digest(conflict)):
        raise StaleHead(
            f"{conflict.id} says something else than what you looked at: a branch moved. Nothing was changed. "
            "Look at it again.",
            details={"conflict": conflict.id, "expected": wanted.digest, "digest": digest},
        )


def _invalid(ids: list[str], problem: str) -> InvalidInput:
    details = {"conflict": ids[0]} if len(ids) == 1 else {}
    return InvalidInput(f"with this the result cannot be a version: {problem}", details=details)


def _problem(tx: Tx, target: ReviewTarget) -> str | None:
    """Why no version can come of what is decided, however the others are decided; None: one can."""
    now = seen_now(tx, target)
    if now.problem is not None or not now.made.conflicts:
        return now.problem
    decided = tuple(one.resolution for one in kept(tx, target) if one.conflict_id in now.applied)
    return impossible(tx, target.prompt, now.plan, now.made, decided)
