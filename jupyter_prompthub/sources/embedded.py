"""The store of this person, opened in this process: the same dispatcher, rules and audit, without HTTP.

While it is open this process owns the store: others on this machine forward to it. Close it to let go.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from jupyter_prompthub_server.embedded import EmbeddedServer

from .base import Listener, NotReachable, ServerEvent

__all__ = ["EmbeddedSource"]

T = TypeVar("T")


class EmbeddedSource:
    """A store in ``folder``, served by an event loop in a thread of its own.

    Raises:
        StoreUnavailable: it cannot be opened, or another process owns it and does not answer.
    """

    def __init__(self, folder: Path) -> None:
        self.label = f"the store in {folder}, opened by this process"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="prompthub-embedded", daemon=True)
        self._thread.start()
        self._closed = False
        self._process = os.getpid()
        try:
            self._server = self._wait(EmbeddedServer.open(folder))
        except BaseException:
            self._end_loop()
            raise

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        return self._wait(self._server.request(method, path, query, body, headers))

    def stream(self, body: Mapping[str, Any]) -> Iterator[ServerEvent]:
        events: queue.Queue[ServerEvent | BaseException | None] = queue.Queue()
        future = self._submit(_pump(self._server.stream(body), events))
        try:
            while (event := events.get()) is not None:
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            future.cancel()
            concurrent.futures.wait([future], timeout=10)

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Every change goes through this process: the listener is told as it is committed."""
        unfollow = self._server.listen(lambda event: listener.told(event.kind, event.ids.get("prompt")))
        listener.live(missed=False)
        return unfollow

    def close(self) -> None:
        if self._closed or self._process != os.getpid():
            return
        self._closed = True
        try:
            self._wait(self._server.close())
        finally:
            self._end_loop()

    def _submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        if self._process != os.getpid():
            work.close()
            raise NotReachable(
                "this process was forked from the one that opened the store, and the store stayed there; make a new "
                "Client() here"
            )
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        future = self._submit(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


async def _pump(
    events: AsyncIterator[ServerEvent], out: queue.Queue[ServerEvent | BaseException | None]
) -> None:
    """From the server's loop to the caller's thread; the last thing is None, or what went wrong."""
    try:
        async for event in events:
            out.put(event)
    except BaseException as error:
        out.put(error)
        raise
    out.put(None)
