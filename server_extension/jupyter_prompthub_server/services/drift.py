"""Drift: for many versions that ran somewhere, what their refs name now and what is different."""

from __future__ import annotations

from jupyter_prompthub.core import diff
from jupyter_prompthub.core.compatibility import compatibility
from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.history import ahead_behind
from jupyter_prompthub.core.names import check_ref, parse_reference
from jupyter_prompthub.core.records import Drift, DriftItem, DriftList, DriftQuery, DriftState, Version

from ..access.permissions import Permission
from ..operations import operation
from ..store.types import AnyRow
from ..transaction import Tx
from . import refs
from .contracts import contract_of
from .edges import Edges
from .version_rows import loads

__all__ = ["check"]

_SHOWN = 8


@operation(Permission.PROMPT_READ, no_audit="read")
def check(tx: Tx, query: DriftQuery) -> DriftList:
    """Tell for many versions that ran whether their refs have moved since, and what changed."""
    known: dict[DriftItem, Drift] = {}
    for item in query.items:
        if item not in known:
            known[item] = _of(tx, item)
    return DriftList(items=tuple(known[item] for item in query.items))


def _of(tx: Tx, item: DriftItem) -> Drift:
    try:
        prompt = refs.prompt_named(tx, parse_reference(item.prompt))
        found = refs.resolve(tx, prompt, check_ref(item.ref))
    except (NotFound, InvalidInput) as error:
        return Drift(
            prompt=item.prompt,
            ref=item.ref,
            version_sha=item.version_sha,
            state=DriftState.GONE,
            changed=True,
            reason=error.message,
        )
    here = {
        "prompt": prompt.name,
        "prompt_id": prompt.id,
        "ref": item.ref,
        "version_sha": item.version_sha,
        "current_sha": found.sha,
    }
    if found.sha == item.version_sha:
        return Drift(**here, state=DriftState.SAME, behind_by=0, ahead_by=0)
    return _moved(tx, prompt, here)


def _moved(tx: Tx, prompt: AnyRow, here: dict[str, str]) -> Drift:
    try:
        ran, current = loads(tx, prompt.id, [here["version_sha"], here["current_sha"]])
    except NotFound:
        reason = f"{prompt.name} has no version {here['version_sha'][:12]} here: it came from another store"
        return Drift(**here, state=DriftState.UNKNOWN, changed=True, reason=reason)
    behind, ahead = ahead_behind(current.number, ran.number, Edges(tx, prompt.id))
    labels = _labels(ran, current)
    return Drift(
        **here,
        state=DriftState.MOVED,
        changed=True,
        behind_by=behind,
        ahead_by=ahead,
        changes=labels[:_SHOWN],
        changes_count=len(labels),
        breaks=compatibility(contract_of(tx, ran), contract_of(tx, current)).reasons,
    )


def _labels(ran: Version, current: Version) -> tuple[str, ...]:
    """What changed, a line each: units, else what no unit shows."""
    found = diff.diff(ran.content, current.content, text_a=ran.text, text_b=current.text)
    labels = [change.label for change in found.changes]
    if ran.lock != current.lock:
        labels.append("snippets: other versions of them")
    if not labels:
        labels.append("layout only" if found.text_only else "the same content, saved again")
    return tuple(labels)
