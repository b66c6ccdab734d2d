"""One model call, from its pending row to its one final state."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from jupyter_prompthub.core.errors import GatewayError, PromptHubError, ProviderTimeout
from jupyter_prompthub.core.gateway import Finish, ModelRequest, TextDelta, ToolCall, UsageReport
from jupyter_prompthub.core.records import (
    ExecuteResponse,
    ExecutionMetadata,
    ExecutionResult,
    ExecutionState,
    Problem,
    Usage,
)
from jupyter_prompthub.gateways import local

from ..store.clock import iso, now
from .choice import Choice
from .doors import ModelDoors
from .ledger import ExecutionFinish, StoredAnswer
from .retry import RetryRule

__all__ = ["Call", "Cancelled", "Delta", "Ended", "Run", "Started", "StopReason"]

_log = logging.getLogger(__name__)
_IDLE_S: Final = 120.0
"""longest silence of a provider; the local model may be busy with others for longer"""
_MAX_OUTPUT: Final = 8 * 1_048_576
"""characters of one answer"""


class StopReason(StrEnum):
    """Why a run was stopped from outside."""

    CANCELLED = "cancelled"
    SERVER_STOPPED = "server_stopped"


class Cancelled(PromptHubError):
    """The execution was cancelled, by its caller or by another."""

    code = "cancelled"
    status = 409


@dataclass(frozen=True, slots=True)
class Started:
    """The row is there; the model is being asked."""

    execution_id: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The final state is recorded: exactly one of the two is set."""

    response: ExecuteResponse | None = None
    error: PromptHubError | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """All that is known when the model is asked."""

    execution_id: str
    request: ModelRequest
    choice: Choice
    timeout_s: float
    version_sha: str | None
    rendered_hash: str
    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Progress:
    started: float = field(default_factory=time.monotonic)
    attempt: int = 1
    first_token_at: datetime | None = None
    first_token: float | None = None
    parts: list[str] = field(default_factory=list)
    length: int = 0
    tools: list[ToolCall] = field(default_factory=list)
    usage: UsageReport | None = None
    finish: Finish | None = None

    @property
    def began(self) -> bool:
        return self.first_token is not None


