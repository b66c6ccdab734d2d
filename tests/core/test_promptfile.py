"""``.prompt`` text to document: fields, places of errors, safety of the YAML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import content_hash
from jupyter_prompthub.core.errors import PromptSyntaxError
from jupyter_prompthub.core.records import Problem
from tests.support.counts import tried

FULL = """\
---
model: openai/gpt-4o-mini
config: {temperature: 0.7, max_tokens: 150}
input:
  schema:
    user_message: string, what the customer wrote
    order?: string
  default: {order: none}
output: {format: json, schema: {reply: string, sentiment(enum): [positive, negative]}}
tools: [lookup_order, {name: refund, description: pays back}]
snippets: {house-style: "@production"}
title: Refunds
acme.owner: support
---
{{role "system"}}
You help. {{> house-style}} {{> signature}}
{{role "user"}}
{{user_message}}{{#if order}} (order {{order}}){{/if}} {{extra}}
"""


def problems(text: str) -> list[Problem]:
    document, found = promptfile.check(text)
    assert (document is None) == any(one.severity == "error" for one in found)
    return list(found)


def test_every_field_goes_to_its_member() -> None:
    content = promptfile.parse(FULL).content
    assert content.model == "openai/gpt-4o-mini"
    assert content.parameters == {"temperature": 0.7, "max_tokens": 150}
    assert content.tools == ("lookup_order", {"name": "refund", "description": "pays back"})
    assert content.snippets == {"house-style": "production", "signature": "latest"}
    assert content.metadata == {"title": "Refunds", "acme.owner": "support"}
    assert content.output is not None
    assert content.output.format == "json"
    assert content.output.schema_ is not None
    assert list(content.output.schema_["properties"]) == ["reply", "sentiment"]
    assert [(segment.role, segment.kind) for segment in content.segments] == [
        ("system", "message"),
        ("user", "message"),
    ]
    assert "".join(segment.source for segment in content.segments) == FULL.split("---\n")[2].rstrip()


def test_variables_are_declared_defaulted_or_inferred() -> None:
    found = {one.name: one for one in promptfile.parse(FULL).content.variables}
    assert list(found) == ["user_message", "order", "extra"]
    assert (found["user_message"].required, found["user_message"].type) == (True, "string")
    assert found["user_message"].description == "what the customer wrote"
    order = found["order"]
    assert (order.required, order.has_default, order.default, order.type) == (False, True, "none", "string")
    assert (found["extra"].declared, found["extra"].required, found["extra"].type) == (False, True, "string")


def test_every_key_of_the_front_matter_has_its_place() -> None:
    document = promptfile.parse(FULL)
    for path, span in document.keys.items():
        assert FULL[span.start : span.end].strip("\"'") == path[-1], path
    assert ("input", "schema", "order?") in document.keys
    assert ("tools", "1", "description") in document.keys


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("---\nmodel: a: b\n---\nx", (2, 9), "mapping values are not allowed"),
        ("---\nmodel: x\nconfig: [1\n---\nx", (4, 1), "expected"),
        ("---\na: &x 1\n---\n", (2, 4), "anchors"),
        ("---\na: *x\n---\n", (2, 4), "aliases"),
        ("---\na: !!python/object:os.system x\n---\n", (2, 4), "tags"),
        ("---\na: 1\nb: 2\na: 3\n---\n", (4, 1), "stands twice"),
        ("---\na: .nan\n---\n", (2, 4), "no number that JSON can hold"),
        ("---\na: -.inf\n---\n", (2, 4), "no number"),
        ("---\na: 9007199254740993\n---\n", (2, 4), "too large"),
        ('---\na: "\\0"\n---\n', (2, 4), "NUL"),
        ("---\n%TAG ! x\n---\n", (2, 1), "directive"),
        ("---\n- a\n---\n", (2, 1), "expected a mapping"),
        ("---\nmodel: [a]\n---\n", (2, 8), "model: expected text, got a list"),
        ("---\nmodel: 3\n---\n", (2, 8), "got a number (3)"),
        ("---\nconfig: hot\n---\n", (2, 9), "config: expected a mapping"),
        ("---\ninput:\n  default: 1\n---\n", (3, 12), "input.default: expected a mapping"),
        ("---\ninput:\n  schema: strong\n---\n", (3, 11), "no type 'strong'"),
        ("---\ntools: lookup\n---\n", (2, 8), "tools: expected a list"),
        ("---\ntools: [a, a]\n---\n", (2, 12), "listed twice"),
        ("---\ntools: [{x: 1}]\n---\n", (2, 9), "with a name"),
        ("---\nsnippets: {s: 1}\n---\n{{> s}}", (2, 15), 'expected a ref such as "@production"'),
        ("---\nsnippets: {s: '@a b'}\n---\n{{> s}}", (2, 15), "snippets.s"),
        ("---\nmodel: x\nno end", (1, 1), "never closed"),
        ("x\0y", (1, 2), "NUL"),
        ("\ud800", (1, 1), "lone surrogate"),
        ("---\nmodel: x\n---\n\n{{#if a}}\nopen", (5, 1), ""),
        ("\ufeff---\r\nmodel: x\r\n---\r\nok\r\n{{#if a}}", (5, 1), ""),
    ],
)
def test_an_error_has_its_line_and_column_in_the_whole_text(
    text: str, place: tuple[int, int], message: str
) -> None:
    first = next(one for one in problems(text) if one.severity == "error")
    assert (first.line, first.column) == place
    assert message in first.message
    with pytest.raises(PromptSyntaxError, match=rf"line {place[0]}, column {place[1]}") as caught:
        promptfile.parse(text)
    assert caught.value.details["problems"][0]["severity"] in ("error", "warning")


def test_errors_in_front_matter_and_template_are_told_together() -> None:
    found = problems("---\nmodel: 3\nconfig: 4\n---\n{{#if a}}")
    assert [one.line for one in found if one.severity == "error"] == [2, 3, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\nmodle: x\n---\nhi", "did you mean model"),
        ("---\ntemperature: 1\n---\nhi", "under config"),
        ("---\nsnippets: {gone: '@main'}\n---\nhi", "does not include the snippet 'gone'"),
    ],
)
def test_what_looks_like_a_mistake_is_a_warning_and_is_kept(text: str, message: str) -> None:
    (found,) = problems(text)
    assert found.severity == "warning"
    assert message in found.message


@pytest.mark.parametrize(
    "bomb",
    [
        "a: " + "[" * 40 + "]" * 40,
        "a: [" + "1," * 20_000 + "]",
        "a: '" + "x" * 70_000 + "'",
        "{" * 5_000,
    ],
)
def test_front_matter_is_bounded_in_depth_nodes_and_size(bomb: str) -> None:
    assert problems(f"---\n{bomb}\n---\n")[0].code == "yaml_limit"


def test_a_text_is_bounded() -> None:
    assert problems("x" * (promptfile.MAX_TEXT + 1))[0].code == "too_large"


@pytest.mark.parametrize(
    "text", ["", "\ufeff", "Hello", "---\n---\n", "---\n# only a comment\n---\nHello", "----\nx"]
)
def test_little_or_no_front_matter_is_fine(text: str) -> None:
    document = promptfile.parse(text)
    assert document.content.model is None
    assert text.endswith(document.body)


def test_a_licence_comment_may_stand_before_the_front_matter() -> None:
    assert promptfile.parse("# (c) Acme\n\n---\nmodel: m\n---\nHi").content.model == "m"


def test_yaml_words_that_are_no_json_words_stay_text() -> None:
    metadata = promptfile.parse("---\na: yes\nb: 2020-01-01\nc: 0o17\nd: ~\ne: 1e3\n---\n").content.metadata
    assert metadata == {"a": "yes", "b": "2020-01-01", "c": 15, "d": None, "e": 1000.0}


def test_line_ends_comments_and_the_order_of_fields_do_not_change_the_content() -> None:
    plain = promptfile.parse(FULL).content
    lines = FULL.split("\n")
    reordered = "\n".join([lines[0], "# note", lines[2], lines[1] + "  # the model", *lines[3:]])
    for same in (FULL.replace("\n", "\r\n"), "\ufeff" + FULL, reordered):
        assert content_hash(promptfile.parse(same).content) == content_hash(plain)
    assert content_hash(promptfile.parse(FULL.replace("help.", "help!")).content) != content_hash(plain)
    assert content_hash(promptfile.parse(FULL.replace("0.7", "0.8")).content) != content_hash(plain)


def test_saying_a_default_changes_nothing() -> None:
    plain = "{{> s}} {{x}}"
    said = '---\nsnippets: {s: "@latest"}\nconfig: {}\nmodel:\n---\n{{> s}} {{x}}'
    assert content_hash(promptfile.parse(said).content) == content_hash(promptfile.parse(plain).content)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
YAMLISH = st.lists(
    st.sampled_from(
        [
            "---",
            "\n",
            "model:",
            " x",
            "config: {",
            "}",
            "- ",
            "'",
            '"',
            "[",
            "]",
            ": ",
            "#",
            "&a",
            "*a",
            "!t",
            "|",
            ">",
        ]
        + ["{{", "}}", "{{#if a}}", "{{/if}}", '{{role "user"}}', "\t", "  ", "?", "%", "\\", "\r\n"]
    ),
    max_size=30,
).map("".join)


@tried(300)
@given(st.one_of(YAMLISH, TEXT, YAMLISH.map(lambda inner: f"---\n{inner}\n---\nHi")))
def test_no_text_makes_check_raise_and_every_problem_lies_inside_the_text(text: str) -> None:
    document, found = promptfile.check(text)
    for one in found:
        assert 0 <= one.start <= one.end <= len(text)
        assert (one.line, one.column) <= (one.end_line, one.end_column)
    assert document is None or document.text == text


@tried(150)
@given(
    template=TEXT,
    parameters=st.dictionaries(
        TEXT, st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(-1e9, 1e9), TEXT)
    ),
    model=st.none() | TEXT.filter(lambda text: text == text.strip() and text != ""),
)
def test_a_prompt_given_in_parts_reads_back_as_those_parts(
    template: str, parameters: dict[str, object], model: str | None
) -> None:
    parameters.pop("model", None)
    if "{{" in template or "\\" in template:
        return
    document = promptfile.parse(promptfile.from_parts(template, parameters=parameters, model=model))
    assert document.body == template.removeprefix("\ufeff") or template.startswith("\ufeff")
    assert document.content.parameters == parameters
    assert document.content.model == model


def test_the_model_may_stand_among_the_parameters() -> None:
    text = promptfile.from_parts("Hi", parameters={"temperature": 0.7, "max_tokens": 150, "model": "gpt-4"})
    content = promptfile.parse(text).content
    assert (content.model, content.parameters) == ("gpt-4", {"temperature": 0.7, "max_tokens": 150})
    assert promptfile.from_parts("Hi") == "Hi"


@given(TEXT)
def test_a_new_body_leaves_the_front_matter_as_it_is(body: str) -> None:
    made = promptfile.with_body(FULL, body)
    assert made.startswith(FULL[: FULL.index("{{role")])
    assert promptfile.parse(promptfile.with_body("old", "---\nmodel: x\n---\nnew")).content.model is None
