"""Which units a change touches, in the words of owner rules: names and roles, never numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ..contract import variables_of
from ..diff import diff
from ..promptfile import Document, parse
from ..records import UnitChange, UnitKind, Variable
from ..template.helpers import ROLES
from ..template.nodes import Literal, Section
from ..template.tree import walk
from .spoken import Parts, Piece, spoken

__all__ = ["Included", "fits", "touched_units"]

_CLASS = re.compile(r"\[")


@dataclass(frozen=True, slots=True)
class Included:
    """The snippets that a prompt includes, at any depth, by the name they are included under."""

    texts: Mapping[str, str] = field(default_factory=dict)
    shas: Mapping[str, str] = field(default_factory=dict)
    """the versions that its lock has"""


def fits(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern: ``*`` any characters (``/`` too), ``?`` one, everything else itself."""
    return fnmatchcase(name, _CLASS.sub("[[]", pattern))


def touched_units(
    before: Document, after: Document, old: Included | None = None, new: Included | None = None
) -> frozenset[str]:
    """What differs: ``segment:system``, ``section:disclaimer``, ``variable:order``, ``model`` ...; ``text`` when only
    layout or comments do. A unit that was renamed, changed its role, or stands in another order, is touched under both.

    What snippets bring counts as if it were written where they are included.

    Args:
        old: what ``before`` includes.
        new: what ``after`` includes.
    """
    old, new = old or Included(), new or Included()
    if before.text == after.text and old == new:
        return frozenset()
    made = diff(before.content, after.content, text_a=before.text, text_b=after.text)
    touched = {name for change in made.changes for name in _names(before, change)}
    touched |= {f"snippet:{name}" for name in _different(old.shas, new.shas)}
    first, second = ({name: parse(text) for name, text in one.texts.items()} for one in (old, new))
    touched |= {
        f"variable:{name}" for name in _different(_variables(before, first), _variables(after, second))
    }
    touched |= _said(before, after, first, second)
    if made.text_only:
        touched.add("text")
    return frozenset(touched)


def _variables(document: Document, snippets: Mapping[str, Document]) -> dict[str, Variable]:
    return {variable.name: variable for variable in variables_of(document, snippets)}


def _different(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _names(before: Document, change: UnitChange) -> Iterator[str]:
    if change.unit is UnitKind.SEGMENT:
        for path in (change.path_before, change.path):
            if path is not None:
                yield f"segment:{path.rpartition('/')[2]}"
        return
    if change.unit is UnitKind.MODEL:
        yield "model"
        return
    for path in (change.path_before, change.path):
        if path is not None:
            kind, _, name = path.partition("/")
            yield f"{kind}:{name.removeprefix('schema/')}"


# ------------------------------------------------------------------ messages and sections


def _said(
    before: Document, after: Document, old: Mapping[str, Document], new: Mapping[str, Document]
) -> set[str]:
    """The messages, by their roles, and the sections that say something else, under another condition, or elsewhere."""
    one, other = spoken(before, old), spoken(after, new)
    if one.cut or other.cut:  # too long to tell, so all of it
        every = (before, after, *old.values(), *new.values())
        return {f"segment:{role}" for role in ROLES} | {
            f"section:{name}" for document in every for name in _section_names(document)
        }
    touched = _different(_by_unit(one.pieces), _by_unit(other.pieces))
    for parts in _out_of_order(_order(one.pieces), _order(other.pieces)):
        touched |= _units(parts)
    return touched


def _section_names(document: Document) -> Iterator[str]:
    for node in walk(document.template.body):
        if isinstance(node, Section) and isinstance(node.name, Literal):
            yield str(node.name.value)


def _units(parts: Parts) -> set[str]:
    made = {f"segment:{part.role}" for part in parts}
    return made | {f"section:{part.section}" for part in parts if part.section is not None}


def _by_unit(pieces: Iterable[Piece]) -> dict[str, list[tuple[object, ...]]]:
    """What each message, by its role, and each section says, and whose words else that may be."""
    made: dict[str, list[tuple[object, ...]]] = {}
    for piece in pieces:
        roles = frozenset(part.role for part in piece.parts)
        for unit in _units(piece.parts):
            shared = roles if unit.startswith("segment:") else piece.parts
            made.setdefault(unit, []).append((piece.kind, piece.source, shared))
    return made


def _order(pieces: Iterable[Piece]) -> list[Parts]:
    return [piece.parts for piece in pieces if piece.is_marker]


def _out_of_order(old: Sequence[Parts], new: Sequence[Parts]) -> Iterator[Parts]:
    """The messages and sections that changed their order, when it was not only that some were added or removed."""
    both = set(old) & set(new)
    one, other = ([parts for parts in each if parts in both] for each in (old, new))
    if not _is_within(one, other) and not _is_within(other, one):
        for left, right in zip(one, other, strict=False):
            if left != right:
                yield left
                yield right


def _is_within(some: Sequence[Parts], more: Sequence[Parts]) -> bool:
    rest = iter(more)
    return all(parts in rest for parts in some)
