"""The library as a whole: its folders, and changes of many prompts at once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Input, Name, Record, Tags
from .prompts import PromptFilter

MOST_CHANGED = 500
"""prompts that one bulk change holds: the writer is free for others after each"""

PromptId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Folder = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\s]*$")]


class FolderCount(Record):
    """A folder that holds prompts itself. ``path`` ends with a slash; the top is empty."""

    path: str
    prompts: int
    """in the folder itself, not in folders of it"""


class FolderList(Record):
    """All folders that hold a matching prompt, by path, and how many prompts there are in all."""

    items: tuple[FolderCount, ...]
    total: int


class PromptIds(Record):
    """The ids of matching prompts in their order, at most 10,000."""

    ids: tuple[str, ...]


class PositionQuery(PromptFilter):
    """``name``: a name or its beginning."""

    name: str = Field(min_length=1, max_length=200)


class Position(Record):
    """``position``: how many matching prompts come before ``name`` in the order of names."""

    position: int
    name: str | None = None
    """the one that stands there: ``name`` itself, or the next one; None at the end"""


class BulkItem(Input):
    """One prompt of a bulk change, and what it alone gets. None leaves a field as it is.

    ``name_before``: it gets ``name`` only if this is what it is called now; else it is refused.
    """

    id: PromptId
    name: Name | None = None
    name_before: Name | None = None
    add_tags: Tags = ()
    remove_tags: Tags = ()
    archived: bool | None = None


class BulkChange(Input):
    """The same change of many prompts. What one of them refuses is reported, and the others are changed.

    ``folder`` moves them there, under the last part of their names; with ``from_folder``, what follows that folder
    in their names is kept (a folder is renamed so).
    """

    items: tuple[BulkItem, ...] = Field(min_length=1, max_length=MOST_CHANGED)
    add_tags: Tags = ()
    remove_tags: Tags = ()
    archived: bool | None = None
    folder: Folder | None = None
    from_folder: Folder | None = None


class BulkFailure(Record):
    id: str
    name: str = ""
    code: str
    message: str


class BulkReport(Record):
    """``undo`` are the items that take back what the change did, and nothing that others did since."""

    changed: int = 0
    unchanged: int = 0
    failed: tuple[BulkFailure, ...] = ()
    undo: tuple[BulkItem, ...] = ()


class Duplicate(Input):
    """A copy of a prompt. ``name``: None makes one (``support/refund-copy``)."""

    name: Name | None = None
