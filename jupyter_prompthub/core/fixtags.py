"""Fixes in the template: tags and blocks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from .fixtext import FixText
from .records import Fix, Problem
from .template import BLOCKS, ROLES
from .template.helpers import INLINE, OTHER_ROLES

__all__ = [
    "close_block",
    "close_comment",
    "close_mismatch",
    "close_string",
    "close_tag",
    "helper_block",
    "remove",
    "remove_tag",
    "role",
    "snippet_name",
    "unknown_block",
    "unknown_helper",
]

_HEAD = re.compile(r"\{\{[{~]*\s*(?:else\s+)?([#^&]?\s*)([^\s{}~|=]+)")
_OPENING = re.compile(r"\{\{[{~]*\s*[#/>^&!]?\s*(?:role\s+\"[a-z]*\"?|[\w$@./-]+)?")
_SNIPPET = re.compile(r"""\{\{~?>\s*["']?([^\s{}~=|"'()#!&>]+)""")


def unknown_helper(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The helper that was likely meant."""
    head = _HEAD.match(text.text, problem.start, problem.end)
    if head is None:
        return
    for other in difflib.get_close_matches(head[2], [*INLINE, *BLOCKS], n=2):
        word = f"#{other}" if other in BLOCKS else other
        yield Fix(title=f"Change to {word}", edits=text.replace(head.start(2), head.end(2), word))


def helper_block(text: FixText, problem: Problem) -> Iterator[Fix]:
    """A block's name without its #."""
    head = _HEAD.match(text.text, problem.start, problem.end)
    if head is not None:
        yield Fix(title=f"Write #{head[2]}", edits=text.replace(head.start(2), head.start(2), "#"))


def unknown_block(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The block that was likely meant: at its start and at its end."""
    head = _HEAD.match(text.text, problem.start, problem.end)
    if head is None:
        return
    name = head[2]
    if name in INLINE:
        yield Fix(title=f"Write {name} without #", edits=text.replace(head.start(1), head.start(2), ""))
        return
    end = re.compile(rf"\{{\{{~?/\s*({re.escape(name)})\s*~?\}}\}}").search(text.text, problem.end)
    for other in difflib.get_close_matches(name, list(BLOCKS), n=1):
        edits = text.replace(head.start(2), head.end(2), other)
        edits += text.replace(end.start(1), end.end(1), other) if end else ()
        yield Fix(title=f"Change to #{other}", edits=edits)
    if not head[1].startswith("#") or text.text[head.end() : problem.end].strip() not in ("}}", "~}}"):
        return
    for other in ("if", "each"):
        edits = text.replace(head.start(2), head.start(2), f"{other} ")
        edits += text.replace(end.start(1), end.end(1), other) if end else ()
        yield Fix(title=f"Write {{{{#{other} {name}}}}}", edits=edits)


def close_block(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The end of a block that has none, where its lines end."""
    loose = text.loose
    frames = loose.open
    if not frames or frames[-1].start != problem.start:
        return
    name = frames[-1].helper
    tag = next(tag for tag in loose.tags if tag.start + loose.offset == problem.start)
    end = text.split.template.end
    while end > problem.start and text.text[end - 1].isspace():
        end -= 1
    line_end = text.line(tag.end + loose.offset)[1]
    close = f"{{{{/{name}}}}}"
    if not text.alone(problem.start, tag.end + loose.offset):
        if loose.scope(line_end).frames == frames and line_end <= end and line_end != end:
            yield Fix(
                title=f"Close {{{{#{name}}}}} on its line", edits=text.replace(line_end, line_end, close)
            )
        yield Fix(title=f"Close {{{{#{name}}}}} at the end", edits=text.replace(end, end, close))
        return
    indent = text.text[text.line(problem.start)[0] : problem.start]
    marker = next(
        (
            loose.offset + one.start
            for one in loose.tags
            if one.start > tag.start
            and one.call is not None
            and one.call.name in ("role", "history")
            and one.kind == "output"
            and loose.scope(loose.offset + one.start).frames == frames
        ),
        None,
    )
    if marker is not None:
        at = marker
        while text.text[at - 1].isspace() and at > tag.end + loose.offset:
            at -= 1
        edits = text.replace(at, at, f"{text.newline}{indent}{close}")
        yield Fix(title=f"Close {{{{#{name}}}}} before the next message", edits=edits)
    yield Fix(
        title=f"Close {{{{#{name}}}}} at the end",
        edits=text.replace(end, end, f"{text.newline}{indent}{close}"),
    )


def close_mismatch(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Close the block that is open, before this end or instead of it."""
    frames = text.loose.scope(problem.start).frames
    written = re.compile(r"\{\{~?/\s*([^\s{}~]*)").match(text.text, problem.start)
    if frames and written is not None:
        name = frames[-1].helper
        if written[1] in [frame.helper for frame in frames[:-1]]:
            edits = text.replace(problem.start, problem.start, f"{{{{/{name}}}}}")
            yield Fix(title=f"Close {{{{#{name}}}}} before it", edits=edits)
        elif written[1] != name:
            edits = text.replace(written.start(1), written.end(1), name)
            yield Fix(title=f"Change to {{{{/{name}}}}}", edits=edits)
    yield from remove_tag(text, problem)


def remove_tag(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Remove a tag, and its line where it stands alone."""
    yield Fix(title="Remove it", edits=text.cut(problem.start, problem.end))


def remove(text: FixText, problem: Problem) -> Iterator[Fix]:
    """Remove a character."""
    yield Fix(title="Remove it", edits=text.replace(problem.start, problem.end, ""))


def close_tag(text: FixText, problem: Problem) -> Iterator[Fix]:
    """End a tag after its first word."""
    start = problem.start
    if not text.text.startswith("{{", start) or problem.code == "tag":
        start = text.text.rfind("{{", 0, problem.start)
    head = _OPENING.match(text.text, start) if start >= 0 else None
    if head is not None:
        end = "}}}" if text.text.startswith("{{{", start) else "}}"
        title = f"Close the tag: {text.text[start : head.end()][:40]}{end}"
        yield Fix(title=title, edits=text.replace(head.end(), head.end(), end))


def close_string(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The second quote, before the tag's end or the line's."""
    mark = text.text[problem.start : problem.start + 1]
    end = text.line(problem.start)[1]
    braces = text.text.find("}}", problem.start, end)
    at = braces if braces >= 0 else end
    more = mark if braces >= 0 else f"{mark}}}}}"
    yield Fix(title=f"Add the closing {mark}", edits=text.replace(at, at, more))


def close_comment(text: FixText, problem: Problem) -> Iterator[Fix]:
    """End a comment where its line ends."""
    end = text.line(problem.start)[1]
    dashes = text.text.startswith(("{{!--", "{{~!--"), problem.start)
    yield Fix(title="Close the comment", edits=text.replace(end, end, "--}}" if dashes else "}}"))


def role(text: FixText, problem: Problem) -> Iterator[Fix]:
    """The role that was meant."""
    written = re.compile(r"""\{\{[{~]*\s*role\s+(["'])([^"'{}]*)\1""").match(text.text, problem.start)
    if written is None:
        return
    other = OTHER_ROLES.get(written[2].lower())
    close = [other] if other else difflib.get_close_matches(written[2].lower(), ROLES, n=1, cutoff=0.5)
    for word in close:
        yield Fix(title=f"Change to {word}", edits=text.replace(written.start(2), written.end(2), word))


def snippet_name(text: FixText, problem: Problem) -> tuple[int, int, str] | None:
    """Place and name of the snippet that a tag includes."""
    found = _SNIPPET.match(text.text, problem.start, problem.end)
    return (found.start(1), found.end(1), found[1]) if found else None
