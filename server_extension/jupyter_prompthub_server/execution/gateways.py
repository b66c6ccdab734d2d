"""The gateways of one process. They stand on aiohttp: imported when the first model is asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

from jupyter_prompthub.core.gateway import Gateway, ModelRequest
from jupyter_prompthub.gateways import local
from jupyter_prompthub.gateways.direct import DirectGateway
from jupyter_prompthub.gateways.litellm import LitellmGateway
from jupyter_prompthub.gateways.local.gateway import LocalGateway
from jupyter_prompthub.gateways.local.supervisor import LocalServer
from jupyter_prompthub.gateways.replay import ReplayGateway

from ..egress.door import Egress
from .sources import DIRECT, REPLAY, ReplaySettings

__all__ = ["Gateways"]


class Gateways:
    """Made and used in the model thread alone.

    Args:
        home: the data folder, for the local model's server.
        replay: when set, every call goes through the replay file.
    """

    def __init__(self, home: Path, replay: ReplaySettings | None) -> None:
        self._egress = Egress()
        self._direct = DirectGateway(self._egress)
        self._litellm = LitellmGateway(self._egress)
        self._local = LocalGateway(LocalServer(home / "model-server"))
        self._replay = replay
        self._replays: dict[int, ReplayGateway] = {}

    def of(self, provider: str) -> Gateway:
        """The one that asks this provider."""
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

    async def count(self, request: ModelRequest) -> tuple[int, tuple[int, ...]] | None:
        """By the local model's tokenizer."""
        return await self._local.count(request)

    async def close(self) -> None:
        """End all sessions and our use of the local model's server; each, whatever becomes of the other."""
        ended = await asyncio.gather(self._local.close(), self._egress.close(), return_exceptions=True)
        for problem in ended:
            if isinstance(problem, BaseException):
                raise problem

    def _real(self, provider: str) -> Gateway | None:
        if provider == local.PROVIDER:
            return self._local
        if provider == DIRECT:
            return self._direct
        return None if provider == REPLAY else self._litellm
