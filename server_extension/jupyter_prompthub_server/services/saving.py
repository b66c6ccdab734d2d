"""One way for a text to become a version: parse, lock, hash, and move the branch's head there."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, update

from jupyter_prompthub.core import canonical, promptfile
from jupyter_prompthub.core import prompt as engine
from jupyter_prompthub.core.errors import PromptSyntaxError
from jupyter_prompthub.core.names import DEFAULT_BRANCH
from jupyter_prompthub.core.promptfile import Document
from jupyter_prompthub.core.records import Problem

from ..store.tables import (
    prompt,
    version,
    version_editor,
    version_parent,
    version_snippet,
)
from ..store.types import AnyRow
from ..transaction import Tx
from . import heads
from .gate import Landed
from .snippets import Locked, lock

__all__ = [
    "Prepared",
    "Saved",
    "add",
    "prepare",
    "store",
]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that can become a version of a prompt: parsed, with its snippets fixed."""

    document: Document
    locked: Locked
    content_hash: str
    text_hash: str
    lock_hash: str
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to: the branch's head now, and whether it is a new version."""

    sha: str
    created: bool
    number: int = 0
    """of a new version"""
    parents: tuple[str, ...] = ()


def prepare(tx: Tx, text: str, prompt_id: str | None, name: str) -> Prepared:
    """Parse a text and fix its snippets, as they resolve now.

    Raises:
        PromptSyntaxError: with all problems and their places.
        SnippetError: a snippet that cannot be had.
    """
    document = promptfile.parse(text)
    locked = lock(tx, document.content.snippets, prompt_id, name)
    warnings = document.problems
    if locked.names:
        compiled = engine.compile(text, snippets=locked.texts(tx))
        warnings = tuple(compiled.problems)
        errors = [problem for problem in warnings if problem.severity == "error"]
        if errors:
            raise PromptSyntaxError(
                f"line {errors[0].line}, column {errors[0].column}: {errors[0].message}",
                details={"problems": [problem.model_dump() for problem in warnings]},
            )
    return Prepared(
        document,
        locked,
        canonical.content_hash(document.content),
        canonical.text_hash(text),
        canonical.lock_hash(locked.shas),
        warnings,
    )


# Statements are built once: building them costs more than running them.
_HERE: tuple[BindParameter[Any], BindParameter[Any]] = (bindparam("ws"), bindparam("prompt"))
_COUNT = (
    update(prompt)
    .where(prompt.c.workspace_id == _HERE[0], prompt.c.id == _HERE[1])
    .values(versions=prompt.c.versions + 1)
    .returning(prompt.c.versions)
)
_VERSION = insert(version)


def store(
    tx: Tx,
    row: AnyRow,
    prepared: Prepared,
    *,
    name: str,
    message: str,
    editors: Sequence[str] = (),
    expected_head: str | None = None,
    others: Sequence[str] = (),
    landed: Landed | None = None,
    fresh: bool = False,
    made: Container[str] = (),
) -> Saved:
    """Make ``prepared`` the head of branch ``name``, unless it says what the head says already.

    The caller emits events and audits; the search index follows the head of ``main``.

    Args:
        others: parents beside the head, of a merge: that is a new version whatever it says.
        landed: the review that is merged by this.
        fresh: the prompt was made in this very transaction.
        made: SHAs of versions of the prompt that were too: one that is the same in all that a SHA is made of, on another
            branch, is that version.

    Raises:
        StaleHead: the head is not ``expected_head`` (None: any will do).
        NotFound: no such branch.
        Protected: the branch may not move like that.
    """
    head = heads.head_of(tx, row, name)
    head_sha = head.sha if head is not None else None
    if expected_head is not None and expected_head != head_sha:
        raise heads.stale(expected_head, head_sha)
    if (
        head is not None
        and not others
        and (head.content_hash, head.text_hash, head.lock_hash)
        == (
            prepared.content_hash,
            prepared.text_hash,
            prepared.lock_hash,
        )
    ):
        return Saved(head.sha, created=False)
    parents = [*([head_sha] if head_sha else []), *others]
    sha = _sha(tx, row, prepared, parents, message, tx.now)
    number = 0 if sha in made else _insert(tx, row, prepared, sha, parents, message, editors)
    heads.move(tx, row, name, head_sha, sha, landed=landed, fresh=fresh)
    if name == DEFAULT_BRANCH:
        heads.reindex(tx, row, prepared.document.text)
    return Saved(sha, created=True, number=number, parents=tuple(parents))


