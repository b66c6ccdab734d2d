"""Picoschema (dotprompt's short notation) to JSON Schema; JSON Schema passes as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import LimitExceeded, PromptSyntaxError

__all__ = ["MAX_DEPTH", "MAX_NODES", "to_json_schema"]

MAX_DEPTH = 32
MAX_NODES = 10_000
_SCALARS = ("string", "number", "integer", "boolean", "null", "any")
_WILDCARD = "(*)"


def _error(path: tuple[str, ...], message: str, *, in_value: bool = False) -> PromptSyntaxError:
    where = f"schema {'.'.join(path)}: " if path else "schema: "
    problem = {"severity": "error", "code": "schema", "message": where + message}
    return PromptSyntaxError(
        where + message, details={"problems": [problem], "path": list(path), "in_value": in_value}
    )


def _described(text: str) -> tuple[str, str]:
    kind, _, description = text.partition(",")
    return kind.strip(), description.strip()


def _bounded(written: Any) -> None:
    """Refuse a schema that is too deep or too large, and references that leave it."""
    stack: list[tuple[Any, int, tuple[str, ...]]] = [(written, 0, ())]
    count = 0
    while stack:
        value, depth, path = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise LimitExceeded(
                f"a schema may be at most {MAX_DEPTH} deep with {MAX_NODES} values; make it smaller",
                details={"limit": "schema"},
            )
        if isinstance(value, dict):
            for key, item in value.items():
                at = (*path, str(key))
                if key in ("$ref", "$dynamicRef") and isinstance(item, str) and not item.startswith("#"):
                    raise _error(at, f"{item[:80]!r} is a remote reference; only #/... within it is allowed")
                stack.append((item, depth + 1, at))
        elif isinstance(value, list | tuple):
            stack.extend((item, depth + 1, path) for item in value)


class _Pico:
    def __init__(self, named: Mapping[str, Mapping[str, Any]]) -> None:
        self._named = named

    def scalar(self, text: str, path: tuple[str, ...]) -> dict[str, Any]:
        kind, description = _described(text)
        if kind in _SCALARS:
            schema: dict[str, Any] = {} if kind == "any" else {"type": kind}
        elif kind in self._named:
            schema = dict(self._named[kind])
        else:
            message = f"there is no type {kind[:40]!r}; expected one of {', '.join(_SCALARS)}"
            raise _error(path, message, in_value=True)
        return {**schema, "description": description} if description else schema

    def _typed(self, note: str, value: Any, optional: bool, path: tuple[str, ...]) -> dict[str, Any]:
        """A property whose key says its type: ``tags(array, what they are)``."""
        kind, description = _described(note)
        made: dict[str, Any]
        if kind == "array":
            made = {"type": ["array", "null"] if optional else "array", "items": self.schema(value, path)}
        elif kind == "object":
            made = self.schema(value, path)
            if optional and isinstance(made.get("type"), str):
                made["type"] = [made["type"], "null"]
        elif kind == "enum":
            if not isinstance(value, list) or not value:
                raise _error(path, "an enum's values are a list, as in color(enum): [RED, BLUE]")
            made = {"enum": [*value, None] if optional and None not in value else list(value)}
        else:
            raise _error(path, f"in parentheses stands array, object or enum, got {kind[:40]!r}")
        return {**made, "description": description} if description else made

    def schema(self, value: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
        if isinstance(value, str):
            return self.scalar(value, path)
        if not isinstance(value, dict):
            raise _error(path, f"expected a type's name or a mapping of properties, got {value!r:.40}")
        properties: dict[str, Any] = {}
        required: list[str] = []
        other: Any = False
        for key, item in value.items():
            if not isinstance(key, str):
                raise _error(path, f"a property's name is text, got {key!r:.40}; put it in quotes")
            at = (*path, key)
            if key == _WILDCARD:
                other = self.schema(item, at)
                continue
            name, opened, note = key.partition("(")
            name = name.strip()
            optional = name.endswith("?")
            name = name.removesuffix("?").strip()
            if not name:
                raise _error(at, "a property needs a name")
            if name in properties:
                raise _error(at, f"{name} is declared twice; keep one")
            if not optional:
                required.append(name)
            if opened:
                if not note.rstrip().endswith(")"):
                    raise _error(at, "this ( is never closed; end the name with )")
                properties[name] = self._typed(note.rstrip()[:-1], item, optional, at)
            else:
                made = self.schema(item, at)
                if optional and isinstance(made.get("type"), str):
                    made["type"] = [made["type"], "null"]
                properties[name] = made
        made = {"type": "object", "properties": properties, "additionalProperties": other}
        return {**made, "required": required} if required else made


def to_json_schema(written: Any, *, named: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """JSON Schema of a picoschema, or of a JSON Schema itself (which only must not refer elsewhere).

    Args:
        written: as parsed from YAML: a type's name, a mapping of properties, or a JSON Schema.
        named: schemas that a type's name may stand for.

    Raises:
        PromptSyntaxError: it is neither, or it refers to another document.
        LimitExceeded: deeper than 32 levels or more than 10,000 values.
    """
    _bounded(written)
    pico = _Pico(named or {})
    if isinstance(written, dict):
        if written.get("type") in (*_SCALARS, "object", "array"):
            return dict(written)
        if isinstance(written.get("properties"), dict):
            return {**written, "type": "object"}
    return pico.schema(written)
