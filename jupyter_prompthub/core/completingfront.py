"""Completion in front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .offers import CONFIG, TOP, TYPES, Library, offer
from .picowrite import property_text
from .records import Completed, Completion
from .shapes import Shape, as_schema
from .yamlplace import YamlPlace, place
from .yamlwrite import flow, key, scalar

__all__ = ["complete_front"]

_MOST_SNIPPETS = 50
_KEY_AFTER = re.compile(r"[\w./-]*")
_VALUE_AFTER = re.compile(r"[^\s,\[\]{}\"'#]*")
_HAS_COLON = re.compile(r"[^\S\n]*:")
_KINDS = {
    "array": ("(array): «string»", "a list; its items' type behind the colon"),
    "object": ("(object):", "a mapping; its properties below"),
    "enum": ("(enum): [«A»]", "one of the values listed"),
}
_METADATA = {
    "description": "what the prompt is for",
    "title": "what people call it",
    "tags": "labels that group prompts",
}


@dataclass(frozen=True, slots=True)
class _Front:
    place: YamlPlace
    used: Shape
    included: list[str]
    library: Library
    word: str
    colon: bool
    """a colon stands behind the key already"""

    def key(self, name: str, more: str, info: str = "", detail: str = "", *, kind: str = "key") -> Completion:
        """A key; ``more`` is written where lines can follow."""
        insert = more
        if self.colon or self.place.flow:
            insert = name if self.colon else f"{name}: "
        made = offer(name, "key", insert, info=info, detail=detail)
        return made if kind == "key" else made.model_copy(update={"kind": kind})

    def value(self, text: str, kind: str, *, detail: str = "", info: str = "") -> Completion:
        """A value, quoted where it must be and no quote is open."""
        insert = text if self.place.quote else scalar(text, in_flow=self.place.flow)
        made = offer(text, "value", detail=detail, info=info)
        return made.model_copy(update={"kind": kind, "insert": insert})

    # ------------------------------------------------------------ keys

    def keys(self) -> Iterator[Completion]:
        match self.place.path:
            case ():
                for name, (more, info) in TOP.items():
                    yield self.key(name, more, info)
                for name, info in _METADATA.items():
                    yield self.key(name, f"{name}: ", info)
            case ("config",):
                for name, (kind, info) in CONFIG.items():
                    yield self.key(name, f"{name}: ", info, kind, kind="parameter")
            case ("input",):
                yield self.key("schema", "schema:\n  ", "variables with their types")
                yield self.key("default", "default:\n  ", "values of variables that are not given")
                yield self.key("examples", "examples:\n  ", "values to try variables with")
            case ("output",):
                yield self.key("format", "format: ", "json, or text")
                yield self.key("schema", "schema:\n  ", "the properties of an answer")
            case ("input", "schema"):
                yield from self._declarations()
                yield from self._kinds()
            case ("input", "default" | "examples" as field):
                after = ": " if field == "default" else ": [«value»]"
                for name in [
                    *map(_base, self.place.keys.get(("input", "schema"), ())),
                    *self.used.properties,
                ]:
                    yield self.key(name, name + after, "a variable of this prompt", kind="variable")
            case ("snippets",):
                yield from self._snippet_names()
            case ("tools", "-"):
                for name in ("name", "description", "parameters"):
                    yield self.key(name, f"{name}: ")
            case _ if "schema" in self.place.path[1:2]:
                yield from self._kinds()

    def _declarations(self) -> Iterator[Completion]:
        """Variables that the template uses and the schema does not declare."""
        known = {_base(name) for name in self.place.siblings}
        for name, shape in self.used.properties.items():
            if name in known or not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
                continue
            written, value = property_text(name, as_schema(shape), required=True, description="")
            more = f"{key(written)}: {flow(value) if not isinstance(value, str) else value}"
            made = self.key(name, more, "used in the template, not declared yet", shape.type, kind="variable")
            yield made if self.colon else made.model_copy(update={"insert": more})

    def _kinds(self) -> Iterator[Completion]:
        """``name(array)`` and the like, behind the name."""
        name, opened, _ = self.word.partition("(")
        if name and not self.colon and (opened or not any(_base(k) == name for k in self.place.siblings)):
            for kind, (more, info) in _KINDS.items():
                yield offer(f"{name}({kind})", "type", name + more, info=info)

    def _snippet_names(self) -> Iterator[Completion]:
        for name in self.included:
            yield self.key(name, f'{name}: "@«latest»"', "included by the template", kind="snippet")
        for found in self.library.snippets(self.word, _MOST_SNIPPETS):
            if found.name not in self.included:
                more = f'{found.name}: "@«latest»"'
                yield self.key(found.name, more, found.description, found.title, kind="snippet")

    # ------------------------------------------------------------ values

    def values(self) -> Iterator[Completion]:
        path = self.place.path
        match path:
            case ("model",):
                for model in self.library.models():
                    info = "" if model.ready else model.hint
                    yield self.value(model.ref, "model", detail=model.provider, info=info)
            case ("output", "format"):
                yield self.value("json", "value", info="an answer is JSON, checked against the schema")
                yield self.value("text", "value", info="an answer is free text")
            case ("snippets", name):
                for ref in self.library.refs(name):
                    yield self.value(f"@{ref.name}", "ref", detail=ref.kind)
            case ("config", "reasoning_effort"):
                for effort in ("low", "medium", "high"):
                    yield self.value(effort, "value")
            case ("input" | "output", "schema", *inner) if "(enum" not in (inner or [""])[-1]:
                yield from self._types(path)

    def _types(self, path: tuple[str, ...]) -> Iterator[Completion]:
        for name, info in TYPES.items():
            yield self.value(name, "type", info=info)
        if path[-1] == "type":
            yield self.value("object", "type", info="a mapping")
            yield self.value("array", "type", info="a list")


def _base(name: str) -> str:
    return name.partition("(")[0].rstrip("?").strip()


def complete_front(
    yaml: str, at: int, offset: int, used: Shape, included: list[str], library: Library
) -> Completed:
    """What may stand at ``at`` in front matter.

    Args:
        yaml: the front matter's text.
        at: an offset into it.
        offset: where it starts in the whole text.
        used: the inputs as the template uses them.
        included: the snippets that the template includes.
        library: what else there is.
    """
    found = place(yaml, at)
    if found is None:
        return Completed(start=offset + at, end=offset + at)
    word = yaml[found.start : at]
    after = (_KEY_AFTER if found.slot == "key" else _VALUE_AFTER).match(yaml, at)
    end = after.end() if after else at
    front = _Front(
        place=found,
        used=used,
        included=included,
        library=library,
        word=word,
        colon=_HAS_COLON.match(yaml, end) is not None,
    )
    present = yaml[found.start : end]
    taken = {_base(name) for name in found.siblings} - {_base(present)} if found.slot == "key" else set()
    items: dict[str, Completion] = {}
    for one in front.keys() if found.slot == "key" else front.values():
        if _base(one.label) not in taken or one.kind == "type":
            items.setdefault(one.label, one)
    listed = sum(one.kind == "snippet" for one in items.values())
    return Completed(
        start=offset + found.start,
        end=offset + end,
        items=tuple(items.values()),
        complete=listed < _MOST_SNIPPETS,
    )
