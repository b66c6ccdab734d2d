"""All gateways of one process, in one model thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from jupyter_prompthub.core.gateway import Chunk, Endpoint, Gateway, ModelRequest
from jupyter_prompthub.gateways import local
from jupyter_prompthub.gateways.direct import DirectGateway
from jupyter_prompthub.gateways.litellm import LitellmGateway
from jupyter_prompthub.gateways.local.gateway import LocalGateway
from jupyter_prompthub.gateways.local.supervisor import LocalServer
from jupyter_prompthub.gateways.replay import ReplayGateway
from jupyter_prompthub.gateways.thread import ModelThread

from ..egress.door import Egress
from .sources import DIRECT, REPLAY, ReplaySettings

__all__ = ["ModelDoors"]


class ModelDoors:
    """Finds the gateway for an endpoint and streams through it, off the caller's event loop.

    Args:
        home: the data folder, for the local model's server.
        replay: when set, every call goes through the replay file.
    """

    def __init__(self, home: Path, replay: ReplaySettings | None = None) -> None:
        self._thread = ModelThread()
        self._egress = Egress()
        self._direct = DirectGateway(self._egress)
        self._litellm = LitellmGateway(self._egress)
        self._local = LocalGateway(LocalServer(home / "model-server"))
        self._replay = replay
        self._replays: dict[int, ReplayGateway] = {}

    def stream(self, request: ModelRequest, endpoint: Endpoint) -> AsyncGenerator[Chunk, None]:
        """Ask; see :class:`~jupyter_prompthub.core.gateway.Gateway`."""
        gateway = self._for(endpoint.provider)
        return self._thread.iterate(lambda: gateway.stream(request, endpoint))

    async def count(self, request: ModelRequest) -> tuple[int, tuple[int, ...]] | None:
        """The tokens of a request, and of each message, by the model's own tokenizer where one is at hand."""
        if request.provider != local.PROVIDER or self._replay is not None:
            return None
        return await self._thread.call(lambda: self._local.count(request))

    async def close(self) -> None:
        """End all calls, sessions and our use of the local model's server."""
        await asyncio.to_thread(self._thread.close, self._local.close, self._egress.close)

    def _for(self, provider: str) -> Gateway:
        inner = self._real(provider)
        if self._replay is None:
            return inner or self._direct
        # one per inner gateway: they share the file
        known = self._replays.get(id(inner))
        if known is None:
            known = self._replays[id(inner)] = ReplayGateway(
                self._replay.path, self._replay.mode, inner=inner
            )
        return known

    def _real(self, provider: str) -> Gateway | None:
        if provider == local.PROVIDER:
            return self._local
        if provider == DIRECT:
            return self._direct
        return None if provider == REPLAY else self._litellm
