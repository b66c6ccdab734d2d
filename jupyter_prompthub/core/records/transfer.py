"""Import and export."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from .base import Input, JsonValue, Name, Record, Tags
from .content import Problem
from .samples import MOST_SAMPLES, NewSample


class ImportItem(Input):
    """One prompt with its versions, oldest first."""

    name: Name
    title: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""
    description: str = Field(default="", max_length=4000)
    tags: Tags = ()
    versions: tuple[ImportVersion, ...] = Field(min_length=1, max_length=1000)
    branches: dict[str, int] = Field(default_factory=dict, max_length=1000)
    """branches that have no version of their own: name -> index into ``versions`` of their head"""
    deployments: dict[str, int] = Field(default_factory=dict)
    """environment -> index into ``versions``"""
    samples: tuple[NewSample, ...] = Field(default=(), max_length=MOST_SAMPLES)


class ImportVersion(Input):
    """One version. The first one of a branch makes the branch, at ``base``: the index of another version of
    the same prompt (None: the head of ``main`` as of then)."""

    text: str
    commit_message: str = Field(default="", max_length=2000)
    branch: str = "main"
    base: int | None = Field(default=None, ge=0)


class ImportRequest(Input):
    """All or nothing, in one transaction. ``on_conflict`` says what to do with a name that exists."""

    items: tuple[ImportItem, ...] = Field(max_length=10_000)
    on_conflict: Literal["fail", "skip", "new_version"] = "fail"

    @classmethod
    def place(cls, path: Sequence[int | str], data: Any) -> str:
        """``support/refund, version 2, text``: a prompt by its name, and what is counted from 1, as people do."""
        if len(path) < 2 or path[0] != "items" or not isinstance(path[1], int):
            return super().place(path, data)
        try:
            name = data["items"][path[1]]["name"]
        except (KeyError, IndexError, TypeError):
            name = None
        said = name[:200] if isinstance(name, str) and name else f"prompt {path[1] + 1} (without a name)"
        inside = item_place(path[2:])
        return f"{said}, {inside}" if inside else said


def item_place(path: Sequence[int | str]) -> str:
    """Where in an :class:`ImportItem`: ``version 2, text``."""
    parts = [str(part) for part in path]
    for at, (many, one) in enumerate(pairwise(path)):
        if many in _COUNTED and isinstance(one, int):
            parts[at : at + 2] = [f"{_COUNTED[str(many)]} {one + 1}"]
            break
    return ", ".join(parts)


_COUNTED = {"versions": "version", "samples": "sample", "tags": "tag"}


class ImportPreviewRequest(Input):
    """What is to be imported, as it is: also items that an import would refuse."""

    items: tuple[dict[str, JsonValue], ...] = Field(max_length=10_000)
    on_conflict: Literal["fail", "skip", "new_version"] = "new_version"
    one_by_one: bool = False
    """each item is to be an import of its own, in this order: as those import several who have no ``workspace:write``"""


class ImportPreviewItem(Record):
    """What an import does with an item, and would do if those before it that are refused were left out.

    ``new``: a new prompt; ``changed``: new versions of one that is there; ``same``: nothing, all is there; ``skipped``:
    nothing, because ``on_conflict`` is ``skip``; ``refused``: it cannot come in, for the reason in ``message``.
    """

    name: str
    state: Literal["new", "changed", "same", "skipped", "refused"]
    message: str = ""
    drafts: tuple[str, ...] = ()
    """as in the report: what would be a draft"""
    problems: tuple[Problem, ...] = ()
    """why"""


class ImportPreview(Record):
    items: tuple[ImportPreviewItem, ...]
    refused: str = ""
    """why the import as a whole would be refused, whatever its items: a permission that the caller does not have"""


class ImportReport(Record):
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    """names (``name@branch`` beside ``main``) whose last text could not become a version (unknown snippet, syntax)
    and is a draft now"""
    problems: dict[str, tuple[Problem, ...]] = Field(default_factory=dict)


class ExportedPrompt(Record):
    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    versions: tuple[ExportedVersion, ...]
    branches: dict[str, int] = Field(default_factory=dict)
    deployments: dict[str, int]
    samples: tuple[NewSample, ...] = ()


class ExportedVersion(Record):
    text: str
    commit_message: str
    branch: str
    base: int | None = None
    """where the branch started, as an import takes it"""
    sha: str
    author: str
    created_at: str


class ExportResponse(Record):
    format: Literal["prompthub export v1"] = "prompthub export v1"
    items: tuple[ExportedPrompt, ...]
