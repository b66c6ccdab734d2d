"""Edits of the tools that a text names or defines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import changes as c
from .errors import InvalidInput
from .promptfile import Document
from .properties import Place, put_steps
from .records import TextEdit
from .toolspec import read_tool, spelling
from .yamledit import YamlText
from .yamltree import Node

__all__ = ["described", "parameters_place", "put", "put_parameter", "removed"]

_Step = Callable[[Document], list[TextEdit]]


def _name(tool: Any) -> Any:
    return tool.get("name") if isinstance(tool, dict) else tool


def _index(document: Document, name: str) -> int:
    for index, tool in enumerate(document.content.tools):
        if _name(tool) == name:
            return index
    raise InvalidInput(f"there is no tool {name!r}")


def _item(document: Document, index: int) -> Node:
    listed = document.yaml.at("tools") if document.yaml is not None else None
    assert listed is not None  # the content has it from there
    return listed.items[index]


def put(document: Document, tool: Any) -> list[TextEdit]:
    """Add a tool, or replace the one of its name."""
    name = _name(tool)
    if not isinstance(name, str) or not name:
        raise InvalidInput("a tool: expected its name, or a mapping with a name")
    names = [_name(each) for each in document.content.tools]
    return document.front.put_item(("tools",), names.index(name) if name in names else None, tool)


def _definition(document: Document, name: str) -> tuple[YamlText, tuple[str, ...]]:
    """A tool that is a mapping, to be edited, and the keys that lead to its definition."""
    front, item = document.front, _item(document, _index(document, name))
    function = item.at("function")
    nested = function is not None and function.kind == "map"
    return YamlText(front.text, front.start, front.end, item), ("function",) if nested else ()


def described(document: Document, name: str, description: str) -> list[TextEdit]:
    """Give a tool a description, or none; the rest of it stays as it is written."""
    index = _index(document, name)
    if _item(document, index).kind != "map":
        whole = {"name": name, "description": description}
        return document.front.put_item(("tools",), index, whole) if description else []
    tool, at = _definition(document, name)
    path = (*at, "description")
    return tool.set(path, description) if description else tool.remove(path)


def removed(document: Document, name: str) -> list[TextEdit]:
    """Take a tool out."""
    return document.front.remove_item(("tools",), _index(document, name))


def parameters_place(name: str) -> Callable[[Document], Place]:
    """Where the schema of what a tool takes is, or would be."""

    def where(document: Document) -> Place:
        written = document.content.tools[_index(document, name)]
        tool, at = _definition(document, name)
        read = read_tool(written)
        if read.problem is not None:
            raise InvalidInput(f"{_called(name)}: {read.problem}; edit the text instead")
        schema = read.schema_ or {}
        if schema.get("type", "object") != "object":
            raise InvalidInput(
                f"{_called(name)} are of type {schema['type']!r}, expected an object; edit the text instead"
            )
        known = schema.get("properties")
        inner: Any = written if isinstance(written, dict) else {}
        for key in at:
            inner = inner[key]
        return Place(
            yaml=tool,
            path=(*at, spelling(inner)),
            called=_called(name),
            known=known if isinstance(known, dict) else {},
        )

    return where


def _called(name: str) -> str:
    return f"the parameters of the tool {name!r}"


def put_parameter(change: c.PutToolParameter) -> list[_Step]:
    """Add a parameter of a tool, or change what of it is named."""
    where = parameters_place(change.tool)

    def as_mapping(document: Document) -> list[TextEdit]:
        index = _index(document, change.tool)
        is_mapping = _item(document, index).kind == "map"
        return [] if is_mapping else document.front.put_item(("tools",), index, {"name": change.tool})

    def begin(document: Document) -> list[TextEdit]:
        place = where(document)
        if place.node is not None and place.node.value:
            return []
        # as models are told; a text may have picoschema instead
        return place.yaml.set(place.path, {"type": "object", "properties": {}})

    return [as_mapping, begin, *put_steps(where, change)]
