"""The front door: compile once, render often."""

from __future__ import annotations

import pytest

from jupyter_prompthub.core.canonical import rendered_hash
from jupyter_prompthub.core.errors import ContractError, LimitExceeded, PromptSyntaxError, SnippetError
from jupyter_prompthub.core.prompt import compile
from jupyter_prompthub.core.records import Message, TextPart
from jupyter_prompthub.core.render import Limits

REFUND = """---
model: openai/gpt-4o-mini
input:
  schema: {user_message: string, order?: string}
snippets: {house-style: "@production"}
---
{{role "system"}}
You are a support assistant. {{> house-style}}
{{role "user"}}
{{user_message}}{{#if order}} (order {{order}}){{/if}}"""


def texts(messages: tuple[Message, ...]) -> list[tuple[str, str]]:
    return [
        (message.role, "".join(part.text for part in message.content if isinstance(part, TextPart)))
        for message in messages
    ]


def test_a_prompt_renders_with_its_snippets() -> None:
    compiled = compile(REFUND, snippets={"house-style": "---\ntitle: Style\n---\nBe {{tone}}."})
    assert [one.name for one in compiled.variables] == ["user_message", "order", "tone"]
    assert compiled.content.snippets == {"house-style": "production"}
    rendered = compiled.render({"user_message": "Hi", "order": "7", "tone": "kind"})
    assert texts(rendered.messages) == [
        ("system", "\nYou are a support assistant. Be kind.\n"),
        ("user", "\nHi (order 7)"),
    ]
    assert rendered.warnings == ()
    assert rendered.rendered_hash == rendered_hash(rendered.messages)


def test_a_wrong_input_is_refused_before_anything_is_rendered() -> None:
    compiled = compile("{{#each l}}{{a}}{{/each}}{{n}}")
    with pytest.raises(ContractError, match="n: expected string, got nothing"):
        compiled.render({"l": list(range(20_000))})
    with pytest.raises(LimitExceeded):
        compiled.render({"l": list(range(20_000)), "n": "x"})


def test_an_unused_input_is_a_warning_in_the_result() -> None:
    rendered = compile("Hello {{who}}").render({"who": "you", "user_name": "x"})
    assert [warning.code for warning in rendered.warnings] == ["input_unused"]


def test_a_prompt_that_uses_its_whole_input_leaves_none_unused() -> None:
    assert compile("{{json this}}").render({"anything": 1}).warnings == ()
    assert compile("{{> s}}", snippets={"s": "{{json this}}"}).render({"anything": 1}).warnings == ()


def test_the_users_turn_counts_as_used() -> None:
    compiled = compile("You are kind to {{who}}.")
    rendered = compiled.render({"who": "all", "user_message": "Hi", "context": "Facts"})
    assert texts(rendered.messages) == [("system", "You are kind to all."), ("user", "Facts\n\nHi")]
    assert rendered.warnings == ()
    unused = compiled.render({"who": "all", "context": "Facts"})
    assert texts(unused.messages) == [("user", "You are kind to all.")]
    assert len(unused.warnings) == 1


def test_history_and_at_variables_reach_the_template() -> None:
    compiled = compile('{{role "user"}}{{@state.n}}')
    history = [Message(role="model", content=(TextPart(text="before"),))]
    rendered = compiled.render(history=history, variables={"state": {"n": 3}})
    assert texts(rendered.messages) == [("model", "before"), ("user", "3")]


def test_limits_can_be_narrower() -> None:
    with pytest.raises(LimitExceeded):
        compile("{{a}}").render({"a": "x" * 20}, limits=Limits(output=10))


def test_a_text_that_does_not_parse_is_refused_with_the_place_in_the_whole_text() -> None:
    with pytest.raises(PromptSyntaxError, match="line 4, column 7") as caught:
        compile("---\nmodel: x\n---\nHello {{#if a}}")
    assert caught.value.details["problems"][0]["start"] == 23


SYSTEM = '{{role "system"}}S'
CHAIN = {f"s{i}": f"{{{{> s{i + 1}}}}}" for i in range(20)}


@pytest.mark.parametrize(
    ("text", "snippets", "said", "path"),
    [
        ("{{> a}}", {}, "there is no snippet 'a'", ["a"]),
        ("{{> a}}", {"a": "{{> b}}"}, "there is no snippet 'b'", ["a", "b"]),
        ("{{> a}}", {"a": "{{> b}}", "b": "{{> a}}"}, "a > b > a", ["a", "b", "a"]),
        ("{{> s0}}", CHAIN, "16 deep", [f"s{i}" for i in range(17)]),
        ("{{> a}}", {"a": "{{#if}}"}, "'a' cannot be parsed", ["a"]),
        ("{{#if x}}{{> a}}{{/if}}", {"a": SYSTEM}, "outside of all blocks", ["a"]),
        ("{{#if x}}{{> a}}{{/if}}", {"a": "{{> b}}", "b": SYSTEM}, "outside of all blocks", ["a", "b"]),
        ("{{> b}}{{> a}}", {"a": "{{#if x}}{{> b}}{{/if}}", "b": SYSTEM}, "outside of all", ["a", "b"]),
    ],
)
def test_a_snippet_that_does_not_fit_is_named_with_its_chain(
    text: str, snippets: dict[str, str], said: str, path: list[str]
) -> None:
    with pytest.raises(SnippetError) as caught:
        compile(text, snippets=snippets)
    assert said in caught.value.message
    assert caught.value.details["path"] == path


def test_snippets_that_include_each_other_many_times_compile_soon() -> None:
    snippets = {f"s{i}": f"{{{{> s{i + 1}}}}}" * 50 for i in range(12)} | {"s12": "end"}
    assert len(compile("{{> s0}}", snippets=snippets).templates) == 13
