"""Sample inputs: named sets of inputs of a prompt, shared in the workspace."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import AlreadyExists, Conflict, NotFound, TooLarge
from jupyter_prompthub.core.records import JsonValue, NewSample, Sample, SampleList, SamplePatch
from jupyter_prompthub.core.records.samples import MOST_SAMPLES

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso, new_id
from ..store.tables import sample
from ..store.types import AnyRow
from ..targets import by_prompt, writable
from ..transaction import Tx
from .around import actors

__all__ = [
    "SampleTarget",
    "by_sample",
    "create",
    "delete_",
    "insert_missing",
    "list_",
    "named_inputs",
    "update_",
]

MOST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class SampleTarget:
    """A sample of a prompt."""

    prompt: AnyRow
    sample: AnyRow


def by_sample(tx: Tx, prompt_id: str, sample_id: str) -> SampleTarget:
    """Load a sample of the prompt.

    Raises:
        NotFound: none of that id.
    """
    prompt = by_prompt(tx, prompt_id)
    row = tx.conn.execute(_of(tx, prompt_id).where(sample.c.id == sample_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such sample of this prompt.")
    return SampleTarget(prompt, row)


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def list_(tx: Tx, target: AnyRow) -> SampleList:
    """The samples of a prompt with their inputs, by name."""
    return SampleList(items=_records(tx, tx.conn.execute(_of(tx, target.id).order_by(sample.c.name)).all()))


@operation(Permission.PROMPT_WRITE, tag=AuditTag.SAMPLE_CREATE, target=by_prompt)
def create(tx: Tx, target: AnyRow, new: NewSample) -> Sample:
    """Keep inputs under a name."""
    writable(target)
    names = tx.conn.scalars(_of(tx, target.id, sample.c.name)).all()
    _free(new.name, names)
    if len(names) >= MOST_SAMPLES:
        raise Conflict(f"{target.name} has {MOST_SAMPLES} samples, the most that are kept: delete one first.")
    made = _insert(tx, target, new.name, new.inputs)
    _changed(tx, target, made)
    tx.audit_content("inputs", _json(new.name, new.inputs))
    return _one(tx, target.id, made)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.SAMPLE_UPDATE, target=by_sample)
def update_(tx: Tx, target: SampleTarget, patch: SamplePatch) -> Sample:
    """Rename a sample, or keep other inputs under its name."""
    prompt, row = target.prompt, target.sample
    writable(prompt)
    values: dict[str, Any] = {}
    if patch.name is not None and patch.name != row.name:
        _free(patch.name, tx.conn.scalars(_of(tx, prompt.id, sample.c.name)).all())
        values["name"] = patch.name
    if patch.inputs is not None:
        text = _json(patch.name or row.name, patch.inputs)
        values["inputs"] = tx.codec.seal(sample.c.inputs, row.id, text)
        tx.audit_content("inputs", text)
    if not values:
        tx.unchanged()
        return _records(tx, [row])[0]
    tx.conn.execute(
        sa.update(sample)
        .where(sample.c.workspace_id == tx.workspace_id, sample.c.id == row.id)
        .values(**values, updated_by=tx.caller.actor_id, updated_at=tx.now)
    )
    _changed(tx, prompt, row.id)
    return _one(tx, prompt.id, row.id)


@operation(Permission.PROMPT_WRITE, tag=AuditTag.SAMPLE_DELETE, target=by_sample)
def delete_(tx: Tx, target: SampleTarget) -> None:
    """Delete a sample."""
    writable(target.prompt)
    tx.conn.execute(
        sa.delete(sample).where(sample.c.workspace_id == tx.workspace_id, sample.c.id == target.sample.id)
    )
    _changed(tx, target.prompt, target.sample.id)


def named_inputs(tx: Tx, prompt_ids: Iterable[str]) -> dict[str, list[NewSample]]:
    """Names and inputs of the samples of prompts, by name: what an export says."""
    mine = (sample.c.workspace_id == tx.workspace_id, sample.c.prompt_id.in_(prompt_ids))
    made: dict[str, list[NewSample]] = {}
    for row in tx.conn.execute(select(sample).where(*mine).order_by(sample.c.name)):
        made.setdefault(row.prompt_id, []).append(NewSample(name=row.name, inputs=_inputs(tx, row)))
    return made


def insert_missing(tx: Tx, prompt: AnyRow, new: Iterable[NewSample]) -> list[str]:
    """Add those whose names the prompt does not have, up to the limit; their names. For imports: tells nobody."""
    names = {*tx.conn.scalars(_of(tx, prompt.id, sample.c.name)).all()}
    added = []
    for one in new:
        if one.name not in names and len(names) < MOST_SAMPLES:
            _insert(tx, prompt, one.name, one.inputs)
            names.add(one.name)
            added.append(one.name)
    return added


def _of(tx: Tx, prompt_id: str, *columns: Any) -> Any:
    return select(*(columns or (sample,))).where(
        sample.c.workspace_id == tx.workspace_id, sample.c.prompt_id == prompt_id
    )


def _free(name: str, names: Iterable[str]) -> None:
    if name in names:
        raise AlreadyExists(
            f"there is a sample {name!r} already; change that one, or choose another name",
            details={"name": name},
        )


def _insert(tx: Tx, prompt: AnyRow, name: str, inputs: dict[str, JsonValue]) -> str:
    made, text = new_id(), _json(name, inputs)
    me, now = tx.caller.actor_id, tx.now
    tx.conn.execute(
        insert(sample).values(
            workspace_id=tx.workspace_id,
            id=made,
            prompt_id=prompt.id,
            name=name,
            inputs=tx.codec.seal(sample.c.inputs, made, text),
            created_by=me,
            created_at=now,
            updated_by=me,
            updated_at=now,
        )
    )
    return made


def _json(name: str, inputs: dict[str, JsonValue]) -> str:
    text = json.dumps(inputs, ensure_ascii=False)
    if (size := len(text.encode())) > MOST_BYTES:
        raise TooLarge(
            f"the inputs of the sample {name!r} are {size} bytes as JSON; at most {MOST_BYTES} are kept. "
            "Shorten them, or keep them in a dataset of your own.",
            details={"size": size, "limit": MOST_BYTES},
        )
    return text


def _inputs(tx: Tx, row: AnyRow) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = json.loads(tx.codec.open(sample.c.inputs, row.id, row.inputs))
    return found


def _changed(tx: Tx, prompt: AnyRow, sample_id: str) -> None:
    tx.audit(prompt=prompt.id, sample=sample_id)
    tx.emit("sample.changed", prompt=prompt.id, sample=sample_id)


def _one(tx: Tx, prompt_id: str, sample_id: str) -> Sample:
    return _records(tx, [tx.conn.execute(_of(tx, prompt_id).where(sample.c.id == sample_id)).one()])[0]


def _records(tx: Tx, rows: Iterable[AnyRow]) -> tuple[Sample, ...]:
    rows = tuple(rows)
    people = actors(tx, (actor for row in rows for actor in (row.created_by, row.updated_by)))
    return tuple(
        Sample(
            id=row.id,
            prompt_id=row.prompt_id,
            name=row.name,
            inputs=_inputs(tx, row),
            created_by=people[row.created_by],
            updated_by=people[row.updated_by],
            updated_at=iso(row.updated_at),
        )
        for row in rows
    )
