"""Reviews: a source branch, a target branch, and all that decides whether one is merged into the other."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from ..names import DEFAULT_BRANCH
from .base import Input, Record, Sha, Title
from .changes import Compatibility, Diff, DiffSpan
from .decisions import Block, Check, ReviewDecision, ReviewState
from .dependents import ReviewDependent
from .merges import ConflictResolution, MergeMode, MergeState, ResultPart, ShownConflict
from .people import ActorRef
from .prompts import Page, PageQuery, VersionSummary

ActorId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


def _one_line(title: object) -> object:
    return re.sub(r"\s*[\x00-\x1f\x7f\x85\u2028\u2029]+\s*", " ", title) if isinstance(title, str) else title


ReviewTitle = Annotated[Title, BeforeValidator(_one_line)]
"""one line: what breaks it is a blank"""


class NewReview(Input):
    """Ask to merge ``source`` into ``target``, both branches. Without a title it is that of the newest version."""

    source: str = Field(min_length=1, max_length=200)
    target: str = Field(default=DEFAULT_BRANCH, min_length=1, max_length=200)
    title: ReviewTitle | None = None
    description: str = Field(default="", max_length=20_000)
    draft: bool = False
    reviewers: tuple[ActorId, ...] = Field(default=(), max_length=50)


class ReviewPatch(Input):
    """What is to change. ``state`` makes it a draft, marks it ready (``open``, also of a closed one), or closes it;
    ``reviewers`` are those who are asked from now on."""

    title: ReviewTitle | None = None
    description: str | None = Field(default=None, max_length=20_000)
    state: Literal["draft", "open", "closed"] | None = None
    reviewers: tuple[ActorId, ...] | None = Field(default=None, max_length=50)


class Dismissal(Input):
    """Why a reviewer's word does not count any more."""

    reason: str = Field(min_length=1, max_length=2000)


class SeenConflict(Input):
    """What somebody saw of a conflict when they decided about it."""

    digest: Sha | None = None
    """of the conflict; left out: whatever it says"""
    decision: Sha | None = None
    """of the decision that it had (``KeptResolution.decision``); null: none"""


class ReviewResolutions(Input):
    """What was decided about conflicts: kept with the review, for as long as those conflicts are the same. ``remove`` names
    conflicts that are to be open again.

    ``seen``, by the ids of conflicts, makes it a compare-and-set of what was looked at: a conflict that says something else
    now is refused with ``stale_head``, one that has another decision with ``decided_meanwhile``.
    """

    resolutions: tuple[ConflictResolution, ...] = Field(default=(), max_length=500)
    remove: tuple[str, ...] = Field(default=(), max_length=500)
    seen: dict[str, SeenConflict] = Field(default_factory=dict, max_length=1000)


class MergeReview(Input):
    """Merge it. ``digest`` (what was looked at) and ``expected_head`` (of the target) refuse when either is another one now.

    ``auto`` moves the target where that will do, else makes a version of two parents; under a linear history it squashes
    instead.
    """

    mode: MergeMode = "auto"
    commit_message: str = Field(default="", max_length=2000)
    digest: Sha | None = None
    expected_head: Sha | None = None


class UpdateReview(Input):
    """Merge the target into the source, so that the source has all that the target has. What was decided in the review holds
    there too; ``resolutions`` go before it."""

    resolutions: tuple[ConflictResolution, ...] = Field(default=(), max_length=500)
    expected_head: Sha | None = None
    """of the source"""


class RevertReview(Input):
    """Take the merge of a review back by a review of its own, from a new branch (``revert-NUMBER`` unless said)."""

    branch: str | None = Field(default=None, min_length=1, max_length=200)
    resolutions: tuple[ConflictResolution, ...] = Field(default=(), max_length=500)


class ReviewSummary(Record):
    """A review in a list."""

    prompt_id: str
    prompt_name: str
    number: int
    title: str
    state: ReviewState
    source: str
    target: str
    author: ActorRef
    reviewers: tuple[ActorRef, ...] = ()
    """who was asked"""
    approved_by: tuple[ActorRef, ...] = ()
    """who approved some text of it, maybe not the present one"""
    changes_requested_by: tuple[ActorRef, ...] = ()
    failing: tuple[str, ...] = ()
    """checks whose newest verdict is not that they passed"""
    created_at: str
    updated_at: str
    reverts: int | None = None


