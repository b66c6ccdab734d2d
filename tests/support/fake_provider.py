"""A real HTTP server that speaks the chat APIs of OpenAI, Azure and Anthropic, with faults on demand.

It runs in a thread of its own, so that a blocked event loop under test cannot hide behind it::

    with FakeProvider() as provider:
        provider.plan(Fault.RATE_LIMIT, Fault.NONE)   # the next two requests
        ... provider.url ...
        assert provider.requests[0].headers["Authorization"] == "Bearer k"
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

__all__ = ["FakeProvider", "Fault", "Seen"]


class Fault(StrEnum):
    NONE = "none"
    UNAUTHORIZED = "401"
    RATE_LIMIT = "429"
    BROKEN = "500"
    REFUSED = "400"
    REDIRECT = "redirect"
    HANG = "hang"
    """accepts the request and never answers"""
    STALL = "stall"
    """two pieces, then silence"""
    CUT = "cut"
    """two pieces, then the connection is lost"""
    ENDS_EARLY = "ends early"
    """two pieces, then a proper end of the HTTP answer, without a finish reason"""
    MALFORMED = "malformed"
    """two pieces, then something that is not JSON"""
    ERROR_IN_STREAM = "error in stream"
    NOT_STREAMED = "not streamed"
    SLOW = "slow"
    """a pause of ``pause_s`` before every piece"""
    TOOL_CALL = "tool call"


@dataclass(frozen=True)
class Seen:
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass
class FakeProvider:
    """``url`` ends in ``/v1``; ``root`` has no path. ``answer`` is what the model says, word by word."""

    answer: str = "The parcel left the warehouse on Tuesday."
    retry_after: str = "0.05"
    pause_s: float = 0.05
    requests: list[Seen] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    """a client went away in the middle of an answer"""
    arrived: threading.Event = field(default_factory=threading.Event)
    """a request is being answered"""
    _plan: deque[Fault] = field(default_factory=deque)

    def plan(self, *faults: Fault) -> None:
        self._plan.extend(faults)

    def __enter__(self) -> FakeProvider:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return self.root + "/v1"

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))
        self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 1_048_576)
        app.router.add_post("/v1/chat/completions", self._openai)
        app.router.add_post("/openai/deployments/{deployment}/chat/completions", self._openai)
        app.router.add_post("/chat/completions", self._openai)
        app.router.add_post("/v1/messages", self._anthropic)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        started.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _receive(self, request: web.Request) -> tuple[Fault, dict[str, Any]]:
        body = await request.json()
        self.requests.append(Seen(request.path, dict(request.headers), body))
        self.arrived.set()
        return (self._plan.popleft() if self._plan else Fault.NONE), body

    def _refusal(self, fault: Fault) -> web.Response | None:
        def error(status: int, message: str, **headers: str) -> web.Response:
            return web.json_response(
                {"error": {"message": message, "type": "x"}}, status=status, headers=headers
            )

        match fault:
            case Fault.UNAUTHORIZED:
                return error(401, "Incorrect API key provided: sk-planted-secret-0001.")
            case Fault.RATE_LIMIT:
                return error(429, "Rate limit reached", **{"Retry-After": self.retry_after})
            case Fault.BROKEN:
                return error(500, "The server had an error")
            case Fault.REFUSED:
                return error(400, "max_tokens is too large")
            case Fault.REDIRECT:
                return web.Response(status=307, headers={"Location": "http://127.0.0.1:1/stolen"})
        return None

    async def _openai(self, request: web.Request) -> web.StreamResponse:
        fault, body = await self._receive(request)
        if (refusal := self._refusal(fault)) is not None:
            return refusal
        model = body.get("model", "deployment")
        usage = {"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19}
        if fault is Fault.NOT_STREAMED or not body.get("stream"):
            message = {"role": "assistant", "content": self.answer}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            return web.json_response({"id": "x", "model": model, "choices": [choice], "usage": usage})

        def chunk(delta: dict[str, Any], reason: str | None = None) -> str:
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": model}
            return "data: " + json.dumps(head | {"choices": [choice]}) + "\n\n"

        words = self.answer.split(" ")
        pieces = [word if not i else " " + word for i, word in enumerate(words)]
        events = [chunk({"role": "assistant", "content": ""})] + [
            chunk({"content": piece}) for piece in pieces
        ]
        if fault is Fault.TOOL_CALL:
            function = {"name": "lookup_order", "arguments": '{"order"'}
            events = [
                chunk(
                    {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}
                ),
                chunk({"tool_calls": [{"index": 0, "function": {"arguments": ': "A-17"}'}}]}),
                chunk({}, "tool_calls"),
            ]
        else:
            events.append(chunk({}, "stop"))
        if body.get("stream_options", {}).get("include_usage"):
            head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": model}
            events.append("data: " + json.dumps(head | {"choices": [], "usage": usage}) + "\n\n")
        events.append("data: [DONE]\n\n")
        return await self._send(request, fault, events, first=3)

    async def _anthropic(self, request: web.Request) -> web.StreamResponse:
        fault, body = await self._receive(request)
        if (refusal := self._refusal(fault)) is not None:
            return refusal

        def event(kind: str, **data: Any) -> str:
            return f"event: {kind}\ndata: " + json.dumps({"type": kind} | data) + "\n\n"

        start = {
            "id": "m", "type": "message", "role": "assistant", "model": body["model"], "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 12, "output_tokens": 1},
        }  # fmt: skip
        words = self.answer.split(" ")
        pieces = [word if not i else " " + word for i, word in enumerate(words)]
        events = [
            event("message_start", message=start),
            event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            *(event("content_block_delta", index=0, delta={"type": "text_delta", "text": p}) for p in pieces),
            event("content_block_stop", index=0),
            event(
                "message_delta",
                delta={"stop_reason": "end_turn", "stop_sequence": None},
                usage={"output_tokens": 7},
            ),
            event("message_stop"),
        ]
        return await self._send(request, fault, events, first=4)

    async def _send(
        self, request: web.Request, fault: Fault, events: list[str], *, first: int
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        try:
            if fault is Fault.HANG:
                await self._stop.wait()
            await response.prepare(request)
            broken = (Fault.STALL, Fault.CUT, Fault.ENDS_EARLY, Fault.MALFORMED, Fault.ERROR_IN_STREAM)
            for event in events[:first] if fault in broken else events:
                if fault is Fault.SLOW:
                    await asyncio.sleep(self.pause_s)
                await response.write(event.encode())
            if fault is Fault.STALL:
                await self._stop.wait()
            if fault is Fault.CUT:
                assert request.transport is not None
                await asyncio.sleep(0.05)  # the pieces leave before the line is cut
                request.transport.abort()
            if fault is Fault.MALFORMED:
                await response.write(b'data: {"choices": [{"delta": \n\n')
            if fault is Fault.ERROR_IN_STREAM:
                await response.write(b'data: {"error": {"message": "overloaded"}}\n\n')
        except (ConnectionError, asyncio.CancelledError):
            self.hung_up.set()
            raise
        return response
