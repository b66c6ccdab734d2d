"""What the decision looks at: plain facts, whoever gathers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..records import Decision, ReviewState, Rules, Verdict

__all__ = ["ROLES", "Approval", "CheckFact", "Held", "Including", "Landing", "Person", "Push"]

ROLES = ("viewer", "engineer", "team_lead", "admin")
"""ascending"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, as the workspace has them now."""

    id: str
    name: str = ""
    role: str | None = None
    """None: no member any more, or disabled"""
    permissions: frozenset[str] = frozenset()
    shared: bool = False
    """everybody whom a Jupyter server lets in, under one identity"""

    def named(self, who: str) -> bool:
        """Whether ``who`` (an id, or ``role:ROLE``) names this person."""
        kind, colon, role = who.partition(":")
        if colon and kind == "role":
            return self.role is not None and role in ROLES and ROLES.index(self.role) >= ROLES.index(role)
        return who == self.id

    @property
    def called(self) -> str:
        """A name for sentences."""
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Held:
    """A protection that holds for the branch."""

    id: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class Approval:
    """The latest word of one reviewer: an approval, or a request for changes."""

    by: Person
    decision: Decision
    digest: str | None


@dataclass(frozen=True, slots=True)
class CheckFact:
    """The newest verdict of one name."""

    name: str
    verdict: Verdict
    digest: str
    by: Person
    suite: str | None = None


@dataclass(frozen=True, slots=True)
class Including:
    """A prompt that includes the snippet under review, and that the merge changes."""

    name: str
    digest: str
    """of what it would be"""
    held: tuple[Held, ...]
    """the protections of its branches"""
    checks: Mapping[str, CheckFact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Push:
    """A branch is to be moved without a review."""

    by: Person
    branch: str
    linear: bool = True
    """it moves forward only, over versions of one parent"""
    creates: bool = False
    """there is no such branch yet"""
    from_reviewed: bool = False
    """a new branch starts in the history of one that needs reviews too"""
    deletes: bool = False


@dataclass(frozen=True, slots=True)
class Landing:
    """A review is to be merged."""

    by: Person
    source: str
    target: str
    state: ReviewState
    digest: str | None
    """of what would be merged; None while conflicts are open"""
    prompt: str = ""
    """the prompt's name"""
    approvals: tuple[Approval, ...] = ()
    authors: frozenset[str] = frozenset()
    """ids of who wrote versions under review or decided conflicts"""
    last_pusher: str | None = None
    checks: Mapping[str, CheckFact] = field(default_factory=dict)
    open_threads: int = 0
    units: frozenset[str] = frozenset()
    """what the merge changes, as :func:`.owners.touched_units` has it"""
    linear: bool = True
    """what the merge adds to the target has one parent each"""
    including: tuple[Including, ...] = ()
    """prompts that include this one, which the merge changes"""
    conflicts: int = 0
    up_to_date: bool = False
