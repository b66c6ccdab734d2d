"""Contracts: variables of a prompt, inputs against them, and one contract against another."""

from __future__ import annotations

import time
from typing import Any

import pytest

from jupyter_prompthub.core.compatibility import Contract, compatibility
from jupyter_prompthub.core.contract import check_inputs, variables_of
from jupyter_prompthub.core.errors import ContractError, LimitExceeded
from jupyter_prompthub.core.promptfile import Document, parse
from jupyter_prompthub.core.records import Compatibility, Variable


def prompt(template: str, schema: str = "", default: str = "") -> Document:
    """A document with a flow-style input schema and defaults."""
    lines = [f"  {key}: {value}" for key, value in (("schema", schema), ("default", default)) if value]
    return parse("\n".join(["---", "input:", *lines, "---", template]) if lines else template)


def names(document: Document, **snippets: Document) -> dict[str, tuple[str, bool, bool]]:
    found = variables_of(document, snippets)
    return {one.name: (one.type, one.required, one.declared) for one in found}


def rows(variables: tuple[Variable, ...], inputs: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """name -> (expected, got) of the refusal."""
    with pytest.raises(ContractError) as caught:
        check_inputs(variables, inputs)
    return {row["name"]: (row["expected"], row["got"]) for row in caught.value.details["variables"]}


def test_variables_are_declared_or_inferred() -> None:
    document = prompt("{{a}} {{b}} {{#each c}}{{x}}{{/each}} {{d.e}}", "{a?: integer}", "{b: hi}")
    assert names(document) == {
        "a": ("integer", False, True),
        "b": ("string", False, True),
        "c": ("any", True, False),
        "d": ("any", True, False),
    }


def test_a_variable_that_is_tested_and_written_out_is_text() -> None:
    assert names(prompt("{{#if a}}{{a}}{{/if}}{{#if b}}x{{/if}}")) == {
        "a": ("string", True, False),
        "b": ("any", True, False),
    }


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{#each l}}{{inner}}{{../outer}}{{/each}}", ["l", "outer"]),
        ("{{#each l as |item i|}}{{item.x}}{{i}}{{/each}}", ["l"]),
        ("{{#each l as |l|}}{{l}}{{/each}}{{l}}", ["l"]),
        ("{{#with o}}{{a}}{{@root.b.c}}{{#if x}}{{../d}}{{/if}}{{/with}}", ["o", "b", "d"]),
        ("{{#with this}}{{a}}{{/with}}", ["a"]),
        ("{{#each l}}{{#each this}}{{../../deep}}{{../../../none}}{{/each}}{{/each}}", ["l", "deep"]),
        ("{{@state.x}}{{@index}}", []),
        ("{{#each l}}x{{else}}{{empty}}{{/each}}", ["l", "empty"]),
        ("{{#if a}}x{{else if b}}y{{/if}}{{#ifEquals c \"x\"}}z{{/ifEquals}}", ["a", "b", "c"]),
        ("{{media url=u contentType=t}}{{section s}}{{json j indent=n}}", ["u", "t", "s", "j", "n"]),
        ("{{this.a}}{{./b}}{{this}}", ["a", "b"]),
        ("{{[odd name]}}", ["odd name"]),
    ],
)  # fmt: skip
def test_blocks_and_block_parameters_have_their_own_names(template: str, expected: list[str]) -> None:
    assert [one.name for one in variables_of(prompt(template))] == expected


def test_a_snippets_variables_join() -> None:
    style = prompt("{{tone}} {{name}}", "{tone: string, name?: string}")
    found = names(prompt("{{> s}} {{who}}"), s=style)
    assert found == {
        "who": ("string", True, False),
        "tone": ("string", True, True),
        "name": ("string", False, True),
    }


def test_bound_names_and_contexts_of_their_own_do_not_join() -> None:
    style = prompt("{{tone}} {{name}}")
    assert list(names(prompt("{{> s tone=t}}"), s=style)) == ["t", "name"]
    assert list(names(prompt("{{> s person}}"), s=style)) == ["person"]
    assert list(names(prompt("{{> s this}}"), s=style)) == ["tone", "name"]
    assert list(names(prompt("{{#each l}}{{> s}}{{/each}}"), s=style)) == ["l"]


def test_snippets_join_through_snippets() -> None:
    found = names(prompt("{{> a x=1}}"), a=prompt("{{> b}}{{y}}"), b=prompt("{{x}}{{z}}"))
    assert list(found) == ["y", "z"]


def test_snippets_in_a_circle_are_listed_once() -> None:
    assert list(names(prompt("{{> a}}"), a=prompt("{{> b}}{{x}}"), b=prompt("{{> a}}{{y}}"))) == ["x", "y"]


def test_two_types_for_one_variable_are_an_error() -> None:
    with pytest.raises(
        ContractError, match=r"'n' is integer in the prompt and string in the snippet s"
    ) as caught:
        variables_of(prompt("{{n}}{{> s}}", "{n: integer}"), {"s": prompt("{{n}}", "{n: string}")})
    assert caught.value.details["variables"] == [{"name": "n", "expected": "integer", "got": "string"}]


def test_a_snippets_declaration_counts_over_an_inferred_one() -> None:
    found = names(prompt("{{n}}{{> s}}"), s=prompt("{{n}}", "{n: integer}"))
    assert found == {"n": ("integer", True, True)}


def test_a_variable_that_a_snippet_requires_is_required() -> None:
    assert names(prompt("{{n}}{{> s}}", "{n?: string}"), s=prompt("{{n}}", "{n: string}"))["n"][1]
    with_default = prompt("{{n}}{{> s}}", "{n: string}", "{n: x}")
    assert not names(with_default, s=prompt("{{n}}", "{n: string}"))["n"][1]


