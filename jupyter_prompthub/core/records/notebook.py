"""Notebooks: what their files keep of prompts, and what is put into them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import JsonValue, Record


class PromptOutput(Record):
    """The metadata ``prompthub`` of an output (``docs/notebook.md``): which version the cell ran."""

    format: Literal[1] = 1
    kind: Literal["run", "use", "save"]
    reference: str
    """as the cell has it: ``support/refund@production``"""
    prompt: str
    """the prompt's name"""
    prompt_id: str
    ref: str
    """what was asked for: ``production``, ``latest``, a branch (of ``%%prompthub``), a SHA"""
    version_sha: str | None
    """what ran; None when it was the cell's own text"""
    base_sha: str | None = None
    """for the cell's own text: the branch head as of then"""
    content_hash: str | None = None
    text_hash: str | None = None
    """of the text that ran: the version's, or the cell's own"""
    lock: dict[str, str] = Field(default_factory=dict)
    locked: bool = False
    """``ref`` was taken from a ``prompts.lock``"""
    rendered_hash: str | None = None
    execution_id: str | None = None
    model: str | None = None
    at: str
    """when, UTC"""


class NotebookFile(Record):
    """A notebook in the Jupyter format, and what its file is called."""

    name: str
    content: dict[str, JsonValue]


class CellCopy(Record):
    """A version as a notebook cell that runs it."""

    reference: str
    text: str
