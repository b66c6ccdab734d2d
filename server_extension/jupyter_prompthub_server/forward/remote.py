"""The owner of a store, as seen by a process that forwards to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_prompthub.core.errors import StoreUnavailable

if TYPE_CHECKING:
    import aiohttp

__all__ = ["API", "Remote", "request_headers", "without_token"]

API = "prompthub/api/v1/"

_NOT_FORWARDED = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "host",
        "keep-alive",
        "origin",
        "proxy-authorization",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-forwarded-for",
        "x-real-ip",
        "x-xsrftoken",
        "accept-encoding",
    }
)


class Remote:
    """Where an owner listens, with the token that lets us in.

    Args:
        address: its base URL, with a slash at the end.
        token: of the owner record.
    """

    def __init__(self, address: str, token: str) -> None:
        self.address = address.rstrip("/") + "/"
        self._token = token
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    @property
    def headers(self) -> dict[str, str]:
        """What proves to the owner that we are of the same OS account."""
        return {"Authorization": f"token {self._token}"}

    def session(self) -> aiohttp.ClientSession:
        """The connections to the owner, made on first use, on the event loop. Streams have no time limit.

        Raises:
            StoreUnavailable: they were let go.
        """
        if self._closed:
            raise StoreUnavailable("this server is shutting down")
        if self._session is None:
            import aiohttp

            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Let the connections go, for good."""
        self._closed = True
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()


def request_headers(handler: Any) -> dict[str, str]:
    """A request's headers, without what belongs to this hop or proves something to us only."""
    return {
        name: value
        for name, value in handler.request.headers.get_all()
        if name.lower() not in _NOT_FORWARDED and not name.lower().startswith("sec-")
    }


def without_token(query: str) -> str:
    """A query string without our own ``token`` argument."""
    return "&".join(part for part in query.split("&") if part and not part.startswith("token="))
