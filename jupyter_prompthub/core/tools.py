"""Edits of the tools that a text names or defines."""

from __future__ import annotations

from typing import Any

from .errors import InvalidInput
from .promptfile import Document
from .records import TextEdit
from .yamledit import YamlText
from .yamltree import Node

__all__ = ["described", "put", "removed"]


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


def described(document: Document, name: str, description: str) -> list[TextEdit]:
    """Give a tool a description, or none; the rest of it stays as it is written."""
    index = _index(document, name)
    front, item = document.front, _item(document, index)
    if item.kind != "map":
        whole = {"name": name, "description": description}
        return front.put_item(("tools",), index, whole) if description else []
    tool = YamlText(front.text, front.start, front.end, item)
    function = item.at("function")
    path = (
        ("function", "description") if function is not None and function.kind == "map" else ("description",)
    )
    return tool.set(path, description) if description else tool.remove(path)


def removed(document: Document, name: str) -> list[TextEdit]:
    """Take a tool out."""
    return document.front.remove_item(("tools",), _index(document, name))
