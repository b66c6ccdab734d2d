"""The owner's door: a second listener, on loopback only, for other processes of the same OS account.

Whoever can read the owner record (mode 0600) has its token, and is the local admin, as if it had opened the
store itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from .access.identity import DoorIdentityProvider

if TYPE_CHECKING:
    from .runtime import Runtime

__all__ = ["Door"]


class Door:
    """Listens from when it is made; must be made on the event loop."""

    def __init__(self, runtime: Runtime, token: str) -> None:
        from .web import application

        app = application(runtime, DoorIdentityProvider(token), runtime.local_identity)
        sockets = bind_sockets(0, "127.0.0.1")
        self._server = HTTPServer(app, max_buffer_size=64 * 1024 * 1024)
        self._server.add_sockets(sockets)
        self.address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
        """base URL, as a forwarder and a client want it"""

    async def close(self) -> None:
        """Stop listening, end open connections."""
        self._server.stop()
        await self._server.close_all_connections()
