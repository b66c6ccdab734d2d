"""Tools of a text: what a model is told of them, and lossless edits of what they take."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_prompthub.core import changes as c
from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.edit import apply_edits, edit
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.linting import TOOL_SCHEMA, lint
from jupyter_prompthub.core.toolspec import read_tool
from jupyter_prompthub.gateways.openai_chat import tool_definitions

TEXT = """\
---
tools:
  # by name
  - lookup   # first
  - name: refund   # second
    parameters:
      type: object
      # what is asked for
      properties:
        order: {type:  string, minLength: 1}   # the order
      required: [ order ]
  - {name: close,  fee: 1.50}
  - name: search
    input_schema:
      words:   string, what to look for   # words
      limit?: integer
  - name: ask
    type: function
    function:
      name: ask
      parameters: {type: object}
---
Hi
"""


def made(*changes: Any, text: str = TEXT) -> str:
    return apply_edits(text, edit(text, changes))


def put(tool: str, name: str, **more: Any) -> c.PutToolParameter:
    return c.PutToolParameter(tool=tool, name=name, **more)


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (
            put("lookup", "order"), "- lookup ",
            "- {name: lookup, parameters: {type: object, properties: {order: {type: string}}, required: [order]}} ",
        ),
        (
            put("close", "why", required=False), "fee: 1.50}",
            "fee: 1.50, parameters: {type: object, properties: {why: {type: string}}}}",
        ),
        (put("refund", "order", description="its number"), "minLength: 1}", "minLength: 1, description: its number}"),
        (put("refund", "order", schema={"type": "integer"}), "{type:  string, minLength: 1}", "{type: integer}"),
        (put("refund", "order", required=False), "      required: [ order ]\n", ""),
        (
            put("refund", "note", schema={"enum": ["a", "b"]}, required=False), "   # the order\n",
            "   # the order\n        note:\n          enum: [a, b]\n",
        ),
        (put("search", "words", description="words"), "string, what to look for", "string, words"),
        (put("search", "limit", required=True), "limit?", "limit"),
        (put("search", "near", description="a place"), "integer\n  - name: ask", "integer\n      near: string, a place\n  - name: ask"),
        (
            put("ask", "whom"), "{type: object}",
            "{type: object, required: [whom], properties: {whom: {type: string}}}",
        ),
        (c.RenameToolParameter(tool="search", name="limit", to="most"), "limit?", "most?"),
        (c.RemoveToolParameter(tool="search", name="limit"), "      limit?: integer\n", ""),
        (
            c.RemoveToolParameter(tool="refund", name="order"),
            "      # what is asked for\n      properties:\n        order: {type:  string, minLength: 1}   # the order\n"
            "      required: [ order ]\n",
            "      # what is asked for\n",
        ),
    ],
)  # fmt: skip
def test_a_change_of_a_parameter_leaves_the_rest_of_the_tool(change: Any, old: str, new: str) -> None:
    after = made(change)
    assert old in TEXT
    assert after == TEXT.replace(old, new)
    promptfile.parse(after)
    windows = TEXT.replace("\n", "\r\n")
    assert made(change, text=windows) == after.replace("\n", "\r\n")


def test_a_parameter_is_renamed_where_it_is_declared_and_where_it_is_required() -> None:
    after = made(c.RenameToolParameter(tool="refund", name="order", to="number"))
    assert after == TEXT.replace("        order: {", "        number: {").replace("[ order ]", "[ number ]")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("nobody", "x"), "there is no tool 'nobody'"),
        (c.RenameToolParameter(tool="lookup", name="x", to="y"), "there is no 'x'"),
        (c.RenameToolParameter(tool="search", name="words", to="limit"), "there is a 'limit' already"),
        (c.RemoveToolParameter(tool="close", name="x"), "'x' is not declared in the parameters of the tool 'close'"),
        (put("search", "more", schema={"type": "string", "minLength": 2}), "picoschema cannot say 'minLength'"),
    ],
)  # fmt: skip
def test_a_change_of_a_parameter_that_cannot_be_made_says_why(change: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        edit(TEXT, [change])


@pytest.mark.parametrize(
    ("schema", "message"),
    [("{order: strin}", "no type 'strin'"), ("{type: array}", "expected an object"), ("string", "expected an object")],
)  # fmt: skip
def test_parameters_that_no_form_can_show_are_left_to_the_text(schema: str, message: str) -> None:
    text = f"---\ntools: [{{name: lookup, parameters: {schema}}}]\n---\nHi"
    for change in (
        put("lookup", "x"),
        c.RemoveToolParameter(tool="lookup", name="x"),
        c.RenameToolParameter(tool="lookup", name="x", to="y"),
    ):
        with pytest.raises(InvalidInput, match=f"{message}.*; edit the text instead"):
            edit(text, [change])


def test_a_model_is_told_of_what_a_tool_takes_in_any_notation() -> None:
    tools = promptfile.parse(TEXT).content.tools
    read = {tool.name: tool for tool in map(read_tool, tools)}
    assert not read["lookup"].is_defined
    assert read["close"].schema_ is None
    assert read["search"].schema_ == {
        "type": "object",
        "properties": {
            "words": {"type": "string", "description": "what to look for"},
            "limit": {"type": ["integer", "null"]},
        },
        "required": ["words"],
        "additionalProperties": False,
    }
    sent = {each["function"]["name"]: each["function"] for each in tool_definitions(tools)}
    assert sorted(sent) == ["ask", "close", "refund", "search"]
    assert sent["search"]["parameters"] == read["search"].schema_
    assert sent["close"]["parameters"] == {"type": "object"}
    assert sent["ask"] == {"name": "ask", "parameters": {"type": "object"}}
    pico = {"name": "ask", "function": {"name": "ask", "parameters": {"whom": "string"}}}
    (only,) = tool_definitions([pico])
    assert only["function"]["parameters"]["properties"] == {"whom": {"type": "string"}}


def test_what_no_model_understands_is_a_warning_at_its_tool_and_is_sent_as_it_is_written() -> None:
    text = "---\ntools: [lookup, {name: find, parameters: {order: strin}}]\n---\nHi"
    document = promptfile.parse(text)
    (problem,) = [one for one in lint(document, {}) if one.code == TOOL_SCHEMA]
    assert (problem.severity, text[problem.start : problem.end]) == (
        "warning",
        "{name: find, parameters: {order: strin}}",
    )
    assert "the tool find: schema order: there is no type 'strin'" in problem.message
    (sent,) = tool_definitions(document.content.tools)
    assert sent["function"]["parameters"] == {"order": "strin"}
