"""A merge base out of several, as a criss-cross history has them."""

from __future__ import annotations

from ..errors import PromptHubError
from ..records import ConflictResolution
from . import merge

__all__ = ["settled"]

_PASSES = 8


def settled(base: str, ours: str, theirs: str) -> str:
    """The merge of two merge bases, where they conflict as ``ours`` (the older) has it.

    It never fails: what cannot be settled is ``ours``. That decides no conflict of the merge that it is a base of: there
    each side is still compared with it.
    """
    picked: dict[str, ConflictResolution] = {}
    try:
        for _ in range(_PASSES):
            made = merge(base, ours, theirs, picked.values())
            if made.text is not None:
                return made.text
            picked |= {one.id: ConflictResolution(id=one.id, pick="ours") for one in made.conflicts}
    except PromptHubError:
        pass
    return ours
