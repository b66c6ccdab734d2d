"""Prompts in the formats of others, there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jupyter_prompthub.core.interchange import Wanted, detect, read, write
from jupyter_prompthub.core.interchange.base import Parts, Turn
from jupyter_prompthub.core.interchange.pieces import joined, simple
from jupyter_prompthub.core.prompt import compile
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import FileFormat, FileRead, NewSample

F = FileFormat
FOREIGN = [F.PROMPTY, F.PROMPTFOO, F.LANGFUSE, F.OPENAI]

REFUND = """---
model: openai/gpt-4o-mini
config:
  temperature: 0.5
input:
  schema:
    order: string, the order number
    amount?: number
output:
  format: json
---
{{role "system"}}
Be kind.
{{role "user"}}
Where is {{order}}?
"""


def said(text: str, **inputs: Any) -> list[tuple[str, str]]:
    """Roles and texts of the rendered messages, without blanks around them."""
    rendered = compile(text).render(inputs)
    return [
        (one.role, "".join(part.text for part in one.content if part.type == "text").strip())
        for one in rendered.messages
    ]


def there(format: FileFormat, text: str, **more: Any) -> tuple[str, list[str]]:
    made = write(Wanted(name="support/refund", text=text, **more), format)
    return made.text, [loss.place for loss in made.losses]


def back(format: FileFormat, text: str, path: str = "x") -> str:
    found = read(path, text, format)
    assert not found.refused, found.refused
    return found.items[0].versions[-1].text


def lost(found: FileRead) -> dict[str, str]:
    return {loss.place: loss.message for loss in found.losses}


# ------------------------------------------------------------------ there and back


def test_prompty_keeps_the_whole_contract() -> None:
    text, losses = there(F.PROMPTY, REFUND)
    assert losses == []
    assert parse(back(F.PROMPTY, text)).content == parse(REFUND).content


@pytest.mark.parametrize("format", FOREIGN)
def test_messages_model_and_settings_come_back_from_every_format(format: FileFormat) -> None:
    text, _ = there(format, REFUND)
    again = back(format, text)
    content = parse(again).content
    assert (content.model, content.parameters) == ("openai/gpt-4o-mini", {"temperature": 0.5})
    assert (
        said(again, order="A-17")
        == said(REFUND, order="A-17")
        == [("system", "Be kind."), ("user", "Where is A-17?")]
    )


@pytest.mark.parametrize("format", FOREIGN)
def test_writing_what_was_read_gives_the_same_file(format: FileFormat) -> None:
    once, _ = there(format, REFUND)
    item = read("refund", once, format).items[0]
    more = {"title": item.title, "tags": item.tags, "commit_message": ""}
    assert there(format, item.versions[0].text, **more)[0] == there(format, back(format, once), **more)[0]


@pytest.mark.parametrize("format", [F.PROMPTY, F.PROMPTFOO])
def test_blocks_become_jinja_and_back(format: FileFormat) -> None:
    source = (
        "{{#if vip}}Dear{{else if known}}Hello{{else}}Hi{{/if}} {{user.name}}"
        '{{#unless paid}}, pay{{/unless}}{{#ifEquals state "open"}} open{{/ifEquals}}'
        "{{#each items}} {{@index}}:{{name}}/{{@root.vip}}{{#if @last}}.{{/if}}{{/each}}"
        "{{#with user}} ({{name}}){{/with}} {{json items}}\n"
    )
    again = back(format, there(format, source)[0])
    assert not read("x", there(format, source)[0], format).losses
    inputs = {
        "user": {"name": "Ada"},
        "items": [{"name": "a"}, {"name": "b"}],
        "state": "open",
        "paid": False,
    }
    for choice in (
        {"vip": True, "known": False},
        {"vip": False, "known": True},
        {"vip": False, "known": False},
    ):
        assert said(again, **inputs, **choice) == said(source, **inputs, **choice)


def test_history_has_a_place_in_langfuse_only() -> None:
    source = '{{role "system"}}\nBe kind.\n{{history}}\n{{role "user"}}\nHi\n'
    text, losses = there(F.LANGFUSE, source)
    assert json.loads(text)["prompt"][1] == {"type": "placeholder", "name": "history"}
    assert losses == []
    assert parse(back(F.LANGFUSE, text)).content.segments == parse(source).content.segments
    assert there(F.OPENAI, source)[1] == ["line 3"]


def test_an_image_has_a_place_at_openai() -> None:
    source = 'Look: {{media url="https://example.org/a.png"}}\n'
    text, losses = there(F.OPENAI, source)
    assert json.loads(text)["messages"][0]["content"][1]["image_url"] == {"url": "https://example.org/a.png"}
    assert losses == []
    assert "{{media url=" in back(F.OPENAI, text)


def test_snippets_are_put_in_as_the_version_has_them() -> None:
    source = "{{> style}} Hi {{name}}, {{> tone name=name}}\n"
    wanted = Wanted(name="p", text=source, snippets={"style": "Be kind, {{name}}.", "tone": "Softly"})
    made = write(wanted, F.PROMPTY)
    assert "Be kind, {{ name }}. Hi {{ name }}" in made.text
    assert [(loss.place, "tone" in loss.message) for loss in made.losses] == [("line 1", True)]


def one_message(source: str) -> str:
    return Parts(turns=[Turn("user", source)]).text()


words = st.text(st.sampled_from("ab {}\\%#'\"~!&>/-\n"), max_size=30)


@settings(max_examples=300, deadline=None)
@given(words)
def test_text_stays_text_whatever_braces_it_holds(text: str) -> None:
    source = one_message(joined([(False, text), (True, "{{x}}"), (False, text), (True, "{{x}}")]))
    assert said(source, x="1") == ([("user", f"{text}1{text}1".strip())])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["system", "user", "model"]), words), min_size=1, max_size=4),
    st.sampled_from(FOREIGN),
)
def test_any_text_goes_there_and_back(messages: list[tuple[str, str]], format: FileFormat) -> None:
    plain = [(role, text.strip()) for role, text in messages if text.strip() and "{{" not in text]
    assume(plain)
    source = "".join(f'{{{{role "{role}"}}}}\n{joined([(False, text)])}\n' for role, text in plain)
    made = write(Wanted(name="p", text=source), format)
    found = read("p", made.text, format)
    assert not found.refused
    assert found.losses == ()
    again = found.items[0].versions[0].text
    assert parse(again).content.segments or not plain
    want = said(source)
    assert said(again) == want


@settings(max_examples=200, deadline=None)
@given(words, st.sampled_from([F.PROMPTY, F.PROMPTFOO]))
def test_braces_of_a_text_go_through_jinja(text: str, format: FileFormat) -> None:
    source = one_message(joined([(False, text), (True, "{{x}}"), (False, "!")]))
    again = back(format, there(format, source)[0])
    assert said(again, x="1") == said(source, x="1")


json_scalars = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8)
json_values = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
keys = st.sampled_from(
    [
        "name",
        "type",
        "prompt",
        "prompts",
        "messages",
        "role",
        "content",
        "model",
        "config",
        "inputs",
        "sample",
        "tests",
        "vars",
        "providers",
        "version",
        "tags",
        "tools",
        "raw",
        "configuration",
        "parameters",
        "metadata",
        "labels",
        "outputs",
        "template",
        "response_format",
        "items",
        "versions",
        "id",
        "label",
    ]
)
shaped = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=30,
)


@settings(max_examples=400, deadline=None)
@given(shaped | json_values, st.sampled_from([F.PROMPTHUB, F.PROMPTFOO, F.LANGFUSE, F.OPENAI, F.AUTO]))
def test_whatever_json_comes_is_read_or_refused_with_a_sentence(value: Any, format: FileFormat) -> None:
    found = read("x.json", json.dumps(value), format)
    assert (
        found.refused or found.items or value == {"items": []} or format in (F.PROMPTHUB, F.AUTO, F.LANGFUSE)
    )
    assert not (found.refused and (found.items or found.bad))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(keys, shaped, max_size=5))
def test_whatever_front_matter_comes_is_read_or_refused(front: dict[str, Any]) -> None:
    found = read("x.prompty", f"---\n{json.dumps(front)}\n---\nsystem:\nHi\n")
    assert bool(found.refused) != bool(found.items)


# ------------------------------------------------------------------ what others write


def test_a_prompty_of_the_first_generation() -> None:
    found = read(
        "support/Refund Note.prompty",
        """---
