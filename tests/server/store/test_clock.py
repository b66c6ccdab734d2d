"""Time and ids."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from jupyter_prompthub_server.store import clock
from jupyter_prompthub_server.store.clock import iso, new_id, now


def test_now_is_utc_in_whole_milliseconds() -> None:
    at = now()
    assert at.tzinfo is UTC
    assert at.microsecond % 1000 == 0
    assert datetime.fromisoformat(iso(at)) == at
    assert iso(at).endswith("Z")


def test_ids_are_uuids_that_sort_by_birth_and_tell_the_time() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    last = uuid.UUID(ids[-1])
    assert (last.version, last.variant) == (7, uuid.RFC_4122)
    assert abs((last.int >> 80) / 1000 - datetime.now(UTC).timestamp()) < 60


def test_ids_stay_in_order_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(clock.time, "time_ns", lambda: 0)
    assert new_id() > before


def test_ids_of_many_threads_are_different() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda _: new_id(), range(2_000)))
    assert len(set(ids)) == 2_000
