"""The inputs of a Prompty file: values, or descriptions of values."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidInput
from ..promptfile import Document
from .base import Losses, Parts, expect, kind_of

__all__ = ["read_inputs", "write_inputs"]

_TYPES = {
    "string": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "array": "array",
}
_TYPES |= {
    "object": "object",
    "list": "array",
    "dict": "object",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
}
_SAID = frozenset(
    {"type", "kind", "description", "default", "sample", "example", "required", "is_required", "enum", "name"}
)
_WRITTEN = frozenset({"type", "description", "enum", "default", "examples"})


def read_inputs(parts: Parts, value: Any, losses: Losses) -> None:
    """Declare the inputs.

    Raises:
        InvalidInput: not a mapping, nor a list of properties.
    """
    if value is None:
        return
    if isinstance(value, dict) and isinstance(value.get("properties"), dict | list):
        value = value["properties"]
    if isinstance(value, list):
        rows = {}
        for at, row in enumerate(value):
            name = expect(row, dict, f"inputs[{at}]", "an object with a name").get("name")
            rows[expect(name, str, f"inputs[{at}].name", "text")] = row
        value = rows
    for name, row in expect(value, dict, "inputs", "an object").items():
        place = f"inputs.{name}"
        if isinstance(row, dict) and _SAID & row.keys():
            _described(parts, name, row, place, losses)
        elif row is None:
            parts.properties[name] = {"type": "string"}
        else:
            # a bare value is what the input is without another
            parts.properties[name] = {"type": _type_of(row)}
            parts.defaults[name] = row


def _described(parts: Parts, name: str, row: dict[str, Any], place: str, losses: Losses) -> None:
    schema: dict[str, Any] = {}
    kind = row.get("type", row.get("kind"))
    if kind is not None:
        known = _TYPES.get(kind.lower()) if isinstance(kind, str) else None
        if known is None:
            losses.add(f"{place}.type", f"{str(kind)[:40]} is no type here: it may be anything")
        else:
            schema["type"] = known
    if isinstance(row.get("enum"), list) and row["enum"]:
        schema["enum"] = row["enum"]
    if isinstance(row.get("description"), str) and row["description"]:
        schema["description"] = row["description"]
    if row.get("default") is not None:
        parts.defaults[name] = row["default"]
    sample = row.get("sample", row.get("example"))
    if sample is not None:
        parts.examples[name] = [sample]
    required = row.get("required", row.get("is_required", True))
    if not isinstance(required, bool):
        raise InvalidInput(f"{place}.required: expected true or false, got {kind_of(required)}")
    if not required:
        parts.optional.add(name)
    losses.left_out(place, (key for key in row if key not in _SAID))
    parts.properties[name] = schema


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {str: "string", int: "integer", float: "number", list: "array", dict: "object"}.get(
        type(value), "string"
    )


def write_inputs(document: Document, losses: Losses) -> dict[str, Any]:
    """The declared inputs, each described."""
    made: dict[str, Any] = {}
    for variable in document.content.variables:
        if not variable.declared:
            continue  # the template says all there is to say
        schema = variable.schema_
        place = f"input.schema.{variable.name}"
        row: dict[str, Any] = {}
        kinds = schema.get("type")
        listed = [kind for kind in kinds if kind != "null"] if isinstance(kinds, list) else [kinds]
        if len(listed) == 1 and isinstance(listed[0], str):
            row["type"] = listed[0]
        elif kinds is not None:
            losses.add(place, "it may be of several types, which are left out")
        if isinstance(schema.get("enum"), list):
            row["enum"] = [item for item in schema["enum"] if item is not None]
        if variable.description:
            row["description"] = variable.description
        if variable.has_default and variable.default is not None:
            row["default"] = variable.default
        if variable.examples:
            row["sample"] = variable.examples[0]
            if len(variable.examples) > 1:
                losses.add(
                    f"input.examples.{variable.name}", "one sample has a place; the others are left out"
                )
        nullable = isinstance(kinds, list) and "null" in kinds
        if nullable or not (variable.required or variable.has_default):
            row["required"] = False
        losses.left_out(place, (key for key in schema if key not in _WRITTEN))
        made[variable.name] = row or {"required": True}
    return made
