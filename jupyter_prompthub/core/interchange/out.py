"""Templates of ours written in the languages of others; ``docs/interchange.md`` has the table."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal as OneOf

from ..errors import PromptHubError
from ..promptfile import Document, parse
from ..template.nodes import (
    Block,
    Branch,
    Expression,
    History,
    Json,
    Literal,
    Media,
    Node,
    Output,
    Path,
    Role,
    Snippet,
    Text,
)
from ..template.tree import walk
from .base import Losses, Turn, Wanted

__all__ = ["Dialect", "turns"]

Dialect = OneOf["jinja", "nunjucks", "simple"]
_MAX_DEPTH = 16
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_LOOP = {"index": "loop.index0", "first": "loop.first", "last": "loop.last"}


@dataclass(frozen=True, slots=True)
class _Scope:
    """``contexts``: how the value that paths start from is called, outermost first (``""``: the input)."""

    contexts: tuple[str, ...] = ("",)
    names: frozenset[str] = frozenset()
    source: str = ""
    offset: int = 0
    depth: int = 0
    loops: int = 0


class _Unsayable(Exception):
    """The other language has no word for it."""


class _Writer:
    def __init__(
        self, wanted: Wanted, dialect: Dialect, losses: Losses, *, history: bool, media: bool
    ) -> None:
        self._wanted, self._dialect, self._losses = wanted, dialect, losses
        self._history, self._media = history, media
        self.turns: list[Turn] = []
        self._parts: list[str] = []
        self._role = "user"

    def run(self, document: Document) -> None:
        template = document.template
        self._top(template.body, _Scope(source=template.source, offset=template.offset))
        self._close()

    def _close(self) -> None:
        if text := "".join(self._parts).strip():
            self.turns.append(Turn(self._role, text))
        self._parts = []

    def _top(self, nodes: Sequence[Node], scope: _Scope) -> None:
        for node in nodes:
            if isinstance(node, Role):
                self._close()
                self._role = node.role
            elif isinstance(node, History):
                self._close()
                if self._history:
                    self.turns.append(Turn("history"))
                else:
                    self._lost(node, "{{history}} is left out")
                self._role = "model"
            elif isinstance(node, Block) and any(isinstance(one, Role | History) for one in walk((node,))):
                self._lost(node, "a block that makes messages is left out")
            elif isinstance(node, Snippet) and (inner := self._included(node, scope)) is not None:
                self._top(*inner)
            elif isinstance(node, Media) and self._media and isinstance(node.url, Literal):
                self.turns.append(Turn("media", str(node.url.value)))
            else:
                self._parts.append(self._node(node, scope))

    def _included(self, node: Snippet, scope: _Scope) -> tuple[Sequence[Node], _Scope] | None:
        """A snippet's nodes, where it can be put in as it is."""
        text = self._wanted.snippets.get(node.name)
        if text is None or node.context is not None or node.args or node.indent or scope.depth >= _MAX_DEPTH:
            return None
        template = parse(text).template
        return template.body, replace(
            scope, source=template.source, offset=template.offset, depth=scope.depth + 1
        )

    def _lost(self, node: Node, message: str) -> None:
        self._losses.add(f"line {node.line}", message)

    def _body(self, nodes: Sequence[Node], scope: _Scope) -> str:
        return "".join(self._node(node, scope) for node in nodes)

    def _node(self, node: Node, scope: _Scope) -> str:
        if isinstance(node, Text):
            return self._text(node)
        try:
            return self._said(node, scope)
        except (_Unsayable, PromptHubError) as error:
            source = scope.source[node.start - scope.offset : node.end - scope.offset]
            self._lost(
                node,
                f"{source.splitlines()[0][:80]}: {str(error) or 'it has no counterpart'}; it stays in the text as it is",
            )
            return self._raw(source)

    def _text(self, node: Text) -> str:
        if self._dialect == "simple":
            if found := re.search(r"\{\{\s*\w+\s*\}\}", node.value):
                self._lost(node, f"{found[0]} is text here, and reads as a variable there")
            return node.value
        return self._raw(node.value)

    def _raw(self, text: str) -> str:
        if self._dialect == "simple":
            return text
        # a brace at the end would be taken for a part of the tag that follows
        return re.sub(r"\{\{|\{%|\{#|\{\Z", lambda found: "{{ '" + found[0] + "' }}", text)

    def _said(self, node: Node, scope: _Scope) -> str:
        if isinstance(node, Output):
            if isinstance(node.value, Literal):
                return self._raw("" if node.value.value is None else _spelled(node.value.value))
            path = self._path(node.value, scope)
            return f"{{{{{path}}}}}" if self._dialect == "simple" else f"{{{{ {path} }}}}"
        if self._dialect == "simple":
            raise _Unsayable
        if isinstance(node, Json):
            indent = _literal(node.indent) if node.indent is not None else ""
            name = "tojson" if self._dialect == "jinja" else "dump"
            return f"{{{{ {self._path(node.value, scope)} | {name}{f'({indent})' if indent else ''} }}}}"
        if isinstance(node, Block):
            return self._block(node, scope)
        if isinstance(node, Snippet) and (inner := self._included(node, scope)) is not None:
            return self._body(*inner)
        raise _Unsayable

    def _block(self, block: Block, scope: _Scope) -> str:
        first = block.branches[0]
        word = "for" if first.helper == "each" else "if"
        made = []
        for at, branch in enumerate(block.branches):
            inner = scope if at else self._inside(first, scope)
            made.append(f"{{% {self._opening(branch, scope, at)} %}}{self._body(branch.body, inner)}")
        return f"{''.join(made)}{{% end{word} %}}"

    def _inside(self, branch: Branch, scope: _Scope) -> _Scope:
        if branch.helper not in ("each", "with"):
            return scope
        if branch.helper == "with":
            here, names = self._path(branch.params[0], scope), frozenset(branch.names)
            if names:
                raise _Unsayable
            return replace(scope, contexts=(*scope.contexts, here))
        if len(branch.names) > 1:
            raise _Unsayable
        name = self._item(branch, scope)
        return replace(
            scope, contexts=(*scope.contexts, name), names=scope.names | {name}, loops=scope.loops + 1
        )

    def _item(self, branch: Branch, scope: _Scope) -> str:
        return branch.names[0] if branch.names else f"item{scope.loops or ''}"

    def _opening(self, branch: Branch, scope: _Scope, at: int) -> str:
        if branch.helper is None:
            return "else"
        if branch.args or (at and branch.helper != "if"):
            raise _Unsayable
        value = self._path(branch.params[0], scope)
        match branch.helper:
            case "each":
                return f"for {self._item(branch, scope)} in {value}"
            case "unless":
                return f"if not {value}"
            case "ifEquals" | "unlessEquals":
                sign = "==" if branch.helper == "ifEquals" else "!="
                other = branch.params[1]
                return f"if {value} {sign} {self._path(other, scope) if isinstance(other, Path) else _literal(other)}"
            case _:
                return f"{'elif' if at else 'if'} {value}"

    def _path(self, path: Expression, scope: _Scope) -> str:
        if not isinstance(path, Path):
            raise _Unsayable
        parts = path.parts
        if path.data:
            if parts[:1] == ("root",) and len(parts) > 1:
                base, parts = "", parts[1:]
            elif len(parts) == 1 and parts[0] in _LOOP and scope.loops and not path.up:
                return _LOOP[parts[0]]
            else:
                raise _Unsayable
        elif not path.scoped and parts and parts[0] in scope.names:
            base = ""
        else:
            index = len(scope.contexts) - 1 - path.up
            if index < 0:
                raise _Unsayable
            base = scope.contexts[index]
        if not base and (not parts or not _NAME.fullmatch(parts[0])):
            raise _Unsayable
        if self._dialect == "simple" and (base or len(parts) != 1):
            raise _Unsayable
        made = base or parts[0]
        for part in parts if base else parts[1:]:
            if _NAME.fullmatch(part):
                made += f".{part}"
            elif part.isdigit():
                made += f"[{part}]"
            elif '"' in part or "]" in part or "\\" in part:
                raise _Unsayable
            else:
                made += f'["{part}"]'
        return made


def _spelled(value: str | float | bool) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _literal(value: Expression) -> str:
    if not isinstance(value, Literal) or value.value is None:
        raise _Unsayable
    text = json.dumps(value.value, ensure_ascii=False)
    if "\\" in text or "}}" in text or "%}" in text:
        raise _Unsayable
    return text


def turns(
    wanted: Wanted,
    document: Document,
    dialect: Dialect,
    losses: Losses,
    *,
    history: bool = False,
    media: bool = False,
) -> list[Turn]:
    """The messages of a version, in another template language; snippets are put in.

    Args:
        document: of ``wanted.text``.
        history: whether the format has a place for the conversation so far: a turn of that role.
        media: whether it has one for media: a turn ``media`` before the message that it belongs to.
        losses: gets what has no counterpart.
    """
    writer = _Writer(wanted, dialect, losses, history=history, media=media)
    writer.run(document)
    return writer.turns
