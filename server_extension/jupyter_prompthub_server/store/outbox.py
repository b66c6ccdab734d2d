"""Events: rows of the per-workspace outbox, and their publication after commit."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ARRAY, Connection, bindparam, insert, select, text

from jupyter_prompthub.core.records import Event

from .clock import iso
from .engine import Database
from .tables import outbox, outbox_counter
from .types import Instant

__all__ = ["EventBus", "Notice", "Subscription", "append", "newest_seq", "read_after"]

_COUNT = (
    "INSERT INTO outbox_counter (workspace_id, seq) VALUES (:workspace_id, :count) "
    "ON CONFLICT (workspace_id) DO UPDATE SET seq = outbox_counter.seq + :count RETURNING seq"
)
_NEXT = text(_COUNT)
_APPEND = text(
    f"WITH next AS ({_COUNT}), added AS ("  # noqa: S608
    "INSERT INTO outbox (workspace_id, seq, kind, ids, created_at) "
    "SELECT :workspace_id, next.seq - :count + each.n, each.kind, each.ids::json, each.at "
    "FROM next, unnest(CAST(:kinds AS text[]), CAST(:ids AS text[]), CAST(:at AS bigint[])) "
    "WITH ORDINALITY AS each (kind, ids, at, n)"
    ") SELECT seq FROM next"
).bindparams(bindparam("at", type_=ARRAY(Instant)))
_ROW = insert(outbox)
_QUEUE = 1_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What shall be told: an event without its number."""

    kind: str
    ids: dict[str, str]
    at: datetime


def append(conn: Connection, workspace_id: str, notices: Sequence[Notice]) -> tuple[Event, ...]:
    """Insert the transaction's events, numbered without gaps in the order of commits."""
    if not notices:
        return ()
    counted = {"workspace_id": workspace_id, "count": len(notices)}
    if conn.dialect.name == "postgresql":  # both inserts in one round trip
        values = {
            "kinds": [each.kind for each in notices],
            "ids": [json.dumps(each.ids) for each in notices],
            "at": [each.at for each in notices],
        }
        last: int = conn.execute(_APPEND, {**counted, **values}).scalar_one()
    else:
        last = conn.execute(_NEXT, counted).scalar_one()
        conn.execute(
            _ROW,
            [
                {
                    "workspace_id": workspace_id,
                    "seq": seq,
                    "kind": each.kind,
                    "ids": each.ids,
                    "created_at": each.at,
                }
                for seq, each in enumerate(notices, last - len(notices) + 1)
            ],
        )
    return tuple(
        Event(seq=seq, kind=each.kind, at=iso(each.at), ids=each.ids)
        for seq, each in enumerate(notices, last - len(notices) + 1)
    )


def read_after(conn: Connection, workspace_id: str, seq: int, limit: int = 500) -> tuple[Event, ...]:
    """Events of a workspace after ``seq``, oldest first. If some of them were cleared away already, or
    ``seq`` is ahead of the store (it was restored from a backup), the first is a ``resync``."""
    newest = newest_seq(conn, workspace_id)
    rows = conn.execute(
        select(outbox)
        .where(outbox.c.workspace_id == workspace_id, outbox.c.seq > seq)
        .order_by(outbox.c.seq)
        .limit(limit)
    ).all()
    events = [Event(seq=r.seq, kind=r.kind, at=iso(r.created_at), ids=r.ids) for r in rows]
    if seq > newest:
        return (_resync(newest),)
    if events and events[0].seq > seq + 1:
        return (_resync(events[0].seq - 1), *events)
    if not events and seq < newest:
        return (_resync(newest),)
    return tuple(events)


def newest_seq(conn: Connection, workspace_id: str) -> int:
    """The number of a workspace's last event; 0 where there was none."""
    counted = select(outbox_counter.c.seq).where(outbox_counter.c.workspace_id == workspace_id)
    return conn.execute(counted).scalar_one_or_none() or 0


def _resync(seq: int) -> Event:
    return Event(seq=seq, kind="resync", at="", ids={})


@dataclass(eq=False)
class Subscription:
    """The events of one workspace from now on, in order; iterate it, and close it at the end.
    A reader that falls 1,000 events behind gets one ``resync`` in their place."""

    workspace_id: str
    _bus: EventBus
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(_QUEUE))

    async def __aiter__(self) -> AsyncIterator[Event]:
        while (event := await self._queue.get()) is not None:
            yield event

    async def next(self) -> Event | None:
        """The next event; None after :meth:`close`."""
        return await self._queue.get()

    def close(self) -> None:
        """Stop; the iteration ends."""
        self._bus.unsubscribe(self)
        self._put(None)

    def deliver(self, events: Sequence[Event]) -> None:
        """Called by the bus, from any thread."""
        with suppress(RuntimeError):  # the loop was closed before its subscription
            self._loop.call_soon_threadsafe(self._put_all, tuple(events))

    def _put_all(self, events: Sequence[Event]) -> None:
        for event in events:
            self._put(event)

    def _put(self, event: Event | None) -> None:
        if self._queue.full():
            last = event
            while not self._queue.empty():
                last = self._queue.get_nowait() or last
            event = None if event is None or last is None else _resync(event.seq)
        self._queue.put_nowait(event)


class EventBus:
    """Publishes committed events in order: to subscriptions of a workspace, and to listeners of all.

    Threads may commit in one order and arrive here in another; the numbers have no gaps, so a missing
    one is read from the outbox before later ones go out.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._listeners: list[Callable[[str, Event], None]] = []
        with database.reading() as conn:
            self._published: dict[str, int] = {
                row.workspace_id: row.seq for row in conn.execute(select(outbox_counter))
            }

    def subscribe(self, workspace_id: str) -> Subscription:
        """Start to collect a workspace's events; call it on the event loop that will read them."""
        subscription = Subscription(workspace_id, self)
        with self._lock:
            self._subscriptions.setdefault(workspace_id, set()).add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a subscription."""
        with self._lock:
            left = self._subscriptions.get(subscription.workspace_id, set())
            left.discard(subscription)
            if not left:
                self._subscriptions.pop(subscription.workspace_id, None)

    def listen(self, listener: Callable[[str, Event], None]) -> Callable[[], None]:
        """Call ``listener(workspace_id, event)`` for every event, in the committing thread: it must be
        quick and must not raise. Returns what takes it off again."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, workspace_id: str, events: Sequence[Event]) -> None:
        """Called after the commit that wrote ``events``."""
        if not events:
            return
        with self._lock:
            last = self._published.get(workspace_id, 0)
            if events[-1].seq <= last:
                return
            if events[0].seq != last + 1:
                with self._database.reading() as conn:
                    events = read_after(conn, workspace_id, last, limit=10_000)
            self._published[workspace_id] = events[-1].seq
            for subscription in self._subscriptions.get(workspace_id, ()):
                subscription.deliver(events)
            for listener in tuple(self._listeners):
                for event in events:
                    try:
                        listener(workspace_id, event)
                    except Exception:  # noqa: BLE001 - committed already: a listener cannot undo it
                        _log.exception("a listener failed on %s", event.kind)
