"""Anchors: a place in one content, found again in a later one by the matching that a diff stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..content import lf
from ..errors import InvalidInput
from ..matching import Matches, match_units
from ..records import Anchor, Content, SegmentKind
from ..units import segment_path
from ..words import spans
from .messages import Message, found_once, messages

_WORD = re.compile(r"\w")

__all__ = ["Follower", "follow", "quote"]


def follow(anchor: Anchor, before: Content, after: Content) -> Anchor | None:
    """Where the place of ``before`` is in ``after``; as :class:`Follower`, for one place."""
    return Follower(before, after)(anchor)


class Follower:
    """Finds places of one content in a later one.

    A message is followed when it moves or changes, and into a block or out of one where it is found there once; a variable
    when it is renamed, a range when words around it change. The contents are matched once, for however many places.
    """

    def __init__(self, before: Content, after: Content) -> None:
        self._before, self._after = before, after

    @cached_property
    def _matched(self) -> Matches:
        return match_units(self._before, self._after)

    def __call__(self, anchor: Anchor) -> Anchor | None:
        """The place in the later content; None: the unit, or every word of the range, is gone."""
        before, after = self._before, self._after
        kind, _, name = anchor.path.partition("/")
        if kind == "segment":
            at = _index(anchor.path, before)
            if at is None:
                return None
            for i, j in self._matched.segments:
                if i == at and j is not None:
                    old, new = before.segments[i], after.segments[j]
                    return _in_segment(anchor, old.source, new.source, segment_path(j, new))
            return self._elsewhere(anchor, at)
        if kind == "variable":
            names = dict(pair for pair in self._matched.variables if pair[0] is not None)
            now = names.get(name)
            return Anchor(path=f"variable/{now}") if now is not None else None
        return Anchor(path=anchor.path) if _has(after, kind, name) else None

    def _elsewhere(self, anchor: Anchor, at: int) -> Anchor | None:
        """A place in a segment that is none any more: its message may stand in a block now, or outside of it."""
        old, new = self._unmatched
        start = anchor.start if anchor.start is not None else 0
        end = anchor.end if anchor.end is not None else len(self._before.segments[at].source)
        for one in old:
            if one.segment == at and one.start <= start and end <= one.end:
                now = found_once(one, old, new)
                if now is None:
                    return None
                words = (0, len(now.source))
                if anchor.start is not None:
                    found = _range(one.source, now.source, start - one.start, end - one.start)
                    if found is None:
                        return None
                    words = found
                path = segment_path(now.segment, self._after.segments[now.segment])
                return Anchor(path=path, start=now.start + words[0], end=now.start + words[1])
        return None

    @cached_property
    def _unmatched(self) -> tuple[list[Message], list[Message]]:
        """The messages of each side that are no matched segment."""
        pairs = [pair for pair in self._matched.segments if None not in pair]
        sides = ((self._before, {i for i, _ in pairs}), (self._after, {j for _, j in pairs}))
        old, new = (
            [
                one
                for one in messages(content)
                if one.segment not in matched or content.segments[one.segment].kind is SegmentKind.BLOCK
            ]
            for content, matched in sides
        )
        return old, new


def quote(anchor: Anchor, content: Content) -> str:
    """The words at a place; "" where it is no text.

    Raises:
        InvalidInput: there is no such place.
    """
    kind, _, name = anchor.path.partition("/")
    if kind == "segment":
        at = _index(anchor.path, content)
        if at is None:
            raise _missing(anchor.path)
        source = content.segments[at].source
        if anchor.start is None or anchor.end is None:
            return source
        if not anchor.start < anchor.end <= len(source):
            raise InvalidInput(
                f"expected a range within 0..{len(source)} of {anchor.path}, got {anchor.start}..{anchor.end}"
            )
        return source[anchor.start : anchor.end]
    known = (
        any(one.name == name for one in content.variables)
        if kind == "variable"
        else _has(content, kind, name)
    )
    if not known:
        raise _missing(anchor.path)
    if anchor.start is not None:
        raise InvalidInput("only a message has words that a range could name")
    return ""


def _in_segment(anchor: Anchor, old: str, new: str, path: str) -> Anchor | None:
    if anchor.start is None or anchor.end is None:
        return Anchor(path=path)
    found = _range(old, new, anchor.start, anchor.end)
    return Anchor(path=path, start=found[0], end=found[1]) if found is not None else None


def _range(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """From the first of its characters that is still there to the last one, with what was written between them."""
    i = j = 0
    first = last = None
    kept = ""
    for span in spans(old, new):
        size = len(span.text)
        if span.op == "equal":
            low, high = max(start, i), min(end, i + size)
            if low < high:
                first = j + low - i if first is None else first
                last = j + high - i
                kept += span.text[low - i : high - i]
        i += size if span.op != "insert" else 0
        j += size if span.op != "delete" else 0
    if first is None or last is None or (_WORD.search(old[start:end]) and not _WORD.search(kept)):
        return None  # a full stop alone is not what was meant
    return first, last


def _index(path: str, content: Content) -> int | None:
    return next((at for at, one in enumerate(content.segments) if segment_path(at, one) == path), None)


def _has(content: Content, kind: str, name: str) -> bool:
    if kind == "model":
        return content.model is not None and not name
    named: Mapping[str, Any] = {
        "parameter": content.parameters,
        "snippet": content.snippets,
        "metadata": content.metadata,
    }.get(kind, {})
    if kind == "tool":
        return any(
            lf(str(one.get("name") if isinstance(one, dict) else one)) == name for one in content.tools
        )
    if kind == "output":
        spec = content.output
        properties = ((spec.schema_ if spec else None) or {}).get("properties", {})
        return spec is not None and (
            name in ("", "format", "schema") or name.removeprefix("schema/") in properties
        )
    return name in named


def _missing(path: str) -> InvalidInput:
    return InvalidInput(f"there is no {path} in this version: expected a unit path as a diff has it")
