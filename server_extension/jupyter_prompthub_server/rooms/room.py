"""A room: one draft in memory, and the order in which things happen to it.

One queue, one task. Edits are applied, committed, and only then relayed; everything else (a sync step 1,
a save, a restore) runs between two batches of edits, on committed state. See ``docs/formats/drafts.md``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pycrdt import Text

from jupyter_prompthub.core.errors import Forbidden, PromptHubError, StoreUnavailable

from .batches import Batch, Pending, batches_of
from .connection import Connection
from .document import Document, replay, text_of
from .presence import Presence
from .protocol import (
    AwarenessEntry,
    AwarenessMessage,
    CloseCode,
    Closing,
    Message,
    QueryAwareness,
    SaveRequest,
    SyncStep1,
    SyncUpdate,
    awareness_message,
    closing_for,
    step1_message,
    step2_message,
    text_message,
    update_message,
)

__all__ = ["MAX_TEXT", "Room"]

MAX_TEXT = 2 * 1024 * 1024
"""Bytes of text that an update may not be able to exceed."""

_BATCH_WINDOW = 0.01
"""Seconds that a first edit waits for others, to share a commit."""

_CHANGED = Closing(CloseCode.RESTART, "Your permissions have changed.")
_REFUSED = Closing(
    CloseCode.FORBIDDEN, "This text cannot be changed by you now: what you typed last is not stored."
)

_EMPTY = b"\x00\x00"
"""A Yjs update without structs and deletions."""

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Task:
    run: Callable[[], Awaitable[Any]]
    done: asyncio.Future[Any]


_Item = tuple[Connection, Message] | _Task


class Room:
    """One draft that somebody has open.

    Args:
        doc: the document, as stored.
        append: stores a batch; raises when it is not committed.
        changed: called when a changed text is stored, with the text.
        closed: called once, when the room is closed for good.
    """

    def __init__(
        self,
        doc: Document,
        append: Callable[[Batch], Awaitable[None]],
        changed: Callable[[str], None],
        closed: Callable[[], None],
    ) -> None:
        self._doc = doc
        self._append = append
        self._changed = changed
        self._closed = closed
        self._clients: dict[Connection, None] = {}
        self._presence = Presence()
        self._queue: asyncio.Queue[_Item] = asyncio.Queue()
        self._pending: dict[Connection, Pending] = {}
        self._told: list[AwarenessEntry] = []
        self._made: list[bytes] = []
        self._edited = False
        self._failed: Closing | None = None
        self._busy = False
        """a task has begun: it may have changed something, and is not broken off"""
        self._subscriptions = [
            doc.observe(self._document_changed),
            doc.get("source", type=Text).observe(self._text_changed),
        ]
        self._task = asyncio.create_task(self._run())

    # ------------------------------------------------------------------ from outside

    @property
    def clients(self) -> tuple[Connection, ...]:
        """Who is connected."""
        return tuple(self._clients)

    @property
    def failed(self) -> bool:
        """It is closed for good; another room must be opened."""
        return self._failed is not None

    def join(self, connection: Connection) -> None:
        """Let a client in: ask for what it has, tell who is here."""
        if self._failed is not None:
            connection.close(self._failed)
            return
        self._clients[connection] = None
        connection.send(step1_message(self._doc.get_state()))
        here = self._presence.everybody()
        if here:
            connection.send(awareness_message(here))

    def leave(self, connection: Connection) -> None:
        """Forget a client. Edits that it sent before are still stored and relayed."""
        if self._clients.pop(connection, connection) is connection:
            return
        gone = self._presence.leave(connection)
        if gone:
            self._tell(awareness_message(gone))

    def receive(self, connection: Connection, message: Message) -> None:
        """Queue what a client sent. Who is here it hears at once: clients ask that to see whether we are."""
        if self._failed is not None or connection.closed:
            return
        if isinstance(message, QueryAwareness):
            connection.send(awareness_message(self._presence.everybody()))
        else:
            self._queue.put_nowait((connection, message))

    async def exclusively(self, run: Callable[[], Awaitable[_Result]]) -> _Result:
        """Run something between two batches of edits, on committed state.

        Raises:
            StoreUnavailable: the room failed before.
        """
        if self._failed is not None:
            raise StoreUnavailable("The draft's room has just been closed. Try again.")
        done: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Task(run, done))
        return await done

    def apply_stored(self, update: bytes) -> None:
        """Take an update that is committed already, and relay it. Only inside :meth:`exclusively`."""
        if update:
            self._doc.apply_update(update)
            self._made.clear()
            if self._edited:
                self._edited = False
                self._changed(text_of(self._doc))
            self._tell(update_message(update))

    def close(self, closing: Closing) -> None:
        """Close all clients; the document is not used again."""
        if self._failed is not None:
            return
        self._failed = closing
        for connection in list(self._clients):
            connection.close(closing)
        self._clients.clear()
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if isinstance(item, _Task) and not item.done.done():
                item.done.set_exception(StoreUnavailable(closing.reason))
        if asyncio.current_task() is not self._task and not self._busy:
            self._task.cancel()
        for subscription in self._subscriptions:
            subscription.drop()
        self._closed()

    async def stop(self, closing: Closing) -> None:
        """Store what came, then close."""
        if self._failed is None:
            await self.exclusively(_nothing)
            self.close(closing)
        await asyncio.gather(self._task, return_exceptions=True)

    # ------------------------------------------------------------------ the loop

    async def _run(self) -> None:
        try:
            while self._failed is None:
                await self._step(await self._queue.get())
                if self._pending:
                    await asyncio.sleep(_BATCH_WINDOW)
                while not self._queue.empty():
                    await self._step(self._queue.get_nowait())
                await self._flush()
        except PromptHubError as e:
            self._fail(e)
        except Exception as e:  # noqa: BLE001 - the edge of the room: whatever it was, clients must hear of it
            _log.exception("A room failed")
            self._fail(e)

    async def _step(self, item: _Item) -> None:
        if isinstance(item, _Task):
            await self._do(item)
            return
        connection, message = item
        if connection.closed:
            return
        match message:
            case SyncUpdate():
                self._take(connection, message)
            case AwarenessMessage() if connection in self._clients:  # who has left is not here again
                self._told += self._presence.say(connection, connection.identity, message.entries)
            case SyncStep1():
                await self._flush()
                self._answer(connection, message)
            case SaveRequest():
                await self._flush()
                if self._lacks(connection):
                    connection.close(_REFUSED)
                    return
                connection.send(
                    text_message({"type": "save", "responseTo": message.number, "status": "success"})
                )

    async def _do(self, task: _Task) -> None:
        """Run something for somebody who waits, on committed state. They are told how it ended in any case."""
        try:
            await self._flush()
        except BaseException:  # also when the room is closed meanwhile
            if not task.done.done():
                reason = self._failed.reason if self._failed else "The draft could not be stored. Try again."
                task.done.set_exception(StoreUnavailable(reason))
            raise
        self._busy = True
        try:
            await _settle(task)
        finally:
            self._busy = False

    def _lacks(self, connection: Connection) -> bool:
        """Whether the text would be another one with what a client sent that may not write."""
        dropped, connection.dropped = connection.dropped, []
        if not dropped:
            return False
        theirs = replay([bytes(self._doc.get_update())])
        try:
            for update in dropped:
                theirs.apply_update(update)
        except Exception as e:  # noqa: BLE001 - pycrdt raises several types for bytes that are no update
            _log.info("Not a Yjs update: %s", e)
            return True
        return text_of(theirs) != text_of(self._doc)

    def _take(self, connection: Connection, message: SyncUpdate) -> None:
        """Apply an update to the document; what it brought waits for the flush."""
        if not connection.may_write:
            connection.drop(message.update)
            return
        if len(self._doc.get("source", type=Text)) + len(message.update) > MAX_TEXT:
            connection.close(Closing(CloseCode.TOO_LARGE, "A draft holds at most 2 MiB. Shorten the text."))
            return
        try:
            self._doc.apply_update(message.update)
        except Exception as e:  # noqa: BLE001 - pycrdt raises several types for bytes that are no update
            _log.info("Not a Yjs update: %s", e)
            connection.close(Closing(CloseCode.BAD_MESSAGE, "This is not a Yjs update."))
            # no return: what it made of the document before it broke is stored as this caller's, not as the next one's
        pending = self._pending.setdefault(connection, Pending(connection))
        pending.updates += self._made
        pending.messages += not message.step2
        pending.edited |= self._edited
        self._made.clear()
        self._edited = False

    def _answer(self, connection: Connection, message: SyncStep1) -> None:
        try:
            missing = bytes(self._doc.get_update(message.state))
        except Exception as e:  # noqa: BLE001 - pycrdt raises several types for bytes that are no state
            _log.info("Not a Yjs state: %s", e)
            connection.close(Closing(CloseCode.BAD_MESSAGE, "This is not a Yjs state vector."))
            return
        connection.send(step2_message(missing))

    async def _flush(self) -> None:
        """Commit what is pending, then relay it. One change per caller, all asked for at once so that they share a
        transaction: within a flush no one has seen what the others sent, so their order does not matter."""
        pending = list(self._pending.values())
        text = text_of(self._doc) if any(p.edited for p in pending if p.updates) else None
        batches = batches_of(pending, text)
        ends = await asyncio.gather(*map(self._append, batches), return_exceptions=True)
        if failed := [end for end in ends if end is not None]:
            for batch, end in zip(batches, ends, strict=True):
                if isinstance(end, Forbidden):
                    for connection in batch.connections:
                        connection.close(_CHANGED)
            # what they had typed is in this document: it is loaded anew, without it
            raise next((end for end in failed if not isinstance(end, Forbidden)), failed[0])
        self._pending = {}
        for p in pending:
            for update in p.updates:
                self._tell(update_message(update), but=p.connection)
            if p.messages:
                p.connection.stored += p.messages
                p.connection.send(text_message({"type": "stored", "updates": p.connection.stored}))
        if self._told:
            self._tell(awareness_message(self._told))
            self._told = []
        if text is not None:
            self._changed(text)

    def _tell(self, message: bytes, *, but: Connection | None = None) -> None:
        for connection in list(self._clients):
            if connection is not but:
                connection.send(message)

    def _document_changed(self, event: Any) -> None:
        update = bytes(event.update)
        if update != _EMPTY:
            self._made.append(update)

    def _text_changed(self, _: object) -> None:
        # the document must not be read in here: it is borrowed by the transaction
        self._edited = True

    def _fail(self, error: Exception) -> None:
        self.close(closing_for(error))


async def _nothing() -> None:
    return None


async def _settle(task: _Task) -> None:
    """Run a task for somebody who waits; its error is theirs, not the room's."""
    try:
        result = await task.run()
    except Exception as e:  # noqa: BLE001 - handed on as it is
        if not task.done.done():
            task.done.set_exception(e)
    else:
        if not task.done.done():
            task.done.set_result(result)
