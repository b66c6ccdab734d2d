"""The text of a unit: what a conflict shows, what a person writes in its place, and what is refused at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.merge.texts import read, shown
from jupyter_prompthub.core.merge.values import MISSING, same, units_of
from jupyter_prompthub.core.promptfile import check, parse
from jupyter_prompthub.core.records import ConflictResolution, MergeResult
from tests.support.counts import tried

BASE = """\
---
model: a/one
title: One
config: {temperature: 0.5}
input:
  schema:
    n: number, how many
    color(enum): [RED, BLUE]
  default: {n: 1}
tools: [{name: t, description: One}]
snippets: {house: "@v1"}
output:
  format: json
  schema:
    reply: string
---
{{n}} {{color}} {{> house}}
"""
OURS = (
    ("a/one", "a/two"),
    ("title: One", "title: Two"),
    ("0.5", "0.6"),
    ("n: number, how many", "n: integer, how many"),
    ("[RED, BLUE]", "[RED]"),
    ("description: One", "description: Two"),
    ("@v1", "@v2"),
    ("json", "text"),
    ("reply: string", "reply: number"),
)
THEIRS = (
    ("a/one", "a/three"),
    ("title: One", "title: Three"),
    ("0.5", "0.7"),
    ("n: number, how many", "n: string, how many"),
    ("[RED, BLUE]", "[BLUE]"),
    ("description: One", "description: Three"),
    ("@v1", "@v3"),
    ("json", "yaml"),
    ("reply: string", "reply?: boolean"),
)


def changed(edits: tuple[tuple[str, str], ...], only: str = "") -> str:
    text = BASE
    for old, new in edits:
        if not only or only == old:
            text = text.replace(old, new)
    return text


def conflicts() -> dict[str, str | None]:
    return {one.id: one.ours for one in merge(BASE, changed(OURS), changed(THEIRS)).conflicts}


def written(id_: str, text: str) -> MergeResult:
    """The merge with this one conflict, decided by a text."""
    one = {
        "value:model": "a/one",
        "value:metadata/title": "title: One",
        "value:parameter/temperature": "0.5",
        "value:variable/n": "n: number, how many",
        "value:tool/t": "description: One",
        "value:snippet/house": "@v1",
        "value:output/format": "json",
        "value:output/schema/reply": "reply: string",
    }[id_]
    return merge(BASE, changed(OURS, one), changed(THEIRS, one), [ConflictResolution(id=id_, text=text)])


def test_a_conflict_shows_each_unit_as_it_stands_in_the_front_matter() -> None:
    assert conflicts() == {
        "value:model": "model: a/two\n",
        "value:parameter/temperature": "temperature: 0.6\n",
        "value:snippet/house": "house: @v2",
        "value:metadata/title": "title: Two\n",
        "value:variable/n": "n: integer, how many\ndefault: 1\n",
        "value:variable/color": "color(enum): [RED]\n",
        "value:tool/t": "{name: t, description: Two}",
        "value:output/format": "format: text\n",
        "value:output/schema/reply": "reply: number\n",
    }


@pytest.mark.parametrize(
    ("id_", "text", "said"),
    [
        ("value:variable/n", "n: integer", "n: integer\n"),
        ("value:variable/n", "n: integer\ndefault: 2\n", "default: {n: 2}"),
        ("value:output/schema/reply", "reply: string, in short", "reply: string, in short\n"),
        ("value:output/schema/reply", "reply?: string", "reply?: string\n"),
        ("value:tool/t", "t", "tools: [t]"),
        ("value:tool/t", "{name: t, description: Other}", "description: Other"),
        ("value:snippet/house", "house: @v4", '"@v4"'),
        ("value:snippet/house", 'house: "@v4"', '"@v4"'),
        ("value:output/format", "format: xml", "format: xml"),
        ("value:parameter/temperature", "temperature: null", "temperature: null"),
    ],
)
def test_a_unit_is_written_as_it_is_shown(id_: str, text: str, said: str) -> None:
    made = written(id_, text)
    assert said in str(made.text)


@pytest.mark.parametrize("id_", ["value:model", "value:metadata/title", "value:output/format"])
def test_null_takes_a_field_out(id_: str) -> None:
    name = id_.rpartition("/")[2].removeprefix("value:")
    for null in ("", " null"):
        made = written(id_, f"{name}:{null}")
        assert made.conflicts == ()
        assert f"{name}:" not in str(made.text)


@pytest.mark.parametrize(
    ("id_", "text", "why"),
    [
        ("value:variable/n", "n: strng", "there is no type 'strng'"),
        ("value:variable/n", "n: null", "expected a type's name"),
        ("value:variable/n", "m: integer", "expected n: and its type"),
        ("value:variable/n", "integer", "expected n: and its type"),
        ("value:variable/n", "n: integer\nmore: 1", "expected n: and its type"),
        ("value:variable/n", "", "expected n: and its type"),
        ("value:variable/n", "n: {enum: 3}", "cannot be written with it"),
        ("value:output/schema/reply", "reply: {items: 3}", "cannot be written with it"),
        ("value:model", "model: 3", "model: expected text, got a number"),
        ("value:model", "model: [", "it is no YAML"),
        ("value:output/format", "format: 7", "output.format: expected text"),
        ("value:output/schema/reply", "reply: 7", "expected a type's name"),
        ("value:tool/t", "t: 7", "a tool: expected its name"),
        ("value:tool/t", "other", "expected t, or a mapping with name: t"),
        ("value:tool/t", "", "a tool: expected its name"),
        ("value:snippet/house", "house", "expected house: and a ref"),
        ("value:snippet/house", "house: @a b", "a b"),
        ("value:parameter/temperature", "top_p: 1", "expected temperature: and its value"),
    ],
)
def test_a_text_that_is_no_such_unit_is_refused_with_the_reason(id_: str, text: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        written(id_, text)
    assert refused.value.message.startswith(f"the resolution of {id_}: ")
    assert why in refused.value.message


@pytest.mark.parametrize("name", ["bad name", "", "3", "if", "a: b"])
def test_a_new_name_of_a_variable_is_a_name(name: str) -> None:
    base = "---\ninput:\n  schema:\n    name: string\n---\n{{name}}\n"
    sides = (base.replace("name", new) for new in ("first", "last"))
    resolution = ConflictResolution(id="renamed:variable/name", text=name)
    with pytest.raises(InvalidInput, match="renamed:variable/name: "):
        merge(base, *sides, [resolution])


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_the_text_of_the_last_message_may_end_in_a_line_or_not(end: str) -> None:
    base = "---\nmodel: a/b\n---\nOne.\nTwo.\n"
    sides = (base.replace("Two", number) for number in ("2", "II"))
    resolution = ConflictResolution(id="text:segment/0/user", text=f"One.\nBoth.{end}")
    assert merge(base, *sides, [resolution]).text == base.replace("Two", "Both")


def test_an_order_is_not_written() -> None:
    first, second, third = (f'{{{{role "{role}"}}}}\n{role} says.\n' for role in ("system", "user", "model"))
    three = (first + second + third, third + first + second, second + first + third)
    (conflict,) = merge(*three).conflicts
    with pytest.raises(InvalidInput, match="order:segments can be resolved with base, ours or theirs"):
        merge(*three, [ConflictResolution(id=conflict.id, text="segment/0/system\n")])


def test_a_text_with_which_the_front_matter_cannot_be_written_is_refused() -> None:
    base = "---\noutput: {schema: {type: object, title: One, properties: {a: {type: string}}}}\n---\nHi.\n"
    with pytest.raises(InvalidInput, match="value:variable/n: the front matter cannot be written with it"):
        written("value:variable/n", "n:\n  type: integer\n  minimum: 1\n")
    ours, theirs = base.replace("One", "Two"), base.replace("One", "Three")
    (conflict,) = merge(base, ours, theirs).conflicts
    assert conflict.id == "value:output/schema"
    text = "schema: {type: object, title: Four}"
    with pytest.raises(InvalidInput, match="value:output/schema: the front matter cannot be written with it"):
        merge(base, ours, theirs, [ConflictResolution(id=conflict.id, text=text)])
    with pytest.raises(InvalidInput, match="all of the schema but its properties"):
        merge(
            base,
            ours,
            theirs,
            [ConflictResolution(id=conflict.id, text=text.replace("title", "properties: {b: {}}, title"))],
        )


_types = st.sampled_from(["string", "number, with a note", "any", "integer"])
_properties = st.one_of(
    st.tuples(st.sampled_from(["a", "a?"]), _types),
    st.tuples(st.sampled_from(["a(enum)", "a?(enum, one of)"]), st.just("[X, Y]")),
    st.tuples(st.sampled_from(["a(array)", "a?(array, some)"]), _types),
    st.tuples(st.sampled_from(["a(object)", "a?(object, one)"]), st.just("{b: string, c?: integer}")),
)
_schemas = st.one_of(
    _properties.map(
        lambda pair: (
            f"{{'{pair[0]}': '{pair[1]}'}}" if pair[1][0] not in "[{" else f"{{'{pair[0]}': {pair[1]}}}"
        )
    ),
    st.tuples(
        st.sampled_from(["", "required: [a], "]),
        st.sampled_from(
            [
                "type: string",
                "anyOf: [{type: string}, {}]",
                "type: string, minLength: 2",
                "type: [string, 'null']",
                "description: x",
                "enum: [1, null]",
                "properties: {b: {}}",
            ]
        ),
    ).map(lambda pair: f"{{type: object, {pair[0]}properties: {{a: {{{pair[1]}}}}}}}"),
)


@tried(100)
@given(
    _schemas, st.sampled_from(["", "default: {a: x}, ", "default: {a: null}, ", "examples: {a: [x, y]}, "])
)
def test_a_unit_that_is_shown_is_read_as_what_it_was(schema: str, beside: str) -> None:
    text = (
        f"---\ninput: {{{beside}schema: {schema}}}\noutput: {{schema: {schema}}}\n"
        f"tools: [t, {{name: u}}, 'a:']\nconfig: {{'x/y': [1], z: null}}\nmodel: m\n'a b': {{c: 1}}\nsnippets: {{s/t: '@v1'}}\n---\n{{{{> s/t}}}}\n"
    )
    assert check(text)[0] is not None, check(text)[1]
    for path, value in units_of(parse(text).content).items():
        said = shown(path, value)
        assert said is not None
        assert same(read(path, said), value), (path, said)
    assert shown("model", MISSING) is None
