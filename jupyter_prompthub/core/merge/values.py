"""Everything of a content that is not a segment, as values by path (``docs/formats/diff.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..canonical import canonical
from ..content import content_json
from ..records import Content

__all__ = ["MISSING", "from_units", "same", "units_of"]

_NAMED = {"parameters": "parameter", "snippets": "snippet", "metadata": "metadata", "variables": "variable"}
MISSING: Any = object()
"""the value of a unit that is not there"""


def _tool_name(tool: Any) -> str:
    return str(tool.get("name") if isinstance(tool, dict) else tool)


def units_of(content: Content) -> dict[str, Any]:
    """The units by path, as canonical JSON values (``docs/formats/diff.md``, without the segments)."""
    plain = content_json(content)
    made: dict[str, Any] = {}
    if "model" in plain:
        made["model"] = plain["model"]
    for field, kind in _NAMED.items():
        for name, value in plain.get(field, {}).items():
            made[f"{kind}/{name}"] = value
    tools = plain.get("tools", [])
    for tool in tools:
        made[f"tool/{_tool_name(tool)}"] = tool
    output = plain.get("output", {})
    if "format" in output:
        made["output/format"] = output["format"]
    if "schema" in output:
        schema = output["schema"]
        properties = schema.get("properties")
        if isinstance(properties, dict):
            required = schema.get("required", [])
            for name, value in properties.items():
                made[f"output/schema/{name}"] = {"schema": value, "required": name in required}
            schema = {key: value for key, value in schema.items() if key not in ("properties", "required")}
        made["output/schema"] = schema
    return made


def from_units(values: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a content's JSON that ``values`` say; the reverse of :func:`units_of`."""
    made: dict[str, Any] = {}
    for field, kind in _NAMED.items():
        found = {
            path.split("/", 1)[1]: value for path, value in values.items() if path.startswith(f"{kind}/")
        }
        if found:
            made[field] = found
    if "model" in values:
        made["model"] = values["model"]
    if tools := [value for path, value in values.items() if path.startswith("tool/")]:
        made["tools"] = tools
    output: dict[str, Any] = {}
    if "output/format" in values:
        output["format"] = values["output/format"]
    properties = {path[14:]: value for path, value in values.items() if path.startswith("output/schema/")}
    if "output/schema" in values or properties:
        schema = dict(values.get("output/schema", {"type": "object"}))
        if properties:
            schema["properties"] = {name: value["schema"] for name, value in properties.items()}
            if required := sorted(name for name, value in properties.items() if value["required"]):
                schema["required"] = required
        output["schema"] = schema
    if output:
        made["output"] = output
    return made


def same(a: Any, b: Any) -> bool:
    """Equal as canonical JSON; what is missing equals only what is missing."""
    if a is MISSING or b is MISSING:
        return a is b
    return bool(canonical(a) == canonical(b))
