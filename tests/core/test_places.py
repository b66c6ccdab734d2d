"""Outline and places of names, in texts that parse and in texts that do not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_prompthub.core.places import outline, places
from jupyter_prompthub.core.promptfile import check

TEXT = """---
input:
  schema:
    order?(object, which): {id: string}
  default: {order: {id: "1"}}
snippets: {"house-style": main}
---
Hello
{{role "system"}}
{{> house-style}}
{{#if order}}{{section "more"}}{{#each order.items}}{{name}}{{../order.id}}{{/each}}{{/if}}
{{history}}
{{role "user"}}{{order.id}}
"""


def headings(text: str) -> list[tuple[int, str, str]]:
    return [(one.level, one.kind, one.title) for one in outline(text)]


def test_the_outline_has_messages_with_their_blocks_and_the_declared_variables() -> None:
    assert headings(TEXT) == [
        (1, "front_matter", ""),
        (2, "variable", "order"),
        (1, "message", "user"),
        (1, "message", "system"),
        (2, "snippet", "house-style"),
        (2, "block", "#if order"),
        (3, "section", "more"),
        (3, "block", "#each order.items"),
        (1, "history", "history"),
        (1, "message", "user"),
    ]
    assert [TEXT.splitlines()[one.line - 1].strip()[:7] for one in outline(TEXT)][3] == "{{role "


def test_a_text_that_does_not_parse_has_an_outline_too() -> None:
    assert headings('{{role "system"}}a {{#if\n{{role "user"}}{{#each b}}') == [
        (1, "message", "system"),
        (1, "message", "user"),
        (2, "block", "#each b"),
    ]
    assert headings("") == []


def test_a_variable_is_found_in_its_declaration_default_and_uses() -> None:
    document, _ = check(TEXT)
    found = [one for one in places(TEXT, document) if one.kind == "variable"]
    assert [one.name for one in found] == ["order"] * 6
    assert {TEXT[one.start : one.end] for one in found} == {"order"}
    assert [TEXT[one.start : one.end] for one in places(TEXT, document) if one.kind == "snippet"] == [
        "house-style"
    ] * 2


_PIECES = st.sampled_from(
    [
        "---\n",
        "input:\n  schema:\n",
        "    a: string\n",
        "snippets: {'s': x}\n",
        "{{> s}}",
        '{{> "s"}}',
        "{{a}}",
        "{{#if",
        "}}",
    ]
    + [
        "{{/if}}",
        '{{role "user"}}',
        "{{history}}",
        "{{section x}}",
        "😀",
        "\r\n",
        "{{[a]}}",
        "{{~> s~}}",
        "{{",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=15).map("".join))
def test_places_are_where_the_names_stand(text: str) -> None:
    document, _ = check(text)
    for one in places(text, document):
        assert text[one.start : one.end] == one.name
    assert all(0 <= one.start <= len(text) for one in outline(text))
