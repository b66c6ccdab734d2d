"""Which paths of a template name variables of its input, given blocks, block parameters and ``../``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .nodes import Block, Branch, Expression, Json, Media, Node, Output, Path, Section, Snippet

__all__ = ["SnippetUse", "VariableUse", "uses"]


@dataclass(frozen=True, slots=True)
class VariableUse:
    """One use of a variable: ``path`` is all its parts, of which ``name`` is the first. ``start`` and ``end``
    are the path's place. ``text`` says that text fits there: it is written out, or tested beside being so."""

    name: str
    path: tuple[str, ...]
    start: int
    end: int
    text: bool


@dataclass(frozen=True, slots=True)
class SnippetUse:
    """One inclusion. ``args`` are the names it binds, with their source; ``top_level`` says that it stands in
    no block; ``inherits`` that it sees the template's own input (all but ``args``)."""

    name: str
    args: Mapping[str, str]
    start: int
    end: int
    top_level: bool
    inherits: bool


@dataclass(frozen=True, slots=True)
class _Scope:
    """``chain``: whether each context, outermost first, is the input itself. ``names``: block parameters."""

    chain: tuple[bool, ...] = (True,)
    names: frozenset[str] = frozenset()
    depth: int = 0

    def root_path(self, path: Path) -> tuple[str, ...] | None:
        """The path's parts from the input on, or None where it leads elsewhere."""
        if path.data:
            return path.parts[1:] if path.parts[:1] == ("root",) else None
        if not path.scoped and path.parts and path.parts[0] in self.names:
            return None
        index = len(self.chain) - 1 - path.up
        return path.parts if index >= 0 and self.chain[index] else None


@dataclass(slots=True)
class _Finder:
    source: str
    offset: int
    variables: list[VariableUse] = field(default_factory=list)
    snippets: list[SnippetUse] = field(default_factory=list)
    tested: list[VariableUse] = field(default_factory=list)
    everything: bool = False

    def use(
        self, value: Expression | None, scope: _Scope, *, text: bool = False, tested: bool = False
    ) -> None:
        if not isinstance(value, Path) or (parts := scope.root_path(value)) is None:
            return
        if parts:
            plain = text and len(parts) == 1
            found = self.tested if tested and len(parts) == 1 else self.variables
            found.append(VariableUse(parts[0], parts, value.start, value.end, plain))
        else:
            self.everything = True

    def snippet(self, node: Snippet, scope: _Scope) -> None:
        for _, value in node.args:
            self.use(value, scope)
        context = node.context
        inherits = scope.chain[-1]
        if context is not None:
            inherits = isinstance(context, Path) and scope.root_path(context) == ()
            if not inherits:
                self.use(context, scope)
        args = {
            key: self.source[value.start - self.offset : value.end - self.offset] for key, value in node.args
        }
        self.snippets.append(SnippetUse(node.name, args, node.start, node.end, scope.depth == 0, inherits))

    def branch(self, branch: Branch, scope: _Scope) -> None:
        inner = _Scope(scope.chain, scope.names, scope.depth + 1)
        moves = branch.helper in ("each", "with")
        for value in branch.params:
            is_root = isinstance(value, Path) and scope.root_path(value) == ()
            if not (branch.helper == "with" and is_root):
                self.use(value, scope, tested=not moves)
            if moves:
                here = branch.helper == "with" and is_root
                names = scope.names | set(branch.names)
                inner = _Scope((*scope.chain, here), names, scope.depth + 1)
        for _, value in branch.args:
            self.use(value, scope)
        self.nodes(branch.body, inner)

    def nodes(self, nodes: tuple[Node, ...], scope: _Scope) -> None:
        # recursion is bounded by the parser's depth
        for node in nodes:
            match node:
                case Output():
                    self.use(node.value, scope, text=True)
                case Json():
                    self.use(node.value, scope)
                    self.use(node.indent, scope)
                case Media():
                    self.use(node.url, scope, text=True)
                    self.use(node.content_type, scope, text=True)
                case Section():
                    self.use(node.name, scope, text=True)
                case Snippet():
                    self.snippet(node, scope)
                case Block():
                    for branch in node.branches:
                        self.branch(branch, scope)


def uses(
    nodes: tuple[Node, ...], source: str, offset: int
) -> tuple[list[VariableUse], list[SnippetUse], bool]:
    """Uses of variables, inclusions of snippets, and whether the whole input is used at once."""
    finder = _Finder(source, offset)
    finder.nodes(nodes, _Scope())
    written = {use.name for use in finder.variables if use.text}
    tested = [replace(use, text=use.name in written) for use in finder.tested]
    variables = sorted([*finder.variables, *tested], key=lambda use: use.start)
    return variables, finder.snippets, finder.everything
