"""Audit entries have the written bytes, and stay verifiable when a content is erased."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from jupyter_prompthub_server.audit.entry import Entry, leaf_hash, salted_hash
from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.services import audit
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import audit_entry, audit_salt
from sqlalchemy import delete, select

from jupyter_prompthub.core.errors import Forbidden
from jupyter_prompthub.core.records import PageQuery
from tests.support.operations import NoteIn, add
from tests.support.people import People


def test_the_bytes_of_an_entry_are_the_written_ones() -> None:
    entry = Entry(
        id="0190",
        workspace_id="w",
        at=datetime(2026, 1, 31, 9, 30, 0, 123_999, UTC),
        tag="version.create",
        operation="versions.save",
        actor_id="a",
        credential_id=None,
        via="local",
        target={"version": "é", "prompt": "p"},
        content={"text": "ab"},
    )
    assert (
        entry.canonical_bytes()
        == (
            '{"actor":"a","at":"2026-01-31T09:30:00.123Z","content":{"text":"ab"},"credential":null,'
            '"format":"prompthub audit entry v1","id":"0190","operation":"versions.save",'
            '"tag":"version.create","target":{"prompt":"p","version":"é"},"via":"local","workspace":"w"}'
        ).encode()
    )


def test_a_leaf_hash_is_that_of_rfc_6962() -> None:
    # the published vectors of Certificate Transparency's test suite
    assert leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456") == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"


def test_a_stored_entry_says_what_happened_and_shows_no_content(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    note = dispatcher.run(add, people.engineer, input=NoteIn(name="canary"))
    with store.database.reading() as conn:
        row = conn.execute(select(audit_entry)).one()
        salt = conn.execute(select(audit_salt)).one()
    said = json.loads(row.bytes)
    assert {
        name: said[name] for name in ("id", "workspace", "tag", "operation", "actor", "via", "target")
    } == {
        "id": row.id,
        "workspace": people.workspace_id,
        "tag": "prompt.create",
        "operation": "operations.add",
        "actor": people.engineer.actor_id,
        "via": "test",
        "target": {"prompt": note.id},
    }
    assert row.leaf_hash == hashlib.sha256(b"\0" + row.bytes).hexdigest()
    assert b"canary" not in row.bytes
    assert (salt.entry_id, salt.name, len(salt.salt)) == (row.id, "title", 32)
    assert said["content"] == {"title": salted_hash(salt.salt, b"canary")}


def test_erasing_a_salt_leaves_the_log_verifiable(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    receipt = dispatcher.run_with_receipt(add, people.engineer, input=NoteIn(name="secret")).receipt
    with store.database.writing(people.workspace_id) as conn:
        conn.execute(delete(audit_salt))
        conn.commit()
    with store.database.reading() as conn:
        row = conn.execute(select(audit_entry)).one()
    assert receipt is not None
    assert leaf_hash(row.bytes) == receipt.leaf_hash


def test_two_entries_of_one_content_do_not_show_that_it_is_one(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    for who in (people.engineer, people.stranger):
        dispatcher.run(add, who, input=NoteIn(name="same"))
    with store.database.reading() as conn:
        rows = conn.execute(select(audit_entry.c.bytes)).scalars().all()
    hashes = [json.loads(row)["content"]["title"] for row in rows]
    assert hashes[0] != hashes[1]


def test_the_log_is_listed_newest_first_for_its_own_workspace_only(
    dispatcher: Dispatcher, people: People
) -> None:
    notes = [dispatcher.run(add, people.engineer, input=NoteIn(name=f"n{i}")) for i in range(5)]
    dispatcher.run(add, people.stranger, input=NoteIn(name="foreign"))
    first = dispatcher.run(audit.list, people.team_lead, input=PageQuery(limit=3))
    rest = dispatcher.run(audit.list, people.team_lead, input=PageQuery(limit=3, cursor=first.next_cursor))
    items = [*first.items, *rest.items]
    assert [item.target["prompt"] for item in items] == [note.id for note in reversed(notes)]
    assert {item.actor_id for item in items} == {people.engineer.actor_id}
    assert (first.total, rest.next_cursor) == (5, None)
    with pytest.raises(Forbidden):
        dispatcher.run(audit.list, people.engineer, input=PageQuery())


def test_a_long_target_is_cut(dispatcher: Dispatcher, store: Store, people: People) -> None:
    from dataclasses import replace

    from tests.support.operations import read

    with pytest.raises(Exception, match="no such prompt"):
        dispatcher.run(read, people.viewer, {"prompt_id": "x" * 5_000})
    nobody = replace(people.viewer, permissions=frozenset())
    with pytest.raises(Forbidden):
        dispatcher.run(audit.list, nobody, {"ref": "x" * 5_000}, PageQuery())
    with store.database.reading() as conn:
        assert conn.execute(select(audit_entry.c.target)).scalar_one() == {"ref": "x" * 300}
