"""Content as canonical data: the members that count for its hash, with defaults dropped."""

from __future__ import annotations

from typing import Any

from .names import LATEST
from .records import Content, SegmentKind
from .variables import schema_examples

__all__ = ["content_json", "lf"]


def lf(text: str) -> str:
    """``text`` with every line end (CR LF, CR) as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(value: Any) -> Any:
    """A JSON value with LF line ends in every string."""
    if isinstance(value, str):
        return lf(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def content_json(content: Content) -> dict[str, Any]:
    """The JSON object whose canonical bytes are hashed (``docs/formats/content-and-hashes.md``).

    Variables that are only inferred from the template are left out: they follow from the segments.
    """
    made: dict[str, Any] = {}
    if content.segments:
        made["segments"] = []
        for segment in content.segments:
            row: dict[str, Any] = {"source": segment.source}
            if segment.kind is SegmentKind.MESSAGE:
                row["role"] = segment.role
            else:
                row["kind"] = segment.kind.value
            made["segments"].append(row)
    variables: dict[str, Any] = {}
    for variable in content.variables:
        if not variable.declared:
            continue
        entry: dict[str, Any] = {"schema": variable.schema_}
        if not variable.required:
            entry["optional"] = True
        if variable.has_default:
            entry["default"] = variable.default
        if variable.description and variable.schema_.get("description") != variable.description:
            entry["description"] = variable.description
        if variable.examples and schema_examples(variable.schema_) != list(variable.examples):
            entry["examples"] = list(variable.examples)
        variables[variable.name] = entry
    output: dict[str, Any] = {}
    if content.output is not None:
        if content.output.format is not None:
            output["format"] = content.output.format
        if content.output.schema_ is not None:
            output["schema"] = content.output.schema_
    optional: dict[str, Any] = {
        "variables": variables,
        "parameters": content.parameters,
        "tools": list(content.tools),
        "output": output,
        "snippets": {name: ref for name, ref in content.snippets.items() if ref != LATEST},
        "metadata": content.metadata,
    }
    made.update({key: value for key, value in optional.items() if value})
    if content.model is not None:
        made["model"] = content.model
    plain: dict[str, Any] = _plain(made)
    return plain
