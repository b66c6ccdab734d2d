"""What stands inside a tag: a name or path, arguments, ``key=value`` pairs, block parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .nodes import Expression, Hash, Literal, Path, Place
from .problems import BadTag, Places

__all__ = ["Call", "Scanner"]

_SPACE = re.compile(r"\s*")
_ID = re.compile(r"""[^\s!"#%&'()*+,./;<=>@\[\\\]^`{|}~]+""")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?=[=~}\s)|]|\Z)")
_SNIPPET_NAME = re.compile(r"""[^\s{}~=|"'()#!&>]+""")
_KEYWORDS = {"true": True, "false": False, "null": None, "undefined": None}
_MAX_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Call:
    """The inside of a tag. ``head`` is the first expression (None when there is none)."""

    place: Place
    head: Expression | None
    name: str
    """the head as a plain name, or the snippet's name; else empty"""
    params: tuple[Expression, ...]
    args: Hash
    names: tuple[str, ...]


class Scanner:
    """Reads one tag's inside from ``at`` on."""

    def __init__(self, source: str, at: int, start: int, places: Places, *, triple: bool) -> None:
        self._source, self._at, self._start, self._places = source, at, start, places
        self._closing, self._trimming = ("}}}", "}~}}") if triple else ("}}", "~}}")

    def _fail(
        self, message: str, code: str = "tag", start: int | None = None, end: int | None = None
    ) -> BadTag:
        begin = self._at if start is None else start
        return BadTag(code, message, begin, end if end is not None else min(begin + 1, len(self._source)))

    def _skip(self) -> None:
        match = _SPACE.match(self._source, self._at)
        self._at = match.end() if match else self._at

    def _is(self, text: str) -> bool:
        return self._source.startswith(text, self._at)

    def _closes(self) -> bool:
        return self._is(self._closing) or self._is(self._trimming)

    def word(self, word: str) -> bool:
        """Take ``word`` if it stands here as a whole name."""
        self._skip()
        match = _ID.match(self._source, self._at)
        if match is None or match[0] != word:
            return False
        after = self._source[match.end() : match.end() + 1]
        if after in (".", "/", "="):
            return False
        self._at = match.end()
        return True

    def close(self) -> tuple[int, bool]:
        """Take the closing braces: where they end, and whether a tilde stands before (or in) them."""
        self._skip()
        tilde = self._is(self._trimming)
        if not tilde and not self._is(self._closing):
            raise self._unexpected()
        self._at += len(self._trimming if tilde else self._closing)
        return self._at, tilde

    def _unexpected(self) -> BadTag:
        if self._at >= len(self._source):
            message = f"this tag is never closed; end it with {self._closing}"
            return BadTag("tag_unclosed", message, self._start, len(self._source))
        got = self._source[self._at]
        if got in "()":
            return self._fail(
                "calls inside a tag, ( ... ), are not part of the language; use a block instead",
                "unsupported",
            )
        if got == "*":
            return self._fail("decorators are not part of the language; use a snippet instead", "unsupported")
        message = f"unexpected {got!r}; expected a name, a value or {self._closing}"
        return self._fail(message)

    def _string(self) -> Literal:
        quote, start = self._source[self._at], self._at
        at = start + 1
        while (at := self._source.find(quote, at)) >= 0 and self._source[at - 1] == "\\":
            at += 1
        if at < 0:
            raise self._fail(f"this text is never closed; end it with {quote}", "string_unclosed", start)
        self._at = at + 1
        value = self._source[start + 1 : at].replace("\\" + quote, quote)
        return Literal(*self._places.fields(start, self._at), value)

    def _number(self, text: str) -> Literal:
        start = self._at
        if len(text) > _MAX_DIGITS:
            raise self._fail(f"a number of {len(text)} digits; at most {_MAX_DIGITS} are allowed")
        self._at += len(text)
        return Literal(*self._places.fields(start, self._at), float(text) if "." in text else int(text))

    def _segment(self) -> str | None:
        """One name of a path, or ``[any text]``."""
        if self._is("["):
            end = self._source.find("]", self._at)
            if end < 0:
                raise self._fail("this [ is never closed; end it with ]")
            name = self._source[self._at + 1 : end]
            self._at = end + 1
            return name
        match = _ID.match(self._source, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[0]

    def _path(self) -> Path:
        start, up, scoped = self._at, 0, False
        data = self._is("@")
        if data:
            self._at += 1
        parts: list[str] = []
        while True:
            if self._is(".."):
                if parts:
                    raise self._fail(
                        "../ may stand only at the start of a path", start=start, end=self._at + 2
                    )
                up, scoped = up + 1, True
                self._at += 2
            elif self._is(".") and not parts and not scoped:
                scoped = True
                self._at += 1
            else:
                bracket = self._is("[")
                name = self._segment()
                if name is None:
                    raise self._unexpected()
                if name == "this" and not bracket and not parts and not data:
                    scoped = True
                else:
                    parts.append(name)
            if self._is("/") or (self._is(".") and not self._is("..")):
                self._at += 1
                continue
            break
        return Path(*self._places.fields(start, self._at), tuple(parts), up, data, scoped)

    def expression(self) -> Expression:
        """A literal or a path."""
        char = self._source[self._at : self._at + 1]
        if char and char in "\"'":
            return self._string()
        if number := _NUMBER.match(self._source, self._at):
            return self._number(number[0])
        start = self._at
        match = _ID.match(self._source, start)
        if match and match[0] in _KEYWORDS and self._source[match.end() : match.end() + 1] not in (".", "/"):
            self._at = match.end()
            return Literal(*self._places.fields(start, self._at), _KEYWORDS[match[0]])
        return self._path()

    def _block_names(self) -> tuple[str, ...] | None:
        """``as |item index|``, if it stands here."""
        match = _ID.match(self._source, self._at)
        space = _SPACE.match(self._source, match.end()) if match and match[0] == "as" else None
        if space is None or not self._source.startswith("|", space.end()):
            return None
        self._at = space.end() + 1
        names: list[str] = []
        while True:
            self._skip()
            if self._is("|"):
                self._at += 1
                break
            name = _ID.match(self._source, self._at)
            if name is None:
                raise self._fail("expected names between | and |, as in: as |item index|")
            names.append(name[0])
            self._at = name.end()
        if not 1 <= len(names) <= 2:
            raise self._fail(f"expected one or two names between | and |, got {len(names)}")
        return tuple(names)

    def _key(self) -> str | None:
        match = _ID.match(self._source, self._at)
        space = _SPACE.match(self._source, match.end()) if match else None
        if match is None or space is None or not self._source.startswith("=", space.end()):
            return None
        self._at = space.end() + 1
        self._skip()
        return match[0]

    def _arguments(self) -> tuple[tuple[Expression, ...], Hash, tuple[str, ...]]:
        params: list[Expression] = []
        args: dict[str, Expression] = {}
        names: tuple[str, ...] = ()
        while True:
            before = self._at
            self._skip()
            if self._closes() or self._at >= len(self._source):
                break
            if before == self._at:
                raise self._unexpected()
            if (found := self._block_names()) is not None:
                names = found
                break
            start = self._at
            if (key := self._key()) is not None:
                if key in args:
                    raise self._fail(f"{key}= is given twice; keep one", start=start, end=start + len(key))
                args[key] = self.expression()
            elif args:
                raise self._fail("values stand before key=value pairs; move this one to the front")
            else:
                params.append(self.expression())
        return tuple(params), tuple(args.items()), names

    def call(self) -> Call:
        """A name or path with its arguments."""
        self._skip()
        start, head, name = self._at, None, ""
        if not self._closes() and self._at < len(self._source):
            head = self.expression()
            if isinstance(head, Path) and len(head.parts) == 1 and not (head.data or head.scoped):
                name = head.parts[0]
        params, args, names = self._arguments()
        return Call(self._places.place(start, self._at), head, name, params, args, names)

    def snippet(self) -> Call:
        """A snippet's name with its arguments."""
        self._skip()
        start = self._at
        if self._source[start : start + 1] in ('"', "'"):
            name = str(self._string().value)
        elif match := _SNIPPET_NAME.match(self._source, start):
            name, self._at = match[0], match.end()
        elif self._is("("):
            raise self._unexpected()
        else:
            raise self._fail("expected a snippet's name, as in {{> house-style}}")
        params, args, names = self._arguments()
        return Call(self._places.place(start, self._at), None, name, params, args, names)
