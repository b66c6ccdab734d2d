"""The way out: what a gateway needs of whoever guards outgoing requests."""

from __future__ import annotations

from typing import Protocol

import aiohttp

from ..core.gateway import Endpoint

__all__ = ["Door", "LoopbackDoor"]


class Door(Protocol):
    """Gives HTTP sessions that reach only what an endpoint may reach."""

    def session(self, endpoint: Endpoint) -> aiohttp.ClientSession:
        """A shared session for this endpoint (not to be closed by the caller), bound to the running loop.

        Raises:
            ProviderRefused: the endpoint's address is not allowed.
        """
        ...

    async def close(self) -> None:
        """Close all sessions."""
        ...


class LoopbackDoor:
    """The door to our own model server: reaches 127.0.0.1 and nothing else, because the address is ours."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def session(self, endpoint: Endpoint) -> aiohttp.ClientSession:
        if not (endpoint.base_url or "").startswith("http://127.0.0.1:"):
            raise ValueError(f"the local model is at 127.0.0.1, got {endpoint.base_url!r}")
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=16), trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
