"""Where the examples of a variable are written, and edits of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import changes as c
from .canonical import canonical
from .errors import InvalidInput
from .promptfile import Document
from .records import TextEdit
from .yamltree import Node
from .yamlwrite import flow

__all__ = ["changed", "example_nodes", "example_path", "written"]


def example_path(document: Document, name: str) -> tuple[str, ...]:
    """Where a variable's examples are, or would be: beside the schema, unless a JSON Schema holds them."""
    beside, within = ("input", "examples", name), ("input", "schema", "properties", name, "examples")
    front = document.yaml
    in_schema = front is not None and name not in document.examples and front.at(*within) is not None
    return within if in_schema else beside


def example_nodes(document: Document, name: str) -> list[Node]:
    """A variable's examples as they are written."""
    listed = document.yaml.at(*example_path(document, name)) if document.yaml is not None else None
    return listed.items if listed is not None else []


def written(document: Document, name: str, values: Sequence[Any]) -> list[TextEdit]:
    """Give a variable these examples, and no others."""
    path = example_path(document, name)
    if values:
        return document.front.set_list(path, values)
    return document.front.remove(path) if document.yaml is not None else []


def changed(document: Document, change: c.AddExample | c.ReplaceExample | c.RemoveExample) -> list[TextEdit]:
    """Add, change or remove one example.

    Raises:
        InvalidInput: the example that is to be changed is not there.
    """
    name = change.name
    values = [item.value for item in example_nodes(document, name)]
    known = [canonical(value) for value in values]
    at = known.index(canonical(change.value)) if canonical(change.value) in known else None
    if isinstance(change, c.AddExample):
        return written(document, name, [*values, change.value]) if at is None else []
    if at is None:
        raise InvalidInput(f"{name} has no example {flow(change.value)[:80]}; somebody may have changed it")
    if isinstance(change, c.RemoveExample):
        return written(document, name, values[:at] + values[at + 1 :])
    taken = canonical(change.to) in known[:at] + known[at + 1 :]
    return written(document, name, [*values[:at], *([] if taken else [change.to]), *values[at + 1 :]])
