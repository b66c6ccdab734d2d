"""The same merge with its sides changed: who merges the target into the source decides about the same conflicts."""

from __future__ import annotations

from typing import Literal

from ..records import Conflict, ConflictResolution, Side

__all__ = ["swapped_conflict", "swapped_resolution"]

_OTHER: dict[str, Literal["ours", "theirs"]] = {"ours": "theirs", "theirs": "ours"}


def swapped_conflict(conflict: Conflict) -> Conflict:
    """The conflict as the merge has it in which ``ours`` is ``theirs``."""
    causes = [one.model_copy(update={"side": Side(_OTHER[one.side])}) for one in conflict.causes]
    chunks = [one.model_copy(update={"ours": one.theirs, "theirs": one.ours}) for one in conflict.chunks]
    return conflict.model_copy(
        update={
            "ours": conflict.theirs,
            "theirs": conflict.ours,
            "chunks": tuple(chunks),
            "causes": tuple(sorted(causes, key=lambda one: one.side)),
        }
    )


def swapped_resolution(resolution: ConflictResolution) -> ConflictResolution:
    """What decides the swapped conflict alike: a text, the base and what is kept are the same from both sides."""
    picks = resolution.picks
    return resolution.model_copy(
        update={
            "pick": _OTHER.get(resolution.pick or "", resolution.pick),
            "picks": None if picks is None else tuple(_OTHER.get(one, one) for one in picks),
        }
    )
