"""The units of a content: their paths, what people call them, and those that are matched by their name alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .records import Content, Segment, SegmentKind, UnitKind

__all__ = [
    "named_units",
    "one",
    "output_of",
    "segment_name",
    "segment_path",
    "tools_of",
    "unit_key",
    "unit_name",
]


def segment_path(index: int, segment: Segment) -> str:
    """The path of a segment: ``segment/0/system``."""
    what = segment.role if segment.kind is SegmentKind.MESSAGE else segment.kind.value
    return f"segment/{index}/{what}"


def segment_name(segments: Sequence[Segment], index: int) -> str:
    """``system message``; with several of one role ``user message 2``; ``history``; ``block``."""
    segment = segments[index]
    message = segment.kind is SegmentKind.MESSAGE
    alike = [i for i, each in enumerate(segments) if (each.kind, each.role) == (segment.kind, segment.role)]
    name = f"{segment.role} message" if message else segment.kind.value
    return f"{name} {alike.index(index) + 1}" if len(alike) > 1 else name


def unit_key(kind: UnitKind, name: str) -> str:
    """The key under which the text has a unit: a name may have a ``/`` in it, of the output the last key counts."""
    return name.removeprefix("schema/") if kind is UnitKind.OUTPUT else name


def unit_name(kind: UnitKind, name: str) -> str:
    """``parameter temperature``, ``output reply``; ``model``, which has no name."""
    return kind.value if kind is UnitKind.MODEL else f"{kind.value} {unit_key(kind, name)}"


def one(name: str, value: Any) -> dict[str, Any]:
    """``{name: value}``; nothing for None."""
    return {} if value is None else {name: value}


def tools_of(content: Content) -> dict[str, Any]:
    """Tools by name."""
    return {str(tool.get("name") if isinstance(tool, dict) else tool): tool for tool in content.tools}


def output_of(content: Content) -> dict[str, Any]:
    """``format``, and of the schema its properties as units, and all else of it as one."""
    if content.output is None:
        return {}
    made = one("format", content.output.format)
    schema = content.output.schema_
    if schema is None:
        return made
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return {**made, "schema": schema}
    required = schema.get("required")
    needed = set(required) if isinstance(required, list) else set()
    for name, prop in properties.items():
        made[f"schema/{name}"] = {"schema": prop, **({} if name in needed else {"optional": True})}
    rest = {key: value for key, value in schema.items() if key not in ("properties", "required")}
    if rest.get("type") == "object":
        del rest["type"]
    return {**made, **({"schema": rest} if rest else {})}


def named_units(content: Content) -> dict[tuple[UnitKind, str], Any]:
    """Every unit that is matched by its name, in the order of a diff: all but segments and variables."""
    kinds: tuple[tuple[UnitKind, Mapping[str, Any]], ...] = (
        (UnitKind.SNIPPET, content.snippets),
        (UnitKind.MODEL, one("model", content.model)),
        (UnitKind.PARAMETER, content.parameters),
        (UnitKind.TOOL, tools_of(content)),
        (UnitKind.OUTPUT, output_of(content)),
        (UnitKind.METADATA, content.metadata),
    )
    return {(kind, name): value for kind, units in kinds for name, value in units.items()}
