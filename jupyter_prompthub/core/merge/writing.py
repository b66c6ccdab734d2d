"""The merged content as text: by lines where that says it, else by lossless edits of one side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import changes as c
from ..canonical import canonical
from ..edit import apply_edits, edit
from ..errors import PromptHubError
from ..promptfile import Document, check, with_body
from ..variables import schema_examples
from .lines import merge_lines
from .values import MISSING, from_units, same, units_of

__all__ = ["Wanted", "by_edits", "by_lines", "says", "with_front_matter"]


class Wanted:
    """The content that the merged text must have."""

    def __init__(self, units: Mapping[str, Any], sources: tuple[str, ...], *, free: bool = False) -> None:
        self.units = dict(units)
        self.sources = sources
        self.free = free
        """the text of a segment was written by a person: it may be cut into segments anew"""

    @property
    def body(self) -> str:
        return "".join(self.sources)


def says(document: Document, wanted: Wanted, *, bare: bool = False) -> bool:
    """Whether the document's content is the wanted one; ``bare``: whether its segments are."""
    sources = tuple(segment.source for segment in document.content.segments)
    if wanted.free:
        # blank space around a template is no part of it
        if "".join(sources).strip() != wanted.body.strip():
            return False
    elif sources != wanted.sources:
        return False
    if bare:
        return True
    units = dict(wanted.units)
    for path in list(units):
        # the ref of a snippet that is no longer included says nothing
        if path.startswith("snippet/") and path.removeprefix("snippet/") not in document.content.snippets:
            del units[path]
    return canonical(from_units(units)) == canonical(from_units(units_of(document.content)))


def by_lines(base: Document, ours: Document, theirs: Document, wanted: Wanted) -> Document | None:
    """The line merge of the whole texts, if it has no conflict and says what is wanted."""
    chunks = merge_lines(base.text, ours.text, theirs.text)
    if any(chunk.text is None for chunk in chunks):
        return None
    document, _ = check("".join(chunk.text or "" for chunk in chunks))
    return document if document is not None and says(document, wanted) else None


def by_edits(ours: Document, theirs: Document, wanted: Wanted) -> Document | None:
    """The side that says it already, else one with what it lacks written into it: first the text that sorts first."""
    pairs = sorted(
        [(ours, theirs), (theirs, ours)], key=lambda pair: (not says(pair[0], wanted), pair[0].text)
    )
    for carrier, other in pairs:
        document = _into(carrier, other, wanted)
        if document is not None and says(document, wanted):
            return document
    return None


def _newline(carrier: Document) -> str:
    return "\r\n" if "\r\n" in carrier.text else "\n"


def _body(carrier: Document, body: str) -> str:
    """The template as the carrier writes it: blank space around it is no part of it, and stays the carrier's."""
    cut = carrier.split
    before = carrier.text[cut.body.start : cut.template.start]
    after = carrier.text[cut.template.end : cut.body.end]
    inner = body.strip() if cut.yaml is not None else body
    return before + inner.replace("\n", _newline(carrier)) + after


def with_front_matter(carrier: Document, yaml: str, body: str) -> str:
    """The carrier's text with other front matter and another template."""
    newline, cut = _newline(carrier), carrier.split
    if yaml and not yaml.endswith("\n"):
        yaml += newline
    before, after = f"---{newline}", f"---{newline}"
    if cut.yaml is not None:
        before, after = carrier.text[: cut.yaml.start], carrier.text[cut.yaml.end : cut.body.start]
    return before + yaml + after + _body(carrier, body)


def _into(carrier: Document, other: Document, wanted: Wanted) -> Document | None:
    try:
        text = carrier.text
        if _output(units_of(carrier.content)) != _output(wanted.units):
            text = _with_output(carrier, other, wanted)
        document, _ = check(text)
        if document is None:
            return None
        made = edit(text, _changes(units_of(document.content), wanted.units))
        made_text = with_body(apply_edits(text, made), _body(carrier, wanted.body))
    except PromptHubError:
        # a layout that cannot be edited: the caller asks a person
        return None
    return check(made_text)[0]


