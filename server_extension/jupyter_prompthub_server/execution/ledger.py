"""What the pipeline and the operations on executions hand each other. Never routed, never sent."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from jupyter_prompthub.core.records import (
    CallerInfo,
    ExecuteResponse,
    ExecutionState,
    Input,
    JsonValue,
    Message,
    Record,
    Usage,
)

__all__ = ["Begun", "ExecutionBegin", "ExecutionFinish", "PendingWorkspaces", "StoredAnswer"]


class ExecutionBegin(Input):
    """The row as it is before the call."""

    id: str
    version_sha: str | None = None
    text_hash: str | None = None
    lock_hash: str | None = None
    rendered_hash: str | None = None
    environment: str | None = None
    deployment_id: str | None = None
    subject: str | None = None
    caller: CallerInfo = CallerInfo()
    connection: str
    provider: str
    model_asked: str
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    idempotency_key: str | None = Field(default=None, max_length=200)
    request_hash: str | None = None


class ExecutionFinish(Input):
    """The one final state, and what is known then."""

    state: ExecutionState
    model: str | None = None
    attempt: int = 1
    first_token_at: datetime | None = None
    ended_at: datetime
    latency_us: int = 0
    usage: Usage = Usage()
    cost_nano_usd: int | None = None
    price: dict[str, JsonValue] | None = None
    finish_reason: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    output: str | None = None
    answer: StoredAnswer | None = None


class StoredAnswer(Record):
    """What a repeated Idempotency-Key gets: the response, or the error with its class's ``code``."""

    response: ExecuteResponse | None = None
    code: str | None = None
    message: str = ""
    details: dict[str, JsonValue] = Field(default_factory=dict)


class Begun(Record):
    """``answer`` is set when this Idempotency-Key was answered before: then nothing was begun."""

    execution_id: str
    answer: StoredAnswer | None = None


class PendingWorkspaces(Record):
    """Workspaces with executions that nobody finishes any more."""

    items: tuple[str, ...] = ()


ExecutionFinish.model_rebuild()
