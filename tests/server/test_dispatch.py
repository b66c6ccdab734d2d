"""The dispatcher, through real operations on both databases."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jupyter_prompthub_server.audit.entry import leaf_hash
from jupyter_prompthub_server.dispatch import Dispatcher, Idempotency, Outcome, system_caller
from jupyter_prompthub_server.operations import Caller, Operation
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import audit_entry, idempotency, outbox
from sqlalchemy import event as sa_event
from sqlalchemy import func, select

from jupyter_prompthub.core.errors import (
    Conflict,
    Forbidden,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    Unauthenticated,
)
from tests.support.operations import (
    NoteIn,
    add,
    break_off,
    denied_inside,
    everything,
    expire,
    read,
    rename,
    try_out,
)
from tests.support.people import People


def _entries(store: Store, workspace_id: str) -> list[tuple[str, str, dict[str, str]]]:
    with store.database.reading() as conn:
        rows = conn.execute(
            select(audit_entry).where(audit_entry.c.workspace_id == workspace_id).order_by(audit_entry.c.id)
        ).all()
    return [(row.tag, row.actor_id, row.target) for row in rows]


def _rows(store: Store, table: object) -> int:
    with store.database.reading() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_a_change_commits_with_its_entry_its_event_and_a_receipt(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    outcome = dispatcher.run_with_receipt(add, people.engineer, input=NoteIn(name="refund"))
    assert dispatcher.run(read, people.viewer, {"prompt_id": outcome.result.id}).name == "refund"
    assert _entries(store, people.workspace_id) == [
        ("prompt.create", people.engineer.actor_id, {"prompt": outcome.result.id})
    ]
    assert [(e.seq, e.kind, e.ids) for e in outcome.events] == [
        (1, "prompt.created", {"prompt": outcome.result.id})
    ]
    with store.database.reading() as conn:
        row = conn.execute(select(audit_entry)).one()
    assert outcome.receipt is not None
    assert (outcome.receipt.entry_id, outcome.receipt.leaf_hash) == (row.id, leaf_hash(row.bytes))


def test_an_operation_that_fails_leaves_no_row_entry_or_event(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    with pytest.raises(Conflict, match="changed its mind"):
        dispatcher.run(break_off, people.engineer, input=NoteIn(name="a"))
    assert dispatcher.run(everything, people.viewer) == []
    assert _entries(store, people.workspace_id) == []
    assert _rows(store, outbox) == 0
    assert dispatcher.run_with_receipt(add, people.engineer, input=NoteIn(name="a")).events[0].seq == 1


def test_a_constraint_that_refuses_becomes_a_conflict(dispatcher: Dispatcher, people: People) -> None:
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    with pytest.raises(Conflict) as caught:
        dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    assert caught.value.status == 409
    assert dispatcher.run(everything, people.viewer) == ["a"]


def test_a_denied_attempt_changes_nothing_and_is_audited(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    with pytest.raises(Forbidden) as caught:
        dispatcher.run(add, people.viewer, input=NoteIn(name="a"))
    assert caught.value.details["permission"] == "prompt:write"
    with pytest.raises(Forbidden):
        dispatcher.run(denied_inside, people.engineer, input=NoteIn(name="b"))
    assert dispatcher.run(everything, people.viewer) == []
    assert _entries(store, people.workspace_id) == [
        ("access.denied", people.viewer.actor_id, {}),
        ("access.denied", people.engineer.actor_id, {}),
    ]


def test_a_denied_read_is_audited_with_its_target(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    from dataclasses import replace

    note = dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    nobody = replace(people.viewer, permissions=frozenset())
    with pytest.raises(Forbidden):
        dispatcher.run(read, nobody, {"prompt_id": note.id})
    assert _entries(store, people.workspace_id)[-1] == (
        "access.denied",
        people.viewer.actor_id,
        {"prompt_id": note.id},
    )


def test_a_foreign_target_is_missing_even_for_an_admin(dispatcher: Dispatcher, people: People) -> None:
    note = dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    with pytest.raises(NotFound) as foreign:
        dispatcher.run(rename, people.stranger, {"prompt_id": note.id}, NoteIn(name="mine"))
    with pytest.raises(NotFound) as missing:
        dispatcher.run(rename, people.stranger, {"prompt_id": "no-such-id"}, NoteIn(name="mine"))
    assert foreign.value.message == missing.value.message
    assert dispatcher.run(read, people.viewer, {"prompt_id": note.id}).name == "a"
    assert dispatcher.run(everything, people.stranger) == []


def test_a_save_without_a_change_writes_nothing(dispatcher: Dispatcher, store: Store, people: People) -> None:
    note = dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    outcome = dispatcher.run_with_receipt(rename, people.engineer, {"prompt_id": note.id}, NoteIn(name="a"))
    assert outcome.result == note
    assert outcome.receipt is None
    assert outcome.events == ()
    assert len(_entries(store, people.workspace_id)) == 1


def test_a_dry_run_sees_what_it_wrote_and_leaves_nothing(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    dispatcher.run(add, people.engineer, input=NoteIn(name="there"))
    before = _rows(store, audit_entry), _rows(store, outbox)
    once = Idempotency("a-key-of-a-dry-run")
    outcome = dispatcher.run_with_receipt(
        try_out, people.engineer, input=NoteIn(name="tried"), idempotency=once
    )
    assert (outcome.result, outcome.receipt, outcome.events) == (["there", "tried"], None, ())
    assert dispatcher.run(everything, people.viewer) == ["there"]
    assert (_rows(store, audit_entry), _rows(store, outbox)) == before
    assert _rows(store, idempotency) == 0


def test_an_error_after_commit_keeps_what_was_done_and_is_audited_once(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    with pytest.raises(Unauthenticated, match="used before") as caught:
        dispatcher.run(expire, people.engineer, input=NoteIn(name="family"))
    assert caught.value.details == {}
    assert dispatcher.run(everything, people.viewer) == ["family"]
    assert [tag for tag, _, _ in _entries(store, people.workspace_id)] == ["session.reuse_detected"]


def test_a_repeated_key_gives_the_first_answer_and_does_nothing(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    key = Idempotency("k1")
    first = dispatcher.run_with_receipt(add, people.engineer, input=NoteIn(name="a"), idempotency=key)
    again = dispatcher.run_with_receipt(add, people.engineer, input=NoteIn(name="a"), idempotency=key)
    assert again.replayed
    assert (again.result, again.receipt) == (first.result, first.receipt)
    assert len(_entries(store, people.workspace_id)) == 1
    assert _rows(store, outbox) == 1


def test_a_key_is_the_actors_own(dispatcher: Dispatcher, people: People) -> None:
    key = Idempotency("k1")
    for who in (people.engineer, people.colleague, people.stranger):
        assert not dispatcher.run_with_receipt(
            add, who, input=NoteIn(name=who.actor_id), idempotency=key
        ).replayed


def test_a_key_with_another_request_is_refused(dispatcher: Dispatcher, people: People) -> None:
    key = Idempotency("k1")
    note = dispatcher.run(add, people.engineer, input=NoteIn(name="a"), idempotency=key)
    with pytest.raises(IdempotencyMismatch):
        dispatcher.run(add, people.engineer, input=NoteIn(name="b"), idempotency=key)
    with pytest.raises(IdempotencyMismatch):
        dispatcher.run(rename, people.engineer, {"prompt_id": note.id}, NoteIn(name="a"), idempotency=key)
    assert dispatcher.run(everything, people.viewer) == ["a"]


def test_a_key_does_not_replay_for_one_who_lost_the_permission(
    dispatcher: Dispatcher, people: People
) -> None:
    from dataclasses import replace

    key = Idempotency("k1")
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"), idempotency=key)
    demoted = replace(people.engineer, role="viewer", permissions=people.viewer.permissions)
    with pytest.raises(Forbidden):
        dispatcher.run(add, demoted, input=NoteIn(name="a"), idempotency=key)


def test_a_key_of_a_failed_request_can_be_used_again(dispatcher: Dispatcher, people: People) -> None:
    key = Idempotency("k1")
    with pytest.raises(Conflict):
        dispatcher.run(break_off, people.engineer, input=NoteIn(name="a"), idempotency=key)
    assert dispatcher.run(add, people.engineer, input=NoteIn(name="a"), idempotency=key).name == "a"


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        Idempotency(key)


def test_stored_answers_are_encrypted(dispatcher: Dispatcher, store: Store, people: People) -> None:
    dispatcher.run(add, people.engineer, input=NoteIn(name="canary"), idempotency=Idempotency("k"))
    with store.database.reading() as conn:
        answer = conn.execute(select(idempotency.c.answer)).scalar_one()
    assert b"canary" not in answer
    assert not answer.startswith(b"plain")


def test_of_many_duplicates_at_once_one_is_done_and_all_get_its_answer(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    def once(_: int) -> str:
        return str(
            dispatcher.run(add, people.engineer, input=NoteIn(name="a"), idempotency=Idempotency("same")).id
        )

    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(once, range(16)))
    assert len(ids) == 1
    assert len(_entries(store, people.workspace_id)) == 1


def test_changes_that_read_before_they_write_lose_nothing_when_many_run_at_once(
    dispatcher: Dispatcher, people: People
) -> None:
    note = dispatcher.run(add, people.engineer, input=NoteIn(name="a"))

    def bump(i: int) -> None:
        dispatcher.run(rename, people.engineer, {"prompt_id": note.id}, NoteIn(name=f"n{i}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(bump, range(40)))
    assert dispatcher.run(read, people.viewer, {"prompt_id": note.id}).versions == 40


def _all_at_once(
    dispatcher: Dispatcher, people: People, asked: list[tuple[Operation, Caller, str]]
) -> list[Any]:
    """What comes of changes that all wait for the same turn: results and errors, in their order."""

    async def run() -> list[Any]:
        with dispatcher.store.database.writing(people.workspace_id):
            calls = [
                asyncio.ensure_future(dispatcher.call_with_receipt(op, who, input=NoteIn(name=name)))
                for op, who, name in asked
            ]
            await asyncio.sleep(0)  # each has begun
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(run())


def test_changes_that_waited_share_a_commit_and_one_that_fails_leaves_nothing(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    commits: list[object] = []
    sa_event.listen(store.database.writer, "commit", commits.append)
    ends = _all_at_once(
        dispatcher,
        people,
        [
            (add, people.engineer, "a"),
            (break_off, people.engineer, "nothing"),
            (add, people.colleague, "b"),
            (denied_inside, people.engineer, "refused"),
            (expire, people.engineer, "stays"),
            (add, people.engineer, "c"),
        ],
    )
    assert [type(end).__name__ for end in ends] == [
        "Outcome", "Conflict", "Outcome", "Forbidden", "Unauthenticated", "Outcome",
    ]  # fmt: skip
    assert len(commits) <= 3  # the first may have gone by itself; the refusal's entry has its own
    assert dispatcher.run(everything, people.viewer) == ["a", "b", "c", "stays"]
    assert [each.seq for end in ends if isinstance(end, Outcome) for each in end.events] == [1, 2, 3]
    assert sorted(tag for tag, _, _ in _entries(store, people.workspace_id)) == [
        "access.denied", "prompt.create", "prompt.create", "prompt.create", "session.reuse_detected",
    ]  # fmt: skip


def test_one_that_the_database_refuses_spoils_no_other(dispatcher: Dispatcher, people: People) -> None:
    names = ["a", "b", "b", "c"]
    ends = _all_at_once(dispatcher, people, [(add, people.engineer, name) for name in names])
    assert [type(end).__name__ for end in ends] == ["Outcome", "Outcome", "Conflict", "Outcome"]
    assert dispatcher.run(everything, people.viewer) == ["a", "b", "c"]


def test_event_numbers_have_no_gaps_and_listeners_hear_them_in_order(
    dispatcher: Dispatcher, people: People
) -> None:
    heard: list[tuple[str, int]] = []
    stop = dispatcher.events.listen(lambda workspace, event: heard.append((workspace, event.seq)))
    callers = [people.engineer, people.stranger, people.colleague]

    def make(i: int) -> None:
        dispatcher.run(add, callers[i % 3], input=NoteIn(name=f"n{i}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(make, range(60)))
    stop()
    dispatcher.run(add, people.engineer, input=NoteIn(name="unheard"))
    mine = [seq for workspace, seq in heard if workspace == people.workspace_id]
    theirs = [seq for workspace, seq in heard if workspace == people.stranger.workspace_id]
    assert mine == list(range(1, 41))
    assert theirs == list(range(1, 21))


def test_a_listener_that_fails_does_not_fail_the_change(
    dispatcher: Dispatcher, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(workspace: str, event: object) -> None:
        raise RuntimeError("broken listener")

    dispatcher.events.listen(fail)
    assert dispatcher.run(add, people.engineer, input=NoteIn(name="a")).name == "a"
    assert "broken listener" in caplog.text


def test_the_event_loop_does_not_wait_for_the_database(dispatcher: Dispatcher, people: People) -> None:
    async def main() -> float:
        loop, gaps, running = asyncio.get_running_loop(), [0.0], True

        async def heartbeat() -> None:
            while running:
                at = loop.time()
                await asyncio.sleep(0.001)
                gaps.append(loop.time() - at)

        beating = asyncio.create_task(heartbeat())
        with dispatcher.store.database.writing(people.workspace_id):  # all writers stand in line behind this
            calls = [
                asyncio.create_task(dispatcher.call(add, people.engineer, input=NoteIn(name=f"n{i}")))
                for i in range(8)
            ]
            assert await dispatcher.call(everything, people.viewer) == []  # readers do not
            assert not any(call.done() for call in calls)
        await asyncio.gather(*calls)
        running = False
        await beating
        return max(gaps)

    assert asyncio.run(main()) < 0.5
    assert len(dispatcher.run(everything, people.viewer)) == 8


def test_a_subscriber_gets_the_events_of_its_workspace_only(dispatcher: Dispatcher, people: People) -> None:
    async def main() -> list[tuple[int, str]]:
        subscription = dispatcher.events.subscribe(people.workspace_id)
        await dispatcher.call(add, people.stranger, input=NoteIn(name="foreign"))
        notes = [await dispatcher.call(add, people.engineer, input=NoteIn(name=f"n{i}")) for i in range(3)]
        got = [await subscription.next() for _ in notes]
        subscription.close()
        assert [event async for event in subscription] == []
        assert [e.ids["prompt"] for e in got if e] == [note.id for note in notes]
        return [(e.seq, e.kind) for e in got if e]

    assert asyncio.run(main()) == [(i, "prompt.created") for i in (1, 2, 3)]


def test_a_reader_catches_up_from_a_number(dispatcher: Dispatcher, people: People) -> None:
    async def main() -> None:
        for i in range(5):
            await dispatcher.call(add, people.engineer, input=NoteIn(name=f"n{i}"))
        after = dispatcher.events_after
        assert [e.seq for e in await after(people.workspace_id, 2)] == [3, 4, 5]
        assert [e.seq for e in await after(people.workspace_id, 0, limit=2)] == [1, 2]
        assert await after(people.workspace_id, 5) == ()
        assert await after(people.stranger.workspace_id, 0) == ()
        (ahead,) = await after(people.workspace_id, 99)  # the store was restored from a backup
        assert (ahead.kind, ahead.seq) == ("resync", 5)

    asyncio.run(main())


def test_a_reader_who_missed_cleared_events_must_reload(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    for i in range(3):
        dispatcher.run(add, people.engineer, input=NoteIn(name=f"n{i}"))
    with store.database.writing(people.workspace_id) as conn:
        conn.execute(outbox.delete().where(outbox.c.seq <= 2))
        conn.commit()
    events = asyncio.run(dispatcher.events_after(people.workspace_id, 0))
    assert [(e.kind, e.seq) for e in events] == [("resync", 2), ("prompt.created", 3)]


def test_a_subscriber_that_does_not_read_gets_one_resync_in_place_of_a_flood(
    dispatcher: Dispatcher, people: People
) -> None:
    async def main() -> None:
        subscription = dispatcher.events.subscribe(people.workspace_id)
        for seq in range(1, 1_502):
            dispatcher.events.publish(people.workspace_id, [_event(seq)])
        await asyncio.sleep(0)  # lets the deliveries in
        first = await subscription.next()
        assert first is not None
        assert first.kind == "resync"
        later = [await subscription.next() for _ in range(1_501 - first.seq)]
        assert [e.seq for e in later if e] == list(range(first.seq + 1, 1_502))
        subscription.close()

    asyncio.run(main())


def _event(seq: int) -> object:
    from jupyter_prompthub.core.records import Event

    return Event(seq=seq, kind="prompt.updated", at="", ids={})


def test_the_server_itself_may_do_everything(dispatcher: Dispatcher, store: Store, people: People) -> None:
    note = dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    dispatcher.run(rename, system_caller(people.workspace_id), {"prompt_id": note.id}, NoteIn(name="b"))
    assert _entries(store, people.workspace_id)[-1][1] == "system"


def test_reads_go_on_beside_a_long_write(dispatcher: Dispatcher, people: People) -> None:
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    with dispatcher.store.database.writing(people.workspace_id):
        start = time.monotonic()
        for _ in range(200):
            assert dispatcher.run(everything, people.viewer) == ["a"]
        assert time.monotonic() - start < 10
