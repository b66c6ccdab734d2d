"""Examples of variables: read, checked, edited without a trace elsewhere, compared and merged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import changes as c
from jupyter_prompthub.core.canonical import content_hash
from jupyter_prompthub.core.compatibility import Contract, compatibility
from jupyter_prompthub.core.diff import diff
from jupyter_prompthub.core.edit import apply_edits, edit
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.promptfile import check, parse
from tests.core.test_fixes import fixed, problems
from tests.support.counts import tried

TEXT = """\
---
input:
  schema:
    order: string, its number   # keep
    amount?: number
  examples:
    # from the shop
    order:
    - A-17   # the first
    - B-2203
    amount: [12.5, 3]   # dollars
---
{{order}} {{amount}}
"""
JSON_SCHEMA = """\
---
input:
  schema:
    type: object
    properties:
      order: {type: string, examples: [A-17]}   # in the schema
    required: [order]
---
{{order}}
"""


def made(text: str, *wanted: Any) -> str:
    return apply_edits(text, edit(text, wanted))


def examples(text: str) -> dict[str, tuple[Any, ...]]:
    return {each.name: each.examples for each in parse(text).content.variables}


def put(name: str, *values: Any) -> c.PutVariable:
    return c.PutVariable(name=name, examples=values)


def test_examples_are_read_beside_the_schema_and_in_it() -> None:
    assert examples(TEXT) == {"order": ("A-17", "B-2203"), "amount": (12.5, 3)}
    assert examples(JSON_SCHEMA) == {"order": ("A-17",)}
    both = JSON_SCHEMA.replace("input:\n", "input:\n  examples: {order: [Z]}\n")
    assert examples(both) == {"order": ("Z",)}
    assert problems(TEXT) == problems(both) == ()


def test_a_name_with_examples_alone_is_declared_and_required() -> None:
    (one,) = parse("---\ninput: {examples: {name: [Ada]}}\n---\n{{name}}").content.variables
    assert (one.declared, one.required, one.type, one.examples) == (True, True, "string", ("Ada",))
    empty = "---\ninput: {examples: {name: []}}\n---\n{{name}}"
    assert not parse(empty).content.variables[0].declared


@pytest.mark.parametrize(
    ("old", "new", "title", "mended"),
    [
        ("[12.5, 3]", "[12.5, '3']", "Change to 3", "[12.5, 3]"),
        ("[12.5, 3]", "[12.5, many]", "Remove this example", "[12.5]"),
        ("- B-2203", "- 2203", 'Change to "2203"', '- "2203"'),
        ("- A-17   # the first\n    - B", "- 1\n    - B", "Remove this example", "- B"),
    ],
)
def test_an_example_of_another_type_is_a_warning_with_a_fix(
    old: str, new: str, title: str, mended: str
) -> None:
    wrong = TEXT.replace(old, new)
    (problem,) = problems(wrong)
    assert (problem.code, problem.severity) == ("example_type", "warning")
    assert "expected" in problem.message
    assert fixed(wrong, title) == TEXT.replace(old, mended)


def test_an_example_within_a_json_schema_is_checked_and_mended_there() -> None:
    wrong = JSON_SCHEMA.replace("[A-17]", "[17]")
    assert fixed(wrong, 'Change to "17"', "example_type") == JSON_SCHEMA.replace("[A-17]", '["17"]')
    assert "examples" not in fixed(wrong, "Remove this example", "example_type")


def test_a_schema_that_cannot_be_used_does_not_stop_the_check() -> None:
    text = JSON_SCHEMA.replace("type: string", '$ref: "#/$defs/none"')
    assert [problem.code for problem in problems(text)] == []


def test_examples_of_a_variable_that_is_not_there_are_a_warning_with_fixes() -> None:
    wrong = TEXT.replace("    amount: [", "    amounts: [")
    (problem,) = problems(wrong)
    assert problem.code == "example_unused"
    assert fixed(wrong, "Change to amount") == TEXT
    gone = TEXT.replace("    amount: [12.5, 3]   # dollars\n", "")
    assert fixed(wrong, "Remove the examples of amounts") == gone


def test_a_lone_value_is_refused_with_a_fix() -> None:
    wrong = TEXT.replace("[12.5, 3]", "12.5")
    document, found = check(wrong)
    assert document is None
    assert [(each.code, each.line) for each in found] == [("example_list", 11)]
    assert fixed(wrong, "Put it into a list", "example_list") == TEXT.replace("[12.5, 3]", "[12.5]")


def test_examples_are_added_changed_and_removed_one_by_one() -> None:
    assert made(TEXT, put("order", "A-17", "B-2203", "C: 3")) == TEXT.replace(
        "- B-2203\n", '- B-2203\n    - "C: 3"\n'
    )
    assert made(TEXT, put("order", "A-18", "B-2203")) == TEXT.replace("A-17", "A-18")
    assert made(TEXT, put("order", "B-2203")) == TEXT.replace("    - A-17   # the first\n", "")
    assert made(TEXT, put("amount", 12.5, 3, 4)) == TEXT.replace("12.5, 3", "12.5, 3, 4")
    assert made(TEXT, put("amount", 3)) == TEXT.replace("12.5, 3", "3")
    assert made(TEXT, put("amount")) == TEXT.replace("    amount: [12.5, 3]   # dollars\n", "")
    assert "examples" not in made(TEXT, put("amount"), put("order"))


def test_one_example_is_changed_by_its_value() -> None:
    two = (c.AddExample(name="order", value="C"), c.ReplaceExample(name="order", value="A-17", to="A-18"))
    assert made(TEXT, *two) == TEXT.replace("A-17", "A-18").replace("- B-2203\n", "- B-2203\n    - C\n")
    assert made(TEXT, c.AddExample(name="order", value="A-17")) == TEXT
    assert made(TEXT, c.RemoveExample(name="amount", value=12.5)) == TEXT.replace("12.5, 3", "3")
    # one that is there already takes the place of both
    twice = c.ReplaceExample(name="amount", value=12.5, to=3.0)
    assert made(TEXT, twice) == TEXT.replace("12.5, 3", "3")
    bare = made("Hi {{name}}", c.AddExample(name="name", value="Ada"))
    assert bare == "---\ninput:\n  examples:\n    name: [Ada]\n---\nHi {{name}}"
    with pytest.raises(InvalidInput, match="order has no example gone; somebody may have changed it"):
        edit(TEXT, [c.RemoveExample(name="order", value="gone")])


def test_another_type_keeps_of_the_default_and_the_examples_what_fits_it() -> None:
    text = TEXT.replace("  examples:", "  default: {amount: 4}\n  examples:")
    number = made(text, c.PutVariable(name="amount", schema={"type": "integer"}, fitting=True))
    assert number == text.replace("amount?: number", "amount?: integer").replace("12.5, 3", "3")
    flag = made(text, c.PutVariable(name="amount", schema={"type": "boolean"}, fitting=True))
    assert "default" not in flag
    assert "dollars" not in flag
    same = made(text, c.PutVariable(name="amount", schema={"type": "number"}, fitting=True))
    assert same == text
    within = c.PutVariable(name="order", schema={"type": "integer"}, fitting=True)
    assert "examples" not in made(JSON_SCHEMA, within)


def test_examples_in_a_json_schema_are_edited_where_they_stand() -> None:
    assert made(JSON_SCHEMA, put("order", "A-17", "B")) == JSON_SCHEMA.replace("[A-17]", "[A-17, B]")
    assert made(JSON_SCHEMA, put("order")) == JSON_SCHEMA.replace(", examples: [A-17]", "")
    described = made(JSON_SCHEMA, c.PutVariable(name="order", schema={"type": "string", "minLength": 1}))
    assert examples(described) == {"order": ("A-17",)}


def test_the_examples_follow_a_variable_that_is_renamed_and_go_with_one_that_is_removed() -> None:
    renamed = made(TEXT, c.RenameVariable(name="amount", to="total"))
    assert renamed == TEXT.replace("amount", "total")
    removed = made(TEXT, c.RemoveVariable(name="amount"))
    assert examples(removed)["amount"] == ()
    assert "dollars" not in removed


def test_examples_count_for_the_content_and_bind_no_caller() -> None:
    before, after = parse(TEXT).content, parse(made(TEXT, put("order", "C"))).content
    assert content_hash(before) != content_hash(after)
    (change,) = diff(before, after).changes
    assert change.label == "variable order: examples changed"
    assert "examples: [C]" in (change.after or "")
    within = diff(parse(JSON_SCHEMA).content, parse(JSON_SCHEMA.replace("A-17", "B")).content)
    assert [each.label for each in within.changes] == ["variable order: examples changed"]
    assert compatibility(Contract.of(before), Contract.of(after)).compatible


def test_examples_that_two_people_add_are_merged() -> None:
    base = TEXT.replace("    amount: [12.5, 3]   # dollars\n", "")
    ours = made(base, put("amount", 1), c.PutVariable(name="order", description="as printed"))
    theirs = made(base, put("order", "B-2203"))
    result = merge(base, ours, theirs)
    assert result.text is not None
    assert examples(result.text) == {"order": ("B-2203",), "amount": (1,)}
    assert merge(base, theirs, ours).text == result.text


def test_a_type_that_does_not_fit_the_other_sides_example_is_a_conflict() -> None:
    base = "---\ninput: {schema: {order: string}}\nmodel: x\n---\n{{order}}\n"
    ours = base.replace("order: string", "order: integer")
    theirs = made(base, put("order", "A-17"))
    result = merge(base, ours, theirs)
    assert result.conflicts


BASES = st.sampled_from(
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        JSON_SCHEMA,
        "---\ninput: {schema: {order: string}}   # one line\n---\n{{order}}",
        "---\ninput:\n  schema:\n    order: string\n# end\n---\n{{order}}",
        "---\ninput:\n  examples:\n    order:\n      - |\n        two\n        lines\n      # between\n      - x\n---\n{{order}}",
        "Hello {{order}}",
    ]
)
VALUES = st.lists(
    st.sampled_from(["A-17", "B-2203", "", "a: b", "- x", "two\nlines", "#", "a:", "[", 'q"'])
    | st.integers(0, 9),
    max_size=5,
)


@tried(80)
@given(base=BASES, rounds=st.lists(VALUES, min_size=1, max_size=4))
def test_the_examples_are_what_was_asked_for_and_nothing_else_changes(
    base: str, rounds: list[list[Any]]
) -> None:
    text = made(base, c.PutVariable(name="order"))
    # examples come and go, and what is no example is there as before
    bare = made(text, put("order"))
    rest = examples(text).get("amount", ())
    for values in rounds:
        text = made(text, put("order", *values))
        now = parse(text).content
        assert next(each for each in now.variables if each.name == "order").examples == tuple(values)
        assert edit(text, [put("order", *values)]) == []
        assert examples(text).get("amount", ()) == rest
        assert made(text, put("order")) == bare
