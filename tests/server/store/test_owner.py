"""One process owns a store."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.store.store import open_store, read_owner
from sqlalchemy import text

from jupyter_prompthub.core.errors import StoreLocked
from tests.support.databases import PostgresServer, opened
from tests.support.operations import NoteIn, add, everything
from tests.support.people import settle

_OWNER = """
import sys
from pathlib import Path
from jupyter_prompthub_server.store.store import open_store
store = open_store(sys.argv[1], home=Path(sys.argv[2]))
store.owner.announce("http://127.0.0.1:4711/", "secret-token")
print("ready", flush=True)
sys.stdin.read()
store.close()
"""


@contextmanager
def _other_process(database: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the store and has announced its address."""
    command = [sys.executable, "-c", _OWNER, database, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_a_second_process_is_told_who_owns_the_store_and_takes_over_when_it_ends(
    database: str, home: Path
) -> None:
    with _other_process(database, home) as process:
        with pytest.raises(StoreLocked, match=r"http://127\.0\.0\.1:4711/") as caught:
            open_store(database, home=home)
        assert caught.value.details == {"address": "http://127.0.0.1:4711/", "pid": process.pid}
        assert "secret-token" not in str(caught.value)
        record = read_owner(database, home=home)
        assert record is not None
        assert (record.address, record.token, record.pid) == (
            "http://127.0.0.1:4711/",
            "secret-token",
            process.pid,
        )
        assert "secret-token" not in repr(record)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
    assert read_owner(database, home=home) is None
    with opened(database, home) as store:
        assert store.owner.read() is not None


def test_an_owner_that_is_killed_frees_the_store(database: str, home: Path) -> None:
    with _other_process(database, home) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        with opened(database, home) as store:  # its record is stale, and does not count
            record = store.owner.read()
            assert record is not None
            assert record.pid == os.getpid()


def test_a_stale_record_names_nobody(database: str, home: Path) -> None:
    with _other_process(database, home) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    for _ in range(50):  # PostgreSQL notices a broken connection a moment later
        if (record := read_owner(database, home=home)) is None:
            break
    assert record is None


def test_a_store_is_opened_once_in_a_process_too(database: str, home: Path) -> None:
    with opened(database, home), pytest.raises(StoreLocked) as caught:
        open_store(database, home=home)
    assert caught.value.details["pid"] == os.getpid()


def test_the_record_beside_sqlite_is_for_the_owner_only_and_goes_with_it(home: Path) -> None:
    with opened(None, home) as store:
        store.owner.announce("http://127.0.0.1:1/", "token")
        path = home / "owner.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text())["token"] == "token"
        assert list(home.glob("*.tmp")) == []
    assert not path.exists()


def test_a_damaged_record_is_no_record(home: Path) -> None:
    with opened(None, home) as store:
        (home / "owner.json").write_text("{")
        assert store.owner.read() is None
        with pytest.raises(StoreLocked) as caught:
            open_store(home=home)
        assert caught.value.details["address"] is None


def test_two_databases_in_one_folder_have_two_owners(home: Path) -> None:
    with opened(home / "one.db", home), opened(home / "two.db", home):
        assert read_owner(home / "one.db", home=home) is not None
    assert read_owner(home / "one.db", home=home) is None


def test_asking_for_the_owner_of_nothing_makes_nothing(home: Path) -> None:
    assert read_owner(home=home / "nowhere") is None
    assert not (home / "nowhere").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_an_owner_that_lost_its_lock_to_another_process_cannot_write_any_more(
    database: str, home: Path, postgres: PostgresServer
) -> None:
    with opened(database, home) as store:
        people, dispatcher = settle(store), Dispatcher(store)
        dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE application_name = 'prompthub-owner' AND datname = '{store.database.url.database}'"
        )
        with _other_process(database, home):
            with pytest.raises(StoreLocked, match="taken over"):
                dispatcher.run(add, people.engineer, input=NoteIn(name="b"))
            assert dispatcher.run(everything, people.viewer) == ["a"]
            record = read_owner(database, home=home)
            assert record is not None
            assert record.pid != os.getpid()


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_new_owner_waits_for_the_writes_of_the_one_before(database: str, home: Path) -> None:
    with opened(database, home) as store:
        with store.database.writing("w") as conn:
            held = conn.execute(
                text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'")
            ).scalar_one()
        assert held == 1
