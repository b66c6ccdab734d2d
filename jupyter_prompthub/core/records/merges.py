"""Merging: conflicts, resolutions, results (``docs/formats/merge.md``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from ..names import DEFAULT_BRANCH
from .base import Input, Record, Sha
from .changes import Diff, DiffSpan, UnitKind
from .prompts import Version

MergeMode = Literal["auto", "merge", "squash", "fast_forward"]


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


class Marks(Record):
    """What each side made of a text, word by word. Without a base: what it has that the other side has not."""

    ours: tuple[DiffSpan, ...] = ()
    theirs: tuple[DiffSpan, ...] = ()


class ShownConflict(Conflict):
    """A conflict as a person sees it."""

    digest: Sha
    """names it with all that it says: the same as long as no side says something else"""
    marks: Marks = Marks()
    runs: tuple[Marks, ...] = ()
    """of each open run of ``chunks``"""


class ConflictResolution(Input):
    """A person's choice for one conflict: exactly one of ``pick``, ``picks`` and ``text``."""

    id: str = Field(max_length=400)
    pick: Literal["base", "ours", "theirs", "keep"] | None = None
    picks: tuple[Literal["base", "ours", "theirs"], ...] | None = None
    text: str | None = None


class ResultPart(Record):
    """A part of a merge result while conflicts are open: a unit, or a run of text of a message."""

    unit: UnitKind
    path: str
    text: str = ""
    """what is settled; of an open conflict of meaning what it is about, of another one nothing"""
    conflict: str | None = None
    """id of the conflict that is open here, or that was decided so"""
    open: bool = False


class MergeResult(Record):
    """The merged text, or what must be decided first. ``text`` is null while a conflict is open."""

    format: str = "prompthub merge v1"
    text: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    so_far: tuple[ResultPart, ...] = ()
    """while conflicts are open, if it was asked for: the front matter unit by unit, then the messages"""


class MergeQuery(Input):
    """What a merge would come to. ``source`` is any ref, ``target`` a branch."""

    source: str = Field(min_length=1, max_length=200)
    target: str = Field(default=DEFAULT_BRANCH, min_length=1, max_length=200)
    resolutions: tuple[ConflictResolution, ...] = Field(default=(), max_length=500)


class NewMerge(MergeQuery):
    """A merge into ``target``. ``auto`` moves the branch where that will do and else makes a version of two parents;
    ``merge`` always makes one; ``squash`` makes one of a single parent; ``fast_forward`` only moves.

    ``expected_head`` and ``expected_source`` make it a compare-and-set of what was looked at.
    """

    mode: MergeMode = "auto"
    commit_message: str = Field(default="", max_length=2000)
    expected_head: Sha | None = None
    expected_source: Sha | None = None


class NewPick(Input):
    """The change that one version made, made again on ``target`` (or taken back there). ``mainline`` says against which of
    its parents (from 1) a version of several is a change."""

    version: str = Field(min_length=1, max_length=200)
    target: str = Field(default=DEFAULT_BRANCH, min_length=1, max_length=200)
    mainline: int | None = Field(default=None, ge=1)
    resolutions: tuple[ConflictResolution, ...] = Field(default=(), max_length=500)
    commit_message: str = Field(default="", max_length=2000)
    expected_head: Sha | None = None


class MergeState(StrEnum):
    """What came of it. ``ready``: of a query, it could be merged. ``conflicts``: nothing was written; decide them, and ask
    again with ``resolutions``."""

    UP_TO_DATE = "up_to_date"
    FAST_FORWARD = "fast_forward"
    READY = "ready"
    CONFLICTS = "conflicts"
    MERGED = "merged"


class Merge(Record):
    """A merge, or what it would be. ``diff`` is what it brings to the target."""

    state: MergeState
    source_sha: str
    target_sha: str
    """the head before"""
    bases: tuple[str, ...] = ()
    text: str | None = None
    diff: Diff | None = None
    conflicts: tuple[ShownConflict, ...] = ()
    so_far: tuple[ResultPart, ...] = ()
    """while conflicts are open: what is settled, and each open one in its place"""
    version: Version | None = None
    """the head now"""
