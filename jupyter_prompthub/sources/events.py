"""The server's events, followed in a thread: what makes a client's cache push-invalidated."""

from __future__ import annotations

import json
import logging
import random
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .base import Listener

if TYPE_CHECKING:
    import websocket

__all__ = ["Address", "Follower"]

_log = logging.getLogger(__name__)
_PING_S = 10.0
"""after this long without a word we ask whether anybody is there, and wait as long for the answer"""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 30.0


class Address(Protocol):
    """Where a server is."""

    url: str

    @property
    def headers(self) -> Mapping[str, str]:
        """With the credential."""
        ...

    @property
    def ssl_context(self) -> Any:
        """For ``https``."""
        ...


class Follower:
    """One daemon thread with one socket, which connects again (from the last sequence number on) when it breaks.

    Args:
        where: the server's address now.
        look_again: called when it does not answer: perhaps it is somewhere else.
        listener: told of events; kept weakly, and the thread ends when it is gone.
    """

    def __init__(
        self, where: Callable[[], Address], look_again: Callable[[], Any], listener: Listener
    ) -> None:
        self._where, self._look_again = where, look_again
        self._listener = weakref.ref(listener)
        self._stopped = threading.Event()
        self._socket: websocket.WebSocket | None = None
        self._seq: int | None = None
        self._seq_of = ""
        self._thread = threading.Thread(target=self._run, name="prompthub-events", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        if (socket := self._socket) is not None:
            socket.abort()  # type: ignore[no-untyped-call]
        if self._thread is not threading.current_thread():
            self._thread.join(5)

    def _run(self) -> None:
        wait = _FIRST_WAIT_S
        while not self._stopped.is_set() and self._listener() is not None:
            if self._session():
                wait = _FIRST_WAIT_S
            else:
                self._look_again()
            self._stopped.wait(wait * random.uniform(0.8, 1.2))  # noqa: S311 - so that clients do not come all at once
            wait = min(wait * 2, _LONGEST_WAIT_S)

    def _session(self) -> bool:
        """One connection, to its end; whether it told of events at all."""
        import websocket  # not before it is needed: it takes as long as all of the client

        was_live = False
        try:
            socket = self._connect(self._where())
        except (OSError, websocket.WebSocketException, ValueError) as error:
            _log.debug("no events: %s", error)
            if getattr(error, "status_code", None) == 401 and (listener := self._listener()) is not None:
                listener.told("resync", None)  # our credential was taken away: nothing may be served any more
            return False
        self._socket = socket
        try:
            if self._stopped.is_set():
                return False
            for message in _messages(socket):
                listener = self._listener()
                if listener is None:
                    break
                was_live |= self._heard(listener, message)
                del listener
        except (OSError, websocket.WebSocketException, ValueError) as error:
            _log.debug("events ended: %s", error)
        finally:
            self._socket = None
            socket.shutdown()  # type: ignore[no-untyped-call]
            if was_live and (listener := self._listener()) is not None:
                listener.lost()
        return was_live

    def _heard(self, listener: Listener, message: str) -> bool:
        """Pass one message on; whether it says that we are live from here."""
        event = json.loads(message)
        kind, seq = str(event["kind"]), int(event["seq"])
        if kind == "hello":
            listener.live(missed=self._seq is None)
        elif kind == "resync" or self._seq is None or seq > self._seq:
            listener.told(kind, event.get("ids", {}).get("prompt"))
        self._seq = seq
        return kind == "hello"

    def _connect(self, address: Address) -> websocket.WebSocket:
        import websocket

        if address.url != self._seq_of:
            self._seq, self._seq_of = None, address.url
        after = "" if self._seq is None else f"&after={self._seq}"
        loopback = urlsplit(address.url).hostname in ("127.0.0.1", "localhost", "::1")
        return websocket.create_connection(
            address.url.replace("http", "ws", 1) + f"prompthub/api/v1/events?hello=1{after}",
            header=dict(address.headers),
            timeout=_PING_S,
            suppress_origin=True,
            sslopt={"context": address.ssl_context} if address.url.startswith("https") else None,
            http_no_proxy=["*"] if loopback else None,
        )


def _messages(socket: websocket.WebSocket) -> Iterator[str]:
    import websocket

    asked = False
    while True:
        try:
            opcode, data = socket.recv_data(control_frame=True)
        except websocket.WebSocketTimeoutException:
            if asked:
                raise
            asked = True
            socket.ping()
            continue
        asked = False
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return
        if opcode == websocket.ABNF.OPCODE_TEXT:
            yield data.decode("utf-8")
