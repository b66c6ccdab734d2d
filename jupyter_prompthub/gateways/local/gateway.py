"""The local model behind the gateway protocol."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final, cast

from ...core.errors import ProviderUnavailable, StreamCut
from ...core.gateway import Chunk, Endpoint, ModelRequest, UsageReport
from ..direct import DirectGateway
from ..door import LoopbackDoor
from .supervisor import LocalServer

__all__ = ["LocalGateway"]

_TOUCH_S: Final = 5.0
_MAX_TOKENS: Final = 512
"""a small model does not always find an end; a prompt may ask for more"""


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
                update={"parameters": {**request.parameters, "max_tokens": _MAX_TOKENS}}
            )
        try:
            async with aclosing(cast("Any", self._ask(request, endpoint))) as chunks:
                async for chunk in chunks:
                    yield chunk
            return
        except StreamCut:
            raise
        except ProviderUnavailable as error:
            if "provider_status" in error.details:
                raise
        async with aclosing(cast("Any", self._ask(request, endpoint))) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _ask(self, request: ModelRequest, endpoint: Endpoint) -> AsyncIterator[Chunk]:
        running = await asyncio.to_thread(self._server.ensure)
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
