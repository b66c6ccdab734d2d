"""``POST execute`` over real HTTP: JSON, streams, hanging up, cancelling."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import versions
from jupyter_prompthub_server.store.clock import new_id, now
from jupyter_prompthub_server.store.tables import prompt
from sqlalchemy import insert

from jupyter_prompthub.core.records import NewVersion
from jupyter_prompthub.gateways.sse import EventReader, ServerEvent
from tests.server.execution.conftest import KEY, TEXT
from tests.support.fake_provider import FakeProvider, Fault
from tests.support.serving import API, Headless, Person, laptop


class Counter:
    """A laptop's server with one prompt, and somebody at it."""

    def __init__(self, running: Headless, provider: FakeProvider) -> None:
        self.running, self.provider = running, provider
        self.me = Person(running.url, "jupyter-token", client=running.client)
        answer = self.connect(base_url=provider.url)
        assert answer.status_code == 201, answer.text
        self.prompt_id = new_id()
        caller: Caller = running.do(running.runtime.local_identity.caller(None, workspace=None))
        at = now()
        with running.runtime.store.database.writing("") as conn:
            row = {
                "workspace_id": caller.workspace_id,
                "id": self.prompt_id,
                "name": "refund",
                "title": "Refund",
            }
            conn.execute(
                insert(prompt).values(**row, created_by=caller.actor_id, created_at=at, updated_at=at)
            )
            conn.commit()
        path, new = {"prompt_id": self.prompt_id}, NewVersion(text=TEXT)
        running.runtime.dispatcher.run(versions.save, caller, path, new)

    def connect(self, name: str = "work", **fields: Any) -> httpx.Response:
        usual = {"provider": "openai_compatible", "secret": KEY, "allow_private_address": True}
        return self.me.post("connections", {"name": name, **usual, **fields})

    def body(self, **fields: Any) -> dict[str, Any]:
        return {"prompt_id": self.prompt_id, "inputs": {"order": "A-17"}, **fields}

    def streaming(self, **fields: Any) -> Any:
        headers = {"Authorization": "Bearer jupyter-token", "Accept": "text/event-stream"}
        url = self.running.url + API + "execute"
        return self.running.client.stream("POST", url, json=self.body(**fields), headers=headers)

    def events(self, **fields: Any) -> list[tuple[str, Any]]:
        with self.streaming(**fields) as answer:
            assert answer.headers["Content-Type"] == "text/event-stream"
            return [(event.event, json.loads(event.data)) for event in read(answer)]

    def records(self) -> list[dict[str, Any]]:
        return list(self.me.get("executions").json()["items"])

    def state(self, execution_id: str) -> str:
        return str(self.me.get(f"executions/{execution_id}").json()["state"])


def read(answer: httpx.Response) -> Iterator[ServerEvent]:
    reader = EventReader()
    for portion in answer.iter_raw():
        yield from reader.feed(portion)


