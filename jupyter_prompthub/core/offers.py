"""What completion has to offer from: a workspace's library, and the words of the format itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from .records import Completion, ModelInfo, TabStop
from .records.completion import CompletionKind

__all__ = ["CONFIG", "EMPTY", "TOP", "TYPES", "Library", "Ref", "SnippetName", "offer"]


@dataclass(frozen=True, slots=True)
class SnippetName:
    """A prompt that can be included."""

    name: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """A ref of a prompt."""

    name: str
    kind: Literal["latest", "environment", "tag", "branch"]


class Library(Protocol):
    """A workspace as completion asks it: only for what the place needs."""

    def snippets(self, word: str, limit: int) -> Sequence[SnippetName]:
        """Prompts that have ``word`` in their names, those that begin with it first; at most ``limit``."""

    def refs(self, name: str) -> Sequence[Ref]:
        """The refs of a prompt; none for one that is not there."""

    def models(self) -> Sequence[ModelInfo]:
        """Models that can be asked for, those that are ready first."""


class _Empty:
    def snippets(self, word: str, limit: int) -> Sequence[SnippetName]:
        del word, limit
        return ()

    def refs(self, name: str) -> Sequence[Ref]:
        del name
        return ()

    def models(self) -> Sequence[ModelInfo]:
        return ()


EMPTY: Library = _Empty()
"""no workspace: only what the text and the format say"""

TOP = {
    "model": ("model: ", "the model that answers, as connection/model"),
    "config": ("config:\n  ", "model settings such as temperature"),
    "input": ("input:\n  schema:\n    ", "variables with their types, and their defaults"),
    "output": ("output:\n  format: ", "what an answer must look like"),
    "tools": ("tools:\n  - ", "what the model may call"),
    "snippets": ("snippets:\n  ", "the refs of included prompts"),
}
"""the front matter's fields: what to write, and what they are"""

CONFIG = {
    "temperature": ("number", "0 repeats itself, higher varies more"),
    "max_tokens": ("integer", "the most tokens that an answer may have"),
    "top_p": ("number", "draws only from the likeliest tokens that sum up to this probability"),
    "top_k": ("integer", "draws only from this many likeliest tokens"),
    "stop": ("list", "texts that end an answer"),
    "seed": ("integer", "makes answers repeatable, where the provider can"),
    "presence_penalty": ("number", "-2 to 2: above 0 favours new subjects"),
    "frequency_penalty": ("number", "-2 to 2: above 0 favours words not said yet"),
    "reasoning_effort": ("text", "how long a reasoning model thinks: low, medium, high"),
    "response_format": ("mapping", "asks the provider for a form of answer"),
}
"""model settings: type, and what they do"""

TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "any number",
    "boolean": "true or false",
    "any": "any value",
    "null": "nothing",
}
"""picoschema's types"""


def offer(
    label: str, kind: CompletionKind, insert: str | None = None, *, detail: str = "", info: str = ""
) -> Completion:
    """One offer; ``«word»`` in ``insert`` is a place to fill in.

    Args:
        label: what is listed.
        kind: what it is.
        insert: what is written; without it, the label as it is.
        detail: a few words beside the label.
        info: a sentence about it.
    """
    if insert is None:
        return Completion(label=label, kind=kind, detail=detail, info=info, insert=label)
    text, stops = "", []
    for index, part in enumerate(insert.replace("»", "«").split("«")):
        if index % 2:
            stops.append(TabStop(start=len(text), end=len(text) + len(part)))
        text += part
    return Completion(label=label, kind=kind, detail=detail, info=info, insert=text, stops=tuple(stops))
