"""Changes of single units of a ``.prompt`` text, as a form makes them, and minimal text edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from .errors import InvalidInput
from .records import Input, JsonValue, TextEdit

__all__ = [
    "AddExample",
    "Change",
    "DescribeTool",
    "PutOutputProperty",
    "PutTool",
    "PutToolParameter",
    "PutVariable",
    "RemoveExample",
    "RemoveOutputProperty",
    "RemoveParameter",
    "RemoveTool",
    "RemoveToolParameter",
    "RemoveVariable",
    "RenameOutputProperty",
    "RenameToolParameter",
    "RenameVariable",
    "ReplaceExample",
    "SetMetadata",
    "SetModel",
    "SetOutputFormat",
    "SetParameter",
    "SetSegment",
    "SetSnippetRef",
    "SetTemplate",
    "TextEdit",
    "apply_edits",
    "compose",
]

PropertyName = Annotated[str, Field(max_length=200, pattern=r"^\S(.*\S)?$")]
"""The name that a form gives a property: any, without blanks around it. What a schema cannot say is refused when it is
written."""


class SetModel(Input):
    """Ask for ``model``; None removes the field."""

    change: Literal["set_model"] = "set_model"
    model: str | None


class SetParameter(Input):
    """Set one model setting."""

    change: Literal["set_parameter"] = "set_parameter"
    name: str = Field(min_length=1)
    value: JsonValue


class RemoveParameter(Input):
    """Remove one model setting."""

    change: Literal["remove_parameter"] = "remove_parameter"
    name: str


class PutVariable(Input):
    """Declare a variable, or change its declaration. What is None stays as it is written when the change is made, so that
    two people may change two things of one variable; a new one is a required string without a default.
    ``examples`` are all of them: an empty list removes them. ``fitting`` keeps of the default and the examples
    only what is of the variable's type when the change is made."""

    change: Literal["put_variable"] = "put_variable"
    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    schema_: dict[str, JsonValue] | None = Field(default=None, alias="schema")
    required: bool | None = None
    description: str | None = None
    has_default: bool | None = None
    default: JsonValue = None
    examples: tuple[JsonValue, ...] | None = None
    fitting: bool = False

    model_config = {**Input.model_config, "populate_by_name": True}


class AddExample(Input):
    """Give a variable one more example; one that it has already changes nothing."""

    change: Literal["add_example"] = "add_example"
    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    value: JsonValue


class ReplaceExample(Input):
    """Change one example of a variable. It is found by its value, so that two people may change two of them."""

    change: Literal["replace_example"] = "replace_example"
    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    value: JsonValue
    to: JsonValue


class RemoveExample(Input):
    """Remove one example of a variable, found by its value."""

    change: Literal["remove_example"] = "remove_example"
    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    value: JsonValue


class RemoveVariable(Input):
    """Remove a variable's declaration, default and examples; the template is left as it is."""

    change: Literal["remove_variable"] = "remove_variable"
    name: str


class RenameVariable(Input):
    """Rename a variable in its declaration, its default, its examples and everywhere in the template."""

    change: Literal["rename_variable"] = "rename_variable"
    name: str
    to: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")


class PutTool(Input):
    """Add a tool (its name, or a mapping with ``name``), or replace the one of that name."""

    change: Literal["put_tool"] = "put_tool"
    tool: JsonValue


class DescribeTool(Input):
    """Say what a tool is for; no text removes the description. What is only named becomes a mapping; the rest of a mapping
    stays as it is written."""

    change: Literal["describe_tool"] = "describe_tool"
    name: str
    description: str


class RemoveTool(Input):
    """Remove the tool of that name."""

    change: Literal["remove_tool"] = "remove_tool"
    name: str


class PutToolParameter(Input):
    """Add a parameter of a tool, or change it; None as in :class:`PutVariable`. A tool that is only named becomes a mapping;
    parameters that are not there yet are written as JSON Schema."""

    change: Literal["put_tool_parameter"] = "put_tool_parameter"
    tool: str
    name: PropertyName
    schema_: dict[str, JsonValue] | None = Field(default=None, alias="schema")
    required: bool | None = None
    description: str | None = None

    model_config = {**Input.model_config, "populate_by_name": True}


class RenameToolParameter(Input):
    """Give a parameter of a tool another name; texts that speak of it are left as they are."""

    change: Literal["rename_tool_parameter"] = "rename_tool_parameter"
    tool: str
    name: str
    to: PropertyName


class RemoveToolParameter(Input):
    """Remove a parameter of a tool."""

    change: Literal["remove_tool_parameter"] = "remove_tool_parameter"
    tool: str
    name: str


