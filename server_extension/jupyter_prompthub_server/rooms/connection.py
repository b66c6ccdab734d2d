"""One client of a room, free of its transport: messages out in order, and a close."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ..operations import Caller
from .presence import Identity
from .protocol import CloseCode, Closing

__all__ = ["Connection"]

_MAX_WAITING = 8 * 1024 * 1024
"""Bytes that may wait for a client that does not read."""


class Connection:
    """What a room knows of a client.

    Args:
        caller: whose permissions its edits are stored with; the socket replaces it when it asks again.
        identity: the name that others see; None: the name that the store knows (set by ``Rooms.join``).
        write: sends one message and returns when the transport took it.
        shut: closes the transport with a code and a reason.
        may_write: its edits count; else they are dropped, and it is closed when it asks whether they are stored.
    """

    def __init__(
        self,
        caller: Caller,
        identity: Identity | None,
        write: Callable[[bytes], Awaitable[None]],
        shut: Callable[[int, str], None],
        *,
        may_write: bool,
    ) -> None:
        self.caller = caller
        self.identity = identity or Identity(caller.actor_id, caller.actor_id)
        self.named = identity is not None
        self.may_write = may_write
        self.stored = 0
        """update messages of this connection that are in the store"""
        self.dropped: list[bytes] = []
        """updates that it sent without being allowed to, until it asks whether they are stored"""
        self._dropped_bytes = 0
        self._write = write
        self._shut = shut
        self._out: asyncio.Queue[bytes] = asyncio.Queue()
        self._waiting = 0
        self._closing: Closing | None = None

    @property
    def closed(self) -> bool:
        """Nothing is sent or taken any more."""
        return self._closing is not None

    def drop(self, update: bytes) -> None:
        """Note an update that is not taken."""
        self._dropped_bytes += len(update)
        if self._dropped_bytes > _MAX_WAITING:
            self.close(Closing(CloseCode.FORBIDDEN, "You may read this prompt, and not change it."))
        else:
            self.dropped.append(update)

    def send(self, message: bytes) -> None:
        """Queue a message; a client with too much waiting is closed, and loads anew when it is back."""
        if self.closed:
            return
        self._waiting += len(message)
        if self._waiting > _MAX_WAITING:
            self.close(Closing(CloseCode.SLOW, "This page reads too slowly; it connects again."))
            return
        self._out.put_nowait(message)

    def close(self, closing: Closing) -> None:
        """Close once; what waits is not sent."""
        if not self.closed:
            self._closing = closing
            self._shut(closing.code, closing.reason)

    async def pump(self) -> None:
        """Send what is queued, until cancelled."""
        while True:
            message = await self._out.get()
            await self._write(message)
            self._waiting -= len(message)
