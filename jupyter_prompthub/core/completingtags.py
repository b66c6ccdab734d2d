"""Completion in a template: inside ``{{…}}``, and of whole tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .offers import Library, offer
from .records import Completed, Completion
from .shapes import Shape
from .template import BLOCKS, ROLES
from .template.loose import ITEM, Scope

__all__ = ["complete_tag", "complete_text"]

_MOST_SNIPPETS = 50
_WORD = re.compile(r"[^\s{}()\"'=|#>!&~]*\Z")
_WORD_AFTER = re.compile(r"[^\s{}()\"'=|#>!&~./]*")
_NAME_AFTER = re.compile(r"[^\s{}()\"'=|#>!&~]*")
_CLOSED = re.compile(r"[^{}\n]*?~?\}\}")
_UP = re.compile(r"(?:\.\./)*")
_DATA = {"index": "number", "first": "boolean", "last": "boolean", "key": "string"}
_ROLE_INFO = {
    "system": "what holds for the whole conversation",
    "user": "what the person says",
    "model": "what the model said, as an example",
    "tool": "what a tool answered",
}
_HELPERS = {
    "role": ('role "«user»"', "from here on, text is a message of this role"),
    "history": ("history", "the conversation so far"),
    "json": ("json «value»", "a value as JSON"),
    "media": ("media url=«url»", "a picture or another file, by its address"),
    "section": ('section "«name»"', "a named place that is filled in later"),
}
_BLOCKS = {
    "if": ("«condition»", "only where there is a value that is not empty or false"),
    "unless": ("«condition»", "only where there is none, or it is empty or false"),
    "each": ("«items»", "once for each item of a list"),
    "with": ("«object»", "names inside are properties of this object"),
    "ifEquals": ('«value» "«text»"', "only where two values are equal"),
    "unlessEquals": ('«value» "«text»"', "only where two values differ"),
}


class _Tag:
    """The tag that the place is in, and how much of it is there."""

    def __init__(self, text: str, begin: int, at: int) -> None:
        self.text, self.begin, self.at = text, begin, at
        inner = text[begin + 2 : at]
        self.lead = len(inner) - len(inner.lstrip("{~"))
        inner = inner[self.lead :]
        self.sigil = inner[:1] if inner[:1] in ("#", "/", ">", "!", "^", "&") else ""
        self.head_start = begin + 2 + self.lead + len(self.sigil)
        self.inner = inner[len(self.sigil) :]
        self.closed = _CLOSED.match(text, at) is not None

    @property
    def end(self) -> str:
        """What closes the tag, if it is open."""
        return "" if self.closed else "}}"

    @property
    def alone(self) -> bool:
        """Whether nothing else stands on the tag's line."""
        line = max(self.text.rfind("\n", 0, self.begin), self.text.rfind("\r", 0, self.begin)) + 1
        after = re.compile(r"[^\n]*").match(self.text, self.at)
        rest = after[0].strip() if after else ""
        return not self.text[line : self.begin].strip() and rest in ("", "}}", "~}}")

    def block(self, name: str) -> str:
        values, _ = _BLOCKS[name]
        if self.closed:
            return f"{name} {values}"
        gap = "\n«»\n" if self.alone else "«»"
        return f"{name} {values}}}}}{gap}{{{{/{name}}}}}"


def complete_tag(text: str, begin: int, at: int, shape: Shape, scope: Scope, library: Library) -> Completed:
    """What may stand at ``at`` in the tag that starts at ``begin``."""
    tag = _Tag(text, begin, at)
    typed = _WORD.search(tag.inner)
    word = typed[0] if typed else ""
    head = tag.inner[: len(tag.inner) - len(word)].strip()
    if tag.sigil == "!":
        return Completed(start=at, end=at)
    if tag.sigil == "/":
        closes = [offer(name, "block", name + tag.end) for name in [f.helper for f in scope.frames[-1:]]]
        return _completed(tag, tag.head_start, closes, whole=True)
    if tag.sigil == ">" and not head:
        found = library.snippets(word, _MOST_SNIPPETS)
        made = [offer(s.name, "snippet", s.name + tag.end, detail=s.title, info=s.description) for s in found]
        done = _completed(tag, tag.head_start + len(tag.inner) - len(word), made, whole=True)
        return done.model_copy(update={"complete": len(found) < _MOST_SNIPPETS})
    if quoted := re.fullmatch(r"""role\s+(["'])([^"']*)""", tag.inner):
        quote = quoted[1]
        tail = "" if text[at : at + 1] == quote else quote + tag.end
        roles = [offer(role, "role", role + tail, info=_ROLE_INFO[role]) for role in ROLES]
        return _completed(tag, at - len(quoted[2]), roles, whole=True)
    if tag.inner.count('"') % 2 or tag.inner.count("'") % 2:
        return Completed(start=at, end=at)
    return _names(tag, word, head, shape, scope)


def _names(tag: _Tag, word: str, head: str, shape: Shape, scope: Scope) -> Completed:
    base, last = _base(word)
    start = tag.at - len(last)
    items: list[Completion] = []
    first = head in ("", "else") and "=" not in tag.inner
    if first and not base:
        items += _heads(tag, head, scope)
    if tag.sigil in ("#", "^") and first:
        return _completed(tag, start, items)
    if head == "else":
        return _completed(tag, start, items)
    simple = first and tag.sigil in ("", "&")
    if base:
        items += _members(base, shape, scope, tag.end if simple else "")
    else:
        items = [*_paths(shape, scope, tag.end if simple else ""), *items]
        items += _arguments(tag, head)
    return _completed(tag, start, items)


