"""Operations on drafts. Each works on the stored rows alone; a room puts them in line with the edits of
those who are in it and applies the update that comes back. See ``docs/formats/drafts.md``.
"""

from __future__ import annotations

from pydantic import Field

from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import AlreadyExists, Conflict, Forbidden
from jupyter_prompthub.core.records import (
    Draft,
    Input,
    PutDraft,
    Record,
    RestoreDraft,
    SaveDraft,
    UpdateDraft,
    Version,
)

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..rooms.document import replacement, text_of
from ..store.types import AnyRow
from ..transaction import Tx
from . import draft_rows as rows
from . import heads, incoming, kept_texts, persons, refs, versions
from .draft_rows import DraftTarget, by_draft

__all__ = [
    "DraftChange",
    "DraftProblems",
    "DraftSession",
    "DraftUpdates",
    "Followed",
    "OpenedDraft",
    "append",
    "compact",
    "follow",
    "get",
    "identify",
    "load",
    "note_problems",
    "put",
    "restore",
    "save",
    "undo",
    "update",
]

_EDITS = "edits of a draft change no version; a saved version names its editors"
_SAME = "the draft's text stays what it is"


class DraftSession(Record):
    """Which draft it is, and whether anybody may edit it."""

    session: str
    """"" for a draft that nobody has opened yet"""
    writable: bool
    """the prompt is not archived"""
    caller_name: str = ""
    """display name of who asks"""


class OpenedDraft(DraftSession):
    """What a room starts from."""

    state: bytes
    """the whole document as one Yjs update"""
    problems: tuple[str, ...]


class DraftChange(Draft):
    """A draft after a change, and the Yjs update that made it (not part of the answer)."""

    update: bytes = Field(default=b"", exclude=True)


class Followed(Record):
    """The Yjs update by which a draft took its branch head; empty where it did not have to."""

    update: bytes


class DraftUpdates(Input):
    """Yjs updates of one caller, in order. ``text`` is the text after them; None when more follow at once."""

    updates: tuple[bytes, ...]
    edited: bool
    text: str | None


class DraftProblems(Input):
    """The codes of the errors in the text with this hash."""

    text_hash: str
    codes: tuple[str, ...]


@operation(Permission.PROMPT_READ, no_audit="read", target=by_draft)
def get(tx: Tx, target: DraftTarget) -> Draft:
    """A draft: what its room holds, with its problems."""
    return rows.describe(tx, target, target.row, rows.current_text(tx, target))


@operation(Permission.PROMPT_READ, no_audit="read", target=by_draft)
def identify(tx: Tx, target: DraftTarget) -> DraftSession:
    """Which draft it is."""
    return DraftSession(
        session=target.row.session if target.row is not None else "",
        writable=_writable(target),
        caller_name=rows.name_of(tx, tx.caller.actor_id),
    )


@operation(Permission.PROMPT_READ, no_audit=_SAME, target=by_draft)
def load(tx: Tx, target: DraftTarget) -> OpenedDraft:
    """Open a draft for a room; made from the branch head where there is none."""
    row = rows.ensure(tx, target)
    document = rows.document(tx, target, row)
    state = bytes(document.get_update())
    digest = text_hash(text_of(document))
    if row.text_hash != digest:  # some of what several people sent at once was not stored
        _note(tx, target, row, digest)
    elif target.row is not None:
        tx.unchanged()
    return OpenedDraft(
        session=row.session,
        state=state,
        writable=_writable(target),
        problems=tuple(row.problems),
    )


@operation(Permission.PROMPT_WRITE, no_audit=_EDITS, target=by_draft)
def append(tx: Tx, target: DraftTarget, new: DraftUpdates) -> None:
    """Store the edits of one person, if they may write now: a room asks for a role when somebody comes in."""
    _refuse_archived(target)
    if Permission.PROMPT_WRITE not in persons.caller(tx).permissions:
        raise Forbidden(
            "You may read this prompt, and not change it any more.",
            details={"permission": Permission.PROMPT_WRITE.value},
        )
    row = rows.ensure(tx, target)
    rows.add_updates(tx, target, new.updates, tx.caller.actor_id)
    if not new.edited:
        return
    rows.add_editor(tx, target, tx.caller.actor_id)
    if new.text is None:
        _note(tx, target, row, None)
    else:
        _note(tx, target, row, text_hash(new.text))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_CREATE, target=by_draft)
