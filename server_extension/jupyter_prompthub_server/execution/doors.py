"""All gateways of one process, in one model thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_prompthub.core.gateway import Chunk, Endpoint, ModelRequest
from jupyter_prompthub.gateways import local
from jupyter_prompthub.gateways.thread import ModelThread

from .sources import ReplaySettings

if TYPE_CHECKING:
    from .gateways import Gateways

__all__ = ["ModelDoors"]


class ModelDoors:
    """Finds the gateway for an endpoint and streams through it, off the caller's event loop.

    The gateways are made in the model thread by the first call: until then they cost neither time nor memory.

    Args:
        home: the data folder, for the local model's server.
        replay: when set, every call goes through the replay file.
    """

    def __init__(self, home: Path, replay: ReplaySettings | None = None) -> None:
        self._thread = ModelThread()
        self._home, self._replay = home, replay
        self._made: Gateways | None = None

    def stream(self, request: ModelRequest, endpoint: Endpoint) -> AsyncGenerator[Chunk, None]:
        """Ask; see :class:`~jupyter_prompthub.core.gateway.Gateway`."""
        return self._thread.iterate(lambda: self._gateways().of(endpoint.provider).stream(request, endpoint))

    async def count(self, request: ModelRequest) -> tuple[int, tuple[int, ...]] | None:
        """The tokens of a request, and of each message, by the model's own tokenizer where one is at hand."""
        if request.provider != local.PROVIDER or self._replay is not None:
            return None
        return await self._thread.call(lambda: self._counted(request))

    async def close(self) -> None:
        """End all calls, sessions and our use of the local model's server."""
        await asyncio.to_thread(self._thread.close, self._close)

    async def _counted(self, request: ModelRequest) -> tuple[int, tuple[int, ...]] | None:
        return await self._gateways().count(request)

    async def _close(self) -> None:
        made, self._made = self._made, None
        if made is not None:
            await made.close()

    def _gateways(self) -> Gateways:
        """In the model thread."""
        if self._made is None:
            from .gateways import Gateways

            self._made = Gateways(self._home, self._replay)
        return self._made
