"""A store drops what has had its time, and keeps the rest."""

from __future__ import annotations

from datetime import timedelta

from jupyter_prompthub_server.dispatch import Dispatcher, Idempotency
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import (
    audit_entry,
    execution,
    execution_payload,
    idempotency,
    outbox,
    revoked_jti,
)
from sqlalchemy import insert, select

from tests.support.operations import NoteIn, add, everything
from tests.support.people import People


def _age(store: Store, by: timedelta) -> None:
    """Make all answers and events older."""
    with store.database.writing("") as conn:
        for table in (idempotency, outbox):
            conn.execute(table.update().values(created_at=now() - by))
        conn.commit()


def _left(store: Store) -> tuple[int, int]:
    with store.database.reading() as conn:
        return len(conn.execute(select(idempotency)).all()), len(conn.execute(select(outbox)).all())


def test_answers_are_kept_for_a_day_and_events_for_a_week(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    key = Idempotency("k")
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"), idempotency=key)
    left = []
    for by in (timedelta(hours=23), timedelta(hours=25), timedelta(days=8)):
        _age(store, by)
        store.tidy()
        left.append(_left(store))
    assert left == [(1, 1), (0, 1), (0, 0)]
    assert dispatcher.run(everything, people.viewer) == ["a"]
    with store.database.reading() as conn:
        assert len(conn.execute(select(audit_entry)).all()) == 1
    later = dispatcher.run_with_receipt(add, people.engineer, input=NoteIn(name="b"), idempotency=key)
    assert [event.seq for event in later.events] == [2]  # numbers go on


def test_a_revocation_is_kept_until_its_token_has_expired(store: Store) -> None:
    at = now()
    with store.database.writing("") as conn:
        for jti, expires in (("old", at - timedelta(seconds=1)), ("live", at + timedelta(hours=1))):
            conn.execute(insert(revoked_jti).values(jti=jti, revoked_at=at, expires_at=expires))
        conn.commit()
    store.tidy()
    with store.database.reading() as conn:
        assert conn.execute(select(revoked_jti.c.jti)).scalars().all() == ["live"]


def test_what_executions_were_given_and_answered_is_erased_in_its_time_and_their_records_stay(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    at, note = now(), dispatcher.run(add, people.engineer, input=NoteIn(name="a"))
    with store.database.writing(people.workspace_id) as conn:
        codec = store.sealer.codec(conn, people.workspace_id)
        for name, ends in (
            ("old", at - timedelta(seconds=1)),
            ("kept", at + timedelta(days=1)),
            ("ever", None),
        ):
            conn.execute(
                insert(execution).values(
                    workspace_id=people.workspace_id,
                    id=name,
                    actor_id=people.engineer.actor_id,
                    prompt_id=note.id,
                    via="test",
                    caller_kind="api",
                    model_asked="m",
                    state="succeeded",
                    created_at=at,
                    ended_at=at,
                )
            )
            conn.execute(
                insert(execution_payload).values(
                    workspace_id=people.workspace_id,
                    execution_id=name,
                    output=codec.seal(execution_payload.c.output, name, "said"),
                    expires_at=ends,
                )
            )
        conn.commit()
    store.tidy()
    with store.database.reading() as conn:
        kept = select(execution_payload.c.execution_id).where(execution_payload.c.output.is_not(None))
        left = conn.execute(kept).scalars().all()
        records = conn.execute(select(execution.c.id)).scalars().all()
    assert sorted(left) == ["ever", "kept"]
    assert sorted(records) == ["ever", "kept", "old"]


def test_a_server_that_runs_for_long_tidies_up_by_itself(
    dispatcher: Dispatcher, store: Store, people: People
) -> None:
    dispatcher.run(add, people.engineer, input=NoteIn(name="a"), idempotency=Idempotency("k"))
    _age(store, timedelta(days=8))
    dispatcher._tidied -= 3_601  # an hour and a second ago
    dispatcher.run(add, people.engineer, input=NoteIn(name="b"))
    store.database.write_threads.shutdown(wait=True)
    assert _left(store) == (0, 1)
