"""Models, tools, outputs and roles in the words of others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidInput
from ..promptfile import Document
from ..records import JsonValue
from ..template import ROLES
from ..template.helpers import OTHER_ROLES
from .base import Losses, Parts, expect

__all__ = ["foreign_role", "put_response_format", "put_tools", "response_format", "role", "tools", "unsaid"]

_OTHER = {**OTHER_ROLES, "function": "tool"}


def role(value: Any, place: str, losses: Losses) -> str:
    """Our name of a role.

    Raises:
        InvalidInput: no role that is known.
    """
    name = value.lower() if isinstance(value, str) else value
    if name in ROLES:
        return str(name)
    if name not in _OTHER:
        raise InvalidInput(
            f"{place}: expected a role ({', '.join(sorted({*ROLES, *_OTHER}))}), got {json.dumps(value)[:60]}",
            details={"place": place},
        )
    if name == "developer":
        losses.add(place, "developer is system here")
    return str(_OTHER[name])


def foreign_role(name: str) -> str:
    """The role as others call it."""
    return "assistant" if name == "model" else name


def put_tools(parts: Parts, value: Any, place: str, losses: Losses) -> None:
    """Tools as OpenAI's API has them."""
    for at, tool in enumerate(expect(value, list, place, "a list of tools")):
        here = f"{place}[{at}]"
        function = tool.get("function") if isinstance(tool, dict) and tool.get("type") == "function" else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            losses.add(here, "only tools of type function have a counterpart; it is left out")
            continue
        parts.tools.append({key: item for key, item in function.items() if item is not None})
        losses.left_out(here, (key for key in tool if key not in ("type", "function")))


def tools(document: Document, losses: Losses) -> list[dict[str, Any]]:
    """Tools as OpenAI's API has them; bare names are lost."""
    made = []
    for tool in document.content.tools:
        if not isinstance(tool, dict):
            losses.add("tools", f"{tool}: only the name is known here, not what it takes; it is left out")
            continue
        inner = tool["function"] if isinstance(tool.get("function"), dict) else tool
        function = {key: item for key, item in inner.items() if key not in ("inputSchema", "input_schema")}
        schema = inner.get("parameters") or inner.get("inputSchema") or inner.get("input_schema")
        made.append(
            {"type": "function", "function": {**function, **({"parameters": schema} if schema else {})}}
        )
    return made


def put_response_format(parts: Parts, value: Any, place: str, losses: Losses) -> None:
    """What an answer must look like, as OpenAI's API says it."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "json_object":
        parts.output_format = "json"
    elif kind == "json_schema" and isinstance(value.get("json_schema"), dict):
        inner = value["json_schema"]
        parts.output_format = "json"
        if isinstance(inner.get("schema"), dict):
            parts.output_schema = inner["schema"]
        losses.left_out(
            f"{place}.json_schema",
            (key for key in inner if key != "schema" and (key, inner[key]) != ("name", "output")),
        )
    elif kind != "text":
        losses.add(place, "expected a type text, json_object or json_schema; it is left out")


def response_format(document: Document) -> dict[str, Any] | None:
    """The same, going out."""
    output = document.content.output
    if output is None:
        return None
    if output.schema_:
        return {"type": "json_schema", "json_schema": {"name": "output", "schema": output.schema_}}
    return {"type": "json_object"} if output.format == "json" else None


def unsaid(
    document: Document,
    losses: Losses,
    *,
    known: Mapping[str, JsonValue] | tuple[str, ...] = (),
    inputs: bool = True,
) -> None:
    """List the parts of a version that a format has no place for.

    Args:
        known: front-matter fields that it has a place for.
        inputs: whether also declared inputs are lost.
    """
    content = document.content
    if inputs and any(one.declared for one in content.variables):
        losses.add("input", "types, defaults and examples of variables are left out")
    if any(ref != "latest" for ref in content.snippets.values()):
        losses.add("snippets", "snippets are put in as the version has them; their refs are left out")
    losses.left_out("", (name for name in content.metadata if name not in known))
