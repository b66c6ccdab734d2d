"""Which units a change touches, in the words of owner rules: names and roles, never numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import zip_longest

from ..content import lf
from ..diff import diff
from ..promptfile import Document
from ..records import UnitChange, UnitKind
from ..template.nodes import Literal, Section
from ..template.tree import walk

__all__ = ["fits", "sections", "touched_units"]

_CLASS = re.compile(r"\[")


def fits(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern: ``*`` any characters (``/`` too), ``?`` one, everything else itself."""
    return fnmatchcase(name, _CLASS.sub("[[]", pattern))


def touched_units(before: Document, after: Document) -> frozenset[str]:
    """What differs: ``segment:system``, ``section:disclaimer``, ``variable:order``, ``model`` ...; ``text`` when only
    layout or comments do. A unit that was renamed, or changed its role, is touched under both."""
    made = diff(before.content, after.content, text_a=before.text, text_b=after.text)
    touched = {name for change in made.changes for name in _names(before, change)}
    old, new = sections(before), sections(after)
    touched |= {f"section:{name}" for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if made.text_only:
        touched.add("text")
    return frozenset(touched)


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


def sections(document: Document) -> dict[str, str]:
    """The source of each named section: from ``{{section "NAME"}}`` to the next such marker or the end of its message.
    Several of one name count together."""
    found: defaultdict[str, str] = defaultdict(str)
    marks = [node for node in walk(document.template.body) if isinstance(node, Section)]
    for segment in document.template.segments():
        inside = [mark for mark in marks if segment.start <= mark.start < segment.end]
        for mark, after in zip_longest(inside, inside[1:]):
            end = after.start if after is not None else segment.end
            if isinstance(mark.name, Literal):
                found[str(mark.name.value)] += lf(document.text[mark.start : end])
    return dict(found)
