"""The floor of co-editing: a websocket server that hands each message to the others. Prints its address."""

from __future__ import annotations

import asyncio

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler

__all__: list[str] = []

_OPEN: set[Relay] = set()


class Relay(WebSocketHandler):
    """One connection."""

    def check_origin(self, origin: str) -> bool:
        """Everybody may come."""
        return True

    def open(self, *args: str, **kwargs: str) -> None:
        """Remember it."""
        _OPEN.add(self)

    async def on_message(self, message: str | bytes) -> None:
        """Hand it on."""
        for each in _OPEN - {self}:
            await each.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        """Forget it."""
        _OPEN.discard(self)


async def _main() -> None:
    sockets = bind_sockets(0, "127.0.0.1")
    HTTPServer(Application([("/", Relay)])).add_sockets(sockets)
    print(f"ws://127.0.0.1:{sockets[0].getsockname()[1]}/", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
