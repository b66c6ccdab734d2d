"""Whether a newer JSON Schema still takes every value that the older one took.

It errs on one side only: of what it cannot tell (an unknown rule that changed, a reference that was replaced)
it says that it may refuse.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import PromptHubError
from .records import Variable

__all__ = ["narrowed", "narrowed_schema", "without_null"]

_ALL = frozenset({"string", "number", "integer", "boolean", "null", "array", "object"})
_NOTES = frozenset({"description", "title", "default", "examples", "$comment", "deprecated"})
_KNOWN = (
    frozenset({"type", "enum", "const", "properties", "required", "additionalProperties", "items"}) | _NOTES
)
_LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_MAX_DEPTH = 32
_NOTHING: Mapping[str, Any] = {"not": {}}


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    kind = schema.get("type")
    if kind is None or kind == "any":
        return _ALL
    kinds = frozenset(kind if isinstance(kind, list) else [kind])
    return kinds | {"integer"} if "number" in kinds else kinds


def _schema(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    return _NOTHING if value is False else {}


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _values(schema: Mapping[str, Any]) -> list[Any] | None:
    """The values that a schema lists, where it lists them."""
    if isinstance(listed := schema.get("enum"), list):
        return listed
    return [schema["const"]] if "const" in schema else None


def _listed(values: list[Any], new: Mapping[str, Any], shared: Mapping[str, Any]) -> str | None:
    from .validation import first_error  # jsonschema takes long to import

    try:
        gone = [item for item in values if first_error("", {**shared, **new}, item) is not None]
    except PromptHubError:
        return "its schema cannot be used"
    word = "allows" if _values(new) is not None else "takes"
    return f"no longer {word} {', '.join(repr(item)[:40] for item in gone[:5])}" if gone else None


def _rest(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What properties that are not named may hold; None: there may be none."""
    if "patternProperties" in schema:  # validation then lets all others pass
        return {}
    given = schema.get("additionalProperties", True)
    return None if given is False else _schema(given)


def _object(
    old: Mapping[str, Any], new: Mapping[str, Any], shared: Mapping[str, Any], depth: int
) -> str | None:
    if more := sorted(set(new.get("required") or ()) - set(old.get("required") or ())):
        return f"needs {', '.join(more)} now"
    before, after = _schema(old.get("properties")), _schema(new.get("properties"))
    old_rest, new_rest = _rest(old), _rest(new)
    for name in {**before, **after}:
        was = _schema(before[name]) if name in before else old_rest
        now = _schema(after[name]) if name in after else new_rest
        if was is None:
            continue
        if now is None:
            return f"{name}: removed"
        if why := _compare(was, now, shared, depth + 1):
            return f"{name}: {why}"
    if old_rest is not None and new_rest is None:
        return "takes no further properties now"
    why = (
        _compare(old_rest, new_rest, shared, depth + 1)
        if old_rest is not None and new_rest is not None
        else None
    )
    return f"further properties: {why}" if why else None


def _rules(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Rules of the newer schema that the older one did not have, or had in another way."""

    def wider(key: str) -> bool:
        was, now = old.get(key), new[key]
        if isinstance(was, bool) or isinstance(now, bool):
            return False
        if not isinstance(was, int | float) or not isinstance(now, int | float):
            return False
        return (key in _LEAST and now <= was) or (key in _MOST and now >= was)

    return sorted(
        key for key in new if key not in _KNOWN and _key(old.get(key)) != _key(new[key]) and not wider(key)
    )


def _compare(
    old: Mapping[str, Any], new: Mapping[str, Any], shared: Mapping[str, Any], depth: int = 0
) -> str | None:
    if old == new:
        return None
    if depth > _MAX_DEPTH:
        return f"nested more than {_MAX_DEPTH} deep: it cannot be compared"
    if (values := _values(old)) is not None:
        return _listed(values, new, shared)
    if _values(new) is not None:
        return "only listed values are allowed now"
    takes, lost = _types(old), _types(old) - _types(new)
    if lost:
        was, now = (
            " or ".join(sorted(kinds)) if kinds != _ALL else "anything" for kinds in (takes, _types(new))
        )
        return f"took {was}, takes {now} now"
    if "object" in takes and (why := _object(old, new, shared, depth)):
        return why
    items = _schema(old.get("items")), _schema(new.get("items"))
    if "array" in takes and (why := _compare(*items, shared, depth + 1)):
        return f"items: {why}"
    rules = _rules(old, new)
    return f"another rule: {', '.join(rules[:5])}" if rules else None


def narrowed_schema(old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """Why ``new`` may refuse a value that ``old`` took, or None."""
    shared = {key: new[key] for key in ("$defs", "definitions") if key in new}
    return _compare(old, new, shared)


def without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema without the null that being optional brings along."""
    kind = schema.get("type")
    if isinstance(kind, list) and "null" in kind:
        left = [one for one in kind if one != "null"]
        schema = {**schema, "type": left[0] if len(left) == 1 else left}
    if isinstance(listed := schema.get("enum"), list):
        schema = {**schema, "enum": [one for one in listed if one is not None]}
    return schema


def _as_text(old: Variable, before: Mapping[str, Any]) -> str | None:
    """Why a variable that is not declared, which is text and takes every scalar, may refuse what it took."""
    if not old.declared and old.type == "string":
        return None
    if (values := _values(before)) is not None:
        gone = [item for item in values if not isinstance(item, str | int | float)]
        return f"no longer takes {', '.join(repr(item)[:40] for item in gone[:5])}" if gone else None
    lost = _types(before) & {"array", "object"} or _types(before) & {"null"}
    return f"took {' or '.join(sorted(lost))}, takes only text now" if lost else None


def narrowed(old: Variable, new: Variable) -> str | None:
    """Why ``new`` may refuse what ``old`` took, or None.

    An undeclared variable of plain text counts as a string, though it takes other scalars too. Null is not
    looked at where ``old`` could be left out and ``new`` cannot: that is a reason of its own.
    """
    before: Mapping[str, Any] = old.schema_
    if new.required and not old.required:
        before = without_null(before)
    if not new.declared:
        return _as_text(old, before) if new.type == "string" else None
    if not old.declared and old.type == "string":
        before = {"type": "string"}
    return narrowed_schema(before, new.schema_)
