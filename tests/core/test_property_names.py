"""Names of properties of the answer and of what a tool takes, as a form gives them: any that the schema can say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jupyter_prompthub.core import changes as c
from jupyter_prompthub.core.changes import apply_edits
from jupyter_prompthub.core.edit import edit
from jupyter_prompthub.core.errors import InvalidInput, PromptHubError
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.toolspec import read_tool
from tests.support.counts import tried

JSON_SCHEMA = """\
---
output:
  schema: {type: object, properties: {first-name: {type: string}}, required: [first-name]}
tools:
  - name: lookup
    parameters: {type: object, properties: {first-name: {type: string}}}
---
Hello.
"""
PICOSCHEMA = """\
---
output:
  schema: {first-name: string, ok?: boolean}
tools:
  - name: lookup
    parameters: {first-name: string}
---
Hello.
"""
BOTH = pytest.mark.parametrize("text", [JSON_SCHEMA, PICOSCHEMA], ids=["JSON Schema", "picoschema"])
NOT_IN_PICOSCHEMA = ("type", "a?", "x(y)", "x(", "(*)", "$ref")


def made(text: str, *wanted: Any) -> str:
    return apply_edits(text, edit(text, wanted))


def answers(text: str) -> dict[str, Any]:
    output = parse(text).content.output
    assert output
    assert output.schema_
    return dict(output.schema_.get("properties", {}))


def takes(text: str) -> dict[str, Any]:
    tool = read_tool(parse(text).content.tools[0])
    assert tool.schema_
    return dict(tool.schema_["properties"])


@BOTH
def test_a_property_that_is_there_is_edited_whatever_its_name_is(text: str) -> None:
    after = made(
        text,
        c.PutOutputProperty(name="first-name", description="of the customer"),
        c.PutToolParameter(tool="lookup", name="first-name", schema={"type": "integer"}),
    )
    assert answers(after)["first-name"] == {"type": "string", "description": "of the customer"}
    assert takes(after)["first-name"] == {"type": "integer"}
    renamed = made(
        after,
        c.RenameOutputProperty(name="first-name", to="last-name"),
        c.RenameToolParameter(tool="lookup", name="first-name", to="last name"),
    )
    assert "last-name" in answers(renamed)
    assert "last name" in takes(renamed)
    gone = made(
        renamed,
        c.RemoveOutputProperty(name="last-name"),
        c.RemoveToolParameter(tool="lookup", name="last name"),
    )
    assert "last-name" not in answers(gone)


@BOTH
@pytest.mark.parametrize(
    "name", ["order id", "a/b", "1", "true", "~", "#a", "- a", 'a"b', "ключ", "a: b", "properties"]
)
def test_a_new_property_may_have_any_name(text: str, name: str) -> None:
    assert answers(made(text, c.PutOutputProperty(name=name)))[name] == {"type": "string"}
    assert takes(made(text, c.PutToolParameter(tool="lookup", name=name)))[name] == {"type": "string"}
    renamed = made(text, c.RenameOutputProperty(name="first-name", to=name))
    assert name in answers(renamed)
    assert "first-name" not in answers(renamed)


@pytest.mark.parametrize("name", NOT_IN_PICOSCHEMA)
@pytest.mark.parametrize(
    "change",
    [
        lambda name: c.PutOutputProperty(name=name),
        lambda name: c.RenameOutputProperty(name="first-name", to=name),
        lambda name: c.PutToolParameter(tool="lookup", name=name),
        lambda name: c.RenameToolParameter(tool="lookup", name="first-name", to=name),
    ],
    ids=["put", "rename", "put of a tool", "rename of a tool"],
)
def test_what_picoschema_would_read_as_something_else_is_refused(name: str, change: Any) -> None:
    """A property renamed to ``type`` made a JSON Schema of the whole, with no properties at all."""
    with pytest.raises(InvalidInput, match="picoschema cannot declare"):
        made(PICOSCHEMA, change(name))
    made(JSON_SCHEMA, change(name))


def test_a_variable_is_not_renamed_to_what_picoschema_reads_as_something_else() -> None:
    text = "---\ninput:\n  schema: {kind: string, other?: string}\n---\n{{kind}} {{other}}\n"
    with pytest.raises(InvalidInput, match="picoschema cannot declare 'type'"):
        made(text, c.RenameVariable(name="kind", to="type"))


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "a" * 201])
def test_a_name_is_no_blank_and_not_too_long(name: str) -> None:
    with pytest.raises(ValidationError):
        c.PutOutputProperty(name=name)
    with pytest.raises(ValidationError):
        c.RenameToolParameter(tool="lookup", name="first-name", to=name)


@tried(300)
@given(st.sampled_from([JSON_SCHEMA, PICOSCHEMA]), st.text(min_size=1, max_size=12))
def test_a_name_is_read_as_it_was_given_or_refused(text: str, name: str) -> None:
    try:
        change = c.RenameOutputProperty(name="first-name", to=name)
        after = made(text, change)
    except (ValidationError, PromptHubError):
        return
    assert list(answers(after)) == [name, *list(answers(text))[1:]]
