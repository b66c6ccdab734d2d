"""A merge base out of several, as a criss-cross history has them."""

from __future__ import annotations

from ..errors import PromptHubError
from ..matching import match_variables
from ..promptfile import parse
from ..records import Conflict, ConflictKind, ConflictResolution, UnitKind
from . import merge
from .bases import Base, marked
from .values import MISSING, same, units_of

__all__ = ["settled"]

_PASSES = 8


def settled(base: Base, ours: Base, theirs: Base) -> Base:
    """The merge of two merge bases: where they conflict, what was before both, marked as equal to no side.

    It never fails. Where they cannot be merged at all there is no base: all that the sides say differently is in conflict.
    """
    chosen: dict[str, ConflictResolution] = {}
    unsettled = {*ours.unsettled, *theirs.unsettled}
    try:
        for _ in range(_PASSES):
            made = merge(base, ours.text, theirs.text, chosen.values())
            if made.text is not None:
                return Base(made.text, frozenset({*unsettled, *_renamed(unsettled, base, ours, theirs)}))
            for one in made.conflicts:
                chosen[one.id] = _before_both(one)
                unsettled |= _paths(one)
    except PromptHubError:
        pass
    texts = [units_of(parse(each.text).content) for each in (ours, theirs)]
    paths = {path for each in texts for path in each}
    differing = {path for path in paths if not same(*(each.get(path, MISSING) for each in texts))}
    return Base("", frozenset({*unsettled, *differing}))


def _before_both(conflict: Conflict) -> ConflictResolution:
    """The decision that brings what was before, marked where it is text; of a conflict of meaning, both sides."""
    if conflict.kind is ConflictKind.SEMANTIC:
        return ConflictResolution(id=conflict.id, pick="keep")
    if conflict.unit is not UnitKind.SEGMENT or conflict.kind is ConflictKind.ORDER:
        return ConflictResolution(id=conflict.id, pick="base")
    if conflict.kind is ConflictKind.ADDED:
        # nothing was before: what each of them added, as if the sides had taken out the one and changed the other
        added = parse((conflict.ours or "") + (conflict.theirs or "")).content.segments
        text = "".join(marked(segment.source) for segment in added)
    elif conflict.chunks:
        text = "".join(marked(chunk.base) if chunk.text is None else chunk.text for chunk in conflict.chunks)
    else:
        text = marked(conflict.base or "")
    return ConflictResolution(id=conflict.id, text=text)


def _paths(conflict: Conflict) -> set[str]:
    """The paths on which the bases conflict, but for texts, which are marked."""
    paths = {conflict.path, *(cause.path for cause in conflict.causes)}
    return {path for path in paths if not path.startswith(("segment/", "base/"))}


def _renamed(unsettled: set[str], *texts: Base) -> set[str]:
    """The paths of unsettled variables under the names that each of the bases gave them."""
    before, *after = (parse(each.text).content for each in texts)
    pairs = [pair for content in after for pair in match_variables(before, content)]
    return {f"variable/{new}" for old, new in pairs if new is not None and f"variable/{old}" in unsettled}
