"""Real faults of real databases: full, locked, read-only, damaged, gone."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.store import engine
from jupyter_prompthub_server.store.store import Store, open_store
from sqlalchemy import text

from jupyter_prompthub.core.errors import StoreFull, StoreUnavailable
from tests.support.databases import PostgresServer, opened
from tests.support.operations import NoteIn, add, everything
from tests.support.people import settle


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 3 MB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _fill(dispatcher: Dispatcher, caller: object) -> list[str]:
    """Add rows until the disk is full; the names that were acknowledged."""
    names: list[str] = []

    def fill() -> None:
        for i in range(20_000):
            name = f"{i:05}" + "x" * 5_000
            dispatcher.run(add, caller, input=NoteIn(name=name))  # type: ignore[arg-type]
            names.append(name)

    with pytest.raises(StoreFull) as caught:
        fill()
    assert caught.value.status == 507
    return names


def test_a_full_disk_refuses_writes_keeps_what_was_written_and_goes_on_reading(tiny_disk: Path) -> None:
    with opened(None, tiny_disk) as store:
        people, dispatcher = settle(store), Dispatcher(store)
        names = _fill(dispatcher, people.engineer)
        assert len(names) > 10
        assert dispatcher.run(everything, people.viewer) == names
        with pytest.raises(StoreFull):
            dispatcher.run(add, people.engineer, input=NoteIn(name="y" * 5_000))
    subprocess.run(["mount", "-o", "remount,size=8m", str(tiny_disk)], check=True)
    with opened(None, tiny_disk) as store:
        assert Dispatcher(store).run(everything, people.viewer) == names
        Dispatcher(store).run(add, people.engineer, input=NoteIn(name="after"))


def test_a_database_at_its_size_limit_refuses_writes_until_there_is_room(home: Path) -> None:
    with opened(None, home) as store:
        people, dispatcher = settle(store), Dispatcher(store)
        with store.database.writer.connect() as conn:
            conn.execute(text("PRAGMA max_page_count = 400"))
        names = _fill(dispatcher, people.engineer)
        assert dispatcher.run(everything, people.viewer) == names
        with store.database.writer.connect() as conn:
            conn.execute(text("PRAGMA max_page_count = 100000"))
        dispatcher.run(add, people.engineer, input=NoteIn(name="z"))
        assert len(dispatcher.run(everything, people.viewer)) == len(names) + 1


def test_a_database_locked_by_another_program_is_said_so_and_works_again_when_it_is_free(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_BUSY_MS", 100)
    with opened(None, home) as store:
        people, dispatcher = settle(store), Dispatcher(store)
        other = sqlite3.connect(home / "prompthub.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked by another program") as caught:
            dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
        assert caught.value.status == 503
        assert caught.value.details["retry_after_s"] > 0
        assert dispatcher.run(everything, people.viewer) == []
        other.execute("COMMIT")
        other.close()
        assert dispatcher.run(add, people.engineer, input=NoteIn(name="a")).name == "a"


def test_a_file_that_is_no_database_is_refused_and_left_alone(home: Path) -> None:
    path = home / "prompthub.db"
    path.write_bytes(b"this is a letter to my aunt, not a database " * 100)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="not a PromptHub database"):
        open_store(home=home)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        open_store(home=tmp_path / "file" / "home")


_READ_ONLY = """
import os, sys
from pathlib import Path
from jupyter_prompthub.core.errors import StoreUnavailable
from jupyter_prompthub_server.store.store import open_store
home = Path(sys.argv[1])
open_store(home=home).close()
home.chmod(0o755)
os.setgid(65534), os.setuid(65534)
try:
    open_store(home=home)
except StoreUnavailable as error:
    print(error.message)
"""


def test_a_store_of_another_user_is_refused_with_a_plain_sentence(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become somebody else")
    command = [sys.executable, "-c", _READ_ONLY, str(tmp_path / "home")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert "cannot be used" in run.stdout, run.stderr


def test_a_read_only_database_refuses_writes_and_goes_on_reading(store: Store) -> None:
    people, dispatcher = settle(store), Dispatcher(store)
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    if store.database.is_sqlite:
        with store.database.writer.connect() as conn:
            conn.execute(text("PRAGMA query_only = ON"))
    else:
        uri = store.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(uri, autocommit=True) as other:
            other.execute(
                f'ALTER DATABASE "{store.database.url.database}" SET default_transaction_read_only = on'
            )
        store.database.writer.dispose()
    with pytest.raises(StoreUnavailable, match="read-only"):
        dispatcher.run(add, people.engineer, input=NoteIn(name="b"))
    assert dispatcher.run(everything, people.viewer) == ["a"]


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_connections_that_died_are_replaced_without_anyone_noticing(
    store: Store, postgres: PostgresServer
) -> None:
    people, dispatcher = settle(store), Dispatcher(store)
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    assert dispatcher.run(everything, people.viewer) == ["a"]
    name = str(store.database.url.database)
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    dispatcher.run(add, people.engineer, input=NoteIn(name="b"))
    assert dispatcher.run(everything, people.viewer) == ["a", "b"]
    owner = store.owner.read()
    assert owner is not None
    assert owner.pid == os.getpid()


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_database_that_is_gone_is_said_so_and_found_again_within_five_seconds(
    store: Store, postgres: PostgresServer
) -> None:
    people, dispatcher = settle(store), Dispatcher(store)
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    name = str(store.database.url.database)
    postgres.execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    for operation, caller, given in (
        (add, people.engineer, NoteIn(name="b")),
        (everything, people.viewer, None),
    ):
        with pytest.raises(StoreUnavailable) as caught:
            dispatcher.run(operation, caller, input=given)
        assert caught.value.status == 503
    postgres.execute("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
    start = time.monotonic()
    dispatcher.run(add, people.engineer, input=NoteIn(name="c"))
    assert dispatcher.run(everything, people.viewer) == ["a", "c"]
    assert time.monotonic() - start < 5


@pytest.mark.postgres
def test_a_database_that_cannot_be_reached_is_said_so(home: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached") as caught:
        open_store("postgresql://nobody@127.0.0.1:1/none", home=home)
    assert caught.value.details["retry_after_s"] > 0


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("state", "error"), [("53100", StoreFull), ("55P03", StoreUnavailable)])
def test_what_postgresql_reports_is_translated(store: Store, state: str, error: type[Exception]) -> None:
    people, dispatcher = settle(store), Dispatcher(store)
    with store.database.writing("") as conn:
        conn.execute(
            text(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
            )
        )
        conn.execute(text("CREATE TRIGGER fail BEFORE INSERT ON prompt EXECUTE FUNCTION fail()"))
        conn.commit()
    with pytest.raises(error):
        dispatcher.run(add, people.engineer, input=NoteIn(name="a"))


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_transaction_that_lost_a_race_is_run_again(store: Store) -> None:
    people, dispatcher = settle(store), Dispatcher(store)
    with store.database.writing("") as conn:
        conn.execute(text("CREATE SEQUENCE tries"))
        conn.execute(
            text(
                "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF nextval('tries') < 3 THEN RAISE EXCEPTION 'race' USING ERRCODE = '40001'; END IF; "
                "RETURN NEW; END $$"
            )
        )
        conn.execute(text("CREATE TRIGGER lose BEFORE INSERT ON prompt FOR EACH ROW EXECUTE FUNCTION lose()"))
        conn.commit()
    assert dispatcher.run(add, people.engineer, input=NoteIn(name="a")).name == "a"
    assert dispatcher.run(everything, people.viewer) == ["a"]
