"""The prompts that include a snippet, and what a change of it does to them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Input, Record
from .decisions import Check


class DependentsQuery(Input):
    """``cursor``: the name of the last prompt of the page before."""

    limit: int = Field(default=100, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=200)


class DependentsPreview(DependentsQuery):
    """A change of the snippet: to ``text``, else to the version ``after`` (any ref; a branch's draft is given as text)."""

    text: str | None = Field(default=None, max_length=200_000)
    after: str = Field(default="latest", min_length=1, max_length=200)


class Effect(StrEnum):
    """``unchanged``: what it sends stays the same; ``changed``; ``breaks``: it would not resolve, or its callers break."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    BREAKS = "breaks"


class Dependent(Record):
    """One version that is current somewhere and includes the snippet."""

    prompt_id: str
    name: str
    title: str
    version_sha: str
    branches: tuple[str, ...] = ()
    """whose head it is"""
    environments: tuple[str, ...] = ()
    """that serve it now"""
    direct: bool
    """False: only through other snippets"""
    ref: str | None = None
    """as its front matter says; None where it is not direct"""
    snippet_sha: str
    """the version of the snippet that its lock has"""
    effect: Effect | None = None
    """of a previewed change, once its lock is renewed; None in a plain list"""
    reasons: tuple[str, ...] = ()
    """why it breaks, a sentence each"""


class DependentList(Record):
    """By name. ``prompts`` counts all that depend on it, on this page and others."""

    items: tuple[Dependent, ...] = ()
    prompts: int = 0
    next_cursor: str | None = None


class ReviewDependentsQuery(Input):
    """``cursor``: the name of the last prompt of the page before."""

    limit: int = Field(default=20, ge=1, le=20)
    cursor: str | None = Field(default=None, max_length=200)


class ReviewDependent(Dependent):
    """One version that includes the snippet under review, and what the merge does to it once its lock is renewed."""

    digest: str | None = None
    """what a check for it is bound to; null where the merge changes nothing there"""
    required: tuple[str, ...] = ()
    """checks that the protections of its branches ask for: the review needs them"""
    checks: tuple[Check, ...] = ()
    """the newest of each name"""
    before: str | None = None
    """its template with all snippets in their places, as its lock has them, 100,000 characters at most; only in the page"""
    after: str | None = None
    """the same with the merge result"""
    cut: bool = False


class ReviewDependentPage(Record):
    """By name. ``prompts`` counts all that include it, on this page and others."""

    items: tuple[ReviewDependent, ...] = ()
    prompts: int = 0
    next_cursor: str | None = None
