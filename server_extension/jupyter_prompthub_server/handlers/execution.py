"""``POST execute``: one JSON answer, or a stream of server-sent events."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from pydantic import BaseModel
from tornado.iostream import StreamClosedError

from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.records import ExecuteRequest, ExecuteResponse, Record

from ..access.permissions import Permission
from ..execution.calls import pipeline_of
from ..execution.pipeline import ExecutionEvent
from ..execution.run import Delta, Started
from ..idempotency import Idempotency
from .base import PromptHubHandler, authenticated
from .errors import error_response

__all__ = ["ExecuteHandler"]

_ALIVE_S = 15.0
"""after so long without an event a comment is sent, so that proxies keep the connection open"""


class StartEvent(Record):
    """Data of ``event: start``."""

    execution_id: str


class DeltaEvent(Record):
    """Data of ``event: delta``."""

    text: str


class ExecuteHandler(PromptHubHandler):
    """Runs a prompt. Streams when the request says ``stream``,
    or accepts ``text/event-stream``. A client that
    hangs up cancels."""

    _task: asyncio.Task[Any] | None = None

    def on_connection_close(self) -> None:
        super().on_connection_close()
        if self._task is not None:
            self._task.cancel()

    @authenticated
    async def post(self) -> None:
        if Permission.PROMPT_EXECUTE not in self.caller.permissions:
            await self.runtime.deny(self.caller, "calls.execute", Permission.PROMPT_EXECUTE)
        asked: ExecuteRequest = await self.body(ExecuteRequest)
        given = self.request.headers.get("Idempotency-Key")
        key = None if given is None else Idempotency(given).key
        stream = asked.stream or "text/event-stream" in self.request.headers.get("Accept", "")
        # a task of its own, so that hanging up can cancel it whatever it waits for
        work = self._stream(asked, key) if stream else self._whole(asked, key)
        self._task = asyncio.create_task(work)
        try:
            await asyncio.wait({self._task})
        finally:
            self._task.cancel()
        if not self._task.cancelled():
            self._task.result()

    async def _whole(self, asked: ExecuteRequest, key: str | None) -> None:
        pipeline = pipeline_of(self.runtime)
        self.answer(await pipeline.execute(self.caller, asked, idempotency_key=key))

    async def _stream(self, asked: ExecuteRequest, key: str | None) -> None:
        pipeline = pipeline_of(self.runtime)
        async with aclosing(pipeline.stream(self.caller, asked, idempotency_key=key)) as events:
            first = await anext(events)  # errors up to here are plain answers
            self.set_header("Content-Type", "text/event-stream")
            self.set_header("Cache-Control", "no-store")
            self.set_header("X-Accel-Buffering", "no")
            try:
                await self._send_event(first)
                async for event in _with_pauses(events):
                    if event is None:
                        self.write(": still there\n\n")
                        await self.flush()
                    else:
                        await self._send_event(event)
            except StreamClosedError:
                return  # closing the events cancels the call
            except PromptHubError as error:
                await self._send("error", error_response(error, self.trace_id))
        await self.finish()

    async def _send_event(self, event: ExecutionEvent) -> None:
        match event:
            case Started(execution_id):
                await self._send("start", StartEvent(execution_id=execution_id))
            case Delta(text):
                await self._send("delta", DeltaEvent(text=text))
            case ExecuteResponse():
                await self._send("result", event)

    async def _send(self, name: str, data: BaseModel) -> None:
        self.write(f"event: {name}\ndata: {data.model_dump_json(by_alias=True)}\n\n")
        await self.flush()


async def _with_pauses(events: Any) -> Any:
    """The events, and None after every :data:`_ALIVE_S` without one."""
    following: asyncio.Task[Any] | None = None
    try:
        while True:
            following = following or asyncio.ensure_future(anext(events, _END))
            done, _ = await asyncio.wait({following}, timeout=_ALIVE_S)
            if not done:
                yield None
                continue
            event, following = following.result(), None
            if event is _END:
                return
            yield event
    finally:
        if following is not None:
            following.cancel()
            await asyncio.wait({following})


_END: Any = object()
