"""What an input looks like: as its schema declares it, and as a template uses it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .template.loose import ITEM, Use
from .variables import type_name

__all__ = ["Shape", "as_schema", "declared", "inferred", "merged"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SCALARS = ("string", "number", "boolean")


@dataclass(slots=True)
class Shape:
    """The shape of one value. ``item`` is that of a list's items."""

    type: str = "any"
    description: str = ""
    properties: dict[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    declared: bool = False

    def at(self, path: Iterable[str]) -> Shape | None:
        """The shape that a path leads to."""
        shape: Shape | None = self
        for part in path:
            if shape is None:
                return None
            shape = shape.item if part == ITEM else shape.properties.get(part)
        return shape


def declared(schema: Mapping[str, Any] | None) -> Shape:
    """The shape that a JSON Schema declares; what it does not say in plain words is ``any``."""
    if not isinstance(schema, Mapping):
        return Shape()
    properties = schema.get("properties")
    items = schema.get("items")
    return Shape(
        type=type_name(schema),
        description=str(schema.get("description") or ""),
        properties={str(name): declared(inner) for name, inner in properties.items()}
        if isinstance(properties, Mapping)
        else {},
        item=declared(items) if isinstance(items, Mapping) else None,
        declared=True,
    )


def inferred(uses: Iterable[Use]) -> Shape:
    """The shape of the whole input as the template uses it."""
    root = Shape("object")
    hints: dict[int, set[str]] = {}
    nodes: list[Shape] = []
    for use in uses:
        path = use.path[:-1] if len(use.path) > 1 and use.path[-1] == "length" else use.path
        node = root
        for part in path:
            if part == ITEM:
                node.item = node.item or Shape()
                node = node.item
            else:
                node = node.properties.setdefault(part, Shape())
            if id(node) not in hints:
                hints[id(node)] = set()
                nodes.append(node)
        if node is not root:
            hints[id(node)].add(use.hint if path is use.path else "length")
    for node in nodes:
        node.type = _type(node, hints[id(node)])
    return root


def _type(node: Shape, hints: set[str]) -> str:
    if node.item is not None or "each" in hints:
        return "array"
    if node.properties or "with" in hints:
        return "object"
    if "text" in hints:
        return "string"
    for kind in _SCALARS:
        if kind in hints:
            return kind
    return "boolean" if "test" in hints and not hints - {"test", "any"} else "any"


def merged(first: Shape, other: Shape) -> Shape:
    """``first``, with what only ``other`` knows."""
    properties = {name: merged(shape, Shape()) for name, shape in first.properties.items()}
    for name, shape in other.properties.items():
        properties[name] = merged(properties[name], shape) if name in properties else shape
    item = first.item
    if item is None or other.item is not None:
        item = merged(item, other.item) if item is not None and other.item is not None else item or other.item
    return Shape(
        type=first.type if first.type != "any" else other.type,
        description=first.description or other.description,
        properties=properties,
        item=item,
        declared=first.declared,
    )


def as_schema(shape: Shape, *, in_list: bool = False) -> dict[str, Any]:
    """A JSON Schema of the shape that picoschema can say too."""
    if shape.type == "array" and not in_list:
        return {"type": "array", "items": as_schema(shape.item or Shape(), in_list=True)}
    if shape.type == "object":
        names = [name for name in shape.properties if _NAME.fullmatch(name)]
        properties = {name: as_schema(shape.properties[name]) for name in names}
        return {"type": "object", "properties": properties, "required": names} if names else {}
    return {"type": shape.type} if shape.type in (*_SCALARS, "integer") else {}
