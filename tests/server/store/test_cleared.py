"""The tests' own PostgreSQL databases: one that is given a second time is as if it were new."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from jupyter_prompthub_server.dispatch import Dispatcher
from sqlalchemy import make_url

from tests.support.databases import PostgresServer, opened
from tests.support.operations import NoteIn, add
from tests.support.people import settle

pytestmark = pytest.mark.postgres


def _rows(uri: str) -> dict[str, list[str]]:
    """All rows of all tables that have some, and how far all sequences are."""
    with psycopg.connect(uri, autocommit=True) as conn:
        names = conn.execute(
            "SELECT oid::regclass::text, CASE relkind WHEN 'S' THEN '(last_value, is_called)::text' ELSE 't::text' END"
            " FROM pg_class AS t WHERE relkind IN ('r', 'S') AND oid >= 16384"
        ).fetchall()
        found = {name: conn.execute(f"SELECT {what} FROM {name} AS t").fetchall() for name, what in names}
    return {name: sorted(row for (row,) in rows) for name, rows in found.items() if rows}


def test_what_a_test_wrote_is_not_there_for_the_next(
    postgres: PostgresServer, postgres_template: str, home: Path
) -> None:
    with postgres.fresh_database(postgres_template) as uri:
        new = _rows(uri)
    names = set()
    for _ in range(3):
        with postgres.cleared_database(postgres_template) as uri:
            names.add(make_url(uri).database)
            assert _rows(uri) == new
            with opened(uri, home) as store:
                Dispatcher(store).run(add, settle(store).engineer, input=NoteIn(name="a"))
            with psycopg.connect(uri, autocommit=True) as conn:
                conn.execute("SELECT nextval('search_entry_id_seq') FROM generate_series(1, 3)")
            assert {"prompt", "audit_entry", "outbox"} <= _rows(uri).keys()
    assert len(names) == 1


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id integer)",
        "ALTER TABLE version DROP COLUMN commit_message",
        "ALTER TABLE execution ALTER COLUMN prompt_id SET NOT NULL",
        "CREATE INDEX more ON prompt (title)",
        "DO $$ BEGIN EXECUTE (SELECT 'DROP INDEX ' || min(i.indexrelid::regclass::text) FROM pg_index AS i"
        " LEFT JOIN pg_constraint ON conindid = i.indexrelid WHERE i.indexrelid >= 16384 AND indrelid::regclass::text"
        " = 'prompt' AND conindid IS NULL); END $$",
        "CREATE SEQUENCE tries",
        "CREATE SCHEMA more",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE prompt ENABLE ROW LEVEL SECURITY",
        "REVOKE ALL ON prompt FROM PUBLIC, postgres",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''1MB''', current_database()); END $$",
        "ANALYZE prompt",
        "INSERT INTO store_meta SELECT i, repeat('x', 500) FROM generate_series(1, 300) AS i",
    ],
)
def test_what_is_no_more_like_new_is_not_given_again(
    postgres: PostgresServer, postgres_template: str, change: str
) -> None:
    with (
        postgres.cleared_database(postgres_template) as before,
        psycopg.connect(before, autocommit=True) as conn,
    ):
        conn.execute(change)  # type: ignore[call-overload]
    with postgres.cleared_database(postgres_template) as after:
        assert after != before
    with postgres.cleared_database(postgres_template) as again:
        assert again == after


def test_who_was_left_behind_is_out(postgres: PostgresServer, postgres_template: str) -> None:
    with postgres.cleared_database(postgres_template) as uri:
        left = psycopg.connect(uri)
        left.execute("SELECT pg_advisory_lock(1)")
        left.execute("INSERT INTO workspace (id, name, created_at) VALUES ('a', 'a', 1)")
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()
    with postgres.cleared_database(postgres_template) as again, psycopg.connect(again) as conn:
        assert again == uri
        assert conn.execute("SELECT pg_try_advisory_lock(1)").fetchone() == (True,)
