"""What decides whether a review may be merged: approvals, checks, and what blocks (``docs/formats/review.md``)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Input, JsonValue, Record, Sha
from .people import ActorRef
from .protections import CheckName


class ReviewState(StrEnum):
    """``draft`` and ``open`` ones go on, ``merged`` is the end, a ``closed`` one can be opened again."""

    DRAFT = "draft"
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


class Decision(StrEnum):
    """What a reviewer says of it."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    COMMENT = "comment"


class Standing(StrEnum):
    """Whether an approval counts, or why not."""

    COUNTS = "counts"
    DISMISSED = "dismissed"
    """what would be merged is not what was approved"""
    AUTHOR = "author"
    """wrote a version under review, or decided a conflict"""
    LAST_PUSHER = "last_pusher"
    SHARED = "shared"
    """the identity of everybody whom a Jupyter server lets in: it cannot show that somebody else looked"""
    NO_RIGHT = "no_right"
    """no member any more, or of a role whose approvals do not count"""


class Verdict(StrEnum):
    """What a check found."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


class BlockCode(StrEnum):
    """Why a branch may not be moved."""

    DRAFT = "draft"
    CLOSED = "closed"
    MERGED = "merged"
    CONFLICTS = "conflicts"
    UP_TO_DATE = "up_to_date"
    REVIEW_NEEDED = "review_needed"
    APPROVALS = "approvals"
    CHANGES_REQUESTED = "changes_requested"
    CHECK_MISSING = "check_missing"
    CHECK_STALE = "check_stale"
    CHECK_FAILED = "check_failed"
    CHECK_SUITE = "check_suite"
    CHECK_POSTER = "check_poster"
    OWNERS = "owners"
    CONVERSATIONS = "conversations"
    LINEAR_HISTORY = "linear_history"
    MAY_PUSH = "may_push"
    MAY_MERGE = "may_merge"
    CREATE = "create"
    DELETE = "delete"


class Block(Record):
    """One reason why not."""

    code: BlockCode
    message: str
    """one sentence: what is missing"""
    protection: str | None = None
    """the id of the protection that asks for it; null: nothing can be merged like that"""


class NewDecision(Input):
    """A reviewer's word. ``digest`` is the review digest of what was looked at; an approval must name it."""

    decision: Decision
    digest: Sha | None = None
    body: str = Field(default="", max_length=20_000)


class ReviewDecision(Record):
    """One reviewer's latest word. ``standing`` is of an approval."""

    by: ActorRef
    decision: Decision
    digest: str | None
    body: str = ""
    at: str
    standing: Standing | None = None


class Evidence(Input):
    """What a verdict rests on, beside content and lock: identifiers or hashes, never contents."""

    suite: str | None = Field(default=None, max_length=200)
    dataset: str | None = Field(default=None, max_length=200)
    judge: str | None = Field(default=None, max_length=200)
    thresholds: dict[str, JsonValue] = Field(default_factory=dict)
    models: tuple[str, ...] = Field(default=(), max_length=50)
    parameters: dict[str, JsonValue] = Field(default_factory=dict)


class NewCheck(Input):
    """A verdict on what a review would merge. ``digest`` is the review digest that it was made for."""

    name: CheckName
    verdict: Verdict
    digest: Sha
    dependent: str | None = Field(default=None, min_length=1, max_length=100)
    """the id of a prompt that includes the snippet under review, when it was made for that; ``digest`` is then that one's"""
    evidence: Evidence = Evidence()
    evidence_digest: Sha | None = None
    """refused where the evidence gives another"""
    url: str | None = Field(default=None, max_length=2000, pattern=r"^https?://[^\x00-\x20\x7f]+$")
    """where the evidence can be looked at"""
    summary: str = Field(default="", max_length=2000)


class Check(Record):
    """The newest verdict of one name."""

    name: str
    verdict: Verdict
    digest: str
    evidence: Evidence
    evidence_digest: str
    url: str | None
    summary: str
    by: ActorRef
    at: str
    stale: bool
    """it was made for something else than what would be merged now"""
    required: bool
