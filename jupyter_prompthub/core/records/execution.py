"""Model calls."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from ..names import LATEST
from .base import Input, JsonValue, ParameterName, Record
from .content import Message, Problem
from .people import ActorRef
from .prompts import Page, PageQuery


class ExecutionState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INCOMPLETE = "incomplete"


class CallerInfo(Input):
    """Where a call came from, as the caller says."""

    kind: str = Field(default="api", max_length=40)
    notebook: str | None = Field(default=None, max_length=1000)
    cell_id: str | None = Field(default=None, max_length=100)


class ExecuteRequest(Input):
    """Run a version, or (``text``) an unsaved draft of it; without ``prompt_id`` a ``text`` that is no prompt of the library
    (a plain file). ``provider`` and ``model`` override the prompt's own model; ``connection`` names a server-side
    connection. No address, key or header can be given here."""

    prompt_id: str | None = None
    version: str = "latest"
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    provider: str | None = None
    model: str | None = None
    connection: str | None = None
    parameters: dict[ParameterName, JsonValue] | None = None
    text: str | None = None
    environment: str | None = None
    subject: str | None = Field(default=None, max_length=200)
    history: tuple[Message, ...] = ()
    caller: CallerInfo = CallerInfo()
    stream: bool = False
    timeout_s: float | None = Field(default=None, gt=0, le=3600)

    @property
    def path(self) -> dict[str, str]:
        """What it names, as the path of an operation."""
        return {} if self.prompt_id is None else {"prompt_id": self.prompt_id}

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.prompt_id is None and self.text is None:
            raise ValueError("expected prompt_id, or the text to run")
        if self.prompt_id is None and self.version != LATEST:
            raise ValueError("a text that is no prompt has no versions; leave version out")
        return self


class Usage(Record):
    """Tokens by kind; None where the provider did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    total_tokens: int | None = None


class ExecutionMetadata(Record):
    tokens_used: int | None = None
    latency_ms: float
    cost_usd: float | None = None
    provider: str
    model: str
    first_token_ms: float | None = None
    finish_reason: str | None = None
    usage: Usage = Usage()
    connection: str | None = None
    version_sha: str | None = None
    rendered_hash: str | None = None
    state: ExecutionState = ExecutionState.SUCCEEDED


class ExecutionResult(Record):
    completion: str
    metadata: ExecutionMetadata
    tool_calls: tuple[dict[str, str], ...] = ()
    """what the model asks to be called: ``id``, ``name``, ``arguments`` (JSON text)"""


class ExecuteResponse(Record):
    result: ExecutionResult
    execution_id: str
    timestamp: str
    warnings: tuple[Problem, ...] = ()


class Execution(Record):
    """One recorded model call. ``inputs`` and ``output`` are None once erased. Without ``prompt_id`` a text was run that is
    no prompt of the library; ``text_hash`` is the SHA-256 of a text that is no version (of a draft too)."""

    id: str
    prompt_id: str | None
    version_sha: str | None
    text_hash: str | None = None
    state: ExecutionState
    model_asked: str
    model: str | None = None
    provider: str | None = None
    connection: str | None = None
    environment: str | None = None
    subject: str | None = None
    actor: ActorRef
    caller: CallerInfo
    created_at: str
    first_token_at: str | None = None
    ended_at: str | None = None
    latency_ms: float | None = None
    usage: Usage = Usage()
    cost_nano_usd: int | None = None
    finish_reason: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    inputs: dict[str, JsonValue] | None = None
    messages: tuple[Message, ...] | None = None
    output: str | None = None
    rendered_hash: str | None = None


class CopyQuery(Input):
    """As what: a test case, a notebook cell, or a curl request."""

    form: Literal["case", "cell", "curl"]


class ExecutionCopy(Record):
    """An execution as a text to take elsewhere."""

    form: Literal["case", "cell", "curl"]
    text: str


class ExecutionQuery(PageQuery):
    """``notebook``: the caller's own executions from this notebook or file, as they said when they ran it."""

    prompt_id: str | None = None
    notebook: str | None = Field(default=None, max_length=1000)
    state: ExecutionState | None = None


class ExecutionPage(Page):
    items: tuple[Execution, ...] = ()
