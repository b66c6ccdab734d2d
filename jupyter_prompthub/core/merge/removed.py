"""What one side removed and the new text of the other names: tools, and properties of the answer and of inputs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from ..promptfile import Document
from ..records import Cause, Conflict, Side, UnitKind
from ..shapes import Shape, declared
from ..template.loose import ITEM, read
from .causes import Count, Versions, brought, conflict, counted, first_left, other
from .values import units_of

__all__ = ["removed"]

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Something that a prompt has, and that its text may name: the paths in a document, where the text names one of
    them, and the unit that holds it on a side."""

    check: str
    kind: UnitKind
    called: str
    has: Callable[[Document], Collection[_Path]]
    count: Callable[[_Path], Count]
    unit: Callable[[_Path, Side], str]


def removed(versions: Versions, result: Document) -> Iterator[Conflict]:
    """The conflicts ``tool_removed`` and ``property_removed``."""
    for kind in (_tools(versions), _output(), _input(versions)):
        now = kind.has(result)
        for path in kind.has(versions.base):
            # what is gone with the whole that it was a part of is not listed for itself; the items of a list have no name
            if path not in now and path[-1] != ITEM and (len(path) == 1 or path[:-1] in now):
                yield from _named(versions, result, kind, path)


def _named(versions: Versions, result: Document, kind: _Kind, path: _Path) -> Iterator[Conflict]:
    count = kind.count(path)
    name = ".".join(part for part in path if part != ITEM)
    what = f"{kind.called} {name}"
    for side in Side:
        remover = other(side)
        if path in kind.has(versions.side(remover)) or path not in kind.has(versions.side(side)):
            continue
        if sum(count(result).values()) <= sum(count(versions.side(remover)).values()):
            continue  # it names no more than the side that removed it left
        new = brought(versions, side, count, f"names {name}")
        causes = [
            *first_left(versions, side, new, count, f"names {name}"),
            Cause(side=remover, path=kind.unit(path, remover), label=f"removed {what}"),
        ]
        label = f"{what}: removed on one side, named by new text of the other"
        start = {UnitKind.OUTPUT: "output/schema"}.get(kind.kind, kind.kind.value)
        yield conflict(kind.check, kind.kind, f"{start}/{name}", label, causes)


def _tools(versions: Versions) -> _Kind:
    def has(document: Document) -> list[_Path]:
        units = units_of(document.content)
        return [(unit.removeprefix("tool/"),) for unit in units if unit.startswith("tool/")]

    names = {path[0] for document in versions.all for path in has(document)}
    longest = sorted(names, key=lambda name: (-len(name), name))
    word = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])")

    def count(path: _Path) -> Count:
        # as a word, and not as a part of another tool's name
        return lambda document: {
            index: word.findall(segment.source).count(path[0])
            for index, segment in enumerate(document.content.segments)
        }

    return _Kind("tool_removed", UnitKind.TOOL, "tool", has, count, lambda path, _: f"tool/{path[0]}")


def _output() -> _Kind:
    def has(document: Document) -> list[_Path]:
        output = document.content.output
        return list(_members(declared(output.schema_ if output is not None else None)))

    def count(path: _Path) -> Count:
        quoted = f'"{path[-1]}"'
        return lambda document: {
            index: segment.source.count(quoted) for index, segment in enumerate(document.content.segments)
        }

    def unit(path: _Path, _: Side) -> str:
        return "output/schema" if path[0] == ITEM else f"output/schema/{path[0]}"

    return _Kind("property_removed", UnitKind.OUTPUT, "output property", has, count, unit)


def _input(versions: Versions) -> _Kind:
    """Properties of declared objects; the first part of a path is the variable's name in the base."""

    def has(document: Document) -> list[_Path]:
        return [
            (versions.old(variable.name), *path)
            for variable in document.content.variables
            if variable.declared
            for path in [(), *_members(declared(variable.schema_))]
        ]

    def count(path: _Path) -> Count:
        if len(path) == 1:
            return lambda document: {}  # a variable itself is looked at as such
        names = versions.names(path[0])

        def uses(document: Document) -> Counter[int]:
            found = read(document.template.source, document.template.offset).uses
            starts = (
                use.start
                for use in found
                if names.intersection(use.path[:1]) and use.path[1 : len(path)] == path[1:]
            )
            return counted(document, starts)

        return uses

    def unit(path: _Path, side: Side) -> str:
        return f"variable/{versions.renames[side].get(path[0], path[0])}"

    return _Kind("property_removed", UnitKind.VARIABLE, "input property", has, count, unit)


def _members(shape: Shape) -> Iterator[_Path]:
    """The paths of all properties of a shape, those of a list's items too."""
    for part, inner in [*shape.properties.items(), *([(ITEM, shape.item)] if shape.item is not None else [])]:
        yield (part,)
        yield from ((part, *path) for path in _members(inner))
