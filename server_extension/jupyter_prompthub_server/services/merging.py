"""Branches that come together: merge, cherry-pick, revert (``docs/formats/merge.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from jupyter_prompthub.core import diff, promptfile
from jupyter_prompthub.core import merge as core
from jupyter_prompthub.core.errors import Conflict, InvalidInput, NotFound
from jupyter_prompthub.core.history import ahead_behind, merge_bases, walk
from jupyter_prompthub.core.merge.several import settled
from jupyter_prompthub.core.names import Reference, check_name
from jupyter_prompthub.core.records import (
    ConflictResolution,
    Diff,
    Merge,
    MergeQuery,
    MergeResult,
    MergeState,
    NewMerge,
    NewPick,
    Version,
)

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.tables import version
from ..store.types import AnyRow
from ..targets import by_prompt, writable
from ..transaction import Tx
from . import refs, saving
from .edges import Edges
from .version_rows import SHORT, load, text_of

__all__ = ["cherry_pick", "merge", "preview", "revert"]


@dataclass(frozen=True, slots=True)
class _Node:
    """A version of the prompt."""

    sha: str
    number: int
    text: str

    @property
    def short(self) -> str:
        return self.sha[:SHORT]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Two versions and what they have in common."""

    source: _Node
    target: _Node
    bases: tuple[_Node, ...]

    @property
    def is_up_to_date(self) -> bool:
        return any(base.sha == self.source.sha for base in self.bases)

    @property
    def is_forward(self) -> bool:
        """The target has nothing that the source does not have."""
        return any(base.sha == self.target.sha for base in self.bases)

    def record(self, state: MergeState, **more: object) -> Merge:
        return Merge(
            state=state,
            source_sha=self.source.sha,
            target_sha=self.target.sha,
            bases=tuple(base.sha for base in self.bases),
            **more,
        )


# ------------------------------------------------------------------ operations


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def preview(tx: Tx, prompt: AnyRow, query: MergeQuery) -> Merge:
    """What a merge would come to: its text and what it brings, or its conflicts. Nothing is written."""
    plan = _plan(tx, prompt, query.source, query.target)
    if plan.is_up_to_date:
        return plan.record(MergeState.UP_TO_DATE)
    made = _merged(tx, prompt, plan, query.resolutions)
    if made.text is None:
        return plan.record(MergeState.CONFLICTS, conflicts=made.conflicts)
    state = MergeState.FAST_FORWARD if plan.is_forward else MergeState.READY
    return plan.record(state, text=made.text, diff=_brings(plan.target.text, made.text))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_MERGE, target=by_prompt)
def merge(tx: Tx, prompt: AnyRow, new: NewMerge) -> Merge:
    """Merge a branch (or any version) into a branch. With conflicts nothing is written, and they are the answer."""
    writable(prompt)
    plan = _plan(tx, prompt, new.source, new.target)
    _as_expected(plan, new.expected_head, new.expected_source)
    if plan.is_up_to_date:
        tx.unchanged()
        return plan.record(MergeState.UP_TO_DATE, version=load(tx, prompt.id, plan.target.sha))
    if plan.is_forward and new.mode in ("auto", "fast_forward"):
        return _forward(tx, prompt, plan, new.target)
    if new.mode == "fast_forward":
        ahead, _ = ahead_behind(plan.target.number, plan.source.number, Edges(tx, prompt.id))
        raise Conflict(
            f"{new.target} cannot just move to {plan.source.short}: it has {ahead} versions that {new.source} "
            "does not have. Merge without fast_forward, or merge it into the source first.",
            details={"head": plan.target.sha},
        )
    made = _merged(tx, prompt, plan, new.resolutions)
    if made.text is None:
        tx.unchanged()
        return plan.record(MergeState.CONFLICTS, conflicts=made.conflicts)
    squash = new.mode == "squash"
    saved = _save(
        tx,
        prompt,
        made.text,
        new.target,
        new.commit_message or f"Merge {new.source} into {new.target}",
        plan.target.sha,
        others=() if squash else (plan.source.sha,),
        # who wrote what is squashed stays known
        editors=_authors(tx, prompt, plan) if squash else (),
    )
    tx.audit(merged=plan.source.sha, before=plan.target.sha)
    state = MergeState.MERGED if saved.created else MergeState.UP_TO_DATE
    return plan.record(state, text=made.text, version=saved, diff=_brings(plan.target.text, made.text))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_PICK, target=by_prompt)
