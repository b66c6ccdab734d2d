"""Everything of a content that is not a segment, as units by path, and their three-way merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..canonical import canonical
from ..content import content_json
from ..errors import InvalidInput
from ..matching import match_variables
from ..records import Conflict, ConflictKind, Content, Side, UnitKind
from ..renaming import check_name
from ..yamlwrite import block
from .decisions import Decision, Decisions

__all__ = ["MISSING", "Units", "from_units", "merge_units", "same", "units_of"]

_NAMED = {"parameters": "parameter", "snippets": "snippet", "metadata": "metadata", "variables": "variable"}
MISSING: Any = object()
"""the value of a unit that is not there"""


@dataclass(frozen=True, slots=True)
class Units:
    """Merged units by path, what is open, and under which name each variable of the base goes on."""

    values: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def _tool_name(tool: Any) -> str:
    return str(tool.get("name") if isinstance(tool, dict) else tool)


def units_of(content: Content) -> dict[str, Any]:
    """The units by path, as canonical JSON values (``docs/formats/diff.md``, without the segments)."""
    plain = content_json(content)
    made: dict[str, Any] = {}
    if "model" in plain:
        made["model"] = plain["model"]
    for field, kind in _NAMED.items():
        for name, value in plain.get(field, {}).items():
            made[f"{kind}/{name}"] = value
    tools = plain.get("tools", [])
    for tool in tools:
        made[f"tool/{_tool_name(tool)}"] = tool
    output = plain.get("output", {})
    if "format" in output:
        made["output/format"] = output["format"]
    if "schema" in output:
        schema = output["schema"]
        properties = schema.get("properties")
        if isinstance(properties, dict):
            required = schema.get("required", [])
            for name, value in properties.items():
                made[f"output/schema/{name}"] = {"schema": value, "required": name in required}
            schema = {key: value for key, value in schema.items() if key not in ("properties", "required")}
        made["output/schema"] = schema
    return made


def from_units(values: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a content's JSON that ``values`` say; the reverse of :func:`units_of`."""
    made: dict[str, Any] = {}
    for field, kind in _NAMED.items():
        found = {
            path.split("/", 1)[1]: value for path, value in values.items() if path.startswith(f"{kind}/")
        }
        if found:
            made[field] = found
    if "model" in values:
        made["model"] = values["model"]
    if tools := [value for path, value in values.items() if path.startswith("tool/")]:
        made["tools"] = tools
    output: dict[str, Any] = {}
    if "output/format" in values:
        output["format"] = values["output/format"]
    properties = {path[14:]: value for path, value in values.items() if path.startswith("output/schema/")}
    if "output/schema" in values or properties:
        schema = dict(values.get("output/schema", {"type": "object"}))
        if properties:
            schema["properties"] = {name: value["schema"] for name, value in properties.items()}
            if required := sorted(name for name, value in properties.items() if value["required"]):
                schema["required"] = required
        output["schema"] = schema
    if output:
        made["output"] = output
    return made


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


def _shown(path: str, value: Any) -> str | None:
    return None if value is MISSING else block({path.rsplit("/", 1)[-1]: value})


def _conflict(kind: ConflictKind, path: str, values: tuple[Any, Any, Any]) -> Conflict:
    what = {
        ConflictKind.ADDED: "added differently on both sides",
        ConflictKind.VALUE: "changed differently on both sides",
        ConflictKind.REMOVED: "removed on one side, changed on the other",
    }[kind]
    base, ours, theirs = (_shown(path, value) for value in values)
    return Conflict(
        id=f"{kind.value}:{path}",
        kind=kind,
        unit=_kind(path),
        path=path,
        label=f"{path.replace('/', ' ', 1)}: {what}",
        base=base,
        ours=ours,
        theirs=theirs,
    )


def same(a: Any, b: Any) -> bool:
    """Equal as canonical JSON; what is missing equals only what is missing."""
    if a is MISSING or b is MISSING:
        return a is b
    return bool(canonical(a) == canonical(b))


def merge_units(
    base: Content, ours: Content, theirs: Content, decisions: Decisions, reverted: frozenset[tuple[Side, str]]
) -> Units:
    """Each unit by the three-way rule.

    The units keep the order of the base, new ones stand behind it in the order of their paths.

    Args:
        base, ours, theirs: the three contents.
        decisions: what people decided.
        reverted: units (by side and path) that count as not changed.
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
    merged: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for path in [*old, *sorted({*mine, *other} - {*old})]:
        three = (old.get(path, MISSING), mine.get(path, MISSING), other.get(path, MISSING))
        value, kind = _three_way(*three)
        if kind is ConflictKind.VALUE and path.startswith("variable/"):
            # type, default and description of one variable are changed for themselves
            value, kind = _fields(*three)
        if kind is not None:
            conflict = _conflict(kind, path, three)
            value = _decided(decisions, conflict, three)
            if value is None:
                conflicts.append(conflict)
                continue
        if value is not MISSING:
            merged[path] = value
    conflicts += _rename(merged, renames[Side.OURS], renames[Side.THEIRS], decisions)
    return Units(merged, tuple(conflicts))


def _three_way(base: Any, ours: Any, theirs: Any) -> tuple[Any, ConflictKind | None]:
    if same(ours, theirs) or same(base, theirs):
        return ours, None
    if same(base, ours):
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
    """The value that a person chose (which may be MISSING); None: not decided."""
    decision = decisions.take(conflict)
    if decision is None:
        return None
    if decision.text is not None:
        return decision.value(conflict.path.rsplit("/", 1)[-1])
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
            if value is None:
                open_.append(conflict)
                continue
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
