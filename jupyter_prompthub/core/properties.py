"""Edits of the properties of a schema, in picoschema or JSON Schema: of the input, the answer, what a tool takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import changes as c
from .errors import InvalidInput
from .picowrite import base_name, is_json_schema, property_text
from .promptfile import Document
from .records import TextEdit
from .yamledit import YamlText
from .yamltree import Node

__all__ = ["Place", "declaration_steps", "put_steps", "remove_steps", "rename_steps", "schema_place"]

_Step = Callable[[Document], list[TextEdit]]
_Put = c.PutVariable | c.PutOutputProperty | c.PutToolParameter


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document has a schema, or would have it."""

    yaml: YamlText
    path: tuple[str, ...]
    """keys that lead to it from the root of ``yaml``"""
    called: str
    known: Mapping[str, Any]
    """the JSON Schemas of the properties that it has"""
    keeps: tuple[str, ...] = ()
    """what a property keeps when it gets another schema"""

    @property
    def node(self) -> Node | None:
        return self.yaml.root.at(*self.path) if self.yaml.root is not None else None

    @property
    def as_json(self) -> bool:
        return self.node is not None and is_json_schema(self.node.value)

    def find(self, name: str) -> str | None:
        """The key of a property as picoschema writes it."""
        entries = self.node.entries if self.node is not None else []
        return next((entry.name for entry in entries if base_name(entry.name) == name), None)

    def at(self, *path: str) -> Node | None:
        return self.node.at(*path) if self.node is not None else None

    def __contains__(self, name: str) -> bool:
        if self.as_json:
            return self.at("properties", name) is not None
        return self.find(name) is not None


_Where = Callable[[Document], Place]


def schema_place(side: str) -> _Where:
    """Where the schema of the ``input`` or the ``output`` is."""

    def where(document: Document) -> Place:
        content = document.content
        if side == "input":
            known: Any = {each.name: each.schema_ for each in content.variables if each.declared}
        else:
            known = (content.output.schema_ or {}).get("properties") if content.output is not None else None
        has_front = document.split.yaml is not None
        return Place(
            yaml=document.front if has_front else YamlText(document.text, 0, 0, None),
            path=(side, "schema"),
            called=f"{side}.schema",
            known=known if isinstance(known, dict) else {},
            keeps=("examples",) if side == "input" else (),
        )

    return where


def put_steps(where: _Where, change: _Put) -> list[_Step]:
    """Add a property, or change what of it is named."""
    name = change.name

    def put(document: Document) -> list[TextEdit]:
        place = where(document)
        _must_be_a_mapping(place)
        return _put_json(place, change) if place.as_json else _put_pico(place, change)

    def required(document: Document) -> list[TextEdit]:
        place, wanted = where(document), change.required
        _must_be_a_mapping(place)
        if wanted is None and name not in place:
            wanted = True
        return _required(place, name, wanted) if wanted is not None and place.as_json else []

    # a new one is asked for before it is written: then it is not there yet
    return [required, put] if change.required is None else [put, required]


def remove_steps(where: _Where, name: str) -> list[_Step]:
    """Take a property out, and out of the list of those that are required."""

    def required(document: Document) -> list[TextEdit]:
        place = where(document)
        return _required(place, name, False) if place.as_json else []

    def remove(document: Document) -> list[TextEdit]:
        place = where(document)
        if name not in place:
            raise InvalidInput(f"{name!r} is not declared in {place.called}; there is nothing to remove")
        key = ("properties", name) if place.as_json else (place.find(name) or name,)
        return place.yaml.remove((*place.path, *key))

    return [required, remove]


def rename_steps(where: _Where, old: str, new: str) -> list[_Step]:
    """Give a property another name, which none has."""

    def check(document: Document) -> list[TextEdit]:
        place = where(document)
        if old not in place:
            raise InvalidInput(f"{place.called}: there is no {old!r}; somebody may have changed it")
        if new != old and new in place:
            raise InvalidInput(f"{place.called}: there is a {new!r} already; choose another name")
        return []

    return [check, *declaration_steps(where, old, new)]


