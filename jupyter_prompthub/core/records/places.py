"""What stands where in a ``.prompt`` text: its outline, and the places of its names. Offsets count code points."""

from __future__ import annotations

from typing import Literal

from .base import Record


class OutlineItem(Record):
    """One heading of a text's outline. ``level`` is 1 for front matter and segments, more inside of them."""

    kind: Literal["front_matter", "message", "history", "block", "section", "snippet", "variable"]
    title: str
    level: int
    start: int
    line: int


class NamePlace(Record):
    """Where the name of a variable or of a snippet stands, in front matter or template."""

    kind: Literal["variable", "snippet"]
    name: str
    start: int
    end: int


class Include(Record):
    """A snippet that a text names, and what it is now. ``prompt_id`` is None where there is none of that name."""

    name: str
    ref: str
    prompt_id: str | None = None
    branch: str | None = None
    """where to edit it: the branch that ``ref`` names, else the default one"""
    sha: str | None = None
    """the version that would be included"""
