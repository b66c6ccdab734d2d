"""Fixes of examples: values of another type than their variable's, and of variables that are not there."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from .contract import mismatch, variables_of
from .examples import example_nodes, example_path
from .fixtext import FixText
from .records import Fix, Problem
from .yamlwrite import flow

__all__ = ["as_list", "no_variable", "wrong_type"]


def as_list(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Put a value that stands alone into a list."""
    here, listed = text.yaml, text.root.at("input", "examples") if text.root is not None else None
    for entry in listed.entries if listed is not None else ():
        value = entry.value.value
        if here is not None and here.start + entry.value.start == problem.start:
            edits = here.set(("input", "examples", entry.name), [value])
            yield Fix(title="Put it into a list", edits=tuple(edits))


def wrong_type(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Write the example as a value of the type, where one reads like it; or remove it."""
    document, here = text.document, text.yaml
    if document is None or here is None:
        return
    for variable in variables_of(document):
        nodes = example_nodes(document, variable.name)
        at = next((i for i, item in enumerate(nodes) if here.start + item.start == problem.start), None)
        if at is None:
            continue
        path = example_path(document, variable.name)
        for value in _readings(nodes[at].value):
            if mismatch(variable, value) is None:
                yield Fix(title=f"Change to {flow(value)[:40]}", edits=tuple(here.put_item(path, at, value)))
                break
        yield Fix(title="Remove this example", edits=tuple(here.remove_item(path, at)))
        return


def _readings(value: Any) -> Iterator[Any]:
    """What else a value may have been meant to be."""
    if isinstance(value, str):
        with suppress(ValueError):
            yield json.loads(value)
        yield value.strip()
        yield value.strip().lower()
    elif isinstance(value, bool | int | float):
        yield json.dumps(value)
    yield [value]


def no_variable(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The variable that was likely meant, or no examples."""
    document, here = text.document, text.yaml
    if document is None or here is None:
        return
    names = [
        name for name in document.examples if document.keys["input", "examples", name].start == problem.start
    ]
    for name in names:
        known = [one.name for one in document.content.variables if one.name not in document.examples]
        for other in difflib.get_close_matches(name, known, n=1, cutoff=0.6):
            path = ("input", "examples", name)
            yield Fix(title=f"Change to {other}", edits=tuple(here.rename(path, other)))
        yield Fix(
            title=f"Remove the examples of {name}", edits=tuple(here.remove(("input", "examples", name)))
        )