def declaration_steps(where: _Where, old: str, new: str) -> list[_Step]:
    """Rename the declaration of a property, if it has one."""

    def declaration(document: Document) -> list[TextEdit]:
        place = where(document)
        if old not in place:
            return []
        if place.as_json:
            return place.yaml.rename((*place.path, "properties", old), new)
        found = place.find(old) or old
        key = new + found[len(old) :]
        there = place.at(found)
        _must_be_pico(new, key, there.value if there is not None else None)
        return place.yaml.rename((*place.path, found), key)

    def required(document: Document) -> list[TextEdit]:
        place = where(document)
        names = _listed(place) if place.as_json else []
        return place.yaml.put_item((*place.path, "required"), names.index(old), new) if old in names else []

    return [declaration, required]


def _must_be_a_mapping(place: Place) -> None:
    schema = place.node
    if schema is not None and schema.value is not None and schema.kind != "map":
        raise InvalidInput(
            f"{place.called} is {schema.text!r}, not a mapping of names; edit the text instead"
        )


def _wanted(place: Place, change: _Put) -> tuple[dict[str, Any], str]:
    """Schema and description that a property gets: what the change leaves open as the document has it."""
    known = place.known.get(change.name)
    there = dict(known) if isinstance(known, dict) else {"type": "string"}
    said = str(there.pop("description", None) or "")
    schema = there if change.schema_ is None else dict(change.schema_)
    for kept in place.keeps:
        if kept in there:
            schema.setdefault(kept, there[kept])
    own = str(schema.pop("description", None) or "")
    if change.description is not None:
        return schema, change.description
    return schema, own or said


def _put_json(place: Place, change: _Put) -> list[TextEdit]:
    path = (*place.path, "properties", change.name)
    there = place.at("properties", change.name)
    if change.schema_ is None and there is not None and there.kind == "map":
        # the rest of the property stays as it is written
        if change.description is None:
            return []
        if change.description:
            return place.yaml.set((*path, "description"), change.description)
        if [entry.name for entry in there.entries] != ["description"]:
            return place.yaml.remove((*path, "description"))
    whole, description = _wanted(place, change)
    if description:
        whole["description"] = description
    return place.yaml.set(path, whole)


def _put_pico(place: Place, change: _Put) -> list[TextEdit]:
    name = change.name
    whole, description = _wanted(place, change)
    old = place.find(name)
    required = change.required
    if required is None:
        required = old is None or not _is_optional(old)
    key, value = property_text(name, whole, required=required, description=description)
    _must_be_pico(name, key, value)
    path = place.path
    if old is None or old == key:
        return place.yaml.set((*path, key), value)
    # one step: the new key with the old value may be no schema
    return [*place.yaml.rename((*path, old), key), *place.yaml.set((*path, old), value)]


def _must_be_pico(name: str, key: str, value: Any) -> None:
    """A name with picoschema's own marks would be read as another, and some names make the whole a JSON Schema."""
    is_another = name == "$ref" or set("?()") & set(name) or base_name(key) != name
    if is_another or is_json_schema({key: value}):
        raise InvalidInput(f"picoschema cannot declare {name!r}; write the schema as JSON Schema in the text")


def _is_optional(key: str) -> bool:
    """Whether a picoschema key has the mark ``?``."""
    return key.partition("(")[0].rstrip().endswith("?")


def _listed(place: Place) -> list[Any]:
    """The names in the list ``required`` of a JSON Schema."""
    listed = place.at("required")
    return [item.value for item in listed.items] if listed is not None else []


def _required(place: Place, name: str, wanted: bool) -> list[TextEdit]:
    """Bring ``name`` into, or out of, the list ``required`` of a JSON Schema."""
    path, names = (*place.path, "required"), _listed(place)
    if (name in names) == wanted:
        return []
    if wanted:
        return place.yaml.put_item(path, None, name)
    return place.yaml.remove_item(path, names.index(name))
