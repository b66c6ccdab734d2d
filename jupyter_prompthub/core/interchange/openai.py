"""OpenAI's chat request: ``{"model", "messages", …}``, or its messages alone."""

from __future__ import annotations

import json
from typing import Any

from ..promptfile import Document
from ..records import ImportItem
from .base import NO_TEXT, Losses, Parts, Turn, Wanted, expect, json_of, name_for, version_of
from .out import turns
from .pieces import Piece, joined, simple
from .settings import (
    foreign_role,
    put_response_format,
    put_tools,
    response_format,
    role,
    tools,
    unsaid,
)

__all__ = ["messages_of", "read", "write"]

_LEFT_OUT = ("stream", "stream_options", "user", "store", "metadata", "functions", "function_call")


def read(path: str, text: str, losses: Losses) -> list[ImportItem]:
    """One prompt of a request.

    Raises:
        InvalidInput: not of that shape; the message says where.
    """
    data = json_of(text)
    request = (
        {"messages": data}
        if isinstance(data, list)
        else expect(data, dict, "the file", "an object or a list of messages")
    )
    parts = Parts(turns=messages_of(request.get("messages"), "messages", losses))
    if model := request.get("model"):
        name = expect(model, str, "model", "a model's name")
        parts.model = name if "/" in name else f"openai/{name}"
    if request.get("tools") is not None:
        put_tools(parts, request["tools"], "tools", losses)
    if request.get("response_format") is not None:
        put_response_format(parts, request["response_format"], "response_format", losses)
    losses.left_out("", (name for name in _LEFT_OUT if request.get(name) is not None))
    taken = (*_LEFT_OUT, "messages", "model", "tools", "response_format")
    parts.config = {name: value for name, value in request.items() if name not in taken and value is not None}
    return [ImportItem(name=name_for(path), versions=(version_of(parts, f"Import {path}"),))]


def messages_of(value: Any, place: str, losses: Losses) -> list[Turn]:
    """The messages of a list as the API has them, in which ``{{name}}`` is a variable.

    Raises:
        InvalidInput: not a list of messages.
    """
    made: list[Turn] = []
    for at, message in enumerate(expect(value, list, place, "a list of messages")):
        here = f"{place}[{at}]"
        expect(message, dict, here, "a message with role and content")
        name = role(message.get("role"), f"{here}.role", losses)
        source = joined(_content(message.get("content"), f"{here}.content", losses)).strip()
        losses.left_out(
            here, (key for key in message if key not in ("role", "content") and message[key] is not None)
        )
        if source:
            made.append(Turn(name, source))
        else:
            losses.add(here, NO_TEXT)
    return made


def _content(value: Any, place: str, losses: Losses) -> list[Piece]:
    if value is None:
        return []
    if isinstance(value, str):
        return simple(value)
    made: list[Piece] = []
    for at, part in enumerate(expect(value, list, place, "text, or a list of parts")):
        here = f"{place}[{at}]"
        kind = expect(part, dict, here, "a part with a type").get("type")
        image = part.get("image_url")
        url = image.get("url") if isinstance(image, dict) else image
        if kind == "text":
            made += simple(expect(part.get("text"), str, f"{here}.text", "text"))
        elif kind == "image_url" and isinstance(url, str) and '"' not in url and "\\" not in url:
            made.append((True, f'{{{{media url="{url}"}}}}'))
            if isinstance(image, dict):
                losses.left_out(f"{here}.image_url", (key for key in image if key != "url"))
        else:
            losses.add(here, f"a part of type {str(kind)[:40]} has no counterpart; it is left out")
    return made


def write(wanted: Wanted, document: Document, losses: Losses) -> str:
    """A request without its answer's stream; variables stay as ``{{name}}``."""
    content = document.content
    made: dict[str, Any] = {}
    if content.model is not None:
        made["model"] = content.model.removeprefix("openai/")
        if "/" in made["model"]:
            losses.add(
                "model", f"{content.model} is not OpenAI's own: the address must serve it by that name"
            )
    made["messages"] = messages(turns(wanted, document, "simple", losses, media=True))
    made |= content.parameters
    if found := tools(document, losses):
        made["tools"] = found
    if (answer := response_format(document)) is not None:
        made["response_format"] = answer
    for name in sorted({use.name for use in document.template.variables()}):
        losses.add("messages", f"the API has no variables: put the value of {name} in for {{{{{name}}}}}")
    unsaid(document, losses)
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def messages(found: list[Turn]) -> list[dict[str, Any]]:
    """Messages as the API has them."""
    made: list[dict[str, Any]] = []
    media: list[dict[str, Any]] = []
    for turn in found:
        if turn.role == "media":
            media.append({"type": "image_url", "image_url": {"url": turn.source}})
            continue
        content: Any = [{"type": "text", "text": turn.source}, *media] if media else turn.source
        media = []
        made.append({"role": foreign_role(turn.role), "content": content})
    if media:
        made.append({"role": "user", "content": media})
    return made
