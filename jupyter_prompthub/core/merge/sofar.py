"""What a merge comes to while conflicts are open: what is settled, and each open conflict in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..records import Conflict, ResultPart, UnitKind
from .texts import shown

__all__ = ["FRONT", "open_parts", "so_far"]

FRONT = "front_matter"
"""the path of the front matter where it is decided as a whole"""
_ORDER = ("metadata", "model", "parameter", "variable", "tool", "output", "snippet")
_PLAIN = {"type": "object", "additionalProperties": False}
"""a schema that says nothing beside its properties"""


def open_parts(conflict: Conflict) -> Iterator[ResultPart]:
    """An open conflict in its place: one mark, or one at each open run, with what is merged around them."""
    for chunk in conflict.chunks:
        if chunk.text is None:
            yield _open(conflict)
        elif chunk.text:
            yield ResultPart(unit=conflict.unit, path=conflict.path, text=chunk.text)
    if not conflict.chunks:
        yield _open(conflict)


def so_far(
    base: Iterable[str],
    values: Mapping[str, Any],
    segments: Sequence[ResultPart],
    conflicts: Sequence[Conflict],
    decided: Mapping[str, str],
) -> tuple[ResultPart, ...]:
    """The parts of the result: the front matter unit by unit, then the segments.

    Args:
        base: the paths of the base's units, in their order.
        values: merged units by path.
        segments: parts of the segments.
        conflicts: all that are open.
        decided: ids of decided conflicts by path.
    """
    placed = {part.conflict for part in segments if part.open}
    rest = [one for one in conflicts if one.id not in placed]
    whole = next((one for one in rest if one.path == FRONT), None)
    if whole is not None:
        front = list(open_parts(whole))
    else:
        front = _front(base, values, [one for one in rest if one.unit is not UnitKind.SEGMENT], decided)
    # of the messages as a whole: what says so stands before them
    above = [_open(one) for one in rest if one.unit is UnitKind.SEGMENT]
    return (*front, *above, *segments)


def _front(
    base: Iterable[str], values: Mapping[str, Any], conflicts: Iterable[Conflict], decided: Mapping[str, str]
) -> list[ResultPart]:
    open_: defaultdict[str, list[Conflict]] = defaultdict(list)
    for one in conflicts:
        open_[one.path].append(one)
    old = {path: at for at, path in enumerate(base)}

    def place(path: str) -> tuple[int, int, str]:
        return _ORDER.index(path.partition("/")[0]), old.get(path, len(old)), path

    made: list[ResultPart] = []
    for path in sorted({*values, *open_}, key=place):
        if path not in open_ and path not in decided and values[path] == _PLAIN:
            continue
        text = (shown(path, values[path]) or "") if path in values else ""
        if path in open_:
            first, *others = open_[path]
            made += [_open(first, text), *(_open(one) for one in others)]
        else:
            unit = UnitKind(path.partition("/")[0])
            made.append(ResultPart(unit=unit, path=path, text=text, conflict=decided.get(path)))
    return made


def _open(conflict: Conflict, text: str = "") -> ResultPart:
    return ResultPart(unit=conflict.unit, path=conflict.path, text=text, conflict=conflict.id, open=True)
