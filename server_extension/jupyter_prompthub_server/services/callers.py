"""Known callers of a prompt, from its latest executions."""

from __future__ import annotations

import json

from sqlalchemy import select

from jupyter_prompthub.core.records import CallerInfo, CallerList, CallersQuery, KnownCaller

from ..access.permissions import Permission
from ..operations import operation
from ..store.clock import iso
from ..store.tables import execution, execution_payload
from ..store.types import AnyRow
from ..targets import by_prompt
from ..transaction import Tx
from .around import actors

__all__ = ["list_"]

_LOOKED_AT = 2_000
"""executions, the latest"""
_OPENED = 200
"""callers whose last inputs are looked at"""


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt)
def list_(tx: Tx, prompt: AnyRow, query: CallersQuery) -> CallerList:
    """Who runs a prompt, or gives it a variable: the cells of notebooks, people and keys, the latest first."""
    rows = tx.conn.execute(
        select(
            execution.c.id,
            execution.c.version_sha,
            execution.c.environment,
            execution.c.actor_id,
            execution.c.caller_kind,
            execution.c.caller_notebook,
            execution.c.caller_cell_id,
            execution.c.created_at,
        )
        .where(execution.c.workspace_id == tx.workspace_id, execution.c.prompt_id == prompt.id)
        .order_by(execution.c.created_at.desc(), execution.c.id.desc())
        .limit(_LOOKED_AT + 1)
    ).all()
    groups: dict[tuple[str | None, ...], list[AnyRow]] = {}
    for row in rows[:_LOOKED_AT]:
        groups.setdefault(_place(row), []).append(row)
    found = list(groups.values())[:_OPENED]
    inputs = _inputs(tx, [group[0].id for group in found])
    if query.variable is not None:
        found = [group for group in found if query.variable in (inputs[group[0].id] or ())]
    shown = found[: query.limit]
    people = actors(tx, {group[0].actor_id for group in shown})
    return CallerList(
        items=tuple(
            KnownCaller(
                caller=CallerInfo(
                    kind=last.caller_kind, notebook=last.caller_notebook, cell_id=last.caller_cell_id
                ),
                actor=people[last.actor_id],
                runs=len(group),
                last_at=iso(last.created_at),
                execution_id=last.id,
                version_sha=last.version_sha,
                environment=last.environment,
                inputs=inputs[last.id],
            )
            for group in shown
            for last in group[:1]
        ),
        looked_at=min(len(rows), _LOOKED_AT),
        more=len(rows) > _LOOKED_AT or len(found) > query.limit or len(groups) > _OPENED,
    )


def _place(row: AnyRow) -> tuple[str | None, ...]:
    """What counts as one caller: a cell wherever it is known, else who called, and how."""
    if row.caller_cell_id is not None or row.caller_notebook is not None:
        return row.caller_kind, row.caller_notebook, row.caller_cell_id
    return row.caller_kind, row.actor_id


def _inputs(tx: Tx, ids: list[str]) -> dict[str, tuple[str, ...] | None]:
    """Names of inputs by execution; None where they are erased."""
    found: dict[str, tuple[str, ...] | None] = dict.fromkeys(ids)
    if ids:
        column = execution_payload.c.inputs
        rows = tx.conn.execute(
            select(execution_payload.c.execution_id, column).where(
                execution_payload.c.workspace_id == tx.workspace_id,
                execution_payload.c.execution_id.in_(ids),
                column.is_not(None),
            )
        )
        for row in rows:
            found[row.execution_id] = tuple(json.loads(tx.codec.open(column, row.execution_id, row.inputs)))
    return found
