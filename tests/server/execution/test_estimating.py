"""What a run would send and cost, before it is sent; and answers compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_prompthub.gateways.prices import price_of
from tests.server.execution.conftest import KEY
from tests.server.execution.test_http import Counter
from tests.support.fake_provider import FakeProvider
from tests.support.serving import laptop


@pytest.fixture
def counter(tmp_path: Path, provider: FakeProvider) -> Iterator[Counter]:
    with laptop(tmp_path / "home") as running:
        yield Counter(running, provider)


def estimates(counter: Counter, *runs: dict[str, Any]) -> list[dict[str, Any]]:
    answer = counter.me.post("estimate", {"runs": [counter.body(**run) for run in runs]})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_tokens_are_told_by_message_and_nothing_is_called_or_recorded(counter: Counter) -> None:
    [said] = estimates(counter, {})
    assert len(said["message_tokens"]) == 2
    assert said["input_tokens"] > sum(said["message_tokens"]) > 8
    assert said["exact"] is False
    assert (said["connection"], said["model"], said["max_output_tokens"]) == ("work", "gpt-4o-mini", 60)
    assert counter.provider.requests == []
    assert counter.records() == []


def test_a_longer_input_is_more_tokens_in_its_own_message_only(counter: Counter) -> None:
    short, long = estimates(counter, {}, {"inputs": {"order": "A-17 " * 50}})
    assert short["message_tokens"][0] == long["message_tokens"][0]
    assert long["message_tokens"][1] > short["message_tokens"][1] + 100


def test_a_price_that_nobody_knows_gives_no_cost(counter: Counter) -> None:
    [said] = estimates(counter, {})
    assert said["input_cost_nano_usd"] is said["max_output_cost_nano_usd"] is said["price_source"] is None


def test_a_connections_own_price_goes_first(counter: Counter) -> None:
    counter.connect(
        "priced",
        base_url=counter.provider.url,
        models=["m"],
        input_nano_usd_per_token=150,
        output_nano_usd_per_token=600,
    )
    [said] = estimates(counter, {"model": "priced/m"})
    assert said["price_source"] == "connection"
    assert said["input_cost_nano_usd"] == 150 * said["input_tokens"]
    assert said["max_output_cost_nano_usd"] == 600 * 60


def test_a_providers_price_is_the_one_that_an_execution_is_charged_at(counter: Counter) -> None:
    counter.connect(
        "openai", provider="openai", base_url=counter.provider.url, models=["gpt-4o-mini"], secret=KEY
    )
    [said] = estimates(counter, {"model": "openai/gpt-4o-mini"})
    price = price_of("openai", "gpt-4o-mini")
    assert price is not None
    assert said["price_source"] == "litellm"
    assert said["input_cost_nano_usd"] == price.cost(said["input_tokens"], 0)
    done = counter.me.post("execute", counter.body(model="openai/gpt-4o-mini")).json()
    usage = done["result"]["metadata"]["usage"]
    charged = price.cost(usage["input_tokens"], usage["output_tokens"], usage["cached_tokens"] or 0)
    assert round(done["result"]["metadata"]["cost_usd"] * 1e9) == charged


def test_the_local_model_is_free_and_bounded(counter: Counter) -> None:
    text = "Say hello."
    [said] = estimates(counter, {"text": text, "model": "local/smollm2-135m-instruct"})
    assert (said["input_cost_nano_usd"], said["max_output_tokens"], said["price_source"]) == (0, 512, "local")


def test_each_run_that_would_be_refused_says_why_and_the_others_are_told(counter: Counter) -> None:
    missing, gone, nobody, fine = estimates(
        counter, {"inputs": {}}, {"version": "deadbeef"}, {"model": "gone/m"}, {}
    )
    assert missing["refusal"]["code"] == "contract"
    assert "order" in missing["refusal"]["message"]
    assert gone["refusal"]["code"] == "not_found"
    assert nobody["refusal"]["code"] == "model_unknown"
    assert "work/gpt-4o-mini" in nobody["refusal"]["message"] or "gone" in nobody["refusal"]["message"]
    assert fine["refusal"] is None


def test_more_than_twelve_runs_at_once_are_refused(counter: Counter) -> None:
    answer = counter.me.post("estimate", {"runs": [counter.body()] * 13})
    assert answer.status_code == 400


def test_the_words_by_which_answers_differ_are_marked(counter: Counter) -> None:
    base = "The parcel left on Tuesday."
    answer = counter.me.post("compare-texts", {"base": base, "others": ["The parcel left on Friday.", base]})
    assert answer.status_code == 200, answer.text
    first, same = answer.json()["items"]
    assert [(s["op"], s["text"]) for s in first["spans"]] == [
        ("equal", "The parcel left on "),
        ("delete", "Tuesday"),
        ("insert", "Friday"),
        ("equal", "."),
    ]
    assert first["similarity"] < 1 == same["similarity"]


def test_texts_that_are_too_long_or_too_many_to_compare_are_refused(counter: Counter) -> None:
    for body in ({"base": "x" * 200_001, "others": ["y"]}, {"base": "x", "others": ["y"] * 9}):
        assert counter.me.post("compare-texts", body).status_code == 400


def test_a_text_that_is_no_prompt_is_estimated(counter: Counter) -> None:
    plain, empty = estimates(
        counter,
        {"prompt_id": None, "text": "Say hello.", "model": "local/smollm2-135m-instruct", "inputs": {}},
        {
            "prompt_id": None,
            "text": "Say hello to {{name}}.",
            "model": "local/smollm2-135m-instruct",
            "inputs": {},
        },
    )
    assert plain["input_cost_nano_usd"] == 0
    assert "name" in empty["refusal"]["message"]
