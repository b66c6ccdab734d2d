"""Whitespace control: tildes, and tags that stand alone on their line (Handlebars' rules)."""

from __future__ import annotations

from .lexer import TagKind, TagToken, TextToken, Token

__all__ = ["control"]

_BLANKS = " \t"


def _ends_line_before(items: list[Token], index: int) -> bool:
    """Whether only blanks stand between the tag at ``index`` and the start of its line."""
    if index == 0:
        return True
    before = items[index - 1]
    if not isinstance(before, TextToken):
        return False
    text = before.original
    tail = text[len(text.rstrip()) :]
    return "\n" in tail or (index == 1 and len(tail) == len(text))


def _ends_line_after(items: list[Token], index: int) -> bool:
    """Whether only blanks stand between the tag at ``index`` and the end of its line."""
    if index == len(items) - 1:
        return True
    after = items[index + 1]
    if not isinstance(after, TextToken):
        return False
    text = after.original
    head = text[: len(text) - len(text.lstrip())]
    return "\n" in head or (index == len(items) - 2 and len(head) == len(text))


def _drop_line_start(text: TextToken, tag: TagToken) -> None:
    kept = text.value.rstrip(_BLANKS)
    if tag.kind is TagKind.SNIPPET:
        tag.indent = text.value[len(kept) :]
    text.value = kept


def _drop_line_end(text: TextToken) -> None:
    rest = text.value.lstrip(_BLANKS)
    text.value = rest.removeprefix("\r\n") if rest.startswith("\r\n") else rest.removeprefix("\n")


def control(items: list[Token]) -> None:
    """Change the values of texts as the tags beside them ask."""
    for index, tag in enumerate(items):
        if not isinstance(tag, TagToken):
            continue
        before = items[index - 1] if index else None
        after = items[index + 1] if index + 1 < len(items) else None
        alone = (
            tag.kind is not TagKind.OUTPUT
            and _ends_line_before(items, index)
            and _ends_line_after(items, index)
        )
        if isinstance(after, TextToken):
            if tag.trim_after:
                after.value = after.value.lstrip()
            elif alone:
                _drop_line_end(after)
        if isinstance(before, TextToken):
            if tag.trim_before:
                before.value = before.value.rstrip()
            elif alone:
                _drop_line_start(before, tag)
