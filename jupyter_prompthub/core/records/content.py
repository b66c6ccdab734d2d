"""What one version says, and what rendering makes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from .base import JsonValue, Record


class TextEdit(Record):
    """Replace ``start``..``end`` (code points) of a text by ``text``."""

    start: int
    end: int
    text: str


class Fix(Record):
    """One way to mend a problem: edits of the very text that was checked."""

    title: str
    edits: tuple[TextEdit, ...]


class Problem(Record):
    """One thing wrong (or worth knowing) in a ``.prompt`` text, with its place."""

    severity: Literal["error", "warning", "info"] = "error"
    code: str
    message: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    start: int = 0
    end: int = 0
    fixes: tuple[Fix, ...] = ()
    """the likeliest first; only where a text is checked for an editor"""


class SegmentKind(StrEnum):
    """``message``: one role's part; ``history``: a top-level ``{{history}}``;
    ``block``: an opaque block that holds a role marker or history inside."""

    MESSAGE = "message"
    HISTORY = "history"
    BLOCK = "block"


class Segment(Record):
    """One role's part of the template's *source* (not rendered text)."""

    kind: SegmentKind = SegmentKind.MESSAGE
    role: str = "user"
    source: str = ""


class Variable(Record):
    """A named, typed hole. ``schema_`` is its JSON Schema; ``type`` a short display name
    (``string``, ``integer``, ``number``, ``boolean``, ``array``, ``object``, ``enum``, ``any``)."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    name: str
    type: str = "string"
    required: bool = True
    description: str = ""
    default: JsonValue = None
    has_default: bool = False
    examples: tuple[JsonValue, ...] = ()
    """values to try it with, as its author gave them"""
    declared: bool = True
    schema_: dict[str, JsonValue] = Field(default_factory=dict, alias="schema")


class Tool(Record):
    """A tool as a model is told of it. ``schema_`` is the JSON Schema of what it takes; None: none is given."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    name: str
    description: str = ""
    is_defined: bool = True
    """False for one that is only named: models are not told of it"""
    schema_: dict[str, JsonValue] | None = Field(default=None, alias="schema")
    problem: str | None = None
    """why its schema is neither picoschema nor JSON Schema; models are sent it as it is written"""


class OutputSpec(Record):
    """What an answer must look like. ``schema_`` is a JSON Schema."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    format: str | None = None
    schema_: dict[str, JsonValue] | None = Field(default=None, alias="schema")


class Content(Record):
    """What one version says. Maps are sorted by key where they are hashed."""

    segments: tuple[Segment, ...] = ()
    variables: tuple[Variable, ...] = ()
    model: str | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    tools: tuple[JsonValue, ...] = ()
    output: OutputSpec | None = None
    snippets: dict[str, str] = Field(default_factory=dict)
    """snippet name -> ref, for every snippet that the template includes"""
    metadata: dict[str, JsonValue] = Field(default_factory=dict)
    """front-matter fields that are not ours (kept, hashed, diffed as one unit each)"""


class TextPart(Record):
    type: Literal["text"] = "text"
    text: str


class MediaPart(Record):
    type: Literal["media"] = "media"
    url: str
    content_type: str | None = None


class DataPart(Record):
    """Any other part of a history message (tool request or response, data), passed through."""

    type: Literal["data"] = "data"
    data: JsonValue


Part = Annotated[TextPart | MediaPart | DataPart, Field(discriminator="type")]


class Message(Record):
    """One rendered message. ``role`` is ``system``, ``user``, ``model`` or ``tool``."""

    role: str
    content: tuple[Part, ...] = ()
    metadata: dict[str, JsonValue] = Field(default_factory=dict)


class Rendered(Record):
    """The result of rendering: messages, and warnings such as an unused input."""

    messages: tuple[Message, ...]
    warnings: tuple[Problem, ...] = ()
    rendered_hash: str = ""
    """SHA-256 of ``prompthub rendered v1\\0`` + canonical JSON of the messages"""
