"""Text and tags put together to a template of ours, so that text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..template import BLOCKS
from ..template.helpers import INLINE

__all__ = ["Piece", "joined", "simple", "variable"]

Piece = tuple[bool, str]
"""whether it is a tag, and its source; text is as it is to be read"""

_WORDS = frozenset({"else", "this", "true", "false", "null", "undefined"})
_TAKEN = frozenset({*BLOCKS, *INLINE}) | _WORDS
_SIMPLE = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}", re.ASCII)


def variable(path: str) -> str:
    """A tag that writes a variable out, also one that is called like a helper."""
    head = re.split(r"[./]", path, maxsplit=1)[0]
    return f"{{{{this.{path}}}}}" if head in _TAKEN else f"{{{{{path}}}}}"


def simple(text: str) -> list[Piece]:
    """A text in which only ``{{name}}`` is a tag."""
    made: list[Piece] = []
    at = 0
    for found in _SIMPLE.finditer(text):
        if found[1] in _WORDS:
            continue
        made += [(False, text[at : found.start()]), (True, variable(found[1]))]
        at = found.end()
    return [*made, (False, text[at:])]


def joined(pieces: Iterable[Piece]) -> str:
    """The template's source: braces of text are escaped, and nothing that stands before a tag changes it."""
    merged: list[Piece] = []
    for is_tag, source in pieces:
        if merged and not is_tag and not merged[-1][0]:
            merged[-1] = (False, merged[-1][1] + source)
        elif source:
            merged.append((is_tag, source))
    out: list[str] = []
    for at, (is_tag, source) in enumerate(merged):
        if is_tag:
            out.append(source)
        else:
            out.append(_escaped(source, before_tag=at + 1 < len(merged)))
    return "".join(out)


def _escaped(text: str, *, before_tag: bool) -> str:
    parts = text.split("{{")
    made = parts[0]
    for part in parts[1:]:
        # a backslash of the text would escape the tag, or be taken for one that escapes: a comment parts them
        made += ("\\{{!}}" if made.endswith("\\") else "") + "\\{{" + part
    if before_tag and made.endswith("{") and not made.endswith("\\{{"):
        made = _before_tag(made[:-1]) + '{{"{"}}'
    return _before_tag(made) if before_tag else made


def _before_tag(text: str) -> str:
    """A backslash before a tag is written twice, or it would escape it."""
    return text + "\\" if text.endswith("\\") else text
