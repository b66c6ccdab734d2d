"""Fixes: what is offered for a problem, and what it makes of the text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_prompthub.core import prompt
from jupyter_prompthub.core.changes import apply_edits
from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.fixes import with_fixes
from jupyter_prompthub.core.linting import lint
from jupyter_prompthub.core.promptfile import check
from jupyter_prompthub.core.records import Fix, Problem

NAMES = ("house-style", "support/refund")


def problems(text: str) -> tuple[Problem, ...]:
    """The problems of a text, as an editor gets them."""
    document, found = check(text)
    more: Sequence[Problem] = ()
    if document is not None:
        try:
            more = lint(document, prompt.compile(text).templates)
        except PromptHubError:
            more = ()
    return with_fixes(text, document, [*found, *more], lambda name: NAMES)


def fixed(text: str, title: str, code: str | None = None) -> str:
    """The text after the fix of that title."""
    found = [(p, fix) for p in problems(text) for fix in p.fixes if fix.title == title]
    assert found, [fix.title for p in problems(text) for fix in p.fixes]
    (one, fix), *_ = found
    assert code is None or one.code == code
    return apply_edits(text, fix.edits)


def titles(text: str) -> list[str]:
    return [fix.title for problem in problems(text) for fix in problem.fixes]


def front(schema: str, body: str) -> str:
    return f"---\ninput:\n  schema:\n{schema}---\n{body}"


@pytest.mark.parametrize(
    ("body", "kind", "line"),
    [
        ("{{x}}{{a}}", "string", "    x: string\n"),
        ("{{a}}{{#if x}}y{{/if}}", "boolean", "    x: boolean\n"),
        ("{{a}}{{#each x}}{{this}}{{/each}}", "array", "    x(array): string\n"),
        ("{{a}}{{#each x}}{{id}}{{/each}}", "array", "    x(array):\n      id: string\n"),
        ("{{a}}{{x.id}}", "object", "    x(object):\n      id: string\n"),
        ('{{a}}{{#ifEquals x "open"}}y{{/ifEquals}}', "string", "    x: string\n"),
        ("{{a}}{{json x}}", "any", "    x: any\n"),
    ],
)
def test_an_undeclared_variable_is_declared_as_it_is_used(body: str, kind: str, line: str) -> None:
    text = front("    a: string # kept\n", body)
    made = fixed(text, f"Declare x as {kind}", "variable_undeclared")
    expected = front("    a: string # kept\n" + line, body)
    assert made == expected
    assert problems(made) == ()


def test_a_json_schema_gets_the_property_and_its_place_among_the_required() -> None:
    text = "---\ninput:\n  schema:\n    type: object\n    properties: {a: {type: string}}\n    required: [a]\n---\n{{a}}{{x}}"
    made = fixed(text, "Declare x as string")
    assert "properties: {a: {type: string}, x: {type: string}}\n    required: [a, x]\n" in made


def test_a_text_that_declares_nothing_is_told_nothing() -> None:
    assert problems("Hello {{name}}") == ()


def test_a_misspelt_variable_becomes_the_declared_one_wherever_it_is_used() -> None:
    text = front("    question: string\n", "{{qestion}} {{#if x.qestion}}{{../qestion}}{{/if}}")
    assert "{{question}} {{#if x.qestion}}" in fixed(text, "Change to question")


def test_a_declaration_that_nothing_uses_goes_or_is_used() -> None:
    text = front("    a: string\n    b?: integer # how many\n", "{{a}}")
    assert fixed(text, "Remove the declaration of b", "variable_unused") == front("    a: string\n", "{{a}}")
    assert fixed(text, "Use b at the end of the template").endswith("{{a}}\n{{b}}")


@pytest.mark.parametrize("body", ["{{json this}}{{a}}", "{{a}}{{> unknown}}"])
def test_what_may_be_used_elsewhere_is_not_called_unused(body: str) -> None:
    assert "variable_unused" not in [p.code for p in problems(front("    a: string\n    b: string\n", body))]


def test_a_variable_that_a_snippet_uses_is_used() -> None:
    text = front("    a: string\n    b: string\n", "{{a}}{{> s}}")
    compiled = prompt.compile(text, snippets={"s": "{{b}}"})
    assert lint(compiled.document, compiled.templates) == []
    bound = front("    a: string\n    b: string\n", '{{a}}{{> s b="x"}}')
    compiled = prompt.compile(bound, snippets={"s": "{{b}}"})
    assert [one.code for one in lint(compiled.document, compiled.templates)] == ["variable_unused"]


@pytest.mark.parametrize(
    ("text", "title", "made"),
    [
        (
            "---\ninput:\n  schema:\n    a: strng, what\n---\n{{a}}",
            "Change to string",
            "    a: string, what\n",
        ),
        ("---\ninput: {schema: {a: int}}\n---\n{{a}}", "Change to integer", "{a: integer}"),
        ("---\ninput:\n  schema:\n    a(list): string\n---\n{{a}}", "Change to array", "a(array): string"),
        ("---\nmodle: a/b\n---\nHi", "Change to model", "model: a/b"),
        ("---\ntemperature: 0.5\n---\nHi", "Move temperature below config", "config:\n  temperature: 0.5\n"),
        ("---\ntitle: a: b\n---\nHi", "Put the value into quotes", 'title: "a: b"\n'),
        ("---\ntitle: @home\n---\nHi", "Put the value into quotes", 'title: "@home"\n'),
        ("---\ntitle: *star # x\n---\nHi", "Put the value into quotes", 'title: "*star" # x\n'),
        ("---\nmodel: 4\n---\nHi", "Put the value into quotes", 'model: "4"\n'),
        ("---\nmodel: a/b\nHello there", "Close the front matter", "model: a/b\n---\nHello there"),
        ("---\nsnippets: {a: main, b: main}\n---\n{{> a}}", "Remove the ref of b", "snippets: {a: main}\n"),
        ("---\ntools: [a, b, a]\n---\nHi", "Remove the second one", "tools: [a, b]\n"),
        ("{{jsn x}}", "Change to json", "{{json x}}"),
        ("{{#eahc x}}y{{/eahc}}", "Change to #each", "{{#each x}}y{{/each}}"),
        ("{{#order}}y{{/order}}", "Write {{#if order}}", "{{#if order}}y{{/if}}"),
        ("{{if x}}y{{/if}}", "Write #if", "{{#if x}}y{{/if}}"),
        ('{{role "assistant"}}Hi', "Change to model", '{{role "model"}}Hi'),
        ('{{role "sytem"}}Hi', "Change to system", '{{role "system"}}Hi'),
        ("a\n{{/if}}\nb", "Remove it", "a\nb"),
        ("a {{else}} b", "Remove it", "a  b"),
        ("{{#if a}}x{{/each}}", "Change to {{/if}}", "{{#if a}}x{{/if}}"),
        (
            "{{#if a}}{{#each b}}x{{/if}}",
            "Close {{#each}} before it",
            "{{#if a}}{{#each b}}x{{/each}}{{/if}}",
        ),
        ("{{name and more", "Close the tag: {{name}}", "{{name}} and more"),
        ("Hello {{name, you", "Close the tag: {{name}}", "Hello {{name}}, you"),
        ('{{section "a}} b', 'Add the closing "', '{{section "a"}} b'),
        ("{{!-- note\nmore", "Close the comment", "{{!-- note--}}\nmore"),
        ("a\0b", "Remove it", "ab"),
    ],
)
def test_each_fix_makes_what_it_says(text: str, title: str, made: str) -> None:
    after = fixed(text, title)
    assert made in after
    codes = {p.code for p in problems(text) if any(fix.title == title for fix in p.fixes)}
    assert not codes & {p.code for p in problems(after)}


def test_a_block_is_closed_where_its_lines_end() -> None:
    alone = '{{role "system"}}\n{{#if a}}\nYes\n\n{{role "user"}}\nHi\n'
    made = fixed(alone, "Close {{#if}} before the next message")
    assert made == '{{role "system"}}\n{{#if a}}\nYes\n{{/if}}\n\n{{role "user"}}\nHi\n'
    assert fixed(alone, "Close {{#if}} at the end").endswith("Hi\n{{/if}}\n")
    assert fixed("Hi {{#if a}}you\nBye", "Close {{#if}} on its line") == "Hi {{#if a}}you{{/if}}\nBye"
    assert fixed("Hi {{#if a}}you", "Close {{#if}} at the end") == "Hi {{#if a}}you{{/if}}"


def test_a_snippet_that_is_not_there_can_be_another() -> None:
    text = "---\nsnippets: {hose-style: main}\n---\n{{> hose-style}}"
    start = text.index("{{>")
    problem = Problem(code="snippet", message="none", start=start, end=len(text))
    document, _ = check(text)
    (one,) = with_fixes(text, document, [problem], lambda name: NAMES)
    assert (
        apply_edits(text, one.fixes[0].edits) == "---\nsnippets: {house-style: main}\n---\n{{> house-style}}"
    )


def test_only_the_first_problems_get_fixes() -> None:
    text = front("    a: string\n", "{{a}}" + "".join(f"{{{{v{i}}}}}" for i in range(30)))
    found = problems(text)
    assert [bool(one.fixes) for one in found] == [True] * 20 + [False] * 10


_PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{{#each a}}",
        "{{/each}}",
        "{{#if x}}",
        "{{else}}",
        "{{/if}}",
        "{{> s}}",
        '{{role "usr"}}',
        "{{x.y}}",
    ]
    + [
        "{{jsn x}}",
        "{{if x}}",
        "{{#x}}",
        "{{/x}}",
        "\n",
        " ",
        "text",
        "😀",
        '{{section "a',
        "{{!-- a",
        "{{a b",
        "\0",
    ]
)
_FRONTS = st.sampled_from(
    [
        "",
        "---\nmodel: a/b\n",
        "---\nmodel: 4\nmodle: x\n---\n",
        "---\ninput:\n  schema:\n    a: string\n    unused: int\n---\n",
        "---\ninput: {schema: {a: string, yy: any}, default: {yy: 1}}\ntemperature: 1\n---\n",
        "---\r\ninput:\r\n  schema:\r\n    a: string\r\n---\r\n",
        "---\nsnippets: {t: main}\ntools: [a, a]\ntitle: a: b\n---\n",
        "---\ninput:\n  schema:\n    type: object\n    properties: {a: {type: string}}\n---\n",
    ]
)


@settings(max_examples=400, deadline=None)
@given(_FRONTS, st.lists(_PIECES, max_size=12).map("".join))
def test_a_fix_never_raises_and_a_declaration_or_an_end_removes_its_problem(head: str, body: str) -> None:
    text = head + body
    for problem in problems(text):
        for fix in problem.fixes:
            after = apply_edits(text, fix.edits)
            left = problems(after)
            if fix.title.startswith(("Declare", "Close {{#", "Put the value", "Close the")):
                assert (problem.code, problem.message) not in {
                    (p.code, p.message) for p in left if _same(p, problem, fix)
                }


def _same(one: Problem, before: Problem, fix: Fix) -> bool:
    """Whether it is the same problem, at the place where the edits left it."""
    moved = sum(len(e.text) - (e.end - e.start) for e in fix.edits if e.end <= before.start)
    return one.start == before.start + moved
