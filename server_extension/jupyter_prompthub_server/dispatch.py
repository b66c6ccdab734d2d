"""The one place where an operation runs: thread, transaction, target, permission, audit, commit, event."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jupyter_prompthub.core.errors import Forbidden, PromptHubError, Unauthenticated
from jupyter_prompthub.core.records import Event

from .access.permissions import AuditTag, Permission
from .answers import APART, Answers
from .audit.entry import Receipt
from .audit.writer import Prepared, insert_entries, prepare_entry
from .changing import End, apply, entries, log, run
from .idempotency import Idempotency
from .operations import Caller, Operation
from .store import outbox
from .store.clock import now
from .store.faults import is_disconnect, is_retryable, translated
from .store.store import Store
from .transaction import Tx
from .turns import Change, More, Turns

__all__ = ["Dispatcher", "Idempotency", "Outcome", "Receipt", "Tx", "system_caller"]

T = TypeVar("T")

_log = logging.getLogger(__name__)
_ATTEMPTS = 4
_TIDY_S = 3_600
_TAKEOVER_S = 1.0
"""how long a process that lost a PostgreSQL store without noticing may give kept answers"""
_PEOPLE = ("accounts.", "actors.", "identities.", "members.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: the result, the receipt of its audit entry (None where none was written), the
    events that went out, and whether it is the answer of an earlier request with the same key."""

    result: Any
    receipt: Receipt | None = None
    events: tuple[Event, ...] = ()
    replayed: bool = False


def system_caller(workspace_id: str) -> Caller:
    """The server itself, for what it does on its own (recovery at start, clean-up)."""
    return Caller("system", workspace_id, "admin", frozenset(Permission), via="system")


