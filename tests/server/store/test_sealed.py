"""Sealed columns and their keys."""

from __future__ import annotations

import base64
import re
import stat
from pathlib import Path

import pytest
from jupyter_prompthub_server.dispatch import Dispatcher, Idempotency, system_caller
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.sealed import Codec
from jupyter_prompthub_server.store.store import Store, open_store
from jupyter_prompthub_server.store.tables import connection, data_key, prompt, version
from sqlalchemy import select

from jupyter_prompthub.core.errors import StoreUnavailable
from tests.support.databases import opened
from tests.support.operations import NoteIn, add, everything
from tests.support.people import People, settle

SECRET = connection.c.secret


def _sealed(store: Store, workspace_id: str, row: str = "openai", value: str = "sk-canary") -> bytes:
    with store.database.writing(workspace_id) as conn:
        sealed = store.sealer.codec(conn, workspace_id).seal(SECRET, row, value)
        conn.commit()
    return sealed


def _open(store: Store, workspace_id: str, sealed: bytes, row: str = "openai") -> str:
    with store.database.reading() as conn:
        return store.sealer.codec(conn, workspace_id).open(SECRET, row, sealed)


def test_a_secret_has_the_written_form_and_opens_again(store: Store, people: People) -> None:
    sealed = _sealed(store, people.workspace_id)
    assert re.match(rb"[0-9a-f]{16}\.1:", sealed)
    assert len(sealed) == len(b"0123456789abcdef.1:") + 12 + len("sk-canary") + 16
    assert b"canary" not in sealed
    assert _open(store, people.workspace_id, sealed) == "sk-canary"


def test_the_same_secret_never_looks_the_same(store: Store, people: People) -> None:
    assert _sealed(store, people.workspace_id) != _sealed(store, people.workspace_id)


def test_a_workspace_has_one_key_of_its_own_which_is_not_stored_bare(store: Store, people: People) -> None:
    mine, again = _sealed(store, people.workspace_id), _sealed(store, people.workspace_id)
    theirs = _sealed(store, people.stranger.workspace_id)
    assert mine.partition(b":")[0] == again.partition(b":")[0] != theirs.partition(b":")[0]
    with store.database.reading() as conn:
        rows = conn.execute(select(data_key)).all()
    assert len(rows) == 2
    for row in rows:
        assert row.wrapped.startswith(f"{row.master_key_id}.1:".encode())


def test_a_secret_moved_to_another_row_or_workspace_does_not_open(store: Store, people: People) -> None:
    sealed = _sealed(store, people.workspace_id)
    _sealed(store, people.stranger.workspace_id)
    with pytest.raises(StoreUnavailable, match="damaged or moved"):
        _open(store, people.workspace_id, sealed, row="anthropic")
    with pytest.raises(StoreUnavailable, match="names the key"):
        _open(store, people.stranger.workspace_id, sealed)


@pytest.mark.parametrize("at", [20, 40, -1])
def test_a_damaged_secret_does_not_open(store: Store, people: People, at: int) -> None:
    sealed = bytearray(_sealed(store, people.workspace_id))
    sealed[at] ^= 1
    with pytest.raises(StoreUnavailable, match="damaged"):
        _open(store, people.workspace_id, bytes(sealed))


@pytest.mark.parametrize(
    "planted", [b"plain.0:sk-planted", b"nothing", b"", b"deadbeefdeadbeef.1:x", b"x.y:z"]
)
def test_a_planted_value_is_not_taken_for_a_secret(store: Store, people: People, planted: bytes) -> None:
    _sealed(store, people.workspace_id)
    with pytest.raises(StoreUnavailable):
        _open(store, people.workspace_id, planted)


def test_other_sealed_columns_carry_the_plain_prefix(store: Store, people: People) -> None:
    with store.database.reading() as conn:
        codec = store.sealer.codec(conn, people.workspace_id)
        assert codec.seal(version.c.text, "sha", "héllo") == b"plain.0:h\xc3\xa9llo"
        assert codec.open(version.c.text, "sha", b"plain.0:h\xc3\xa9llo") == "héllo"
        assert codec.open_bytes(version.c.text, "sha", codec.seal(version.c.text, "sha", b"\x00\xff:")) == (
            b"\x00\xff:"
        )


