"""Prompts, versions and branches."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Input, JsonValue, Name, ParameterName, Record, Tags, Title
from .changes import Compatibility, Diff
from .content import Content, Problem, Variable
from .people import ActorRef


class NewPrompt(Input):
    """A new prompt: ``content`` is template text with ``parameters`` beside it, or ``text`` is a whole
    ``.prompt`` file; exactly one of the two (none: an empty starter prompt)."""

    title: Title | None = None
    name: Name | None = None
    content: str | None = None
    text: str | None = None
    parameters: dict[ParameterName, JsonValue] | None = None
    tags: Tags = ()
    description: str = Field(default="", max_length=4000)
    commit_message: str = Field(default="", max_length=2000)


class PromptPatch(Input):
    """Rename (leaves a redirect), retitle, describe, retag. None leaves a field as it is."""

    name: Name | None = None
    title: Title | None = None
    description: str | None = Field(default=None, max_length=4000)
    tags: Tags | None = None


class NewVersion(Input):
    """A new version on ``branch``: template ``content`` (the head's front matter is kept), or a whole
    ``text``; neither: what the draft's room holds. ``expected_head`` makes it a compare-and-set."""

    content: str | None = None
    text: str | None = None
    parameters: dict[ParameterName, JsonValue] | None = None
    commit_message: str = Field(default="", max_length=2000)
    branch: str = "main"
    expected_head: str | None = None


class ServedIn(Record):
    """What an environment serves of a prompt."""

    environment: str
    version_sha: str
    short: str


class GitAuthor(Record):
    """Who wrote a text in git, as its commit says: nobody has verified it."""

    name: str
    email: str
    at: str
    """when, as the commit says"""


class VersionSummary(Record):
    sha: str
    short: str
    prompt_id: str
    number: int
    """1, 2, ... in order of creation in the prompt: for people, never a ref"""
    content_hash: str
    text_hash: str
    parents: tuple[str, ...]
    author: ActorRef
    """who made it, and answers for it"""
    git_author: GitAuthor | None = None
    """of a version that was brought in from git by ``author``"""
    editors: tuple[ActorRef, ...] = ()
    """who edited the draft since the version before"""
    created_at: str
    commit_message: str
    tags: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    """branches whose head this is"""
    served_in: tuple[str, ...] = ()
    """environments that serve it now"""

    @property
    def writer(self) -> str:
        """The name of who wrote it: git's author where it came from git."""
        return self.git_author.name if self.git_author is not None else self.author.display_name

    @property
    def written_at(self) -> str:
        """When that was."""
        return self.git_author.at if self.git_author is not None else self.created_at


class Version(VersionSummary):
    text: str
    content: Content
    lock: dict[str, str] = Field(default_factory=dict)
    """prompt id -> version SHA of every snippet, transitively"""
    created: bool = True
    """False when saving found nothing new: this is the head as it was"""
    warnings: tuple[Problem, ...] = ()


class Prompt(Record):
    id: str
    workspace_id: str
    name: str
    title: str
    description: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    created_at: str
    updated_at: str
    created_by: ActorRef
    head: VersionSummary | None = None
    """head of ``main``"""
    versions: int = 0
    branches: tuple[str, ...] = ("main",)
    has_draft: bool = False
    """a draft (of any branch) holds unsaved edits"""
    served: tuple[ServedIn, ...] = ()
    snippet_of: int = 0
    """how many prompts include it at their head"""
    open_reviews: int = 0
    """reviews of it that are drafts or open"""
    failing: tuple[str, ...] = ()
    """checks of these reviews whose newest verdict is not that they passed"""
    highlight: str | None = None
    """for a search: the matching line, matches between U+0001 and U+0002"""


class PromptDetail(Prompt):
    """One prompt, with the head's template as the promised ``content`` and ``parameters``."""

    content: str = ""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    text: str = ""
    variables: tuple[Variable, ...] = ()


class PageQuery(Input):
    """A page by ``cursor`` (any depth) or by ``page`` (offset up to row 10,000)."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=500)
    page: int | None = Field(default=None, ge=1)


class PromptFilter(Input):
    """Which prompts: everything that is said must hold."""

    search: str = Field(default="", max_length=400)
    tags: str = Field(default="", max_length=1000)
    """comma-separated; all must match"""
    folder: str = Field(default="", max_length=200)
    direct: bool = False
    """only those in the folder itself, not in folders of it"""
    archived: bool = False
    draft: bool = False
    """holds edits that are not a version yet"""
    served: str = Field(default="", max_length=200)
    """served in this environment"""
    behind: bool = False
    """an environment (``served``, where that is said) serves another version than the newest of ``main``"""
    mine: bool = False
    """made by the caller"""
    sort: Literal["name", "updated", "created"] = "name"


class PromptQuery(PageQuery, PromptFilter):
    ids: str = Field(default="", max_length=4000)
    """comma-separated; only these"""


class VersionQuery(PageQuery):
    branch: str | None = None
    author: str | None = None
    search: str = Field(default="", max_length=400)


class Page(Record):
    """One page. ``next_cursor`` is None on the last; ``total`` counts all matches up to 10,000."""

    next_cursor: str | None = None
    page: int | None = None
    limit: int = 50
    total: int | None = None


class PromptPage(Page):
    items: tuple[Prompt, ...] = ()


class VersionPage(Page):
    items: tuple[VersionSummary, ...] = ()


class Branch(Record):
    name: str
    head: str
    short: str
    created_at: str
    updated_at: str
    created_by: ActorRef
    ahead: int = 0
    """versions on it that ``main`` does not have"""
    behind: int = 0


class BranchList(Record):
    items: tuple[Branch, ...]


class NewBranch(Input):
    name: Name
    base_version: str = "latest"
    """any ref"""


class BranchMove(Input):
    """Point a branch at another version. ``expected_head`` makes it a compare-and-set."""

    version: str
    expected_head: str | None = None


class TagCount(Record):
    tag: str
    prompts: int


class TagList(Record):
    items: tuple[TagCount, ...]


class NewVersionTag(Input):
    name: Name
    version: str


class Comparison(Record):
    """Two versions compared: ``base`` is the older side as asked (``a...b``: a)."""

    base: Version
    head: Version
    diff: Diff
    compatibility: Compatibility


class Resolution(Record):
    """What a reference names."""

    workspace_id: str
    prompt_id: str
    name: str
    ref: str
    version: Version
    environment: str | None = None
    deployment_id: str | None = None
