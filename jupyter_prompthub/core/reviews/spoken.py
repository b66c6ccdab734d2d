"""Which messages and sections each piece of a template can be a part of, with its snippets in their places.

A role marker holds until the next one, also beyond the block or the snippet that it stands in: whoever decides what comes
before a text, or whether it comes, decides whose words it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from ..content import lf
from ..promptfile import Document
from ..template.nodes import Block, Branch, History, Literal, Node, Role, Section, Snippet, Text

__all__ = ["Part", "Parts", "Piece", "Spoken", "spoken"]

_MOST = 20_000
"""nodes that are looked at of one prompt"""


@dataclass(frozen=True, slots=True)
class Part:
    """A message of a role, or ``history``, and the named section of it."""

    role: str
    section: str | None = None


Parts: TypeAlias = frozenset[Part]


@dataclass(frozen=True, slots=True)
class Piece:
    """A node, or the tag of a block or a snippet, which belongs to all that is inside it and all that it can lead to."""

    parts: Parts
    kind: str
    source: str

    @property
    def is_marker(self) -> bool:
        """Whether a message or a section begins here."""
        return self.kind in ("Role", "History", "Section")

    @property
    def is_tag(self) -> bool:
        """Whether a block or a snippet begins, goes on or ends here."""
        return self.kind in ("Block", "Branch", "Snippet")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A template's pieces in order."""

    pieces: tuple[Piece, ...]
    cut: bool
    """there is more than is looked at"""


def spoken(document: Document, snippets: Mapping[str, Document]) -> Spoken:
    """The pieces of a template.

    Args:
        snippets: all that it includes, at any depth, by name. One that is missing stays a tag.
    """
    reader = _Reader(snippets)
    reader.body(document, document.template.body, frozenset({Part("user")}))
    # where conditions decide in whose message a section stands, their tags are of the section too
    begun = (piece.parts for piece in reader.pieces if piece.kind == "Section")
    undecided = frozenset[Part]().union(*(parts for parts in begun if len({part.role for part in parts}) > 1))
    pieces = (
        replace(piece, parts=piece.parts | undecided) if piece.is_tag else piece for piece in reader.pieces
    )
    return Spoken(tuple(pieces), reader.left < 0)


class _Reader:
    def __init__(self, snippets: Mapping[str, Document]) -> None:
        self.pieces: list[Piece] = []
        self.left = _MOST
        self._snippets = snippets
        self._path: list[str] = []

    def body(self, one: Document, nodes: tuple[Node, ...], here: Parts) -> Parts:
        """Read some nodes.

        Args:
            here: what a text at their beginning can be a part of.

        Returns:
            What a text after them can be a part of.
        """
        for at, node in enumerate(nodes):
            self.left -= 1
            if self.left < 0:
                break
            match node:
                case Role():
                    here = frozenset({Part(node.role)})
                    self._add(here, node, one)
                case History():
                    self._add(frozenset({Part("history")}), node, one)
                    here = frozenset({Part("model")})
                case Section():
                    name = str(node.name.value) if isinstance(node.name, Literal) else None
                    here = frozenset(Part(part.role, name) for part in here)
                    self._add(here, node, one)
                case Snippet():
                    here = self._snippet(one, node, here)
                case Block():
                    here = self._block(one, node, here)
                case Text():
                    if node.value.strip() or not _beside_a_marker(nodes, at):
                        self.pieces.append(Piece(here, "Text", lf(node.value)))
                case _:
                    self._add(here, node, one)
        return here

    def _add(self, parts: Parts, node: Node | Branch, one: Document, before: str = "") -> None:
        source = lf(one.text[node.start : node.end])
        self.pieces.append(Piece(parts, type(node).__name__, before + source))

    def _snippet(self, one: Document, node: Snippet, here: Parts) -> Parts:
        at = len(self.pieces)
        self._add(here, node, one, node.indent)
        inner = self._snippets.get(node.name)
        if inner is None or node.name in self._path:
            return here
        self._path.append(node.name)
        after = self.body(inner, inner.template.body, here)
        self._path.pop()
        self._close("Snippet", at, [at], here | after)
        return after

    def _block(self, one: Document, block: Block, here: Parts) -> Parts:
        begin, tags = len(self.pieces), []
        after = here if block.branches[-1].helper is not None else frozenset[Part]()
        for branch in block.branches:
            tags.append(len(self.pieces))
            self._add(here, branch, one)
            after |= (
                self._rounds(one, branch, here)
                if branch.helper == "each"
                else self.body(one, branch.body, here)
            )
        self._close("Block", begin, tags, here | after)
        return after

    def _rounds(self, one: Document, branch: Branch, here: Parts) -> Parts:
        """A loop: each round begins with what the one before it ended with."""
        begin = len(self.pieces)
        while True:
            after = self.body(one, branch.body, here)
            if after <= here or self.left < 0:
                return after
            here |= after
            del self.pieces[begin:]

    def _close(self, kind: str, begin: int, tags: list[int], around: Parts) -> None:
        """Give the tags to all that is inside, and to all that can come before or after."""
        parts = around.union(*(piece.parts for piece in self.pieces[begin:]))
        for at in tags:
            self.pieces[at] = replace(self.pieces[at], parts=parts)
        self.pieces.append(Piece(parts, kind, "end"))


def _beside_a_marker(nodes: tuple[Node, ...], at: int) -> bool:
    """Whether blanks there are layout: rendering drops them between markers."""
    beside = (nodes[at - 1] if at else None, nodes[at + 1] if at + 1 < len(nodes) else None)
    return any(node is None or isinstance(node, Role | History) for node in beside)
