"""What a ref names, in the order of the names' rules: ``latest``, environment, version tag, branch, SHA prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, null, select, union_all

from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.names import (
    DEFAULT_BRANCH,
    LATEST,
    Reference,
    check_name,
    check_ref_name,
    is_prompt_id,
    is_sha_prefix,
)

from ..store.tables import (
    branch,
    deployment,
    environment,
    prompt,
    prompt_redirect,
    version,
    version_tag,
    workspace,
)
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = [
    "Found",
    "ambiguous",
    "check_free_name",
    "check_free_ref",
    "head",
    "no_prompt",
    "no_version",
    "prompt_named",
    "resolve",
    "unsaved",
]


@dataclass(frozen=True, slots=True)
class Found:
    """A version by its ref."""

    sha: str
    ref: str
    environment: str | None = None
    deployment_id: str | None = None


def head(tx: Tx, prompt_id: str, name: str = DEFAULT_BRANCH) -> str | None:
    """The head of a branch; None where there is no such branch (yet)."""
    return tx.conn.execute(
        select(branch.c.head).where(
            branch.c.workspace_id == tx.workspace_id, branch.c.prompt_id == prompt_id, branch.c.name == name
        )
    ).scalar_one_or_none()


def _here(tx: Tx, table: Any, prompt_id: str) -> tuple[Any, ...]:
    return table.c.workspace_id == tx.workspace_id, table.c.prompt_id == prompt_id


def _by_name(tx: Tx, prompt_id: str, ref: str) -> AnyRow | None:
    served = (
        select(
            literal(1).label("rank"),
            deployment.c.version_sha.label("sha"),
            deployment.c.environment,
            deployment.c.id.label("deployment_id"),
        )
        .where(*_here(tx, deployment, prompt_id), deployment.c.environment == ref)
        .order_by(deployment.c.number.desc())
        .limit(1)
        .subquery()
    )
    tagged = select(literal(2), version_tag.c.sha, null(), null()).where(
        *_here(tx, version_tag, prompt_id), version_tag.c.name == ref
    )
    branched = select(literal(3), branch.c.head, null(), null()).where(
        *_here(tx, branch, prompt_id), branch.c.name == ref
    )
    rows = tx.conn.execute(union_all(select(served), tagged, branched)).all()
    return min(rows, key=lambda row: row.rank, default=None)


def _by_prefix(tx: Tx, prompt_id: str, prefix: str) -> str | None:
    shas = tx.conn.scalars(
        select(version.c.sha)
        .where(*_here(tx, version, prompt_id), version.c.sha >= prefix, version.c.sha < prefix + "g")
        .limit(2)
    ).all()
    if len(shas) > 1:
        raise ambiguous(prefix)
    return shas[0] if shas else None


def ambiguous(prefix: str) -> InvalidInput:
    """A SHA prefix fits several versions."""
    return InvalidInput(
        f"the SHA prefix {prefix!r} fits several versions; give more digits", details={"prefix": prefix}
    )


def unsaved(row: AnyRow, ref: str) -> NotFound:
    """A prompt is only a draft."""
    return NotFound(f"{row.name} has no version yet: save its draft first.", details={"ref": ref})


def no_version(row: AnyRow, ref: str, *, environment: bool) -> NotFound:
    """A ref names no version of a prompt; ``environment``: there is an environment of that name."""
    if environment:
        return NotFound(
            f"{ref} serves no version of {row.name} yet: promote one first.", details={"ref": ref}
        )
    return NotFound(
        f"{row.name} has no version {ref!r}: expected latest, an environment, a version tag, a branch, or at "
        "least 4 digits of a version's SHA.",
        details={"ref": ref},
    )


def no_prompt(reference: Reference) -> NotFound:
    """A reference names no prompt of this workspace."""
    return NotFound(f"There is no prompt {str(reference)!r} here.", details={"reference": str(reference)})


def resolve(tx: Tx, row: AnyRow, ref: str) -> Found:
    """The version of a prompt that ``ref`` names.

    Raises:
        NotFound: none; the message says what was expected.
        InvalidInput: a SHA prefix that fits several versions.
    """
    if ref == LATEST:
        sha = head(tx, row.id)
        if sha is None:
            raise unsaved(row, ref)
        return Found(sha, ref)
    hex_only = is_sha_prefix(ref.lower())
    if not hex_only and (found := _by_name(tx, row.id, ref)) is not None:
        return Found(found.sha, ref, found.environment, found.deployment_id)
    if hex_only and (sha := _by_prefix(tx, row.id, ref.lower())) is not None:
        return Found(sha, ref)
    known = select(environment.c.name).where(
        environment.c.workspace_id == tx.workspace_id, environment.c.name == ref
    )
    raise no_version(row, ref, environment=tx.conn.execute(known).first() is not None)


def prompt_named(tx: Tx, reference: Reference) -> AnyRow:
    """The prompt that a reference names: by its name, by a name it had, or by its id.

    Raises:
        NotFound: none in this workspace.
    """
    mine: Select[Any] = select(prompt).where(prompt.c.workspace_id == tx.workspace_id)
    missing = no_prompt(reference)
    if reference.workspace is not None:
        name = select(workspace.c.name).where(workspace.c.id == tx.workspace_id)
        if tx.conn.execute(name).scalar_one_or_none() != reference.workspace:
            raise missing
    by = prompt.c.id if is_prompt_id(reference.name) else prompt.c.name
    row = tx.conn.execute(mine.where(by == reference.name)).one_or_none()
    if row is None:
        moved = select(prompt_redirect.c.prompt_id).where(
            prompt_redirect.c.workspace_id == tx.workspace_id, prompt_redirect.c.name == reference.name
        )
        row = tx.conn.execute(mine.where(prompt.c.id.in_(moved))).one_or_none()
    if row is None:
        raise missing
    return row


def check_free_name(tx: Tx, name: str, prompt_id: str | None = None) -> str | None:
    """None when a prompt may get ``name``; else why not. ``prompt_id`` may have had it before."""
    check_name(name)
    taken = select(prompt.c.id).where(prompt.c.workspace_id == tx.workspace_id, prompt.c.name == name)
    if tx.conn.execute(taken).first():
        return f"a prompt {name!r} is there already"
    former = tx.conn.execute(
        select(prompt_redirect.c.prompt_id, prompt.c.name)
        .join(
            prompt,
            (prompt.c.workspace_id == prompt_redirect.c.workspace_id)
            & (prompt.c.id == prompt_redirect.c.prompt_id),
        )
        .where(prompt_redirect.c.workspace_id == tx.workspace_id, prompt_redirect.c.name == name)
    ).one_or_none()
    if former is not None and former.prompt_id != prompt_id:
        return f"{name!r} is a former name of the prompt {former.name!r} and still leads there"
    return None


def check_free_ref(tx: Tx, prompt_id: str, name: str, what: str) -> str | None:
    """None when a branch or version tag (``what``) may get ``name``; else what has it already.

    Raises:
        InvalidInput: no branch or tag may be called that.
    """
    check_ref_name(name, what)
    rows = union_all(
        select(literal("an environment").label("kind")).where(
            environment.c.workspace_id == tx.workspace_id, environment.c.name == name
        ),
        select(literal("a version tag")).where(
            *_here(tx, version_tag, prompt_id), version_tag.c.name == name
        ),
        select(literal("a branch")).where(*_here(tx, branch, prompt_id), branch.c.name == name),
    )
    return tx.conn.execute(rows).scalars().first()
