"""The two engines of a store, and the threads in which its transactions run.

SQLite: one writer thread (``BEGIN IMMEDIATE``, WAL, ``synchronous=FULL``) and four readers, each on a
connection of its own. PostgreSQL: a pool of writers and one of readers (``REPEATABLE READ``, read only);
writers of one workspace take turns by an advisory lock, so that a service function is always alone in its
workspace on both databases, and the order of commits is the order of event numbers.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.util import LRUCache

from jupyter_prompthub.core.errors import StoreLocked

__all__ = ["Database", "database_url"]

_READERS = 4
_WRITERS = 4
_BUSY_MS = 5_000
OWNER_FENCE = 7_011_903_366
"""Writers share this advisory lock; a new owner takes it alone while it raises the epoch."""

_STATEMENTS = 1_500


class _Compiled:
    """SQL of statements, kept for all engines of a dialect: a statement is compiled once in a process, not
    once for readers, once for writers, and again whenever a store is opened. SQLAlchemy looks in with ``get``."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(_STATEMENTS)

    def get(self, key: tuple[Any, ...]) -> Any:
        """What was kept; None: nothing. A key begins with the engine's own dialect object."""
        return self._kept.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[key[1:]] = compiled


_SQLITE, _POSTGRESQL = _Compiled(), _Compiled()


def database_url(where: str | Path) -> URL:
    """A path, ``sqlite:///…``, ``postgres://…`` or ``postgresql://…`` as a SQLAlchemy URL."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite+pysqlite", database=str(Path(where).absolute()))
    url = make_url(where)
    if url.get_backend_name() in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url.set(drivername="sqlite+pysqlite", database=str(Path(str(url.database)).absolute()))
    raise ValueError(
        f"expected a file, sqlite:///FILE or postgresql://HOST/NAME, got {url.render_as_string()}"
    )


class Database:
    """Engines and threads. ``epoch`` is the ownership under which this process may write."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.epoch: str | None = None
        self.writer = _sqlite(url, readonly=False) if self.is_sqlite else _postgresql(url, readonly=False)
        self.reader = _sqlite(url, readonly=True) if self.is_sqlite else _postgresql(url, readonly=True)
        writers = 1 if self.is_sqlite else _WRITERS
        self.write_threads = ThreadPoolExecutor(writers, thread_name_prefix="prompthub-write")
        self.read_threads = ThreadPoolExecutor(_READERS, thread_name_prefix="prompthub-read")

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return "sqlite" if self.is_sqlite else "postgresql"

    def make_file(self) -> None:
        """Make SQLite's file, for this user only (SQLite gives ``-wal`` and ``-shm`` the same mode)."""
        path = Path(str(self.url.database))
        if self.is_sqlite and not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: one snapshot, never blocked by writers."""
        with self.reader.connect() as conn:
            yield conn

    @contextmanager
    def writing(self, workspace_id: str) -> Iterator[Connection]:
        """A write transaction, alone in its workspace. Rolled back unless the caller commits.

        Raises:
            StoreLocked: another process has taken the store over.
        """
        with self.writer.connect() as conn:
            if not self.is_sqlite:
                self._take_turn(conn, workspace_id)
            yield conn

    def _take_turn(self, conn: Connection, workspace_id: str) -> None:
        lock = int.from_bytes(hashlib.blake2b(workspace_id.encode(), digest_size=8).digest(), signed=True)
        result = conn.exec_driver_sql(  # one round trip; numbers only, so nothing needs quoting
            f"SELECT pg_advisory_xact_lock_shared({OWNER_FENCE}), pg_advisory_xact_lock({lock}), "  # noqa: S608
            "(SELECT value FROM store_meta WHERE name = 'owner_epoch')"
        )
        epoch = result.one()[2]
        if self.epoch is not None and epoch != self.epoch:
            raise StoreLocked("Another process has taken over this store. Send the request there.")

    def close(self) -> None:
        """Wait for what runs, then close all connections."""
        self.read_threads.shutdown()
        self.write_threads.shutdown()
        self.reader.dispose()
        self.writer.dispose()


def _sqlite(url: URL, *, readonly: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=_READERS if readonly else 1,
        max_overflow=0,
        pool_timeout=30,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
        execution_options={"compiled_cache": _SQLITE},
    )

    @event.listens_for(engine, "connect")
    def configure(dbapi: sqlite3.Connection, record: Any) -> None:
        dbapi.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            f"busy_timeout = {_BUSY_MS}",
            "foreign_keys = ON",
            "cache_size = -16000",
            *(["query_only = ON"] if readonly else []),
        ):
            dbapi.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL, *, readonly: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=_READERS if readonly else _WRITERS,
        max_overflow=2,
        pool_timeout=10,
        isolation_level="REPEATABLE READ" if readonly else "READ COMMITTED",
        execution_options={"compiled_cache": _POSTGRESQL},
        connect_args={
            "options": f"-c synchronous_commit=on -c lock_timeout={2 * _BUSY_MS}",
            "application_name": "prompthub",
            "connect_timeout": 5,
        },
    )
    if readonly:

        @event.listens_for(engine, "connect")
        def configure(dbapi: Any, record: Any) -> None:
            dbapi.read_only = True

    return engine
