"""Source to a flat list of texts and tags. One pass, each character read a fixed number of times."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..records import Problem
from .expressions import Call, Scanner
from .problems import BadTag, Places

__all__ = ["TagKind", "TagToken", "TextToken", "Token", "tokens"]

_MAX_PROBLEMS = 20


class TagKind(StrEnum):
    OUTPUT = "output"
    COMMENT = "comment"
    SNIPPET = "snippet"
    OPEN = "open"
    ELSE = "else"
    CLOSE = "close"


@dataclass(slots=True)
class TextToken:
    """Text between tags. ``value`` changes with whitespace control, ``original`` does not."""

    start: int
    end: int
    original: str
    value: str


@dataclass(slots=True)
class TagToken:
    """One ``{{...}}``. ``trim_before`` and ``trim_after`` are its tildes."""

    kind: TagKind
    start: int
    end: int
    trim_before: bool
    trim_after: bool
    call: Call | None = None
    indent: str = ""


Token = TextToken | TagToken

_SIGILS = {"#": TagKind.OPEN, "/": TagKind.CLOSE, ">": TagKind.SNIPPET, "^": TagKind.ELSE}


def _comment(source: str, start: int, mark: int) -> TagToken:
    """The comment whose ``!`` is at ``mark``."""
    before = source[mark - 1] == "~"
    if source.startswith("--", mark + 1):
        at = mark + 1
        while (at := source.find("--", at)) >= 0:
            if source.startswith("}}", at + 2):
                return TagToken(TagKind.COMMENT, start, at + 4, before, False)
            if source.startswith("~}}", at + 2):
                return TagToken(TagKind.COMMENT, start, at + 5, before, True)
            at += 1
        raise BadTag("comment_unclosed", "this comment is never closed; end it with --}}", start, len(source))
    end = source.find("}}", mark + 1)
    if end < 0:
        raise BadTag("comment_unclosed", "this comment is never closed; end it with }}", start, len(source))
    return TagToken(TagKind.COMMENT, start, end + 2, before, source[end - 1] == "~" and end - 1 > mark)


def _tag(source: str, start: int, places: Places) -> TagToken:
    if source.startswith("{{{{", start):
        message = "raw blocks {{{{...}}}} are not part of the language; write \\{{ for literal braces"
        raise BadTag("unsupported", message, start, start + 4)
    triple = source.startswith("{{{", start)
    at = start + (3 if triple else 2)
    before = not triple and source.startswith("~", at)
    if before:
        at += 1
        if source.startswith("{", at):
            triple, at = True, at + 1
    mark = source[at : at + 1]
    if mark == "!" and not triple:
        return _comment(source, start, at)
    kind = TagKind.OUTPUT if triple else _SIGILS.get(mark, TagKind.OUTPUT)
    if kind is not TagKind.OUTPUT or mark == "&":
        at += 1
    scanner = Scanner(source, at, start, places, triple=triple)
    if kind is TagKind.OUTPUT and not triple and scanner.word("else"):
        kind = TagKind.ELSE
    call = scanner.snippet() if kind is TagKind.SNIPPET else scanner.call()
    end, after = scanner.close()
    return TagToken(kind, start, end, before, after, call)


def _braces(source: str, at: int) -> tuple[int, int]:
    """The next ``{{`` from ``at`` (or the end), and how many backslashes (at most 2) stand before it."""
    found = source.find("{{", at)
    if found < 0:
        return len(source), 0
    if found - 1 < at or source[found - 1] != "\\":
        return found, 0
    return found, 2 if found - 2 >= at and source[found - 2] == "\\" else 1


def _after_bad(source: str, at: int, bad: BadTag) -> int:
    """Where to go on after a tag that could not be read: behind it, or at the next one if that starts before."""
    end = source.find("}}", max(bad.start, at + 2))
    after = end + 2 if end >= 0 else len(source)
    opening = source.find("{{", max(bad.start, at + 2) if bad.code != "unsupported" else bad.end, after)
    return opening if opening >= 0 else after


def tokens(source: str, places: Places) -> tuple[list[Token], list[Problem]]:
    """Texts and tags of ``source`` in order, and what is wrong inside single tags."""
    made: list[Token] = []
    problems: list[Problem] = []
    at = 0
    while at < len(source) and len(problems) < _MAX_PROBLEMS:
        start, pieces = at, []
        while True:
            found, slashes = _braces(source, at)
            pieces.append(source[at : found - 1 if slashes else found])
            if slashes != 1:
                at = found
                break
            # an escaped tag is text, up to the next braces or the backslashes before them
            pieces.append("{{")
            at = found + 2
        if value := "".join(pieces):
            made.append(TextToken(start, at, value, value))
        if at >= len(source):
            break
        try:
            tag = _tag(source, at, places)
            made.append(tag)
            at = tag.end
        except BadTag as bad:
            problems.append(places.problem(bad))
            at = _after_bad(source, at, bad)
    return made, problems
