"""When callers of one version can call another one: the table of the format's page, and its three laws."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_prompthub.core.compatibility import Contract, compatibility
from jupyter_prompthub.core.contract import check_inputs, variables_of
from jupyter_prompthub.core.errors import ContractError
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import Compatibility, OutputSpec, Variable
from jupyter_prompthub.core.validation import first_error

PAGE = Path(__file__).parents[2] / "docs/formats/compatibility.md"
IN, OUT, TOOLS = "input: {{schema: {}}}", "output: {{format: json, schema: {}}}", "tools: {}"

CASES: list[tuple[str, str, str, str | None]] = [
    # what, a, b, why not
    ("nothing changed", IN.format("{a: string}"), IN.format("{a: string}"), None),
    ("optional variable added", IN.format("{a: string}"), IN.format("{a: string, b?: string}"), None),
    ("variable added with a default", IN.format("{a: string}"), "input: {schema: {a: string, b: string}, default: {b: x}}", None),
    ("variable added without default", IN.format("{a: string}"), IN.format("{a: string, b: string}"), "variable b: new and required"),
    ("variable removed", IN.format("{a: string, b: string}"), IN.format("{a: string}"), "variable b: removed"),
    ("variable renamed", IN.format("{a: string}"), IN.format("{b: string}"), "variable b: new and required"),
    ("now optional", IN.format("{a: string}"), IN.format("{a?: string}"), None),
    ("now required", IN.format("{a?: string}"), IN.format("{a: string}"), "variable a: required now"),
    ("default removed", "input: {schema: {a: string}, default: {a: x}}", IN.format("{a: string}"), "variable a: required now"),
    ("default given to an optional one", "input: {schema: {type: object, properties: {a: {type: string}}}}", "input: {schema: {a: string}, default: {a: x}}", "variable a: null does not count as left out any more"),
    ("described", IN.format("{a: string}"), IN.format('{a: "string, explained"}'), None),
    ("type widened", IN.format("{a: integer}"), IN.format("{a: number}"), None),
    ("type narrowed", IN.format("{a: number}"), IN.format("{a: integer}"), "variable a: took integer or number, takes integer now"),
    ("type replaced", IN.format("{a: string}"), IN.format("{a: integer}"), "variable a: took string, takes integer now"),
    ("any to a type", IN.format("{a: any}"), IN.format("{a: string}"), "variable a: took anything, takes string now"),
    ("a type to any", IN.format("{a: string}"), IN.format("{a: any}"), None),
    ("value added to a list of values", IN.format('{"a(enum)": [x]}'), IN.format('{"a(enum)": [x, y]}'), None),
    ("value taken from a list of values", IN.format('{"a(enum)": [x, y]}'), IN.format('{"a(enum)": [x]}'), "variable a: no longer allows 'y'"),
    ("a list of values where any text was", IN.format("{a: string}"), IN.format('{"a(enum)": [x]}'), "variable a: only listed values are allowed now"),
    ("any text where a list of values was", IN.format('{"a(enum)": [x]}'), IN.format("{a: string}"), None),
    ("another type where a list of values was", IN.format('{"a(enum)": [x]}'), IN.format("{a: integer}"), "variable a: no longer takes 'x'"),
    ("optional property added", IN.format("{a: {k: string}}"), IN.format("{a: {k: string, l?: string}}"), None),
    ("property added", IN.format("{a: {k: string}}"), IN.format("{a: {k: string, l: string}}"), "variable a: needs l now"),
    ("property removed", IN.format("{a: {k: string, l: string}}"), IN.format("{a: {k: string}}"), "variable a: l: removed"),
    ("property narrowed", IN.format("{a: {k: number}}"), IN.format("{a: {k: integer}}"), "variable a: k: took integer or number, takes integer now"),
    ("a property typed that could be anything", "input: {schema: {type: object, required: [a], properties: {a: {type: object}}}}", "input: {schema: {type: object, required: [a], properties: {a: {type: object, properties: {k: {type: string}}}}}}", "variable a: k: took anything, takes string now"),
    ("further properties refused", IN.format("{a: {k: string, (*): any}}"), IN.format("{a: {k: string}}"), "variable a: takes no further properties now"),
    ("items narrowed", IN.format('{"a(array)": number}'), IN.format('{"a(array)": integer}'), "variable a: items: took integer or number, takes integer now"),
    ("bound widened", "input: {schema: {type: object, properties: {a: {type: string, maxLength: 3}}}}", "input: {schema: {type: object, properties: {a: {type: string, maxLength: 9}}}}", None),
    ("bound narrowed", "input: {schema: {type: object, properties: {a: {type: string, maxLength: 9}}}}", "input: {schema: {type: object, properties: {a: {type: string, maxLength: 3}}}}", "variable a: another rule: maxLength"),
    ("tool described", "tools: [{name: t, description: old}]", "tools: [{name: t, description: new}]", None),
    ("tools in another order", "tools: [s, t]", "tools: [t, s]", None),
    ("tool added", "tools: [s]", "tools: [s, t]", "tool t: new: its calls have to be answered"),
    ("tool removed", "tools: [s, t]", "tools: [s]", "tool t: removed"),
    ("tool changed", "tools: [{name: t, inputSchema: {a: string}}]", "tools: [{name: t, inputSchema: {a: integer}}]", "tool t: changed: its calls have other arguments"),
    ("output promised", IN.format("{a: string}"), "input: {schema: {a: string}}\noutput: {format: json}", None),
    ("output format changed", "output: {format: json}", "output: {format: text}", "output format: was json, is text now"),
    ("output not promised any more", OUT.format("{k: string}"), "model: x/y", "output schema: removed: nothing is promised any more"),
    ("output property added", OUT.format("{k: string}"), OUT.format("{k: string, l: string}"), None),
    ("output property removed", OUT.format("{k: string, l: string}"), OUT.format("{k: string}"), "output l: removed"),
    ("output property optional now", OUT.format("{k: string}"), OUT.format("{k?: string}"), "output k: not always there any more"),
    ("output property always there now", OUT.format("{k?: string}"), OUT.format("{k: string}"), None),
    ("output property narrowed", OUT.format("{k: number}"), OUT.format("{k: integer}"), None),
    ("output property widened", OUT.format("{k: integer}"), OUT.format("{k: number}"), "output k: was integer, is number now"),
    ("output value added", OUT.format('{"k(enum)": [x]}'), OUT.format('{"k(enum)": [x, y]}'), "output k: may have values that were not listed"),
    ("output property within removed", OUT.format("{k: {m: string, n: string}}"), OUT.format("{k: {m: string}}"), "output k.n: removed"),
    ("message, model and parameters changed", "model: a/b\nconfig: {temperature: 0}", "model: c/d\nconfig: {temperature: 1}", None),
]  # fmt: skip


def between(a: str, b: str) -> Compatibility:
    old, new = (parse(f"---\n{front}\n---\nx\n") for front in (a, b))
    return compatibility(*(Contract.of(each.content, variables_of(each)) for each in (old, new)))


@pytest.mark.parametrize(("what", "a", "b", "why"), CASES, ids=[case[0] for case in CASES])
def test_each_case_of_the_table(what: str, a: str, b: str, why: str | None) -> None:
    found = between(a, b)
    assert found.compatible == (why is None) == (found.breaks == ()), found.reasons
    assert why is None or why in found.reasons
    assert found.reasons == tuple(one.label for one in found.breaks)


def cell(text: str) -> str:
    return "`" + text.replace("\n", "; ").replace("|", "\\|") + "`"


def test_the_page_has_the_table() -> None:
    rows = [
        f"| {what} | {cell(a)} | {cell(b)} | {'compatible' if why is None else f'**{why}**'} |"
        for what, a, b, why in CASES
    ]
    table = "\n".join(["| | a | b | |", "|---|---|---|---|", *rows])
    marked = re.search(
        r"<!-- compatibility-cases -->\n(.*)\n<!-- /compatibility-cases -->",
        PAGE.read_text("utf-8"),
        re.DOTALL,
    )
    assert marked is not None
    assert marked[1] == table, f"put this between the marks of {PAGE}:\n{table}"


def test_snippets_variables_are_part_of_the_contract() -> None:
    text = "{{> tone}} {{a}}\n"
    content = parse(text).content
    one, two = (Contract.of_text(content, text, {"tone": f"{{{{{name}}}}}\n"}) for name in ("who", "whom"))
    assert compatibility(one, one).compatible
    assert [each.name for each in compatibility(one, two).breaks] == ["whom", "who"]


# ------------------------------------------------------------------ laws

SCALARS = st.one_of(
    st.text("ab", max_size=3), st.integers(-3, 3), st.booleans(), st.none(), st.sampled_from([0.5, 2.0])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("kl"), inner, max_size=2)
    ),
    max_leaves=5,
)
TYPES = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])


def _schemas(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    objects = st.fixed_dictionaries(
        {"type": st.just("object")},
        optional={
            "properties": st.dictionaries(st.sampled_from("kl"), inner, max_size=2),
            "required": st.lists(st.sampled_from("kl"), unique=True, max_size=2),
            "additionalProperties": st.one_of(st.booleans(), inner),
        },
    )
    arrays = st.fixed_dictionaries(
        {"type": st.just("array")}, optional={"items": inner, "maxItems": st.integers(0, 2)}
    )
    return st.one_of(objects, arrays)


SCHEMAS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.just({}),
        st.fixed_dictionaries(
            {"type": st.one_of(TYPES, st.lists(TYPES, min_size=1, max_size=3, unique=True))},
            optional={"maxLength": st.integers(0, 3), "minimum": st.integers(-2, 2)},
        ),
        st.fixed_dictionaries({"enum": st.lists(SCALARS, min_size=1, max_size=3)}),
    ),
    _schemas,
    max_leaves=4,
)


@st.composite
def variables(draw: st.DrawFn) -> tuple[Variable, ...]:
    made = []
    for name in draw(st.lists(st.sampled_from("abc"), unique=True, max_size=3)):
        schema = draw(SCHEMAS)
        has_default = draw(st.booleans())
        made.append(
            Variable(
                name=name,
                type="any",
                required=not has_default and draw(st.booleans()),
                has_default=has_default,
                default="d" if has_default else None,
                schema=schema,
            )
        )
    return tuple(made)


@settings(deadline=None)
@given(variables())
def test_a_contract_is_compatible_with_itself(mine: tuple[Variable, ...]) -> None:
    assert compatibility(Contract(mine), Contract(mine)).compatible


def fits(contract: tuple[Variable, ...], inputs: dict[str, Any]) -> bool:
    try:
        check_inputs(contract, inputs)
    except ContractError:
        return False
    return True


@st.composite
def relatives(draw: st.DrawFn) -> tuple[tuple[Variable, ...], tuple[Variable, ...]]:
    """Two contracts that have much in common: else hardly any two were compatible."""
    old = draw(variables())
    new = list(old)
    if new and draw(st.booleans()):
        at = draw(st.integers(0, len(new) - 1))
        change = draw(
            st.sampled_from(
                [
                    {"schema_": draw(SCHEMAS)},
                    {"schema_": {key: value for key, value in new[at].schema_.items() if key != "type"}},
                    {"required": False},
                    {"has_default": True, "default": "d", "required": False},
                ]
            )
        )
        new[at] = new[at].model_copy(update=change)
    return old, draw(st.sampled_from([tuple(new), tuple(new[::-1]), draw(variables())]))


@settings(max_examples=150, deadline=None)
@given(
    relatives(),
    st.lists(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3), min_size=8, max_size=8),
)
def test_what_fits_the_older_contract_fits_a_compatible_newer_one(
    pair: tuple[tuple[Variable, ...], tuple[Variable, ...]], many: list[dict[str, Any]]
) -> None:
    old, new = pair
    if compatibility(Contract(old), Contract(new)).compatible:
        named = {variable.name for variable in old}  # what no variable takes is warned of
        for inputs in ({key: value for key, value in each.items() if key in named} for each in many):
            assert not fits(old, inputs) or fits(new, inputs), inputs


def _opened(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {k: _opened(v) for k, v in schema.items() if not (k == "additionalProperties" and v is False)}
    return schema


@settings(max_examples=150, deadline=None)
@given(SCHEMAS, SCHEMAS, st.booleans(), st.lists(VALUES, min_size=8, max_size=8))
def test_what_a_compatible_newer_output_allows_the_older_one_allowed(
    before: dict[str, Any], other: dict[str, Any], related: bool, many: list[Any]
) -> None:
    after = {**before, **other} if related else other
    old, new = (Contract(output=OutputSpec(schema=each)) for each in (before, after))
    assert compatibility(old, old).compatible
    if compatibility(old, new).compatible:
        for value in many:
            if first_error("", after, value) is None:
                assert first_error("", _opened(before), value) is None, value
