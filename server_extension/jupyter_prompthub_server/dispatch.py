"""The one place where an operation runs: thread, transaction, target, permission, audit, commit, event."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jupyter_prompthub.core.errors import Forbidden, PromptHubError, Unauthenticated
from jupyter_prompthub.core.records import Event

from .access.permissions import AuditTag, Permission
from .answers import APART, Answers
from .audit.entry import Receipt
from .audit.writer import write_entry
from .idempotency import Idempotency, Remembered, recall, remember, request_hash
from .operations import Caller, Operation
from .store import outbox
from .store.clock import now
from .store.faults import is_disconnect, is_retryable, translated
from .store.store import Store
from .transaction import Tx

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
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads(op), self._perform, op, caller, dict(path or {}), input, idempotency
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
        return (
            self._threads(op).submit(self._perform, op, caller, dict(path or {}), input, idempotency).result()
        )

    async def events_after(self, workspace_id: str, seq: int, limit: int = 500) -> tuple[Event, ...]:
        """Committed events of a workspace after ``seq``, oldest first, at most ``limit``. It begins with a
        ``resync`` where some of them are not kept any more."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.store.database.read_threads, self._guarded, self._read_events, workspace_id, seq, limit
        )

    async def newest_seq(self, workspace_id: str) -> int:
        """The number of the last committed event of a workspace."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.store.database.read_threads, self._guarded, self._read_newest, workspace_id
        )

    def _read_newest(self, workspace_id: str) -> int:
        with self.store.database.reading() as conn:
            return outbox.newest_seq(conn, workspace_id)

    def _read_events(self, workspace_id: str, seq: int, limit: int) -> tuple[Event, ...]:
        with self.store.database.reading() as conn:
            return outbox.read_after(conn, workspace_id, seq, limit)

    def _threads(self, op: Operation) -> Executor:
        return self.store.database.write_threads if op.writes else self.store.database.read_threads

    def _perform(
        self,
        op: Operation,
        caller: Caller,
        path: dict[str, str],
        input: BaseModel | None,
        idempotency: Idempotency | None,
    ) -> Outcome:
        self.store.require_unlocked()
        try:
            if not op.writes:
                return self._guarded(self._read, op, caller, path, input)
            return self._guarded(self._write, op, caller, path, input, idempotency)
        except Forbidden:
            self._record_denial(op, caller, path, AuditTag.ACCESS_DENIED)
            raise
        except Unauthenticated as error:
            if error.details.pop("audited", False) is False:
                self._record_denial(op, caller, path, AuditTag.SESSION_DENIED)
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

    def _read(self, op: Operation, caller: Caller, path: dict[str, str], input: BaseModel | None) -> Outcome:
        with self.store.database.reading() as conn:
            tx = Tx(conn, caller, op, now(), self.store.sealer)
            return Outcome(_run(tx, path, input))

    def _write(
        self,
        op: Operation,
        caller: Caller,
        path: dict[str, str],
        input: BaseModel | None,
        idempotency: Idempotency | None,
    ) -> Outcome:
        with self.store.database.writing(caller.workspace_id) as conn:
            tx = Tx(conn, caller, op, now(), self.store.sealer)
            keys = self.store.sealer.codec(conn, caller.workspace_id)
            asked = request_hash(op, path, input) if idempotency else ""
            if idempotency:
                tx.require(op.permission)
                known = recall(conn, keys, caller, idempotency, op, asked)
                if known:
                    return Outcome(known.result, known.receipt, replayed=True)
            result = _run(tx, path, input)
            receipt: Receipt | None = None
            events: tuple[Event, ...] = ()
            if tx.is_unchanged:
                conn.rollback()
            else:
                receipt = _audit(tx, path)
                events = outbox.append(conn, tx.workspace_id, tx.now, tx.notices)
            if idempotency and tx.error_after is None:
                remember(conn, keys, caller, idempotency, op, asked, Remembered(result, receipt), tx.now)
            try:
                _commit(conn)
            finally:
                # also when the commit failed: it may have happened
                if op.name.startswith(_PEOPLE):
                    self.answers.changed("*", None)
                elif op.name not in APART:
                    self.answers.changed(tx.workspace_id, path.get("prompt_id"))
        self.events.publish(tx.workspace_id, events)
        self._tidy()
        if tx.error_after is not None:
            tx.error_after.details["audited"] = True
            raise tx.error_after
        return Outcome(result, receipt, events)

    def _tidy(self) -> None:
        """Once an hour, drop what has had its time."""
        if time.monotonic() - self._tidied > _TIDY_S:
            self._tidied = time.monotonic()
            self.store.database.write_threads.submit(self._guarded, self.store.tidy)

    def _record_denial(self, op: Operation, caller: Caller, path: dict[str, str], tag: AuditTag) -> None:
        """Audit a refusal in a transaction of its own. The refusal stands also where that fails."""

        def record() -> None:
            with self.store.database.writing(caller.workspace_id) as conn:
                write_entry(
                    conn,
                    at=now(),
                    workspace_id=caller.workspace_id,
                    tag=tag,
                    operation=op.name,
                    caller=caller,
                    target=path,
                )
                _commit(conn)

        try:
            if op.writes:
                self._guarded(record)  # we are in a writer's thread
            else:
                self.store.database.write_threads.submit(self._guarded, record).result()
        except PromptHubError as error:
            _log.error("a refusal of %s to %s could not be audited: %s", op.name, caller.actor_id, error)


def _run(tx: Tx, path: dict[str, str], input: BaseModel | None) -> Any:
    op = tx.operation
    arguments: list[Any] = [tx]
    if op.target is not None:
        arguments.append(op.target(tx, **path))
    tx.require(op.permission)
    if op.input is not None:
        arguments.append(op.input() if input is None else input)
    return op.fn(*arguments)


def _audit(tx: Tx, path: dict[str, str]) -> Receipt | None:
    if tx.tag is None:
        return None
    common: Any = {
        "at": tx.now,
        "workspace_id": tx.workspace_id,
        "operation": tx.operation.name,
        "caller": tx.caller,
    }
    for tag, target in tx.parts:
        write_entry(tx.conn, tag=tag, target=target, **common)
    return write_entry(tx.conn, tag=tx.tag, target={**path, **tx.target_ids}, contents=tx.contents, **common)


def _commit(conn: Any) -> None:
    try:
        conn.commit()
    except DBAPIError as error:
        error.committing = True  # type: ignore[attr-defined]  # lost in mid-commit: it may have happened
        raise
