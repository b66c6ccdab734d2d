"""Slows down guessing: so many failures in a window, by any key (account, address)."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from jupyter_prompthub.core.errors import RateLimited

__all__ = ["FailureLimit"]


class FailureLimit:
    """Refuses a key after ``limit`` failures within ``window`` seconds, until the oldest is that old.

    Kept in memory, for at most ``keys`` keys (the least recently failed is forgotten first).
    """

    def __init__(
        self,
        limit: int = 10,
        window: float = 300.0,
        *,
        keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit, self._window, self._keys, self._clock = limit, window, keys, clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, *names: str) -> None:
        """Raises RateLimited when one of the keys has failed too often."""
        now = self._clock()
        for name in names:
            seen = self._failures.get(name)
            while seen and now - seen[0] >= self._window:
                seen.popleft()
            if seen and len(seen) >= self._limit:
                wait = max(1, round(self._window - (now - seen[0]) + 0.5))
                raise RateLimited(
                    f"too many failed sign-ins; try again in {wait} s", details={"retry_after_s": wait}
                )

    def failed(self, *names: str) -> None:
        """Count a failure of every key."""
        now = self._clock()
        for name in names:
            self._failures.setdefault(name, deque(maxlen=self._limit)).append(now)
            self._failures.move_to_end(name)
        while len(self._failures) > self._keys:
            self._failures.popitem(last=False)

    def passed(self, name: str) -> None:
        """Forget the failures of one key."""
        self._failures.pop(name, None)
