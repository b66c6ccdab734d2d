"""Three-way merge of the segments: which are there, in which order, with which role and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..matching import match_segments
from ..records import Conflict, ConflictKind, Content, MergeChunk, ResultPart, Segment, Side, UnitKind
from ..units import segment_name, segment_path
from .bases import is_marked, unmarked, unmarked_chunks
from .decisions import Decision, Decisions
from .lines import merge_lines
from .sofar import open_parts

__all__ = ["Segments", "merge_segments", "picked"]


@dataclass(frozen=True, slots=True)
class Segments:
    """The merged segments, and what is open."""

    segments: tuple[Segment, ...]
    conflicts: tuple[Conflict, ...]
    parts: tuple[ResultPart, ...]
    """the same in order, each open conflict in its place"""
    written: bool
    """a person wrote the text of one: it may be cut into segments anew"""


@dataclass
class _Side:
    """One side, seen from the base."""

    segments: Sequence[Segment]
    place: dict[int, int]
    """index in the base -> index here"""
    order: list[int] = field(default_factory=list)
    """indexes in the base, in the order of this side"""
    added: dict[int, list[Segment]] = field(default_factory=dict)
    """new segments by the index in the base that they follow (-1: the beginning)"""


def _side(base: Content, content: Content, reverted: frozenset[int], restored: frozenset[int]) -> _Side:
    """A side, without the changes that are taken back.

    Args:
        reverted: indexes in the side; one that is new there is left out, another one is as in the base.
        restored: indexes in the base of what the side removed.
    """
    pairs, _ = match_segments(base.segments, content.segments)
    back = {j: i for i, j in pairs if i is not None and j is not None}
    rows: list[tuple[Segment, int | None]] = []
    for j, segment in enumerate(content.segments):
        i = back.get(j)
        if j not in reverted:
            rows.append((segment, i))
        elif i is not None:
            rows.append((base.segments[i], i))
    for i in sorted(restored - set(back.values())):
        before = [at for at, (_, one) in enumerate(rows) if one is not None and one < i]
        rows.insert(max(before, default=-1) + 1, (base.segments[i], i))
    made = _Side([segment for segment, _ in rows], {i: at for at, (_, i) in enumerate(rows) if i is not None})
    after = -1
    for segment, i in rows:
        if i is not None:
            after = i
            made.order.append(after)
        else:
            made.added.setdefault(after, []).append(segment)
    return made


def merge_segments(
    base: Content,
    ours: Content,
    theirs: Content,
    decisions: Decisions,
    reverted: frozenset[tuple[Side, str]],
    unsettled: frozenset[str] = frozenset(),
) -> Segments:
    """Match both sides to the base, and merge what is there, the order and each source.

    Args:
        base, ours, theirs: the three contents.
        decisions: what people decided.
        reverted: units that count as not changed: by side and path there, or ``base/`` and the path in the base of one that
            the side removed.
        unsettled: with ``segments`` in it the base says nothing of their order.
    """

    def indexes(side: Side, start: str) -> frozenset[int]:
        paths = (path for of, path in reverted if of is side and path.startswith(start))
        return frozenset(int(path.removeprefix(start).split("/")[0]) for path in paths)

    mine, other = (
        _side(base, content, indexes(side, "segment/"), indexes(side, "base/segment/"))
        for side, content in ((Side.OURS, ours), (Side.THEIRS, theirs))
    )
    conflicts: list[Conflict] = []
    kept: dict[int, Segment] = {}
    open_: dict[int, Conflict] = {}
    for index, segment in enumerate(base.segments):
        merged = _one(index, base.segments, mine, other, decisions)
        if isinstance(merged, Conflict):
            conflicts.append(merged)
            kept[index], open_[index] = segment, merged
        elif merged is not None:
            kept[index] = merged
    order, conflict = _order(base, kept, mine, other, decisions, settled="segments" not in unsettled)
    conflicts += [conflict] if conflict else []
    made: list[Segment] = []
    parts: list[ResultPart] = []
    for after in (-1, *order):
        if after in open_:
            parts += open_parts(open_[after])
        if after >= 0:
            made.append(kept[after])
        if after >= 0 and after not in open_:
            parts.append(_part(segment_path(after, base.segments[after]), kept[after], decisions))
        # new ones that followed a segment that is gone stand where it stood
        for place in [after, *_gone_after(after, kept, len(base.segments))]:
            new = _added(place, mine.added.get(place, []), other.added.get(place, []), decisions)
            if isinstance(new, Conflict):
                conflicts.append(new)
                parts += open_parts(new)
            else:
                made += new
                parts += [_part(f"segment/{place + 1}", one, decisions) for one in new]
    both = (*ours.segments, *theirs.segments)
    if not decisions.marked and not any(is_marked(segment.source) for segment in both):
        made = [_unmarked(segment) for segment in made]
    return Segments(tuple(made), tuple(conflicts), tuple(parts), decisions.wrote)


def _part(path: str, segment: Segment, decisions: Decisions) -> ResultPart:
    text, decided = unmarked(segment.source), decisions.at.get(path)
    return ResultPart(unit=UnitKind.SEGMENT, path=path, text=text, conflict=decided)


def _unmarked(segment: Segment) -> Segment:
    return segment.model_copy(update={"source": unmarked(segment.source)})


def _gone_after(index: int, kept: dict[int, Segment], count: int) -> list[int]:
    """The removed segments of the base that follow ``index`` directly."""
    made = []
    for following in range(index + 1, count):
        if following in kept:
            break
        made.append(following)
    return made


def _one(
    index: int, segments: Sequence[Segment], ours: _Side, theirs: _Side, decisions: Decisions
) -> Segment | Conflict | None:
    base = segments[index]
    o, t = ours.place.get(index), theirs.place.get(index)
    mine = ours.segments[o] if o is not None else None
    other = theirs.segments[t] if t is not None else None
    if mine is None and other is None:
        return None
    if mine is None or other is None:
        left = mine or other
        if left == base:
            return None
        return _decide(
            ConflictKind.REMOVED,
            index,
            segments,
            mine,
            other,
            decisions,
            "removed on one side, changed on the other",
        )
    if base == mine:
        return other
    if base == other or mine == other:
        return mine
    roles = {mine.role, other.role} - (set() if is_marked(base.source) else {base.role})
    if len(roles) > 1:
        return _decide(ConflictKind.VALUE, index, segments, mine, other, decisions, "given different roles")
    role = roles.pop() if roles else base.role
    chunks = merge_lines(base.source, mine.source, other.source)
    if all(chunk.text is not None for chunk in chunks):
        return base.model_copy(update={"role": role, "source": "".join(chunk.text or "" for chunk in chunks)})
    return _decide(
        ConflictKind.TEXT,
        index,
        segments,
        mine,
        other,
        decisions,
        "the same lines changed differently on both sides",
        unmarked_chunks(chunks),
    )


def _decide(
    kind: ConflictKind,
    index: int,
    segments: Sequence[Segment],
    ours: Segment | None,
    theirs: Segment | None,
    decisions: Decisions,
    said: str,
    chunks: tuple[MergeChunk, ...] = (),
) -> Segment | Conflict | None:
    base = segments[index]
    path = segment_path(index, base)
    conflict = Conflict(
        id=f"{kind.value}:{path}",
        kind=kind,
        unit=UnitKind.SEGMENT,
        path=path,
        label=f"{segment_name(segments, index)}: {said}",
        base=unmarked(base.source),
        ours=ours.source if ours else None,
        theirs=theirs.source if theirs else None,
        chunks=chunks,
    )
    decision = decisions.take(conflict)
    if decision is None:
        return conflict
    if decision.text is not None:
        return (ours or theirs or base).model_copy(update={"source": decision.text})
    if decision.picks is not None:
        return base.model_copy(update={"source": picked(chunks, decision)})
    return {"base": base, "ours": ours, "theirs": theirs}[decision.side]


def picked(chunks: Sequence[MergeChunk], decision: Decision) -> str:
    """The text with the side that was taken for each open run."""
    picks = iter(decision.picks or ())
    return "".join(chunk.text if chunk.text is not None else getattr(chunk, next(picks)) for chunk in chunks)


def _order(
    base: Content,
    kept: dict[int, Segment],
    ours: _Side,
    theirs: _Side,
    decisions: Decisions,
    *,
    settled: bool,
) -> tuple[list[int], Conflict | None]:
    """The order of what is kept: that of the side that changed it, where the base has one."""
    old = [index for index in range(len(base.segments)) if index in kept]
    mine = [index for index in ours.order if index in kept]
    other = [index for index in theirs.order if index in kept]
    # what only one side still has stands, on the other, where the base has it
    mine, other = _completed(mine, old), _completed(other, old)
    if mine == other or (settled and other == old):
        return mine, None
    if settled and mine == old:
        return other, None
    shown = [
        "".join(f"{segment_path(index, base.segments[index])}\n" for index in each)
        for each in (old, mine, other)
    ]
    conflict = Conflict(
        id="order:segments",
        kind=ConflictKind.ORDER,
        unit=UnitKind.SEGMENT,
        path="segments",
        label="messages: moved differently on both sides",
        base=shown[0],
        ours=shown[1],
        theirs=shown[2],
    )
    decision = decisions.take(conflict)
    if decision is None:
        return old, conflict
    return {"base": old, "ours": mine, "theirs": other}[decision.side], None


def _completed(order: list[int], old: list[int]) -> list[int]:
    """``order`` with what it lacks of ``old``, each behind the one that it follows there."""
    made = list(order)
    for at, index in enumerate(old):
        if index not in made:
            made.insert(made.index(old[at - 1]) + 1 if at else 0, index)
    return made


def _added(
    after: int, ours: list[Segment], theirs: list[Segment], decisions: Decisions
) -> list[Segment] | Conflict:
    if ours == theirs or not theirs:
        return ours
    if not ours:
        return theirs
    conflict = Conflict(
        id=f"added:segment/{after + 1}",
        kind=ConflictKind.ADDED,
        unit=UnitKind.SEGMENT,
        path=f"segment/{after + 1}",
        label="new messages at one place on both sides",
        ours="".join(segment.source for segment in ours),
        theirs="".join(segment.source for segment in theirs),
    )
    decision = decisions.take(conflict)
    if decision is None:
        return conflict
    if decision.text is not None:
        # the text is cut into segments again when the result is parsed
        return [ours[0].model_copy(update={"source": decision.text})]
    return {"base": [], "ours": ours, "theirs": theirs}[decision.side]