class ConflictChange(Record):
    """What a side of a conflict says now, against what it said when it was decided."""

    side: Literal["base", "ours", "theirs"]
    spans: tuple[DiffSpan, ...]


class KeptResolution(Record):
    """A person's choice for a conflict. ``applies``: the conflict is there, as it was when it was decided."""

    resolution: ConflictResolution
    by: ActorRef
    at: str
    applies: bool
    decision: Sha
    """names this decision"""
    conflict: ShownConflict | None = None
    """as it was decided; null of decisions of an older version of this program"""
    changes: tuple[ConflictChange, ...] = ()
    """where the conflict is there and says something else: what"""


class SourceBranch(Record):
    """The source branch of a merged review as it is now. ``blocks``: why the caller may not delete it (it is there) or make
    it again (it is gone), as sentences; empty: they may."""

    head: str | None = None
    """null: it is gone"""
    blocks: tuple[str, ...] = ()


class Review(ReviewSummary):
    """A review, computed as the branches are now (of a merged one: as they were)."""

    description: str = ""
    ended_at: str | None = None
    ended_by: ActorRef | None = None
    source_sha: str | None = None
    """heads; null where the branch is gone"""
    target_sha: str | None = None
    merged_sha: str | None = None
    source_branch: SourceBranch | None = None
    """what the merge left of it; null of a review that is not merged"""
    bases: tuple[str, ...] = ()
    merge: MergeState | None = None
    """what a merge would come to"""
    moves: tuple[MergeMode, ...] = ()
    """modes of ``merge`` that would just move the target: no version is made, and no message is used"""
    digest: str | None = None
    """the review digest; null while nothing could be merged"""
    text: str | None = None
    """the merge result"""
    diff: Diff | None = None
    """what it brings to the target"""
    compatibility: Compatibility | None = None
    units: tuple[str, ...] = ()
    """what it touches, in the words of owner rules"""
    conflicts: tuple[ShownConflict, ...] = ()
    """those that are open"""
    so_far: tuple[ResultPart, ...] = ()
    """while conflicts are open: what is settled of the merge result, and each open one in its place"""
    resolutions: tuple[KeptResolution, ...] = ()
    problem: str | None = None
    """why the result cannot be a version"""
    versions: tuple[VersionSummary, ...] = ()
    """under review, newest first, at most 100"""
    version_count: int = 0
    authors: tuple[ActorRef, ...] = ()
    last_pusher: ActorRef | None = None
    decisions: tuple[ReviewDecision, ...] = ()
    checks: tuple[Check, ...] = ()
    dependents: tuple[ReviewDependent, ...] = ()
    """of a snippet: who includes it, by name, at most 20 prompts (all: ``GET .../dependents``)"""
    dependent_prompts: int = 0
    """how many prompts include it"""
    open_threads: int = 0
    """conversations about a place that are not resolved"""
    blocks: tuple[Block, ...] = ()
    """why the caller may not merge it; empty: they may"""

    @property
    def missing(self) -> tuple[Block, ...]:
        """What stands between it and a merge; nothing, once it is merged."""
        return () if self.state is ReviewState.MERGED else self.blocks


class ReviewQuery(PageQuery):
    """Which reviews. ``inbox``: those that wait for the caller's word, that they opened, or where they are mentioned.
    ``search``: words that are all in the title, the prompt's name or the branches."""

    prompt_id: str | None = Field(default=None, max_length=100)
    state: Literal["live", "draft", "open", "merged", "closed", "all"] = "live"
    inbox: Literal["to_review", "mine", "mentioned"] | None = None
    search: str = Field(default="", max_length=200)


class Reviewer(Record):
    """Somebody who may be asked to review. ``approves``: their approval counts where a protection names nobody."""

    actor: ActorRef
    approves: bool


class ReviewerList(Record):
    """By name."""

    items: tuple[Reviewer, ...] = ()


class ReviewPage(Page):
    """Newest change first."""

    items: tuple[ReviewSummary, ...] = ()