def save(tx: Tx, target: DraftTarget, new: SaveDraft) -> Version:
    """Save what the draft holds as a version, by compare-and-set of the branch head."""
    _refuse_archived(target)
    text = rows.current_text(tx, target)
    digest = text_hash(text)
    if new.text_hash not in (None, digest):
        raise Conflict(
            "The draft has been edited since you looked at it. Look at the present text, then save again.",
            details={"expected": new.text_hash, "text_hash": digest},
        )
    row = rows.ensure(tx, target)
    base = row.base_sha if row.dirty else target.head
    if new.new_branch is not None:
        _start(tx, target, new.new_branch, base)
    version = versions.save_text(
        tx,
        target.prompt,
        text=text,
        branch=new.new_branch or target.branch,
        message=new.commit_message,
        editors=tuple(a.id for a in rows.editors(tx, target)),
        expected_head=base if new.new_branch else new.expected_head or base,
    )
    if new.new_branch is not None:
        if not version.created:
            raise Conflict(
                "The draft says what its version says: there is nothing to save on another branch."
            )
        return version
    if not version.created:
        tx.unchanged()
        return version
    if row.text_hash == digest:  # else it is clean and about to follow
        rows.set_draft(tx, target, base_sha=version.sha, dirty=False)
        rows.clear_editors(tx, target)
    tx.emit("draft.changed", prompt=target.prompt.id, branch=target.branch)
    return version


@operation(Permission.PROMPT_WRITE, no_audit=_EDITS, target=by_draft)
def put(tx: Tx, target: DraftTarget, new: PutDraft) -> DraftChange:
    """Make this the draft's text; the text before is kept."""
    row = rows.ensure(tx, target)
    return _replace(tx, target, row, new.text, base=row.base_sha, reason="put")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.DRAFT_RESTORE, target=by_draft)
def restore(tx: Tx, target: DraftTarget, new: RestoreDraft) -> DraftChange:
    """Put a version's text into the draft; the text before is kept."""
    sha = versions.find(tx, target.prompt, new.version)
    tx.audit(version=sha)
    text = rows.version_text(tx, target.prompt.id, sha)
    row = rows.ensure(tx, target)
    return _replace(tx, target, row, text, base=row.base_sha, reason="restore")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.DRAFT_RESTORE, target=by_draft)
def update(tx: Tx, target: DraftTarget, new: UpdateDraft) -> DraftChange:
    """Take the branch head's text into the draft, or merge it with the edits there."""
    row = rows.ensure(tx, target)
    if row.dirty and not (new.force or new.merge):
        raise Conflict(
            "The draft holds edits that are not saved. Save them, update with `merge` to bring both together, or "
            "with `force` to replace them: the text before is then kept, and undo brings it back.",
            details={"dirty": True, "behind": rows.behind(tx, target.prompt.id, row.base_sha, target.head)},
        )
    if target.head is None:
        raise Conflict("The branch has no version yet, so there is nothing to take.")
    tx.audit(version=target.head)
    if row.dirty and new.merge:
        text = incoming.together(tx, target, rows.current_text(tx, target))
        return _replace(tx, target, row, text, base=target.head, reason="merge")
    text = rows.version_text(tx, target.prompt.id, target.head)
    return _replace(tx, target, row, text, base=target.head, reason="update")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.DRAFT_RESTORE, target=by_draft)
def undo(tx: Tx, target: DraftTarget) -> DraftChange:
    """Bring back the text that was replaced last; the present one is kept in its place."""
    row = rows.ensure(tx, target)
    text, base = kept_texts.take(tx, target.ids)
    return _replace(tx, target, row, text, base=base, reason="undo")


