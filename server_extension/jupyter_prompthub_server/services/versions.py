"""Versions: saved, read, tagged, compared, named. They never change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import insert, select

from jupyter_prompthub.core import diff, promptfile
from jupyter_prompthub.core.changes import RemoveParameter, SetModel, SetParameter, apply_edits
from jupyter_prompthub.core.compatibility import compatibility
from jupyter_prompthub.core.edit import edit
from jupyter_prompthub.core.errors import AlreadyExists, InvalidInput
from jupyter_prompthub.core.names import parse_reference
from jupyter_prompthub.core.records import (
    Comparison,
    Input,
    NewVersion,
    NewVersionTag,
    Resolution,
    Version,
    VersionPage,
    VersionQuery,
    VersionSummary,
)

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso
from ..store.tables import version, version_tag
from ..store.types import AnyRow
from ..targets import ComparedTarget, VersionTarget, by_compared, by_prompt, by_version, writable
from ..transaction import Tx
from . import draft_rows, refs, saving, version_pages
from .around import actors
from .contracts import contract_of
from .snippets import shas_of_version
from .version_pages import here
from .version_rows import SHORT, SUMMARY, load, loads, summaries, text_of

__all__ = [
    "ResolveQuery",
    "compare",
    "find",
    "get",
    "list_",
    "resolve",
    "save",
    "save_text",
    "tag",
    "with_parameters",
]


class ResolveQuery(Input):
    """``ref`` is ``[workspace:]name[@ref]``."""

    ref: str = Field(min_length=1, max_length=500)


# ------------------------------------------------------------------ for other services


def save_text(
    tx: Tx,
    prompt: AnyRow,
    *,
    text: str,
    branch: str = "main",
    message: str = "",
    editors: Sequence[str] = (),
    expected_head: str | None = None,
) -> Version:
    """Save a whole text as a version, and tell of it (event and audit) when it is a new one.

    The one way in for operations that are not :data:`save` itself, such as saving a draft.

    Args:
        prompt: its row; it must not be archived.
        editors: ids of the actors who edited since the version before.
        expected_head: refuse when the branch head is another one; None takes any.

    Returns:
        The branch's head now. ``created`` is False when content, text and lock all equal the head's: then
        nothing was written.

    Raises:
        PromptSyntaxError, SnippetError, StaleHead, NotFound (no such branch), Conflict (archived).
    """
    writable(prompt)
    prepared = saving.prepare(tx, text, prompt.id, prompt.name)
    saved = saving.store(
        tx, prompt, prepared, name=branch, message=message, editors=editors, expected_head=expected_head
    )
    tx.audit(prompt=prompt.id, version=saved.sha, branch=branch)
    if not saved.created:
        return load(tx, prompt.id, saved.sha, created=False, warnings=prepared.warnings)
    tx.audit_content("text", text)
    tx.emit("version.created", prompt=prompt.id, version=saved.sha, branch=branch)
    return _new(tx, prompt.id, saved, prepared, branch=branch, message=message, editors=editors)


def _new(
    tx: Tx,
    prompt_id: str,
    saved: saving.Saved,
    prepared: saving.Prepared,
    *,
    branch: str,
    message: str,
    editors: Sequence[str],
) -> Version:
    """The record of a version that was just saved: nothing is read back that is known."""
    people = actors(tx, {tx.caller.actor_id, *editors})
    return Version(
        sha=saved.sha,
        short=saved.sha[:SHORT],
        prompt_id=prompt_id,
        number=saved.number,
        content_hash=prepared.content_hash,
        text_hash=prepared.text_hash,
        parents=saved.parents,
        author=people[tx.caller.actor_id],
        editors=tuple(people[one] for one in sorted(set(editors))),
        created_at=iso(tx.now),
        commit_message=message,
        branches=(branch,),
        text=prepared.document.text,
        content=prepared.document.content,
        lock=prepared.locked.shas,
        created=True,
        warnings=prepared.warnings,
    )


def find(tx: Tx, prompt: AnyRow, ref: str) -> str:
    """The SHA of the version that a ref names; raises NotFound."""
    return refs.resolve(tx, prompt, ref).sha


# ------------------------------------------------------------------ operations


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_CREATE, target=by_prompt)
def save(tx: Tx, prompt: AnyRow, new: NewVersion) -> Version:
    """Save a version on a branch: a template, a whole text, or what the draft holds."""
    editors: tuple[str, ...] = ()
    if new.content is not None and new.text is not None:
        raise InvalidInput("expected content (a template) or text (a whole file), got both")
    if new.text is not None:
        text = new.text
    elif new.content is not None:
        text = promptfile.with_body(_head_text(tx, prompt, new.branch), new.content)
    else:
        target = draft_rows.by_draft(tx, prompt.id, new.branch)
        text = draft_rows.current_text(tx, target)
        editors = tuple(one.id for one in draft_rows.editors(tx, target))
    if new.parameters is not None:
        text = with_parameters(text, new.parameters)
    made = save_text(
        tx,
        prompt,
        text=text,
        branch=new.branch,
        message=new.commit_message,
        editors=editors,
        expected_head=new.expected_head,
    )
    if not made.created:
        tx.unchanged()
    return made


@operation(Permission.PROMPT_READ, no_audit="read", target=by_version, kept=True)
def get(tx: Tx, target: VersionTarget) -> Version:
    """One version, by any ref."""
    return load(tx, target.prompt.id, target.found.sha)


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def list_(tx: Tx, prompt: AnyRow, query: VersionQuery) -> VersionPage:
    """List versions, newest first, by branch, author and words of the message."""
    return version_pages.page(tx, prompt, query)


@operation(Permission.PROMPT_READ, no_audit="read", target=by_compared, kept=True)
def compare(tx: Tx, target: ComparedTarget) -> Comparison:
    """Compare two versions of a prompt, unit by unit."""
    base, head = loads(tx, target.prompt.id, [target.base.sha, target.head.sha])
    lock_a, lock_b = (shas_of_version(tx, one.prompt_id, one.sha, one.lock) for one in (base, head))
    return Comparison(
        base=base,
        head=head,
        diff=diff.diff(
            base.content,
            head.content,
            text_a=base.text,
            text_b=head.text,
            lock_a=lock_a,
            lock_b=lock_b,
        ),
        compatibility=compatibility(contract_of(tx, base), contract_of(tx, head)),
    )


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_TAG, target=by_prompt)
def tag(tx: Tx, prompt: AnyRow, new: NewVersionTag) -> VersionSummary:
    """Give a version a name of its own, for good."""
    writable(prompt)
    sha = find(tx, prompt, new.version)
    present = tx.conn.execute(
        select(version_tag.c.sha).where(
            version_tag.c.workspace_id == tx.workspace_id,
            version_tag.c.prompt_id == prompt.id,
            version_tag.c.name == new.name,
        )
    ).scalar_one_or_none()
    if present == sha:
        tx.unchanged()
    else:
        if taken := refs.check_free_ref(tx, prompt.id, new.name, "version tag"):
            raise AlreadyExists(f"{taken} is called {new.name!r} already; choose another name")
        tx.conn.execute(
            insert(version_tag).values(
                workspace_id=tx.workspace_id,
                prompt_id=prompt.id,
                name=new.name,
                sha=sha,
                created_by=tx.caller.actor_id,
                created_at=tx.now,
            )
        )
        tx.audit(prompt=prompt.id, version=sha, tag=new.name)
        tx.emit("prompt.updated", prompt=prompt.id)
    rows = tx.conn.execute(select(*SUMMARY).where(*here(tx, prompt), version.c.sha == sha)).all()
    return summaries(tx, rows)[0]


@operation(Permission.PROMPT_READ, no_audit="read", kept=True)
def resolve(tx: Tx, query: ResolveQuery) -> Resolution:
    """What a reference names, such as ``support/refund@production``."""
    reference = parse_reference(query.ref)
    prompt = refs.prompt_named(tx, reference)
    found = refs.resolve(tx, prompt, reference.ref)
    return Resolution(
        workspace_id=tx.workspace_id,
        prompt_id=prompt.id,
        name=prompt.name,
        ref=reference.ref,
        version=load(tx, prompt.id, found.sha),
        environment=found.environment,
        deployment_id=found.deployment_id,
    )


# ------------------------------------------------------------------ how


def _head_text(tx: Tx, prompt: AnyRow, branch: str) -> str:
    sha = refs.head(tx, prompt.id, branch)
    if sha is None:
        return ""
    row = tx.conn.execute(
        select(version.c.sha, version.c.text).where(*here(tx, prompt), version.c.sha == sha)
    ).one()
    return text_of(tx, row)


def with_parameters(text: str, parameters: dict[str, Any]) -> str:
    """The text with exactly these settings; a ``model`` among them is the model."""
    settings = dict(parameters)
    changes: list[Any] = []
    if "model" in settings:
        changes.append(SetModel(model=settings.pop("model")))
    present = promptfile.parse(text).content.parameters
    changes += [RemoveParameter(name=name) for name in present if name not in settings]
    changes += [SetParameter(name=name, value=value) for name, value in settings.items()]
    return apply_edits(text, edit(text, changes))
