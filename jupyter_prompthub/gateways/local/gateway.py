"""The local model behind the gateway protocol."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

import aiohttp

from ...core.errors import ProviderUnavailable, StreamCut
from ...core.gateway import Chunk, Endpoint, ModelRequest, UsageReport
from .. import local
from ..direct import DirectGateway
from ..door import LoopbackDoor
from ..openai_chat import body
from .supervisor import LocalServer, Running

__all__ = ["LocalGateway"]

_TOUCH_S: Final = 5.0
_MAX_COUNTED: Final = 50
"""messages"""
_COUNT_S: Final = 2.0
"""it may be busy answering; an estimate is better than waiting"""


class LocalGateway:
    """Starts the model server at the first call; asks it through the direct door on loopback."""

    def __init__(self, server: LocalServer | None = None) -> None:
        self._server = server or LocalServer()
        self._door = LoopbackDoor()
        self._direct = DirectGateway(self._door)

    async def stream(self, request: ModelRequest, endpoint: Endpoint) -> AsyncIterator[Chunk]:
        """Ask and yield; see the protocol. A server that has just ended is started once more.

        Raises:
            ModelNotInstalled: ``prompthub model install`` was not run.
        """
        if not {"max_tokens", "max_completion_tokens"} & request.parameters.keys():
            request = request.model_copy(
                update={"parameters": {**request.parameters, "max_tokens": local.MAX_TOKENS}}
            )
        running = await asyncio.to_thread(self._server.ensure)
        try:
            async with aclosing(cast("Any", self._ask(running, request, endpoint))) as chunks:
                async for chunk in chunks:
                    yield chunk
            return
        except StreamCut:
            raise
        except ProviderUnavailable as error:
            if "provider_status" in error.details:
                raise
        running = await asyncio.to_thread(partial(self._server.ensure, dead=running))
        async with aclosing(cast("Any", self._ask(running, request, endpoint))) as chunks:
            async for chunk in chunks:
                yield chunk

    async def count(self, request: ModelRequest) -> tuple[int, tuple[int, ...]] | None:
        """The tokens of a request, and of each of its messages' texts, as the model itself counts them;
        None when its server is not running: nothing is started for that."""
        running = await asyncio.to_thread(self._server.running)
        if running is None or len(request.messages) > _MAX_COUNTED:
            return None
        place = Endpoint(local.CONNECTION, local.PROVIDER, base_url=running.base_url, secret=running.key)
        said = body(request)
        try:
            total = await self._post(place, "/v1/chat/completions/input_tokens", said)
            texts = [str(message.get("content") or "") for message in said["messages"]]
            counts = [
                len((await self._post(place, "/tokenize", {"content": text}))["tokens"]) for text in texts
            ]
            return int(total["input_tokens"]), tuple(counts)
        except (aiohttp.ClientError, OSError, TimeoutError, KeyError, ValueError):
            return None  # it is just ending, or cannot take this: the caller estimates

    async def _post(self, place: Endpoint, path: str, said: dict[str, Any]) -> dict[str, Any]:
        address = cast("str", place.base_url).removesuffix("/v1") + path
        async with self._door.session(place).post(
            address,
            json=said,
            headers={"Authorization": f"Bearer {place.secret}"},
            timeout=aiohttp.ClientTimeout(total=_COUNT_S),
            raise_for_status=True,
        ) as response:
            return cast("dict[str, Any]", await response.json())

    async def _ask(self, running: Running, request: ModelRequest, endpoint: Endpoint) -> AsyncIterator[Chunk]:
        place = replace(endpoint, base_url=running.base_url, secret=running.key)
        touched = time.monotonic()
        async with aclosing(cast("Any", self._direct.stream(request, place))) as chunks:
            async for chunk in chunks:
                if time.monotonic() - touched > _TOUCH_S:
                    self._server.touch()
                    touched = time.monotonic()
                if isinstance(chunk, UsageReport):
                    chunk = UsageReport(chunk.usage, 0, "the local model costs nothing")
                yield chunk

    async def close(self) -> None:
        """Stop being a user of the server."""
        await self._door.close()
        await asyncio.to_thread(self._server.close)
