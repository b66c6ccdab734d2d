"""Where front matter ends and the template begins, and what the front matter's fields say."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .errors import InvalidInput
from .lines import Span
from .names import LATEST, check_ref
from .records import OutputSpec
from .yamltree import Node

__all__ = [
    "EXAMPLE_LIST",
    "FIELDS",
    "SETTINGS",
    "Fields",
    "Finding",
    "Split",
    "key_spans",
    "opens_front_matter",
    "read_fields",
    "split",
]

# dotprompt's own rule, and lenient where it finds no front matter at all: an empty block, none after it
_OPENING = re.compile(r"\ufeff?(?:(?:#[^\r\n]*|[ \t]*)(?:\r\n|\r|\n))*---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_FIRST_KEY = re.compile(r"\s*(?:#[^\r\n]*\s*)*[\w.-]+[ \t]*:(?:\s|\Z)")

EXAMPLE_LIST = "example_list"
FIELDS = ("model", "config", "input", "output", "tools", "snippets")
# the fields that content is made of; all others are metadata
_KNOWN = frozenset(
    {*FIELDS, "name", "variant", "version", "description", "title", "tags", "toolDefs", "ext", "raw"}
)
SETTINGS = frozenset(
    {"temperature", "max_tokens", "maxOutputTokens", "top_p", "topP", "top_k", "topK", "stop", "seed"}
    | {"stopSequences", "presence_penalty", "frequency_penalty"}
)


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a ``.prompt`` text, as offsets into it."""

    yaml: Span | None
    """the YAML between the ``---`` lines, its last line end included; None without front matter"""
    body: Span
    """all that follows the front matter"""
    template: Span
    """the body; with front matter, without blanks around it (as dotprompt has it)"""
    unclosed: Span | None = None
    """a ``---`` that looks like front matter and is never closed"""


def split(text: str) -> Split:
    """Cut a ``.prompt`` text into front matter and template. Never fails."""
    bom = 1 if text.startswith("\ufeff") else 0
    whole = Span(bom, len(text))
    opening = _OPENING.match(text)
    if opening is None:
        return Split(None, whole, whole)
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        looks_like_it = _FIRST_KEY.match(text, opening.end())
        start = text.index("---")
        return Split(None, whole, whole, Span(start, start + 3) if looks_like_it else None)
    start, end = closing.end(), len(text)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Split(
        Span(opening.end(), closing.start()),
        Span(closing.end(), len(text)),
        Span(start, end),
    )


def opens_front_matter(text: str) -> int | None:
    """Where front matter begins that is being typed and not closed yet; None where there is none."""
    opening = _OPENING.match(text)
    if opening is None or _CLOSING.search(text, opening.end()) is not None:
        return None
    first = text[opening.end() :].lstrip()
    return opening.end() if not first or _FIRST_KEY.match(text, opening.end()) or "\n" not in first else None


@dataclass(slots=True)
class Finding:
    """Something wrong at ``start``..``end`` of the YAML."""

    code: str
    message: str
    start: int
    end: int
    severity: str = "error"


@dataclass(slots=True)
class Fields:
    """What the front matter says, before the template is looked at."""

    model: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    input_schema: Any = None
    """as written: picoschema or JSON Schema"""
    defaults: dict[str, Any] = field(default_factory=dict)
    examples: dict[str, list[Any]] = field(default_factory=dict)
    output_format: str | None = None
    output_schema: Any = None
    tools: list[Any] = field(default_factory=list)
    snippets: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def output(self, schema: dict[str, Any] | None) -> OutputSpec | None:
        """The output as a record, with ``schema`` for the one as written."""
        if self.output_format is None and schema is None:
            return None
        return OutputSpec(format=self.output_format, schema=schema)


def _called(node: Node) -> str:
    value = node.value
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    kind = {bool: "true or false", int: "a number", float: "a number"}.get(type(value), "text")
    return f"{kind} ({node.text[:40]})"


