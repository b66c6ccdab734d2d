"""Values of inputs: looking into them, testing, comparing and writing them out. Values are only ever data."""

from __future__ import annotations

import json
import math
from typing import Any

from ..errors import InvalidInput, LimitExceeded

__all__ = ["equal", "is_empty", "json_text", "look", "text", "truthy"]

_MAX_DEPTH = 64
_MAX_BITS = 4096
_MAX_INDENT = 10


def look(value: Any, part: str) -> Any:
    """The member ``part`` of an object or list (also its ``length``); None where there is none."""
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list | tuple):
        if part == "length":
            return len(value)
        index = int(part) if part.isascii() and part.isdigit() and len(part) < 10 else -1
        return value[index] if 0 <= index < len(value) else None
    if isinstance(value, str) and part == "length":
        return len(value)
    return None


def is_empty(value: Any) -> bool:
    """Empty as Handlebars has it: nothing, false, empty text or list; not zero, not an empty object."""
    if isinstance(value, float) and math.isnan(value):
        return True
    return value is None or value is False or (isinstance(value, str | list | tuple) and not value)


def truthy(value: Any, *, zero: bool = False) -> bool:
    """Whether ``{{#if value}}`` takes its first arm. ``zero``: the number 0 counts as something."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value == 0:
        return zero
    return not is_empty(value)


def equal(a: Any, b: Any) -> bool:
    """Strict equality: same type and value; an object or list equals only itself."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a == b
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    return a is b


def _number(value: int | float) -> int | float | None:
    if isinstance(value, int):
        if value.bit_length() > _MAX_BITS:
            raise LimitExceeded("an input is an integer of more than 4096 bits; give it as text")
        return int(value)
    if math.isnan(value) or math.isinf(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e21 else float(value)


class _Plain:
    """Copies a value as plain JSON data; ``left`` counts down the characters that it may have."""

    def __init__(self, left: int) -> None:
        self._left = left

    def _charge(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise LimitExceeded("an input is too large to be written out; shorten it")

    def copy(self, value: Any, depth: int = 0) -> Any:
        if depth > _MAX_DEPTH:
            raise LimitExceeded(f"an input is nested more than {_MAX_DEPTH} deep; flatten it")
        self._charge(1)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            self._charge(len(value))
            return str(value)
        if isinstance(value, int | float):
            return _number(value)
        if isinstance(value, list | tuple):
            return [self.copy(item, depth + 1) for item in value]
        if isinstance(value, dict):
            made = {}
            for key, item in value.items():
                if not isinstance(key, str):
                    raise InvalidInput(f"an input's keys are text, got {type(key).__name__}; convert them")
                self._charge(len(key))
                made[key] = self.copy(item, depth + 1)
            return made
        raise InvalidInput(
            f"an input is a JSON value (text, number, true, false, null, list, object), "
            f"got {type(value).__name__}; convert it first"
        )


def json_text(value: Any, indent: Any = None, *, limit: int) -> str:
    """``value`` as JSON, as ``JSON.stringify`` writes it, with ``indent`` blanks per level (at most 10).

    Raises:
        InvalidInput: not a JSON value, or an indent that is no number from 0 on.
        LimitExceeded: nested over 64 deep, or more than ``limit`` characters.
    """
    if isinstance(indent, str) and indent.isascii() and indent.isdigit() and len(indent) < 4:
        indent = int(indent)
    if isinstance(indent, bool) or not isinstance(indent, int | float | None) or (indent or 0) < 0:
        raise InvalidInput("json: indent= is a number from 0 to 10")
    width = int(min(indent or 0, _MAX_INDENT))
    plain = _Plain(limit).copy(value)
    if width and (isinstance(plain, dict | list) and plain):
        return json.dumps(plain, ensure_ascii=False, indent=width)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def text(value: Any, *, limit: int) -> str:
    """``value`` as it is written into a message: text as it is, nothing for null, objects and lists as JSON.

    Raises:
        InvalidInput: not a JSON value.
        LimitExceeded: nested over 64 deep, or more than ``limit`` characters.
    """
    if isinstance(value, str):
        return value
    return "" if value is None else json_text(value, limit=limit)
