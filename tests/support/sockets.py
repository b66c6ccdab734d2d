"""A websocket as a test wants it: synchronous, with the close code."""

from __future__ import annotations

import json
import struct
from typing import Any

import websocket

__all__ = ["Closed", "Refused", "Socket"]


class Refused(Exception):
    """The handshake was answered with another HTTP status than 101."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class Closed(Exception):
    """The server closed, with ``code`` (None: it just went away)."""

    def __init__(self, code: int | None) -> None:
        super().__init__(str(code))
        self.code = code


class Socket:
    """A connection to ``url`` (http or ws) with an optional bearer token; a context manager."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = [f"Authorization: Bearer {token}"] if token else []
        try:
            self._ws = websocket.create_connection(
                url.replace("http", "ws", 1),
                header=headers,
                timeout=15,
                http_no_proxy=["*"],
                suppress_origin=True,
            )
        except websocket.WebSocketBadStatusException as error:
            body = (error.resp_body or b"").decode()
            raise Refused(error.status_code, body) from None

    def json(self) -> Any:
        """The next message, decoded."""
        return json.loads(self.bytes())

    def bytes(self) -> bytes:
        """The next message."""
        try:
            opcode, data = self._ws.recv_data()
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            raise Closed(None) from None
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise Closed(struct.unpack("!H", data[:2])[0] if len(data) >= 2 else None)
        return bytes(data)

    def send(self, message: bytes) -> None:
        """Send one binary message."""
        self._ws.send_binary(message)

    def __enter__(self) -> Socket:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._ws.close(timeout=1)
        finally:
            self._ws.shutdown()  # also where the server has closed: the socket itself
