"""The difference of two contents."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from .base import Record


class UnitKind(StrEnum):
    SEGMENT = "segment"
    VARIABLE = "variable"
    MODEL = "model"
    PARAMETER = "parameter"
    TOOL = "tool"
    OUTPUT = "output"
    SNIPPET = "snippet"
    METADATA = "metadata"


class ChangeOp(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RENAMED = "renamed"


class DiffSpan(Record):
    """A run of text: in both (``equal``), only before (``delete``), only after (``insert``)."""

    op: Literal["equal", "delete", "insert"]
    text: str


class UnitChange(Record):
    """One operation on one unit. ``before`` and ``after`` are the unit's source text (a segment)
    or its YAML (anything else); None where the unit does not exist. A segment may be moved and
    changed at once: then ``op`` is ``moved`` and ``spans`` tell the change."""

    op: ChangeOp
    unit: UnitKind
    path: str
    """unit path in the newer content (in the older for ``removed``), e.g. ``segment/2/user``, ``variable/order``"""
    path_before: str | None = None
    label: str
    """one plain line for people: ``variable order: now required``"""
    role: str | None = None
    position_before: int | None = None
    position_after: int | None = None
    before: str | None = None
    after: str | None = None
    spans: tuple[DiffSpan, ...] = ()


class Diff(Record):
    """An ordered list of operations that turns ``base`` into ``head``."""

    format: Literal["prompthub diff v1"] = "prompthub diff v1"
    changes: tuple[UnitChange, ...] = ()
    text_only: bool = False
    """the contents are equal, but the texts differ (layout, comments)"""


class ContractBreak(Record):
    """One unit on which callers of the older contract rely, and that the newer one does not keep."""

    unit: UnitKind
    """``variable``, ``tool`` or ``output``"""
    name: str
    """of the variable or tool; ``format``, or the dotted name of a property, of the output"""
    path: str
    reason: str
    label: str
    """one plain line for people: ``variable order: required now``"""


class Compatibility(Record):
    """Whether callers of the older contract can call the newer one (``docs/formats/compatibility.md``)."""

    compatible: bool = True
    reasons: tuple[str, ...] = ()
    """the labels of ``breaks``"""
    breaks: tuple[ContractBreak, ...] = ()
