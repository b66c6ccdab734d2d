"""Which connection answers: by the request, the prompt, the environment, and who may use whose keys."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server.execution.choice import choose, list_models
from jupyter_prompthub_server.execution.pipeline import Pipeline
from jupyter_prompthub_server.execution.sources import (
    ResolvedConnection,
    builtin_connections,
    environment_connections,
    replay_settings,
)
from jupyter_prompthub_server.services import connections

from jupyter_prompthub.core.errors import InvalidInput, ModelUnknown
from jupyter_prompthub.core.records import Connection, ExecuteResponse
from tests.server.execution.conftest import Desk


def made(
    name: str, provider: str, *models: str, secret: str | None = "k", **fields: Any
) -> ResolvedConnection:
    return ResolvedConnection(Connection(name=name, provider=provider, models=models, **fields), secret)


MANY = (
    made("openai", "openai", source="environment"),
    made("team", "openai", "gpt-4o"),
    made("vllm", "openai_compatible", "llama-3", "org/mixtral", secret=None),
    made("claude", "anthropic", secret=None),
    *builtin_connections(None),
)


@pytest.mark.parametrize(
    ("asked", "connection", "model"),
    [
        ({"prompt_model": "openai/gpt-4o-mini"}, "openai", "gpt-4o-mini"),
        ({"prompt_model": "team/gpt-4o"}, "team", "gpt-4o"),
        ({"prompt_model": "vllm/llama-3"}, "vllm", "llama-3"),
        ({"prompt_model": "vllm/org/mixtral"}, "vllm", "org/mixtral"),
        ({"prompt_model": "org/mixtral"}, "vllm", "org/mixtral"),
        ({"prompt_model": "llama-3"}, "vllm", "llama-3"),
        ({"prompt_model": "openai/gpt-4o-mini", "model": "gpt-4.1"}, "openai", "gpt-4.1"),
        ({"prompt_model": "vllm/llama-3", "provider": "openai", "model": "gpt-4"}, "openai", "gpt-4"),
        ({"prompt_model": "vllm/llama-3", "connection": "team", "model": "gpt-4o"}, "team", "gpt-4o"),
        ({"prompt_model": "openai/gpt-4o", "connection": "team"}, "team", "gpt-4o"),
        ({"prompt_model": "local/smollm2-135m-instruct"}, "local", "smollm2-135m-instruct"),
        ({"prompt_model": None, "default": "vllm/llama-3"}, "vllm", "llama-3"),
    ],
)
def test_a_model_leads_to_its_connection(asked: dict[str, Any], connection: str, model: str) -> None:
    choice = choose(MANY, **asked)
    assert (choice.connection.record.name, choice.model) == (connection, model)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            {"prompt_model": "groq/llama"},
            "to groq has a key.*connection add groq.*Available now: ",
        ),
        ({"prompt_model": "claude/opus"}, "'claude' has no key.*connection add claude"),
        ({"prompt_model": "team/gpt-5"}, "'team' does not serve 'gpt-5'; it serves gpt-4o"),
        ({"prompt_model": "nobody"}, "no connection serves the model 'nobody'"),
        ({"prompt_model": "x/y", "connection": "absent"}, "no connection 'absent'; there are claude, local"),
    ],
)
def test_nobody_to_ask_is_told_with_what_there_is(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelUnknown, match=words):
        choose(MANY, **asked)


def test_models_that_are_ready_come_first_and_the_default_is_one_of_them() -> None:
    listed = list_models(MANY)
    ready = [item.ready for item in listed.items]
    assert ready == sorted(ready, reverse=True)
    assert listed.default == listed.items[0].ref
    hints = {item.connection: item.hint for item in listed.items if not item.ready}
    assert hints["claude"] == "enter its key: `prompthub connection add claude`"


def test_keys_of_the_environment_make_connections_and_the_prefix_wins() -> None:
    env = {
        "OPENAI_API_KEY": "sk-plain-000000001111",
        "PROMPTHUB_OPENAI_API_KEY": "sk-prefixed-0000002222",
        "AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com",
        "AZURE_OPENAI_API_KEY": "azure-key-00003333",
    }
    found = {one.record.name: one for one in environment_connections(env)}
    assert found.keys() == {"openai", "azure"}
    assert (found["openai"].secret, found["openai"].record.secret_last4) == ("sk-prefixed-0000002222", "2222")
    assert found["azure"].record.base_url == "https://x.openai.azure.com"
    assert "2222" not in repr(found["openai"].endpoint(1.0))


def test_the_operators_keys_serve_the_first_workspace_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-operator-0000001111")

    def names(caller: Any) -> list[str]:
        return [one.name for one in desk.dispatcher.run(connections.list, caller).items]

    first, second = desk.people.elsewhere, desk.people  # in the order they were made
    assert first is not None
    assert "openai" in names(first.viewer)
    assert "openai" not in names(second.viewer)
    monkeypatch.setenv("PROMPTHUB_OPEN_REGISTRATION", "0")
    assert "openai" in names(second.viewer)
    monkeypatch.setenv("PROMPTHUB_SHARE_ENVIRONMENT_KEYS", "no")
    assert "openai" not in names(second.viewer)


def test_connections_of_another_workspace_are_not_seen(desk: Desk) -> None:
    assert [one.name for one in desk.dispatcher.run(connections.list, desk.people.stranger).items] == [
        "local"
    ]


def test_a_replay_file_answers_for_models_that_nobody_serves(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMPTHUB_REPLAY_FILE", str(tmp_path / "calls.jsonl"))
    monkeypatch.setenv("PROMPTHUB_REPLAY_MODE", "record")
    recorded = desk.execute()
    monkeypatch.setenv("PROMPTHUB_REPLAY_MODE", "strict")

    async def twice(pipeline: Pipeline) -> list[Any]:
        who = desk.people.engineer
        known = await pipeline.execute(who, desk.request())
        unknown = pipeline.execute(who, desk.request(model="openai/gpt-4o"))
        return [known, *await asyncio.gather(unknown, return_exceptions=True)]

    known, unknown = desk.run(twice)
    assert isinstance(known, ExecuteResponse)
    assert known.result.completion == recorded.result.completion
    assert isinstance(unknown, ModelUnknown)
    assert "no recorded answer" in unknown.message
    assert len(desk.provider.requests) == 1


def test_an_unknown_replay_mode_is_told() -> None:
    with pytest.raises(InvalidInput, match="record, replay, strict"):
        replay_settings({"PROMPTHUB_REPLAY_FILE": "x", "PROMPTHUB_REPLAY_MODE": "mock"})
