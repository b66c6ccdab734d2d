"""One process owns a store: an exclusive lock, and a record of who holds it and how to reach it.

Beside SQLite the lock is a file lock (``owner.lock``), the record ``owner.json`` (mode 0600). In PostgreSQL
the lock is an advisory lock of a connection that stays open, the record a row of ``store_meta``, and every
write checks the epoch under which its process took the store, so that an owner that lost its lock to another
cannot write any more. The operating system (or the database) frees the lock of a process that dies.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, create_engine, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from jupyter_prompthub.core.errors import StoreLocked

from .engine import OWNER_FENCE, Database
from .tables import store_meta

__all__ = ["Owner", "OwnerRecord", "make_owner"]

_LOCK = 7_011_903_367
_PATIENCE_S = 1.0
"""A reader of the record holds the file lock for a moment, a killed owner's connection lives on for one."""


@dataclass(frozen=True, slots=True)
class OwnerRecord:
    """Who owns a store. ``address`` is None until its server listens; ``token`` lets a forwarder in."""

    pid: int
    host: str
    address: str | None = None
    token: str | None = field(default=None, repr=False)


class Owner(Protocol):
    """The lock of one store, as seen by this process."""

    def acquire(self) -> None:
        """Become the owner.

        Raises:
            StoreLocked: another process is; ``details`` has its ``address`` (if it listens) and ``pid``.
        """

    def enter(self) -> None:
        """Called once the tables are there: make the ownership known."""

    def ensure(self) -> None:
        """Called when a connection was lost: take the lock again if it went too.

        Raises:
            StoreLocked: somebody else has it by now.
        """

    def announce(self, address: str, token: str) -> None:
        """Write into the record where requests are to be forwarded."""

    def read(self) -> OwnerRecord | None:
        """The living owner's record; None if nobody owns the store (a stale record does not count)."""

    def release(self) -> None:
        """Give the store up."""


def make_owner(database: Database) -> Owner:
    """The lock that belongs to a database."""
    return _FileOwner(Path(str(database.url.database))) if database.is_sqlite else _SessionOwner(database)


def _me(address: str | None = None, token: str | None = None) -> OwnerRecord:
    return OwnerRecord(os.getpid(), socket.gethostname(), address, token)


def _locked(record: OwnerRecord | None) -> StoreLocked:
    where = f" at {record.address}" if record and record.address else ""
    who = f"process {record.pid} on {record.host}" if record else "another process that is just starting"
    return StoreLocked(
        f"The store is owned by {who}{where}. Send requests there, or stop it first.",
        details={"address": record and record.address, "pid": record and record.pid},
    )


def _parse(data: str | None) -> OwnerRecord | None:
    try:
        return OwnerRecord(**json.loads(data)) if data else None
    except (ValueError, TypeError):
        return None


class _FileOwner:
    def __init__(self, database: Path) -> None:
        prefix = "" if database.stem == "prompthub" else f"{database.stem}."
        self._lock = FileLock(database.parent / f"{prefix}owner.lock", mode=0o600, thread_local=False)
        self._record = database.parent / f"{prefix}owner.json"

    def acquire(self) -> None:
        Path(self._lock.lock_file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=_PATIENCE_S, poll_interval=0.02)
        except Timeout as error:
            raise _locked(self._stored()) from error

    def enter(self) -> None:
        self._write(_me())

    def ensure(self) -> None:
        """A file lock does not get lost."""

    def announce(self, address: str, token: str) -> None:
        self._write(_me(address, token))

    def read(self) -> OwnerRecord | None:
        if self._lock.is_locked:
            return self._stored()
        if not self._record.exists():
            return None
        try:
            with FileLock(self._lock.lock_file, mode=0o600, timeout=0):
                return None  # nobody holds it: the record is of a dead process
        except Timeout:
            return self._stored()

    def release(self) -> None:
        if self._lock.is_locked:
            self._record.unlink(missing_ok=True)
            self._lock.release()

    def _stored(self) -> OwnerRecord | None:
        try:
            return _parse(self._record.read_text("utf-8"))
        except OSError:
            return None

    def _write(self, record: OwnerRecord) -> None:
        fresh = self._record.with_suffix(f".{os.getpid()}.tmp")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(record), file)
        fresh.replace(self._record)


class _SessionOwner:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = create_engine(
            database.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"application_name": "prompthub-owner", "connect_timeout": 5, "keepalives_idle": 10},
        )
        self._conn: Connection | None = None
        self._guard = threading.Lock()

    def acquire(self) -> None:
        conn = self._engine.connect()
        until = time.monotonic() + _PATIENCE_S
        while not conn.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one():
            if time.monotonic() > until:
                record = self._stored(conn)
                conn.close()
                raise _locked(record)
            time.sleep(0.05)
        self._conn = conn

    def enter(self) -> None:
        epoch = os.urandom(16).hex()
        with self._database.writer.begin() as conn:  # waits for writes of the owner before us
            conn.execute(text("SELECT pg_advisory_xact_lock(:fence)"), {"fence": OWNER_FENCE})
            _put(conn, "owner_epoch", epoch)
            _put(conn, "owner", json.dumps(asdict(_me())))
        self._database.epoch = epoch

    def ensure(self) -> None:
        with self._guard:
            if self._conn is not None:
                try:
                    self._conn.execute(text("SELECT 1"))
                    return
                except SQLAlchemyError:
                    self._conn.close()
            self.acquire()

    def announce(self, address: str, token: str) -> None:
        with self._database.writing("") as conn:
            _put(conn, "owner", json.dumps(asdict(_me(address, token))))
            conn.commit()

    def read(self) -> OwnerRecord | None:
        if self._conn is not None:
            return self._stored(self._conn)
        with self._engine.connect() as conn:
            if conn.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one():
                return None  # closing the connection frees it again
            return self._stored(conn)

    def release(self) -> None:
        if self._conn is None:
            return
        try:
            with self._database.writing("") as conn:
                conn.execute(store_meta.delete().where(store_meta.c.name == "owner"))
                conn.commit()
        except (SQLAlchemyError, StoreLocked):
            pass  # the database is gone, or another owner's record stands there by now
        finally:
            self._conn.close()
            self._conn = None

    def _stored(self, conn: Connection) -> OwnerRecord | None:
        if not inspect(conn).has_table("store_meta"):
            return None
        return _parse(
            conn.execute(select(store_meta.c.value).where(store_meta.c.name == "owner")).scalar_one_or_none()
        )


def _put(conn: Connection, name: str, value: str) -> None:
    conn.execute(
        text(
            "INSERT INTO store_meta (name, value) VALUES (:name, :value) "
            "ON CONFLICT (name) DO UPDATE SET value = :value"
        ),
        {"name": name, "value": value},
    )
