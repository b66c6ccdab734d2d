"""What a model is told of a tool, in any of the spellings that a text may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import LimitExceeded, PromptSyntaxError
from .picoschema import to_json_schema
from .records import Tool

__all__ = ["read_tool", "spelling"]

_SCHEMAS = ("parameters", "inputSchema", "input_schema")
"""the spellings of what a tool takes; the first that says something counts"""


def read_tool(written: Any) -> Tool:
    """What a model is told of a tool, as a text names or defines it.

    Its parameters are picoschema or JSON Schema; what is neither is passed on as it is written, with
    ``problem`` saying what is wrong with it.
    """
    if not isinstance(written, Mapping):
        return Tool(name=str(written), is_defined=False)
    inner = written.get("function")
    tool = inner if isinstance(inner, Mapping) else written
    schema = tool.get(spelling(tool))
    problem: str | None = None
    try:
        schema = to_json_schema(schema) if schema else None
    except (PromptSyntaxError, LimitExceeded) as error:
        problem = error.message
    return Tool(
        name=str(written.get("name") or tool.get("name") or ""),
        description=str(tool.get("description") or ""),
        schema=schema if schema is None or isinstance(schema, dict) else {},
        problem=problem,
    )


def spelling(tool: Mapping[str, Any]) -> str:
    """The key of a definition that holds, or would hold, the schema of what it takes."""
    return next((name for name in _SCHEMAS if tool.get(name)), _SCHEMAS[0])