def eventually(what: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not (done := what()) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return done


@pytest.fixture
def counter(tmp_path: Path, provider: FakeProvider) -> Iterator[Counter]:
    with laptop(tmp_path / "home") as running:
        yield Counter(running, provider)


def test_a_plain_request_gets_the_promised_answer(counter: Counter) -> None:
    answer = counter.me.post("execute", counter.body())
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["result"]["completion"] == counter.provider.answer
    assert {"tokens_used", "latency_ms", "cost_usd", "provider", "model"} <= said["result"]["metadata"].keys()
    assert counter.state(said["execution_id"]) == "succeeded"


def test_a_stream_starts_brings_pieces_and_ends_with_the_result(counter: Counter) -> None:
    events = counter.events()
    names = [name for name, _ in events]
    assert names == ["start", *["delta"] * 7, "result"]
    assert "".join(data["text"] for name, data in events if name == "delta") == counter.provider.answer
    assert events[-1][1]["execution_id"] == events[0][1]["execution_id"]


def test_a_stream_that_breaks_ends_with_one_error_that_names_its_record(counter: Counter) -> None:
    counter.provider.plan(Fault.CUT)
    events = counter.events()
    assert [name for name, _ in events] == ["start", "delta", "delta", "error"]
    error = events[-1][1]["error"]
    assert error["code"] == "stream_cut"
    assert error["details"]["execution_id"] == events[0][1]["execution_id"]
    assert counter.state(events[0][1]["execution_id"]) == "incomplete"


@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_run_is_a_plain_answer_also_to_a_stream(counter: Counter, stream: bool) -> None:
    answer = counter.me.post("execute", counter.body(inputs={}, stream=stream))
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "contract"
    assert counter.records() == []


def test_hanging_up_on_a_stream_cancels_at_the_provider(counter: Counter) -> None:
    counter.provider.plan(Fault.STALL)
    with counter.streaming() as answer:
        events = read(answer)
        started = next(events)
        assert next(events).event == "delta"  # the provider is talking
    execution_id = json.loads(started.data)["execution_id"]
    assert eventually(lambda: counter.state(execution_id) == "cancelled")
    assert counter.provider.hung_up.wait(10)


def test_hanging_up_on_a_plain_request_cancels_too(counter: Counter) -> None:
    counter.provider.plan(Fault.HANG)
    with httpx.Client(trust_env=False, timeout=0.5) as impatient:
        headers = {"Authorization": "Bearer jupyter-token"}
        url = counter.running.url + API + "execute"
        with pytest.raises(httpx.ReadTimeout):
            impatient.post(url, json=counter.body(), headers=headers)
    assert eventually(lambda: [each["state"] for each in counter.records()] == ["cancelled"])


def test_another_request_can_cancel(counter: Counter) -> None:
    counter.provider.plan(Fault.STALL)
    with counter.streaming() as answer:
        events = read(answer)
        execution_id = json.loads(next(events).data)["execution_id"]
        cancelled = counter.me.post(f"executions/{execution_id}/cancel")
        assert cancelled.status_code == 200, cancelled.text
        assert cancelled.json()["state"] == "cancelled"
        last = list(events)[-1]
    assert (last.event, json.loads(last.data)["error"]["code"]) == ("error", "cancelled")


def test_a_repeated_key_gets_the_same_answer(counter: Counter) -> None:
    first, second = (
        counter.me.post("execute", counter.body(), headers={"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert first.json() == second.json()
    assert len(counter.provider.requests) == 1


def test_a_running_server_that_stops_ends_its_calls(counter: Counter) -> None:
    counter.provider.plan(Fault.STALL)
    with counter.streaming() as answer:
        events = read(answer)
        assert [next(events).event, next(events).event] == ["start", "delta"]
        pipeline = counter.running.runtime._parts["pipeline"]
        counter.running.do(pipeline.close())
        last = list(events)[-1]
    assert json.loads(last.data)["error"]["code"] == "server_stopped"
    assert counter.records()[0]["state"] == "incomplete"


def test_a_key_goes_in_and_never_comes_out(counter: Counter) -> None:
    counter.provider.plan(Fault.UNAUTHORIZED)
    counter.me.post("execute", counter.body())
    for path in ("connections", "models", "executions", "audit"):
        answer = counter.me.get(path)
        assert answer.status_code == 200
        assert KEY not in answer.text
    (work,) = [c for c in counter.me.get("connections").json()["items"] if c["name"] == "work"]
    assert work["secret_last4"] == KEY[-4:]
    home = counter.running.runtime.settings.home
    for file in home.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes(), file


def test_a_changed_address_needs_the_key_again(counter: Counter) -> None:
    refused = counter.me.ask("PATCH", "connections/work", {"base_url": "https://evil.example/v1"})
    assert refused.status_code == 400
    assert "key entered again" in refused.json()["error"]["message"]
    fresh = {"base_url": "https://api.example.com/v1", "secret": "sk-another-0123456789"}
    assert counter.me.ask("PATCH", "connections/work", fresh).json()["base_url"] == fresh["base_url"]
    assert counter.me.ask("PATCH", "connections/work", {"models": ["a"]}).json()["models"] == ["a"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"provider": "bedrock"}, "not known"),
        ({"name": "local"}, "built in"),
        ({"base_url": "http://10.0.0.1/v1", "allow_private_address": False}, "not encrypted"),
        ({"base_url": None}, "needs its base_url"),
        ({"base_url": "https://api.example.com", "secret": "two words"}, "without spaces"),
    ],
)
def test_a_connection_that_cannot_work_is_refused(
    counter: Counter, fields: dict[str, Any], words: str
) -> None:
    answer = counter.connect(**{"name": "other", "base_url": "https://api.example.com/v1", **fields})
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_connections_are_listed_changed_and_deleted(counter: Counter) -> None:
    assert counter.connect(provider="work", base_url=None).status_code == 409
    names = [each["name"] for each in counter.me.get("connections").json()["items"]]
    assert names == ["local", "work"]
    assert counter.me.ask("DELETE", "connections/work").status_code == 204
    assert counter.me.ask("DELETE", "connections/work").status_code == 404
    answer = counter.me.post("execute", counter.body())
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "model_unknown")


def test_a_model_that_is_not_ready_says_what_to_do(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROMPTHUB_MODELS_DIR", str(tmp_path / "no-models"))
    counter.me.ask("PATCH", "connections/work", {"models": ["gpt-4o-mini"]})
    items = counter.me.get("models").json()["items"]
    assert [(item["ref"], item["ready"]) for item in items] == [
        ("work/gpt-4o-mini", True),
        ("local/smollm2-135m-instruct", False),
    ]
    assert "prompthub model install" in items[1]["hint"]
    answer = counter.me.post("execute", counter.body(model="local/smollm2-135m-instruct"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "model_not_installed")
    assert counter.records()[0]["state"] == "failed"
