"""Execution rows: a ``pending`` one before the call, exactly one final state after it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import Conflict, IdempotencyMismatch, InvalidInput, NotFound
from jupyter_prompthub.core.records import (
    ActorRef,
    CallerInfo,
    Execution,
    ExecutionPage,
    ExecutionQuery,
    ExecutionState,
    Message,
    Usage,
)

from ..access.permissions import AuditTag, Permission
from ..execution.ledger import Begun, ExecutionBegin, ExecutionFinish, PendingWorkspaces, StoredAnswer
from ..operations import operation
from ..settings import setting
from ..store.clock import iso
from ..store.paging import Sort, fetch
from ..store.tables import actor, execution, execution_payload
from ..store.types import AnyRow
from ..targets import by_prompt_or_text
from ..transaction import Tx

__all__ = [
    "begin",
    "by_execution",
    "cancellable",
    "finish",
    "get",
    "list",
    "pending_workspaces",
    "recover",
]

_KEPT_DAYS: Final = 90
_MESSAGES: Final = TypeAdapter(tuple[Message, ...])


def by_execution(tx: Tx, execution_id: str) -> AnyRow:
    """Load an execution with its actor's name.

    Raises:
        NotFound: none of that id in this workspace.
    """
    found = tx.conn.execute(
        _rows().where(execution.c.workspace_id == tx.workspace_id, execution.c.id == execution_id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"there is no execution {execution_id!r} here")
    return found


@operation(Permission.PROMPT_EXECUTE, tag=AuditTag.EXECUTION_BEGIN, target=by_prompt_or_text)
def begin(tx: Tx, target: AnyRow | None, new: ExecutionBegin) -> Begun:
    """Record that a model is about to be called."""
    if new.idempotency_key is not None and (known := _known(tx, new)) is not None:
        tx.unchanged()
        return known
    tx.conn.execute(
        insert(execution).values(
            workspace_id=tx.workspace_id,
            prompt_id=None if target is None else target.id,
            actor_id=tx.caller.actor_id,
            credential_id=tx.caller.credential_id,
            via=tx.caller.via,
            caller_kind=new.caller.kind,
            caller_notebook=new.caller.notebook,
            caller_cell_id=new.caller.cell_id,
            state=ExecutionState.PENDING.value,
            created_at=tx.now,
            **new.model_dump(exclude={"caller", "inputs", "messages"}),
        )
    )
    seal = tx.codec.seal
    messages = _MESSAGES.dump_json(new.messages)
    tx.conn.execute(
        insert(execution_payload).values(
            workspace_id=tx.workspace_id,
            execution_id=new.id,
            inputs=seal(execution_payload.c.inputs, new.id, json.dumps(new.inputs, ensure_ascii=False)),
            messages=seal(execution_payload.c.messages, new.id, messages),
            expires_at=tx.now + timedelta(days=_days_kept()),
        )
    )
    tx.audit(**_ran(None if target is None else target.id, new.text_hash), execution_id=new.id)
    return Begun(execution_id=new.id)


@operation(Permission.PROMPT_EXECUTE, tag=AuditTag.EXECUTION_FINISH, target=by_execution)
def finish(tx: Tx, target: AnyRow, end: ExecutionFinish) -> Execution:
    """Record the one final state of an execution.

    Raises:
        Conflict: it has one already.
    """
    values = end.model_dump(exclude={"usage", "output", "answer", "state"})
    values["error_message"] = _cut(end.error_message)
    done = tx.conn.execute(
        sa.update(execution)
        .where(
            execution.c.workspace_id == tx.workspace_id,
            execution.c.id == target.id,
            execution.c.state == ExecutionState.PENDING.value,
        )
        .values(state=end.state.value, **values, **end.usage.model_dump())
    )
    if done.rowcount != 1:
        raise Conflict(f"the execution {target.id} has ended already ({target.state})")
    payload: dict[str, bytes] = {}
    if end.output is not None:
        payload["output"] = tx.codec.seal(execution_payload.c.output, target.id, end.output)
    if end.answer is not None and target.idempotency_key is not None:
        payload["answer"] = tx.codec.seal(
            execution_payload.c.answer, target.id, end.answer.model_dump_json(by_alias=True)
        )
    if payload:
        tx.conn.execute(
            sa.update(execution_payload)
            .where(
                execution_payload.c.workspace_id == tx.workspace_id,
                execution_payload.c.execution_id == target.id,
            )
            .values(**payload)
        )
    ran = _ran(target.prompt_id, target.text_hash)
    tx.audit(**ran, execution_id=target.id, state=end.state.value)
    _tell_end(tx, target)
    return _record(by_execution(tx, target.id))


@operation(Permission.PROMPT_READ, no_audit="read", target=by_execution)
def get(tx: Tx, target: AnyRow) -> Execution:
    """One execution, with its inputs, messages and output until they are erased."""
    row = tx.conn.execute(
        select(execution_payload).where(
            execution_payload.c.workspace_id == tx.workspace_id, execution_payload.c.execution_id == target.id
        )
    ).one_or_none()
    return _record(target) if row is None else _record(target).model_copy(update=_payload(tx, row))


@operation(Permission.PROMPT_READ, no_audit="read")
def list(tx: Tx, query: ExecutionQuery) -> ExecutionPage:
    """Executions, newest first, without their inputs and outputs."""
    mine = _rows().where(execution.c.workspace_id == tx.workspace_id)
    if query.prompt_id is not None:
        mine = mine.where(execution.c.prompt_id == query.prompt_id)
    if query.notebook is not None:
        theirs = execution.c.caller_notebook == query.notebook
        mine = mine.where(theirs, execution.c.actor_id == tx.caller.actor_id)
    if query.state is not None:
        mine = mine.where(execution.c.state == query.state.value)
    order = [Sort(execution.c.created_at, descending=True), Sort(execution.c.id, descending=True)]
    named = f"executions {query.prompt_id or ''} {query.state or ''} {query.notebook or ''}"
    paged = fetch(tx.conn, mine, order, query, named=named)
    return ExecutionPage(items=tuple(_record(row) for row in paged.rows), **paged.fields())


@operation(Permission.PROMPT_EXECUTE, no_audit="read", target=by_execution)
def cancellable(tx: Tx, target: AnyRow) -> Execution:
    """The execution that somebody wants to cancel."""
    return _record(target)


@operation(Permission.WORKSPACE_WRITE, no_audit="read")
def pending_workspaces(tx: Tx) -> PendingWorkspaces:
    """Workspaces with executions to end: asked by the server itself, when it starts."""
    pending = select(execution.c.workspace_id).where(execution.c.state == ExecutionState.PENDING.value)
    return PendingWorkspaces(items=tuple(tx.conn.execute(pending.distinct()).scalars()))


@operation(Permission.WORKSPACE_WRITE, tag=AuditTag.EXECUTION_FINISH, alone=True)
def recover(tx: Tx) -> None:
    """End what a server that is gone had begun: done by the server itself, when it starts."""
    pending = (execution.c.workspace_id == tx.workspace_id) & (
        execution.c.state == ExecutionState.PENDING.value
    )
    rows = tx.conn.execute(select(execution.c.id, execution.c.prompt_id).where(pending)).all()
    tx.conn.execute(
        sa.update(execution)
        .where(pending)
        .values(
            state=ExecutionState.INCOMPLETE.value,
            ended_at=tx.now,
            error_code="server_stopped",
            error_message="the server stopped during the call; its answer was lost. Run it again",
        )
    )
    tx.audit(executions=str(len(rows)))
    for row in rows:
        _tell_end(tx, row)


def _ran(prompt_id: str | None, text_hash: str | None) -> dict[str, str]:
    """What was run, for the log: a prompt; else a text, by its hash."""
    named = {"prompt_id": prompt_id, "text_hash": text_hash if prompt_id is None else None}
    return {name: value for name, value in named.items() if value is not None}


def _tell_end(tx: Tx, row: AnyRow) -> None:
    of_prompt = {} if row.prompt_id is None else {"prompt": row.prompt_id}
    tx.emit("execution.finished", **of_prompt, execution=row.id)


def _known(tx: Tx, new: ExecutionBegin) -> Begun | None:
    """What an earlier request with the same Idempotency-Key came to."""
    row = tx.conn.execute(
        select(execution.c.id, execution.c.state, execution.c.request_hash, execution.c.error_message).where(
            execution.c.workspace_id == tx.workspace_id,
            execution.c.actor_id == tx.caller.actor_id,
            execution.c.idempotency_key == new.idempotency_key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_hash != new.request_hash:
        raise IdempotencyMismatch(
            f"the Idempotency-Key {new.idempotency_key!r} came with another request before; use a new "
            "key for a new "
            "request",
            details={"execution_id": row.id},
        )
    if row.state == ExecutionState.PENDING.value:
        raise Conflict(
            f"the execution {row.id} with this Idempotency-Key is still running; ask for it, or wait",
            details={"execution_id": row.id},
        )
    sealed = tx.conn.execute(
        select(execution_payload.c.answer).where(
            execution_payload.c.workspace_id == tx.workspace_id, execution_payload.c.execution_id == row.id
        )
    ).scalar_one_or_none()
    if sealed is None:
        raise Conflict(
            f"the execution {row.id} with this Idempotency-Key ended as {row.state}, and its answer is "
            "not kept; use "
            "a new key to run it again",
            details={"execution_id": row.id},
        )
    text = tx.codec.open(execution_payload.c.answer, row.id, sealed)
    return Begun(execution_id=row.id, answer=StoredAnswer.model_validate_json(text))


def _rows() -> Any:
    return select(execution, actor.c.display_name.label("actor_name"), actor.c.kind.label("actor_kind")).join(
        actor, actor.c.id == execution.c.actor_id
    )


def _record(row: AnyRow) -> Execution:
    return Execution(
        id=row.id,
        prompt_id=row.prompt_id,
        version_sha=row.version_sha,
        text_hash=row.text_hash,
        state=ExecutionState(row.state),
        model_asked=row.model_asked,
        model=row.model,
        provider=row.provider,
        connection=row.connection,
        environment=row.environment,
        subject=row.subject,
        actor=ActorRef(id=row.actor_id, display_name=row.actor_name, kind=row.actor_kind),
        caller=CallerInfo(kind=row.caller_kind, notebook=row.caller_notebook, cell_id=row.caller_cell_id),
        created_at=iso(row.created_at),
        first_token_at=iso(row.first_token_at) if row.first_token_at else None,
        ended_at=iso(row.ended_at) if row.ended_at else None,
        latency_ms=None if row.latency_us is None else row.latency_us / 1000,
        usage=Usage(
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            cached_tokens=row.cached_tokens,
            total_tokens=row.total_tokens,
        ),
        cost_nano_usd=row.cost_nano_usd,
        finish_reason=row.finish_reason,
        error_code=row.error_code,
        error_message=row.error_message,
        rendered_hash=row.rendered_hash,
    )


def _payload(tx: Tx, row: AnyRow) -> dict[str, Any]:
    found: dict[str, Any] = {}
    columns = execution_payload.c
    if row.inputs is not None:
        found["inputs"] = json.loads(tx.codec.open(columns.inputs, row.execution_id, row.inputs))
    if row.messages is not None:
        found["messages"] = _MESSAGES.validate_json(
            tx.codec.open(columns.messages, row.execution_id, row.messages)
        )
    if row.output is not None:
        found["output"] = tx.codec.open(columns.output, row.execution_id, row.output)
    return found


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= 1000 else text[:999] + "…"


def _days_kept() -> int:
    text = setting("PAYLOAD_DAYS") or str(_KEPT_DAYS)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 36_500:
        raise InvalidInput(f"PAYLOAD_DAYS must be a number of days from 1 to 36500, got {text!r}")
    return int(text)
