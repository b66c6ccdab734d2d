"""Migrations: newer is refused, a copy comes first, all or nothing."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server.store.clock import new_id, now
from jupyter_prompthub_server.store.engine import Database, database_url
from jupyter_prompthub_server.store.migrate import FOLDER, migrate, revisions
from jupyter_prompthub_server.store.store import Store, open_store
from jupyter_prompthub_server.store.tables import execution, execution_payload, prompt
from sqlalchemy import Connection, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from jupyter_prompthub.core.errors import StoreUnavailable
from tests.support.databases import opened
from tests.support.people import People

_LAST = revisions()[-1]
_LATER = '''"""A column more."""

import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{last}"


def upgrade() -> None:
    op.add_column("workspace", sa.Column("motto", sa.Text, nullable=True))
    op.execute("INSERT INTO store_meta (name, value) VALUES ('second', 'yes')")
    {then}
'''


def _later(tmp_path: Path, then: str = "pass") -> Path:
    """A program's migrations that know one revision more."""
    folder = tmp_path / "100% later"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9000_motto.py").write_text(_LATER.format(then=then, last=_LAST))
    return folder


def _meta(database: Database, name: str) -> str | None:
    with database.reading() as conn:
        query = text("SELECT value FROM store_meta WHERE name = :name")
        return conn.execute(query, {"name": name}).scalar_one_or_none()


def test_a_database_is_migrated_once(empty_database: str, home: Path) -> None:
    for _ in range(2):
        with opened(empty_database, home) as store, store.database.reading() as conn:
            found = conn.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
            assert found == [revisions()[-1]]
    assert not (home / "backups").exists()  # there was nothing to copy


def test_a_newer_database_is_refused_and_left_as_it_is(database: str, home: Path) -> None:
    with opened(database, home) as store, store.database.writing("") as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        conn.commit()
    with pytest.raises(StoreUnavailable, match=r"newer PromptHub \(schema 9999") as caught:
        open_store(database, home=home)
    assert caught.value.details == {"schema": "9999", "known": revisions()[-1]}
    untouched = Database(database_url(database))
    with untouched.reading() as conn:
        assert conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    untouched.close()


def test_another_programs_database_is_refused(empty_database: str, home: Path) -> None:
    database = Database(database_url(empty_database))
    with database.writer.begin() as conn:
        conn.execute(text("CREATE TABLE prompt (id integer)"))
    database.close()
    with pytest.raises(StoreUnavailable, match="another program"):
        open_store(empty_database, home=home)


def test_a_copy_is_made_before_a_migration(store: Store, home: Path, tmp_path: Path) -> None:
    copy = migrate(store.database, home / "backups", _later(tmp_path))
    assert _meta(store.database, "second") == "yes"
    with store.database.reading() as conn:
        assert "motto" in {column["name"] for column in inspect(conn).get_columns("workspace")}
    if store.database.is_sqlite:
        assert isinstance(copy, Path)
        assert copy.parent == home / "backups"
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        before = sqlite3.connect(copy)
        assert before.execute("SELECT version_num FROM alembic_version").fetchall() == [(_LAST,)]
        assert before.execute("SELECT count(*) FROM store_meta WHERE name = 'second'").fetchall() == [(0,)]
        before.close()
    else:
        with store.database.reading() as conn:
            query = text(f'SELECT version_num FROM "{copy}".alembic_version')
            assert conn.execute(query).scalar_one() == _LAST


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    store: Store, home: Path, tmp_path: Path
) -> None:
    later = _later(tmp_path, then='op.execute("SELECT no_such_function()")')
    with pytest.raises(DBAPIError):
        migrate(store.database, home / "backups", later)
    assert _meta(store.database, "second") is None
    with store.database.reading() as conn:
        assert "motto" not in {column["name"] for column in inspect(conn).get_columns("workspace")}
        assert conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == _LAST


def test_executions_of_prompts_alone_are_migrated_to_those_of_texts(
    store: Store, people: People, home: Path
) -> None:
    """A store from before 0007, with an execution, its payload, and one that refers to it."""
    prompt_id, at = new_id(), now()
    mine = {"workspace_id": people.workspace_id, "prompt_id": prompt_id, "actor_id": people.engineer.actor_id}
    row = {
        **mine,
        "via": "test",
        "caller_kind": "api",
        "model_asked": "m",
        "state": "pending",
        "created_at": at,
    }
    with store.database.writing("") as conn:
        conn.execute(
            insert(prompt).values(
                workspace_id=people.workspace_id,
                id=prompt_id,
                name="p",
                title="p",
                created_by=people.admin.actor_id,
                created_at=at,
                updated_at=at,
            )
        )
        conn.execute(insert(execution).values(id="one", **row))
        conn.execute(insert(execution).values(id="two", parent_id="one", **row))
        payload = {"workspace_id": people.workspace_id, "execution_id": "one"}
        conn.execute(text("UPDATE alembic_version SET version_num = '0006'"))
        conn.execute(insert(execution_payload).values(**payload))
        conn.execute(text("ALTER TABLE execution DROP COLUMN text_hash"))
        if not store.database.is_sqlite:
            conn.execute(text("ALTER TABLE execution ALTER COLUMN prompt_id SET NOT NULL"))
        else:
            version = conn.execute(text("PRAGMA schema_version")).scalar_one()
            conn.execute(text("PRAGMA writable_schema = ON"))
            conn.execute(
                text(
                    "UPDATE sqlite_schema SET sql = replace(sql, 'prompt_id VARCHAR', 'prompt_id VARCHAR NOT NULL') "
                    "WHERE type = 'table' AND name = 'execution'"
                )
            )
            conn.execute(text(f"PRAGMA schema_version = {version + 1}"))
            conn.execute(text("PRAGMA writable_schema = OFF"))
        conn.commit()
    with store.database.reading() as conn:
        assert not _columns(conn)["prompt_id"]["nullable"]

    assert migrate(store.database, home / "backups") is not None

    with store.database.reading() as conn:
        assert _columns(conn)["prompt_id"]["nullable"]
        kept = conn.execute(select(execution.c.id, execution.c.prompt_id, execution.c.text_hash)).all()
        assert sorted(kept) == [("one", prompt_id, None), ("two", prompt_id, None)]
        if store.database.is_sqlite:
            assert conn.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert conn.execute(text("PRAGMA foreign_key_check")).all() == []
    with store.database.writing("") as conn:
        texts = {**row, "prompt_id": None, "text_hash": "0" * 64}
        conn.execute(insert(execution).values(id="three", **texts))
        conn.commit()
    with store.database.writing("") as conn, pytest.raises(DBAPIError):
        conn.execute(insert(execution).values(id="four", **{**row, "prompt_id": "nobody"}))


def _columns(conn: Connection) -> dict[str, Any]:
    return {column["name"]: column for column in inspect(conn).get_columns("execution")}
