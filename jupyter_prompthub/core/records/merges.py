"""Merging: conflicts, resolutions, results (``docs/formats/merge.md``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from .base import Input, Record
from .changes import UnitKind


class Side(StrEnum):
    """One of the two that are merged."""

    OURS = "ours"
    THEIRS = "theirs"


class ConflictKind(StrEnum):
    """What both sides did."""

    VALUE = "value"
    RENAMED = "renamed"
    ADDED = "added"
    REMOVED = "removed"
    ORDER = "order"
    TEXT = "text"
    SEMANTIC = "semantic"


class MergeChunk(Record):
    """A run of merged lines: ``text``, or, where it is open, the lines of the three sides."""

    text: str | None = None
    base: str = ""
    ours: str = ""
    theirs: str = ""


class Cause(Record):
    """What one side did, of the two things that do not go together."""

    side: Side
    path: str
    label: str


class Conflict(Record):
    """One unit that a person must decide."""

    id: str
    kind: ConflictKind
    unit: UnitKind
    path: str
    label: str
    base: str | None = None
    ours: str | None = None
    theirs: str | None = None
    chunks: tuple[MergeChunk, ...] = ()
    check: str | None = None
    causes: tuple[Cause, ...] = ()


class ConflictResolution(Input):
    """A person's choice for one conflict: exactly one of ``pick``, ``picks`` and ``text``."""

    id: str = Field(max_length=400)
    pick: Literal["base", "ours", "theirs", "keep"] | None = None
    picks: tuple[Literal["base", "ours", "theirs"], ...] | None = None
    text: str | None = None


class MergeResult(Record):
    """The merged text, or what must be decided first. ``text`` is null while a conflict is open."""

    format: str = "prompthub merge v1"
    text: str | None = None
    conflicts: tuple[Conflict, ...] = ()
