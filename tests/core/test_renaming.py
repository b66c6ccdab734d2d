"""Renaming a variable: every use that means it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_prompthub.core.changes import RenameVariable, apply_edits
from jupyter_prompthub.core.edit import edit
from jupyter_prompthub.core.errors import InvalidInput, PromptSyntaxError
from jupyter_prompthub.core.promptfile import parse


def rename(text: str, old: str, new: str) -> str:
    return apply_edits(text, edit(text, [RenameVariable(name=old, to=new)]))


def test_declaration_default_and_every_use_get_the_new_name() -> None:
    text = (
        "---\ninput:\n  schema:\n    order?(object, what order): # the order\n      id: string\n"
        "  default:\n    order: {id: order}\n---\n"
        "{{order.id}} {{json order}} {{#each xs}}{{../order.id}}{{@root.order}}{{order}}{{this.order}}{{/each}} order {{#if order}}{{/if}}"
    )
    assert rename(text, "order", "buy") == (
        "---\ninput:\n  schema:\n    buy?(object, what order): # the order\n      id: string\n"
        "  default:\n    buy: {id: order}\n---\n"
        "{{buy.id}} {{json buy}} {{#each xs}}{{../buy.id}}{{@root.buy}}{{order}}{{this.order}}{{/each}} order {{#if buy}}{{/if}}"
    )


def test_a_list_of_required_names_follows() -> None:
    text = "---\ninput:\n  schema: {type: object, properties: {a: {type: string}}, required: [a]}\n---\n{{a}}"
    assert "properties: {b: {type: string}}, required: [b]" in rename(text, "a", "b")


@pytest.mark.parametrize("name", ["is", "root", "th", "t"])
def test_a_name_that_is_part_of_a_word_of_the_language_is_found_where_it_stands(name: str) -> None:
    text = f"{{{{this.{name}}}}} {{{{@root.{name}}}}} {{{{./{name}}}}} {{{{[{name}]}}}}"
    assert rename(text, name, "other") == "{{this.other}} {{@root.other}} {{./other}} {{[other]}}"


def test_a_loops_own_variable_is_another_thing() -> None:
    text = "{{#each items as |item|}}{{item}}{{../item}}{{/each}}{{item}}"
    assert rename(text, "item", "one") == "{{#each items as |item|}}{{item}}{{../one}}{{/each}}{{one}}"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("b", "there already"),
        ("if", "word of the template language"),
        ("json", "word of the template language"),
    ],
)
def test_a_name_that_is_taken_is_refused_with_the_reason(new: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        rename("{{a}}{{b}}", "a", new)


def test_a_name_that_a_block_uses_itself_is_refused() -> None:
    with pytest.raises(InvalidInput, match="its own parameter 'own'"):
        rename("{{#with this as |own|}}{{a}}{{/with}}", "a", "own")


def test_a_variable_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="there is no variable 'x'; there are: a"):
        rename("{{a}}", "x", "y")


_PARTS = st.sampled_from(
    [
        "{{a}}",
        "{{a.b}}",
        "{{json a}}",
        "{{#each a as |x y|}}",
        "{{/each}}",
        "{{../a}}",
        "{{#if a}}",
        "{{else}}",
        "{{/if}}",
    ]
    + [
        "{{@root.a.c}}",
        "{{this.a}}",
        "{{x.a}}",
        "{{#with a}}",
        "{{/with}}",
        "{{./a}}",
        " a ",
        "\r\n",
        "😀",
        "{{#each xs as |a|}}",
    ]
    + [
        "{{b}}",
        "{{[a]}}",
        "{{section a}}",
        "{{media url=a}}",
        "{{> s a=a}}",
        '{{#ifEquals a "a"}}',
        "{{/ifEquals}}",
    ]
)
_HEADS = st.sampled_from(
    [
        "",
        "---\ninput: {schema: {a: string, b: any}, default: {a: a}} # a\n---\n",
        "---\r\ninput:\r\n  schema:\r\n    a?(array, a): string\r\n---\r\n",
        "---\ninput:\n  schema:\n    type: object\n    properties:\n      a: {type: object}\n    required:\n      - b\n      - a\n---\n",
    ]
)


@settings(max_examples=400, deadline=None)
@given(_HEADS, st.lists(_PARTS, max_size=10).map("".join))
def test_a_rename_and_back_is_the_same_text_byte_for_byte(head: str, body: str) -> None:
    text = head + body
    try:
        names = {variable.name for variable in parse(text).content.variables}
    except PromptSyntaxError:
        return
    if "a" not in names:
        return
    there = rename(text, "a", "renamed")
    assert {variable.name for variable in parse(there).content.variables} == names - {"a"} | {"renamed"}
    assert rename(there, "renamed", "a") == text
