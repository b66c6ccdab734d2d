"""Jinja (and Nunjucks) templates read as ours; ``docs/interchange.md`` has the table. Nothing is ever run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from ..errors import InvalidInput
from .base import Losses
from .pieces import Piece, joined, variable

__all__ = ["read"]

MAX_DEPTH = 32
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_PATH = re.compile(r"""[A-Za-z_]\w*(?:\.\w+|\[\d+\]|\["[^"\]]*"\]|\['[^'\]]*'\])*""", re.ASCII)
_STEP = re.compile(r"""\.(\w+)|\[(\d+)\]|\["([^"\]]*)"\]|\['([^'\]]*)'\]""", re.ASCII)
_TEXT = re.compile(r""""[^"\\]*"|'[^'\\]*'""")
_EQUALS = re.compile(
    r"""(?P<path>\S+)\s*(?P<sign>==|!=)\s*(?P<value>"[^"\\]*"|'[^'\\]*'|-?\d+|true|false|True|False)"""
)
_FOR = re.compile(r"(?P<name>[A-Za-z_]\w*)\s+in\s+(?P<path>\S+)", re.ASCII)
_JSON = re.compile(r"(?:tojson|dump)(?:\(\s*(?:indent\s*=\s*)?(\d*)\s*\))?")
_LOOP = {"loop.index0": "@index", "loop.first": "@first", "loop.last": "@last"}


@dataclass(slots=True)
class _Token:
    kind: str
    """``text``, or how a tag begins"""
    start: int
    end: int
    word: str = ""
    rest: str = ""
    trims: tuple[bool, bool] = (False, False)
    arms: list[int] = field(default_factory=list)
    """of an opening tag: its ``elif`` and ``else``, and its closing tag"""


class _Unsayable(Exception):
    """Our language has no word for it."""


def _tokens(text: str) -> list[_Token]:
    made: list[_Token] = []
    at = shown = 0
    dead: set[str] = set()
    while (at := text.find("{", at)) >= 0:
        opening = text[at : at + 2]
        closing = _CLOSING.get(opening)
        end = text.find(closing, at + 2) if closing and opening not in dead else -1
        if end < 0:
            if closing:
                dead.add(opening)  # no such tag ends from here on
            at += 1
            continue
        if at > shown:
            made.append(_Token("text", shown, at))
        inside = text[at + 2 : end]
        trims = inside.startswith("-"), inside.endswith("-") and len(inside) > 1
        word, _, rest = inside.strip("-+").strip().partition(" ")
        token = _Token(opening, at, end + 2, word, rest.strip(), trims)
        if (
            opening == "{%"
            and word == "raw"
            and (close := re.compile(r"\{%-?\s*endraw\s*-?%\}").search(text, token.end))
        ):
            made.append(_Token("text", token.end, close.start()))
            at = shown = close.end()
            continue
        made.append(token)
        at = shown = token.end
    if shown < len(text):
        made.append(_Token("text", shown, len(text)))
    return made


def _match(tokens: list[_Token]) -> None:
    """Give every opening tag that is closed its arms."""
    open_: list[tuple[_Token, list[int]]] = []
    for index, token in enumerate(tokens):
        if token.kind != "{%":
            continue
        if token.word in ("if", "for"):
            open_.append((token, []))
            if len(open_) > MAX_DEPTH:
                raise InvalidInput(f"blocks are nested deeper than {MAX_DEPTH} levels; flatten them")
        elif token.word in ("elif", "else", "elseif") and open_:
            open_[-1][1].append(index)
        elif token.word in ("endif", "endfor") and open_ and "end" + open_[-1][0].word == token.word:
            opener, arms = open_.pop()
            opener.arms = [*arms, index]