def test_every_missing_and_mistyped_input_is_named() -> None:
    schema = '{a: string, n: integer, "m(enum)": [x, y], o: {k: boolean}, "l(array)": number}'
    found = variables_of(prompt("{{a}}", schema))
    assert rows(found, {"n": "3", "m": "z", "o": {"k": 1}, "l": [1, "2"]}) == {
        "a": ("string", "nothing"),
        "n": ("integer", "string"),
        "m": ("one of 'x', 'y'", "string"),
        "o": ("boolean at o.k", "integer 1"),
        "l": ("number at l.1", "string"),
    }
    assert rows(found, {"a": "", "n": 1, "m": "x", "o": {}, "l": []}) == {
        "o": ("object with k", "object without")
    }
    assert rows(found, {"a": "", "n": True, "m": "x", "o": {"k": True}, "l": None}) == {
        "n": ("integer", "boolean True"),
        "l": ("array", "null"),
    }


def test_other_rules_of_json_schema_are_named() -> None:
    found = variables_of(prompt("{{a}}", "{type: object, properties: {a: {type: string, maxLength: 2}}}"))
    assert rows(found, {"a": "xyz"}) == {"a": ("string with maxLength 2", "string")}


def test_the_message_never_holds_the_text_that_was_given() -> None:
    with pytest.raises(ContractError) as caught:
        check_inputs(variables_of(prompt("{{n}}", "{n: integer}")), {"n": "my secret"})
    assert "secret" not in caught.value.message + str(caught.value.details)


def test_defaults_fill_in_and_null_is_left_out() -> None:
    found = variables_of(prompt("{{a}}{{b}}{{c}}", "{a: string, b?: string, c: string}", "{a: x}"))
    assert check_inputs(found, {"c": "z", "b": None}) == ({"a": "x", "c": "z"}, ())
    assert check_inputs(found, {"a": "y", "c": "z"})[0] == {"a": "y", "c": "z"}


def test_inferred_text_takes_scalars_only() -> None:
    found = variables_of(prompt("{{a}} {{#each l}}{{/each}}"))
    for value in ("x", 3, 2.5, True):
        assert check_inputs(found, {"a": value, "l": [1]})[0]["a"] == value
    assert rows(found, {"a": [1], "l": "x"}) == {"a": ("string", "array")}
    assert rows(found, {"a": None, "l": 1}) == {"a": ("string", "null")}


def test_an_unused_input_is_a_warning() -> None:
    (warning,) = check_inputs(variables_of(prompt("{{a}}")), {"a": "x", "b": 1, "c": 2}, also=["c"])[1]
    assert (warning.severity, warning.code) == ("warning", "input_unused")
    assert "'b'" in warning.message


def test_references_within_the_schema_hold() -> None:
    schema = (
        '{type: object, properties: {a: {$ref: "#/$defs/n"}}, required: [a], $defs: {n: {type: integer}}}'
    )
    found = variables_of(prompt("{{a}}", schema))
    assert check_inputs(found, {"a": 1})[0] == {"a": 1}
    assert rows(found, {"a": "x"})["a"] == ("integer", "string")


def declared(schema: dict[str, Any], **more: Any) -> Variable:
    return Variable.model_validate({"name": "a", "schema": schema, **more})


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.org/a.json"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "#/nowhere"},
        {"type": "no such type"},
        {"type": 3},
        {"properties": 3},
        {"$ref": "#"},
        {"minLength": "x"},
    ],
)
def test_a_schema_that_cannot_be_used_is_an_error_and_nothing_is_fetched(schema: dict[str, Any]) -> None:
    with pytest.raises(ContractError, match="the schema of 'a' cannot be used"):
        check_inputs([declared(schema)], {"a": {"b": 1} if "properties" in schema else "text"})


def test_references_that_multiply_are_stopped() -> None:
    defs: dict[str, Any] = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 8} for i in range(20)}
    schema = {"$ref": "#/$defs/d0", "$defs": {**defs, "d20": {}}}
    with pytest.raises(ContractError, match="1000 references"):
        check_inputs([declared(schema)], {"a": 1})


def test_a_schema_that_is_too_deep_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(100):
        schema = {"items": schema}
    with pytest.raises(LimitExceeded, match="64 deep"):
        check_inputs([declared(schema)], {"a": 1})


def test_regular_expressions_are_never_run() -> None:
    hostile = "(a+)+$"
    schema = {
        "pattern": hostile,
        "patternProperties": {hostile: {"type": "integer"}},
        "additionalProperties": False,
        "propertyNames": {"pattern": hostile},
        "properties": {"pattern": {"type": "string"}},
    }
    started = time.process_time()
    assert check_inputs([declared(schema)], {"a": {"a" * 64 + "!": 1, "pattern": "x"}})[1] == ()
    assert check_inputs([declared(schema)], {"a": "a" * 64 + "!"})[1] == ()
    assert time.process_time() - started < 2


ANY = variables_of(prompt("{{#if a}}{{/if}}"))
TEXT = variables_of(prompt("{{a}}"))


def between(old: tuple[Variable, ...], new: tuple[Variable, ...]) -> Compatibility:
    return compatibility(Contract(old), Contract(new))


def test_inferred_variables_compare_by_what_they_take() -> None:
    assert between(TEXT, TEXT).compatible
    assert between(TEXT, ANY).compatible
    assert between(variables_of(prompt("{{a}}", "{a: integer}")), TEXT).compatible
    listed = variables_of(prompt("{{a}}", '{"a(array)": string}'))
    assert between(listed, TEXT).reasons == ("variable a: took array, takes only text now",)
    assert between(ANY, TEXT).reasons == ("variable a: took array or object, takes only text now",)
    assert not between(TEXT, variables_of(prompt("{{a}}", "{a: integer}"))).compatible
