"""The merge of a review's target into its source, with what was decided in the review."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_prompthub.core.merge.shown import conflict_digest
from jupyter_prompthub.core.merge.swapped import swapped_conflict, swapped_resolution
from jupyter_prompthub.core.records import ConflictResolution, MergeResult

from ..targets import ReviewTarget
from ..transaction import Tx
from .merge_plan import Plan, merged
from .review_facts import Kept, kept

__all__ = ["brought"]


def brought(
    tx: Tx, target: ReviewTarget, plan: Plan, given: Sequence[ConflictResolution]
) -> tuple[MergeResult, tuple[str, ...]]:
    """What the source comes to, and whose decisions of the review are in it.

    A decision of the review holds where the conflict is the one that was decided, seen from the other side; what is
    ``given`` goes before it. As there, some conflicts come up only when others are decided.
    """
    own = {one.id: one for one in given}
    by_hash = {(one.conflict_id, one.conflict_hash): one for one in kept(tx, target)}
    used: dict[str, Kept] = {}
    taken: dict[str, ConflictResolution] = {}
    while True:
        made = merged(tx, target.prompt, plan, tuple(taken.values()))
        fresh = [one for one in made.conflicts if one.id not in taken]
        for one in fresh:
            found = by_hash.get((one.id, conflict_digest(swapped_conflict(one))))
            if one.id in own:
                taken[one.id] = own[one.id]
            elif found is not None:
                taken[one.id], used[one.id] = swapped_resolution(found.resolution), found
        if not any(one.id in taken for one in fresh):
            break
    if len(given) > len(taken) - len(used):
        # says which of them is no conflict, or comes twice
        rest = (one for id_, one in taken.items() if id_ not in own)
        made = merged(tx, target.prompt, plan, (*rest, *given))
    return made, tuple(sorted({one.actor_id for one in used.values()}))
