"""A server that was found, and is looked for again when it does not answer any more: on another port, perhaps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from ..core.errors import Unauthenticated
from .base import Listener, NotReachable, ServerEvent
from .events import Follower
from .forking import renewed_after_fork
from .http import HttpSource

__all__ = ["FoundSource"]


class FoundSource:
    """Passes all on to ``first``, or to what ``find`` finds in its place.

    A request is sent again only when the first server surely did nothing about it: it did not take the connection,
    or did not know us; or when it only reads.
    """

    def __init__(self, first: HttpSource, find: Callable[[], HttpSource | None]) -> None:
        self._now, self._find = first, find
        self._lock = threading.Lock()
        self._before: list[HttpSource] = []
        renewed_after_fork(self)

    @property
    def label(self) -> str:
        """What it is, for people."""
        return self._now.label

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        asked = self._now
        try:
            return asked.request(method, path, query=query, body=body, headers=headers)
        except (NotReachable, Unauthenticated) as error:
            refused = isinstance(error, Unauthenticated) or isinstance(error.__cause__, httpx.ConnectError)
            if not (refused or method == "GET") or not self._look_again(asked):
                raise
        return self._now.request(method, path, query=query, body=body, headers=headers)

    def stream(self, body: Mapping[str, Any]) -> Iterator[ServerEvent]:
        asked = self._now
        try:
            yield from asked.stream(body)
            return
        except NotReachable as error:
            if not isinstance(error.__cause__, httpx.ConnectError) or not self._look_again(asked):
                raise
        yield from self._now.stream(body)

    def follow(self, listener: Listener) -> Callable[[], None]:
        """As :meth:`HttpSource.follow`; a server that moved is followed there."""
        return Follower(lambda: self._now, lambda: self._look_again(self._now), listener).stop

    def close(self) -> None:
        for source in (*self._before, self._now):
            source.close()

    def after_fork(self) -> None:
        """In the child: whoever held the lock stayed with the parent."""
        self._lock = threading.Lock()

    def _look_again(self, failed: HttpSource) -> bool:
        """Whether there is another server now than the one that failed."""
        with self._lock:
            if self._now is not failed:
                return True
            found = self._find()
            if found is None:
                return False
            if (found.url, found.headers) == (failed.url, failed.headers):
                found.close()
                return False
            self._before.append(failed)
            self._now = found
            return True
