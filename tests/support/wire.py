"""A TCP proxy that can go silent: connections stay open and nothing comes through, as on a dead network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["Wire", "wire"]

_CHUNK = 65_536
_HOST = "127.0.0.1"


class _Connection:
    """One client, and what it is connected to. Each way has a thread; the last one to end closes the sockets."""

    def __init__(self, client: socket.socket, *, dead: bool) -> None:
        self.dead = dead
        self._client = client
        self._upstream: socket.socket | None = None
        self._over = threading.Event()
        self._lock = threading.Lock()

    def run(self, target: int) -> None:
        with self._client:
            if self.dead:
                self._over.wait()
                return
            with suppress(OSError), socket.create_connection((_HOST, target)) as upstream:
                with self._lock:
                    self._upstream = upstream
                    if self._over.is_set():
                        return
                back = threading.Thread(target=self._pass, args=(upstream, self._client))
                back.start()
                self._pass(self._client, upstream)
                back.join()

    def end(self) -> None:
        """Whoever reads or writes here stops, on both sides."""
        with self._lock:
            self._over.set()
            for each in (self._client, self._upstream):
                if each is not None:
                    with suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while chunk := source.recv(_CHUNK):
                if self.dead:
                    self._over.wait()
                    return
                sink.sendall(chunk)
            if self.dead:
                self._over.wait()
        except OSError:
            pass
        finally:
            self.end()


class Wire:
    """What :func:`wire` gives: ``port`` leads to the server."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._listening = socket.create_server((_HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self._lock = threading.Lock()
        self._silent = False
        self._stopped = False
        self._open: dict[_Connection, threading.Thread] = {}

    def go_silent(self) -> None:
        """From now on nothing comes through, and nobody is told. Connections of this time stay dead."""
        with self._lock:
            self._silent = True
            for each in self._open:
                each.dead = True

    def come_back(self) -> None:
        """New connections work again; those that went silent never do."""
        with self._lock:
            self._silent = False

    def cut(self) -> None:
        """Close all connections at once; new ones work."""
        with self._lock:
            for each in self._open:
                each.end()

    def accept(self) -> None:
        """Serve until :meth:`stop`."""
        with self._listening:
            while True:
                client, _ = self._listening.accept()
                with self._lock:
                    if self._stopped:
                        client.close()
                        return
                    made = _Connection(client, dead=self._silent)
                    self._open[made] = threading.Thread(target=self._serve, args=(made,))
                    self._open[made].start()

    def _serve(self, connection: _Connection) -> None:
        connection.run(self.target)
        with self._lock:
            self._open.pop(connection)

    def stop(self) -> None:
        """Close everything; returns when all threads have ended but the one that accepts."""
        with self._lock:
            self._stopped = True
            threads = tuple(self._open.values())
            for each in self._open:
                each.end()
        # wakes the one that accepts; where a client came first, it is awake and nobody listens any more
        with suppress(ConnectionError):
            socket.create_connection((_HOST, self.port)).close()
        for thread in threads:
            thread.join()


@contextmanager
def wire(target: int) -> Iterator[Wire]:
    """A proxy before a local port, in threads of its own."""
    made = Wire(target)
    accepting = threading.Thread(target=made.accept, name="wire")
    accepting.start()
    try:
        yield made
    finally:
        made.stop()
        accepting.join()
