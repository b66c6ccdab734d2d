"""Unit changes as minimal edits of a ``.prompt`` text: what is not named stays byte for byte.

A form's changes and the text stay one document: the edits are computed on one text, and applied as one
step where that text is edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import changes as c
from . import examples, tools
from .changes import Change, TextEdit, apply_edits, compose
from .contract import mismatch, variables_of
from .errors import InvalidInput
from .names import LATEST, check_ref
from .picowrite import base_name, is_json_schema, property_text
from .promptfile import Document, parse
from .records import Variable
from .renaming import check_rename, check_renamed, renamed_uses
from .yamltree import Node

__all__ = ["TextEdit", "apply_edits", "edit"]

_Step = Callable[[Document], list[TextEdit]]
_OURS = frozenset({"model", "config", "input", "output", "tools", "snippets"})


def edit(text: str, changes: Iterable[Change]) -> list[TextEdit]:
    """The edits of ``text`` that make ``changes``, in order, each on what the ones before left.

    Raises:
        PromptSyntaxError: the text, or the text with the changes made, does not parse.
        InvalidInput: a change that names something that is not there, or that the text cannot say.
    """
    document = parse(text)
    rounds: list[list[TextEdit]] = []
    for change in changes:
        for step in _steps(change):
            made = [one for one in step(document) if one.start != one.end or one.text]
            if made:
                rounds.append(made)
                document = parse(apply_edits(document.text, made))
    return compose(text, rounds)


def _front(document: Document) -> list[TextEdit]:
    """Give the text empty front matter if it has none."""
    if document.split.yaml is not None:
        return []
    at = document.split.body.start
    newline = "\r\n" if "\r\n" in document.text else "\n"
    return [TextEdit(start=at, end=at, text=f"---{newline}---{newline}")]


def _set(path: tuple[str, ...], value: Any) -> list[_Step]:
    return [_front, lambda document: document.front.set(path, value)]


def _remove(path: tuple[str, ...]) -> list[_Step]:
    return [lambda document: document.front.remove(path) if document.split.yaml is not None else []]


def _steps(change: Change) -> list[_Step]:
    match change:
        case c.SetModel(model=None):
            return _remove(("model",))
        case c.SetModel():
            return _set(("model",), change.model)
        case c.SetParameter():
            return _set(("config", change.name), change.value)
        case c.RemoveParameter():
            return _remove(("config", change.name))
        case c.SetSnippetRef():
            return _snippet(change)
        case c.SetMetadata():
            if change.name in _OURS:
                raise InvalidInput(f"{change.name} is no metadata; use the change that is made for it")
            return _remove((change.name,)) if change.value is None else _set((change.name,), change.value)
        case c.PutVariable():
            return [
                *_put_property("input", change),
                *_default(change),
                *_all_examples(change),
                *(_fitting(change.name) if change.fitting else ()),
            ]
        case c.AddExample() | c.ReplaceExample() | c.RemoveExample():
            return [_front, lambda document: examples.changed(document, change)]
        case c.RemoveVariable():
            return [
                *_remove_steps("input", change.name),
                *_remove(("input", "default", change.name)),
                *_remove(("input", "examples", change.name)),
            ]
        case c.RenameVariable():
            return _rename(change.name, change.to)
        case c.SetOutputFormat(format=None):
            return _remove(("output", "format"))
        case c.SetOutputFormat():
            return _set(("output", "format"), change.format)
        case c.PutOutputProperty():
            return _put_property("output", change)
        case c.RemoveOutputProperty():
            return _remove_steps("output", change.name)
        case c.PutTool():
            return [_front, lambda document: tools.put(document, change.tool)]
        case c.DescribeTool():
            return [lambda document: tools.described(document, change.name, change.description.strip())]
        case c.RemoveTool():
            return [lambda document: tools.removed(document, change.name)]
        case c.SetSegment():
            return [lambda document: _set_segment(document, change.index, change.source)]
        case c.SetTemplate():
            return [lambda document: _set_body(document, change.source)]


def _snippet(change: c.SetSnippetRef) -> list[_Step]:
    if change.ref is None or change.ref.removeprefix("@") == LATEST:
        return _remove(("snippets", change.name))
    return _set(("snippets", change.name), "@" + check_ref(change.ref.removeprefix("@")))


def _schema(document: Document, side: str) -> Node | None:
    return document.yaml.at(side, "schema") if document.yaml is not None else None


def _find(schema: Node, name: str) -> str | None:
    return next((entry.name for entry in schema.entries if base_name(entry.name) == name), None)


def _is_optional(key: str) -> bool:
    """Whether a picoschema key has the mark ``?``."""
    return key.partition("(")[0].rstrip().endswith("?")


def _declared(document: Document, side: str, name: str) -> dict[str, Any]:
    """The schema of a property as it is declared, its description in it; a string where it is not."""
    if side == "input":
        found = {each.name: each.schema_ for each in document.content.variables if each.declared}
        return dict(found.get(name) or {"type": "string"})
    output = document.content.output
    properties = (output.schema_ or {}).get("properties") if output is not None else None
    known = properties.get(name) if isinstance(properties, dict) else None
    return dict(known) if isinstance(known, dict) else {"type": "string"}


def _wanted(
    document: Document, side: str, change: c.PutVariable | c.PutOutputProperty
) -> tuple[dict[str, Any], str]:
    """Schema and description that a property gets: what the change leaves open as the document has it."""
    there = _declared(document, side, change.name)
    said = str(there.pop("description", None) or "")
    schema = there if change.schema_ is None else dict(change.schema_)
    if side == "input" and "examples" in there:
        schema.setdefault("examples", there["examples"])
    own = str(schema.pop("description", None) or "")
    if change.description is not None:
        return schema, change.description
    return schema, own or said


def _put_property(side: str, change: c.PutVariable | c.PutOutputProperty) -> list[_Step]:
    name, path = change.name, (side, "schema")

    def as_json(document: Document) -> bool:
        schema = _schema(document, side)
        if schema is not None and schema.value is not None and schema.kind != "map":
            raise InvalidInput(
                f"{side}.schema is {schema.text!r}, not a mapping of names; edit the text instead"
            )
        return schema is not None and is_json_schema(schema.value)

    def put(document: Document) -> list[TextEdit]:
        whole, description = _wanted(document, side, change)
        if as_json(document):
            if description:
                whole["description"] = description
            return document.front.set((*path, "properties", name), whole)
        schema = _schema(document, side)
        old = _find(schema, name) if schema is not None else None
        required = change.required
        if required is None:
            required = old is None or not _is_optional(old)
        key, value = property_text(name, whole, required=required, description=description)
        if is_json_schema({key: value}):
            raise InvalidInput(
                f"picoschema cannot declare {name!r}; write the schema as JSON Schema in the text"
            )
        if old is None or old == key:
            return document.front.set((*path, key), value)
        # one step: the new key with the old value may be no schema
        return [*document.front.rename((*path, old), key), *document.front.set((*path, old), value)]

    def required(document: Document) -> list[TextEdit]:
        wanted = change.required
        if wanted is None and name not in _names(document, side):
            wanted = True
        return _required(document, path, name, wanted) if wanted is not None and as_json(document) else []

    # a new one is asked for before it is written: then it is not there yet
    return [_front, required, put] if change.required is None else [_front, put, required]


def _names(document: Document, side: str) -> set[str]:
    """The properties that a JSON Schema has."""
    properties = document.yaml.at(side, "schema", "properties") if document.yaml is not None else None
    return {entry.name for entry in properties.entries} if properties is not None else set()


def _required(document: Document, path: tuple[str, str], name: str, wanted: bool) -> list[TextEdit]:
    """Bring ``name`` into, or out of, the list ``required`` of a JSON Schema."""
    listed = document.yaml.at(*path, "required") if document.yaml is not None else None
    names = [item.value for item in listed.items] if listed is not None else []
    if (name in names) == wanted:
        return []
    if wanted:
        return document.front.put_item((*path, "required"), None, name)
    return document.front.remove_item((*path, "required"), names.index(name))


def _remove_steps(side: str, name: str) -> list[_Step]:
    def required(document: Document) -> list[TextEdit]:
        schema = _schema(document, side)
        as_json = schema is not None and is_json_schema(schema.value)
        return _required(document, (side, "schema"), name, False) if as_json else []

    return [required, lambda document: _remove_property(document, side, name)]


def _remove_property(document: Document, side: str, name: str) -> list[TextEdit]:
    schema = _schema(document, side)
    if schema is None:
        raise InvalidInput(f"{name!r} is not declared in {side}.schema; there is nothing to remove")
    if is_json_schema(schema.value):
        if schema.at("properties", name) is None:
            raise InvalidInput(f"{name!r} is not declared in {side}.schema; there is nothing to remove")
        return document.front.remove((side, "schema", "properties", name))
    found = _find(schema, name)
    if found is None:
        raise InvalidInput(f"{name!r} is not declared in {side}.schema; there is nothing to remove")
    return document.front.remove((side, "schema", found))


def _default(change: c.PutVariable) -> list[_Step]:
    path = ("input", "default", change.name)
    if change.has_default is None:
        return []
    return _set(path, change.default) if change.has_default else _remove(path)


def _all_examples(change: c.PutVariable) -> list[_Step]:
    values = change.examples
    if values is None:
        return []
    # none: neither beside the schema nor in it
    return [lambda document: examples.written(document, change.name, values)] * (1 if values else 2)


def _fitting(name: str) -> list[_Step]:
    def declared(document: Document) -> Variable:
        return next(each for each in variables_of(document) if each.name == name)

    def default(document: Document) -> list[TextEdit]:
        one = declared(document)
        keeps = not one.has_default or mismatch(one, one.default) is None
        return [] if keeps else document.front.remove(("input", "default", name))

    def kept(document: Document) -> list[TextEdit]:
        one = declared(document)
        return examples.written(document, name, [v for v in one.examples if mismatch(one, v) is None])

    return [default, kept]


def _rename(old: str, new: str) -> list[_Step]:
    def check(document: Document) -> list[TextEdit]:
        check_rename(document, old, new)
        return []

    def declaration(document: Document) -> list[TextEdit]:
        schema = _schema(document, "input")
        if schema is None or schema.kind != "map":
            return []
        if is_json_schema(schema.value):
            path: tuple[str, ...] = ("input", "schema", "properties", old)
            return document.front.rename(path, new) if schema.at("properties", old) is not None else []
        found = _find(schema, old)
        return (
            []
            if found is None
            else document.front.rename(("input", "schema", found), new + found[len(old) :])
        )

    def required(document: Document) -> list[TextEdit]:
        schema = _schema(document, "input")
        listed = schema.at("required") if schema is not None and is_json_schema(schema.value) else None
        names = [item.value for item in listed.items] if listed is not None else []
        path = ("input", "schema", "required")
        return document.front.put_item(path, names.index(old), new) if old in names else []

    def beside(field: str) -> _Step:
        def step(document: Document) -> list[TextEdit]:
            node = document.yaml.at("input", field, old) if document.yaml is not None else None
            return [] if node is None else document.front.rename(("input", field, old), new)

        return step

    def uses(document: Document) -> list[TextEdit]:
        made = renamed_uses(document, old, new)
        check_renamed(document, apply_edits(document.text, made), old, new)
        return made

    return [check, uses, declaration, required, beside("default"), beside("examples")]


def _set_segment(document: Document, index: int, source: str) -> list[TextEdit]:
    segments = document.template.segments()
    if index >= len(segments):
        raise InvalidInput(f"there is no segment {index}; the template has {len(segments)}")
    return [TextEdit(start=segments[index].start, end=segments[index].end, text=source)]


def _set_body(document: Document, source: str) -> list[TextEdit]:
    span = document.split.body
    return [TextEdit(start=span.start, end=span.end, text=source)]