class PutOutputProperty(Input):
    """Add a property of the output's schema, or change it; None as in :class:`PutVariable`."""

    change: Literal["put_output_property"] = "put_output_property"
    name: PropertyName
    schema_: dict[str, JsonValue] | None = Field(default=None, alias="schema")
    required: bool | None = None
    description: str | None = None

    model_config = {**Input.model_config, "populate_by_name": True}


class RenameOutputProperty(Input):
    """Give a property of the output's schema another name; texts that speak of it are left as they are."""

    change: Literal["rename_output_property"] = "rename_output_property"
    name: str
    to: PropertyName


class SetOutputFormat(Input):
    """Ask for answers in ``format`` (``json``, ``text``); None removes the field."""

    change: Literal["set_output_format"] = "set_output_format"
    format: str | None = Field(max_length=100)


class RemoveOutputProperty(Input):
    """Remove a property of the output's schema."""

    change: Literal["remove_output_property"] = "remove_output_property"
    name: str


class SetSnippetRef(Input):
    """Resolve a snippet at ``ref``; None goes back to ``latest``."""

    change: Literal["set_snippet_ref"] = "set_snippet_ref"
    name: str = Field(min_length=1)
    ref: str | None


class SetSegment(Input):
    """Replace the source of the segment at ``index`` (from 0), its role marker included."""

    change: Literal["set_segment"] = "set_segment"
    index: int = Field(ge=0)
    source: str


class SetTemplate(Input):
    """Replace all that follows the front matter."""

    change: Literal["set_template"] = "set_template"
    source: str


class SetMetadata(Input):
    """Set a top-level field that is not PromptHub's; None removes it."""

    change: Literal["set_metadata"] = "set_metadata"
    name: str = Field(min_length=1)
    value: JsonValue


Change = Annotated[
    SetModel
    | SetParameter
    | RemoveParameter
    | PutVariable
    | AddExample
    | ReplaceExample
    | RemoveExample
    | RemoveVariable
    | RenameVariable
    | PutTool
    | DescribeTool
    | PutToolParameter
    | RenameToolParameter
    | RemoveToolParameter
    | RemoveTool
    | SetOutputFormat
    | PutOutputProperty
    | RenameOutputProperty
    | RemoveOutputProperty
    | SetSnippetRef
    | SetSegment
    | SetTemplate
    | SetMetadata,
    Field(discriminator="change"),
]


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """``text`` with the edits made; all offsets count in the text as it was.

    Raises:
        InvalidInput: edits that overlap, or that lie outside of the text.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda item: (item.start, item.end)):
        if not done <= edit.start <= edit.end <= len(text):
            raise InvalidInput(
                f"the edit at {edit.start}..{edit.end} overlaps another or is outside of the text"
            )
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join([*parts, text[done:]])


def _trimmed(text: str, edit: TextEdit) -> TextEdit | None:
    """The edit without what it leaves as it was at its two ends; None when nothing is left."""
    old, new = text[edit.start : edit.end], edit.text
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head == len(old) == len(new):
        return None
    return TextEdit(start=edit.start + head, end=edit.end - tail, text=new[head : len(new) - tail])


def compose(text: str, rounds: Iterable[Sequence[TextEdit]]) -> list[TextEdit]:
    """Edits made in rounds, each on the text that the round before left, as edits of ``text``.

    The text is held as pieces: runs of the original, and inserted strings between them.
    """
    pieces: list[tuple[int, int] | str] = [(0, len(text))]
    for edits in rounds:
        for edit in sorted(edits, key=lambda item: (item.start, item.end), reverse=True):
            pieces = _spliced(pieces, edit)
    made: list[TextEdit] = []
    done, inserted = 0, ""
    for piece in [*pieces, (len(text), len(text))]:
        if isinstance(piece, str):
            inserted += piece
            continue
        if whole := _trimmed(text, TextEdit(start=done, end=piece[0], text=inserted)):
            made.append(whole)
        done, inserted = piece[1], ""
    return made


def _spliced(pieces: list[tuple[int, int] | str], edit: TextEdit) -> list[tuple[int, int] | str]:
    before: list[tuple[int, int] | str] = []
    after: list[tuple[int, int] | str] = []
    at = 0
    for piece in pieces:
        size = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
        head = max(0, min(size, edit.start - at))
        tail = max(0, min(size, at + size - edit.end))
        if head:
            before.append(piece[:head] if isinstance(piece, str) else (piece[0], piece[0] + head))
        if tail:
            after.append(piece[size - tail :] if isinstance(piece, str) else (piece[1] - tail, piece[1]))
        at += size
    return [*before, *([edit.text] if edit.text else []), *after]
