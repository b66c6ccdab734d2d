"""The engines are set up for durability, and readers stay readers."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from jupyter_prompthub_server.store.engine import database_url
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import store_meta
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError


def test_commits_are_durable_before_they_are_acknowledged(store: Store) -> None:
    with store.database.writing("") as conn:
        if store.database.is_sqlite:
            asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            said = [conn.execute(text(f"PRAGMA {name}")).scalar_one() for name in asked]
            assert said == ["wal", 2, 1, 5_000]
        else:
            assert conn.execute(text("SHOW synchronous_commit")).scalar_one() == "on"


def test_all_files_of_a_sqlite_store_are_the_owners_only(home: Path, sqlite_template: Path) -> None:
    from tests.support.databases import opened

    with opened(None, home) as store, store.database.writing("") as conn:
        conn.execute(insert(store_meta).values(name="n", value="v"))
        conn.commit()
        conn.close()
        files = [path for path in home.rglob("*") if path.is_file()]
        assert {"prompthub.db", "prompthub.db-wal", "owner.json", "owner.lock", "master.key"} <= {
            path.name for path in files
        }
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_reader_cannot_write(store: Store) -> None:
    with (
        store.database.reading() as conn,
        pytest.raises(DBAPIError, match=r"readonly|read-only"),
    ):
        conn.execute(insert(store_meta).values(name="n", value="v"))


def test_a_reader_sees_one_moment_however_long_it_reads(store: Store) -> None:
    count = text("SELECT count(*) FROM store_meta WHERE name = 'n'")
    with store.database.reading() as reader:
        assert reader.execute(count).scalar_one() == 0
        with store.database.writing("") as writer:
            writer.execute(insert(store_meta).values(name="n", value="v"))
            writer.commit()
        assert reader.execute(count).scalar_one() == 0
    with store.database.reading() as reader:
        assert reader.execute(count).scalar_one() == 1


def test_a_write_that_is_not_committed_is_rolled_back(store: Store) -> None:
    with store.database.writing("") as conn:
        conn.execute(insert(store_meta).values(name="n", value="v"))
    with store.database.reading() as conn:
        assert conn.execute(text("SELECT count(*) FROM store_meta WHERE name = 'n'")).scalar_one() == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/data/x.db", "sqlite+pysqlite:////data/x.db"),
        ("sqlite:////data/x.db", "sqlite+pysqlite:////data/x.db"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5/d?sslmode=require", "postgresql+psycopg://u:p@h:5/d?sslmode=require"),
    ],
)
def test_a_database_may_be_named_in_every_usual_way(given: str, expected: str) -> None:
    assert database_url(given).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize("given", ["mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:"])
def test_a_database_of_another_kind_is_refused_without_telling_its_password(given: str) -> None:
    with pytest.raises(ValueError, match="expected a file") as caught:
        database_url(given)
    assert "secret" not in str(caught.value)
