"""Whether a variable can get another name, and what its uses become."""

from __future__ import annotations

import re

from .errors import InvalidInput
from .promptfile import Document, parse
from .records import TextEdit
from .template import BLOCKS
from .template.helpers import INLINE
from .template.spelling import name_place

__all__ = ["check_name", "check_rename", "check_renamed", "renamed_uses"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = frozenset({*INLINE, *BLOCKS, "else", "this", "true", "false", "null", "undefined", "as"})
"""what the template language means itself"""


def check_name(name: str) -> None:
    """Refuse what no variable can be called.

    Raises:
        InvalidInput: the reason, and what to do.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"{name!r} is no name for a variable: letters, digits and _, no digit first")
    if name in _WORDS:
        raise InvalidInput(f"{name!r} is a word of the template language; choose another name")


def check_rename(document: Document, old: str, new: str) -> None:
    """Refuse a name that is invalid or taken.

    Raises:
        InvalidInput: the reason, and what to do.
    """
    names = {variable.name for variable in document.content.variables}
    if old not in names:
        raise InvalidInput(f"there is no variable {old!r}; there are: {', '.join(sorted(names)) or 'none'}")
    if new == old:
        return
    check_name(new)
    if new in names:
        raise InvalidInput(f"a variable {new!r} is there already; choose another name")


def renamed_uses(document: Document, old: str, new: str) -> list[TextEdit]:
    """The uses of ``old`` in the template as ``new``: those that lead into the input, and no others.

    Raises:
        InvalidInput: a use that is written in a way that cannot be renamed.
    """
    made: dict[int, TextEdit] = {}
    for use in document.template.variables():
        if use.name != old:
            continue
        start, end = name_place(document.text, use)
        if document.text[start:end] != old:
            raise InvalidInput(f"{old!r} is used in a way that cannot be renamed; edit the text instead")
        made[start] = TextEdit(start=start, end=end, text=new)
    return list(made.values())


def check_renamed(before: Document, after_text: str, old: str, new: str) -> None:
    """Refuse a rename that would change what the template means.

    Raises:
        InvalidInput: a use would name a block's own parameter.
    """
    after = parse(after_text)
    expected = sorted(new if use.name == old else use.name for use in before.template.variables())
    if sorted(use.name for use in after.template.variables()) != expected:
        raise InvalidInput(
            f"a block calls its own parameter {new!r} where {old!r} is used; choose another name"
        )
