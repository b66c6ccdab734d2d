"""Prompts on their way into git repositories, and back (``docs/formats/git.md``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Input, Name, Record, Sha
from .content import Problem
from .people import ActorRef

CommitId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]


class GitQuery(Input):
    """``names``: comma-separated names or ids; none: all that are not archived."""

    names: str = Field(default="", max_length=5_000, pattern=r"^[ -~]*$")


class GitVersion(Record):
    """A version with all that its SHA is made of."""

    sha: Sha
    number: int
    text: str
    text_hash: Sha
    lock: dict[str, Sha]
    parents: tuple[Sha, ...]
    author: ActorRef
    created_at: str
    commit_message: str


class GitCommit(Record):
    """A commit that a version was made from by an import."""

    id: CommitId
    sha: Sha
    raw: str
    """the commit object, in base64"""


class GitPrompt(Record):
    """A prompt with its whole graph."""

    id: str
    name: str
    former: tuple[str, ...] = ()
    """names that it had"""
    versions: tuple[GitVersion, ...]
    """oldest first: those that a branch or a version tag leads to"""
    branches: dict[str, Sha]
    tags: dict[str, Sha] = Field(default_factory=dict)
    commits: tuple[GitCommit, ...] = ()


class GitHistory(Record):
    """What a repository is written from."""

    format: Literal["prompthub git v1"] = "prompthub git v1"
    items: tuple[GitPrompt, ...]


class GitExport(Record):
    """What an export wrote."""

    commits: int
    """that were not there before"""
    refs: dict[str, str]
    """those that were moved, and the commits that they point to now"""
    left: dict[str, str] = Field(default_factory=dict)
    """what could not be written, and why"""


class NewGitImport(Input):
    """A repository to bring in; all or nothing."""

    bundle: Annotated[str, StringConstraints(max_length=44_000_000)]
    """a git bundle (``git bundle create FILE --all``) in base64"""
    names: tuple[Name, ...] = Field(default=(), max_length=5_000)
    """only these prompts; none: all"""
    dry_run: bool = False
    """change nothing; the answer says what would be"""


class GitReview(Record):
    """A review that an import opened, because a branch could not just move."""

    prompt: str
    number: int
    source: str
    target: str


class GitImport(Record):
    """What an import brought."""

    created: tuple[str, ...] = ()
    """new prompts"""
    versions: int = 0
    branches: dict[str, str] = Field(default_factory=dict)
    """``name@branch`` -> its head now, of those that were made or moved"""
    tags: dict[str, str] = Field(default_factory=dict)
    reviews: tuple[GitReview, ...] = ()
    drafts: tuple[str, ...] = ()
    """``name@branch`` whose last text cannot become a version, and is a draft now"""
    problems: dict[str, tuple[Problem, ...]] = Field(default_factory=dict)
    """``path at commit`` -> why its text is no version; the commit stands for the version before it"""
    left: dict[str, str] = Field(default_factory=dict)
    """what did not come in, and why"""


class GitPush(Input):
    """Where to write prompts: a connection of the provider ``git``."""

    remote: Name
    names: tuple[Name, ...] = Field(default=(), max_length=5_000)
    """prompts; none: all"""


class GitPull(Input):
    """From where to bring in prompts: a connection of the provider ``git``."""

    remote: Name
    names: tuple[Name, ...] = Field(default=(), max_length=5_000)
    """only these prompts; none: all"""
    dry_run: bool = False
