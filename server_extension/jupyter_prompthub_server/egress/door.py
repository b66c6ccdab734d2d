"""The one outgoing door: every request to a provider leaves through a session made here.

https only (http where an admin allows private addresses for a connection); a name is resolved once, every
address it has is checked, and the connection goes to a checked address; redirects are the callers' to
refuse (they all do); proxy variables, cookies and ``.netrc`` are ignored.
"""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from jupyter_prompthub.core.errors import ProviderRefused
from jupyter_prompthub.core.gateway import Endpoint

from .addresses import literal, refusal
from .urls import check_url

__all__ = ["Egress"]

_CONNECTIONS: Final = 200


class _CheckedResolver(AbstractResolver):
    """Resolves once; refuses a name when any of its addresses is not allowed."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for entry in found:
            address = literal(entry["host"])
            why = (
                "it is not an address"
                if address is None
                else refusal(address, allow_private=self._allow_private)
            )
            if why:
                raise ProviderRefused(f"the name {host!r} leads to an address that is not allowed: {why}")
        return found

    async def close(self) -> None:
        await self._inner.close()


class Egress:
    """Sessions by policy: one for the public internet, one that may also reach private addresses.
    Bound to the event loop of the first call."""

    def __init__(self) -> None:
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    def session(self, endpoint: Endpoint) -> aiohttp.ClientSession:
        """The shared session for this endpoint.

        Raises:
            ProviderRefused: its base URL may not be asked.
        """
        allow = endpoint.allow_private_address
        if endpoint.base_url:
            check_url(endpoint.base_url, allow_private=allow)
        known = self._sessions.get(allow)
        if known is None or known.closed:
            known = self._sessions[allow] = _session(allow)
        return known

    async def close(self) -> None:
        """Close all sessions."""
        sessions, self._sessions = list(self._sessions.values()), {}
        await asyncio.gather(*(session.close() for session in sessions))


def _session(allow_private: bool) -> aiohttp.ClientSession:
    async def check(
        _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        check_url(request.url, allow_private=allow_private)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(check)
    connector = aiohttp.TCPConnector(
        resolver=_CheckedResolver(allow_private), limit=_CONNECTIONS, ttl_dns_cache=60
    )
    return aiohttp.ClientSession(
        connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[trace]
    )
