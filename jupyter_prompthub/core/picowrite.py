"""JSON Schema as picoschema, where picoschema can say it."""

from __future__ import annotations

import re
from typing import Any

from .errors import InvalidInput

__all__ = ["base_name", "is_json_schema", "property_text"]

_SCALARS = frozenset({"string", "number", "integer", "boolean", "null", "any"})
_TYPES = _SCALARS | {"object", "array"}
_MEMBERS = frozenset(
    {"type", "description", "enum", "items", "properties", "required", "additionalProperties", "default"}
)
_SHAPES: dict[str, type] = {"enum": list, "required": list, "properties": dict, "items": dict}
_KEY = re.compile(r"([^?(]*)\??(?:\(.*\))?", re.DOTALL)


def base_name(key: str) -> str:
    """The property that a picoschema key names: ``order?(array, what)`` is ``order``."""
    match = _KEY.fullmatch(key)
    return (match[1] if match else key).strip()


def is_json_schema(written: Any) -> bool:
    """Whether a schema as written is JSON Schema rather than picoschema (dotprompt's own rule)."""
    if not isinstance(written, dict):
        return False
    return written.get("type") in _TYPES or isinstance(written.get("properties"), dict)


def property_text(name: str, schema: dict[str, Any], *, required: bool, description: str) -> tuple[str, Any]:
    """Key and value of one picoschema property.

    Raises:
        InvalidInput: the schema says something that picoschema cannot.
    """
    if not isinstance(schema, dict):
        raise InvalidInput(f"{name}: expected a JSON Schema, got {schema!r:.40}")
    for member, shape in _SHAPES.items():
        if not isinstance(schema.get(member) or shape(), shape):
            expected = "a list" if shape is list else "a mapping"
            raise InvalidInput(f"{name}: {member}: expected {expected}, got {schema[member]!r:.40}")
    if extra := sorted(set(schema) - _MEMBERS):
        raise InvalidInput(
            f"{name}: picoschema cannot say {extra[0]!r}; write the schema as JSON Schema in the text"
        )
    mark = "" if required else "?"
    about = (description or str(schema.get("description") or "")).strip()
    comma = f", {about}" if about else ""
    if "enum" in schema:
        values = [item for item in schema["enum"] if item is not None]
        return f"{name}{mark}(enum{comma})", values
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        kinds = [item for item in kind if item != "null"]
        kind = kinds[0] if len(kinds) == 1 else "any"
    if kind in _SCALARS:
        return f"{name}{mark}", f"{kind}{comma}"
    if kind == "array":
        items = schema.get("items") or {}
        if "enum" in items or items.get("type") == "array":
            message = f"{name}: picoschema has no lists of enums or of lists; write JSON Schema in the text"
            raise InvalidInput(message)
        _, value = property_text(name, items, required=True, description="")
        return f"{name}{mark}(array{comma})", value
    if kind == "object":
        needed = set(schema.get("required") or ())
        properties = {}
        for inner, prop in (schema.get("properties") or {}).items():
            key, value = property_text(inner, prop, required=inner in needed, description="")
            properties[key] = value
        return f"{name}{mark}(object{comma})", properties
    raise InvalidInput(f"{name}: {kind!r} is no type; expected one of {', '.join(sorted(_TYPES))}")
