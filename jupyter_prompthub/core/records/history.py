"""A prompt's history: as a graph, by what its texts say, and unit by unit."""

from __future__ import annotations

from pydantic import Field

from .base import Input, Record
from .changes import UnitKind
from .prompts import VersionSummary


class GraphQuery(Input):
    """``branch``: only what its head (or any ref) came from."""

    branch: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=100, ge=1, le=500)
    cursor: str | None = Field(default=None, max_length=20_000, pattern=r"^[0-9a-z.-]*$")


class GraphLine(Record):
    """From a lane to another one, in half a row; ``lane`` gives it its colour."""

    top: int
    bottom: int
    lane: int


class GraphNode(Record):
    """A version in its lane, and the lines in the half above and the half below it."""

    version: VersionSummary
    lane: int
    above: tuple[GraphLine, ...] = ()
    below: tuple[GraphLine, ...] = ()


class GraphPage(Record):
    """Newest first: every version stands before all that it came from. ``lanes`` are in use at most on this page."""

    items: tuple[GraphNode, ...] = ()
    lanes: int = 0
    next_cursor: str | None = None


class TextChangeQuery(Input):
    """Which versions brought ``text`` or took it away (as it is written, upper and lower case alike)."""

    text: str = Field(min_length=1, max_length=400)
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=40)


class TextChange(Record):
    """A version in which a text stands ``after`` times, and ``before`` times in its (first) parent."""

    version: VersionSummary
    before: int
    after: int


class TextChangePage(Record):
    """Newest first. A page looks at a bounded number of versions: it may be short, or empty, and still have a next one."""

    items: tuple[TextChange, ...] = ()
    looked_at: int = 0
    next_cursor: str | None = None


class BlameQuery(Input):
    ref: str = Field(default="latest", min_length=1, max_length=200)


class BlameLine(Record):
    text: str
    sha: str
    """the version that brought it"""


class BlameUnit(Record):
    """A unit, and the version that brought it as it is. ``lines`` are those of a segment."""

    unit: UnitKind
    path: str
    sha: str
    lines: tuple[BlameLine, ...] = ()


class Blame(Record):
    """Every unit of a version. ``versions`` are those that are named, newest first."""

    sha: str
    units: tuple[BlameUnit, ...] = ()
    versions: tuple[VersionSummary, ...] = ()
    complete: bool = True
    """False: the history was too long; the oldest version that is named stands for all before it"""
