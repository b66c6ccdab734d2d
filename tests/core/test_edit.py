"""Lossless edits: the change is made, and every other byte stays."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import changes as c
from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.edit import apply_edits, edit
from jupyter_prompthub.core.errors import InvalidInput, PromptHubError, PromptSyntaxError
from jupyter_prompthub.core.records import Content, OutputSpec
from tests.support.counts import tried

BASE = """\
# Acme
---
model:   gpt-4   # the cheap one
# settings
config: {temperature: 0.7, stop: [a, 'b']}   # flow
input:
  schema:
    # who asks
    user_message: string, what the customer wrote   # keep
    order?: string
    mood(enum, how they feel): [good, bad]
  default:
    order: "none"
output:
  format: json
  schema: {reply: string}

tools:
- lookup   # first
- {name: refund}
notes: |
  several
   lines

# about the snippets
snippets: {style: "@production"}
---
{{role "system"}}
Be kind. {{> style}}
{{role "user"}}
{{user_message}} {{#if order}}({{order}}){{/if}} {{mood}}
"""


def made(text: str, *wanted: Any) -> str:
    return apply_edits(text, edit(text, wanted))


def content(text: str) -> Content:
    return promptfile.parse(text).content


def changed_lines(before: str, after: str) -> list[str]:
    rows = difflib.ndiff(before.splitlines(), after.splitlines())
    return [row for row in rows if row[:2] in ("- ", "+ ")]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            c.SetModel(model="gpt-5"),
            ["- model:   gpt-4   # the cheap one", "+ model:   gpt-5   # the cheap one"],
        ),
        (c.SetModel(model=None), ["- model:   gpt-4   # the cheap one"]),
        (
            c.SetParameter(name="temperature", value=0.2),
            [
                "- config: {temperature: 0.7, stop: [a, 'b']}   # flow",
                "+ config: {temperature: 0.2, stop: [a, 'b']}   # flow",
            ],
        ),
        (
            c.SetParameter(name="max_tokens", value=9),
            [
                "- config: {temperature: 0.7, stop: [a, 'b']}   # flow",
                "+ config: {temperature: 0.7, stop: [a, 'b'], max_tokens: 9}   # flow",
            ],
        ),
        (
            c.RemoveParameter(name="temperature"),
            [
                "- config: {temperature: 0.7, stop: [a, 'b']}   # flow",
                "+ config: {stop: [a, 'b']}   # flow",
            ],
        ),
        (c.PutVariable(name="lang", description="of the answer"), ["+     lang: string, of the answer"]),
        (
            c.PutVariable(name="order", schema={"type": "integer"}, required=True, has_default=False),
            ["-     order?: string", "+     order: integer", "-   default:", '-     order: "none"'],
        ),
        (c.RemoveVariable(name="mood"), ["-     mood(enum, how they feel): [good, bad]"]),
        (
            c.RenameOutputProperty(name="reply", to="said"),
            ["-   schema: {reply: string}", "+   schema: {said: string}"],
        ),
        (c.PutTool(tool="search"), ["+ - search"]),
        (c.PutTool(tool={"name": "refund", "fee": 1}), ["- - {name: refund}", "+ - {name: refund, fee: 1}"]),
        (c.RemoveTool(name="lookup"), ["- - lookup   # first"]),
        (
            c.PutOutputProperty(name="tone", required=False),
            ["-   schema: {reply: string}", "+   schema: {reply: string, tone?: string}"],
        ),
        (c.RemoveOutputProperty(name="reply"), ["-   schema: {reply: string}"]),
        (
            c.SetSnippetRef(name="style", ref="v1.2"),
            ['- snippets: {style: "@production"}', '+ snippets: {style: "@v1.2"}'],
        ),
        (c.SetSnippetRef(name="style", ref=None), ['- snippets: {style: "@production"}']),
        (
            c.SetMetadata(name="notes", value="one"),
            ["- notes: |", "+ notes: one", "-   several", "-    lines"],
        ),
        (c.SetMetadata(name="notes", value=None), ["- notes: |", "-   several", "-    lines"]),
        (c.SetMetadata(name="title", value="Refunds: all"), ['+ title: "Refunds: all"']),
        (
            c.SetSegment(index=0, source='{{role "system"}}\nBe brief.\n'),
            ["- Be kind. {{> style}}", "+ Be brief."],
        ),
    ],
)
def test_a_change_touches_its_own_lines_only(change: Any, lines: list[str]) -> None:
    after = made(BASE, change)
    got = [line for line in changed_lines(BASE, after) if line.strip() not in ("-", "+")]
    assert sorted(got) == sorted(lines)
    promptfile.parse(after)


TOOLS = """\
---
tools:
  # by name
  - lookup   # first
  - name: refund   # second
    parameters: {type: object,  properties: {order: {type: string}}}
    # of the last
  - {name: close,  fee: 1.50}
  - description:   old   # gone with it
    name: search
  - name: ask
    function:
      name: ask   # inner
      description: old
---
Hi
"""


@pytest.mark.parametrize(
    ("name", "description", "old", "new"),
    [
        ("lookup", "finds: it", "- lookup ", '- {name: lookup, description: "finds: it"} '),
        ("lookup", " ", "", ""),
        ("refund", "pays", "    # of the last\n", "    description: pays\n    # of the last\n"),
        ("close", "ends", "fee: 1.50}", "fee: 1.50, description: ends}"),
        ("search", "new", "old   # gone", "new   # gone"),
        ("search", "", "description:   old   # gone with it\n    name", "name"),
        ("ask", "new", "description: old\n---", "description: new\n---"),
        ("ask", "", "      description: old\n---", "---"),
    ],
)
def test_a_tool_is_described_and_the_rest_of_it_stays(
    name: str, description: str, old: str, new: str
) -> None:
    after = made(TOOLS, c.DescribeTool(name=name, description=description))
    assert after == TOOLS.replace(old, new)
    assert [tool["name"] if isinstance(tool, dict) else tool for tool in content(after).tools] == [
        "lookup", "refund", "close", "search", "ask",
    ]  # fmt: skip


def test_the_edit_of_one_digit_is_an_edit_of_one_digit() -> None:
    (one,) = edit(BASE, [c.SetParameter(name="temperature", value=0.8)])
    assert (BASE[one.start : one.end], one.text) == ("7", "8")


def test_renaming_a_variable_renames_its_declaration_its_default_and_every_use() -> None:
    after = made(BASE, c.RenameVariable(name="order", to="order_number"))
    assert "order_number?: string" in after
    assert 'order_number: "none"' in after
    assert "{{#if order_number}}({{order_number}}){{/if}}" in after
    names = [variable.name for variable in content(after).variables]
    assert names == ["user_message", "order_number", "mood"]
    assert made(after, c.RenameVariable(name="order_number", to="order")) == BASE


def test_renaming_leaves_prose_and_other_variables_alone() -> None:
    text = "order of {{order}} {{orders}} {{a.order}} {{#each order as |x|}}{{x.order}}{{/each}}"
    after = made(text, c.RenameVariable(name="order", to="o"))
    assert after == "order of {{o}} {{orders}} {{a.order}} {{#each o as |x|}}{{x.order}}{{/each}}"


def test_a_text_without_front_matter_gets_some() -> None:
    after = made("Hello {{name}}", c.SetModel(model="m"), c.SetParameter(name="seed", value=1))
    assert after == "---\nmodel: m\nconfig:\n  seed: 1\n---\nHello {{name}}"


def test_windows_line_ends_stay() -> None:
    text = "---\r\nmodel: a\r\n---\r\nHi {{x}}"
    after = made(text, c.SetParameter(name="seed", value=1), c.PutVariable(name="x"))
    assert "\n" not in after.replace("\r\n", "")
    assert content(after).parameters == {"seed": 1}


def test_empty_fields_are_filled_in_place() -> None:
    text = "---\nmodel:   # none yet\nconfig:\ninput:\n  schema:\n---\nHi"
    after = made(text, c.SetModel(model="m"), c.SetParameter(name="seed", value=1), c.PutVariable(name="x"))
    assert after == (
        "---\nmodel: m   # none yet\nconfig:\n  seed: 1\ninput:\n  schema:\n    x: string\n---\nHi"
    )


JSON_FORM = """\
---
input:
  schema:
    type: object   # JSON Schema
    properties:
      a: {type: string}
      b:
        type: integer
    required: [a]
---
{{a}} {{b}}"""


def test_a_json_schema_is_edited_as_one() -> None:
    after = made(
        JSON_FORM, c.PutVariable(name="b", schema={"type": "number"}, required=True), c.PutVariable(name="c")
    )
    found = {one.name: (one.type, one.required) for one in content(after).variables}
    assert found == {"a": ("string", True), "b": ("number", True), "c": ("string", True)}
    assert "type: object   # JSON Schema" in after
    renamed = made(JSON_FORM, c.RenameVariable(name="a", to="z"))
    assert "required: [z]" in renamed
    gone = made(JSON_FORM, c.RemoveVariable(name="a"))
    assert [one.name for one in content(gone).variables if one.declared] == ["b"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (c.RemoveVariable(name="nobody"), "not declared"),
        (c.RenameVariable(name="nobody", to="x"), "there is no variable 'nobody'"),
        (c.RenameVariable(name="mood", to="order"), "there already"),
        (c.RenameOutputProperty(name="nobody", to="x"), "output.schema: there is no 'nobody'"),
        (c.RemoveTool(name="nobody"), "no tool"),
        (c.DescribeTool(name="nobody", description="x"), "no tool"),
        (c.PutTool(tool=3), "expected its name"),
        (c.SetSegment(index=5, source=""), "has 2"),
        (c.SetMetadata(name="model", value="x"), "no metadata"),
        (c.PutVariable(name="type"), "JSON Schema"),
        (
            c.PutVariable(name="x", schema={"type": "string", "minLength": 1}),
            "picoschema cannot say 'minLength'",
        ),
        (c.SetSnippetRef(name="style", ref="a b"), "ref"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(change: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        edit(BASE, [change])


def test_a_change_that_breaks_the_template_is_refused_with_its_place() -> None:
    with pytest.raises(PromptSyntaxError, match="line"):
        edit(BASE, [c.SetSegment(index=1, source="{{#if x}}")])


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
WORDS = st.text(st.sampled_from("ab ,:#'\"{}[]|>-?&*!%@`\\é😀\n"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from([0.5, 1e-7, 1e22]) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)
FIELDS = st.sampled_from(["note", "owner", "acme.team", "title"])
CHANGES = st.one_of(
    st.builds(c.SetModel, model=st.none() | st.from_regex(r"[a-z]+/[a-z0-9:.-]+", fullmatch=True)),
    st.builds(c.SetParameter, name=NAMES, value=VALUES),
    st.builds(c.RemoveParameter, name=st.sampled_from(["temperature", "stop", "missing"])),
    st.builds(c.SetMetadata, name=FIELDS, value=VALUES),
    st.builds(
        c.SetSnippetRef, name=st.just("style"), ref=st.sampled_from([None, "main", "v1.2", "@staging"])
    ),
    st.builds(c.PutTool, tool=NAMES | NAMES.map(lambda name: {"name": name, "x": [1]})),
    st.builds(
        c.PutVariable,
        name=NAMES.map(lambda name: "v" + name),
        schema=st.sampled_from([{"type": "string"}, {"type": "integer"}, {"enum": ["a", "b"]}, {}]),
        required=st.booleans(),
        description=st.text(st.sampled_from("ab :#"), max_size=6),
        has_default=st.booleans(),
        default=VALUES,
    ),
)


def expected(before: Content, change: Any) -> dict[str, Any]:
    """What the content's plain members must be afterwards."""
    parameters, metadata, snippets = dict(before.parameters), dict(before.metadata), dict(before.snippets)
    model, tools = before.model, list(before.tools)
    match change:
        case c.SetModel():
            model = change.model
        case c.SetParameter():
            parameters[change.name] = change.value
        case c.RemoveParameter():
            parameters.pop(change.name, None)
        case c.SetMetadata():
            metadata.pop(change.name, None)
            if change.value is not None:
                metadata[change.name] = change.value
        case c.SetSnippetRef():
            if "style" in snippets:
                snippets["style"] = (change.ref or "latest").removeprefix("@")
        case c.PutTool():
            names = [tool["name"] if isinstance(tool, dict) else tool for tool in tools]
            name = change.tool["name"] if isinstance(change.tool, dict) else change.tool
            if name in names:
                tools[names.index(name)] = change.tool
            else:
                tools.append(change.tool)
    return {
        "model": model,
        "parameters": parameters,
        "metadata": metadata,
        "snippets": snippets,
        "tools": tuple(tools),
        "segments": before.segments,
        "output": before.output,
    }


BASES = st.sampled_from(
    [
        BASE,
        BASE.replace("\n", "\r\n"),
        "Hello {{name}}",
        "---\n---\nHi",
        "---\nconfig:\n  temperature: 1 # c\n---\nHi",
    ]
    + [
        "---\n{model: a, config: {stop: x}}\n---\nHi",
        "---\ntools: [a]\nnote: >-\n  x\n\n\n# end\n---\nHi {{> style}}",
    ]
)


@tried(80)
@given(base=BASES, wanted=st.lists(CHANGES, max_size=5))
def test_edits_make_exactly_the_changes_asked_for_in_any_text(base: str, wanted: list[Any]) -> None:
    text = base
    for change in wanted:
        before = content(text)
        after = made(text, change)
        now = content(after)
        for member, value in expected(before, change).items():
            assert getattr(now, member) == value, (member, text, change, after)
        if isinstance(change, c.PutVariable):
            one = next(v for v in now.variables if v.name == change.name)
            assert one.required == (change.required and not change.has_default)
            assert one.has_default == change.has_default
            assert one.default == (change.default if change.has_default else None)
        text = after
    try:
        at_once = made(base, *wanted)
    except PromptHubError:
        raise AssertionError("changes that work one by one work at once") from None
    assert at_once == text


@tried(50)
@given(base=BASES, change=CHANGES)
def test_making_a_change_twice_changes_nothing_the_second_time(base: str, change: Any) -> None:
    once = made(base, change)
    assert edit(once, [change]) == []


@tried(50)
@given(base=BASES, change=CHANGES)
def test_comments_outside_of_the_changed_unit_are_all_still_there(base: str, change: Any) -> None:
    kept = ["# settings", "# who asks", "# keep", "# about the snippets", "# first", "# Acme", "# end"]
    after = made(base, change)
    for comment in kept:
        assert (comment in base) == (comment in after)


@pytest.mark.parametrize("text", ["a:", "- a", "? a", "a #", "#a", "a: b", "&a", "*a", "!a", "|", "~"])
def test_a_text_among_lists_stays_a_text(text: str) -> None:
    after = made("Hi", c.PutVariable(name="x", has_default=True, default=[text, []]))
    (one,) = content(after).variables
    assert one.default == [text, []]


def test_what_a_change_leaves_open_is_as_it_is_written_then() -> None:
    text = "---\ninput:\n  schema:\n    a: string, old\n    b?: integer\n  default: {a: x}\n---\n{{a}}{{b}}\n"
    put = [c.PutVariable(name=name, description="new") for name in ("b", "d")]
    put.append(c.PutVariable(name="a", has_default=True, default="other"))
    put.append(c.PutVariable(name="b", schema={"type": "number"}))
    put.append(c.PutVariable(name="b", required=True))
    after = made(text, *put)
    assert "    a: string, old\n    b: number, new\n    d: string, new\n" in after
    assert "default: {a: other}" in after
    # and in JSON Schema, where a new one is required
    json = content(made(JSON_FORM, c.PutVariable(name="a", description="new"), c.PutVariable(name="z")))
    found = {one.name: (one.description, one.required) for one in json.variables}
    assert found["a"] == ("new", True)
    assert found["z"] == ("", True)


def test_a_property_of_the_answer_keeps_what_is_left_open() -> None:
    text = "---\noutput:\n  schema:\n    reply?: string, two sentences\n---\nHi\n"
    after = made(text, c.PutOutputProperty(name="reply", schema={"type": "integer"}))
    assert "    reply?: integer, two sentences\n" in after


def test_the_format_of_the_answer_is_set_and_removed() -> None:
    text = "---\nmodel: x  # cheap\n---\nHi\n"
    json = made(text, c.SetOutputFormat(format="json"))
    assert content(json).output == OutputSpec(format="json")
    assert made(json, c.SetOutputFormat(format=None)) == text
