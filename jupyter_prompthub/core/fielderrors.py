"""What pydantic found wrong, in plain words: what was expected, and where. No value is repeated: it may be a secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

__all__ = ["FieldError", "field_errors", "sentence"]

FieldError = tuple[tuple[int | str, ...], str]
"""where, and what is wrong there"""

_TOLD = 3
_WORDS = {
    "extra_forbidden": "is not a field of this request",
    "missing": "is missing",
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "dict_type": "expected an object with named fields",
    "model_type": "expected an object with named fields",
    "model_attributes_type": "expected an object with named fields",
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "string_pattern_mismatch": "is not spelled as it has to be: {}",
    "string_too_short": "expected at least {min_length} characters",
    "string_too_long": "expected at most {max_length} characters",
    "too_short": "expected at least {min_length}",
    "too_long": "expected at most {max_length}, got {actual_length}",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
    "literal_error": "expected {expected}",
}
_KINDS = {kind for kind in _WORDS if kind.endswith("_type")}
"""where what was got is said by its kind"""
_SPELLED = {
    r"^[\w][\w.:/-]{0,63}$": "a letter, a digit or _ first, then also . : / -, 64 at most",
    r"^[0-9a-f]{64}$": "64 digits of 0-9 and a-f",
}


def field_errors(error: ValidationError) -> Sequence[FieldError]:
    """Every field that is wrong. A list that is too short only because its items are wrong is not told of."""
    found = error.errors(include_url=False)
    places = [item["loc"] for item in found]
    made: list[FieldError] = []
    for item in found:
        place = item["loc"]
        if item["type"] == "too_short" and any(other[: len(place)] == place != other for other in places):
            continue
        said = _said(item["type"], item["msg"], item.get("ctx", {}))
        if item["type"] in _KINDS:
            said = f"{said}, got {_kind(item['input'])}"
        made.append((place, said))
    return made


def sentence(error: ValidationError, place: Callable[[Sequence[int | str]], str] | None = None) -> str:
    """The first three fields that are wrong, and how many more there are.

    Args:
        place: what a field is called, where that is not its path; empty: it is all of it.
    """
    found = field_errors(error)
    said = []
    for path, message in found[:_TOLD]:
        where = place(path) if place else ".".join(str(part) for part in path)
        said.append(f"{where}: {message}" if where else message)
    more = f" (and {len(found) - _TOLD} more)" if len(found) > _TOLD else ""
    return "; ".join(said) + more


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "an object" if isinstance(value, dict) else "a list"


def _said(kind: str, message: str, context: dict[str, Any]) -> str:
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return _WORDS[kind].format(_SPELLED.get(pattern, f"expected {pattern}"))
    if kind in _WORDS:
        return _WORDS[kind].format(**context)
    return message
