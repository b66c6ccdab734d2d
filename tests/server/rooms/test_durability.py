"""Nothing that somebody else has seen is ever lost."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jupyter_prompthub_server.rooms import server as rooms_server
from jupyter_prompthub_server.rooms.document import replay, seed, text_of
from jupyter_prompthub_server.store.tables import draft, draft_update
from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from jupyter_prompthub.core.errors import StoreUnavailable
from tests.server.rooms.conftest import Connect
from tests.support.rooms import Served, YjsClient

pytestmark = pytest.mark.anyio

START = "one\ntwo\n"


def stored_text(served: Served, prompt_id: str) -> tuple[str, int]:
    """The text that the committed rows make, and how many updates they are."""
    sealer = served.runtime.store.sealer
    with served.runtime.store.database.reading() as conn:
        row = conn.execute(select(draft).where(draft.c.prompt_id == prompt_id)).one()
        codec = sealer.codec(conn, row.workspace_id)
        rows = conn.execute(
            select(draft_update).where(draft_update.c.prompt_id == prompt_id).order_by(draft_update.c.seq)
        ).all()
        key = f"{prompt_id}/main"
        updates = [
            codec.open_bytes(draft_update.c.update, f"{key}/{r.seq}", r._mapping["update"]) for r in rows
        ]
        first = seed(codec.open(draft.c.text, key, row.text))
    return text_of(replay([first, *updates])), len(updates)


@contextmanager
def nobody_can_write(served: Served) -> Iterator[None]:
    """Another program holds the database's write lock."""
    database = served.runtime.store.database
    if database.is_sqlite:
        other = sqlite3.connect(str(make_url(database.url).database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
    else:
        with database.writer.connect() as other_session:
            other_session.exec_driver_sql("LOCK TABLE draft_update IN EXCLUSIVE MODE")
            yield
            other_session.rollback()


async def test_an_edit_is_relayed_only_when_it_is_committed(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    late = YjsClient(served.url, "viewer", prompt_id, session=a.session)
    with nobody_can_write(served):
        a.type(0, "x")
        asking = asyncio.create_task(a.stored())
        joining = asyncio.create_task(late.connect())
        await asyncio.sleep(0.5)
        assert str(b) == START
        assert stored_text(served, prompt_id)[0] == START
        assert not asking.done()
        assert str(late) in ("", START)
    await asyncio.wait_for(asking, 20)
    await b.sees("x" + START)
    await asyncio.wait_for(joining, 20)
    await late.sees("x" + START)
    assert stored_text(served, prompt_id)[0] == "x" + START
    await late.disconnect()


async def test_whatever_another_client_sees_is_in_the_database_by_then(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    checked = 0

    async def types() -> None:
        for number in range(40):
            a.type(0, f"{number % 10}")
            await asyncio.sleep(0.003)

    typing = asyncio.create_task(types())
    while len(str(b)) < len(START) + 40:
        length = len(str(b))
        await b.until(lambda length=length: len(str(b)) > length)  # type: ignore[misc]
        seen = str(b)
        assert stored_text(served, prompt_id)[0].endswith(seen)
        checked += 1
    await typing
    assert checked > 1


async def test_compaction_keeps_text_and_identity(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    served.rooms.idle_seconds = 0.0
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    for letter in "hello":
        a.type(0, letter)
        await a.stored()
    del a.text[1:3]
    await a.stored()
    await b.sees(str(a))
    text = str(a)
    await b.disconnect()
    b.type(len(b.text), "offline\n")
    assert stored_text(served, prompt_id)[1] >= 6
    await a.disconnect()
    async with asyncio.timeout(10):
        while served.rooms.open_rooms:
            await asyncio.sleep(0.01)
    assert stored_text(served, prompt_id) == (text, 1)
    await b.connect()
    await b.stored()
    again = await client("viewer", prompt_id)
    assert str(again) == str(b) == text + "offline\n"


async def test_a_room_that_nobody_is_in_closes_also_where_its_log_cannot_be_compacted(
    served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt_id = await served.new_prompt(START)
    served.rooms.idle_seconds = 0.0
    a = await client("engineer", prompt_id)
    a.type(0, "kept ")
    await a.stored()
    call, asked = rooms_server.Rooms._call, asyncio.Event()

    async def fails(self: Any, op: Any, *more: Any) -> Any:
        if op is rooms_server.drafts.compact:
            asked.set()
            raise StoreUnavailable("The database is not available.")
        return await call(self, op, *more)

    monkeypatch.setattr(rooms_server.Rooms, "_call", fails)
    await a.disconnect()
    await asyncio.wait_for(asked.wait(), 20)
    async with asyncio.timeout(20):
        while served.rooms.open_rooms:
            await asyncio.sleep(0.01)
    await a.connect()
    assert str(a) == "kept " + START


async def test_a_long_log_is_compacted_while_people_are_in(
    served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms_server, "_COMPACT_AFTER", 20)
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    for number in range(50):
        a.type(0, f"{number % 10}")
        await a.stored()
    await b.sees(str(a))
    async with asyncio.timeout(10):
        while stored_text(served, prompt_id)[1] > 21:
            await asyncio.sleep(0.01)
    assert stored_text(served, prompt_id)[0] == str(a)


@pytest.fixture
def sqlite_only(dialect: str) -> None:
    """A full disk is made with SQLite's page limit."""
    if dialect != "sqlite":
        pytest.skip("the limit on the size of the database is SQLite's")


@contextmanager
def disk_full(served: Served) -> Iterator[None]:
    """The database cannot grow by a page; lifted at the end."""
    engine = served.runtime.store.database.writer

    def fill(conn: Any) -> None:
        conn.exec_driver_sql("PRAGMA max_page_count = 1")

    event.listen(engine, "begin", fill)
    try:
        yield
    finally:
        event.remove(engine, "begin", fill)

        def lift(conn: Any) -> None:
            conn.exec_driver_sql("PRAGMA max_page_count = 1073741823")

        event.listen(engine, "begin", lift)


async def test_a_full_disk_closes_the_room_clearly_and_loses_nothing(
    sqlite_only: None, served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms_server, "_COOL", 0.1)
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    a.type(0, "kept ")
    await a.stored()
    await b.sees("kept " + START)
    with disk_full(served):
        a.type(0, "z" * 100_000)
        await a.until(lambda: a.closed is not None)
        await b.until(lambda: b.closed is not None)
        assert a.closed is not None
        assert a.closed[0] == 4507
        assert "disk is full" in str(a.closed[1])
        assert str(b) == "kept " + START
        held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
        assert held["text"] == "kept " + START
        await b.connect()  # reading goes on
    await a.disconnect()
    await a.connect()
    await a.stored()
    await b.sees("z" * 100_000 + "kept " + START)


async def test_who_waits_for_an_answer_of_a_failing_room_gets_one(
    sqlite_only: None, served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    with disk_full(served):
        a.type(0, "z" * 100_000)
        await a.until(lambda: a.closed is not None)
        answer = await served.ask(
            "engineer", "PUT", f"api/v1/prompts/{prompt_id}/drafts/main", {"text": "y" * 90_000}
        )
        assert answer.status == 507


async def test_the_event_loop_is_never_held_up_by_a_large_draft(served: Served, client: Connect) -> None:
    text = "".join(f"line {number} of a rather long prompt\n" for number in range(6_500))
    assert len(text) > 200_000
    prompt_id = await served.new_prompt(text)
    first = (await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main"))["base_sha"]
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    longest = 0.0
    stop = False

    async def heart() -> None:
        # the thread's own time: what others do on this machine does not count
        nonlocal longest
        while not stop:
            began = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - began)

    beating = asyncio.create_task(heart())
    path = f"prompts/{prompt_id}/drafts/main"
    for number in range(10):
        a.type(number * 100, "edit ")
        await b.until(lambda number=number: "edit" in str(b)[number * 100 :][:10])  # type: ignore[misc]
    rewritten = text.replace("rather", "very").replace("line 3", "row 3")
    for work in (
        served.api("engineer", "PUT", path, {"text": rewritten}),
        served.api("engineer", "POST", f"{path}/restore", {"version": first}),
        served.api("engineer", "POST", f"{path}/undo"),
        served.api("engineer", "GET", path),
        served.api("engineer", "POST", f"{path}/save", {"commit_message": "large"}),
    ):
        await work
    stop = True
    await beating
    await b.sees(rewritten)
    assert longest < 0.05