name: Refund
description: Answers a customer
authors: [ada]
tags: [support, "two words"]
model:
  api: chat
  configuration:
    type: azure_openai
    azure_endpoint: ${env:ENDPOINT}
    azure_deployment: gpt-35-turbo
    api_key: secret
  parameters: {max_tokens: 128, tools: [{type: function, function: {name: look, description: d}}]}
inputs:
  first: {type: string, sample: Jane, description: who}
  last: Doe
sample: {first: Jane}
---
system[name="s"]:
You help {{ first | upper }}.
{# a note #}
{% if last == "Doe" %}Hi{% endif %}{% set x = 1 %}

user:
{{question}}
""",
    )
    (item,) = found.items
    assert (item.name, item.title, item.description, item.tags) == (
        "support/refund-note", "Refund", "Answers a customer", ("support", "two-words"),
    )  # fmt: skip
    assert item.samples == (NewSample(name="sample", inputs={"first": "Jane"}),)
    content = parse(item.versions[0].text).content
    assert (content.model, content.parameters, content.metadata) == (
        "azure/gpt-35-turbo",
        {"max_tokens": 128},
        {"authors": ["ada"]},
    )
    assert content.tools == ({"name": "look", "description": "d"},)
    assert {one.name: (one.has_default, one.examples) for one in content.variables} == {
        "first": (False, ("Jane",)), "last": (True, ()), "question": (False, ()),
    }  # fmt: skip
    assert said(item.versions[0].text, first="J", question="Q?") == [
        ("system", "You help J.\nHi{% set x = 1 %}"),
        ("user", "Q?"),
    ]
    assert lost(found) == {
        "model.configuration.azure_endpoint": "keys and addresses are never read: make a connection",
        "model.configuration.api_key": "keys and addresses are never read: make a connection",
        "line 19": 'the attributes [name="s"] are left out',
        "line 20": "the filter 'upper' of first is left out",
        "line 22": "{% set x = 1 %}: there is no counterpart for set; it stays in the text as characters",
    }
    assert "secret" not in item.model_dump_json()


def test_a_promptfoo_configuration_gives_its_prompts_and_samples() -> None:
    found = read(
        "promptfooconfig.yaml",
        """description: Translations
prompts:
  - 'To {{language}}: {{input}}'
  - file://../../etc/passwd
  - label: chat
    raw: '[{"role": "system", "content": "Be brief"}, {"role": "user", "content": "{{input}}"}]'
providers:
  - id: openai:chat:gpt-4o
    config: {temperature: 0, apiKey: secret}
  - vertex:gemini
defaultTest: {vars: {language: French}}
tests:
  - {description: one, vars: {input: hello}, assert: [{type: contains, value: x}]}
  - {vars: {input: bye, language: German}}
""",
    )
    assert [item.name for item in found.items] == ["promptfooconfig/1", "promptfooconfig/chat"]
    first, chat = found.items
    assert [(one.name, one.inputs) for one in first.samples] == [
        ("one", {"language": "French", "input": "hello"}),
        ("sample 2", {"language": "German", "input": "bye"}),
    ]
    assert parse(chat.versions[0].text).content.model == "openai/gpt-4o"
    assert [one[0] for one in said(chat.versions[0].text, input="x")] == ["system", "user"]
    assert set(lost(found)) == {"prompts[1]", "providers[1]", "providers[0].config.apiKey", "tests[0].assert"}
    assert "secret" not in found.model_dump_json()


def test_versions_of_one_langfuse_prompt_are_a_history() -> None:
    rows = [
        {
            "name": "Movie Critic",
            "version": 2,
            "type": "text",
            "prompt": "Two {{ movie }}",
            "labels": ["production", "latest"],
        },
        {
            "name": "Movie Critic",
            "version": 1,
            "prompt": "One",
            "config": {"model": "gpt-4o", "langs": ["en"]},
            "commitMessage": "First",
        },
    ]
    found = read("all.json", json.dumps(rows))
    (item,) = found.items
    assert item.name == "movie-critic"
    assert [one.commit_message for one in item.versions] == ["First", "Import all.json"]
    assert parse(item.versions[0].text).content.metadata == {"langfuse": {"langs": ["en"]}}
    assert said(item.versions[1].text, movie="Up") == [("user", "Two Up")]
    assert list(lost(found)) == ["[0].labels"]


def test_an_openai_request_says_what_it_leaves_out() -> None:
    request = {
        "model": "gpt-4o",
        "stream": True,
        "messages": [
            {"role": "developer", "content": "Rules {{!x}}"},
            {"role": "assistant", "content": None, "tool_calls": [{}]},
            {
                "role": "user",
                "content": [{"type": "text", "text": "Hi {{name}}"}, {"type": "input_audio"}],
                "name": "ada",
            },
        ],
    }
    found = read("chat.json", json.dumps(request))
    assert said(found.items[0].versions[0].text, name="Bo") == [("system", "Rules {{!x}}"), ("user", "Hi Bo")]
    assert set(lost(found)) == {
        "stream",
        "messages[0].role",
        "messages[1]",
        "messages[1].tool_calls",
        "messages[2].content[1]",
        "messages[2].name",
    }


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("a.json", '[{"role": "user", "content": "x"}, {"role": "user", "content": null}]', "messages[1]"),
        ("a.json", '[{"role": "user", "content": [{"type": "text", "text": " "}]}, {"role": "user", "content": "x"}]', "messages[0]"),
        ("a.json", '{"prompt": [{"role": "system", "content": ""}, {"role": "user", "content": "x"}]}', "prompt[0]"),
        ("a.json", '[{"name": "a", "version": 1, "prompt": ""}, {"name": "a", "version": 2, "prompt": "x"}]', "[0].prompt"),
        ("a.json", '[{"name": "a", "prompt": "x"}, {"name": "b", "prompt": []}]', "[1].prompt"),
        ("a.yaml", "prompts: ['', x]", "prompts[0]"),
        ("a.yaml", "prompts: ['[{\"role\": \"system\", \"content\": \"\"}, {\"role\": \"user\", \"content\": \"x\"}]']", "prompts[0][0]"),
        ("a.prompty", "system:\n\nuser:\nx\n", "line 1"),
    ],
)  # fmt: skip
def test_what_has_no_text_is_listed_and_the_rest_comes_in(path: str, text: str, place: str) -> None:
    found = read(path, text)
    assert not found.refused
    assert lost(found) == {place: "no text; it is left out"}
    assert [said(version.text) for item in found.items for version in item.versions] == [[("user", "x")]]


def test_plain_text_is_a_template_where_it_is_one() -> None:
    assert back(F.PLAIN, "Hi {{name}}\n") == "Hi {{name}}\n"
    found = read("a.txt", "C++: {{1, 2}, {3}} and {{name}}\n")
    assert said(found.items[0].versions[0].text, name="x") == [("user", "C++: {{1, 2}, {3}} and x")]
    assert list(lost(found)) == ["line 1"]
    text, losses = there(F.PLAIN, REFUND)
    assert text == "Be kind.\n\nWhere is {{order}}?\n"
    assert losses == ["messages", "model", "config", "output", "input"]


# ------------------------------------------------------------------ which format, which name


@pytest.mark.parametrize(
    ("path", "text", "format"),
    [
        ("a.prompt", "x", F.DOTPROMPT),
        ("a.prompty", "x", F.PROMPTY),
        ("a.yml", "prompts: [x]", F.PROMPTFOO),
        ("a.json", '{"prompts": ["x"]}', F.PROMPTFOO),
        ("a.json", '{"items": []}', F.PROMPTHUB),
        ("a.json", '{"messages": []}', F.OPENAI),
        ("a.json", '[{"role": "user", "content": "x"}]', F.OPENAI),
        ("a.json", '[{"name": "x", "prompt": "y"}]', F.LANGFUSE),
        ("a.md", "x", F.PLAIN),
        ("README", "x", F.PLAIN),
        ("README", "[a link](b.json)", F.PLAIN),
        ("README", "{{name}}", F.PLAIN),
        ("a.txt", '{"messages": []}', F.PLAIN),
        ("dir.d/dump", ' {"messages": []}', F.OPENAI),
        ("dump", '[{"name": "x", "prompt": "y"}]', F.LANGFUSE),
    ],
)
def test_a_file_tells_its_format(path: str, text: str, format: FileFormat) -> None:
    assert detect(path, text) is format


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("support/refund.prompt", "support/refund"),
        ("../../etc/passwd.prompt", "etc/passwd"),
        ("/abs/C:\\x\\Häuser.prompt", "abs/c/x/hauser"),
        ("foo_bar.v2.prompt", "foo_bar.v2"),
    ],
)
def test_a_path_is_only_words(path: str, name: str) -> None:
    assert read(path, "x", F.DOTPROMPT).items[0].name == name


# ------------------------------------------------------------------ hostile


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("a.yaml", "a: &a [x, x]\nb: [*a, *a]\nprompts: [x]\n", "anchors"),
        ("a.yaml", "prompts: " + "[" * 200 + "]" * 200, "32 levels"),
        ("a.yaml", "prompts: [" + "x, " * 11_000 + "x]", "10000"),
        ("a.yaml", "prompts: ['" + "x" * 70_000 + "']", "64 KiB"),
        ("a.yaml", "prompts: !!python/object:os.system x", "tags"),
        ("a.yaml", "prompts: 3", "prompts: expected a list of prompts, got a number"),
        ("a.yaml", "- x", "the file: expected an object with prompts, got a list"),
        ("a.yaml", "prompts: [file://x]", "give the prompts' own files"),
        ("a.json", "[" * 100_000, "deep"),
        ("a.json", '{"messages": [], "messages": []}', "messages"),
        ("a.json", '{"messages": [{"role": "boss", "content": "x"}]}', "messages[0].role: expected a role"),
        ("a.json", '{"messages": 3}', "messages: expected a list of messages, got a number"),
        ("a.json", '{"x": 1}', "JSON of no known shape"),
        ("a.json", '{"prompt": 3, "type": "text"}', "prompt: expected text"),
        ("a.json", '{"prompt": "\\ud800"}', "surrogate"),
        ("a.prompty", "---\nmodel: [x]\n---\nx", "model: expected a name, or an object, got a list"),
        ("a.prompty", "---\nname: x\n", "the front matter: expected a line --- after it"),
        ("a.prompty", "{% if x %}" * 40 + "{% endif %}" * 40, "32 levels"),
        ("a.txt", "x" * (4 * 1024 * 1024 + 1), "at most 4194304"),
        ("a.prompty", "---\nname: a\nbad: [\n---\nhi", "line 4, column 1: "),
        ("a.prompty", "# note\n---\nname: &x a\n---\nhi", "line 3, column 7: anchors"),
        ("a.prompty", "---\nname: x\n---\nuser:\n", "no message has a text"),
        ("a.prompt", "", "it is empty"),
        ("a.txt", "\ufeff \n", "it is empty"),
        ("a.json", "\n", "it is empty"),
        ("a.json", '{"messages": []}', "no message has a text"),
        ("a.json", '[{"role": "user", "content": null}]', "no message has a text"),
        ("a.json", '{"prompt": " "}', "no prompt has a text"),
        ("a.json", '{"prompt": []}', "no prompt has a text"),
        ("a.yaml", "prompts: ['', ' ']", "none of them has a text"),
        ("dump", '{"x": 1}', "JSON of no known shape"),
        ("a.json", json.dumps([{"role": "user", "content": "x" * 300_000}]), "at most 262144"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(path: str, text: str, sentence: str) -> None:
    found = read(path, text)
    assert sentence in found.refused
    assert found.items == ()


@pytest.mark.parametrize(
    "text",
    ["{{" * 60_000, "{%" * 100_000, "{{ x " * 40_000, "{% if x %}" * 30 + "{# " * 50_000, "\\{{" * 20_000],
)
@pytest.mark.timeout(20)
def test_many_open_braces_take_no_more_than_their_length(text: str) -> None:
    assert not read("a.prompty", text).refused
    assert not read("a.json", json.dumps([{"role": "user", "content": text[:100_000]}])).refused


def test_a_text_that_is_not_simple_is_left_as_it_is() -> None:
    assert joined(simple("{{else}} {{history}}")) == "\\{{else}} {{this.history}}"


def test_of_an_export_what_fits_comes_in_and_the_rest_is_named() -> None:
    rows = [
        {"name": "odd", "versions": [{"text": 7}]},
        {"name": "good", "versions": [{"text": "Hi", "sha": "x"}]},
        7,
    ]
    found = read("a.json", json.dumps({"items": rows}))
    assert [item.name for item in found.items] == ["good"]
    assert [(one.name, one.message) for one in found.bad] == [
        ("odd", "version 1, text: expected text, got a number"),
        ("prompt 3 (without a name)", "expected an object with named fields, got a number"),
    ]
