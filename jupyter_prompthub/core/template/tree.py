"""A parsed template, and the questions asked of it: segments, variables, snippets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .nodes import Block, History, Node, Role, Text
from .scopes import SnippetUse, VariableUse, uses

__all__ = ["SegmentNode", "Template", "holds_marker", "walk"]


@dataclass(frozen=True, slots=True)
class SegmentNode:
    """One role's part of the source. ``kind`` is ``message``, ``history`` or ``block``; ``role`` is empty
    for the last two. Offsets count in the whole text."""

    kind: str
    role: str
    source: str
    start: int
    end: int


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes, those inside blocks too, in order."""
    stack = [iter(nodes)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        yield node
        if isinstance(node, Block):
            stack.append(iter([inner for branch in node.branches for inner in branch.body]))


def holds_marker(node: Node) -> bool:
    """Whether it is a block with a role marker or ``history`` inside."""
    return isinstance(node, Block) and any(isinstance(inner, Role | History) for inner in walk((node,)))


@dataclass(frozen=True)
class Template:
    """A template's tree. ``source`` is what was parsed, byte for byte."""

    source: str
    offset: int
    line: int
    body: tuple[Node, ...]

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that markers name, inside blocks too (not in snippets)."""
        return frozenset(node.role for node in walk(self.body) if isinstance(node, Role))

    @cached_property
    def has_markers(self) -> bool:
        """Whether it has role markers or ``history``, inside blocks too (not in snippets)."""
        return any(isinstance(node, Role | History) for node in walk(self.body))

    @cached_property
    def _uses(self) -> tuple[list[VariableUse], list[SnippetUse], bool]:
        return uses(self.body, self.source, self.offset)

    @property
    def uses_all(self) -> bool:
        """Whether it uses its whole input at once, as ``{{json this}}`` does."""
        return self._uses[2]

    def variables(self) -> list[VariableUse]:
        """Every use of a variable of the input, in the order of the source."""
        return list(self._uses[0])

    def snippets(self) -> list[SnippetUse]:
        """Every inclusion of a snippet, in the order of the source."""
        return list(self._uses[1])

    def segments(self) -> list[SegmentNode]:
        """The source cut at top-level markers; the parts' sources join to the source.

        Blank text before a marker belongs to the segment after it when nothing else stands before, and to
        the segment before it otherwise. Text after a ``block`` belongs to it, since only rendering tells its
        role; text after ``history`` is the model's, as in dotprompt.
        """
        cuts: list[tuple[int, str, str]] = []  # start, kind, role
        kind = ""
        for node in self.body:
            if isinstance(node, Role):
                cuts.append((node.start, "message", node.role))
                kind = "message"
            elif isinstance(node, History):
                cuts.append((node.start, "history", ""))
                kind = "history"
            elif holds_marker(node):
                cuts.append((node.start, "block", ""))
                kind = "block"
            elif kind in ("", "history") and not (isinstance(node, Text) and not node.value.strip()):
                cuts.append((node.start, "message", "model" if kind else "user"))
                kind = "message"
        if not self.source:
            return []
        if not cuts:
            cuts.append((self.offset, "message", "user"))
        starts = [self.offset, *(cut[0] for cut in cuts[1:])]
        ends = [*starts[1:], self.offset + len(self.source)]
        return [
            SegmentNode(kind, role, self.source[start - self.offset : end - self.offset], start, end)
            for (_, kind, role), start, end in zip(cuts, starts, ends, strict=True)
        ]
