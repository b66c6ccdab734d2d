"""What all formats share: a prompt in parts, the list of losses, and refusals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..canonical import loads_strict
from ..errors import InvalidInput, TooLarge
from ..frontmatter import split
from ..lines import Span
from ..names import check_name, slugify
from ..picowrite import property_text
from ..promptfile import MAX_TEXT
from ..records import ImportVersion, JsonValue, Loss, NewSample, RefusedItem
from ..records.samples import MOST_SAMPLES
from ..yamltree import Node, YamlProblem, parse_yaml
from ..yamlwrite import block

__all__ = [
    "MAX_FILE",
    "NO_TEXT",
    "Losses",
    "Parts",
    "Turn",
    "Wanted",
    "bounded",
    "expect",
    "json_of",
    "kind_of",
    "name_for",
    "samples_of",
    "tags_of",
    "version_of",
    "yaml_of",
]

MAX_FILE = 4 * 1024 * 1024
"""characters of a file"""
NO_TEXT = "no text; it is left out"
_TAG = re.compile(r"\w[\w.:/-]{0,63}")


class Losses:
    """What does not carry over, in order.

    Args:
        into: what it is carried into, in the words of a message.
    """

    def __init__(self, into: str = "PromptHub") -> None:
        self.items: list[Loss] = []
        self.bad: list[RefusedItem] = []
        self._into = into

    def add(self, place: str, message: str) -> None:
        """Say what became of the thing at ``place``."""
        found = Loss(place=place, message=message)
        if found not in self.items:
            self.items.append(found)

    def left_out(self, place: str, names: Iterable[str]) -> None:
        """Members that nothing here has a place for."""
        for name in names:
            self.add(
                f"{place}.{name}" if place else name, f"{self._into} has no place for it; it is left out"
            )


@dataclass(slots=True)
class Turn:
    """A message of a template: ``role`` is one of ours, or ``history``; ``source`` is in our language."""

    role: str
    source: str = ""


@dataclass(slots=True)
class Parts:
    """A prompt that was read, before it is a text."""

    turns: list[Turn] = field(default_factory=list)
    model: str | None = None
    config: dict[str, JsonValue] = field(default_factory=dict)
    properties: dict[str, dict[str, JsonValue]] = field(default_factory=dict)
    """JSON Schemas of the inputs, by name"""
    optional: set[str] = field(default_factory=set)
    defaults: dict[str, JsonValue] = field(default_factory=dict)
    examples: dict[str, list[JsonValue]] = field(default_factory=dict)
    output_format: str | None = None
    output_schema: dict[str, JsonValue] | None = None
    tools: list[JsonValue] = field(default_factory=list)
    metadata: dict[str, JsonValue] = field(default_factory=dict)
    samples: list[NewSample] = field(default_factory=list)

    def text(self) -> str:
        """The ``.prompt`` text."""
        front = block(self._front())
        if len(self.turns) == 1 and self.turns[0].role == "user":
            body = f"{self.turns[0].source}\n"
        else:
            body = "".join(
                "{{history}}\n" if turn.role == "history" else f'{{{{role "{turn.role}"}}}}\n{turn.source}\n'
                for turn in self.turns
            )
        cut = split(body)
        if (
            front or cut.yaml is not None or cut.unclosed is not None
        ):  # else its own first lines would be read as that
            return f"---\n{front}---\n{body}"
        return body

    def _front(self) -> dict[str, Any]:
        inputs: dict[str, Any] = {"schema": self._schema()} if self.properties else {}
        if self.defaults:
            inputs["default"] = self.defaults
        if self.examples:
            inputs["examples"] = self.examples
        output: dict[str, Any] = {"format": self.output_format} if self.output_format else {}
        if self.output_schema:
            output["schema"] = self.output_schema
        front: dict[str, Any] = {
            "model": self.model,
            "config": self.config,
            "input": inputs,
            "output": output,
            "tools": self.tools,
            **self.metadata,
        }
        return {name: value for name, value in front.items() if value not in (None, {}, [])}

    def _schema(self) -> dict[str, Any]:
        """Picoschema where it can say everything, else JSON Schema."""
        made = {}
        try:
            for name, schema in self.properties.items():
                if name in ("type", "properties") or re.search(r"[?(,]", name):
                    raise InvalidInput("not in picoschema")
                plain = {key: value for key, value in schema.items() if key != "description"}
                about = str(schema.get("description") or "")
                if "\n" in about or about != about.strip():
                    raise InvalidInput("not in picoschema")
                key, value = property_text(name, plain, required=name not in self.optional, description=about)
                made[key] = value
        except InvalidInput:
            required = [name for name in self.properties if name not in self.optional]
            return {"type": "object", "properties": self.properties, "required": required}
        return made


@dataclass(frozen=True, slots=True)
class Wanted:
    """A version that is to be written."""

    name: str
    text: str
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    commit_message: str = ""
    samples: tuple[NewSample, ...] = ()
    snippets: Mapping[str, str] = field(default_factory=dict)
    """the texts of all snippets, by name, as the version's lock has them"""


