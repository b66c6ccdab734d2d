"""What was run, against what is served now."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Input, Name, Record, Sha


class DriftItem(Input):
    """``version_sha`` is what ran; ``ref`` is what was asked for then."""

    prompt: Name
    """name or id"""
    ref: Name = "latest"
    version_sha: Sha


class DriftQuery(Input):
    items: tuple[DriftItem, ...] = Field(max_length=200)


class DriftState(StrEnum):
    """``same``: the ref still names that version. ``moved``: another one. ``unknown``: another one, and the version
    that ran is not here (it came from another store). ``gone``: nothing has that name or ref any more."""

    SAME = "same"
    MOVED = "moved"
    UNKNOWN = "unknown"
    GONE = "gone"


class Drift(Record):
    """The answer for one item."""

    prompt: str
    """its name now; as it was asked for when it is gone"""
    ref: str
    version_sha: str
    state: DriftState
    prompt_id: str | None = None
    current_sha: str | None = None
    changed: bool = False
    """the ref does not name the version that ran"""
    behind_by: int | None = None
    """versions that the current one has and the one that ran has not; 0 after a rollback"""
    ahead_by: int | None = None
    changes: tuple[str, ...] = ()
    """one line per unit that changed, the first 8"""
    changes_count: int = 0
    breaks: tuple[str, ...] = ()
    """why a caller of the version that ran could not call the current one"""
    reason: str = ""
    """why it is ``gone`` or ``unknown``"""


class DriftList(Record):
    """One for each item, in the order asked."""

    items: tuple[Drift, ...]
