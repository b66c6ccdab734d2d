"""Answers of reads, kept as they are sent, until a change may have touched what they read.

One process owns a store, and every change goes through its dispatcher, so it knows exactly when. A change of one prompt
drops the answers about that prompt, every other one those of its workspace. What an answer was read from is noted before
the read begins: one that a change overtook is never kept. Permission is no part of an answer and is asked each time.

SQLite's owner holds a file lock as long as it lives. On PostgreSQL a process may lose the store without noticing at once;
there an answer lives for a second at most.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

__all__ = ["APART", "Answers", "Stamp"]

_LIMIT_BYTES = 32 * 1024 * 1024
_LARGEST = 1024 * 1024

APART = frozenset(
    {
        "api_keys.note_use",
        "drafts.append",
        "drafts.compact",
        "drafts.follow",
        "drafts.load",
        "drafts.note_problems",
        "drafts.put",
        "executions.begin",
        "executions.finish",
        "executions.recover",
        "preview.import_",
        "review_decisions.check",
        "review_decisions.decide",
        "reviews.open_",
        "samples.create",
        "samples.delete_",
        "samples.update_",
        "threads.add",
        "threads.begin",
        "threads.edit",
        "threads.update_",
    }
)
"""operations that write nothing that a kept answer says"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an answer is read from, as it is now."""

    place: tuple[str, str]
    changes: tuple[int, int, int]
    until: float = field(default=math.inf, compare=False)
    """seconds of the monotonic clock; not part of what must be equal"""


class Answers:
    """A bounded memory of answers; safe to use from any thread."""

    def __init__(self, limit_bytes: int = _LIMIT_BYTES, *, longest_s: float = math.inf) -> None:
        self._limit, self._longest_s = limit_bytes, longest_s
        self._size = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Stamp, bytes]] = OrderedDict()
        self._changes: dict[tuple[str, str], int] = {}

    def stamp(self, workspace_id: str, prompt_id: str = "") -> Stamp:
        """Take this before reading. ``prompt_id`` empty: the answer is about the whole workspace."""
        with self._lock:
            return self._stamp(workspace_id, prompt_id)

    def get(self, key: Hashable, workspace_id: str, prompt_id: str = "") -> bytes | None:
        """The answer, if nothing that it says may have changed."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            if found[0] != self._stamp(workspace_id, prompt_id) or time.monotonic() >= found[0].until:
                del self._kept[key]
                self._size -= len(found[1])
                return None
            self._kept.move_to_end(key)
            return found[1]

    def put(self, key: Hashable, stamp: Stamp, data: bytes) -> None:
        """Keep an answer that was read after ``stamp`` was taken."""
        if len(data) > _LARGEST:
            return
        with self._lock:
            if (old := self._kept.pop(key, None)) is not None:
                self._size -= len(old[1])
            self._kept[key] = (stamp, data)
            self._size += len(data)
            while self._size > self._limit:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._size -= len(dropped)

    def changed(self, workspace_id: str, prompt_id: str | None) -> None:
        """A change was committed, or may have been; ``prompt_id`` where it is of one prompt only; ``workspace_id`` ``*``
        where it is of people, whose names stand in the answers of every workspace."""
        with self._lock:
            # "*" counts the changes that may be of any prompt, "" all of them
            for place in ("", prompt_id if prompt_id is not None else "*"):
                at = (workspace_id, place)
                self._changes[at] = self._changes.get(at, 0) + 1

    def _stamp(self, workspace_id: str, prompt_id: str) -> Stamp:
        place = (workspace_id, prompt_id)
        counted = (place, (workspace_id, "*"), ("*", "*"))
        first, second, third = (self._changes.get(each, 0) for each in counted)
        return Stamp(place, (first, second, third), time.monotonic() + self._longest_s)
