"""The difference of two contents, unit by unit (``docs/formats/diff.md``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .content import content_json, lf
from .errors import InvalidInput
from .matching import Matches, match_units
from .picowrite import property_text
from .records import ChangeOp, Content, Diff, UnitChange, UnitKind, Variable
from .units import one, output_of, segment_name, segment_path, tools_of, unit_key, unit_name
from .words import spans
from .yamlwrite import block, flow

__all__ = ["Matches", "diff", "match_units"]

_SHORT = 12
"""characters of a SHA that are shown"""


def diff(
    a: Content,
    b: Content,
    *,
    text_a: str | None = None,
    text_b: str | None = None,
    lock_a: Mapping[str, str] | None = None,
    lock_b: Mapping[str, str] | None = None,
) -> Diff:
    """The ordered operations that turn ``a`` into ``b``.

    Args:
        a: the older content.
        b: the newer one.
        text_a: the older text; with ``text_b``, tells whether only layout or comments differ.
        text_b: the newer text.
        lock_a: of the older one, the SHA of each snippet's version by name; with ``lock_b``, tells which have moved.
        lock_b: of the newer one.
    """
    matches = match_units(a, b)
    changes: tuple[UnitChange, ...] = (
        *_segment_changes(a, b, matches),
        *_variable_changes(a, b, matches),
        *_snippet_changes(a.snippets, b.snippets, lock_a or {}, lock_b or {}),
        *_named(UnitKind.MODEL, one("model", a.model), one("model", b.model)),
        *_named(UnitKind.PARAMETER, a.parameters, b.parameters),
        *_named(UnitKind.TOOL, tools_of(a), tools_of(b), show=lambda _, tool: flow(tool)),
        *_tool_order(a, b),
        *_named(UnitKind.OUTPUT, output_of(a), output_of(b)),
        *_named(UnitKind.METADATA, a.metadata, b.metadata),
    )
    if not changes and content_json(a) != content_json(b):
        # what no unit shows, such as the order of a schema's ``required``: never call that equal
        before, after = (block({"output": content_json(each).get("output", {})}) for each in (a, b))
        changes = (_plain(ChangeOp.CHANGED, UnitKind.OUTPUT, "output", "output: changed", before, after),)
    return Diff(changes=changes, text_only=not changes and text_a is not None and text_a != text_b)


# ------------------------------------------------------------------ segments


def _segment_changes(a: Content, b: Content, matches: Matches) -> Iterator[UnitChange]:
    for i, j in matches.segments:
        if j is None and i is not None:
            old = a.segments[i]
            yield UnitChange(
                op=ChangeOp.REMOVED,
                unit=UnitKind.SEGMENT,
                path=segment_path(i, old),
                label=f"{segment_name(a.segments, i)}: removed",
                role=old.role or None,
                position_before=i,
                before=old.source,
                spans=spans(old.source, ""),
            )
        elif i is None and j is not None:
            new = b.segments[j]
            yield UnitChange(
                op=ChangeOp.ADDED,
                unit=UnitKind.SEGMENT,
                path=segment_path(j, new),
                label=f"{segment_name(b.segments, j)}: added",
                role=new.role or None,
                position_after=j,
                after=new.source,
                spans=spans("", new.source),
            )
        elif i is not None and j is not None:
            yield from _matched_segment(a, b, i, j, moved=j in matches.moved)


def _matched_segment(a: Content, b: Content, i: int, j: int, *, moved: bool) -> Iterator[UnitChange]:
    old, new = a.segments[i], b.segments[j]
    if old == new and not moved:
        return
    said: list[str] = []
    if moved:
        said.append(f"moved from place {i + 1} to place {j + 1}")
    if old.role != new.role:
        said.append(f"role changed from {old.role} to {new.role}")
    elif old != new:
        said.append("text changed")
    yield UnitChange(
        op=ChangeOp.MOVED if moved else ChangeOp.CHANGED,
        unit=UnitKind.SEGMENT,
        path=segment_path(j, new),
        path_before=segment_path(i, old),
        label=f"{segment_name(b.segments, j)}: {', '.join(said)}",
        role=new.role or None,
        position_before=i,
        position_after=j,
        before=old.source,
        after=new.source,
        spans=spans(old.source, new.source),
    )


# ------------------------------------------------------------------ variables


def _variable_text(variable: Variable) -> str:
    try:
        key, value = property_text(
            variable.name, variable.schema_, required=variable.required, description=variable.description
        )
    except InvalidInput:
        key, value = variable.name, variable.schema_
    text = block({key: value})
    if variable.has_default:
        text += block({"default": variable.default})
    return text + block({"examples": list(variable.examples)}) if variable.examples else text


def _retyped(old: Variable, new: Variable) -> list[str]:
    said = []
    if old.type != new.type:
        said.append(f"type changed from {old.type} to {new.type}")
    elif old.schema_ != new.schema_ and not _only_nullable(old, new):
        said.append("type changed")
    if old.required != new.required:
        said.append("now required" if new.required else "now optional")
    if (old.has_default, old.default) != (new.has_default, new.default):
        said.append(f"default is now {flow(new.default)}" if new.has_default else "default removed")
    if old.examples != new.examples:
        said.append("examples changed" if new.examples else "examples removed")
    if old.description != new.description:
        said.append("description changed")
    if old.declared != new.declared:
        said.append("now declared" if new.declared else "no longer declared")
    return said


def _only_nullable(old: Variable, new: Variable) -> bool:
    """Whether the schemas say the same but for null (which ``required`` brings along) and what is told by itself."""

    def bare(schema: Mapping[str, Any]) -> dict[str, Any]:
        made = {key: value for key, value in schema.items() if key not in ("description", "examples")}
        for key in ("type", "enum"):
            if isinstance(made.get(key), list):
                rest = [item for item in made[key] if item not in ("null", None)]
                made[key] = rest[0] if key == "type" and len(rest) == 1 else rest
        return made

    return bare(old.schema_) == bare(new.schema_)


def _variable_changes(a: Content, b: Content, matches: Matches) -> Iterator[UnitChange]:
    old_by_name = {variable.name: variable for variable in a.variables}
    new_by_name = {variable.name: variable for variable in b.variables}
    for old_name, new_name in matches.variables:
        old = old_by_name[old_name] if old_name is not None else None
        new = new_by_name[new_name] if new_name is not None else None
        if old is None and new is not None:
            op = ChangeOp.ADDED
            label = f"variable {new.name}: added ({new.type}, {'required' if new.required else 'optional'})"
        elif new is None and old is not None:
            op, label = ChangeOp.REMOVED, f"variable {old.name}: removed"
        elif old is not None and new is not None:
            said = _retyped(old, new)
            if old.name != new.name:
                op, said = ChangeOp.RENAMED, [f"renamed from {old.name}", *said]
            elif said:
                op = ChangeOp.CHANGED
            else:
                continue
            label = f"variable {new.name}: {', '.join(said)}"
        else:
            continue
        name = new_name or old_name
        yield _plain(
            op,
            UnitKind.VARIABLE,
            f"variable/{name}",
            label,
            _variable_text(old) if old else None,
            _variable_text(new) if new else None,
            path_before=f"variable/{old_name}" if old_name and old_name != name else None,
        )


# ------------------------------------------------------------------ snippets


def _snippet_changes(
    a: Mapping[str, str], b: Mapping[str, str], lock_a: Mapping[str, str], lock_b: Mapping[str, str]
) -> Iterator[UnitChange]:
    """Snippets that came, went, are asked for at another ref, or have another version at the same one."""
    for name in [*b, *(name for name in a if name not in b)]:
        old, new = (lock.get(name) for lock in (lock_a, lock_b))
        if name not in a or name not in b or old is None or new is None or old == new:
            one, other = ({name: refs[name]} if name in refs else {} for refs in (a, b))
            yield from _named(UnitKind.SNIPPET, one, other, show=_included)
            continue
        said = [f"changed{_from_to(a[name], b[name])}"] if a[name] != b[name] else []
        said.append(f"version changed from {old[:_SHORT]} to {new[:_SHORT]}")
        before, after = (
            f"{_included(name, ref)} at {sha[:_SHORT]}" for ref, sha in ((a[name], old), (b[name], new))
        )
        label = f"snippet {name}: {', '.join(said)}"
        yield _plain(ChangeOp.CHANGED, UnitKind.SNIPPET, f"snippet/{name}", label, before, after)


def _included(name: str, ref: str) -> str:
    return f"{name}: @{ref}"


# ------------------------------------------------------------------ the rest, by name


def _tool_order(a: Content, b: Content) -> Iterator[UnitChange]:
    old, new = list(tools_of(a)), list(tools_of(b))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        before, after = block({"tools": old}), block({"tools": new})
        yield _plain(ChangeOp.MOVED, UnitKind.TOOL, "tool", "tools: order changed", before, after)


def _named(
    kind: UnitKind, a: Mapping[str, Any], b: Mapping[str, Any], show: Any = None
) -> Iterator[UnitChange]:
    def text(name: str, values: Mapping[str, Any]) -> str | None:
        if name not in values:
            return None
        return str(show(name, values[name])) if show else block({unit_key(kind, name): values[name]})

    for name in [*b, *(name for name in a if name not in b)]:
        if name in a and name in b and _json_equal(a[name], b[name]):
            continue
        called = unit_name(kind, name)
        before, after = text(name, a), text(name, b)
        if before is None:
            op, label = ChangeOp.ADDED, f"{called}: added{_short(b[name])}"
        elif after is None:
            op, label = ChangeOp.REMOVED, f"{called}: removed{_short(a[name])}"
        else:
            op, label = ChangeOp.CHANGED, f"{called}: changed{_from_to(a[name], b[name])}"
        path = kind.value if kind is UnitKind.MODEL else f"{kind.value}/{name}"
        yield _plain(op, kind, path, label, before, after)


def _json_equal(a: Any, b: Any) -> bool:
    """Equal as canonical JSON has it: 1 is 1.0, but no number is a boolean; line ends do not count."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, str) and isinstance(b, str):
        return lf(a) == lf(b)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_json_equal(value, b[key]) for key, value in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(_json_equal(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def _short(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return ""
    shown = flow(value)
    return f" ({shown})" if len(shown) <= 60 else ""


def _from_to(a: Any, b: Any) -> str:
    if isinstance(a, dict | list | tuple) or isinstance(b, dict | list | tuple):
        return ""
    before, after = flow(a), flow(b)
    return f" from {before} to {after}" if len(before) + len(after) <= 80 else ""


def _plain(
    op: ChangeOp,
    unit: UnitKind,
    path: str,
    label: str,
    before: str | None,
    after: str | None,
    path_before: str | None = None,
) -> UnitChange:
    return UnitChange(
        op=op,
        unit=unit,
        path=path,
        path_before=path_before,
        label=label,
        before=before,
        after=after,
        spans=spans(before or "", after or ""),
    )