def test_a_column_that_is_not_sealed_is_refused(store: Store, people: People) -> None:
    with store.database.reading() as conn, pytest.raises(TypeError, match="not a sealed column"):
        store.sealer.codec(conn, people.workspace_id).seal(prompt.c.name, "r", "x")


def test_a_key_made_in_a_transaction_that_was_rolled_back_is_forgotten(store: Store, people: People) -> None:
    with store.database.writing(people.workspace_id) as conn:
        codec: Codec = store.sealer.codec(conn, people.workspace_id)
        lost = codec.seal(SECRET, "openai", "x")
        assert codec.open(SECRET, "openai", lost) == "x"
    kept = _sealed(store, people.workspace_id)
    assert kept.partition(b":")[0] != lost.partition(b":")[0]
    store.sealer.forget()
    assert _open(store, people.workspace_id, kept) == "sk-canary"


def test_secrets_open_after_a_restart(database: str, home: Path) -> None:
    with opened(database, home) as store:
        people = settle(store)
        sealed = _sealed(store, people.workspace_id)
    with opened(database, home) as store:
        assert _open(store, people.workspace_id, sealed) == "sk-canary"


def test_the_master_key_is_a_file_of_its_own_for_the_owner_only(store: Store, home: Path) -> None:
    path = home / "keys" / "master.key"
    assert len(base64.b64decode(path.read_text())) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def _with_a_secret(database: str, home: Path) -> None:
    with opened(database, home) as store:
        _sealed(store, settle(store).workspace_id)


def _is_locked(store: Store) -> None:
    for operation, given in ((everything, None), (add, NoteIn(name="a"))):
        with pytest.raises(StoreUnavailable, match="locked") as caught:
            Dispatcher(store).run(operation, system_caller(""), input=given)
        assert caught.value.details == {"locked": True}


def test_a_missing_master_key_locks_the_store_and_none_is_made(database: str, home: Path) -> None:
    _with_a_secret(database, home)
    key = home / "keys" / "master.key"
    saved = key.read_bytes()
    key.unlink()
    with opened(database, home) as store:
        _is_locked(store)
    assert not key.exists()
    key.write_bytes(saved)
    with opened(database, home) as store:
        assert store.locked is None


def test_another_or_a_broken_master_key_locks_the_store(database: str, home: Path) -> None:
    _with_a_secret(database, home)
    key = home / "keys" / "master.key"
    for wrong in (base64.b64encode(b"x" * 32), b"not a key"):
        key.write_bytes(wrong)
        with opened(database, home) as store:
            _is_locked(store)
        assert key.read_bytes() == wrong


def test_a_store_without_ciphertext_may_get_a_new_key(database: str, home: Path) -> None:
    with opened(database, home):
        pass
    (home / "keys" / "master.key").unlink()
    with opened(database, home) as store:
        assert store.locked is None


def test_the_key_may_come_from_the_environment_instead_of_a_file(database: str, home: Path) -> None:
    given = base64.b64encode(b"k" * 32).decode()
    store = open_store(database, home=home, encryption_key=given)
    people = settle(store)
    sealed = _sealed(store, people.workspace_id)
    store.close()
    assert not (home / "keys").exists()
    with opened(database, home) as locked:
        _is_locked(locked)
    store = open_store(database, home=home, encryption_key=given)
    assert _open(store, people.workspace_id, sealed) == "sk-canary"
    store.close()


def test_no_secret_is_in_the_databases_bytes(home: Path) -> None:
    with opened(None, home) as store:
        people = settle(store)
        sealed = _sealed(store, people.workspace_id, value="sk-canary-0123456789")
        with store.database.writing(people.workspace_id) as conn:
            conn.execute(
                connection.insert().values(
                    workspace_id=people.workspace_id,
                    name="openai",
                    provider="openai",
                    secret=sealed,
                    created_by=people.admin.actor_id,
                    created_at=now(),
                    updated_at=now(),
                )
            )
            conn.commit()
        Dispatcher(store).run(
            add, people.engineer, input=NoteIn(name="canary-name"), idempotency=Idempotency("k")
        )
        data = b"".join(path.read_bytes() for path in home.glob("prompthub.db*"))
        assert b"canary-name" in data
        assert b"sk-canary" not in data
