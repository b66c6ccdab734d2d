"""A TCP proxy that can go silent: connections stay open and nothing comes through, as on a dead network."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["Wire", "wire"]


class Wire:
    """What :func:`wire` gives: ``port`` leads to the server."""

    def __init__(self, target: int, loop: asyncio.AbstractEventLoop) -> None:
        self.target = target
        self.port = 0
        self._loop = loop
        self._silent = False
        self._open: set[asyncio.StreamWriter] = set()
        self._dead: set[asyncio.StreamWriter] = set()
        self._never = loop.create_future()
        self._tasks: set[asyncio.Task[None]] = set()

    def go_silent(self) -> None:
        """From now on nothing comes through, and nobody is told. Connections of this time stay dead."""
        self._loop.call_soon_threadsafe(self._set, True)

    def come_back(self) -> None:
        """New connections work again; those that went silent never do."""
        self._loop.call_soon_threadsafe(self._set, False)

    def cut(self) -> None:
        """Close all connections at once; new ones work."""
        self._loop.call_soon_threadsafe(self._cut)

    def _set(self, silent: bool) -> None:
        self._silent = silent
        if silent:
            self._dead |= self._open

    def _cut(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        if mine := asyncio.current_task():
            self._tasks.add(mine)  # the loop itself does not keep what waits
            mine.add_done_callback(self._tasks.discard)
        self._open.add(writer)
        if self._silent:
            self._dead.add(writer)
        upstream = None
        tasks: list[asyncio.Future[None]] = []
        try:
            if writer in self._dead:
                await asyncio.shield(self._never)
            # broken off half-way it would leave a connection that nobody closes
            connecting = asyncio.ensure_future(asyncio.open_connection("127.0.0.1", self.target))
            try:
                from_server, upstream = await asyncio.shield(connecting)
            except asyncio.CancelledError:
                _, upstream = await connecting
                raise
            ways = (self._pass(reader, upstream, writer), self._pass(from_server, writer, writer))
            tasks += [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for task in tasks:
                task.cancel()
            self._open.discard(writer)
            self._dead.discard(writer)
            for each in (writer, upstream):
                if each is not None:
                    each.transport.abort()
                    # an aborted transport closes its socket in a later turn of the loop
                    with suppress(OSError, asyncio.CancelledError):
                        await each.wait_closed()

    async def _pass(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while chunk := await source.read(65_536):
                if client in self._dead:
                    await asyncio.shield(self._never)
                sink.write(chunk)
                await sink.drain()


@contextmanager
def wire(target: int) -> Iterator[Wire]:
    """A proxy before a local port, in a thread of its own."""
    ready = threading.Event()
    made: list[Wire] = []
    stop: list[asyncio.Event] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        made.append(Wire(target, loop))
        stop.append(asyncio.Event())
        server = await asyncio.start_server(made[0].serve, "127.0.0.1", 0)
        made[0].port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop[0].wait()
        server.close()
        mine = asyncio.current_task()
        while True:
            # one that was accepted just now begins in a later turn, and a task that is cancelled before it has begun
            # closes nothing
            for _ in range(5):
                await asyncio.sleep(0)
            others = [task for task in asyncio.all_tasks() if task is not mine]
            if not others:
                break
            for task in tuple(made[0]._tasks):
                task.cancel()
            await asyncio.wait(others)

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="wire")
    thread.start()
    ready.wait(10)
    try:
        yield made[0]
    finally:
        made[0]._loop.call_soon_threadsafe(stop[0].set)
        thread.join(10)
