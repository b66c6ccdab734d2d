"""One thread with an event loop of its own, where all model calls live.

The caller's loop (a Jupyter server's, a kernel's, a short ``asyncio.run``) only waits for finished pieces: a
slow import, a gateway library's work per call or a session that is bound to one loop never touches it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar, cast

__all__ = ["ModelThread"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


class ModelThread:
    """Starts at first use; one per process is enough."""

    def __init__(self, name: str = "prompthub-models") -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
                self._thread.start()
            return self._loop

    async def call(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Await ``make()`` over there. A cancelled caller cancels it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(make(), self._running()))

    async def iterate(self, make: Callable[[], AsyncIterator[T]]) -> AsyncGenerator[T, None]:
        """Iterate ``make()`` over there, yield here. Closing or cancelling this one cancels that one, and
        waits until it has let go of its connection."""
        here = asyncio.get_running_loop()
        queue: asyncio.Queue[T | _End] = asyncio.Queue()

        def put(item: T | _End) -> None:
            here.call_soon_threadsafe(queue.put_nowait, item)

        async def pump() -> None:
            try:
                async with aclosing(cast("AsyncGenerator[T, None]", make())) as items:
                    async for item in items:
                        put(item)
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001 - it is raised again on the caller's side
                put(_End(error))
            else:
                put(_End())

        future = asyncio.run_coroutine_threadsafe(pump(), self._running())
        try:
            while True:
                item = await queue.get()
                if isinstance(item, _End):
                    if item.error is not None:
                        raise item.error
                    return
                yield item
        finally:
            future.cancel()

    def close(self, *closers: Callable[[], Awaitable[None]], timeout_s: float = 15.0) -> None:
        """Cancel what runs, await ``closers`` over there, end the thread. It may be started again.

        A closer that is slow or fails does not keep the others from closing.
        """
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return

        async def end() -> None:
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            ended = await asyncio.gather(*(closer() for closer in closers), return_exceptions=True)
            await loop.shutdown_asyncgens()
            await loop.shutdown_default_executor()
            for problem in ended:
                if isinstance(problem, BaseException):
                    raise problem

        try:
            asyncio.run_coroutine_threadsafe(end(), loop).result(timeout_s)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout_s)
            if not thread.is_alive():
                loop.close()