class Dispatcher:
    """Runs operations on one store. ``events`` publishes what they changed, after commit."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.events = outbox.EventBus(store.database)
        self.answers = Answers() if store.database.is_sqlite else Answers(longest_s=_TAKEOVER_S)
        self._turns = Turns(store.database.write_threads, self._perform)
        self._tidied = time.monotonic()

    async def call(
        self,
        op: Operation,
        caller: Caller,
        path: Mapping[str, str] | None = None,
        input: BaseModel | None = None,
        *,
        idempotency: Idempotency | None = None,
    ) -> Any:
        """Run an operation in the store's threads; the event loop never waits on the database.

        Raises:
            PromptHubError: NotFound from the target's loader, Forbidden, what the service function
                raises, and the store's own errors. Nothing was changed then.
        """
        return (await self.call_with_receipt(op, caller, path, input, idempotency=idempotency)).result

    async def call_with_receipt(
        self,
        op: Operation,
        caller: Caller,
        path: Mapping[str, str] | None = None,
        input: BaseModel | None = None,
        *,
        idempotency: Idempotency | None = None,
    ) -> Outcome:
        """Like :meth:`call`, with all that came of it."""
        return await asyncio.wrap_future(
            self._submit(Change(op, caller, dict(path or {}), input, idempotency))
        )

    def run(
        self,
        op: Operation,
        caller: Caller,
        path: Mapping[str, str] | None = None,
        input: BaseModel | None = None,
        *,
        idempotency: Idempotency | None = None,
    ) -> Any:
        """Like :meth:`call`, synchronous; not from inside a service function or an event listener."""
        return self.run_with_receipt(op, caller, path, input, idempotency=idempotency).result

    def run_with_receipt(
        self,
        op: Operation,
        caller: Caller,
        path: Mapping[str, str] | None = None,
        input: BaseModel | None = None,
        *,
        idempotency: Idempotency | None = None,
    ) -> Outcome:
        """Like :meth:`call_with_receipt`, synchronous."""
        return self._submit(Change(op, caller, dict(path or {}), input, idempotency)).result()

    async def events_after(self, workspace_id: str, seq: int, limit: int = 500) -> tuple[Event, ...]:
        """Committed events of a workspace after ``seq``, oldest first, at most ``limit``. It begins with a
        ``resync`` where some of them are not kept any more."""
        return await self._ask(outbox.read_after, workspace_id, seq, limit)

    async def newest_seq(self, workspace_id: str) -> int:
        """The number of the last committed event of a workspace."""
        return await self._ask(outbox.newest_seq, workspace_id)

    async def _ask(self, read: Callable[..., T], *args: Any) -> T:
        def run() -> T:
            with self.store.database.reading() as conn:
                return read(conn, *args)

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.store.database.read_threads, self._guarded, run)

    def _submit(self, change: Change) -> Future[Outcome]:
        if change.op.writes:
            return self._turns.submit(change)
        return self.store.database.read_threads.submit(self._perform_read, change)

    def _perform_read(self, asked: Change) -> Outcome:
        self.store.require_unlocked()
        with self._denials(asked):
            return self._guarded(self._read, asked)

    def _perform(self, first: Change, more: More) -> None:
        """A change with those that join it; where the database fails several, each by itself."""
        changes = [first]
        ends: Sequence[End | Exception | None] = [None]
        if self.store.locked is None:
            try:
                ends = self._write_together(changes, more)
            except Exception as error:  # noqa: BLE001 - what it was is found out change by change
                again = not _may_be_committed(error) and (len(changes) > 1 or _may_be_repeated(error))
                ends = [None if again else error] * len(changes)
        for change, end in zip(changes, ends, strict=True):
            self._settle(change, end)

    def _settle(self, change: Change, end: End | Exception | None) -> None:
        """Say how a change ended; perform it, where it has not been."""
        try:
            with self._denials(change):
                if end is None:
                    self.store.require_unlocked()
                    end = self._guarded(self._write, change)
                outcome = self._finish(end)
        except BaseException as error:  # noqa: BLE001 - it is the caller's, whatever it is
            change.end.set_exception(error)
        else:
            change.end.set_result(outcome)

    @contextmanager
    def _denials(self, asked: Change) -> Iterator[None]:
        """Audit what was refused."""
        try:
            yield
        except Forbidden:
            self._record_denial(asked, AuditTag.ACCESS_DENIED)
            raise
        except Unauthenticated as error:
            if error.details.pop("audited", False) is False:
                self._record_denial(asked, AuditTag.SESSION_DENIED)
            raise

    def _guarded(self, fn: Callable[..., T], *args: Any) -> T:
        """Run a transaction; again where it lost a race or an idle connection had died."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return fn(*args)
            except (SQLAlchemyError, sqlite3.Error) as error:
                if isinstance(error, DBAPIError) and attempt < _ATTEMPTS:
                    if is_retryable(error):
                        continue
                    if is_disconnect(error) and attempt == 1 and not getattr(error, "committing", False):
                        self._regain()
                        continue
                known = translated(error)
                if known is None:
                    raise
                raise known from error
        raise AssertionError("unreachable")

    def _regain(self) -> None:
        try:
            self.store.owner.ensure()
        except SQLAlchemyError as error:
            raise translated(error) or error from error

    def _read(self, asked: Change) -> Outcome:
        with self.store.database.reading() as conn:
            tx = Tx(conn, asked.caller, asked.op, now(), self.store.sealer)
            result = run(tx, asked.path, asked.input)
        if not asked.op.snapshot:
            return Outcome(result)
        made = entries(tx, asked.path)
        self.store.database.write_threads.submit(self._guarded, self._record, tx.workspace_id, made).result()
        return Outcome(result, made[-1].receipt)

    def _record(self, workspace_id: str, made: Sequence[Prepared]) -> None:
        """Write the entries of a read that is on the record: without them, nothing is answered."""
        with self.store.database.writing(workspace_id) as conn:
            insert_entries(conn, made)
            _commit(conn)

    def _write(self, change: Change) -> End:
        """A change in a transaction of its own."""
        with self.store.database.writing(change.caller.workspace_id) as conn:
            end = apply(conn, self.store.sealer, change, conn.rollback)
            log(conn, [end])
            self._commit(conn, [change])
        return end

    def _write_together(self, changes: list[Change], more: More) -> list[End | Exception]:
        """A change, and those that join it, one after the other with one commit. One that fails leaves nothing behind.

        Args:
            changes: the first one; the others are appended.

        Raises:
            SQLAlchemyError: nothing was changed, unless it was lost in mid-commit.
        """
        with self.store.database.writing(changes[0].caller.workspace_id) as conn:
            undo = partial(conn.exec_driver_sql, "ROLLBACK TO SAVEPOINT change")
            first = self._tried(conn, changes[0], conn.rollback)
            if isinstance(first, Exception):
                return [first]
            ends: list[End | Exception] = [first]
            # a first one without a change has ended the turn
            while not first.tx.is_unchanged and (change := more()) is not None:
                changes.append(change)
                conn.exec_driver_sql("SAVEPOINT change")
                ends.append(self._tried(conn, change, undo))
            log(conn, [end for end in ends if isinstance(end, End)])
            self._commit(conn, changes)
        return ends

    def _tried(self, conn: Connection, change: Change, undo: Callable[[], object]) -> End | Exception:
        try:
            return apply(conn, self.store.sealer, change, undo)
        except (SQLAlchemyError, sqlite3.Error):
            raise  # the whole transaction's
        except Exception as error:  # noqa: BLE001 - it is the caller's, whatever it is
            undo()
            return error

    def _commit(self, conn: Connection, changes: Sequence[Change]) -> None:
        try:
            _commit(conn)
        finally:
            # also when the commit failed: it may have happened
            for change in changes:
                if change.op.name.startswith(_PEOPLE):
                    self.answers.changed("*", None)
                elif change.op.name not in APART:
                    self.answers.changed(change.caller.workspace_id, change.path.get("prompt_id"))

    def _finish(self, end: End | Exception) -> Outcome:
        """After the commit: publish what changed, and say how it ended."""
        if isinstance(end, SQLAlchemyError):
            raise translated(end) or end from end
        if isinstance(end, Exception):
            raise end
        self.events.publish(end.tx.workspace_id, end.events)
        self._tidy()
        if end.tx.error_after is not None:
            end.tx.error_after.details["audited"] = True
            raise end.tx.error_after
        return Outcome(end.result, end.receipt, end.events, end.replayed)

    def _tidy(self) -> None:
        """Once an hour, drop what has had its time."""
        if time.monotonic() - self._tidied > _TIDY_S:
            self._tidied = time.monotonic()
            self.store.database.write_threads.submit(self._guarded, self.store.tidy)

    def _record_denial(self, asked: Change, tag: AuditTag) -> None:
        """Audit a refusal in a transaction of its own. The refusal stands also where that fails."""
        op, caller = asked.op, asked.caller

        def record() -> None:
            with self.store.database.writing(caller.workspace_id) as conn:
                entry = prepare_entry(
                    at=now(),
                    workspace_id=caller.workspace_id,
                    tag=tag,
                    operation=op.name,
                    caller=caller,
                    target=asked.path,
                )
                insert_entries(conn, [entry])
                _commit(conn)

        try:
            if op.writes:
                self._guarded(record)  # we are in a writer's thread
            else:
                self.store.database.write_threads.submit(self._guarded, record).result()
        except PromptHubError as error:
            _log.error("a refusal of %s to %s could not be audited: %s", op.name, caller.actor_id, error)


def _may_be_committed(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error, "committing", False) and not is_retryable(error)


def _may_be_repeated(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and (is_retryable(error) or is_disconnect(error))


def _commit(conn: Connection) -> None:
    try:
        conn.commit()
    except DBAPIError as error:
        error.committing = True  # type: ignore[attr-defined]  # lost in mid-commit: it may have happened
        raise