def cherry_pick(tx: Tx, prompt: AnyRow, new: NewPick) -> Merge:
    """Make the change that one version made on a branch as well."""
    return _again(tx, prompt, new, back=False)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_REVERT, target=by_prompt)
def revert(tx: Tx, prompt: AnyRow, new: NewPick) -> Merge:
    """Take the change that one version made back on a branch, by a new version."""
    return _again(tx, prompt, new, back=True)


def _again(tx: Tx, prompt: AnyRow, new: NewPick, *, back: bool) -> Merge:
    writable(prompt)
    target = _head(tx, prompt, new.target)
    source = _node(tx, prompt, refs.resolve(tx, prompt, new.version).sha)
    parent = _parent(tx, prompt, source, new.mainline)
    plan = _Plan(source, target, (source if back else parent,))
    _as_expected(plan, new.expected_head, None)
    base, theirs = (source.text, parent.text) if back else (parent.text, source.text)
    made = _three(tx, base, target.text, theirs, new.resolutions)
    if made.text is None:
        tx.unchanged()
        return plan.record(MergeState.CONFLICTS, conflicts=made.conflicts)
    said = f"{'Revert' if back else 'Pick'} {source.short}"
    saved = _save(tx, prompt, made.text, new.target, new.commit_message or said, target.sha)
    tx.audit(reverted=source.sha) if back else tx.audit(picked=source.sha)
    state = MergeState.MERGED if saved.created else MergeState.UP_TO_DATE
    return plan.record(state, text=made.text, version=saved, diff=_brings(target.text, made.text))


# ------------------------------------------------------------------ parts


def _plan(tx: Tx, prompt: AnyRow, source: str, target: str) -> _Plan:
    ours = _head(tx, prompt, target)
    theirs = _node(tx, prompt, refs.resolve(tx, prompt, source).sha)
    return _Plan(
        theirs, ours, _by_number(tx, prompt, merge_bases(ours.number, theirs.number, Edges(tx, prompt.id)))
    )


def _head(tx: Tx, prompt: AnyRow, name: str) -> _Node:
    sha = refs.head(tx, prompt.id, name)
    if sha is None:
        raise NotFound(
            f"{prompt.name} has no branch {name!r} to merge into: create it first.", details={"branch": name}
        )
    return _node(tx, prompt, sha)


def _node(tx: Tx, prompt: AnyRow, sha: str) -> _Node:
    return _nodes(tx, prompt, version.c.sha == sha)[0]


def _by_number(tx: Tx, prompt: AnyRow, numbers: Sequence[int]) -> tuple[_Node, ...]:
    return _nodes(tx, prompt, version.c.number.in_(numbers)) if numbers else ()


def _nodes(tx: Tx, prompt: AnyRow, which: object) -> tuple[_Node, ...]:
    rows = tx.conn.execute(
        select(version.c.sha, version.c.number, version.c.text)
        .where(version.c.workspace_id == tx.workspace_id, version.c.prompt_id == prompt.id, which)  # type: ignore[arg-type]
        .order_by(version.c.number)
    )
    return tuple(_Node(row.sha, row.number, text_of(tx, row)) for row in rows)


def _parent(tx: Tx, prompt: AnyRow, source: _Node, mainline: int | None) -> _Node:
    parents = Edges(tx, prompt.id)(source.number)
    if not parents:
        raise InvalidInput(
            f"{source.short} is the first version: it changed nothing that could be taken over."
        )
    if mainline is None and len(parents) > 1:
        raise InvalidInput(
            f"{source.short} is a merge of {len(parents)} versions: "
            "say against which parent it is a change (mainline, from 1)."
        )
    at = (mainline or 1) - 1
    if at >= len(parents):
        raise InvalidInput(
            f"{source.short} has {len(parents)} parents, expected a mainline up to that, got {mainline}."
        )
    return _by_number(tx, prompt, [parents[at]])[0]