class _Reader:
    def __init__(self, root: Node) -> None:
        self.fields = Fields()
        self.root = root

    def _finding(self, node: Node, code: str, message: str, severity: str = "error") -> None:
        self.fields.findings.append(
            Finding(code, message, node.start, max(node.end, node.start + 1), severity)
        )

    def _expect(self, node: Node, name: str, expected: str, ok: bool) -> bool:
        if not ok and node.value is not None:
            self._finding(node, "front_matter_type", f"{name}: expected {expected}, got {_called(node)}")
        return ok

    def _map(self, node: Node, name: str) -> list[tuple[str, Node]]:
        if not self._expect(node, name, "a mapping (key: value)", node.kind == "map"):
            return []
        return [(entry.name, entry.value) for entry in node.entries]

    def _text(self, node: Node, name: str) -> str | None:
        ok = isinstance(node.value, str)
        return node.text if self._expect(node, name, "text", ok) else None

    def model(self, node: Node) -> None:
        text = self._text(node, "model")
        self.fields.model = text.strip() if text and text.strip() else None

    def config(self, node: Node) -> None:
        self.fields.parameters = {name: value.value for name, value in self._map(node, "config")}

    def input(self, node: Node) -> None:
        for name, value in self._map(node, "input"):
            if name == "schema":
                if self._expect(value, "input.schema", "a schema", isinstance(value.value, str | dict)):
                    self.fields.input_schema = value.value
            elif name == "default":
                self.fields.defaults = {key: item.value for key, item in self._map(value, "input.default")}
            elif name == "examples":
                self.examples(value)
            else:
                self.fields.metadata[f"input.{name}"] = value.value

    def examples(self, node: Node) -> None:
        for name, value in self._map(node, "input.examples"):
            if value.items:
                self.fields.examples[name] = [item.value for item in value.items]
            elif value.kind != "seq" and value.value is not None:
                said = f"input.examples.{name}: expected a list of values, got {_called(value)}"
                self._finding(value, EXAMPLE_LIST, said)

    def output(self, node: Node) -> None:
        for name, value in self._map(node, "output"):
            if name == "schema":
                if self._expect(value, "output.schema", "a schema", isinstance(value.value, str | dict)):
                    self.fields.output_schema = value.value
            elif name == "format":
                self.fields.output_format = self._text(value, "output.format")
            else:
                self.fields.metadata[f"output.{name}"] = value.value

    def tools(self, node: Node) -> None:
        if not self._expect(node, "tools", "a list", node.kind == "seq"):
            return
        seen: set[str] = set()
        for item in node.items:
            value = item.value
            name = value.get("name") if isinstance(value, dict) else value
            if not isinstance(name, str) or not name:
                self._finding(
                    item,
                    "front_matter_type",
                    "a tool: expected its name, or a mapping with a name, got " + _called(item),
                )
            elif name in seen:
                self._finding(item, "tool_duplicate", f"the tool {name!r} is listed twice; keep one")
            else:
                seen.add(name)
                self.fields.tools.append(value)

    def snippets(self, node: Node) -> None:
        for name, value in self._map(node, "snippets"):
            if not self._expect(
                value, f"snippets.{name}", 'a ref such as "@production"', isinstance(value.value, str)
            ):
                self.fields.snippets[name] = LATEST
                continue
            ref = value.text.strip().removeprefix("@")
            try:
                self.fields.snippets[name] = check_ref(ref)
            except InvalidInput as error:
                self._finding(value, "snippet_ref", f"snippets.{name}: {error.message}")

    def other(self, key: Node, name: str, value: Node) -> None:
        self.fields.metadata[name] = value.value
        if name in _KNOWN or "." in name:
            return
        if name in SETTINGS:
            advice = "model settings stand under config:"
            self._finding(key, "front_matter_unknown", f"{name}: {advice}; here it has no effect", "warning")
        elif close := difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.75):
            self._finding(key, "front_matter_unknown", f"{name}: did you mean {close[0]}?", "warning")

    def read(self) -> Fields:
        if self.root.kind != "map":
            message = f"front matter: expected a mapping (key: value), got {_called(self.root)}"
            self._finding(self.root, "front_matter_type", message)
            return self.fields
        readers = {
            "model": self.model,
            "config": self.config,
            "input": self.input,
            "output": self.output,
            "tools": self.tools,
            "snippets": self.snippets,
        }
        for entry in self.root.entries:
            if read := readers.get(entry.name):
                read(entry.value)
            else:
                self.other(entry.key, entry.name, entry.value)
        return self.fields


def read_fields(root: Node) -> Fields:
    """What the tree says; what is wrong in it is in ``findings``, never raised."""
    return _Reader(root).read()


def key_spans(root: Node, offset: int) -> Iterator[tuple[tuple[str, ...], Span]]:
    """Path and place of every key in the tree, shifted by ``offset``."""
    stack: list[tuple[tuple[str, ...], Node]] = [((), root)]
    while stack:
        path, node = stack.pop()
        for entry in node.entries:
            here = (*path, entry.name)
            yield here, Span(entry.key.start + offset, entry.key.end + offset)
            stack.append((here, entry.value))
        stack.extend(((*path, str(index)), item) for index, item in enumerate(node.items))
