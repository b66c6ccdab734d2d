from __future__ import annotations

import asyncio

import pytest
from jupyter_prompthub_server.execution.pipeline import Pipeline
from jupyter_prompthub_server.execution.run import Cancelled, Delta, Started
from jupyter_prompthub_server.services import executions
from jupyter_prompthub_server.store.tables import audit_entry, execution
from pydantic import ValidationError
from sqlalchemy import select, update

from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import (
    Conflict,
    ContractError,
    Forbidden,
    GatewayError,
    IdempotencyMismatch,
    InvalidInput,
    ModelUnknown,
    NotFound,
    ProviderRateLimited,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    StreamCut,
)
from jupyter_prompthub.core.records import ExecuteResponse, ExecutionQuery, ExecutionState
from tests.server.execution.conftest import KEY, TEXT, Desk, until_first_delta
from tests.support.fake_provider import Fault

TEXT_WITH_SNIPPET = "---\nmodel: work/gpt-4o-mini\n---\n{{> house-style}} Greet them."


def test_an_answer_is_given_and_recorded_with_all_that_is_known(desk: Desk) -> None:
    response = desk.execute()
    assert response.result.completion == desk.provider.answer
    told = response.result.metadata
    assert (told.provider, told.model, told.connection) == ("openai_compatible", "gpt-4o-mini", "work")
    assert (told.tokens_used, told.finish_reason) == (19, "stop")
    assert told.latency_ms >= (told.first_token_ms or 0) > 0
    (record,) = desk.records()
    assert record.id == response.execution_id
    assert record.state is ExecutionState.SUCCEEDED
    assert record.output == desk.provider.answer
    assert record.inputs == {"order": "A-17"}
    assert record.messages is not None
    assert [message.role for message in record.messages] == ["system", "user"]
    assert record.actor.id == desk.people.engineer.actor_id
    assert (record.usage.input_tokens, record.usage.output_tokens) == (12, 7)
    assert record.created_at <= (record.first_token_at or "") <= (record.ended_at or "")
    assert record.version_sha == told.version_sha is not None
    assert record.rendered_hash == told.rendered_hash


def test_the_model_gets_the_rendered_messages_and_the_prompts_parameters(desk: Desk) -> None:
    desk.execute(parameters={"temperature": 0.9})
    (seen,) = desk.provider.requests
    assert [m["role"] for m in seen.body["messages"]] == ["system", "user"]
    assert "Where is order A-17?" in seen.body["messages"][1]["content"]
    assert (seen.body["temperature"], seen.body["max_tokens"]) == (0.9, 60)
    assert seen.headers["Authorization"] == f"Bearer {KEY}"


def test_pieces_arrive_before_the_answer_is_whole(desk: Desk) -> None:
    async def main(pipeline: Pipeline) -> list[object]:
        return [event async for event in pipeline.stream(desk.people.engineer, desk.request())]

    events = desk.run(main)
    assert isinstance(events[0], Started)
    assert "".join(event.text for event in events if isinstance(event, Delta)) == desk.provider.answer
    assert isinstance(events[-1], ExecuteResponse)
    assert len(events) == 9


@pytest.mark.parametrize(
    ("fault", "kind", "state", "output"),
    [
        (Fault.UNAUTHORIZED, ProviderRefused, ExecutionState.FAILED, None),
        (Fault.REFUSED, ProviderRefused, ExecutionState.FAILED, None),
        (Fault.REDIRECT, ProviderRefused, ExecutionState.FAILED, None),
        (Fault.CUT, StreamCut, ExecutionState.INCOMPLETE, "The parcel"),
        (Fault.ENDS_EARLY, StreamCut, ExecutionState.INCOMPLETE, "The parcel"),
        (Fault.MALFORMED, StreamCut, ExecutionState.INCOMPLETE, "The parcel"),
        (Fault.HANG, ProviderTimeout, ExecutionState.FAILED, None),
        (Fault.STALL, GatewayError, ExecutionState.INCOMPLETE, "The parcel"),
    ],
)
def test_every_failure_ends_in_one_recorded_state(
    desk: Desk, fault: Fault, kind: type[GatewayError], state: ExecutionState, output: str | None
) -> None:
    desk.provider.plan(fault)
    with pytest.raises(kind) as caught:
        desk.execute(timeout_s=0.5)
    (record,) = desk.records()
    assert caught.value.details["execution_id"] == record.id
    assert (record.state, record.output) == (state, output)
    assert record.error_message == caught.value.message
    assert KEY not in caught.value.message
    assert record.ended_at is not None


