"""The text of a unit: how a conflict shows its value, and how what a person writes in its place is read.

A text is read as the front matter reads it, so that whatever is accepted can stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

from ..errors import InvalidInput
from ..names import LATEST, check_ref
from ..picowrite import base_name, is_json_schema, property_text
from ..promptfile import check
from ..yamltree import YamlProblem, parse_yaml
from ..yamlwrite import block, item_text
from .values import MISSING, same, units_of

__all__ = ["read", "shown"]

_PROPERTY = "output/schema/"
_BESIDE = ("default", "examples")
_SCHEMA_WORDS = frozenset({*Draft202012Validator.VALIDATORS, "default", "description", "examples", "title"})


def shown(path: str, value: Any) -> str | None:
    """The unit's text, as it stands in the front matter; None where it is not there."""
    if value is MISSING:
        return None
    kind, _, name = path.partition("/")
    if kind == "variable" or path.startswith(_PROPERTY):
        return _declaration(path, value)
    if kind == "snippet":
        return f"{name}: @{value}"
    return item_text(value) if kind == "tool" else block({_key(path): value})


def read(path: str, text: str) -> Any:
    """The value that a text gives the unit; MISSING where it takes it out.

    Raises:
        InvalidInput: the reason why it is no text of this unit.
    """
    kind = path.partition("/")[0]
    if kind == "snippet":
        return _ref(_key(path), text)
    try:
        root = parse_yaml(text)
    except YamlProblem as problem:
        raise InvalidInput(f"it is no YAML: {problem.message}") from problem
    front = _front(path, root.value if root is not None else None, text)
    document, problems = check(f"---\n{block(front)}---\n")
    if document is None:
        raise InvalidInput(next(one.message for one in problems if one.severity == "error"))
    units = units_of(document.content)
    value = units.pop(path, MISSING)
    if kind == "tool" and value is MISSING:
        raise _expected(f"{_key(path)}, or a mapping with name: {_key(path)}", text)
    if path == "output/schema" and units:
        raise _expected("all of the schema but its properties", text)
    # no field of that name and one without a value are the same to an edit
    return MISSING if value is None and kind == "metadata" else value


def _key(path: str) -> str:
    """The name of the unit where it stands."""
    return path.removeprefix(_PROPERTY) if path.startswith(_PROPERTY) else path.partition("/")[2] or path


def _expected(what: str, text: str) -> InvalidInput:
    return InvalidInput(f"expected {what}, got {text!r}")


def _ref(name: str, text: str) -> Any:
    said, colon, ref = text.strip().partition(":")
    if not colon or said.strip(" \"'") != name:
        raise _expected(f"{name}: and a ref such as @production", text)
    ref = check_ref(ref.strip(" \"'").removeprefix("@"))
    return MISSING if ref == LATEST else ref


def _front(path: str, value: Any, text: str) -> dict[str, Any]:
    """Front matter that has this unit alone."""
    kind, name = path.partition("/")[0], _key(path)
    if kind == "tool":
        return {"tools": [value]}
    written = value if isinstance(value, dict) else {}
    if kind == "variable" or path.startswith(_PROPERTY):
        beside = _BESIDE if kind == "variable" else ()
        key = next((key for key in written if base_name(key) == name), None)
        if key is None or not written.keys() <= {key, *beside}:
            raise _expected(
                f"{name}: and its type" + (", default: and examples: where it has them" if beside else ""),
                text,
            )
        given = {each: {name: written[each]} for each in beside if each in written and each != key}
        return {"input" if beside else "output": {"schema": _schema(name, key, written[key]), **given}}
    if list(written) != [name.rpartition("/")[2] if kind == "output" else name]:
        raise _expected(f"{name}: and its value", text)
    if kind == "output":
        return {"output": written}
    return {"config": written} if kind == "parameter" else written


def _schema(name: str, key: str, written: Any) -> dict[str, Any]:
    """The schema that declares one property, in picoschema or in JSON Schema."""
    if key.rstrip("? ") == name and isinstance(written, dict) and _is_json(written):
        required = [] if key.rstrip().endswith("?") else [name]
        return {"type": "object", "properties": {name: written}, "required": required}
    return {key: written}


def _is_json(written: Mapping[str, Any]) -> bool:
    if "type" in written and isinstance(written["type"], str):
        return is_json_schema(written)
    return bool(written) and _SCHEMA_WORDS.issuperset(written)


def _declaration(path: str, value: Mapping[str, Any]) -> str:
    """A property as picoschema, or as JSON Schema where that says it and picoschema does not."""
    name, schema = _key(path), value["schema"]
    needed = value["required"] if "required" in value else not value.get("optional", False)
    more = "".join(block({key: value[key]}) for key in _BESIDE if key in value)
    # with a default it is required in no case: then the mark only says whether it may be null
    for required in (True, False) if "default" in value else (needed,):
        try:
            key, written = property_text(name, schema, required=required, description="")
            text = block({key: written}) + more
            if same(read(path, text), value):
                return text
        except InvalidInput:
            continue
    return block({f"{name}{'' if needed or 'default' in value else '?'}": schema}) + more
