"""JSON values as YAML text, in the plainest spelling that reads back as the same value."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from .errors import InvalidInput
from .yamltree import YamlProblem, parse_yaml

__all__ = ["block", "flow", "item_text", "key", "quoted", "scalar"]

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# plain only from a letter on, and never a word that YAML 1.1 readers take for a boolean
_PLAIN = re.compile(r"(?!(?i:y|n|yes|no|on|off)\Z)[^\W\d].*")


def _reads_back(source: str, value: Any) -> bool:
    try:
        root = parse_yaml(source)
    except YamlProblem:
        return False
    return root is not None and root.value == value


def quoted(text: str) -> str:
    """A text in double quotes."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def scalar(value: str | float | bool | None, *, in_flow: bool = False) -> str:
    """One scalar: plain when that reads back as the same value, else double-quoted."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidInput(f"{value} is no number that JSON can hold")
        return repr(value)
    clean = bool(value) and value == value.strip() and "\n" not in value and "\r" not in value
    if clean and _PLAIN.fullmatch(value) and not _UNPRINTABLE.search(value):
        probe, expected = (f"[{value}]", [value]) if in_flow else (f"a: {value}", {"a": value})
        if _reads_back(probe, expected):
            return value
    return quoted(value)


def key(name: str, *, in_flow: bool = False) -> str:
    """A mapping's key."""
    probe = f"{{{name}: 1}}" if in_flow else f"{name}: 1"
    clean = bool(name) and name == name.strip() and len(name) < 120 and not _UNPRINTABLE.search(name)
    return (
        name
        if clean and "\n" not in name and "\r" not in name and _reads_back(probe, {name: 1})
        else quoted(name)
    )


def flow(value: Any) -> str:
    """Any value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key(str(k), in_flow=True)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value, in_flow=True)


def _one_line(value: Any) -> bool:
    if isinstance(value, dict):
        return not value
    return not isinstance(value, list | tuple) or not any(isinstance(item, dict | list) for item in value)


def item_text(value: Any) -> str:
    """What stands after a dash: ``a:`` is a text in brackets, and would be a mapping here."""
    shown = flow(value)
    return quoted(value) if isinstance(value, str) and not _reads_back(f"- {shown}", [value]) else shown


def block(value: dict[str, Any], indent: int = 0, newline: str = "\n") -> str:
    """A mapping as lines, each ended by ``newline``; nested mappings are indented by two."""
    lines: list[str] = []
    pad = " " * indent
    for name, item in value.items():
        if isinstance(item, dict) and item:
            lines.append(f"{pad}{key(name)}:{newline}{block(item, indent + 2, newline)}")
        elif isinstance(item, list | tuple) and not _one_line(item):
            rows = "".join(f"{pad}  - {item_text(each)}{newline}" for each in item)
            lines.append(f"{pad}{key(name)}:{newline}{rows}")
        else:
            shown = flow(item) if isinstance(item, dict | list | tuple) else scalar(item)
            lines.append(f"{pad}{key(name)}: {shown}{newline}")
    return "".join(lines)
