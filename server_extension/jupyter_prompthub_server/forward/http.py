"""Forwards a request to the owner and streams its answer back (JSON and server-sent events alike)."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from tornado.iostream import StreamClosedError
from yarl import URL

from jupyter_prompthub.core.errors import StoreUnavailable

from .remote import Remote, request_headers, without_token

__all__ = ["api_path", "forward"]

_NOT_RETURNED = frozenset(
    {"connection", "content-length", "keep-alive", "transfer-encoding", "server", "date", "content-encoding"}
)


def api_path(handler: Any) -> str:
    """The request's path from ``prompthub/`` on, still percent-encoded."""
    _, _, path = str(handler.request.path).partition("/prompthub/")
    return "prompthub/" + path


async def forward(handler: Any, remote: Remote) -> bool:
    """Answer ``handler`` with what the owner says.

    An owner that refuses the connection is gone: then this process tries to become the owner, and the
    request (which nobody has seen) is answered by whoever owns the store after that.

    Returns:
        False when this process has become the owner: then the request is its own.

    Raises:
        StoreUnavailable: nobody answers, or the answer broke off before it began.
    """
    for last in (False, True):
        try:
            await _forward(handler, remote)
            return True
        except aiohttp.ClientConnectorError as error:
            handler.runtime.lost(remote)
            if last:
                raise StoreUnavailable(
                    "the process that owns the store does not answer; try again"
                ) from error
            found = await handler.runtime.remote()
            if found is None:
                return False
            remote = found
        except (aiohttp.ClientError, TimeoutError) as error:
            handler.runtime.lost(remote)
            raise StoreUnavailable(
                "the process that owns the store went away in the middle of this request; look whether "
                "it was done before you send it again"
            ) from error
    return True


async def _forward(handler: Any, remote: Remote) -> None:
    request = handler.request
    query = without_token(request.query)
    url = URL(remote.address + api_path(handler) + (f"?{query}" if query else ""), encoded=True)
    sending = remote.session().request(
        request.method,
        url,
        data=handler.raw_body or None,
        headers={**request_headers(handler), **remote.headers},
        allow_redirects=False,
    )
    async with sending as answer:
        handler.set_status(answer.status, answer.reason)
        for name, value in answer.headers.items():
            if name.lower() not in _NOT_RETURNED:
                handler.set_header(name, value)
        if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            body = await answer.read()
            kind = answer.headers.get("Content-Type", "application/json")
            handler.finish(body or None, set_content_type=kind)
            return
        await _stream(handler, answer)


async def _stream(handler: Any, answer: aiohttp.ClientResponse) -> None:
    """Pass events on as they come; a client that hangs up hangs up at the owner too, which cancels."""
    gone = asyncio.get_running_loop().create_future()

    def hang_up() -> None:
        if not gone.done():
            gone.set_result(None)

    handler.request.connection.set_close_callback(hang_up)
    while True:
        reading = asyncio.ensure_future(answer.content.readany())
        await asyncio.wait({reading, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            answer.close()
            return
        chunk = reading.result()
        if not chunk:
            break
        try:
            handler.write(chunk)
            await handler.flush()
        except StreamClosedError:
            answer.close()
            return
    handler.finish(set_content_type=answer.headers["Content-Type"])
