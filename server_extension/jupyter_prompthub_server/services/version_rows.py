"""Rows of versions as records: a fixed number of statements for any number of versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from jupyter_prompthub.core.errors import NotFound
from jupyter_prompthub.core.records import Content, GitAuthor, Version, VersionSummary
from jupyter_prompthub.git.people import split

from ..store.clock import iso
from ..store.tables import version
from ..store.types import AnyRow
from ..transaction import Tx
from .around import Around, around_versions

__all__ = ["SHORT", "SUMMARY", "load", "loads", "summaries", "text_of"]

SHORT = 12
SUMMARY = (
    version.c.prompt_id,
    version.c.sha,
    version.c.number,
    version.c.content_hash,
    version.c.text_hash,
    version.c.lock_hash,
    version.c.commit_message,
    version.c.author_id,
    version.c.created_at,
    version.c.git_author,
    version.c.git_authored_at,
)
"""the columns of a version that a summary needs: none of the sealed ones"""


def _fields(row: AnyRow, gathered: Around) -> dict[str, Any]:
    around, people = gathered.versions[row.sha], gathered.people
    return {
        "sha": row.sha,
        "short": row.sha[:SHORT],
        "prompt_id": row.prompt_id,
        "number": row.number,
        "content_hash": row.content_hash,
        "text_hash": row.text_hash,
        "parents": tuple(around.parents),
        "author": people[row.author_id],
        "git_author": _git_author(row),
        "editors": tuple(people[one] for one in around.editors),
        "created_at": iso(row.created_at),
        "commit_message": row.commit_message,
        "tags": tuple(around.tags),
        "branches": tuple(around.branches),
        "served_in": tuple(around.served),
    }


def _git_author(row: AnyRow) -> GitAuthor | None:
    if row.git_author is None:
        return None
    name, email = split(row.git_author)
    return GitAuthor(name=name or email or "unknown", email=email, at=iso(row.git_authored_at))


def summaries(tx: Tx, rows: Sequence[AnyRow], gathered: Around | None = None) -> tuple[VersionSummary, ...]:
    """Records of rows that have the columns :data:`SUMMARY`, in their order.

    Args:
        gathered: what stands around them, where it is known already.
    """
    if not rows:
        return ()
    around = gathered or around_versions(tx, rows)
    return tuple(VersionSummary(**_fields(row, around)) for row in rows)


def loads(tx: Tx, prompt_id: str, shas: Sequence[str], **more: Any) -> tuple[Version, ...]:
    """Whole versions of one prompt, in the order asked for.

    Raises:
        NotFound: one of them is not a version of this prompt.
    """
    rows = {
        row.sha: row
        for row in tx.conn.execute(
            select(*SUMMARY, version.c.text, version.c.content, version.c.lock).where(
                version.c.workspace_id == tx.workspace_id,
                version.c.prompt_id == prompt_id,
                version.c.sha.in_(set(shas)),
            )
        )
    }
    if missing := set(shas) - rows.keys():
        raise NotFound("There is no such version.", details={"version": min(missing)})
    ordered = [rows[sha] for sha in shas]
    if not ordered:
        return ()
    around = around_versions(tx, ordered)
    return tuple(
        Version(
            **_fields(row, around),
            text=text_of(tx, row),
            content=Content.model_validate_json(tx.codec.open(version.c.content, row.sha, row.content)),
            lock=row.lock,
            **more,
        )
        for row in ordered
    )


def load(tx: Tx, prompt_id: str, sha: str, **more: Any) -> Version:
    """One whole version; ``more`` are fields of the record that no row holds."""
    return loads(tx, prompt_id, [sha], **more)[0]


def text_of(tx: Tx, row: AnyRow) -> str:
    """The text of a row that has ``sha`` and ``text``."""
    return tx.codec.open(version.c.text, row.sha, row.text)
