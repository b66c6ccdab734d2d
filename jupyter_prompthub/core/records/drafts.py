"""Drafts, and the checking of their text."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from .base import Input, JsonValue, Name, Record
from .changes import Diff
from .content import Content, Problem, Rendered, Tool, Variable
from .people import ActorRef
from .places import Include, NamePlace, OutlineItem


class Draft(Record):
    """The draft of (prompt, branch): what its room holds."""

    prompt_id: str
    branch: str
    base_sha: str | None
    head_sha: str | None
    behind: int = 0
    """versions on the branch since ``base_sha``"""
    dirty: bool = False
    """holds edits that are not saved as a version"""
    text: str
    text_hash: str
    editors: tuple[ActorRef, ...] = ()
    updated_at: str | None = None
    problems: tuple[Problem, ...] = ()
    kept_at: str | None = None
    """when a text was last kept before it was replaced (restore, update, put, undo): ``undo`` brings it back"""


class Incoming(Record):
    """What a draft would take from its branch head, and what it holds itself, both since the draft's base."""

    base_sha: str | None
    head_sha: str | None
    behind: int = 0
    theirs: Diff
    """from the base to the head: what an update brings"""
    mine: Diff | None
    """from the base to the draft: the edits that an update replaces (and keeps for undo); None while the draft
    does not parse"""
    both: tuple[str, ...] = ()
    """paths of the units that were changed on both sides"""
    merges: bool = False
    """an update with ``merge`` gives a text that has both"""


class SaveDraft(Input):
    """Save what the room holds as a version. ``text_hash`` refuses when the room moved on. ``expected_head``
    saves on a head that is not the draft's base: for who has looked at it and means it. ``new_branch`` saves on a branch
    of that name, which is made where the draft began; the draft stays as it is."""

    commit_message: str = Field(default="", max_length=2000)
    text_hash: str | None = None
    expected_head: str | None = None
    new_branch: Name | None = None


class PutDraft(Input):
    """Make ``text`` the draft's text (what was there is kept)."""

    text: str = Field(max_length=2 * 1024 * 1024)


class UpdateDraft(Input):
    """Take the branch head. Where there are unsaved edits, ``merge`` brings both together, and ``force`` replaces them; the
    text before is kept."""

    force: bool = False
    merge: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.force and self.merge:
            raise ValueError("expected force or merge, got both")
        return self


class RestoreDraft(Input):
    """Replace the draft's text by a version's, as one undoable step (the state before is kept)."""

    version: str


class CheckText(Input):
    """A text to check, and optionally to render: what the editor sends, debounced."""

    text: str
    prompt_id: str | None = None
    inputs: dict[str, JsonValue] | None = None
    """None: do not render"""


class Checked(Record):
    """``content`` is None when the text does not parse; ``rendered`` None when not asked for, or when
    the inputs do not fit (then ``problems`` says so)."""

    content: Content | None = None
    text_hash: str
    problems: tuple[Problem, ...] = ()
    variables: tuple[Variable, ...] = ()
    """with the ones that snippets bring in"""
    tools: tuple[Tool, ...] = ()
    rendered: Rendered | None = None
    outline: tuple[OutlineItem, ...] = ()
    """also of a text that does not parse"""
    places: tuple[NamePlace, ...] = ()
    includes: tuple[Include, ...] = ()
    """the snippets that the text names, in order"""
