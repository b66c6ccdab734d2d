"""Three-way merge of everything of a content that is not a segment, unit by unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from ..errors import InvalidInput
from ..matching import match_variables
from ..records import Conflict, ConflictKind, Content, Side, UnitKind
from ..renaming import check_name
from ..units import unit_name
from .decisions import Decision, Decisions
from .texts import shown
from .values import MISSING, same, units_of

__all__ = ["Units", "merge_units"]

UNDECIDED: Any = object()
"""in place of a value: nobody has decided"""


@dataclass(frozen=True, slots=True)
class Units:
    """Merged units by path, what is open, and under which name each variable of the base goes on."""

    values: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def _kind(path: str) -> UnitKind:
    return UnitKind(path.partition("/")[0])


def _renames(base: Content, side: Content) -> dict[str, str]:
    """Declared variables of ``base`` that ``side`` declares under another name."""
    declared = {variable.name for variable in base.variables if variable.declared}
    theirs = {variable.name for variable in side.variables if variable.declared}
    return {
        old: new
        for old, new in match_variables(base, side)
        if old is not None and new is not None and old != new and old in declared and new in theirs
    }


def _conflict(kind: ConflictKind, path: str, values: tuple[Any, Any, Any]) -> Conflict:
    what = {
        ConflictKind.ADDED: "added differently on both sides",
        ConflictKind.VALUE: "changed differently on both sides",
        ConflictKind.REMOVED: "removed on one side, changed on the other",
    }[kind]
    base, ours, theirs = (shown(path, value) for value in values)
    return Conflict(
        id=f"{kind.value}:{path}",
        kind=kind,
        unit=_kind(path),
        path=path,
        label=f"{unit_name(_kind(path), path.partition('/')[2])}: {what}",
        base=base,
        ours=ours,
        theirs=theirs,
    )


def merge_units(
    base: Content,
    ours: Content,
    theirs: Content,
    decisions: Decisions,
    reverted: frozenset[tuple[Side, str]],
    unsettled: frozenset[str] = frozenset(),
) -> Units:
    """Each unit by the three-way rule.

    The units keep the order of the base, new ones stand behind it in the order of their paths.

    Args:
        base, ours, theirs: the three contents.
        decisions: what people decided.
        reverted: units (by side and path) that count as not changed.
        unsettled: paths of which the base says nothing.
    """
    old = units_of(base)
    sides: list[dict[str, Any]] = []
    renames: dict[Side, dict[str, str]] = {}
    for side, content in ((Side.OURS, ours), (Side.THEIRS, theirs)):
        found = _renames(base, content)
        renames[side] = {
            before: after for before, after in found.items() if (side, f"variable/{after}") not in reverted
        }
        back = {f"variable/{after}": f"variable/{before}" for before, after in found.items()}
        values = {back.get(path, path): value for path, value in units_of(content).items()}
        for path in [back.get(path, path) for of, path in reverted if of is side]:
            if path in old:
                values[path] = old[path]
            else:
                values.pop(path, None)
        sides.append(values)
    mine, other = sides
    for names, others in permutations(renames.values()):
        # a name that one side kept is one that it chose
        names.update({name: name for name in others if f"variable/{name}" in unsettled and name not in names})
    merged: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for path in [*old, *sorted({*mine, *other} - {*old})]:
        three = (old.get(path, MISSING), mine.get(path, MISSING), other.get(path, MISSING))
        settled = path not in unsettled
        value, kind = _three_way(*three, settled=settled)
        if kind is ConflictKind.VALUE and settled and path.startswith("variable/"):
            # type, default and description of one variable are changed for themselves
            value, kind = _fields(*three)
        if kind is not None:
            conflict = _conflict(kind, path, three)
            value = _decided(decisions, conflict, three)
            if value is UNDECIDED:
                conflicts.append(conflict)
                continue
        if value is not MISSING:
            merged[path] = value
    conflicts += _rename(merged, renames[Side.OURS], renames[Side.THEIRS], decisions)
    return Units(merged, tuple(conflicts))


def _three_way(base: Any, ours: Any, theirs: Any, *, settled: bool = True) -> tuple[Any, ConflictKind | None]:
    if same(ours, theirs) or (settled and same(base, theirs)):
        return ours, None
    if settled and same(base, ours):
        return theirs, None
    if base is MISSING:
        return None, ConflictKind.ADDED
    return None, ConflictKind.REMOVED if MISSING in (ours, theirs) else ConflictKind.VALUE


def _fields(base: Any, ours: Any, theirs: Any) -> tuple[Any, ConflictKind | None]:
    made: dict[str, Any] = {}
    for key in sorted({*base, *ours, *theirs}):
        value, kind = _three_way(*(each.get(key, MISSING) for each in (base, ours, theirs)))
        if kind is not None:
            return None, ConflictKind.VALUE
        if value is not MISSING:
            made[key] = value
    return made, None


def _decided(decisions: Decisions, conflict: Conflict, values: tuple[Any, Any, Any]) -> Any:
    """The value that a person chose (which may be MISSING), or UNDECIDED."""
    decision = decisions.take(conflict)
    if decision is None:
        return UNDECIDED
    if decision.text is not None:
        return decision.value(conflict.path)
    return values[("base", "ours", "theirs").index(decision.side)]


def _rename(
    values: dict[str, Any], ours: Mapping[str, str], theirs: Mapping[str, str], decisions: Decisions
) -> list[Conflict]:
    """Bring the new names of variables into ``values``; what is open."""
    open_: list[Conflict] = []
    for old in [*ours, *(name for name in theirs if name not in ours)]:
        path, names = f"variable/{old}", {each[old] for each in (ours, theirs) if old in each}
        name = next(iter(names))
        if len(names) > 1:
            conflict = Conflict(
                id=f"renamed:{path}",
                kind=ConflictKind.RENAMED,
                unit=UnitKind.VARIABLE,
                path=path,
                label=f"variable {old}: renamed differently on both sides",
                base=old,
                ours=ours[old],
                theirs=theirs[old],
            )
            decision = decisions.take(conflict)
            if decision is None:
                open_.append(conflict)
                continue
            name = {"base": old, "ours": ours[old], "theirs": theirs[old]}[decision.side]
            if decision.text is not None:
                name = _variable_name(decision)
        if path not in values or name == old:
            continue
        value, new = values.pop(path), f"variable/{name}"
        taken = values.get(new, MISSING)
        if taken is not MISSING and not same(taken, value):
            three = (MISSING, value, taken) if old in ours else (MISSING, taken, value)
            conflict = _conflict(ConflictKind.ADDED, new, three)
            value = _decided(decisions, conflict, three)
            if value is UNDECIDED:
                open_.append(conflict)
                continue
        values.pop(new, None)  # who takes the base has none of them
        if value is not MISSING:
            values[new] = value
    return open_


def _variable_name(decision: Decision) -> str:
    """The text of a decision as the name of a variable."""
    name = (decision.text or "").strip()
    try:
        check_name(name)
    except InvalidInput as refused:
        raise InvalidInput(f"{decision.id}: {refused.message}") from refused
    return name
