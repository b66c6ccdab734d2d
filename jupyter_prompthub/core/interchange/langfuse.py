"""Langfuse's prompt object, or a list of them: several of one name are its versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidInput
from ..frontmatter import SETTINGS
from ..names import check_name, slugify
from ..promptfile import Document
from ..records import ImportItem, ImportVersion
from .base import NO_TEXT, Losses, Parts, Turn, Wanted, expect, json_of, name_for, tags_of, version_of
from .openai import messages, messages_of
from .out import turns
from .pieces import joined, simple
from .settings import put_tools, tools, unsaid

__all__ = ["read", "write"]

_SETTINGS = SETTINGS | {"max_completion_tokens", "reasoning_effort", "tool_choice", "response_format"}
_KNOWN = ("name", "type", "prompt", "config", "tags", "labels", "version", "commitMessage", "commit_message")
_MARK = "@@@langfusePrompt:"


def read(path: str, text: str, losses: Losses) -> list[ImportItem]:
    """The prompts of a file.

    Raises:
        InvalidInput: not of that shape; the message says where.
    """
    data = json_of(text)
    rows = data if isinstance(data, list) else [data]
    histories: dict[str, list[tuple[int, str, Mapping[str, Any]]]] = {}
    for at, row in enumerate(rows):
        place = f"[{at}]" if isinstance(data, list) else ""
        expect(row, dict, place or "the file", "a prompt object")
        name = row.get("name", name_for(path))
        number = row.get("version", 0)
        expect(name, str, f"{place}.name".lstrip("."), "a name")
        expect(number, int, f"{place}.version".lstrip("."), "a number")
        histories.setdefault(name, []).append((number, place, row))
    items = [
        _item(path, name, sorted(found, key=lambda one: one[0]), losses) for name, found in histories.items()
    ]
    if not any(items):
        raise InvalidInput("no prompt has a text: expected one at least")
    return [item for item in items if item is not None]


def _item(
    path: str, name: str, found: list[tuple[int, str, Mapping[str, Any]]], losses: Losses
) -> ImportItem | None:
    """A prompt with those of its versions that have a text; None: none has."""
    read = [_version(path, row, f"{place}." if place else "", losses) for _, place, row in found]
    versions = tuple(one for one in read if one is not None)
    if not versions:
        return None
    newest = found[-1][2]
    tags = tags_of(newest.get("tags"), f"{found[-1][1]}.tags".lstrip("."), losses)
    return ImportItem(
        name=_name(name),
        title=name[:200],
        tags=tags,
        versions=versions,
    )


def _name(name: str) -> str:
    try:
        return check_name(name)
    except InvalidInput:
        return slugify(name)


def _version(path: str, row: Mapping[str, Any], place: str, losses: Losses) -> ImportVersion | None:
    parts = Parts()
    kind, prompt = (
        row.get("type", "text" if isinstance(row.get("prompt"), str) else "chat"),
        row.get("prompt"),
    )
    if kind == "text":
        prompt = expect(prompt, str, f"{place}prompt", "text, as type is text")
        source = joined(simple(prompt)).strip()
        parts.turns = [Turn("user", source)] if source else []
    elif kind == "chat":
        parts.turns = _chat(
            expect(prompt, list, f"{place}prompt", "a list of messages, as type is chat"),
            f"{place}prompt",
            losses,
        )
    else:
        raise InvalidInput(f"{place}type: expected text or chat, got {json.dumps(kind)[:60]}")
    if not parts.turns:
        losses.add(f"{place}prompt", NO_TEXT)
        return None
    if _MARK in json.dumps(prompt):
        losses.add(
            f"{place}prompt", f"a reference {_MARK}…@@@ stays in the text: include the prompt as a snippet"
        )
    _config(parts, row.get("config"), f"{place}config", losses)
    labels = row.get("labels")
    for label in labels if isinstance(labels, list) else ():
        if label != "latest":
            losses.add(
                f"{place}labels", f"{str(label)[:60]}: promote the version to an environment, or tag it"
            )
    ours = ("id", "projectId", "createdAt", "updatedAt", "createdBy", "isActive", "resolutionGraph")
    losses.left_out(place.removesuffix("."), (key for key in row if key not in (*_KNOWN, *ours)))
    message = row.get("commitMessage") or row.get("commit_message")
    return version_of(parts, message if isinstance(message, str) else f"Import {path}")


def _chat(prompt: list[Any], place: str, losses: Losses) -> list[Turn]:
    made: list[Turn] = []
    for at, entry in enumerate(prompt):
        here = f"{place}[{at}]"
        if isinstance(entry, dict) and entry.get("type") == "placeholder":
            name = entry.get("name")
            if any(turn.role == "history" for turn in made):
                losses.add(
                    here, f"a second placeholder ({str(name)[:60]}) is left out: there is one {{{{history}}}}"
                )
                continue
            if name != "history":
                losses.add(here, f"the placeholder {str(name)[:60]} is {{{{history}}}}")
            made.append(Turn("history"))
            continue
        plain = (
            {key: value for key, value in entry.items() if key != "type"}
            if isinstance(entry, dict)
            else entry
        )
        found = Losses()
        made += messages_of([plain], place, found)
        for loss in found.items:
            losses.add(loss.place.replace(f"{place}[0]", here, 1), loss.message)
    return made


def _config(parts: Parts, value: Any, place: str, losses: Losses) -> None:
    if value is None:
        return
    config = dict(expect(value, dict, place, "an object"))
    model = config.pop("model", None)
    if isinstance(model, str) and model.strip():
        parts.model = model
    if "tools" in config:
        put_tools(parts, config.pop("tools"), f"{place}.tools", losses)
    parts.config = {name: config.pop(name) for name in list(config) if name in _SETTINGS}
    if config:
        parts.metadata["langfuse"] = config


def write(wanted: Wanted, document: Document, losses: Losses) -> str:
    """One prompt object, as the API takes it."""
    found = turns(wanted, document, "simple", losses, history=True)
    only = found[0] if len(found) == 1 and found[0].role == "user" else None
    content = document.content
    kept = content.metadata.get("langfuse")
    config: dict[str, Any] = {"model": content.model} if content.model is not None else {}
    config |= content.parameters
    if listed := tools(document, losses):
        config["tools"] = listed
    config |= kept if isinstance(kept, dict) else {}
    made: dict[str, Any] = {
        "name": wanted.name,
        "type": "text" if only else "chat",
        "prompt": only.source if only else [_entry(turn) for turn in found],
        "config": config,
        "tags": list(wanted.tags),
        "labels": [],
    }
    if wanted.commit_message:
        made["commitMessage"] = wanted.commit_message
    if content.output is not None:
        losses.add("output", "it is left out: Langfuse has no place for it")
    unsaid(document, losses, known=("langfuse",))
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _entry(turn: Turn) -> dict[str, Any]:
    if turn.role == "history":
        return {"type": "placeholder", "name": "history"}
    return messages([turn])[0]
