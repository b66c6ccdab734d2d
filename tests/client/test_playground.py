from __future__ import annotations

import pytest

from jupyter_prompthub.client import Client
from jupyter_prompthub.widgets.playground import Playground, playground
from tests.support.fake_provider import FakeProvider, Fault

TEXT = """---
model: fake/parrot
input:
  schema:
    question: string, what to ask
    count?: integer
    formal?: boolean
    language(enum): [French, German]
    words?(array): string
  default: {language: German}
---
{{question}} {{count}} {{formal}} {{language}} {{#each words}}{{this}};{{/each}}
"""


@pytest.fixture
def play(hub: Client) -> Playground:
    hub.create("ask", text=TEXT)
    return playground("ask", client=hub)


def field(play: Playground, name: str) -> object:
    return next(child for child in play.children if getattr(child, "description", "") == name)


def test_every_variable_has_a_field_of_its_type(play: Playground) -> None:
    kinds = {
        name: type(field(play, name)).__name__
        for name in ("question", "count", "formal", "language", "words")
    }
    assert kinds == {
        "question": "Textarea",
        "count": "Text",
        "formal": "Checkbox",
        "language": "Dropdown",
        "words": "Textarea",
    }
    assert field(play, "language").value == "German"  # type: ignore[attr-defined]


def test_a_run_sends_the_fields_and_shows_the_answer(play: Playground, provider: FakeProvider) -> None:
    field(play, "question").value = "How?"  # type: ignore[attr-defined]
    field(play, "count").value = "3"  # type: ignore[attr-defined]
    field(play, "words").value = '["a", "b"]'  # type: ignore[attr-defined]
    play.run()
    play.join(30)
    assert play.answer is not None
    assert provider.answer in play.children[-1].value
    assert provider.requests[-1].body["messages"][-1]["content"].strip() == "How? 3 false German a;b;"


def test_a_field_that_is_not_json_is_named_and_nothing_is_sent(
    play: Playground, provider: FakeProvider
) -> None:
    field(play, "words").value = "[a"  # type: ignore[attr-defined]
    play.run()
    play.join(30)
    assert "words" in play.children[-1].value
    assert provider.requests == []


def test_a_missing_variable_is_shown_as_a_sentence(play: Playground, provider: FakeProvider) -> None:
    field(play, "count").value = "x"  # type: ignore[attr-defined]
    play.run()
    assert "count" in play.children[-1].value
    assert provider.requests == []


def test_cancel_ends_a_slow_run_and_the_buttons_come_back(play: Playground, provider: FakeProvider) -> None:
    provider.plan(Fault.SLOW)
    field(play, "question").value = "How?"  # type: ignore[attr-defined]
    play.run()
    assert provider.arrived.wait(30)
    play.cancel()
    play.join(30)
    assert play.answer is None
    assert "cancelled" in play.children[-1].value
    run, cancel = play.children[-2].children
    assert (run.disabled, cancel.disabled) == (False, True)