def _as_expected(plan: _Plan, head: str | None, source: str | None) -> None:
    if head is not None and head != plan.target.sha:
        raise saving.stale(head, plan.target.sha)
    if source is not None and source != plan.source.sha:
        raise saving.stale(source, plan.source.sha)


def _merged(tx: Tx, prompt: AnyRow, plan: _Plan, resolutions: Sequence[ConflictResolution]) -> MergeResult:
    base = _base(tx, prompt, plan.bases)
    return _three(tx, base, plan.target.text, plan.source.text, resolutions)


def _three(
    tx: Tx, base: str, ours: str, theirs: str, resolutions: Sequence[ConflictResolution]
) -> MergeResult:
    return core.merge(
        base, ours, theirs, resolutions, unresolved=lambda name, ref: _unresolved(tx, name, ref)
    )


def _unresolved(tx: Tx, name: str, ref: str) -> str | None:
    try:
        row = refs.prompt_named(tx, Reference(check_name(name)))
        refs.resolve(tx, row, ref)
    except (NotFound, InvalidInput) as error:
        return error.message
    return "it is archived" if row.archived_at is not None else None


def _base(tx: Tx, prompt: AnyRow, bases: Sequence[_Node]) -> str:
    """The text that both sides are compared with; of several merge bases their own merge, the oldest first."""
    if not bases:
        return ""
    oldest = bases[0]
    text = oldest.text
    for other in bases[1:]:
        common = merge_bases(oldest.number, other.number, Edges(tx, prompt.id))
        text = settled(_base(tx, prompt, _by_number(tx, prompt, common)), text, other.text)
    return text


def _brings(before: str, after: str) -> Diff:
    old, new = promptfile.parse(before).content, promptfile.parse(after).content
    return diff.diff(old, new, text_a=before, text_b=after)


def _forward(tx: Tx, prompt: AnyRow, plan: _Plan, target: str) -> Merge:
    saving.point(tx, prompt, target, plan.target.sha, plan.source.sha, plan.source.text)
    tx.audit(prompt=prompt.id, branch=target, version=plan.source.sha, before=plan.target.sha)
    tx.emit("branch.moved", prompt=prompt.id, branch=target)
    return plan.record(
        MergeState.FAST_FORWARD,
        text=plan.source.text,
        diff=_brings(plan.target.text, plan.source.text),
        version=load(tx, prompt.id, plan.source.sha),
    )


def _save(
    tx: Tx,
    prompt: AnyRow,
    text: str,
    target: str,
    message: str,
    head: str,
    *,
    others: Sequence[str] = (),
    editors: Sequence[str] = (),
) -> Version:
    prepared = saving.prepare(tx, text, prompt.id, prompt.name)
    saved = saving.store(
        tx, prompt, prepared, name=target, message=message, editors=editors, expected_head=head, others=others
    )
    tx.audit(prompt=prompt.id, version=saved.sha, branch=target)
    if saved.created:
        tx.audit_content("text", text)
        tx.emit("version.created", prompt=prompt.id, version=saved.sha, branch=target)
    else:
        tx.unchanged()
    return load(tx, prompt.id, saved.sha, created=saved.created, warnings=prepared.warnings)


def _authors(tx: Tx, prompt: AnyRow, plan: _Plan) -> tuple[str, ...]:
    """Who wrote the versions that the source has and the target has not."""
    edges = Edges(tx, prompt.id)
    ahead, _ = ahead_behind(plan.source.number, plan.target.number, edges)
    if not ahead:
        return ()
    known = set(walk([plan.target.number], edges))
    numbers = [number for number in walk([plan.source.number], edges) if number not in known]
    found: set[str] = set()
    for at in range(0, len(numbers), 500):
        found |= set(
            tx.conn.scalars(
                select(version.c.author_id).where(
                    version.c.workspace_id == tx.workspace_id,
                    version.c.prompt_id == prompt.id,
                    version.c.number.in_(numbers[at : at + 500]),
                )
            )
        )
    return tuple(sorted(found))
