"""What is sound, and still likely not meant: variables that are not declared, declarations that nothing uses."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from .contract import mismatch, variables_of
from .errors import PromptHubError
from .examples import example_nodes
from .lines import LineIndex
from .promptfile import Document
from .records import Problem
from .template import Template
from .toolspec import read_tool

__all__ = ["EXAMPLE_TYPE", "EXAMPLE_UNUSED", "TOOL_SCHEMA", "UNDECLARED", "UNUSED", "lint"]

EXAMPLE_TYPE = "example_type"
EXAMPLE_UNUSED = "example_unused"
TOOL_SCHEMA = "tool_schema"

UNDECLARED = "variable_undeclared"
UNUSED = "variable_unused"
_TURN = frozenset({"user_message", "context"})
"""what becomes the user's turn where the template has none"""


def lint(document: Document, templates: Mapping[str, Template]) -> list[Problem]:
    """Warnings and notes about what a document declares; none about one that declares nothing.

    Args:
        document: the text.
        templates: all snippets that it includes, transitively, by name.
    """
    schema = document.input_schema
    properties = (schema or {}).get("properties")
    if schema is None or not isinstance(properties, dict):
        return [*_examples(document, templates), *_tools(document)]
    return [
        *_examples(document, templates),
        *_tools(document),
        *_undeclared(document, properties, open_=bool(schema.get("additionalProperties"))),
        *_unused(document, properties, templates),
    ]


def _problem(document: Document, code: str, message: str, start: int, end: int, severity: str) -> Problem:
    lines = LineIndex(document.text)
    (line, column), (end_line, end_column) = lines.place(start), lines.place(end)
    return Problem.model_validate(
        {
            "severity": severity,
            "code": code,
            "message": message,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "start": start,
            "end": end,
        }
    )


def _undeclared(document: Document, properties: Mapping[str, object], *, open_: bool) -> Iterator[Problem]:
    seen = {*properties, *document.defaults, *document.examples}
    used = {use.name for use in document.template.variables()}
    for use in document.template.variables():
        if use.name in seen:
            continue
        seen.add(use.name)
        idle = [name for name in properties if name not in used]
        close = difflib.get_close_matches(use.name, idle, n=1, cutoff=0.75)
        if open_ and not close:
            continue
        advice = f"; did you mean {close[0]}?" if close else ": it is taken as it comes"
        message = f"{use.name} is used and not declared in input.schema{advice}"
        yield _problem(document, UNDECLARED, message, use.start, use.end, "warning" if close else "info")


def _unused(
    document: Document, properties: Mapping[str, object], templates: Mapping[str, Template]
) -> Iterator[Problem]:
    used = _used(document.template, templates)
    if used is None:
        return
    for name in properties:
        if name in used or name in _TURN:
            continue
        place = next(
            (
                span
                for path, span in document.keys.items()
                if path[:2] == ("input", "schema") and path[-1].partition("(")[0].rstrip("? ") == name
            ),
            None,
        )
        if place is not None:
            message = f"{name} is declared and nothing uses it"
            yield _problem(document, UNUSED, message, place.start, place.end, "warning")


def _tools(document: Document) -> Iterator[Problem]:
    """What tools take, where it is written in a way that no model understands."""
    listed = document.yaml.at("tools") if document.yaml is not None else None
    offset = document.split.yaml.start if document.split.yaml is not None else 0
    for item in listed.items if listed is not None else []:
        tool = read_tool(item.value)
        if tool.problem is not None:
            message = f"the parameters of the tool {tool.name}: {tool.problem}"
            yield _problem(document, TOOL_SCHEMA, message, offset + item.start, offset + item.end, "warning")


def _examples(document: Document, templates: Mapping[str, Template]) -> Iterator[Problem]:
    """Examples that are not of their variable's type, and those of a variable that is not there."""
    offset = document.split.yaml.start if document.split.yaml is not None else 0
    declared = (document.input_schema or {}).get("properties") or {}
    used = _used(document.template, templates)
    for variable in variables_of(document):
        name = variable.name
        key = document.keys.get(("input", "examples", name))
        known = used is None or name in used or name in declared or name in _TURN
        if key is not None and not known:
            message = f"there is no variable {name} that these would be examples of"
            yield _problem(document, EXAMPLE_UNUSED, message, key.start, key.end, "warning")
        for item in example_nodes(document, name):
            try:
                wrong = mismatch(variable, item.value)
            except PromptHubError:
                break  # a schema that cannot be used is told of where inputs are checked
            if wrong is not None:
                message = f"an example of {name}: expected {wrong[0]}, got {wrong[1]}"
                start, end = offset + item.start, offset + max(item.end, item.start + 1)
                yield _problem(document, EXAMPLE_TYPE, message, start, end, "warning")


def _used(template: Template, templates: Mapping[str, Template]) -> set[str] | None:
    """Every variable that a template uses, in its snippets too; None where that cannot be told."""
    made: set[str] = set()
    waiting: list[tuple[Template, frozenset[str]]] = [(template, frozenset())]
    seen: set[tuple[int, frozenset[str]]] = set()
    while waiting:
        current, bound = waiting.pop()
        if (id(current), bound) in seen:
            continue
        seen.add((id(current), bound))
        if current.uses_all:
            return None
        made |= {use.name for use in current.variables() if use.name not in bound}
        for use in current.snippets():
            if not use.inherits:
                continue
            if use.name not in templates:
                return None
            waiting.append((templates[use.name], bound | set(use.args)))
    return made