def add(
    tx: Tx,
    row: AnyRow,
    prepared: Prepared,
    *,
    parents: Sequence[str],
    message: str,
    taken: Container[str],
    wrote: tuple[str, datetime],
) -> str:
    """Make a version that no branch leads to yet; the caller makes :mod:`heads` point a branch there.

    Args:
        parents: versions of the prompt ``row``.
        wrote: its author in git (``NAME <MAIL>``), and when that was.
        taken: SHAs that are there: two versions that are the same in all that a SHA is made of are a millisecond apart.

    Returns:
        Its SHA.
    """
    at = tx.now
    while True:
        sha = _sha(tx, row, prepared, parents, message, at)
        if sha not in taken:
            _insert(tx, row, prepared, sha, parents, message, (), at, wrote)
            return sha
        at += timedelta(milliseconds=1)


def _sha(tx: Tx, row: AnyRow, prepared: Prepared, parents: Sequence[str], message: str, at: datetime) -> str:
    return canonical.version_sha(
        prompt_id=row.id,
        content_hash=prepared.content_hash,
        text_hash=prepared.text_hash,
        lock=prepared.locked.shas,
        parents=parents,
        actor_id=tx.caller.actor_id,
        created_at=at,
        commit_message=message,
    )


def _insert(
    tx: Tx,
    row: AnyRow,
    prepared: Prepared,
    sha: str,
    parents: Sequence[str],
    message: str,
    editors: Sequence[str],
    at: datetime | None = None,
    wrote: tuple[str | None, datetime | None] = (None, None),
) -> int:
    here = {"ws": tx.workspace_id, "prompt": row.id}
    number: int = tx.conn.execute(_COUNT, {**here, "updated_at": tx.now}).scalar_one()
    mine: Mapping[str, Any] = {"workspace_id": tx.workspace_id, "prompt_id": row.id, "sha": sha}
    content = prepared.document.content.model_dump_json(by_alias=True)
    tx.conn.execute(
        _VERSION,
        {
            **mine,
            "number": number,
            "content_hash": prepared.content_hash,
            "text_hash": prepared.text_hash,
            "lock_hash": prepared.lock_hash,
            "text": tx.codec.seal(version.c.text, sha, prepared.document.text),
            "content": tx.codec.seal(version.c.content, sha, content),
            "lock": prepared.locked.shas,
            "commit_message": message,
            "author_id": tx.caller.actor_id,
            "credential_id": tx.caller.credential_id,
            "via": tx.caller.via,
            "created_at": at or tx.now,
            "git_author": wrote[0],
            "git_authored_at": wrote[1],
        },
    )
    if parents:
        rows = [{**mine, "position": at, "parent_sha": one} for at, one in enumerate(parents)]
        tx.conn.execute(insert(version_parent), rows)
    if prepared.locked.snippets:
        rows = [
            {
                **mine,
                "snippet_prompt_id": one.prompt_id,
                "snippet_sha": one.sha,
                "name": one.name if one.ref is not None else None,
                "ref": one.ref,
            }
            for one in prepared.locked.snippets.values()
        ]
        tx.conn.execute(insert(version_snippet), rows)
    if editors:
        rows = [{**mine, "actor_id": one} for one in sorted(set(editors))]
        tx.conn.execute(insert(version_editor), rows)
    return number