class Run:
    """A call in progress, as a task of its own: its reader may go away, its record is made all the same.

    Args:
        call: what to ask.
        doors: through which.
        finish: records the final state; must not be interrupted.
        emit: is given :class:`Delta` and at last :class:`Ended`.
    """

    def __init__(
        self,
        call: Call,
        doors: ModelDoors,
        finish: Callable[[ExecutionFinish], Awaitable[object]],
        emit: Callable[[Delta | Ended], None],
        rule: RetryRule | None = None,
    ) -> None:
        self._call, self._doors, self._finish, self._emit = call, doors, finish, emit
        self._rule = rule or RetryRule()
        self._stop: StopReason | None = None
        self._asking: asyncio.Task[None] | None = None
        self.done = asyncio.Event()

    def stop(self, reason: StopReason = StopReason.CANCELLED) -> None:
        """End the call; its state will say so. Does nothing when it has ended."""
        self._stop = self._stop or reason
        if self._asking is not None:
            self._asking.cancel()

    async def run(self) -> None:
        """Ask, and record. Never raises for what a provider does."""
        progress = _Progress()
        error: PromptHubError | None = None
        try:
            if self._stop is None:
                self._asking = asyncio.create_task(self._ask(progress))
                # waits without being its parent in cancellation: only stop() ends it
                await asyncio.wait({self._asking})
                if not self._asking.cancelled() and (failure := self._asking.exception()) is not None:
                    error = _known(failure, self._call)
            if self._stop is not None and progress.finish is None:
                error = _stopped(self._stop)
            elif progress.finish is None and error is None:
                error = _stopped(StopReason.CANCELLED)
            try:
                response = self._response(progress)
                await self._finish(self._ending(progress, error, response))
            except PromptHubError as failure:
                error = failure  # the answer could not be recorded: it is not given out as if it were
            self._emit(Ended(error=self._told(error)) if error is not None else Ended(response=response))
        finally:
            self.done.set()

    async def _ask(self, progress: _Progress) -> None:
        try:
            async with asyncio.timeout(self._call.timeout_s):
                while True:
                    try:
                        await self._attempt(progress)
                        return
                    except GatewayError as error:
                        wait = None if progress.began else self._rule.wait_s(error, progress.attempt)
                        if wait is None:
                            raise
                        await asyncio.sleep(wait)
                        progress.attempt += 1
        except TimeoutError as error:
            connection = self._call.choice.connection.record.name
            raise ProviderTimeout(
                f"{connection!r} did not finish within {self._call.timeout_s:g} s; try again, or allow "
                "more time (timeout_s)",
                details={"connection": connection},
            ) from error

    async def _attempt(self, progress: _Progress) -> None:
        call = self._call
        idle = call.timeout_s if call.choice.provider == local.PROVIDER else min(call.timeout_s, _IDLE_S)
        endpoint = call.choice.connection.endpoint(idle_timeout_s=idle)
        async with aclosing(self._doors.stream(call.request, endpoint)) as chunks:
            async for chunk in chunks:
                if not progress.began and isinstance(chunk, TextDelta | ToolCall):
                    progress.first_token, progress.first_token_at = time.monotonic(), now()
                match chunk:
                    case TextDelta(text):
                        progress.length += len(text)
                        if progress.length > _MAX_OUTPUT:
                            raise GatewayError(
                                f"the answer is longer than {_MAX_OUTPUT} characters and was ended"
                            )
                        progress.parts.append(text)
                        self._emit(Delta(text))
                    case ToolCall():
                        progress.tools.append(chunk)
                    case UsageReport():
                        progress.usage = chunk
                    case Finish():
                        progress.finish = chunk

    def _response(self, progress: _Progress) -> ExecuteResponse:
        call, record = self._call, self._call.choice.connection.record
        usage = progress.usage.usage if progress.usage else Usage()
        cost, _ = self._cost(progress)
        finish = progress.finish or Finish(None)
        metadata = ExecutionMetadata(
            tokens_used=usage.total_tokens,
            latency_ms=round((time.monotonic() - progress.started) * 1000, 3),
            cost_usd=None if cost is None else cost / 1_000_000_000,
            provider=call.choice.provider,
            model=finish.model or call.choice.model,
            first_token_ms=_ms(progress.first_token, progress.started),
            finish_reason=finish.reason,
            usage=usage,
            connection=record.name,
            version_sha=call.version_sha,
            rendered_hash=call.rendered_hash,
        )
        tools = tuple({"id": t.id, "name": t.name, "arguments": t.arguments} for t in progress.tools)
        return ExecuteResponse(
            result=ExecutionResult(completion="".join(progress.parts), metadata=metadata, tool_calls=tools),
            execution_id=call.execution_id,
            timestamp=iso(now()),
            warnings=call.warnings,
        )

    def _ending(
        self, progress: _Progress, error: PromptHubError | None, response: ExecuteResponse
    ) -> ExecutionFinish:
        metadata = response.result.metadata
        cost, price = self._cost(progress)
        told = self._told(error)
        answer = StoredAnswer(response=response)
        if told is not None:
            answer = StoredAnswer(code=told.code, message=told.message, details=told.details)
        return ExecutionFinish(
            state=_state(progress, error),
            model=progress.finish.model if progress.finish else None,
            attempt=progress.attempt,
            first_token_at=progress.first_token_at,
            ended_at=now(),
            latency_us=int(metadata.latency_ms * 1000),
            usage=metadata.usage,
            cost_nano_usd=cost,
            price=price,
            finish_reason=metadata.finish_reason,
            error_code=error.code if error else None,
            error_message=error.message if error else None,
            output=response.result.completion if progress.began else None,
            answer=answer,
        )

    def _cost(self, progress: _Progress) -> tuple[int | None, dict[str, object] | None]:
        """Nano-USD and the price behind it. The connection's own prices go first; not known is None."""
        if progress.usage is None:
            return None, None
        record, usage = self._call.choice.connection.record, progress.usage.usage
        per_input, per_output = record.input_nano_usd_per_token, record.output_nano_usd_per_token
        if per_input is not None and per_output is not None:
            if usage.input_tokens is None or usage.output_tokens is None:
                return None, None
            price = {"source": "connection", "input_nano_usd": per_input, "output_nano_usd": per_output}
            return per_input * usage.input_tokens + per_output * usage.output_tokens, price
        if progress.usage.cost_nano_usd is None:
            return None, None
        return progress.usage.cost_nano_usd, {"source": progress.usage.price_source}

    def _told(self, error: PromptHubError | None) -> PromptHubError | None:
        if error is not None:
            error.details.setdefault("execution_id", self._call.execution_id)
        return error


def _state(progress: _Progress, error: PromptHubError | None) -> ExecutionState:
    if error is None:
        return ExecutionState.SUCCEEDED
    if error.code == StopReason.CANCELLED.value:
        return ExecutionState.CANCELLED
    return ExecutionState.INCOMPLETE if progress.began else ExecutionState.FAILED


def _stopped(reason: StopReason) -> PromptHubError:
    if reason is StopReason.CANCELLED:
        return Cancelled("the execution was cancelled; what came until then is kept with it")
    return ServerStopped("the server stopped during the call; run it again")


class ServerStopped(GatewayError):
    """The server was shut down during the call."""

    code = "server_stopped"
    status = 503


def _known(failure: BaseException, call: Call) -> PromptHubError:
    if isinstance(failure, PromptHubError):
        return failure
    # the edge of the process: whatever went wrong, the row gets its final state
    _log.error("execution %s failed unexpectedly", call.execution_id, exc_info=failure)
    return GatewayError(
        f"the call failed unexpectedly ({type(failure).__name__}); the server's log says more"
    )


def _ms(moment: float | None, start: float) -> float | None:
    return None if moment is None else round((moment - start) * 1000, 3)