def kind_of(value: object) -> str:
    """What a value is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    names: dict[type, str] = {str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")


def expect(value: Any, kind: type, place: str, expected: str) -> Any:
    """``value``, if it is of that kind.

    Raises:
        InvalidInput: what was got and expected, and where.
    """
    if not isinstance(value, kind):
        raise InvalidInput(f"{place}: expected {expected}, got {kind_of(value)}", details={"place": place})
    return value


def bounded(text: str) -> None:
    """Refuse a file that is too large.

    Raises:
        TooLarge: more than :data:`MAX_FILE` characters.
    """
    if len(text) > MAX_FILE:
        raise TooLarge(
            f"the file has {len(text)} characters; at most {MAX_FILE} can be read. Split it.",
            details={"limit": MAX_FILE},
        )


def json_of(text: str) -> Any:
    """Strict JSON.

    Raises:
        InvalidInput: not JSON, a key twice, NaN, too deep; the message says where.
    """
    bounded(text)
    return loads_strict(text.encode("utf-8", "surrogatepass"))


def yaml_of(text: str, part: Span | None = None) -> Node | None:
    """YAML without anchors, aliases and tags, as a tree with places.

    Args:
        part: where in the file's text it stands; None: all of it.

    Raises:
        InvalidInput: with line and column of the file.
    """
    bounded(text)
    where = part or Span(0, len(text))
    try:
        return parse_yaml(text[where.start : where.end])
    except YamlProblem as problem:
        at = where.start + problem.start
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        raise InvalidInput(
            f"line {line}, column {column}: {problem.message}", details={"line": line, "column": column}
        ) from problem


def name_for(path: str) -> str:
    """A prompt's name from a file's path, which is only words here: ``..`` and a leading ``/`` mean nothing."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if parts:
        stem, dot, _ = parts[-1].rpartition(".")
        parts[-1] = stem if dot and stem else parts[-1]
    plain = "/".join(parts)
    try:
        return check_name(plain)
    except InvalidInput:
        return slugify(plain)


def tags_of(value: Any, place: str, losses: Losses) -> tuple[str, ...]:
    """The tags that may be some here."""
    made: list[str] = []
    for at, tag in enumerate(value if isinstance(value, list) else []):
        plain = re.sub(r"\s+", "-", tag.strip()) if isinstance(tag, str) else ""
        if not _TAG.fullmatch(plain):
            losses.add(f"{place}[{at}]", "no tag here can be called that; it is left out")
        elif plain not in made:
            made.append(plain)
    if value is not None and not isinstance(value, list):
        losses.add(place, f"expected a list of tags, got {kind_of(value)}; it is left out")
    return tuple(made)


def samples_of(rows: Iterable[tuple[str, str, dict[str, JsonValue]]], losses: Losses) -> list[NewSample]:
    """Sample inputs of ``(place, name, inputs)``, with names that differ, up to as many as a prompt may have."""
    made: dict[str, NewSample] = {}
    for place, wanted, inputs in rows:
        if len(made) >= MOST_SAMPLES:
            losses.add(
                place,
                f"a prompt keeps at most {MOST_SAMPLES} sample inputs; this and those after it are left out",
            )
            break
        plain = re.sub(r"[\x00-\x1f\x7f]+", " ", wanted).strip()[:90] or f"sample {len(made) + 1}"
        name, number = plain, 1
        while name in made:
            number += 1
            name = f"{plain} {number}"
        made[name] = NewSample(name=name, inputs=inputs)
    return list(made.values())


def version_of(parts: Parts, message: str) -> ImportVersion:
    """The version that parts make.

    Raises:
        InvalidInput: no message is left.
        TooLarge: a prompt cannot be that long.
    """
    if not parts.turns:
        raise InvalidInput("no message has a text: expected one at least")
    text = parts.text()
    if len(text) > MAX_TEXT:
        raise TooLarge(
            f"a prompt of {len(text)} characters; at most {MAX_TEXT} are allowed. Shorten it, or split it into snippets.",
            details={"limit": MAX_TEXT},
        )
    return ImportVersion(text=text, commit_message=message[:2000])
