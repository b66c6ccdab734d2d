"""What completion offers at a place, in texts that need not parse."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.completing import complete
from jupyter_prompthub.core.offers import EMPTY, Library, Ref, SnippetName
from jupyter_prompthub.core.records import Completed, Completion, ModelInfo


class _Shelf:
    """A small workspace."""

    def snippets(self, word: str, limit: int) -> Sequence[SnippetName]:
        names = ("house-style", "support/refund")
        return [SnippetName(name, name.title()) for name in names if word in name][:limit]

    def refs(self, name: str) -> Sequence[Ref]:
        if name != "house-style":
            return ()
        return [Ref("latest", "latest"), Ref("production", "environment"), Ref("main", "branch")]

    def models(self) -> Sequence[ModelInfo]:
        return [
            ModelInfo(ref="local/tiny", connection="local", provider="local", label="tiny"),
            ModelInfo(
                ref="openai/big",
                connection="openai",
                provider="openai",
                label="big",
                ready=False,
                hint="no key",
            ),
        ]


SHELF: Library = _Shelf()
FRONT = """---
input:
  schema:
    question: string, what is asked
    order(object):
      id: integer
      tags(array): string
---
"""


def at(marked: str, *, explicit: bool = False, library: Library = SHELF) -> tuple[str, Completed]:
    """The text without its mark, and what is offered where the mark stood."""
    place = marked.index("¦")
    text = marked.replace("¦", "")
    return text, complete(text, place, library=library, explicit=explicit)


def labels(marked: str, *, explicit: bool = False) -> list[str]:
    return [one.label for one in at(marked, explicit=explicit)[1].items]


def taken(marked: str, label: str, *, explicit: bool = False) -> str:
    """The text after an offer was taken."""
    text, done = at(marked, explicit=explicit)
    (one,) = [one for one in done.items if one.label == label]
    return text[: done.start] + one.insert + text[done.end :]


def offered(marked: str, label: str) -> Completion:
    (one,) = [one for one in at(marked)[1].items if one.label == label]
    return one


def test_declared_variables_come_with_their_type_and_description() -> None:
    one = offered(FRONT + "{{¦", "question")
    assert (one.kind, one.detail, one.info) == ("variable", "string", "what is asked")


def test_a_variable_that_is_only_used_is_offered_as_inferred() -> None:
    assert offered("{{name}} {{na¦", "name").detail == "string, inferred"


def test_braces_are_closed_only_where_they_are_open() -> None:
    assert taken(FRONT + "{{que¦", "question") == FRONT + "{{question}}"
    assert taken(FRONT + "{{que¦}}", "question") == FRONT + "{{question}}"
    assert taken(FRONT + "{{que¦stion}}", "question") == FRONT + "{{question}}"


def test_a_path_goes_on_into_what_the_schema_says() -> None:
    assert labels(FRONT + "{{order.¦") == ["id", "tags"]
    assert labels(FRONT + "{{order.tags.¦") == ["length"]


def test_a_loop_offers_its_item_its_counters_and_what_is_around_it() -> None:
    text = "{{#each orders as |order n|}}{{order.id}}{{price}}{{¦"
    found = labels(text)
    for name in ("price", "id", "order", "n", "@index", "this", "../orders", "/each"):
        assert name in found
    assert "orders" not in found
    assert labels(
        "{{#each orders as |order n|}}{{order.id}}{{/each}}{{#each orders as |order|}}{{order.¦"
    ) == ["id"]


def test_after_a_loop_its_names_are_gone() -> None:
    found = labels("{{#each orders}}{{id}}{{/each}}{{¦")
    assert "orders" in found
    assert not {"id", "@index", "this", "../orders"} & set(found)


def test_a_slash_closes_the_block_that_is_open() -> None:
    assert labels("{{#if a}}{{#each b}}{{/each}}{{/¦") == ["if"]
    assert taken("{{#if a}}{{#each b}}{{/¦", "each") == "{{#if a}}{{#each b}}{{/each}}"
    assert labels("{{/¦") == []


def test_a_block_is_written_with_its_end() -> None:
    assert taken("{{#ea¦", "each") == "{{#each items}}\n\n{{/each}}"
    assert taken("Hello {{#if¦ you", "if") == "Hello {{#if condition}}{{/if}} you"
    one = offered("Hello {{#if¦", "if")
    assert [one.insert[stop.start : stop.end] for stop in one.stops] == ["condition", ""]


def test_roles_are_offered_in_quotes_and_without() -> None:
    assert labels('{{role "¦') == ["system", "user", "model", "tool"]
    assert taken('{{role "u¦', "user") == '{{role "user"}}'
    assert taken('{{role "u¦"}}', "user") == '{{role "user"}}'
    assert '"system"' in labels("{{role ¦")


def test_snippets_come_from_the_library() -> None:
    assert labels("{{> ¦") == ["house-style", "support/refund"]
    assert taken("{{> sup¦", "support/refund") == "{{> support/refund}}"
    assert taken("{{> support/re¦fund}}", "support/refund") == "{{> support/refund}}"


def test_an_unfinished_tag_before_does_not_hide_what_follows() -> None:
    assert "name" in labels("{{oops {{#if a}}{{name}}{{/if}}\n{{¦")


@pytest.mark.parametrize(
    "text", ["Hello ¦", "{{! a comment {{¦ }}", "{{!-- {{x¦ --}}", "\\{{x¦", '{{json "a¦']
)
def test_nothing_is_offered_in_plain_text_comments_and_texts(text: str) -> None:
    assert labels(text) == []


def test_whole_tags_are_offered_in_plain_text_where_a_person_asks() -> None:
    assert taken(FRONT + "Hello ¦!", "question", explicit=True) == FRONT + "Hello {{question}}!"
    one = next(o for o in at("¦", explicit=True)[1].items if o.label == "#if")
    assert [one.insert[stop.start : stop.end] for stop in one.stops] == ["condition", ""]


def test_front_matter_offers_the_keys_that_are_not_there() -> None:
    found = labels("---\nmodel: a/b\n¦\n---\n")
    assert "config" in found
    assert "model" not in found
    assert taken("---\nmo¦", "model") == "---\nmodel: "
    assert taken("---\nconf¦: 1\n---\n", "config") == "---\nconfig: 1\n---\n"


def test_models_come_from_the_connections_and_say_what_is_missing() -> None:
    assert labels("---\nmodel: ¦\n---\n") == ["local/tiny", "openai/big"]
    assert offered("---\nmodel: ¦\n---\n", "openai/big").info == "no key"
    assert taken('---\nmodel: "lo¦"\n---\n', "local/tiny") == '---\nmodel: "local/tiny"\n---\n'


def test_settings_are_offered_below_config_in_both_styles() -> None:
    assert "max_tokens" in labels("---\nconfig:\n  ma¦\n---\n")
    assert labels("---\nconfig: {temperature: 1, ma¦}\n---\n").count("temperature") == 0
    assert "max_tokens" in labels("---\nconfig: {temperature: 1, ma¦}\n---\n")


def test_a_schema_offers_types_and_the_variables_that_are_not_declared() -> None:
    assert labels("---\ninput:\n  schema:\n    a: ¦\n---\n{{a}}")[:2] == ["string", "integer"]
    text = "---\ninput:\n  schema:\n    a: string\n    ¦\n---\n{{a}}{{#each items}}{{id}}{{/each}}"
    assert taken(text, "items") == text.replace("¦", "items(array): {id: string}")


def test_refs_are_those_of_the_snippet_and_quoted() -> None:
    assert labels("---\nsnippets:\n  house-style: ¦\n---\n") == ["@latest", "@production", "@main"]
    made = taken("---\nsnippets:\n  house-style: ¦\n---\n", "@production")
    assert made == '---\nsnippets:\n  house-style: "@production"\n---\n'
    assert taken('---\nsnippets: {house-style: "@pro¦"}\n---\n', "@production").count('"') == 2
    assert labels("---\nsnippets:\n  ¦\n---\n{{> mine}}")[0] == "mine"


def test_the_right_names_are_offered_below_input_and_output() -> None:
    assert labels("---\noutput:\n  format: ¦\n---\n") == ["json", "text"]
    assert labels("---\ninput:\n  ¦\n---\n") == ["schema", "default", "examples"]
    assert labels("---\ninput:\n  schema:\n    a: string\n  default:\n    ¦\n---\n{{a}}") == ["a"]


_PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{{#each a as |b c|}}",
        "{{/each}}",
        "{{#if x}}",
        "{{else}}",
        "{{/if}}",
        "{{> ",
        '{{role "',
        "---\n",
    ]
    + [
        "input:\n",
        "  schema:\n",
        "    a: ",
        "config: {",
        "}",
        "[",
        '"',
        "'",
        "|",
        "#",
        "- ",
        "\n",
        "\r\n",
        " ",
        ".",
        "../",
    ]
    + [
        "x",
        "order",
        "@",
        "😀",
        "~",
        "\\",
        "{{!--",
        "--}}",
        "model: ",
        "snippets:\n  house-style: ",
        "\0",
        "\t",
        "{",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join), st.integers(0, 120), st.booleans())
def test_completion_never_raises_and_stays_inside_the_text(text: str, place: int, explicit: bool) -> None:
    done = complete(text, place, library=SHELF, explicit=explicit)
    assert 0 <= done.start <= min(place, len(text)) <= done.end <= len(text)
    for one in done.items:
        assert all(0 <= stop.start <= stop.end <= len(one.insert) for stop in one.stops)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([FRONT, "", "---\nmodel: a/b\n---\n"]),
    st.sampled_from(["{{¦", "a {{¦", "{{#if question}}{{¦"]),
)
def test_taking_a_variable_or_helper_leaves_a_tag_that_reads(front: str, body: str) -> None:
    text, done = at(front + body, library=EMPTY)
    for one in done.items:
        if one.kind in ("variable", "helper") and one.insert.endswith("}}"):
            made = text[: done.start] + one.insert + ("{{/if}}" if "#if" in body else "")
            assert promptfile.check(made)[0] is not None, made
