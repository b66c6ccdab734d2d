"""Whether a variable's newer type still takes every value that the older one took."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .records import Variable

__all__ = ["narrowed"]

_ALL = frozenset({"string", "number", "integer", "boolean", "null", "array", "object"})
_NOTES = frozenset({"description", "title", "default", "examples", "$comment", "deprecated"})
_KNOWN = frozenset({"type", "enum", "properties", "required", "additionalProperties", "items"}) | _NOTES
_MAX_DEPTH = 32


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    kind = schema.get("type")
    if kind is None or kind == "any":
        return _ALL
    kinds = frozenset(kind if isinstance(kind, list) else [kind])
    return kinds | {"integer"} if "number" in kinds else kinds


def _schema(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _enum(old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    allowed = new.get("enum")
    if not isinstance(allowed, list):
        return None
    before = old.get("enum")
    if not isinstance(before, list):
        return "only listed values are allowed now"
    keys = {_key(item) for item in allowed}
    gone = [item for item in before if _key(item) not in keys]
    return f"no longer allows {', '.join(repr(item)[:40] for item in gone[:5])}" if gone else None


def _object(old: Mapping[str, Any], new: Mapping[str, Any], depth: int) -> str | None:
    old_needs, new_needs = set(old.get("required") or ()), set(new.get("required") or ())
    if more := sorted(new_needs - old_needs):
        return f"needs {', '.join(more)} now"
    before, after = _schema(old.get("properties")), _schema(new.get("properties"))
    for name, schema in before.items():
        rest = new.get("additionalProperties")
        if name in after:
            if why := _compare(_schema(schema), _schema(after[name]), depth + 1):
                return f"{name}: {why}"
        elif rest is False:
            return f"{name}: removed"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        return "takes no further properties now"
    return None


def _compare(old: Mapping[str, Any], new: Mapping[str, Any], depth: int = 0) -> str | None:
    if depth > _MAX_DEPTH or old == new:
        return None
    if "enum" not in new or "type" in new:
        lost = _types(old) - _types(new)
        lost -= {"null"} if "type" not in old else set()
        if lost and "enum" not in old:
            written = [
                " or ".join(sorted(kinds)) if kinds != _ALL else "anything"
                for kinds in (_types(old), _types(new))
            ]
            return f"took {written[0]}, takes {written[1]} now"
    if why := _enum(old, new):
        return why
    if why := _object(old, new, depth):
        return why
    if "items" in new and (why := _compare(_schema(old.get("items")), _schema(new["items"]), depth + 1)):
        return f"items: {why}"
    rules = [key for key in new if key not in _KNOWN and old.get(key) != new[key]]
    return f"another rule: {', '.join(sorted(rules)[:5])}" if rules else None


def narrowed(old: Variable, new: Variable) -> str | None:
    """Why ``new`` may refuse what ``old`` took, or None. An unknown rule counts when it changed."""
    if not new.declared:
        # inferred variables take every scalar as text
        if new.type != "string" or (not old.declared and old.type == "string"):
            return None
        lost = _types(old.schema_) & {"array", "object"} if "enum" not in old.schema_ else frozenset()
        return f"took {' or '.join(sorted(lost))}, takes only text now" if lost else None
    before: Mapping[str, Any] = old.schema_
    if not old.declared and old.type == "string":
        before = {"type": "string"}
    return _compare(before, new.schema_)
