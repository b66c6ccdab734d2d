"""The outline of a ``.prompt`` text that need not parse, and the places of its names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .frontmatter import split
from .lines import LineIndex, Span
from .picowrite import base_name, is_json_schema
from .promptfile import Document
from .records import NamePlace, OutlineItem
from .template.lexer import TagKind, TagToken
from .template.loose import Loose, read
from .template.nodes import Literal
from .template.spelling import name_place
from .yamltree import Node, YamlProblem, parse_yaml

__all__ = ["outline", "places"]

_MOST = 500
_SNIPPET = re.compile(r"""\{\{~?>\s*["']?""")


@lru_cache(maxsize=64)
def _root(yaml: str) -> Node | None:
    try:
        return parse_yaml(yaml)
    except YamlProblem:
        return None


def _names(root: Node | None) -> Iterator[tuple[str, str, Node]]:
    """Kind, name and node of every variable and snippet that front matter names; declarations first."""
    if root is None:
        return
    schema = root.at("input", "schema")
    if schema is not None and is_json_schema(schema.value):
        properties, required = schema.at("properties"), schema.at("required")
        for entry in properties.entries if properties is not None else ():
            yield "variable", entry.name, entry.key
        for item in required.items if required is not None else ():
            yield "required", item.text, item
    else:
        for entry in schema.entries if schema is not None else ():
            yield "variable", base_name(entry.name), entry.key
    default, snippets = root.at("input", "default"), root.at("snippets")
    for entry in default.entries if default is not None else ():
        yield "default", entry.name, entry.key
    for entry in snippets.entries if snippets is not None else ():
        yield "snippet", entry.name, entry.key


def _loose(text: str, template: Span) -> Loose:
    return read(text[template.start : template.end], template.start)


def outline(text: str) -> tuple[OutlineItem, ...]:
    """Front matter with its variables, and the template's messages with their blocks, sections and snippets."""
    cut = split(text)
    lines = LineIndex(text)
    made: list[OutlineItem] = []

    def add(kind: str, title: str, level: int, start: int) -> None:
        line, _ = lines.place(start)
        values = {"kind": kind, "title": title, "level": level, "start": start, "line": line}
        made.append(OutlineItem.model_validate(values))

    if cut.yaml is not None:
        add("front_matter", "", 1, cut.yaml.start)
        for kind, name, node in _names(_root(text[cut.yaml.start : cut.yaml.end])):
            if kind == "variable":
                add("variable", name, 2, cut.yaml.start + node.start)
    loose = _loose(text, cut.template)
    first = next((tag.start for tag in loose.tags if _marker(tag)), len(text)) + loose.offset
    if text[cut.template.start : min(first, cut.template.end)].strip():
        add("message", "user", 1, cut.template.start)
    for tag in loose.tags:
        start = tag.start + loose.offset
        depth = len(loose.scope(start).frames)
        if found := _heading(text[start : tag.end + loose.offset], tag):
            kind, title = found
            add(kind, title, depth + (1 if kind in ("message", "history") else 2), start)
        if len(made) >= _MOST:
            break
    return tuple(made)


def _marker(tag: TagToken) -> bool:
    return tag.kind is TagKind.OUTPUT and tag.call is not None and tag.call.name in ("role", "history")


def _heading(source: str, tag: TagToken) -> tuple[str, str] | None:
    """Kind and title of what a tag begins."""
    call = tag.call
    if call is None:
        return None
    if tag.kind is TagKind.OPEN:
        return "block", source.strip("{}~ ")[:80]
    if tag.kind is TagKind.SNIPPET:
        return "snippet", call.name
    if tag.kind is not TagKind.OUTPUT or call.name not in ("role", "history", "section"):
        return None
    if call.name == "history":
        return "history", "history"
    value = call.params[0] if call.params else None
    title = str(value.value) if isinstance(value, Literal) else ""
    return ("message" if call.name == "role" else "section"), title


def places(text: str, document: Document | None) -> tuple[NamePlace, ...]:
    """Where names stand: of variables in a text that parses, of snippets in any."""
    made: dict[tuple[int, int], NamePlace] = {}

    def add(kind: str, name: str, start: int, end: int) -> None:
        values = {"kind": kind, "name": name, "start": start, "end": end}
        made.setdefault((start, end), NamePlace.model_validate(values))

    cut = split(text)
    if cut.yaml is not None:
        for kind, name, node in _names(_root(text[cut.yaml.start : cut.yaml.end])):
            quoted = 1 if node.style in ("'", '"') else 0
            start = cut.yaml.start + node.start + quoted
            if text.startswith(name, start) and (kind == "snippet" or document is not None):
                add("snippet" if kind == "snippet" else "variable", name, start, start + len(name))
    for use in document.template.variables() if document is not None else ():
        add("variable", use.name, *name_place(text, use))
    loose = _loose(text, cut.template)
    for tag in loose.tags:
        if tag.kind is TagKind.SNIPPET and tag.call is not None:
            lead = _SNIPPET.match(text, tag.start + loose.offset)
            if lead is not None:
                add("snippet", tag.call.name, lead.end(), lead.end() + len(tag.call.name))
    return tuple(sorted(made.values(), key=lambda one: (one.start, one.end)))
