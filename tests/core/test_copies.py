"""What an execution is copied as says exactly the inputs, whatever they are: read back by those who will read it."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_prompthub.core import copies
from jupyter_prompthub.core.records import Variable
from jupyter_prompthub.magics import PromptHubMagics
from jupyter_prompthub.magics.parsing import line_parser, split

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(
        ["it's", 'say "no"', "a\\", "$HOME", "`ls`", "a\nb", "--var", "%run", "x?", "!ls", "{x}", "=", "é 👍"]
    ),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)
INPUTS = st.dictionaries(NAMES, VALUES | TEXTS, max_size=4)


class Notebook:
    """Takes what IPython makes of a cell's magic, and the notebook's variables."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"get_ipython": lambda: self}
        self.lines: list[str] = []

    def run_line_magic(self, name: str, line: str) -> None:
        assert name == "prompthub"
        self.lines.append(line)


class Magics(PromptHubMagics):
    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names

    @property
    def _names(self) -> dict[str, Any]:
        return self.names


def types_of(inputs: dict[str, Any]) -> dict[str, str]:
    kinds = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return {name: kinds.get(type(value), "any") for name, value in inputs.items()}


@given(inputs=INPUTS)
@settings(max_examples=300, deadline=None)
def test_a_cell_gives_back_exactly_the_inputs(inputs: dict[str, Any]) -> None:
    types = types_of(inputs)
    cell = copies.as_cell("support/refund@0123456789ab", inputs, types, "openai/gpt-4o")
    notebook = Notebook()
    exec(TransformerManager().transform_cell(cell), notebook.names)
    [line] = notebook.lines
    options = line_parser().parse_args(split(line))
    assert (options.command, options.reference) == ("run", "support/refund@0123456789ab")
    assert options.model == "openai/gpt-4o"
    variables = tuple(Variable(name=name, type=kind) for name, kind in types.items())
    assert Magics(notebook.names)._inputs(options, variables) == inputs


@given(inputs=INPUTS)
@settings(max_examples=60, deadline=None)
def test_a_shell_sends_exactly_the_inputs_and_the_token_of_its_environment(inputs: dict[str, Any]) -> None:
    text = copies.as_curl("the-id", "f" * 64, inputs)
    script = 'curl() { for word in "$@"; do printf "%s\\0" "$word"; done; }\n' + text
    env = {"PROMPTHUB_URL": "https://hub.example.org/user/me/", "PROMPTHUB_TOKEN": "it's a $ecret"}
    ran = subprocess.run(["/bin/sh", "-c", script], env=env, capture_output=True, check=True)
    words = ran.stdout.decode().split("\0")[:-1]
    assert words[:4] == ["-sS", "-X", "POST", "https://hub.example.org/user/me/prompthub/api/v1/execute"]
    assert words[5] == "Authorization: Bearer it's a $ecret"
    assert json.loads(words[-1]) == {"prompt_id": "the-id", "version": "f" * 64, "inputs": inputs}


@given(inputs=INPUTS, output=TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_case_is_in_the_words_of_suites(inputs: dict[str, Any], output: str) -> None:
    case = json.loads(copies.as_case("refund 0123", inputs, output))
    expected = [{"type": "contains", "value": output.strip()}]
    assert case == {"name": "refund 0123", "inputs": inputs, "expected_outputs": expected}


@pytest.mark.parametrize(
    ("inputs", "cell"),
    [
        ({}, "%prompthub run a@b"),
        ({"n": 2, "text": "it is late"}, "%prompthub run a@b --var n=2 --var 'text=it is late'"),
        ({"text": "a\nb"}, "inputs = {'text': 'a\\nb'}\n%prompthub run a@b --inputs inputs"),
        ({"text": "$x"}, "inputs = {'text': '$x'}\n%prompthub run a@b --inputs inputs"),
    ],
)
def test_a_cell_is_one_line_where_a_line_can_say_it(inputs: dict[str, Any], cell: str) -> None:
    assert copies.as_cell("a@b", inputs, types_of(inputs)) == cell


def test_a_cell_of_a_version_has_a_place_for_each_value_that_it_needs() -> None:
    cell = copies.as_first_cell(
        "support/refund@production",
        [
            Variable(name="message"),
            Variable(name="kind", type="enum", schema={"enum": ["refund", "other"]}),
            Variable(name="name", examples=("Ada",)),
            Variable(name="count", type="integer"),
            Variable(name="tone", required=False, default="kind", has_default=True),
        ],
    )
    assert cell == (
        '%prompthub run support/refund@production --var message="" --var kind=refund --var name=Ada --var count=0'
    )
    assert copies.as_first_cell("plain", []) == "%prompthub run plain"
