"""YAML as a tree with positions, safe to read from anyone.

Front matter is read through this tree only: no anchors, aliases or tags; bounded size, depth and number of
nodes; duplicate keys, NaN, infinities and integers that JSON cannot hold are refused. Plain scalars follow
the core schema of YAML 1.2 (``yes`` is text, a date is text). Offsets are code points into the text given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

__all__ = ["Entry", "Node", "YamlProblem", "parse_yaml"]

MAX_SIZE = 64 * 1024
MAX_NODES = 10_000
MAX_DEPTH = 32

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAX_INT = 2**53 - 1


class YamlProblem(Exception):
    """What is wrong in a YAML text, and where: ``start`` and ``end`` are offsets into it."""

    def __init__(self, code: str, message: str, start: int, end: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = start if end is None else end


@dataclass(slots=True)
class Entry:
    """One ``key: value`` of a mapping."""

    key: Node
    value: Node

    @property
    def name(self) -> str:
        """The key as text (``1: x`` has the key ``"1"``)."""
        return self.key.text


@dataclass(slots=True)
class Node:
    """One node: where it stands, how it is written, what it says."""

    kind: Literal["scalar", "map", "seq"]
    start: int
    end: int
    column: int
    """0-based column of ``start``"""
    flow: bool = False
    """written in ``{}`` or ``[]``"""
    style: str | None = None
    """of a scalar: None (plain), ``'``, ``"``, ``|``, ``>``"""
    text: str = ""
    """of a scalar: its text, unquoted"""
    scalar: Any = None
    """of a scalar: its value"""
    entries: list[Entry] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    @property
    def value(self) -> Any:
        """The plain value: None, bool, int, float, str, list, dict."""
        if self.kind == "map":
            return {entry.name: entry.value.value for entry in self.entries}
        if self.kind == "seq":
            return [item.value for item in self.items]
        return self.scalar

    def get(self, name: str) -> Entry | None:
        """The entry of that key, if this is a mapping that has it."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def at(self, *path: str) -> Node | None:
        """The node that nested keys lead to."""
        node: Node = self
        for name in path:
            entry = node.get(name)
            if entry is None:
                return None
            node = entry.value
        return node


def _scalar(event: ScalarEvent) -> Any:
    text: str = event.value
    start, end = event.start_mark.index, event.end_mark.index
    if "\0" in text:
        raise YamlProblem("yaml_value", "a NUL character; remove it", start, end)
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise YamlProblem("yaml_value", "half a character (a lone surrogate); remove it", start, end)
    if event.style is not None:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        digits = text.lstrip("+-")
        base = {"0o": 8, "0x": 16}.get(digits[:2], 10)
        if len(digits) > 24 or (number := int(text, base)) > _MAX_INT or number < -_MAX_INT:
            raise YamlProblem(
                "yaml_value", f"the integer {text[:40]} is too large (beyond 2**53); quote it", start, end
            )
        return number
    if _NOT_FINITE.fullmatch(text):
        raise YamlProblem(
            "yaml_value", f"{text} is no number that JSON can hold; quote it or give another", start, end
        )
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise YamlProblem("yaml_value", f"the number {text[:40]} is too large; quote it", start, end)
        return value
    return text


class _Builder:
    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._count = 0

    def _next(self) -> Event:
        event = next(self._events)
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, AliasEvent):
            raise YamlProblem(
                "yaml_alias", "aliases (*name) are not allowed; write the value out", start, end
            )
        if isinstance(event, ScalarEvent | CollectionStartEvent):
            self._count += 1
            if self._count > MAX_NODES:
                raise YamlProblem("yaml_limit", f"more than {MAX_NODES} YAML nodes", start, end)
            if event.anchor is not None:
                raise YamlProblem(
                    "yaml_alias", "anchors (&name) are not allowed; write the value out", start, end
                )
            if event.ctag is not None:
                raise YamlProblem("yaml_tag", "tags (!name) are not allowed; write a plain value", start, end)
        return event

    def node(self, depth: int, event: Event | None = None) -> Node:
        event = event or self._next()
        mark = event.start_mark
        if depth > MAX_DEPTH:
            raise YamlProblem("yaml_limit", f"YAML nested deeper than {MAX_DEPTH} levels", mark.index)
        if isinstance(event, ScalarEvent):
            return Node(
                "scalar",
                mark.index,
                event.end_mark.index,
                mark.column,
                style=event.style,
                text=event.value,
                scalar=_scalar(event),
            )
        flow = bool(event.flow_style) if isinstance(event, CollectionStartEvent) else False
        if isinstance(event, SequenceStartEvent):
            made = Node("seq", mark.index, mark.index, mark.column, flow=flow)
            while not isinstance(event := self._next(), SequenceEndEvent):
                made.items.append(self.node(depth + 1, event))
            last = made.items[-1].end if made.items else mark.index
        elif isinstance(event, MappingStartEvent):
            made = Node("map", mark.index, mark.index, mark.column, flow=flow)
            seen: set[str] = set()
            while not isinstance(event := self._next(), MappingEndEvent):
                key = self.node(depth + 1, event)
                if key.kind != "scalar":
                    raise YamlProblem("yaml_key", "a key must be plain text", key.start, key.end)
                if key.text in seen:
                    raise YamlProblem(
                        "yaml_duplicate", f"the key {key.text!r} stands twice", key.start, key.end
                    )
                seen.add(key.text)
                made.entries.append(Entry(key, self.node(depth + 1)))
            last = made.entries[-1].value.end if made.entries else mark.index
        else:
            raise YamlProblem("yaml", f"unexpected {type(event).__name__}", mark.index)
        # a block collection "ends" where the next token starts; we want its last own character
        made.end = event.end_mark.index if flow else last
        return made


class _Yaml(YAML):
    def official_plug_ins(self) -> list[str]:
        """None: they are looked for on the disk, anew for every text."""
        return []


def _events(text: str) -> Iterator[Event]:
    yaml = _Yaml(typ="safe", pure=True)
    return iter(yaml.parse(text))


def parse_yaml(text: str) -> Node | None:
    """The tree of one YAML document; None for nothing but blanks and comments.

    Raises:
        YamlProblem: not YAML, or YAML that is refused here.
    """
    if len(text) > MAX_SIZE:
        raise YamlProblem("yaml_limit", f"more than {MAX_SIZE // 1024} KiB of YAML", MAX_SIZE, len(text))
    for bad in re.finditer(r"^%", text, re.MULTILINE):
        raise YamlProblem("yaml", "a directive (%) is not allowed", bad.start(), bad.end())
    try:
        events = _events(text)
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise YamlProblem(
                        "yaml", "a second YAML document; one is expected", event.start_mark.index
                    )
                root = _Builder(events).node(0)
    except ReaderError as error:
        at = text.find("\0") if error.character == 0 else int(error.position or 0)
        raise YamlProblem("yaml", "a character that YAML does not allow; remove it", at, at + 1) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = str(error.problem or error.context or "not valid YAML")
        if error.context and error.problem:
            message = f"{error.problem} ({error.context})"
        raise YamlProblem("yaml", message, mark.index if mark else 0) from error
    except YAMLError as error:
        raise YamlProblem("yaml", f"not valid YAML: {error}", 0) from error
    except (RecursionError, ValueError) as error:
        raise YamlProblem("yaml", f"not valid YAML: {error}", 0) from error
    if root is not None and root.kind == "scalar" and root.scalar is None and root.start == root.end:
        return None
    return root
