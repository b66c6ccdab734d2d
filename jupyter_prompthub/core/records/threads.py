"""Conversations of a review, anchored to units of what is under review."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from .base import Input, Record, Sha
from .people import ActorRef

Body = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S")]
_Mention = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Anchor(Record):
    """A place in a content: a unit, and in a segment also a range of its source (code points)."""

    path: str
    start: int | None = None
    end: int | None = None


class NewComment(Input):
    """What somebody says. ``suggestion`` replaces the anchored words (or the whole message) when it is applied; ``mentions``
    are actor ids, beside the ``@name`` in the text."""

    body: Body
    suggestion: str | None = Field(default=None, max_length=100_000)
    mentions: tuple[_Mention, ...] = Field(default=(), max_length=50)


class NewThread(NewComment):
    """Begin a conversation: about a unit of a version (the source's head unless said); without ``path``, about all of it.

    With ``digest`` the place is in the merge result of that review digest, as the review shows it.
    """

    path: str | None = Field(default=None, min_length=1, max_length=300)
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)
    version: Sha | None = None
    digest: Sha | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("expected start and end, or neither")
        if self.start is not None and self.path is None:
            raise ValueError("a range needs a path")
        if self.digest is not None and self.version is not None:
            raise ValueError("expected version or digest, not both")
        return self


class ThreadPatch(Input):
    """Resolve it, or open it again."""

    resolved: bool


class CommentPatch(Input):
    """Other words for one's own comment."""

    body: Body


class ApplySuggestion(Input):
    """Save what a comment suggests as a version of the source branch."""

    commit_message: str = Field(default="", max_length=2000)
    expected_head: Sha | None = None


class Comment(Record):
    """One contribution."""

    id: str
    by: ActorRef
    body: str
    suggestion: str | None
    applied_sha: str | None
    """the version that the suggestion became"""
    mentions: tuple[ActorRef, ...]
    at: str
    edited_at: str | None


class Thread(Record):
    """A conversation. ``anchor`` is where its place is now, in the source's head; null when that is gone (``outdated``), and
    for one about the whole review. ``shown`` is the same place in what the review shows: its ``text``."""

    id: str
    anchor: Anchor | None
    shown: Anchor | None
    outdated: bool
    version_sha: str
    """what was looked at"""
    original: Anchor | None
    """the place there"""
    quote: str
    """the words that were there"""
    resolved_by: ActorRef | None
    resolved_at: str | None
    comments: tuple[Comment, ...]


class ThreadQuery(Input):
    """``cursor``: what the page before said."""

    limit: int = Field(default=200, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=100)


class ThreadList(Record):
    """Oldest first."""

    items: tuple[Thread, ...] = ()
    next_cursor: str | None = None
