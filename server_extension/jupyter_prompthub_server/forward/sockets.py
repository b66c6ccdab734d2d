"""Relays a websocket to the owner, message by message, both ways."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from tornado.websocket import WebSocketClosedError
from yarl import URL

from jupyter_prompthub.core.errors import StoreUnavailable

from .http import api_path
from .remote import Remote, request_headers, without_token

__all__ = ["relay"]

_LARGEST = 16 * 1024 * 1024
_ENDS = frozenset(
    {
        aiohttp.WSMsgType.CLOSE,
        aiohttp.WSMsgType.CLOSING,
        aiohttp.WSMsgType.CLOSED,
        aiohttp.WSMsgType.ERROR,
    }
)


async def relay(handler: Any, remote: Remote) -> bool:
    """Connect ``handler`` (before its upgrade) to the same address at the owner.

    Returns:
        False when this process has become the owner meanwhile: then the socket is its own.

    Raises:
        StoreUnavailable: the owner does not answer, or refuses the socket.
    """
    for last in (False, True):
        try:
            upstream = await _connect(handler, remote)
            break
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
        except aiohttp.ClientError as error:
            raise StoreUnavailable("the process that owns the store refused this connection") from error
    _take_over(handler, upstream)
    return True


async def _connect(handler: Any, remote: Remote) -> aiohttp.ClientWebSocketResponse:
    query = without_token(handler.request.query)
    url = URL(remote.address + api_path(handler) + (f"?{query}" if query else ""), encoded=True)
    headers = {**request_headers(handler), **remote.headers}
    return await remote.session().ws_connect(url, headers=headers, max_msg_size=_LARGEST, autoclose=True)


def _take_over(handler: Any, upstream: aiohttp.ClientWebSocketResponse) -> None:
    """The handler's own methods are not for a relayed socket: put the relay's in their place."""
    outgoing: asyncio.Queue[str | bytes | None] = asyncio.Queue(maxsize=1024)
    tasks: list[asyncio.Task[None]] = []

    async def down() -> None:
        code, reason = None, None
        try:
            while (message := await upstream.receive()).type not in _ENDS:
                if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                    await handler.write_message(message.data, binary=message.type is aiohttp.WSMsgType.BINARY)
            if message.type is aiohttp.WSMsgType.CLOSE:
                code, reason = message.data, message.extra
        except WebSocketClosedError:
            await upstream.close()
            return
        # 1005 and 1006 are never sent: they say that there was no code
        handler.close(code if code and code not in (1005, 1006) else 1012, reason or None)

    async def up() -> None:
        while (message := await outgoing.get()) is not None:
            try:
                await (upstream.send_bytes if isinstance(message, bytes) else upstream.send_str)(message)  # type: ignore[arg-type]
            except (ConnectionError, aiohttp.ClientError):
                return
        await upstream.close()

    def opened(*args: Any, **kwargs: Any) -> None:
        tasks.extend((asyncio.ensure_future(down()), asyncio.ensure_future(up())))

    async def on_message(message: str | bytes) -> None:
        await outgoing.put(message)

    def on_close() -> None:
        if not outgoing.full():
            outgoing.put_nowait(None)
        else:
            for task in tasks:
                task.cancel()
            tasks.append(asyncio.ensure_future(_closed(upstream)))

    handler.open, handler.on_message, handler.on_close = opened, on_message, on_close


async def _closed(upstream: aiohttp.ClientWebSocketResponse) -> None:
    await upstream.close()