class _Reader:
    def __init__(self, text: str, place: Callable[[int], str], losses: Losses) -> None:
        self._text, self._place, self._losses = text, place, losses
        self._tokens = _tokens(text)
        _match(self._tokens)

    def read(self) -> str:
        return joined(self._between(0, len(self._tokens), ()))

    def _between(self, start: int, end: int, names: tuple[str, ...]) -> list[Piece]:
        made: list[Piece] = []
        index = start
        while index < end:
            token = self._tokens[index]
            after = token.arms[-1] if token.arms else index
            if token.kind == "text":
                made.append((False, self._text[token.start : token.end]))
            else:
                known = len(self._losses.items)
                try:
                    made += self._block(index, names) if token.arms else self._tag(token, names)
                except _Unsayable as error:
                    del self._losses.items[known:]
                    whole = self._text[token.start : self._tokens[after].end]
                    shown = self._text[token.start : token.end]
                    self._losses.add(
                        self._place(token.start), f"{shown[:80]}: {error}; it stays in the text as characters"
                    )
                    made.append((False, whole))
            index = after + 1
        return made

    def _tag(self, token: _Token, names: tuple[str, ...]) -> list[Piece]:
        if token.kind == "{#":
            inside = self._text[token.start + 2 : token.end - 2].strip()
            return [(True, f"{{{{!-- {inside} --}}}}")] if inside and "--" not in inside else []
        if token.kind == "{%":
            raise _Unsayable(f"there is no counterpart for {token.word or 'this'}")
        inside = f"{token.word} {token.rest}".strip()
        if _TEXT.fullmatch(inside):
            return [(False, inside[1:-1])]
        value, *filters = (part.strip() for part in inside.split("|"))
        json = _JSON.fullmatch(filters[-1]) if filters else None
        if json:
            filters.pop()
        path = self._path(value, names)
        for one in filters:
            self._losses.add(self._place(token.start), f"the filter {one[:40]!r} of {value} is left out")
        if json:
            indent = f" indent={json[1]}" if json[1] else ""
            return [(True, _trimmed(f"json {path}{indent}", token))]
        return [(True, _trimmed(variable(path)[2:-2], token))]

    def _block(self, index: int, names: tuple[str, ...]) -> list[Piece]:
        token = self._tokens[index]
        arms = [index, *token.arms]
        made: list[Piece] = []
        inner = names
        if token.word == "for":
            found = _FOR.fullmatch(token.rest)
            if found is None or (len(arms) > 2 and self._tokens[arms[1]].word != "else"):
                raise _Unsayable("only `for NAME in PATH` has a counterpart")
            helper = "each"
            made.append(
                (True, _trimmed(f"#each {self._path(found['path'], names)} as |{found['name']}|", token))
            )
            inner = (*names, found["name"])
        else:
            helper, condition = self._condition(token.rest, names)
            if helper != "if" and len(arms) > 3:
                raise _Unsayable("only a plain condition may be followed by elif")
            made.append((True, _trimmed(f"#{helper} {condition}", token)))
        for at, (here, after) in enumerate(pairwise(arms)):
            arm = self._tokens[here]
            if at:
                made.append((True, _trimmed(self._arm(arm, names), arm)))
            made += self._between(here + 1, after, inner if at == 0 else names)
        return [*made, (True, _trimmed(f"/{helper}", self._tokens[arms[-1]]))]

    def _arm(self, arm: _Token, names: tuple[str, ...]) -> str:
        if arm.word == "else" and not arm.rest:
            return "else"
        helper, condition = self._condition(
            arm.rest.removeprefix("if ") if arm.word == "else" else arm.rest, names
        )
        if helper != "if":
            raise _Unsayable("elif takes a plain condition")
        return f"else if {condition}"

    def _condition(self, text: str, names: tuple[str, ...]) -> tuple[str, str]:
        if found := _EQUALS.fullmatch(text):
            helper = "ifEquals" if found["sign"] == "==" else "unlessEquals"
            value = found["value"]
            return (
                helper,
                f"{self._path(found['path'], names)} {value.lower() if value in ('True', 'False') else value}",
            )
        if text.startswith("not "):
            return "unless", self._path(text[4:].strip(), names)
        return "if", self._path(text.removesuffix(" is defined").strip(), names)

    def _path(self, text: str, names: tuple[str, ...]) -> str:
        if names and text in _LOOP:
            return _LOOP[text]
        if not _PATH.fullmatch(text) or text.startswith("loop."):
            raise _Unsayable("only names and paths have a counterpart")
        head = re.split(r"[.\[]", text, maxsplit=1)[0]
        steps = [next(part for part in step if part) for step in _STEP.findall(text[len(head) :])]
        path = ".".join([head, *(one if re.fullmatch(r"\w+", one) else f"[{one}]" for one in steps)])
        return path if head in names or not names else f"@root.{path}"


def _trimmed(inside: str, token: _Token) -> str:
    before, after = token.trims
    return "{{" + "~" * before + inside + "~" * after + "}}"


def read(text: str, place: Callable[[int], str], losses: Losses) -> str:
    """A Jinja template in our language.

    Args:
        place: how to call the place of an offset into ``text``.
        losses: gets what has no counterpart.

    Raises:
        InvalidInput: blocks too deep.
    """
    return _Reader(text, place, losses).read()
