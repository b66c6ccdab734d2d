"""What a template says while it is being typed: tags and scopes of a source that need not parse.

Tags are read by the engine's own lexer; a tag that is not finished, or a block that is not closed, costs only
itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal as OneOf

from .expressions import Call
from .helpers import BLOCKS, INLINE
from .lexer import TagKind, TagToken, tokens
from .nodes import Expression, Literal, Path
from .problems import Places

__all__ = ["ITEM", "Frame", "Loose", "Scope", "Use", "read"]

ITEM = "*"
"""the part of a path that stands for any item of a list"""

Parts = tuple[str, ...]
Hint = OneOf["text", "json", "test", "each", "with", "string", "number", "boolean", "any"]


@dataclass(frozen=True, slots=True)
class Use:
    """A path that leads into the input: its parts from the input on, its place, and what it is used as."""

    path: Parts
    start: int
    end: int
    hint: Hint


@dataclass(frozen=True, slots=True)
class Frame:
    """An open block: its helper, and where its opening tag starts."""

    helper: str
    start: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean at a place. ``contexts``, outermost first: where each leads from the input on, None for
    elsewhere. ``names``: block parameters, the same. ``frames``: the blocks that are open."""

    contexts: tuple[Parts | None, ...] = ((),)
    names: Mapping[str, Parts | None] = field(default_factory=dict)
    frames: tuple[Frame, ...] = ()

    def context(self, up: int = 0) -> Parts | None:
        """Where the context leads that is ``up`` levels further out."""
        index = len(self.contexts) - 1 - up
        return self.contexts[index] if index >= 0 else None

    def resolve(self, path: Path) -> Parts | None:
        """The path from the input on; None where it leads elsewhere."""
        base: Parts | None
        if path.data:
            base, parts = (() if path.parts[:1] == ("root",) else None), path.parts[1:]
        elif not path.scoped and path.parts and path.parts[0] in self.names:
            base, parts = self.names[path.parts[0]], path.parts[1:]
        else:
            base, parts = self.context(path.up), path.parts
        if base is None:
            return None
        return (*base, *(ITEM if part.isascii() and part.isdigit() else part for part in parts))


@dataclass(frozen=True, slots=True)
class Loose:
    """A source read leniently. Offsets count in the whole text."""

    tags: tuple[TagToken, ...]
    """places count from ``offset``"""
    offset: int
    uses: tuple[Use, ...]
    _scopes: tuple[tuple[int, Scope], ...]

    def scope(self, at: int) -> Scope:
        """What names mean at ``at``: after the last whole tag that ends there or before."""
        index = bisect_right(self._scopes, at, key=lambda pair: pair[0]) - 1
        return self._scopes[index][1] if index >= 0 else Scope()

    @property
    def open(self) -> tuple[Frame, ...]:
        """The blocks that are open at the end."""
        return self._scopes[-1][1].frames if self._scopes else ()


def _moved(scope: Scope, call: Call) -> tuple[Parts | None, ...]:
    """The contexts inside a block that ``call`` opens in ``scope``."""
    if call.name not in ("each", "with") or not call.params:
        return scope.contexts
    value = call.params[0]
    path = scope.resolve(value) if isinstance(value, Path) else None
    if path is not None and call.name == "each":
        path = (*path, ITEM)
    return (*scope.contexts, path)


def _inside(scope: Scope, call: Call, frames: tuple[Frame, ...]) -> Scope:
    contexts = _moved(scope, call)
    names = dict(scope.names)
    for name, path in zip(call.names, (contexts[-1], None), strict=False):
        names[name] = path
    return Scope(contexts, names, frames)


def _literal_hint(values: Sequence[Expression]) -> Hint:
    """What a value is compared with."""
    for value in values:
        if isinstance(value, Literal) and value.value is not None:
            kinds: dict[type, Hint] = {bool: "boolean", str: "string", int: "number", float: "number"}
            return kinds[type(value.value)]
    return "any"


def _hints(token: TagToken, call: Call) -> Iterator[tuple[Expression, Hint]]:
    for _, value in call.args:
        yield value, "any"
    if token.kind is TagKind.OUTPUT and call.name not in INLINE:
        if call.head is not None and call.name not in BLOCKS:
            yield call.head, "text"
        return
    hint: Hint = "any"
    if token.kind is TagKind.OUTPUT:
        hint = "text" if call.name == "section" else "json"
    elif call.name in ("each", "with"):
        hint = "each" if call.name == "each" else "with"
    elif call.name in ("if", "unless"):
        hint = "test"
    elif call.name in BLOCKS:
        hint = _literal_hint(call.params)
    for value in call.params:
        yield value, hint


def _after(token: TagToken, call: Call, scope: Scope, outer: list[Scope], start: int) -> Scope:
    """The scope after a tag; ``outer`` is the stack of those around the open blocks."""
    if token.kind is TagKind.OPEN:
        outer.append(scope)
        return _inside(scope, call, (*scope.frames, Frame(call.name, start)))
    if token.kind is TagKind.ELSE and outer:
        return _inside(outer[-1], call, scope.frames)
    if token.kind is TagKind.CLOSE and outer:
        depth = next(
            (index for index in reversed(range(len(outer))) if scope.frames[index].helper == call.name), None
        )
        if depth is not None:
            scope = outer[depth]
            del outer[depth:]
    return scope


@lru_cache(maxsize=16)
def read(source: str, offset: int = 0) -> Loose:
    """Read a template that need not parse. Never raises.

    Args:
        source: the template.
        offset: where it starts in the whole text.
    """
    items, _ = tokens(source, Places(source, offset, 1))
    uses: list[Use] = []
    scope = Scope()
    outer: list[Scope] = []
    scopes = [(offset, scope)]
    tags = tuple(item for item in items if isinstance(item, TagToken))
    for token in tags:
        call = token.call
        if call is None:
            continue
        around = outer[-1] if token.kind is TagKind.ELSE and outer else scope
        for value, hint in _hints(token, call):
            if isinstance(value, Path) and (path := around.resolve(value)) is not None:
                uses.append(Use(path, value.start, value.end, hint))
        scope = _after(token, call, scope, outer, token.start + offset)
        scopes.append((token.end + offset, scope))
    return Loose(tags, offset, tuple(uses), tuple(scopes))
