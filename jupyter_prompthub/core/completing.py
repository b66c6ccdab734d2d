"""What may stand at a place of a ``.prompt`` text, which need not parse."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from .completingfront import complete_front
from .completingtags import complete_tag, complete_text
from .errors import LimitExceeded, PromptSyntaxError
from .frontmatter import opens_front_matter, read_fields, split
from .lines import Span
from .offers import EMPTY, Library
from .picoschema import to_json_schema
from .records import Completed
from .shapes import Shape, declared, inferred, merged
from .template.loose import read
from .yamltree import YamlProblem, parse_yaml

__all__ = ["complete"]

_BRACES = re.compile(r"\{\{|\}\}")


def complete(text: str, position: int, *, library: Library = EMPTY, explicit: bool = False) -> Completed:
    """What may stand at ``position``. Never raises for bad text.

    Args:
        text: front matter and template, or a template alone.
        position: a code-point offset.
        library: what else there is: snippets, refs, models.
        explicit: asked for by a person; else nothing is offered in plain text.
    """
    at = max(0, min(position, len(text)))
    front, body = _parts(text)
    loose = read(text[body.start : body.end], body.start)
    used = inferred(loose.uses)
    if front is not None and front.start <= at <= front.end:
        yaml = text[front.start : front.end]
        names = dict.fromkeys(tag.call.name for tag in loose.tags if tag.kind == "snippet" and tag.call)
        return complete_front(yaml, at - front.start, front.start, used, list(names), library)
    if not body.start <= at <= body.end:
        return Completed(start=at, end=at)
    shape = merged(_declared(text[front.start : front.end]) if front is not None else Shape(), used)
    begin = _tag_start(text, body.start, at)
    if begin is None:
        return complete_text(text, at, shape, loose.scope(at)) if explicit else Completed(start=at, end=at)
    return complete_tag(text, begin, at, shape, loose.scope(begin), library)


def _parts(text: str) -> tuple[Span | None, Span]:
    """Front matter, also while it is not closed, and all that follows."""
    cut = split(text)
    if cut.yaml is not None:
        return cut.yaml, cut.body
    start = opens_front_matter(text)
    if start is None:
        return None, cut.body
    return Span(start, len(text)), Span(len(text), len(text))


@lru_cache(maxsize=64)
def _declared(yaml: str) -> Shape:
    """The inputs that front matter declares; nothing where it cannot be read now."""
    try:
        root = parse_yaml(yaml)
        written: Any = read_fields(root).input_schema if root is not None else None
        return declared(to_json_schema(written)) if written is not None else Shape()
    except (YamlProblem, PromptSyntaxError, LimitExceeded):
        return Shape()


def _tag_start(text: str, start: int, at: int) -> int | None:
    """Where the tag starts that ``at`` is in; None outside of tags, and in comments."""
    begin = None
    for match in _BRACES.finditer(text, start, at):
        if match[0] == "}}":
            begin = None
        elif begin is None or text[begin + 2 : begin + 4].lstrip("~")[:1] != "!":
            begin = match.start()
    if begin is None or text[begin - 1 : begin] == "\\" != text[begin - 2 : begin - 1]:
        return None
    comment = text.rfind("{{!--", start, begin)
    if comment >= 0 and text.find("--}}", comment, at) < 0:
        return None
    return begin
