"""Target loaders: what a path names, looked up inside the transaction and inside the caller's workspace.

Anything that is missing, or of another workspace, or of another parent, is NotFound with the same body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from jupyter_prompthub.core.errors import Conflict, InvalidInput, NotFound
from jupyter_prompthub.core.names import unescape_branch

from .services.refs import Found, resolve
from .store.tables import branch as branch_table
from .store.tables import prompt as prompt_table
from .store.tables import review as review_table
from .store.types import AnyRow
from .transaction import Tx

__all__ = [
    "BranchTarget",
    "ComparedTarget",
    "ReviewTarget",
    "VersionTarget",
    "by_branch",
    "by_compared",
    "by_prompt",
    "by_review",
    "by_version",
    "writable",
]


@dataclass(frozen=True, slots=True)
class VersionTarget:
    """A version of a prompt, as a ref named it."""

    prompt: AnyRow
    found: Found


@dataclass(frozen=True, slots=True)
class ComparedTarget:
    """Two versions of one prompt."""

    prompt: AnyRow
    base: Found
    head: Found


@dataclass(frozen=True, slots=True)
class BranchTarget:
    """A branch of a prompt."""

    prompt: AnyRow
    branch: AnyRow


@dataclass(frozen=True, slots=True)
class ReviewTarget:
    """A review of a prompt."""

    prompt: AnyRow
    review: AnyRow

    @property
    def key(self) -> str:
        """Names its sealed columns."""
        return f"{self.prompt.id}#{self.review.number}"

    def of(self, table: Any) -> tuple[Any, ...]:
        """The rows of a table that belong to it."""
        return (
            table.c.workspace_id == self.review.workspace_id,
            table.c.prompt_id == self.prompt.id,
            table.c.number == self.review.number,
        )


_PROMPT = select(prompt_table).where(
    prompt_table.c.workspace_id == bindparam("ws"), prompt_table.c.id == bindparam("prompt")
)  # built once: building costs more than running


def by_prompt(tx: Tx, prompt_id: str) -> AnyRow:
    """The prompt's row.

    Raises:
        NotFound: none with that id in this workspace.
    """
    row = tx.conn.execute(_PROMPT, {"ws": tx.workspace_id, "prompt": prompt_id}).one_or_none()
    if row is None:
        raise NotFound("There is no such prompt here.")
    return row


def by_prompt_or_text(tx: Tx, prompt_id: str | None = None) -> AnyRow | None:
    """The prompt's row; None where a text is meant that is no prompt of the library.

    Raises:
        NotFound: none with that id in this workspace.
    """
    return None if prompt_id is None else by_prompt(tx, prompt_id)


def by_version(tx: Tx, prompt_id: str, ref: str) -> VersionTarget:
    """A version of the prompt by any ref (``/`` may be written ``~``)."""
    prompt = by_prompt(tx, prompt_id)
    return VersionTarget(prompt, resolve(tx, prompt, _ref(ref)))


def by_compared(tx: Tx, prompt_id: str, a: str, b: str) -> ComparedTarget:
    """Two versions of the prompt, each by any ref."""
    prompt = by_prompt(tx, prompt_id)
    return ComparedTarget(prompt, resolve(tx, prompt, _ref(a)), resolve(tx, prompt, _ref(b)))


def by_branch(tx: Tx, prompt_id: str, branch: str) -> BranchTarget:
    """A branch of the prompt (``/`` may be written ``~``)."""
    prompt = by_prompt(tx, prompt_id)
    row = tx.conn.execute(
        select(branch_table).where(
            branch_table.c.workspace_id == tx.workspace_id,
            branch_table.c.prompt_id == prompt_id,
            branch_table.c.name == _ref(branch),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such branch.")
    return BranchTarget(prompt, row)


def by_review(tx: Tx, prompt_id: str, number: str) -> ReviewTarget:
    """A review of the prompt.

    Raises:
        NotFound: no such prompt, or none of that number.
    """
    prompt = by_prompt(tx, prompt_id)
    row = None
    if number.isascii() and number.isdecimal() and len(number) < 10:
        mine = (
            review_table.c.workspace_id == tx.workspace_id,
            review_table.c.prompt_id == prompt_id,
            review_table.c.number == int(number),
        )
        row = tx.conn.execute(select(review_table).where(*mine)).one_or_none()
    if row is None:
        raise NotFound("There is no such review of this prompt.")
    return ReviewTarget(prompt, row)


def writable(prompt: AnyRow) -> None:
    """Refuse to change an archived prompt.

    Raises:
        Conflict: it is archived.
    """
    if prompt.archived_at is not None:
        raise Conflict(f"{prompt.name} is archived: restore it before you change it.")


def _ref(text: str) -> str:
    try:
        return unescape_branch(text)
    except InvalidInput:
        # what no version could be called is simply not there
        raise NotFound("There is no such version or branch.") from None
