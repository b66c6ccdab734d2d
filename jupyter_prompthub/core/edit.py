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
from .promptfile import Document, parse
from .properties import declaration_steps, put_steps, remove_steps, rename_steps, schema_place
from .records import Variable
from .renaming import check_rename, check_renamed, renamed_uses

__all__ = ["TextEdit", "apply_edits", "edit"]

_Step = Callable[[Document], list[TextEdit]]
_OURS = frozenset({"model", "config", "input", "output", "tools", "snippets"})
_INPUT, _OUTPUT = schema_place("input"), schema_place("output")


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
                _front,
                *put_steps(_INPUT, change),
                *_default(change),
                *_all_examples(change),
                *(_fitting(change.name) if change.fitting else ()),
            ]
        case c.AddExample() | c.ReplaceExample() | c.RemoveExample():
            return [_front, lambda document: examples.changed(document, change)]
        case c.RemoveVariable():
            return [
                *remove_steps(_INPUT, change.name),
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
            return [_front, *put_steps(_OUTPUT, change)]
        case c.RenameOutputProperty():
            return rename_steps(_OUTPUT, change.name, change.to)
        case c.RemoveOutputProperty():
            return remove_steps(_OUTPUT, change.name)
        case c.PutTool():
            return [_front, lambda document: tools.put(document, change.tool)]
        case c.DescribeTool():
            return [lambda document: tools.described(document, change.name, change.description.strip())]
        case c.PutToolParameter():
            return tools.put_parameter(change)
        case c.RenameToolParameter():
            return rename_steps(tools.parameters_place(change.tool), change.name, change.to)
        case c.RemoveToolParameter():
            return remove_steps(tools.parameters_place(change.tool), change.name)
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

    def beside(field: str) -> _Step:
        def step(document: Document) -> list[TextEdit]:
            node = document.yaml.at("input", field, old) if document.yaml is not None else None
            return [] if node is None else document.front.rename(("input", field, old), new)

        return step

    def uses(document: Document) -> list[TextEdit]:
        made = renamed_uses(document, old, new)
        check_renamed(document, apply_edits(document.text, made), old, new)
        return made

    declared = declaration_steps(_INPUT, old, new)
    return [check, uses, *declared, beside("default"), beside("examples")]


def _set_segment(document: Document, index: int, source: str) -> list[TextEdit]:
    segments = document.template.segments()
    if index >= len(segments):
        raise InvalidInput(f"there is no segment {index}; the template has {len(segments)}")
    return [TextEdit(start=segments[index].start, end=segments[index].end, text=source)]


def _set_body(document: Document, source: str) -> list[TextEdit]:
    span = document.split.body
    return [TextEdit(start=span.start, end=span.end, text=source)]
