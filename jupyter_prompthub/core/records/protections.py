"""Protections: rules on the branches that a pattern names (``docs/protections.md``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Input, Record
from .people import ActorRef

Pattern = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$"),
]
"""``*`` stands for any characters (``/`` too), ``?`` for one, everything else for itself"""

Who = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f]+$")]
"""an actor's id, or ``role:engineer``: everybody who has this role or a higher one"""

CheckName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$"),
]


class RequiredCheck(Input):
    """A check that must have passed on exactly what is merged."""

    name: CheckName
    suite: str | None = Field(default=None, max_length=200)
    """only with evidence from this suite"""
    posted_by: tuple[Who, ...] = Field(default=(), max_length=50)
    """only when one of these posted it; empty: whoever may"""


class OwnerRule(Input):
    """Who must approve changes of some units. A unit is ``segment:ROLE``, ``section:NAME``, ``variable:NAME``,
    ``parameter:NAME``, ``tool:NAME``, ``output:PROPERTY``, ``snippet:NAME``, ``metadata:NAME``, ``model`` or ``text``
    (layout and comments)."""

    name: CheckName
    """what people call the owners: ``legal``"""
    owners: tuple[Who, ...] = Field(min_length=1, max_length=50)
    units: tuple[Pattern, ...] = Field(default=("*",), min_length=1, max_length=50)
    prompts: Pattern = "*"
    approvals: int = Field(default=1, ge=1, le=10)


class Rules(Input):
    """What a branch asks of a change. Left out, a rule asks nothing."""

    approvals: int = Field(default=0, ge=0, le=10)
    approvers: tuple[Who, ...] = Field(default=(), max_length=50)
    """whose approvals count although their role does not have ``review:approve``"""
    exclude_authors: bool = True
    """who wrote any version under review, or decided a conflict of it, cannot approve it"""
    exclude_last_pusher: bool = True
    """who moved the source branch last cannot approve"""
    checks: tuple[RequiredCheck, ...] = Field(default=(), max_length=50)
    owners: tuple[OwnerRule, ...] = Field(default=(), max_length=50)
    conversations_resolved: bool = False
    linear_history: bool = False
    """no version of two parents, and no way back"""
    may_push: tuple[Who, ...] = Field(default=(), max_length=50)
    """who may move the branch without a review; empty: whoever may write. Nobody, where a rule needs a review"""
    may_merge: tuple[Who, ...] = Field(default=(), max_length=50)
    """who may merge a review into it; empty: whoever has ``prompt:merge``"""
    admins_included: bool = True
    """else the rules do not bind admins"""

    @property
    def needs_review(self) -> bool:
        """Whether the branch changes by merging a review only."""
        return bool(self.approvals or self.checks or self.owners or self.conversations_resolved)


class NewProtection(Input):
    """Rules for all branches whose name fits ``branch``, of all prompts whose name fits ``prompts``."""

    prompts: Pattern = "*"
    branch: Pattern = "main"
    rules: Rules = Rules()


class ProtectionPatch(Input):
    """Other patterns, other rules (as a whole), or both."""

    prompts: Pattern | None = None
    branch: Pattern | None = None
    rules: Rules | None = None


class Protection(Record):
    """Rules that hold. Where several protections fit a branch, all of them hold."""

    id: str
    prompts: str
    branch: str
    rules: Rules
    created_by: ActorRef
    updated_by: ActorRef
    updated_at: str


class CoveredQuery(Input):
    """Patterns, as those of a protection."""

    prompts: Pattern = "*"
    branch: Pattern = "main"


class CoveredPrompt(Record):
    """A prompt with those of its branches that fit."""

    id: str
    name: str
    branches: tuple[str, ...]


class Covered(Record):
    """What patterns hold for now: so many prompts and branches, and the first 20 of these prompts by name."""

    prompts: int
    branches: int
    items: tuple[CoveredPrompt, ...] = ()


class ProtectionList(Record):
    """By pattern."""

    items: tuple[Protection, ...] = ()
