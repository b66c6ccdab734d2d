"""Drift: for many versions that ran somewhere, what their refs name now and what is different."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select

from jupyter_prompthub.core import diff
from jupyter_prompthub.core.compatibility import compatibility
from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.history import ahead_behind
from jupyter_prompthub.core.names import Reference, check_ref, parse_reference
from jupyter_prompthub.core.records import Content, Drift, DriftItem, DriftList, DriftQuery, DriftState

from ..access.permissions import Permission
from ..operations import operation
from ..store.tables import version
from ..store.types import AnyRow
from ..transaction import Tx
from . import many_refs, refs
from .contracts import contracts_of
from .edges import walks
from .many_refs import runs
from .refs import Found
from .version_rows import text_of

__all__ = ["check"]

_SHOWN = 8


@operation(Permission.PROMPT_READ, no_audit="read")
def check(tx: Tx, query: DriftQuery) -> DriftList:
    """Tell for many versions that ran whether their refs have moved since, and what changed."""
    gone: dict[DriftItem, Drift] = {}
    references: dict[DriftItem, Reference] = {}
    for item in query.items:
        try:
            references[item] = parse_reference(item.prompt)
            check_ref(item.ref)
        except InvalidInput as error:
            gone[item] = _gone(item, error)
    prompts = many_refs.named(tx, references.values())
    asked = {item: prompts[one] for item, one in references.items() if one in prompts and item not in gone}
    found = many_refs.resolved(tx, [(prompt, item.ref) for item, prompt in asked.items()])
    served: dict[DriftItem, tuple[AnyRow, str]] = {}
    for item, reference in references.items():
        now = found[asked[item].id, item.ref] if item in asked else refs.no_prompt(reference)
        if isinstance(now, Found):
            served[item] = asked[item], now.sha
        else:
            gone.setdefault(item, _gone(item, now))
    moves = {
        _Move(prompt.id, item.version_sha, sha)
        for item, (prompt, sha) in served.items()
        if item.version_sha != sha
    }
    told = _told(tx, moves)

    def answer(item: DriftItem) -> Drift:
        if item in gone:
            return gone[item]
        prompt, sha = served[item]
        here = {
            "prompt": prompt.name,
            "prompt_id": prompt.id,
            "ref": item.ref,
            "version_sha": item.version_sha,
            "current_sha": sha,
        }
        if sha == item.version_sha:
            return Drift(**here, state=DriftState.SAME, behind_by=0, ahead_by=0)
        moved = told.get(_Move(prompt.id, item.version_sha, sha))
        if moved is None:
            reason = f"{prompt.name} has no version {item.version_sha[:12]} here: it came from another store"
            return Drift(**here, state=DriftState.UNKNOWN, changed=True, reason=reason)
        return Drift(**here, state=DriftState.MOVED, changed=True, **moved)

    return DriftList(items=tuple(answer(item) for item in query.items))


class _Move(NamedTuple):
    """From the version that ran to the one that is served."""

    prompt_id: str
    ran: str
    current: str


class _Text(NamedTuple):
    """What is compared of a version."""

    prompt_id: str
    sha: str
    number: int
    text: str
    content: Content
    lock: dict[str, str]


def _gone(item: DriftItem, error: NotFound | InvalidInput) -> Drift:
    return Drift(
        prompt=item.prompt,
        ref=item.ref,
        version_sha=item.version_sha,
        state=DriftState.GONE,
        changed=True,
        reason=error.message,
    )


def _told(tx: Tx, moves: Collection[_Move]) -> dict[_Move, dict[str, Any]]:
    """What there is to say of moves, each once; those from a version that is not here are left out."""
    texts = _texts(tx, moves)
    known = {
        move: (texts[move.prompt_id, move.ran], texts[move.prompt_id, move.current])
        for move in moves
        if (move.prompt_id, move.ran) in texts
    }
    counts = walks(
        tx,
        {
            move: (move.prompt_id, partial(ahead_behind, current.number, ran.number))
            for move, (ran, current) in known.items()
        },
    )
    contracts = contracts_of(tx, texts.values())
    made: dict[_Move, dict[str, Any]] = {}
    for move, (ran, current) in known.items():
        behind, ahead = counts[move]
        labels = _labels(ran, current)
        made[move] = {
            "behind_by": behind,
            "ahead_by": ahead,
            "changes": labels[:_SHOWN],
            "changes_count": len(labels),
            "breaks": compatibility(
                contracts[move.prompt_id, move.ran], contracts[move.prompt_id, move.current]
            ).reasons,
        }
    return made


def _texts(tx: Tx, moves: Collection[_Move]) -> dict[tuple[str, str], _Text]:
    shas = sorted({sha for move in moves for sha in (move.ran, move.current)})
    made: dict[tuple[str, str], _Text] = {}
    for some in runs(shas):
        rows = tx.conn.execute(
            select(
                version.c.prompt_id,
                version.c.sha,
                version.c.number,
                version.c.text,
                version.c.content,
                version.c.lock,
            ).where(version.c.workspace_id == tx.workspace_id, version.c.sha.in_(some))
        )
        for row in rows:
            content = tx.codec.open(version.c.content, row.sha, row.content)
            made[row.prompt_id, row.sha] = _Text(
                row.prompt_id,
                row.sha,
                row.number,
                text_of(tx, row),
                Content.model_validate_json(content),
                row.lock,
            )
    return made


def _labels(ran: _Text, current: _Text) -> tuple[str, ...]:
    """What changed, a line each: units, else what no unit shows."""
    found = diff.diff(ran.content, current.content, text_a=ran.text, text_b=current.text)
    labels = [change.label for change in found.changes]
    if ran.lock != current.lock:
        labels.append("snippets: other versions of them")
    if not labels:
        labels.append("layout only" if found.text_only else "the same content, saved again")
    return tuple(labels)
