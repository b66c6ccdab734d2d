"""Tokens to a tree, with an explicit stack: depth is counted, never the interpreter's."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import LimitExceeded
from .expressions import Call
from .helpers import check_branch, inline
from .lexer import TagKind, TagToken, TextToken, Token, tokens
from .nodes import Block, Branch, Node, Snippet, Text
from .problems import BadTag, Places, syntax_error
from .tree import Template
from .whitespace import control

__all__ = ["MAX_DEPTH", "MAX_SOURCE", "parse"]

MAX_SOURCE = 256 * 1024
"""code points of a source"""
MAX_DEPTH = 64
"""blocks inside blocks"""


@dataclass(slots=True)
class _Open:
    """A block, or the template itself, whose end is not reached yet."""

    tag: TagToken
    name: str
    call: Call | None
    body: list[Node] = field(default_factory=list)
    done: list[Branch] = field(default_factory=list)
    start: int = 0
    plain_else: bool = False


class _Builder:
    def __init__(self, places: Places) -> None:
        self._places = places
        root = TagToken(TagKind.OPEN, 0, 0, False, False)
        self._stack = [_Open(root, "", None)]

    def _finish_branch(self, top: _Open) -> None:
        call = top.call
        top.done.append(
            Branch(
                *self._places.fields(top.tag.start, top.tag.end),
                call.name if call else None,
                call.params if call else (),
                call.args if call else (),
                call.names if call else (),
                tuple(top.body),
            )
        )
        top.body = []

    def _open(self, tag: TagToken, call: Call) -> None:
        check_branch(tag, call)
        if len(self._stack) > MAX_DEPTH:
            line = self._places.place(tag.start, tag.end).line
            message = (
                f"line {line}: blocks stand more than {MAX_DEPTH} deep; move the inner ones to a snippet"
            )
            raise LimitExceeded(message, details={"limit": "depth", "max": MAX_DEPTH, "line": line})
        self._stack.append(_Open(tag, call.name, call, start=tag.start))

    def _else(self, tag: TagToken, call: Call) -> None:
        top = self._stack[-1]
        if len(self._stack) == 1:
            raise BadTag("else_alone", "this else is in no block; remove it", tag.start, tag.end)
        if top.plain_else:
            message = "a second else in one block; the block ends after its first plain else"
            raise BadTag("else_twice", message, tag.start, tag.end)
        plain = call.head is None
        if not plain:
            check_branch(tag, call)
        self._finish_branch(top)
        top.tag, top.call, top.plain_else = tag, None if plain else call, plain

    def _close(self, tag: TagToken, call: Call) -> None:
        top = self._stack[-1]
        written = call.name or "..."
        if len(self._stack) == 1:
            message = f"{{{{/{written}}}}} closes no block; remove it, or write {{{{#{written}}}}} before it"
            raise BadTag("close_alone", message, tag.start, tag.end)
        if call.name != top.name or call.params or call.args:
            line = self._places.place(top.start, top.start).line
            message = f"expected {{{{/{top.name}}}}} for the block of line {line}, got {{{{/{written}}}}}"
            raise BadTag("close_mismatch", message, tag.start, tag.end)
        self._finish_branch(top)
        self._stack.pop()
        block = Block(*self._places.fields(top.start, tag.end), tuple(top.done))
        self._stack[-1].body.append(block)

    def add(self, token: Token) -> None:
        """Take the next token.

        Raises:
            BadTag: it does not fit here.
        """
        body = self._stack[-1].body
        if isinstance(token, TextToken):
            if token.value:
                body.append(Text(*self._places.fields(token.start, token.end), token.value))
            return
        call = token.call
        if call is None:
            return
        match token.kind:
            case TagKind.OUTPUT:
                body.append(inline(token, call, self._places))
            case TagKind.SNIPPET:
                body.append(self._snippet(token, call))
            case TagKind.OPEN:
                self._open(token, call)
            case TagKind.ELSE:
                self._else(token, call)
            case TagKind.CLOSE:
                self._close(token, call)

    def _snippet(self, tag: TagToken, call: Call) -> Snippet:
        if len(call.params) > 1 or call.names:
            message = f"a snippet takes one value at most, and key=value pairs; got {len(call.params)} values"
            raise BadTag("helper_arguments", message, tag.start, tag.end)
        context = call.params[0] if call.params else None
        fields = self._places.fields(tag.start, tag.end)
        return Snippet(*fields, call.name, context, call.args, tag.indent)

    def finish(self) -> tuple[Node, ...]:
        """The template's nodes.

        Raises:
            BadTag: a block is still open.
        """
        top = self._stack[-1]
        if len(self._stack) > 1:
            message = f"this {{{{#{top.name}}}}} is never closed; add {{{{/{top.name}}}}} after it"
            raise BadTag("block_unclosed", message, top.start, top.start + 3 + len(top.name))
        return tuple(top.body)


def parse(source: str, *, offset: int = 0, line: int = 1) -> Template:
    """Parse a template, in time linear in its length.

    Args:
        source: the template.
        offset: where ``source`` starts in the whole text: positions count from there.
        line: the line it starts on.

    Raises:
        PromptSyntaxError: it has errors; ``details["problems"]`` lists them with their places.
        LimitExceeded: over 262,144 characters, or blocks over 64 deep.
    """
    if len(source) > MAX_SOURCE:
        message = f"the template has {len(source)} characters; at most {MAX_SOURCE} are allowed"
        raise LimitExceeded(message, details={"limit": "source", "max": MAX_SOURCE, "got": len(source)})
    places = Places(source, offset, line)
    items, problems = tokens(source, places)
    if problems:
        raise syntax_error(problems)
    control(items)
    builder = _Builder(places)
    for token in items:
        try:
            builder.add(token)
        except BadTag as bad:
            problems.append(places.problem(bad))
            # after a block that does not fit, what follows would only be consequences
            if not isinstance(token, TagToken) or token.kind not in (TagKind.OUTPUT, TagKind.SNIPPET):
                break
            if len(problems) >= 20:
                break
    else:
        try:
            body = builder.finish()
        except BadTag as bad:
            problems.append(places.problem(bad))
        else:
            if not problems:
                return Template(source=source, offset=offset, line=line, body=body)
    raise syntax_error(problems)
