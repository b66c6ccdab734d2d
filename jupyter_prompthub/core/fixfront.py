"""Fixes in the front matter, and of what it declares."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from .changes import Change, RemoveVariable, SetMetadata, SetParameter
from .edit import edit
from .fixtext import FixText
from .frontmatter import FIELDS, SETTINGS
from .picowrite import base_name, is_json_schema, property_text
from .records import Fix, Problem, TextEdit
from .shapes import Shape, as_schema, inferred
from .template.spelling import name_place
from .yamltree import Node
from .yamlwrite import quoted

__all__ = [
    "close_front",
    "declare",
    "duplicate_tool",
    "quote",
    "schema_type",
    "undeclare",
    "unknown_key",
    "unused_snippet",
]

_TYPES = ("string", "number", "integer", "boolean", "null", "any")
_KINDS = ("array", "object", "enum")
_OTHER_NAMES = {
    "str": "string", "text": "string", "char": "string", "int": "integer", "long": "integer", "float": "number",
    "double": "number", "decimal": "number", "num": "number", "bool": "boolean", "none": "null", "nil": "null",
    "list": "array", "tuple": "array", "dict": "object", "map": "object", "mapping": "object", "choice": "enum",
    "options": "enum",
}  # fmt: skip
"""what other languages call the types"""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VALUE = re.compile(
    r"""^(\s*(?:-\s+)?(?:[^\s#"'][^:#\n]*?:[ \t]+|-[ \t]+))([^\s#][^\n]*?)([ \t]+#[^\n]*)?$"""
)
_YAML_LINE = re.compile(r"[ \t]*(?:#.*|-(?:[ \t].*)?|[^\s{}#][^{}]*?:(?:[ \t].*)?)?$")


def declare(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Declare a variable as it is used, or take the declared name that was likely meant."""
    document = text.document
    if document is None or document.input_schema is None:
        return
    uses = document.template.variables()
    name = next((use.name for use in uses if use.start == problem.start), None)
    if name is None:
        return
    used = {use.name for use in uses}
    idle = [one for one in document.input_schema.get("properties") or {} if one not in used]
    for other in difflib.get_close_matches(name, idle, n=1, cutoff=0.75):
        places = dict.fromkeys(name_place(document.text, use) for use in uses if use.name == name)
        edits = [TextEdit(start=start, end=end, text=other) for start, end in places]
        yield Fix(title=f"Change to {other}", edits=tuple(edits))
    shape = inferred(text.loose.uses).properties.get(name, Shape())
    edits = _declaration(text, name, shape)
    if edits:
        kind = shape.type if as_schema(shape) else "any"
        yield Fix(title=f"Declare {name} as {kind}", edits=tuple(edits))


def _declaration(text: FixText, name: str, shape: Shape) -> list[TextEdit]:
    here = text.yaml
    schema = here.root.at("input", "schema") if here is not None and here.root is not None else None
    if here is None or schema is None or schema.kind != "map" or not _NAME.fullmatch(name):
        return []
    written = as_schema(shape)
    if not is_json_schema(schema.value):
        key, value = property_text(name, written, required=True, description="")
        return [] if is_json_schema({key: value}) else here.set(("input", "schema", key), value)
    edits = here.set(("input", "schema", "properties", name), written)
    required = schema.at("required")
    if required is not None and required.kind == "seq" and required.items:
        return [*edits, *here.put_item(("input", "schema", "required"), None, name)]
    return edits


def undeclare(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Remove a declaration that nothing uses, or use it."""
    document = text.document
    if document is None:
        return
    name = base_name(document.text[problem.start : problem.end].strip("\"'"))
    at = document.split.template.end
    gap = "" if not document.template.source or document.template.source[-1:] in "\r\n" else text.newline
    yield Fix(
        title=f"Remove the declaration of {name}",
        edits=tuple(edit(document.text, [RemoveVariable(name=name)])),
    )
    if _NAME.fullmatch(name):
        yield Fix(
            title=f"Use {name} at the end of the template",
            edits=text.replace(at, at, f"{gap}{{{{{name}}}}}"),
        )


def schema_type(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The type that was likely meant."""
    written = text.text[problem.start : problem.end]
    wrong = re.search(r"(?:there is no type|or enum, got) '([^']*)'", problem.message)
    if wrong is None or not wrong[1]:
        return
    at = written.find(wrong[1], written.find("(") + 1)
    known = _KINDS if "enum, got" in problem.message else _TYPES
    other = _OTHER_NAMES.get(wrong[1].lower())
    close = difflib.get_close_matches(wrong[1].lower(), known, n=1, cutoff=0.5)
    start = problem.start + at
    for word in dict.fromkeys([*([other] if other in known else []), *close]):
        if at >= 0 and word is not None:
            yield Fix(title=f"Change to {word}", edits=text.replace(start, start + len(wrong[1]), word))


def unknown_key(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The field that was likely meant, or the place where a setting belongs."""
    name = text.text[problem.start : problem.end].strip("\"'")
    entry = text.root.get(name) if text.root is not None else None
    if entry is None or text.root is None:
        return
    if name in SETTINGS and text.document is not None:
        changes: list[Change] = [
            SetParameter(name=name, value=entry.value.value),
            SetMetadata(name=name, value=None),
        ]
        yield Fix(title=f"Move {name} below config", edits=tuple(edit(text.text, changes)))
        return
    for other in difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.75):
        if text.root.get(other) is None:
            yield Fix(title=f"Change to {other}", edits=text.replace(problem.start, problem.end, other))


def quote(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Put a value into quotes."""
    start, end = text.line(problem.start)
    for begin, finish in dict.fromkeys(((start, end), text.line(max(0, start - 1)))):
        match = _VALUE.match(text.text[begin:finish])
        if match is None or match[2][0] in "\"'|>":
            continue
        at = begin + match.end(1)
        yield Fix(
            title="Put the value into quotes", edits=text.replace(at, at + len(match[2]), quoted(match[2]))
        )


def close_front(text: FixText, problem: Problem) -> Iterator[Fix]:
    """End the front matter after the last line that looks like it."""
    at = last = text.line(problem.end)[1]
    for line in re.finditer(r"(?:\r\n|\r|\n)([^\r\n]*)", text.text[at:]):
        if not _YAML_LINE.match(line[1]) or (not line[1].strip() and last > at):
            break
        if line[1].strip():
            last = at + line.end()
    yield Fix(title="Close the front matter", edits=text.replace(last, last, f"{text.newline}---"))


def unused_snippet(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Remove the ref of a snippet that is not included, or include it."""
    name = text.text[problem.start : problem.end].strip("\"'")
    here, at = text.yaml, text.split.template.end
    if here is None:
        return
    yield Fix(title=f"Remove the ref of {name}", edits=tuple(here.remove(("snippets", name))))
    yield Fix(
        title=f"Include {name} at the end", edits=text.replace(at, at, f"{text.newline}{{{{> {name}}}}}")
    )


def duplicate_tool(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Remove the second one."""
    here = text.yaml
    tools: Node | None = here.root.at("tools") if here is not None and here.root is not None else None
    if here is None or tools is None:
        return
    index = next((i for i, item in enumerate(tools.items) if here.start + item.start == problem.start), None)
    if index is not None:
        yield Fix(title="Remove the second one", edits=tuple(here.remove_item(("tools",), index)))
