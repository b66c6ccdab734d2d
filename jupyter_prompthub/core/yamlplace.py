"""Where a place in front matter is that need not be YAML yet: in which mapping, at a key or at a value.

A scan of lines and brackets, for completion only; what front matter *says* is read by ``yamltree``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["ITEM", "YamlPlace", "place"]

ITEM = "-"
"""the part of a path that stands for an item of a list"""

_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s?:,\[\]{}\#&*!|>'"%@`-](?:(?!\s\#)[^\n])*?|-(?=\S)[^\n]*?)[ \t]*:(?=[ \t]|$)"""
)
_INDENT = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class YamlPlace:
    """``path``: the keys around the place, the value's own key last where ``slot`` is ``value``."""

    path: tuple[str, ...]
    slot: Literal["key", "value"]
    start: int
    """where the word begins that the place is in"""
    quote: str = ""
    """the quote that is open"""
    flow: bool = False
    keys: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    """the keys of every mapping, by its path"""

    @property
    def siblings(self) -> list[str]:
        """The keys that the mapping at ``path`` has."""
        return self.keys.get(self.path, [])


class _Scan:
    def __init__(self, yaml: str, at: int) -> None:
        self.yaml, self.at = yaml, at
        self.keys: dict[tuple[str, ...], list[str]] = {}
        self.found: YamlPlace | None = None
        self.stack: list[tuple[float, str]] = []
        """indentation and key of the lines around"""
        self.flow: list[tuple[str, str]] = []
        """bracket and present key of the brackets around"""
        self.quote = ""
        self.word = 0
        self.valued = False
        """in brackets: behind a colon"""

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(key for _, key in self.stack)

    def _add(self, path: tuple[str, ...], key: str) -> None:
        self.keys.setdefault(path, []).append(_unquoted(key))

    def _here(
        self, path: tuple[str, ...], slot: Literal["key", "value"], start: int, quote: str = ""
    ) -> None:
        self.found = YamlPlace(path, slot, start, quote, bool(self.flow), self.keys)

    def _pop(self, indent: float) -> None:
        while self.stack and self.stack[-1][0] >= indent:
            self.stack.pop()

    def run(self) -> YamlPlace | None:
        scalar: float | None = None
        for start, line in _lines(self.yaml):
            end = start + len(line)
            mine = start <= self.at <= end
            indent = len(_INDENT.match(line)[0])  # type: ignore[index]
            body = line[indent:]
            if self.flow:
                self._brackets(start, line)
                continue
            if scalar is not None and (not body or indent > scalar):
                if mine and body:
                    return None
                if not mine or self.at - start > scalar:
                    continue
            scalar = None
            if not body or body.startswith("#"):
                if mine and not body:
                    self._pop(self.at - start)
                    self._here(self.path, "key", self.at)
                continue
            scalar = self._line(start, indent, body, mine)
        return self.found

    def _line(self, start: int, indent: float, body: str, mine: bool) -> float | None:
        """Read one line of block style; the indentation of a block scalar that it begins."""
        at = start + int(indent)
        while body == "-" or body.startswith("- "):
            while self.stack and self.stack[-1][0] > indent:
                self.stack.pop()
            self.stack.append((indent + 0.5, ITEM))
            skipped = 2 + len(_INDENT.match(body, 2)[0]) if len(body) > 1 else 1  # type: ignore[index]
            at, indent, body = at + skipped, indent + skipped, body[skipped:]
        if not (self.stack and self.stack[-1] == (indent - 2.0 + 0.5, ITEM)):
            self._pop(indent)
        match = _KEY.match(body)
        if match is None:
            self._value(at, body, mine)
            return None
        key = match[1]
        self._add(self.path, key)
        if mine and self.at <= at + len(key):
            self._here(self.path, "key", at if self.at >= at else self.at)
            return None
        self.stack.append((indent, _unquoted(key)))
        rest = body[match.end() :]
        blank = len(_INDENT.match(rest)[0])  # type: ignore[index]
        value = rest[blank:]
        if value[:1] in ("|", ">"):
            return indent
        self._value(at + match.end() + blank, value, mine and self.at >= at + match.end())
        return None

    def _value(self, start: int, text: str, mine: bool) -> None:
        if text[:1] in ("[", "{"):
            self._brackets(start, text)
            return
        if not mine:
            return
        before = text[: max(0, self.at - start)]
        if re.search(r"(?:^|\s)#", before):
            return
        quote = text[:1] if text[:1] in ('"', "'") else ""
        if quote and self.at > start:
            self._here(self.path, "value", start + 1, quote)
            return
        slot: Literal["key", "value"] = "value"
        if not self.stack or (self.stack[-1][1] != ITEM and self._own_line(start)):
            slot = "key"
        self._here(self.path, slot, min(start, self.at))

    def _own_line(self, start: int) -> bool:
        """Whether only blanks stand before ``start`` on its line: a word there begins a key."""
        line = self.yaml.rfind("\n", 0, start) + 1
        return not self.yaml[line:start].strip()

    def _flow_path(self) -> tuple[str, ...]:
        inner = [key for bracket, key in self.flow[:-1] if bracket == "{" or key == ITEM]
        return (*self.path, *inner)

    def _brackets(self, start: int, text: str) -> None:
        """Read brackets, which may go on over lines."""
        for index, char in enumerate(text):
            here = start + index
            if here == self.at and self.found is None and self.flow:
                self._in_brackets()
            if self.quote:
                self.quote = "" if char == self.quote else self.quote
            elif char in "\"'" and not self.yaml[self.word : here].strip():
                self.quote, self.word = char, here + 1
            elif char == "#" and (index == 0 or text[index - 1] in " \t"):
                return
            elif char in "[{":
                self.flow.append((char, ITEM if char == "[" else ""))
                self.word, self.valued = here + 1, char == "["
            elif char in "]}":
                if self.flow:
                    self.flow.pop()
                if not self.flow:
                    return
                self.valued = True
            elif char == ",":
                if not self.flow:
                    return
                self.word, self.valued = here + 1, self.flow[-1][0] == "["
            elif (
                char == ":"
                and text[index + 1 : index + 2] in ("", " ", "\t")
                and not self.valued
                and self.flow
            ):
                key = self.yaml[self.word : here].strip().strip("\"'")
                self._add(self._flow_path(), key)
                self.flow[-1] = ("{", _unquoted(key))
                self.word, self.valued = here + 1, True
        if start + len(text) == self.at and self.found is None and self.flow:
            self._in_brackets()

    def _in_brackets(self) -> None:
        path = self._flow_path()
        typed = self.yaml[self.word : self.at]
        begin = self.at - len(typed.lstrip()) if not self.quote else self.word
        if self.valued:
            self._here((*path, self.flow[-1][1]), "value", begin, self.quote)
        else:
            self._here(path, "key", begin, self.quote)


def _unquoted(key: str) -> str:
    return key[1:-1] if len(key) > 1 and key[0] == key[-1] and key[0] in "\"'" else key


def _lines(yaml: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in yaml.split("\n"):
        yield start, line.removesuffix("\r")
        start += len(line) + 1


def place(yaml: str, at: int) -> YamlPlace | None:
    """Where ``at`` is in ``yaml``; None in a comment, a block scalar, or where nothing can be said. Never raises."""
    return _Scan(yaml, at).run()
