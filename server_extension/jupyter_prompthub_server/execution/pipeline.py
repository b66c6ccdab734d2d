"""Model calls: resolve, check, render, record, ask, record. Never inside a transaction."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from jupyter_prompthub.core import errors
from jupyter_prompthub.core.errors import Conflict, PromptHubError, RateLimited
from jupyter_prompthub.core.gateway import ModelRequest
from jupyter_prompthub.core.records import ExecuteRequest, ExecuteResponse, Execution, ExecutionState
from jupyter_prompthub.gateways import local

from ..dispatch import Dispatcher, system_caller
from ..operations import Caller
from ..services import executions
from ..settings import Settings
from ..store.clock import new_id
from .doors import ModelDoors
from .ledger import Begun, ExecutionBegin, ExecutionFinish, PendingWorkspaces, StoredAnswer
from .preparing import Rendering, choice_of, model_request, prepare, render
from .retry import RetryRule
from .run import Call, Delta, Ended, Run, Started, StopReason
from .sources import replay_settings

__all__ = ["ExecutionEvent", "Pipeline", "open_pipeline"]

ExecutionEvent = Started | Delta | ExecuteResponse

_log = logging.getLogger(__name__)
_TIMEOUT_S: Final = 120.0
_LOCAL_TIMEOUT_S: Final = 300.0
"""the small model is slow on a busy machine"""
_MAX_RUNNING: Final = 512
_ERRORS: Final = {
    cls.code: cls
    for cls in vars(errors).values()
    if isinstance(cls, type) and issubclass(cls, PromptHubError)
}


class Pipeline:
    """Executes prompts on one store. Usable from any event loop; close it before the store.

    Args:
        dispatcher: of the store that this process owns.
        doors: the gateways.
        rule: when to ask again.
    """

    def __init__(self, dispatcher: Dispatcher, doors: ModelDoors, rule: RetryRule | None = None) -> None:
        self._dispatcher, self._doors, self._rule = dispatcher, doors, rule
        self._runs: dict[str, tuple[Run, asyncio.Task[Begun]]] = {}
        self._closed = False
        self._recovered = False
        self._recovering = asyncio.Lock()

    async def recover(self) -> None:
        """End what an earlier process had begun and could not finish.

        Done once, before the first execution; a server calls it when it starts.
        """
        async with self._recovering:
            if not self._recovered:
                await self._clear_up()
                self._recovered = True

    async def _clear_up(self) -> None:
        system = system_caller("")
        left: PendingWorkspaces = await self._dispatcher.call(executions.pending_workspaces, system)
        for workspace_id in left.items:
            await self._dispatcher.call(executions.recover, system_caller(workspace_id))

    async def execute(
        self, caller: Caller, request: ExecuteRequest, *, idempotency_key: str | None = None
    ) -> ExecuteResponse:
        """Run a prompt and wait for the whole answer. A cancelled caller cancels the call.

        Raises:
            PromptHubError: as :meth:`stream`.
        """
        async with aclosing(self.stream(caller, request, idempotency_key=idempotency_key)) as events:
            async for event in events:
                if isinstance(event, ExecuteResponse):
                    return event
        raise AssertionError("a stream ends with a response or an error")

    async def stream(
        self, caller: Caller, request: ExecuteRequest, *, idempotency_key: str | None = None
    ) -> AsyncGenerator[ExecutionEvent, None]:
        """Run a prompt: :class:`Started`, any number of :class:`Delta`,
        at last the response. Closing the iterator
        before its end cancels the call.

        Raises:
            NotFound, ContractError, PromptSyntaxError, ModelUnknown, InvalidInput, Forbidden: before any
            call; nothing is
                recorded.
            Conflict: the Idempotency-Key's execution is still running.
            GatewayError: the call failed; ``details["execution_id"]`` names its record.
        """
        call, begin = await self._ready(caller, request, idempotency_key)
        events: asyncio.Queue[Delta | Ended] = asyncio.Queue()

        async def finish(end: ExecutionFinish) -> object:
            return await self._dispatcher.call(
                executions.finish, caller, {"execution_id": call.execution_id}, end
            )

        run = Run(call, self._doors, finish, events.put_nowait, self._rule)

        async def begin_and_run() -> Begun:
            # one task, which nobody's leaving cancels: a row that was begun is finished
            made: Begun = await self._dispatcher.call(executions.begin, caller, request.path, begin)
            begun.set_result(made)
            if made.answer is None:
                await run.run()
            return made

        begun: asyncio.Future[Begun] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(begin_and_run(), name=f"execution {call.execution_id}")
        self._runs[call.execution_id] = (run, task)
        task.add_done_callback(lambda _: self._runs.pop(call.execution_id, None))
        ended = False
        try:
            await asyncio.wait({begun, task}, return_when=asyncio.FIRST_COMPLETED)
            if not begun.done():
                ended = True
                await task  # it could not begin
            made = begun.result()
            yield Started(made.execution_id)
            if made.answer is not None:
                ended = True
                yield _again(made.answer)
                return
            while True:
                event = await events.get()
                if isinstance(event, Ended):
                    ended = True
                    if event.error is not None:
                        raise event.error
                    assert event.response is not None
                    yield event.response
                    return
                yield event
        finally:
            if not ended:
                run.stop()
                # the record is made before we go, also when we are being cancelled ourselves
                await asyncio.wait({task})

    async def count(self, request: ModelRequest) -> tuple[int, tuple[int, ...]] | None:
        """See :meth:`ModelDoors.count`."""
        return await self._doors.count(request)

    async def cancel(self, caller: Caller, execution_id: str) -> Execution:
        """End a running execution,
        whoever started it; the record as it is then. One that has ended stays as it is.

        Raises:
            NotFound: none of that id in the caller's workspace.
        """
        found: Execution = await self._dispatcher.call(
            executions.cancellable, caller, {"execution_id": execution_id}
        )
        if found.state is not ExecutionState.PENDING:
            return found
        known = self._runs.get(execution_id)
        if known is None:
            raise Conflict(f"the execution {execution_id} is just beginning or ending; ask again")
        run, _ = known
        run.stop()
        await run.done.wait()
        done: Execution = await self._dispatcher.call(
            executions.cancellable, caller, {"execution_id": execution_id}
        )
        return done

    async def close(self) -> None:
        """End all runs (they are recorded as stopped), then the gateways."""
        self._closed = True
        running = list(self._runs.values())
        for run, _ in running:
            run.stop(StopReason.SERVER_STOPPED)
        here = asyncio.get_running_loop()
        await asyncio.gather(
            *(task for _, task in running if task.get_loop() is here), return_exceptions=True
        )
        await self._doors.close()

    async def _ready(
        self, caller: Caller, request: ExecuteRequest, key: str | None
    ) -> tuple[Call, ExecutionBegin]:
        if self._closed or len(self._runs) >= _MAX_RUNNING:
            raise RateLimited(
                f"{len(self._runs)} executions are running here; try again in a moment",
                details={"retry_after_s": 1},
            )
        if not self._recovered:
            await self.recover()
        prepared = await self._dispatcher.call(prepare, caller, request.path, request)
        rendering: Rendering = await asyncio.to_thread(render, prepared, request)
        choice = choice_of(prepared, rendering, request)
        call = Call(
            execution_id=new_id(),
            request=model_request(choice, rendering),
            choice=choice,
            timeout_s=request.timeout_s or _default_timeout_s(choice.provider),
            version_sha=prepared.version_sha,
            rendered_hash=rendering.rendered_hash,
            warnings=rendering.warnings,
        )
        begin = ExecutionBegin(
            id=call.execution_id,
            version_sha=prepared.version_sha,
            text_hash=prepared.text_hash,
            lock_hash=prepared.lock_hash,
            rendered_hash=rendering.rendered_hash,
            environment=prepared.environment,
            deployment_id=prepared.deployment_id,
            subject=request.subject,
            caller=request.caller,
            connection=choice.connection.record.name,
            provider=choice.provider,
            model_asked=choice.asked,
            inputs=request.inputs,
            messages=rendering.messages,
            idempotency_key=key,
            request_hash=_request_hash(request) if key is not None else None,
        )
        return call, begin


def open_pipeline(dispatcher: Dispatcher, settings: Settings) -> Pipeline:
    """The pipeline of a process that owns a store. Starts nothing and imports no gateway library.

    Raises:
        InvalidInput: ``PROMPTHUB_REPLAY_MODE`` is not a mode.
    """
    return Pipeline(dispatcher, ModelDoors(settings.home, replay_settings()))


def _default_timeout_s(provider: str) -> float:
    return _LOCAL_TIMEOUT_S if provider == local.PROVIDER else _TIMEOUT_S


def _request_hash(request: ExecuteRequest) -> str:
    said = json.dumps(request.model_dump(mode="json", by_alias=True, exclude={"stream"}), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _again(answer: StoredAnswer) -> ExecuteResponse:
    if answer.response is not None:
        return answer.response
    cls = _ERRORS.get(answer.code or "", errors.GatewayError)
    raise cls(answer.message, details=answer.details)
