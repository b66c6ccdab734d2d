"""The messages of a content, those inside blocks too, and which one of another content one of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..records import Content, SegmentKind
from ..template import parse
from ..template.nodes import Block, History, Node, Role
from ..template.tree import holds_marker
from ..words import similarity

__all__ = ["Message", "found_once", "messages"]

_ALIKE = 0.5
_MARKER = re.compile(r"\s*\{\{[^}]*\}\}")


class Message(NamedTuple):
    """A message: a segment, or a part of one that is a block."""

    segment: int
    role: str
    start: int
    """in the segment's source"""
    source: str

    @property
    def end(self) -> int:
        """In the segment's source."""
        return self.start + len(self.source)


def messages(content: Content) -> Iterator[Message]:
    """All of them, in order."""
    for at, segment in enumerate(content.segments):
        if segment.kind is SegmentKind.MESSAGE:
            yield Message(at, segment.role, 0, segment.source)
        elif segment.kind is SegmentKind.BLOCK:
            for role, start, end in _inside(parse(segment.source).body):
                yield Message(at, role, start, segment.source[start:end])


def _inside(nodes: Sequence[Node]) -> Iterator[tuple[str, int, int]]:
    """Role, start and end of the messages in blocks: each from its marker to the next, or to the end of its arm."""
    for block in nodes:
        if not isinstance(block, Block):
            continue
        for arm in block.branches:
            marks = [one for one in arm.body if isinstance(one, Role | History) or holds_marker(one)]
            for at, mark in enumerate(marks):
                if isinstance(mark, Role):
                    end = marks[at + 1].start if at + 1 < len(marks) else arm.body[-1].end
                    yield mark.role, mark.start, end
            yield from _inside(arm.body)


def found_once(one: Message, old: Sequence[Message], new: Sequence[Message]) -> Message | None:
    """Which of ``new`` is ``one`` (of ``old``): the only one that says the same, or much the same where none does; None
    where there is none or more than one, or where another of ``old`` may be it as well."""
    exact = _only(one, old, new, 1.0)
    if exact is not None:
        return exact
    old_left = [each for each in old if all(_alike(each, other) < 1 for other in new)]
    new_left = [each for each in new if all(_alike(each, other) < 1 for other in old)]
    return _only(one, old_left, new_left, _ALIKE)


def _only(one: Message, old: Sequence[Message], new: Sequence[Message], least: float) -> Message | None:
    found = [each for each in new if _alike(one, each) >= least]
    if len(found) == 1 and [each for each in old if _alike(each, found[0]) >= least] == [one]:
        return found[0]
    return None


def _alike(a: Message, b: Message) -> float:
    if a.role != b.role:
        return 0.0
    return similarity(*(_MARKER.sub("", each.source, count=1).strip() for each in (a, b)))