def test_a_rate_limit_is_waited_out_and_tried_again(desk: Desk) -> None:
    desk.provider.plan(Fault.RATE_LIMIT, Fault.BROKEN)
    assert desk.execute().result.completion == desk.provider.answer
    assert len(desk.provider.requests) == 3
    assert len(desk.records()) == 1


def test_after_three_attempts_the_refusal_is_told(desk: Desk) -> None:
    desk.provider.plan(*[Fault.RATE_LIMIT] * 3)
    with pytest.raises(ProviderRateLimited):
        desk.execute()
    assert len(desk.provider.requests) == 3
    assert desk.records()[0].state is ExecutionState.FAILED


def test_a_long_retry_after_is_not_waited_for(desk: Desk) -> None:
    desk.provider.retry_after = "3600"
    desk.provider.plan(Fault.RATE_LIMIT)
    with pytest.raises(ProviderRateLimited, match="in 3600 s"):
        desk.execute()
    assert len(desk.provider.requests) == 1


def test_an_answer_that_has_begun_is_never_asked_for_again(desk: Desk) -> None:
    desk.provider.plan(Fault.CUT)
    with pytest.raises(StreamCut):
        desk.execute()
    assert len(desk.provider.requests) == 1


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"inputs": {}}, ContractError, "order"),
        ({"inputs": {"order": 17}}, ContractError, "order"),
        ({"parameters": {"api_base": "http://evil.example"}}, InvalidInput, "belong to a connection"),
        ({"parameters": {"extra_headers": {"x": "y"}}}, InvalidInput, "belong to a connection"),
        ({"model": "nobody/nothing"}, ModelUnknown, "work/gpt-4o-mini"),
        ({"model": "openai/gpt-4o"}, ModelUnknown, "prompthub connection add openai"),
        ({"connection": "absent"}, ModelUnknown, "there are .*work"),
        ({"version": "no-such"}, NotFound, "no version 'no-such'"),
        ({"environment": "production"}, NotFound, "promote"),
        ({"environment": "nowhere"}, NotFound, "development, staging, production"),
    ],
)
def test_what_cannot_be_run_is_refused_before_any_call_and_leaves_no_record(
    desk: Desk, fields: dict[str, object], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        desk.execute(**fields)
    assert not desk.provider.requests
    assert not desk.records()


def test_a_viewer_may_not_run(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.execute(desk.people.viewer)
    assert not desk.provider.requests


def test_a_prompt_of_another_workspace_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.execute(desk.people.stranger)


def test_an_execution_of_another_workspace_is_not_there(desk: Desk) -> None:
    desk.execute()
    (record,) = desk.records()
    with pytest.raises(NotFound):
        desk.record(record.id, desk.people.stranger)
    assert desk.records(desk.people.stranger) == []


def test_an_unsaved_text_is_run_as_it_is(desk: Desk) -> None:
    desk.execute(text="---\nmodel: work/gpt-4o-mini\n---\nSay {{order}} twice.")
    assert desk.provider.requests[0].body["messages"][0]["content"] == "Say A-17 twice."
    assert desk.records()[0].version_sha is None


def test_snippets_are_run_at_the_locked_version(desk: Desk) -> None:
    style = desk.add_prompt("house-style", "Be brief.")
    including = desk.add_prompt(
        "greeting", "---\nmodel: work/gpt-4o-mini\n---\n{{> house-style}} Greet them."
    )
    desk.save(style, "Be long.")
    desk.execute(prompt_id=including, inputs={})
    text = desk.provider.requests[0].body["messages"][0]["content"]
    assert text == "Be brief. Greet them."
    desk.execute(prompt_id=including, inputs={}, text="---\nmodel: work/gpt-4o-mini\n---\n{{> house-style}}")
    assert desk.provider.requests[1].body["messages"][0]["content"] == "Be long."


def test_cancelling_from_elsewhere_ends_the_call_and_keeps_what_came(desk: Desk) -> None:
    desk.provider.plan(Fault.STALL)

    async def main(pipeline: Pipeline) -> None:
        stream, execution_id = await until_first_delta(pipeline, desk.people.engineer, desk.request())
        async with stream as events:
            ended = await pipeline.cancel(desk.people.colleague, execution_id)
            assert ended.state is ExecutionState.CANCELLED
            with pytest.raises(Cancelled):
                async for _ in events:
                    pass
        again = await pipeline.cancel(desk.people.colleague, execution_id)
        assert again.state is ExecutionState.CANCELLED

    desk.run(main)
    assert (desk.records()[0].output or "").startswith("The")
    assert desk.provider.hung_up.wait(10)


def test_hanging_up_cancels_and_the_record_is_made(desk: Desk) -> None:
    desk.provider.plan(Fault.STALL)

    async def main(pipeline: Pipeline) -> None:
        stream, _ = await until_first_delta(pipeline, desk.people.engineer, desk.request())
        async with stream:
            pass

    desk.run(main)
    assert desk.records()[0].state is ExecutionState.CANCELLED


def test_a_caller_that_is_cancelled_while_waiting_leaves_a_finished_record(desk: Desk) -> None:
    desk.provider.plan(Fault.HANG)

    async def main(pipeline: Pipeline) -> None:
        task = asyncio.create_task(pipeline.execute(desk.people.engineer, desk.request()))
        await asyncio.to_thread(desk.provider.arrived.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    desk.run(main)
    assert desk.records()[0].state is ExecutionState.CANCELLED


def test_a_shutdown_ends_running_calls_as_stopped(desk: Desk) -> None:
    desk.provider.plan(Fault.STALL)

    async def main(pipeline: Pipeline) -> None:
        stream, _ = await until_first_delta(pipeline, desk.people.engineer, desk.request())
        async with stream as events:
            await pipeline.close()
            with pytest.raises(GatewayError, match="server stopped"):
                async for _ in events:
                    pass

    desk.run(main)
    (record,) = desk.records()
    assert (record.state, record.error_code) == (ExecutionState.INCOMPLETE, "server_stopped")


def test_what_a_dead_process_left_pending_is_ended_when_the_next_one_starts(desk: Desk) -> None:
    desk.execute()
    with desk.store.database.writing("") as conn:
        conn.exec_driver_sql("UPDATE execution SET state = 'pending', ended_at = NULL")
        conn.commit()
    desk.run(lambda pipeline: pipeline.recover())
    (record,) = desk.records()
    assert (record.state, record.error_code) == (ExecutionState.INCOMPLETE, "server_stopped")


def test_payloads_are_erased_when_they_had_their_time_and_the_record_stays(desk: Desk) -> None:
    desk.execute()
    with desk.store.database.writing("") as conn:
        conn.exec_driver_sql("UPDATE execution_payload SET expires_at = 1")
        conn.commit()
    desk.store.tidy()
    (record,) = desk.records()
    assert (record.inputs, record.messages, record.output) == (None, None, None)
    assert record.state is ExecutionState.SUCCEEDED


def test_a_repeated_key_gets_the_stored_answer_and_asks_nobody(desk: Desk) -> None:
    first = desk.execute(key="k1")
    assert desk.execute(key="k1") == first
    assert len(desk.provider.requests) == 1
    assert desk.execute(desk.people.colleague, key="k1").execution_id != first.execution_id


def test_a_repeated_key_gets_the_stored_error_too(desk: Desk) -> None:
    desk.provider.plan(Fault.REFUSED)
    with pytest.raises(ProviderRefused) as first:
        desk.execute(key="k1")
    with pytest.raises(ProviderRefused) as second:
        desk.execute(key="k1")
    assert second.value.message == first.value.message
    assert len(desk.provider.requests) == 1


def test_a_key_with_another_request_is_refused(desk: Desk) -> None:
    desk.execute(key="k1")
    with pytest.raises(IdempotencyMismatch):
        desk.execute(key="k1", inputs={"order": "B-2"})


def test_a_key_in_flight_names_the_running_execution(desk: Desk) -> None:
    desk.provider.plan(Fault.HANG)

    async def main(pipeline: Pipeline) -> str:
        first = asyncio.create_task(
            pipeline.execute(desk.people.engineer, desk.request(), idempotency_key="k1")
        )
        await asyncio.to_thread(desk.provider.arrived.wait, 10)
        with pytest.raises(Conflict) as caught:
            await pipeline.execute(desk.people.engineer, desk.request(), idempotency_key="k1")
        first.cancel()
        return str(caught.value.details["execution_id"])

    named = desk.run(main)
    assert [record.id for record in desk.records()] == [named]


def test_a_connections_own_price_makes_the_cost(desk: Desk) -> None:
    desk.connect("priced", input_nano_usd_per_token=150, output_nano_usd_per_token=600)
    response = desk.execute(connection="priced", model="gpt-4o-mini")
    assert desk.records()[0].cost_nano_usd == 12 * 150 + 7 * 600
    assert response.result.metadata.cost_usd == pytest.approx(6e-6)


def test_an_unknown_price_gives_no_cost(desk: Desk) -> None:
    assert desk.execute().result.metadata.cost_usd is None
    assert desk.records()[0].cost_nano_usd is None


def test_litellm_is_used_for_its_providers_with_its_price(desk: Desk) -> None:
    desk.connect("openai", "openai", models=())
    response = desk.execute(model="openai/gpt-4o-mini")
    assert response.result.completion == desk.provider.answer
    assert response.result.metadata.provider == "openai"
    assert desk.records()[0].cost_nano_usd == 6000


def test_a_private_address_is_refused_unless_an_admin_allowed_it(desk: Desk) -> None:
    desk.connect("outside", base_url="https://localhost:9/v1", allow_private_address=False)
    with pytest.raises(ProviderRefused, match="not allowed"):
        desk.execute(connection="outside", model="gpt-4o-mini")
    assert desk.records()[0].state is ExecutionState.FAILED


def test_beginning_and_ending_are_told_and_logged(desk: Desk) -> None:
    desk.execute()
    events = asyncio.run(desk.dispatcher.events_after(desk.people.workspace_id, 0))
    assert [e.ids["execution"] for e in events if e.kind == "execution.finished"] == [desk.records()[0].id]


def test_a_second_ending_is_refused(desk: Desk) -> None:
    desk.execute()
    (record,) = desk.records()
    from jupyter_prompthub_server.execution.ledger import ExecutionFinish
    from jupyter_prompthub_server.store.clock import now

    end = ExecutionFinish(state=ExecutionState.FAILED, ended_at=now())
    with pytest.raises(Conflict):
        desk.dispatcher.run(executions.finish, desk.people.engineer, {"execution_id": record.id}, end)
    assert desk.records()[0].state is ExecutionState.SUCCEEDED


def test_a_hundred_calls_at_once_each_have_one_final_state(desk: Desk) -> None:
    desk.provider.plan(*[Fault.NONE, Fault.CUT, Fault.REFUSED, Fault.NONE] * 25)

    async def main(pipeline: Pipeline) -> list[object]:
        calls = [pipeline.execute(desk.people.engineer, desk.request()) for _ in range(100)]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    answers = desk.run(main)
    assert sum(isinstance(answer, ExecuteResponse) for answer in answers) == 50
    states = sorted(record.state for record in desk.records())
    assert states == ["failed"] * 25 + ["incomplete"] * 25 + ["succeeded"] * 50


def test_a_provider_that_is_down_is_unavailable_after_its_retries(desk: Desk) -> None:
    desk.provider.plan(*[Fault.BROKEN] * 3)
    with pytest.raises(ProviderUnavailable):
        desk.execute()
    assert len(desk.provider.requests) == 3


def test_a_text_that_is_no_prompt_runs_and_is_recorded_with_its_hash(desk: Desk) -> None:
    done = desk.execute_file("texts/hello.prompt")
    assert done.result.completion == desk.provider.answer
    (record,) = desk.records()
    assert (record.prompt_id, record.version_sha, record.text_hash) == (None, None, text_hash(TEXT))
    assert record.state is ExecutionState.SUCCEEDED
    assert (record.inputs, record.output) == ({"order": "A-17"}, desk.provider.answer)
    assert (record.caller.kind, record.caller.notebook) == ("editor", "texts/hello.prompt")


def test_an_unsaved_draft_is_recorded_with_its_hash_and_a_version_without(desk: Desk) -> None:
    desk.execute(text=TEXT + "Thanks.\n")
    desk.execute()
    draft, saved = desk.records()
    assert (draft.prompt_id, draft.text_hash) == (desk.prompt_id, text_hash(TEXT + "Thanks.\n"))
    assert (saved.text_hash, saved.version_sha is None) == (None, False)


def test_a_text_that_is_no_prompt_takes_snippets_of_the_library(desk: Desk) -> None:
    desk.add_prompt("house-style", "Be kind.\n")
    desk.execute(prompt_id=None, text=TEXT_WITH_SNIPPET, inputs={})
    assert "Be kind." in desk.provider.requests[-1].body["messages"][0]["content"]


def test_a_text_is_run_by_those_who_may_run_prompts_and_logged_by_its_hash(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.execute(desk.people.viewer, prompt_id=None, text=TEXT)
    assert desk.records() == []
    done = desk.execute(prompt_id=None, text=TEXT)
    with desk.store.database.reading() as conn:
        rows = conn.execute(select(audit_entry).order_by(audit_entry.c.created_at, audit_entry.c.id)).all()
    logged = [row.target for row in rows if row.target.get("execution_id") == done.execution_id]
    assert [each.get("text_hash") for each in logged] == [text_hash(TEXT)] * 2
    assert all("prompt_id" not in each for each in logged)


def test_ones_own_runs_of_a_file_are_found_by_it_and_nobody_elses(desk: Desk) -> None:
    mine = desk.execute_file("a.prompt")
    desk.execute_file("a.prompt", desk.people.colleague)
    desk.execute_file("b.prompt")
    query = ExecutionQuery(notebook="a.prompt")
    page = desk.dispatcher.run(executions.list, desk.people.engineer, {}, query)
    assert [each.id for each in page.items] == [mine.execution_id]
    assert desk.dispatcher.run(executions.list, desk.people.admin, {}, query).items == ()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompt_id": None}, "the text to run"),
        ({"prompt_id": None, "text": TEXT, "version": "main"}, "has no versions"),
    ],
)
def test_a_request_that_names_nothing_or_too_much_is_refused(
    desk: Desk, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        desk.request(**fields)


def test_a_text_that_a_server_left_behind_is_ended_without_a_prompt(desk: Desk) -> None:
    done = desk.execute(prompt_id=None, text=TEXT)
    with desk.store.database.writing("") as conn:
        conn.execute(update(execution).values(state="pending", ended_at=None))
        conn.commit()
    desk.run(lambda pipeline: pipeline.recover())
    assert desk.record(done.execution_id).state is ExecutionState.INCOMPLETE