def _completed(tag: _Tag, start: int, items: list[Completion], *, whole: bool = False) -> Completed:
    after = (_NAME_AFTER if whole else _WORD_AFTER).match(tag.text, tag.at)
    return Completed(start=start, end=after.end() if after else tag.at, items=tuple(items))


def _base(word: str) -> tuple[str, str]:
    """What stands before the last name of a path, its separator included, and that name."""
    cut = max(word.rfind("."), word.rfind("/")) + 1
    if word.endswith("..") or word == ".":
        return "", word
    return word[:cut], word[cut:]


def _heads(tag: _Tag, head: str, scope: Scope) -> Iterator[Completion]:
    """Helpers and blocks, where a tag's first word stands."""
    hash_ = "" if tag.sigil or head else "#"
    plain = tag.sigil == "" and not head
    if plain and scope.frames:
        yield offer(f"/{scope.frames[-1].helper}", "block", f"/{scope.frames[-1].helper}{tag.end}")
        yield offer("else", "block", f"else{tag.end}", info="what stands here otherwise")
    if plain:
        for name, (insert, info) in _HELPERS.items():
            yield offer(name, "helper", insert + tag.end, info=info)
    for name in BLOCKS:
        values, info = _BLOCKS[name]
        insert = f"{name} {values}{tag.end}" if head or tag.sigil == "^" else hash_ + tag.block(name)
        yield offer(hash_ + name, "block", insert, info=info)


def _arguments(tag: _Tag, head: str) -> Iterator[Completion]:
    """The ``key=`` pairs and written-out values that a helper takes."""
    name = head.split(None, 1)[0] if head else ""
    if tag.sigil:
        if name in ("if", "unless") and len(head.split()) > 1:
            yield offer("includeZero", "helper", "includeZero=true", info="the number 0 counts as a value")
    elif name == "role":
        for role in ROLES:
            yield offer(f'"{role}"', "role", f'"{role}"{tag.end}', info=_ROLE_INFO[role])
    elif name == "media":
        yield offer("url", "helper", "url=«url»", info="the address: https: or data:")
        yield offer("contentType", "helper", 'contentType="«image/png»"', info="the media type")
    elif name == "json" and len(head.split()) > 1:
        yield offer("indent", "helper", "indent=«2»", info="blanks per level")


def _leaf(name: str, shape: Shape, insert: str, end: str) -> Completion:
    # an object or a list goes on: .property
    more = "" if shape.type in ("object", "array") else end
    detail = shape.type if shape.declared else f"{shape.type}, inferred"
    return offer(name, "variable", insert + more, detail=detail, info=shape.description)


def _paths(shape: Shape, scope: Scope, end: str) -> Iterator[Completion]:
    """Everything that a path can begin with."""
    here = scope.context()
    own = shape.at(here) if here is not None else None
    for name, inner in (own.properties if own else {}).items():
        if name not in scope.names:
            yield _leaf(name, inner, name, end)
    for name, path in scope.names.items():
        named = shape.at(path) if path is not None else None
        kind = named.type if named else "any"
        yield offer(name, "loop", name + ("" if kind in ("object", "array") else end), detail=kind)
    if len(scope.contexts) > 1:
        if any(frame.helper == "each" for frame in scope.frames):
            for name, kind in _DATA.items():
                yield offer(f"@{name}", "loop", f"@{name}{end}", detail=kind)
        yield offer("this", "loop", f"this{end}", detail=own.type if own else "any", info="the present item")
        for up in range(1, len(scope.contexts)):
            path = scope.context(up)
            around = shape.at(path) if path is not None else None
            for name, inner in (around.properties if around else {}).items():
                yield _leaf("../" * up + name, inner, "../" * up + name, end)


def _members(base: str, shape: Shape, scope: Scope, end: str) -> Iterator[Completion]:
    """What the value that ``base`` leads to has."""
    up = _UP.match(base)
    levels = up[0].count("../") if up else 0
    parts = [part for part in re.split(r"[./]", base[3 * levels :]) if part]
    path: tuple[str, ...] | None = scope.context(levels)
    if parts[:1] == ["@root"]:
        path, parts = (), parts[1:]
    elif parts[:1] == ["this"]:
        parts = parts[1:]
    elif not levels and parts and parts[0] in scope.names:
        path, parts = scope.names[parts[0]], parts[1:]
    if path is None:
        return
    found = shape.at([*path, *(ITEM if part.isdigit() else part for part in parts)])
    if found is None:
        return
    for name, inner in found.properties.items():
        yield _leaf(name, inner, name, end)
    if found.type in ("array", "string") and parts:
        yield offer("length", "variable", f"length{end}", detail="integer")


def complete_text(text: str, at: int, shape: Shape, scope: Scope) -> Completed:
    """Whole tags, where a person asks in plain text."""
    tag = _Tag(text, at, at)
    tag.closed = False
    items = [_whole(one) for one in [*_paths(shape, scope, "}}"), *_heads(tag, "", scope)]]
    return Completed(start=at, end=at, items=tuple(items))


def _whole(one: Completion) -> Completion:
    """An offer with its opening braces (and its closing ones, where a path could go on)."""
    insert = one.insert if one.insert.endswith("}}") else one.insert + "}}"
    stops = tuple(
        stop.model_copy(update={"start": stop.start + 2, "end": stop.end + 2}) for stop in one.stops
    )
    return one.model_copy(update={"insert": "{{" + insert, "stops": stops})
