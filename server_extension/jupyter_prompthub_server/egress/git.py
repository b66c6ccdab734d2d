"""Git over https through the one outgoing door: dulwich speaks the protocol, every byte goes through :class:`Egress`."""

from __future__ import annotations

import asyncio
import base64
import errno
import os
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, TypeVar

import aiohttp
from dulwich.client import AbstractHttpGitClient
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository
from dulwich.object_store import ObjectStoreGraphWalker
from yarl import URL

from jupyter_prompthub.core.errors import (
    GatewayError,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    TooLarge,
)
from jupyter_prompthub.core.gateway import Endpoint

from .door import Egress

__all__ = ["GitRemote", "RemoteLimits"]

T = TypeVar("T")

_CHUNK: Final = 64 * 1024
_USER: Final = "x-access-token"
"""who a key without a user is sent as: hosts of git look at the key alone"""


@dataclass(frozen=True, slots=True)
class RemoteLimits:
    """What a remote may cost."""

    receive: int = 64 * 1024 * 1024
    send: int = 64 * 1024 * 1024
    idle_s: float = 30.0
    """longest silence"""
    total_s: float = 300.0


class GitRemote:
    """A repository elsewhere. Its methods block: they are called in a thread, while the loop runs in another one.

    Args:
        endpoint: address, key, and whether it may be a private address.
        egress: the door; bound to ``loop``.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        egress: Egress,
        loop: asyncio.AbstractEventLoop,
        limits: RemoteLimits | None = None,
    ) -> None:
        self._wire = _Wire(endpoint, egress, loop, limits or RemoteLimits())

    def fetch(self) -> tuple[dict[bytes, bytes], bytes]:
        """All branches and tags, and a pack of what they lead to.

        Raises:
            GatewayError: refused, unreachable, too slow, or no repository.
            TooLarge: beyond a limit.
        """
        found: dict[bytes, bytes] = {}
        pack = BytesIO()

        def wanted(refs: Any, depth: int | None = None) -> Any:
            found.update(_ours(refs))
            return sorted(set(found.values()))

        walker = ObjectStoreGraphWalker([], lambda _: [])
        self._speak(
            lambda wire: wire.fetch_pack(
                "", wanted, walker, pack.write, ref_prefix=[b"refs/heads/", b"refs/tags/"]
            )
        )
        return found, pack.getvalue()

    def push(self, store: Any, moves: Mapping[bytes, tuple[bytes | None, bytes]]) -> dict[bytes, str | None]:
        """Move refs, each if it is still where it was, and send what they need.

        Args:
            store: has all objects.

        Returns:
            By ref, why it was not moved; None: it was.
        """
        ends: dict[bytes, str | None] = {}

        def update(there: Any) -> Any:
            wanted = {}
            for ref, (old, new) in moves.items():
                if there.get(ref) == old:
                    wanted[ref] = new
                else:
                    ends[ref] = "it was moved by somebody else meanwhile: run this again"
            return wanted

        def objects(have: Any, want: Any, **more: Any) -> Any:
            return store.generate_pack_data(set(have) & _held(store, have), want, **more)

        done: Any = self._speak(lambda wire: wire.send_pack("", update, objects))
        said = done.ref_status or {}
        for ref in moves.keys() - ends.keys():
            why = said.get(ref)
            ends[ref] = why if why is None or isinstance(why, str) else bytes(why).decode("utf-8", "replace")
        return ends

    def _speak(self, what: Callable[[AbstractHttpGitClient], T]) -> T:
        try:
            return what(self._wire)
        except GatewayError:
            raise
        except NotGitRepository as error:
            raise ProviderRefused(
                f"{self._wire.shown}: there is no git repository that this key may see"
            ) from error
        except (
            GitProtocolError,
            HangupException,
            ValueError,
            AssertionError,
            KeyError,
            NotImplementedError,
        ) as error:
            raise ProviderRefused(
                f"{self._wire.shown} does not answer as a git repository does: {str(error)[:200] or type(error).__name__}"
            ) from error


def _held(store: Any, oids: Any) -> set[bytes]:
    return {oid for oid in oids if oid in store}


def _ours(refs: Mapping[bytes, bytes | None]) -> dict[bytes, bytes]:
    return {
        bytes(ref): bytes(oid)
        for ref, oid in refs.items()
        if oid is not None and ref.startswith((b"refs/heads/", b"refs/tags/")) and not ref.endswith(b"^{}")
    }


@dataclass(slots=True)
class _Answer:
    """What dulwich looks at of a response."""

    content_type: str
    close: Callable[[], None]
    redirect_location: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class _Wire(AbstractHttpGitClient):
    """Dulwich's client over our door."""

    def __init__(
        self, endpoint: Endpoint, egress: Egress, loop: asyncio.AbstractEventLoop, limits: RemoteLimits
    ) -> None:
        assert endpoint.base_url is not None
        super().__init__(endpoint.base_url, quiet=True)
        self._endpoint, self._egress, self._loop, self._limits = endpoint, egress, loop, limits
        self._end = time.monotonic() + limits.total_s
        self._received = 0
        self.shown = str(URL(endpoint.base_url).with_query(None))

    def _get_url(self, path: str | bytes) -> str:
        return self._base_url

    def _http_request(  # type: ignore[override]
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> tuple[_Answer, Callable[[int], bytes]]:
        if not url.startswith(self._base_url):
            raise ProviderRefused(f"{self.shown} leads to another address, which is not followed")
        body = None if data is None else self._body(data)
        response = self._wait(self._ask(url, {**(headers or {}), **self._authorization()}, body))
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith("application/x-git-"):
            response.close()
            raise ProviderRefused(
                f"{self.shown} is no git repository over http: expected its content type, got {kind[:80]!r}"
            )

        def close() -> None:
            self._loop.call_soon_threadsafe(response.close)

        return _Answer(kind, close), self._reader(response)

    def _authorization(self) -> dict[str, str]:
        secret = self._endpoint.secret
        if not secret:
            return {}
        user, colon, key = secret.partition(":")
        pair = f"{user}:{key}" if colon else f"{_USER}:{secret}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _body(self, data: bytes | Iterator[bytes]) -> bytes:
        if isinstance(data, bytes):
            return data
        made = bytearray()
        for piece in data:
            made += piece
            if len(made) > self._limits.send:
                raise TooLarge(
                    f"this push has more than {self._limits.send} bytes; name some of the prompts",
                    details={"limit": self._limits.send},
                )
        return bytes(made)

    async def _ask(self, url: str, headers: Mapping[str, str], body: bytes | None) -> aiohttp.ClientResponse:
        session = self._egress.session(self._endpoint)
        response = await session.request(
            "GET" if body is None else "POST",
            URL(url, encoded=True),
            headers=headers,
            data=body,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=self._limits.idle_s),
        )
        if response.status == 200:
            return response
        response.close()
        raise _refusal(self.shown, response)

    def _reader(self, response: aiohttp.ClientResponse) -> Callable[[int], bytes]:
        held = bytearray()
        ended = False

        def read(size: int) -> bytes:
            nonlocal ended
            while len(held) < size and not ended:
                piece = self._wait(response.content.read(_CHUNK))
                ended = not piece
                self._received += len(piece)
                if self._received > self._limits.receive:
                    raise TooLarge(
                        f"{self.shown} sends more than {self._limits.receive} bytes: expected at most that many",
                        details={"limit": self._limits.receive},
                    )
                held.extend(piece)
            found = bytes(held[:size])
            del held[:size]
            return found

        return read

    def _wait(self, what: Coroutine[Any, Any, T]) -> T:
        left = self._end - time.monotonic()
        future = asyncio.run_coroutine_threadsafe(what, self._loop)
        try:
            return future.result(max(0.0, left))
        except TimeoutError as error:
            future.cancel()
            raise ProviderTimeout(f"{self.shown} takes too long") from error
        except aiohttp.ClientError as error:
            raise ProviderUnavailable(f"{self.shown} cannot be reached: {_why(error)}") from error


def _why(error: aiohttp.ClientError) -> str:
    """What went wrong on the way, in words."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "there is no host of that name; check the address"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not trusted"
    if isinstance(error, aiohttp.ClientSSLError):
        return "it does not speak https; check the address"
    if isinstance(error, aiohttp.ClientConnectorError):
        if error.errno == errno.ECONNREFUSED:
            return "the connection is refused; check the address, and whether it runs"
        return f"{os.strerror(error.errno) if error.errno else 'no connection'}; check the address and the network"
    return "the connection was lost; try again"


def _refusal(shown: str, response: aiohttp.ClientResponse) -> GatewayError:
    status = response.status
    if status in (401, 403):
        return ProviderRefused(
            f"{shown} refuses this key ({status}): enter it again, or ask for the right to do this"
        )
    if status == 404:
        return ProviderRefused(f"{shown}: there is no git repository that this key may see ({status})")
    if 300 <= status < 400:
        return ProviderRefused(
            f"{shown} leads to another address ({status}), which is not followed: change it"
        )
    if status >= 500:
        return ProviderUnavailable(f"{shown} cannot answer now ({status}): try again later")
    return ProviderRefused(f"{shown} refuses ({status})")