def _output(units: Mapping[str, Any]) -> bytes:
    return canonical(from_units({path: value for path, value in units.items() if path.startswith("output/")}))


def _with_output(carrier: Document, other: Document, wanted: Wanted) -> str:
    """The carrier with the format, and with the whole output of the other side where that is what is wanted."""
    node = other.yaml.at("output") if other.yaml is not None else None
    as_other = _output(units_of(other.content)) == _output(wanted.units)
    text = carrier.text if carrier.split.yaml is not None else f"---\n---\n{carrier.text}"
    document, _ = check(text)
    if document is None or document.split.yaml is None:
        return text
    yaml = document.front
    if as_other:
        return apply_edits(
            text, yaml.set(("output",), node.value) if node is not None else yaml.remove(("output",))
        )
    form = wanted.units.get("output/format", MISSING)
    edits = yaml.remove(("output", "format")) if form is MISSING else yaml.set(("output", "format"), form)
    return apply_edits(text, edits)


def _changes(have: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[c.Change]:
    made: list[c.Change] = []
    for path in [*have, *(path for path in wanted if path not in have)]:
        value = wanted.get(path, MISSING)
        if same(have.get(path, MISSING), value):
            continue
        kind, _, name = path.partition("/")
        gone = value is MISSING
        if kind == "model":
            made.append(c.SetModel(model=None if gone else value))
        elif kind == "parameter":
            made.append(c.RemoveParameter(name=name) if gone else c.SetParameter(name=name, value=value))
        elif kind == "snippet":
            made.append(c.SetSnippetRef(name=name, ref=None if gone else value))
        elif kind == "metadata":
            made.append(c.SetMetadata(name=name, value=None if gone else value))
        elif kind == "tool":
            made.append(c.RemoveTool(name=name) if gone else c.PutTool(tool=value))
        elif kind == "variable":
            made.append(c.RemoveVariable(name=name) if gone else _variable(name, value, have.get(path)))
        elif path.startswith("output/schema/"):
            prop = name.removeprefix("schema/")
            made.append(c.RemoveOutputProperty(name=prop) if gone else _property(prop, value))
    return made


def _said(schema: Any) -> str:
    said = schema.get("description", "") if isinstance(schema, dict) else ""
    return said if isinstance(said, str) else ""


def _bare(schema: Any) -> dict[str, Any]:
    return (
        {key: value for key, value in schema.items() if key != "description"}
        if isinstance(schema, dict)
        else {}
    )


# What a form asks of names and values holds for what is new; what a text declares already is taken as it is.


def _property(name: str, entry: Mapping[str, Any]) -> c.PutOutputProperty:
    schema = entry["schema"]
    return c.PutOutputProperty.model_construct(
        name=name, schema_=_bare(schema), required=entry["required"], description=_said(schema)
    )


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    kind, values = schema.get("type"), schema.get("enum")
    return (isinstance(kind, list) and "null" in kind) or (isinstance(values, list) and None in values)


def _required(entry: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool | None:
    """Whether a variable is marked as required; None: as it is marked.

    One with a default is required in no case: then the mark only says that it may not be null.
    """
    if "default" not in entry:
        return not entry.get("optional", False)
    null = _may_be_null(entry["schema"])
    return None if before is not None and _may_be_null(before["schema"]) == null else not null


def _variable(name: str, entry: Mapping[str, Any], before: Mapping[str, Any] | None) -> c.PutVariable:
    return c.PutVariable.model_construct(
        name=name,
        schema_=_bare(entry["schema"]),
        required=_required(entry, before),
        description=entry.get("description", "") or _said(entry["schema"]),
        has_default="default" in entry,
        default=entry.get("default"),
        examples=entry.get("examples", schema_examples(entry["schema"])),
    )
