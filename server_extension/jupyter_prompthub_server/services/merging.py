"""Branches that come together: merge, cherry-pick, revert (``docs/formats/merge.md``)."""

from __future__ import annotations

from jupyter_prompthub.core.errors import Conflict, InvalidInput
from jupyter_prompthub.core.history import ahead_behind
from jupyter_prompthub.core.merge.shown import shown
from jupyter_prompthub.core.records import Merge, MergeQuery, MergeResult, MergeState, NewMerge, NewPick

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.types import AnyRow
from ..targets import by_prompt, writable
from ..transaction import Tx
from . import refs
from .edges import Edges
from .merge_plan import (
    Node,
    Plan,
    as_expected,
    authors,
    brings,
    brings_version,
    by_number,
    forward,
    head_node,
    impossible,
    merged,
    node,
    plan_of,
    restored,
    save,
    three,
)
from .saving import prepare
from .snippets import locked_by
from .version_rows import load

__all__ = ["cherry_pick", "merge", "preview", "revert"]


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def preview(tx: Tx, prompt: AnyRow, query: MergeQuery) -> Merge:
    """What a merge would come to: its text and what it brings, or its conflicts. Nothing is written.

    Raises:
        PromptSyntaxError, SnippetError: the merged text cannot be a version.
    """
    plan = plan_of(tx, prompt, query.source, query.target)
    if plan.is_up_to_date:
        return plan.record(MergeState.UP_TO_DATE)
    made = merged(tx, prompt, plan, query.resolutions, parts=True)
    if query.resolutions and (why := impossible(tx, prompt, plan, made, query.resolutions)) is not None:
        raise InvalidInput(f"with this the result cannot be a version: {why}")
    if made.text is None:
        return _undecided(plan, made)
    if plan.is_forward:
        diff = brings_version(tx, prompt, plan.target, made.text, plan.source.sha)
        return plan.record(MergeState.FAST_FORWARD, text=made.text, diff=diff)
    new = prepare(tx, made.text, prompt.id, prompt.name).locked.by_name
    old = locked_by(tx, prompt.id, {plan.target.sha})[plan.target.sha]
    diff = brings(plan.target.text, made.text, old, new)
    return plan.record(MergeState.READY, text=made.text, diff=diff)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_MERGE, target=by_prompt)
def merge(tx: Tx, prompt: AnyRow, new: NewMerge) -> Merge:
    """Merge a branch (or any version) into a branch. With conflicts nothing is written, and they are the answer."""
    writable(prompt)
    plan = plan_of(tx, prompt, new.source, new.target)
    as_expected(plan, new.expected_head, new.expected_source)
    if plan.is_up_to_date:
        tx.unchanged()
        return plan.record(MergeState.UP_TO_DATE, version=load(tx, prompt.id, plan.target.sha))
    if plan.is_forward and new.mode in ("auto", "fast_forward"):
        if new.resolutions:
            merged(tx, prompt, plan, new.resolutions)  # there is nothing to decide: it says so
        return forward(tx, prompt, plan, new.target)
    if new.mode == "fast_forward":
        ahead, _ = ahead_behind(plan.target.number, plan.source.number, Edges(tx, prompt.id))
        raise Conflict(
            f"{new.target} cannot just move to {plan.source.short}: it has {ahead} versions that {new.source} "
            "does not have. Merge without fast_forward, or merge it into the source first.",
            details={"head": plan.target.sha},
        )
    made = merged(tx, prompt, plan, new.resolutions, parts=True)
    if made.text is None:
        tx.unchanged()
        return _undecided(plan, made)
    squash = new.mode == "squash"
    saved = save(
        tx,
        prompt,
        made.text,
        new.target,
        new.commit_message or f"Merge {new.source} into {new.target}",
        plan.target.sha,
        others=() if squash else (plan.source.sha,),
        # who wrote what is squashed stays known
        editors=authors(tx, prompt, plan) if squash else (),
    )
    tx.audit(merged=plan.source.sha, before=plan.target.sha)
    state = MergeState.MERGED if saved.created else MergeState.UP_TO_DATE
    diff = brings_version(tx, prompt, plan.target, made.text, saved.sha)
    return plan.record(state, text=made.text, version=saved, diff=diff)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_PICK, target=by_prompt)
def cherry_pick(tx: Tx, prompt: AnyRow, new: NewPick) -> Merge:
    """Make the change that one version made on a branch as well."""
    return _again(tx, prompt, new, back=False)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_REVERT, target=by_prompt)
def revert(tx: Tx, prompt: AnyRow, new: NewPick) -> Merge:
    """Take the change that one version made back on a branch, by a new version."""
    return _again(tx, prompt, new, back=True)


def _undecided(plan: Plan, made: MergeResult) -> Merge:
    conflicts = tuple(shown(one) for one in made.conflicts)
    return plan.record(MergeState.CONFLICTS, conflicts=conflicts, so_far=made.so_far)


def _again(tx: Tx, prompt: AnyRow, new: NewPick, *, back: bool) -> Merge:
    writable(prompt)
    target = head_node(tx, prompt, new.target)
    source = node(tx, prompt, refs.resolve(tx, prompt, new.version).sha)
    parent = _parent(tx, prompt, source, new.mainline)
    plan = Plan(source, target, (source if back else parent,))
    as_expected(plan, new.expected_head, None)
    base, theirs = (source.text, parent.text) if back else (parent.text, source.text)
    made = three(tx, base, target.text, theirs, new.resolutions, parts=True)
    if made.text is None:
        tx.unchanged()
        return _undecided(plan, made)
    said = f"{'Revert' if back else 'Pick'} {source.short}"
    # who wrote what is picked, or what comes back, stays known
    picked = Plan(source, parent, ())
    editors = restored(tx, prompt, source, parent) if back else authors(tx, prompt, picked)
    saved = save(tx, prompt, made.text, new.target, new.commit_message or said, target.sha, editors=editors)
    tx.audit(reverted=source.sha) if back else tx.audit(picked=source.sha)
    state = MergeState.MERGED if saved.created else MergeState.UP_TO_DATE
    diff = brings_version(tx, prompt, target, made.text, saved.sha)
    return plan.record(state, text=made.text, version=saved, diff=diff)


def _parent(tx: Tx, prompt: AnyRow, source: Node, mainline: int | None) -> Node:
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
    return by_number(tx, prompt, [parents[at]])[0]
