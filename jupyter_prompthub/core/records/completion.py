"""What may stand at a place of a ``.prompt`` text."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Input, Record

CompletionKind = Literal[
    "variable",
    "loop",
    "helper",
    "block",
    "role",
    "snippet",
    "key",
    "type",
    "model",
    "parameter",
    "ref",
    "value",
]


class CompleteText(Input):
    """A text and a place in it. A text without front matter is a template."""

    text: str
    position: int = Field(ge=0)
    """in code points; past the end counts as the end"""
    prompt_id: str | None = None
    """whose text it is: it is not offered to itself as a snippet"""
    cell_line: str | None = None
    """what follows ``%%prompthub``, when the text is such a cell's: without front matter of its own it stands in that
    of the branch head that the line names"""
    explicit: bool = False
    """asked for, not only typed: then something is offered in plain text too"""


class TabStop(Record):
    """A place in an inserted text that is to be filled in, in code points of it."""

    start: int
    end: int


class Completion(Record):
    """One offer. ``insert`` replaces the completion's range; lines after its first are indented as the line of the
    place is. ``stops`` are visited in order."""

    label: str
    kind: CompletionKind
    detail: str = ""
    """a few words: a type, a provider"""
    info: str = ""
    """what it is, in a sentence"""
    insert: str
    stops: tuple[TabStop, ...] = ()


class Completed(Record):
    """What may stand at a place. ``start``..``end`` (code points) is what an offer replaces."""

    start: int
    end: int
    items: tuple[Completion, ...] = ()
    complete: bool = True
    """False: there may be more for a longer word, ask again"""
