"""HTTP clients that cost next to nothing, so that the server is measured: one that waits, and many at once."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Wire", "load"]

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"transfer-encoding:\s*chunked", re.IGNORECASE)


def _request(host: str, method: str, path: str, headers: Mapping[str, str], body: Any) -> bytes:
    payload = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(payload)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append("Content-Type: application/json")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


class Wire:
    """One kept connection.

    Args:
        url: the server's base URL; paths count from there.
        headers: sent with every request.
    """

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._host, self._root = parts.netloc, parts.path
        self._headers = dict(headers)
        self._socket = socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 80), timeout=600
        )
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _send(self, method: str, path: str, body: Any) -> None:
        self._socket.sendall(_request(self._host, method, self._root + path, self._headers, body))

    def _more(self, received: bytes) -> bytes:
        piece = self._socket.recv(262_144)
        if not piece:
            raise ConnectionError(f"the server hung up after {received[:300]!r}")
        return received + piece

    def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """The body of the answer, which must be a success with a length."""
        self._send(method, path, body)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received = self._more(received)
        head = received[:end]
        length = _LENGTH.search(head)
        size = end + 4 + (int(length[1]) if length else 0)
        while len(received) < size:
            received = self._more(received)
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{method} {path}: {received[:600]!r}")
        return received[end + 4 :]

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """The answer, parsed."""
        answer = self.ask(method, path, body)
        return json.loads(answer) if answer else None

    def first(self, method: str, path: str, body: Any, marker: bytes) -> float:
        """Seconds until ``marker`` is in a streamed answer, which is then read to its end."""
        start = time.perf_counter()
        self._send(method, path, body)
        received = b""
        while marker not in received:
            if received.startswith(b"HTTP/1.1 4") or received.startswith(b"HTTP/1.1 5"):
                raise RuntimeError(f"{method} {path}: {received[:600]!r}")
            received = self._more(received)
        taken = time.perf_counter() - start
        if not _CHUNKED.search(received):
            raise RuntimeError(f"{method} {path}: expected a chunked answer, got {received[:300]!r}")
        while not received.endswith(b"\r\n0\r\n\r\n"):
            received = self._more(received)
        return taken


async def _loop(host: str, port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    done = 0
    try:
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"expected 200, got {head[:300]!r}")
            length = _LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
            done += 1
    finally:
        writer.close()
    return done


def load(url: str, path: str, headers: Mapping[str, str], *, clients: int, seconds: float) -> float:
    """Requests per second of ``clients`` that each ask again as soon as they are answered."""
    parts = urlsplit(url)
    request = _request(parts.netloc, "GET", parts.path + path, headers, None)

    async def run() -> float:
        start = time.perf_counter()
        many = (
            _loop(parts.hostname or "", parts.port or 80, request, start + seconds) for _ in range(clients)
        )
        done = sum(await asyncio.gather(*many))
        return done / (time.perf_counter() - start)

    return asyncio.run(run())
