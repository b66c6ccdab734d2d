"""The helpers: what each accepts, and the node it becomes."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from .expressions import Call
from .lexer import TagToken
from .nodes import History, Json, Literal, Media, Node, Output, Place, Role, Section
from .problems import BadTag, Places

__all__ = ["BLOCKS", "INLINE", "OTHER_ROLES", "ROLES", "check_branch", "inline"]

ROLES = ("system", "user", "model", "tool")
OTHER_ROLES = {"assistant": "model", "ai": "model", "human": "user", "developer": "system"}
"""what other formats call them"""

BLOCKS = {"if": 1, "unless": 1, "each": 1, "with": 1, "ifEquals": 2, "unlessEquals": 2}
"""block helpers, with how many values each takes"""
_EXAMPLES = {
    "if": "{{#if order}}",
    "unless": "{{#unless order}}",
    "each": "{{#each orders}}",
    "with": "{{#with order}}",
    "ifEquals": '{{#ifEquals state "open"}}',
    "unlessEquals": '{{#unlessEquals state "open"}}',
}
_KEYS = {"if": ("includeZero",), "unless": ("includeZero",)}
_NAMED = {"each": 2, "with": 1}


def _bad(call: Call, code: str, message: str) -> BadTag:
    return BadTag(code, message, call.place.start, max(call.place.end, call.place.start + 1))


def _expect(call: Call, params: int, keys: tuple[str, ...], example: str) -> None:
    """Refuse a call with other values or keys than expected."""
    if len(call.params) != params:
        got = f"got {len(call.params)}"
        message = (
            f"{call.name} takes {params or 'no'} value{'s' if params != 1 else ''}, {got}; write {example}"
        )
        raise _bad(call, "helper_arguments", message)
    for key, _ in call.args:
        if key not in keys:
            allowed = f"it takes {', '.join(f'{one}=' for one in keys)}" if keys else "it takes none"
            raise _bad(call, "helper_arguments", f"{call.name} does not take {key}=; {allowed}")
    if call.names:
        raise _bad(call, "helper_arguments", f"{call.name} gives no names; leave out as |...|")


def _role(call: Call, place: Place) -> Node:
    _expect(call, 1, (), '{{role "user"}}')
    value = call.params[0]
    if not isinstance(value, Literal) or not isinstance(value.value, str):
        message = 'a role is written out, as in {{role "user"}}; it cannot come from a variable'
        raise _bad(call, "role", message)
    if value.value not in ROLES:
        better = OTHER_ROLES.get(value.value)
        advice = f"write {better}" if better else f"expected one of {', '.join(ROLES)}"
        raise _bad(call, "role", f"there is no role {value.value[:40]!r}; {advice}")
    return Role(place.start, place.end, place.line, place.column, value.value)


def _history(call: Call, place: Place) -> Node:
    _expect(call, 0, (), "{{history}}")
    return History(place.start, place.end, place.line, place.column)


def _media(call: Call, place: Place) -> Node:
    _expect(call, 0, ("url", "contentType"), "{{media url=photo}}")
    keys = dict(call.args)
    if "url" not in keys:
        raise _bad(call, "helper_arguments", "media needs an address; write {{media url=photo}}")
    return Media(place.start, place.end, place.line, place.column, keys["url"], keys.get("contentType"))


def _section(call: Call, place: Place) -> Node:
    _expect(call, 1, (), '{{section "examples"}}')
    return Section(place.start, place.end, place.line, place.column, call.params[0])


def _json(call: Call, place: Place) -> Node:
    _expect(call, 1, ("indent",), "{{json order}}")
    indent = dict(call.args).get("indent")
    return Json(place.start, place.end, place.line, place.column, call.params[0], indent)


INLINE: dict[str, Callable[[Call, Place], Node]] = {
    "role": _role,
    "history": _history,
    "media": _media,
    "section": _section,
    "json": _json,
}
"""helpers that are no blocks"""


def _close_to(name: str) -> str:
    close = difflib.get_close_matches(name[:40], [*INLINE, *BLOCKS], n=1)
    return f"did you mean {close[0]}?" if close else f"there are: {', '.join([*INLINE, *BLOCKS])}"


def inline(tag: TagToken, call: Call, places: Places) -> Node:
    """The node of ``{{...}}``.

    Raises:
        BadTag: an unknown helper, or a known one used wrongly.
    """
    place = places.place(tag.start, tag.end)
    if call.head is None:
        raise BadTag("tag_empty", "this tag is empty; write a variable's name in it", tag.start, tag.end)
    if call.name in INLINE:
        return INLINE[call.name](_local(call, tag), place)
    if call.name in BLOCKS:
        message = f"{call.name} is a block; write {_EXAMPLES[call.name]}...{{{{/{call.name}}}}}"
        raise BadTag("helper_block", message, tag.start, tag.end)
    if call.params or call.args or call.names:
        message = f"there is no helper {call.name or 'of that name'}; {_close_to(call.name)}"
        raise BadTag("helper_unknown", message, tag.start, tag.end)
    return Output(place.start, place.end, place.line, place.column, call.head)


def _local(call: Call, tag: TagToken) -> Call:
    """The call with its place in the source (problems are placed from there)."""
    place = Place(tag.start, tag.end, 0, 0)
    return Call(place, call.head, call.name, call.params, call.args, call.names)


def check_branch(tag: TagToken, call: Call) -> None:
    """Refuse an opening tag, or an ``else`` with a helper, that is not a known block's.

    Raises:
        BadTag: an unknown block, or a known one used wrongly.
    """
    name = call.name
    if name not in BLOCKS:
        if name in INLINE:
            message = f"{name} is not a block; write it without #"
        elif name:
            message = (
                f"there is no block {name}; to use a variable write {{{{#if {name}}}}}, {{{{#each {name}}}}}"
            )
            message += f" or {{{{#with {name}}}}} ({_close_to(name)})"
        else:
            message = f"expected a block's name: {', '.join(BLOCKS)}"
        raise BadTag("block_unknown", message, tag.start, tag.end)
    local = _local(call, tag)
    if len(call.names) > _NAMED.get(name, 0):
        most = _NAMED.get(name, 0)
        raise BadTag(
            "helper_arguments",
            f"{name} gives {most or 'no'} names; got {len(call.names)}",
            tag.start,
            tag.end,
        )
    unnamed = Call(local.place, call.head, name, call.params, call.args, ())
    _expect(unnamed, BLOCKS[name], _KEYS.get(name, ()), _EXAMPLES[name])
