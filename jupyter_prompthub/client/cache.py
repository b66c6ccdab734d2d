"""Versions that a client knows, by ref. How old an answer can be is written in ``docs/client.md``.

A read that finds a fresh entry takes no lock. A version named by its SHA never changes, so it is fresh for good; one
named by another ref is fresh as long as the source tells of changes (push), or for a few seconds where it cannot.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from math import inf
from time import monotonic

from ..core.errors import PromptHubError, RateLimited
from ..core.records import Version
from ..sources.base import Source
from ..sources.forking import renewed_after_fork

__all__ = ["CacheInfo", "CachePolicy", "VersionCache"]

_log = logging.getLogger("jupyter_prompthub.client")
_MOVES = ("version.", "branch.", "deployment.", "prompt.")
"""kinds of events after which a ref may name another version"""
_ALL = ("workspace.imported", "resync")
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """How a client remembers versions. Times are seconds.

    Attributes:
        size: refs that are kept; the least recently used leave.
        refresh_after: without push, an answer older than this is served, and asked for again in the background.
        max_stale: one that has not been known to be true for this long is asked for before it is served.
        retry_after: after the server did not answer, it is left alone for this long.
        push: whether to listen to the server's events.
    """

    size: int = 1000
    refresh_after: float = 15.0
    max_stale: float = 300.0
    retry_after: float = 5.0
    push: bool = True


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """The state of a client's cache.

    Attributes:
        size: refs that are known.
        stale: those of them that may not be true any more.
        asked: requests made for versions so far.
        live: the source tells of every change.
        away: the last request got no answer; what is known is served.
    """

    size: int
    stale: int
    asked: int
    live: bool
    away: bool


class _Entry:
    __slots__ = ("began", "checked", "dirty", "fixed", "fresh_until", "used", "version")

    def __init__(self, version: Version, *, fixed: bool, now: float, began: int) -> None:
        self.version = version
        self.began = began
        """the generation in which it was asked for"""
        self.fixed = fixed
        self.dirty = False
        """a change was told that this does not have yet"""
        self.fresh_until = inf
        self.checked = now
        """when it was last known to be true; means nothing while it is fresh"""
        self.used = now


class VersionCache:
    """Safe to use from many threads, and after a fork.

    Args:
        source: whose events to follow.
        fetch: asks for the version that a reference names.
        is_fixed: whether a reference names one version for good.
    """

    def __init__(
        self,
        source: Source,
        fetch: Callable[[str], Version],
        is_fixed: Callable[[str], bool],
        policy: CachePolicy,
    ) -> None:
        self._source, self._ask_source, self._is_fixed, self.policy = source, fetch, is_fixed, policy
        self._entries: dict[str, _Entry] = {}
        self._asked = 0
        self._start()
        renewed_after_fork(self)

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, Future[Version]] = {}
        self._waiting: dict[str, None] = {}
        self._working = False
        self._generation = 0
        self._touched: dict[str, int] = {}
        self._all_touched = 0
        self._forgot = 0
        self._following = False
        self._unfollow: Callable[[], None] | None = None
        self._live = self._away = self._closed = False

    # ------------------------------------------------------------------ reading

    def get(self, reference: str) -> Version:
        """The version that ``reference`` names."""
        entry = self._entries.get(reference)
        if entry is not None and (now := monotonic()) < entry.fresh_until:
            entry.used = now
            return entry.version
        return self._look(reference)

    def _look(self, reference: str) -> Version:
        with self._lock:
            entry = self._entries.get(reference)
            if entry is not None:
                entry.used = now = monotonic()
                if now < entry.fresh_until:
                    return entry.version
                if now - entry.checked <= self.policy.max_stale:
                    self._refresh_later(reference)
                    return entry.version
            flight = self._flights.get(reference)
            mine = flight is None
            if flight is None:
                flight = self._flights[reference] = Future()
        if not mine:
            return flight.result()
        try:
            flight.set_result(self._fetch(reference))
        except BaseException as error:
            flight.set_exception(error)
            raise
        finally:
            with self._lock:
                if self._flights.get(reference) is flight:
                    del self._flights[reference]
        return flight.result()

    def _fetch(self, reference: str) -> Version:
        fixed = self._is_fixed(reference)
        if not fixed:
            self._follow()
        with self._lock:
            began = self._generation
            self._asked += 1
        try:
            version = self._ask_source(reference)
        except PromptHubError as error:
            with self._lock:
                if error.status < 500 and not isinstance(error, RateLimited):
                    self._entries.pop(reference, None)
                    raise
                known = self._serve_known(reference, error)
            if known is None:
                raise
            return known
        with self._lock:
            self._away = False
            self._store(reference, version, fixed, began)
        return version

    def _serve_known(self, reference: str, error: PromptHubError) -> Version | None:
        entry = self._entries.get(reference)
        if entry is None:
            return None
        now = monotonic()
        entry.fresh_until = now + self.policy.retry_after
        if not self._away:
            self._away = True
            _log.warning(
                "%s Versions are served as they were known %d s ago, until it answers again.",
                error.message.rstrip(".") + ".",
                now - entry.checked,
            )
        return entry.version

    def _store(self, reference: str, version: Version, fixed: bool, began: int) -> None:
        now = monotonic()
        overtaken = not fixed and max(self._all_touched, self._touched.get(version.prompt_id, 0)) > began
        known = self._entries.get(reference)
        if overtaken and (self._forgot if known is None else known.began) > began:
            return  # from before this client's own change, or before what is known
        entry = self._entries[reference] = _Entry(version, fixed=fixed, now=now, began=began)
        if not fixed:
            if overtaken:
                entry.dirty, entry.fresh_until = True, 0.0  # it changed while we asked
                self._refresh_later(reference)
            elif not self._live:
                entry.fresh_until = now + self.policy.refresh_after
        if len(self._entries) > self.policy.size:
            entries = self._entries
            gone = len(entries) - self.policy.size + self.policy.size // 10
            for key in heapq.nsmallest(gone, entries, key=lambda key: entries[key].used):
                del entries[key]

    def info(self) -> CacheInfo:
        """What is known now."""
        with self._lock:
            now = monotonic()
            entries = [each for each in self._entries.values() if not each.fixed]
            stale = sum(self._away or each.dirty or now >= each.fresh_until for each in entries)
            return CacheInfo(len(self._entries), stale, self._asked, self._live, self._away)

    # ------------------------------------------------------------------ in the background

    def _refresh_later(self, reference: str) -> None:
        """With the lock held."""
        if self._closed:
            return
        self._waiting[reference] = None
        if not self._working:
            self._working = True
            threading.Thread(target=self._work, name="prompthub-refresh", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                reference = next(iter(self._waiting), None)
                if reference is None:
                    self._working = False
                    return
                del self._waiting[reference]
                if reference not in self._entries:
                    continue  # it has left meanwhile
            try:
                self._fetch(reference)
            except PromptHubError as error:
                _log.debug("%s could not be refreshed: %s", reference, error)  # who asks next is told
            except Exception:  # noqa: BLE001 - the edge of a thread; the entry stays stale
                _log.exception("%s could not be refreshed", reference)

    # ------------------------------------------------------------------ changes

    def forget(self, prompt_id: str | None = None) -> None:
        """Ask again for a prompt's refs (None: for all) before they are served: this client changed something."""
        with self._lock:
            self._touch(prompt_id)
            self._forgot = self._generation
            self._flights.clear()  # who asks from now on must not get an answer from before
            for key, entry in list(self._entries.items()):
                if not entry.fixed and prompt_id in (None, entry.version.prompt_id):
                    del self._entries[key]

    def _touch(self, prompt_id: str | None) -> None:
        self._generation += 1
        if prompt_id is None or len(self._touched) >= _REMEMBERED:
            self._touched.clear()
            self._all_touched = self._generation
        else:
            self._touched[prompt_id] = self._generation

    def told(self, kind: str, prompt_id: str | None) -> None:
        """The source tells of an event."""
        everything = kind in _ALL
        if not everything and (prompt_id is None or not kind.startswith(_MOVES)):
            return
        with self._lock:
            self._outdate(None if everything else prompt_id)

    def _outdate(self, prompt_id: str | None) -> None:
        self._touch(prompt_id)
        now = monotonic()
        for key, entry in self._entries.items():
            if not entry.fixed and prompt_id in (None, entry.version.prompt_id):
                if entry.fresh_until == inf:
                    entry.checked = now
                entry.dirty, entry.fresh_until = True, 0.0
                self._refresh_later(key)

    def live(self, *, missed: bool) -> None:
        """From now on the source tells of every change. ``missed``: something may have changed untold before."""
        with self._lock:
            self._live = True
            if missed:
                self._outdate(None)
                return
            for key, entry in self._entries.items():
                if entry.dirty:
                    self._refresh_later(key)
                else:
                    entry.fresh_until = inf

    def lost(self) -> None:
        """The source tells of nothing any more: what is known is true as of now."""
        with self._lock:
            self._live = False
            self._age()

    def _age(self) -> None:
        now = monotonic()
        for entry in self._entries.values():
            if not entry.fixed and entry.fresh_until == inf:
                entry.checked = now
                entry.fresh_until = now + self.policy.refresh_after

    def _follow(self) -> None:
        with self._lock:
            if self._following or not self.policy.push:
                return
            self._following = True
        self._unfollow = self._source.follow(self)

    def close(self) -> None:
        """Listen no more, refresh no more."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        if self._unfollow is not None:
            self._unfollow()
            self._unfollow = None

    def after_fork(self) -> None:
        """In the child: threads, the socket and who held the lock stayed with the parent."""
        self._start()
        self._age()
