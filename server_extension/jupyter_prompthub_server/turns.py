"""Changes of one workspace take turns; those that wait while one is done join its transaction before it commits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from .idempotency import Idempotency
from .operations import Caller, Operation

__all__ = ["Change", "More", "Turns"]

_TOGETHER = 8
"""changes of one transaction at most: the first waits for the last"""


@dataclass(frozen=True, eq=False, slots=True)
class Change:
    """A change that was asked for, and where its end is told."""

    op: Operation
    caller: Caller
    path: dict[str, str]
    input: BaseModel | None
    idempotency: Idempotency | None
    end: Future[Any] = field(default_factory=Future)


More = Callable[[], Change | None]


class Turns:
    """Hands the changes of each workspace on, in the order in which they came.

    Args:
        threads: where they are performed; one thread at a time for a workspace.
        perform: gets the change that is due, and what gives it others that may join, one with each call, until there is
            none; it must end all of them, and not raise.
    """

    def __init__(self, threads: Executor, perform: Callable[[Change, More], None]) -> None:
        self._threads, self._perform = threads, perform
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Change]] = {}
        """a workspace is in here as long as one of its changes is due or performed"""

    def submit(self, change: Change) -> Future[Any]:
        """Perform a change when it is its turn; its end is the future's.

        Raises:
            RuntimeError: the threads were shut down.
        """
        workspace_id = change.caller.workspace_id
        with self._lock:
            waiting = self._waiting.get(workspace_id)
            if waiting is None:
                self._threads.submit(self._take, workspace_id)
                self._waiting[workspace_id] = deque([change])
            else:
                waiting.append(change)
        return change.end

    def _take(self, workspace_id: str) -> None:
        while True:
            if (first := self._next(workspace_id)) is not None:
                self._perform(first, self._joining(first))
            with self._lock:
                if not self._waiting[workspace_id]:
                    del self._waiting[workspace_id]
                    return
                try:
                    self._threads.submit(self._take, workspace_id)  # behind other workspaces
                    return
                except RuntimeError:
                    pass  # shut down: what waits is still done, here

    def _joining(self, first: Change) -> More:
        left = 0 if first.op.alone else _TOGETHER - 1

        def more() -> Change | None:
            nonlocal left
            left -= 1
            return self._next(first.caller.workspace_id, joining=True) if left >= 0 else None

        return more

    def _next(self, workspace_id: str, *, joining: bool = False) -> Change | None:
        with self._lock:
            waiting = self._waiting[workspace_id]
            while waiting and not (joining and waiting[0].op.alone):
                change = waiting.popleft()
                if change.end.set_running_or_notify_cancel():
                    return change
        return None