@operation(Permission.PROMPT_READ, no_audit=_SAME, target=by_draft)
def follow(tx: Tx, target: DraftTarget) -> Followed:
    """Let a clean draft take the head; nothing happens to any other."""
    row, head = target.row, target.head
    made = b""
    if row is None or head is None or row.base_sha == head:
        tx.unchanged()
    elif rows.version_text_hash(tx, target.prompt.id, head) == row.text_hash:
        rows.set_draft(tx, target, base_sha=head, dirty=False)
        rows.clear_editors(tx, target)
        tx.emit("draft.changed", prompt=target.prompt.id, branch=target.branch)
    elif not row.dirty:
        text = rows.version_text(tx, target.prompt.id, head)
        made = replacement(rows.document(tx, target, row), text)
        rows.add_updates(tx, target, [made], None)
        rows.set_draft(tx, target, base_sha=head, text_hash=text_hash(text))
        tx.emit("draft.changed", prompt=target.prompt.id, branch=target.branch)
    else:
        tx.emit("draft.changed", prompt=target.prompt.id, branch=target.branch)
    return Followed(update=made)


@operation(Permission.PROMPT_READ, no_audit=_SAME, target=by_draft)
def compact(tx: Tx, target: DraftTarget) -> None:
    """Put one update in the place of the whole log."""
    if target.row is None or rows.count_updates(tx, target) < 2:
        tx.unchanged()
        return
    state = bytes(rows.document(tx, target, target.row).get_update())
    rows.replace_updates(tx, target, state)


@operation(Permission.PROMPT_READ, no_audit=_SAME, target=by_draft)
def note_problems(tx: Tx, target: DraftTarget, new: DraftProblems) -> None:
    """Note which errors the text has, and tell interfaces when they are others than before."""
    row = target.row
    if row is None or row.text_hash != new.text_hash or tuple(row.problems) == new.codes:
        tx.unchanged()
        return
    rows.set_draft(tx, target, problems=list(new.codes))
    tx.emit("draft.changed", prompt=target.prompt.id, branch=target.branch)


def _replace(
    tx: Tx, target: DraftTarget, row: AnyRow, text: str, *, base: str | None, reason: str
) -> DraftChange:
    """Make ``text`` the draft's text as one step, keeping what was there."""
    _refuse_archived(target)
    doc = rows.document(tx, target, row)
    before = text_of(doc)
    made = replacement(doc, text)
    if made:
        kept_texts.keep(tx, target.ids, before, row.base_sha, reason)
        rows.add_updates(tx, target, [made], tx.caller.actor_id)
        rows.add_editor(tx, target, tx.caller.actor_id)
    digest = text_hash(text)
    dirty = digest != rows.version_text_hash(tx, target.prompt.id, base)
    if not dirty:
        rows.clear_editors(tx, target)
    if made or base != row.base_sha:
        rows.set_draft(tx, target, base_sha=base, text_hash=digest, dirty=dirty)
        tx.emit("draft.changed", prompt=target.prompt.id, branch=target.branch)
    elif target.row is not None:
        tx.unchanged()
    now = rows.draft_row(tx, target.prompt.id, target.branch)
    described = rows.describe(tx, target, now, text)
    return DraftChange(update=made, **described.model_dump())


def _start(tx: Tx, target: DraftTarget, name: str, base: str | None) -> None:
    """A branch from where a draft began."""
    if base is None:
        raise Conflict(
            "The branch has no version yet, so there is nothing that another one could start from."
        )
    if taken := refs.check_free_ref(tx, target.prompt.id, name, "branch name"):
        raise AlreadyExists(f"{taken} is called {name!r} already; name another branch")
    heads.insert_branch(tx, target.prompt, name, base)
    tx.emit("branch.created", prompt=target.prompt.id, branch=name)


def _note(tx: Tx, target: DraftTarget, row: AnyRow, digest: str | None) -> None:
    """After edits: the text's hash (None: not known yet), and whether the draft is dirty."""
    dirty = digest is None or digest != rows.version_text_hash(tx, target.prompt.id, row.base_sha)
    rows.set_draft(tx, target, dirty=dirty, **({} if digest is None else {"text_hash": digest}))
    if dirty != row.dirty:
        tx.emit("draft.changed", prompt=target.prompt.id, branch=target.branch)


def _writable(target: DraftTarget) -> bool:
    return target.prompt.archived_at is None


def _refuse_archived(target: DraftTarget) -> None:
    if not _writable(target):
        raise Conflict("The prompt is archived. Restore it before you edit its draft.")
