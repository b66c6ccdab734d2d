"""promptfoo's configuration: prompts, the first provider, and the tests' variables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from ..errors import InvalidInput
from ..names import slugify
from ..promptfile import Document
from ..records import ImportItem
from ..yamlwrite import block
from . import jinja
from .base import (
    NO_TEXT,
    Losses,
    Parts,
    Turn,
    Wanted,
    expect,
    json_of,
    kind_of,
    name_for,
    samples_of,
    version_of,
    yaml_of,
)
from .openai import messages
from .out import turns
from .settings import put_response_format, put_tools, response_format, role, tools, unsaid

__all__ = ["read", "write"]

_KINDS = ("chat", "messages", "completion", "responses")
_KNOWN = ("prompts", "providers", "targets", "tests", "defaultTest", "description", "$schema")


def read(path: str, text: str, losses: Losses) -> list[ImportItem]:
    """The prompts of a configuration; each has its tests' variables as sample inputs.

    Raises:
        InvalidInput: not of that shape; the message says where.
    """
    data = json_of(text) if text.lstrip().startswith("{") else _plain(text)
    config = expect(data, dict, "the file", "an object with prompts")
    common = Parts()
    _provider(common, config.get("providers", config.get("targets")), losses)
    common.samples = samples_of(_tests(config, losses), losses)
    losses.left_out("", (name for name in config if name not in _KNOWN))
    found = list(_prompts(config.get("prompts"), losses))
    if not found:
        raise InvalidInput("prompts: none of them is in this file itself; give the prompts' own files")
    stem = name_for(path)
    made: dict[str, ImportItem] = {}
    for place, label, source in found:
        name = stem if len(found) == 1 else slugify(f"{stem}/{label.replace('/', '-') or len(made) + 1}")
        while name in made:
            name += "-2"
        turns_read = _turns(source, place, losses)
        if not turns_read:
            losses.add(place, NO_TEXT)
            continue
        parts = Parts(turns=turns_read, model=common.model, config=common.config)
        parts.output_format, parts.output_schema, parts.tools = (
            common.output_format,
            common.output_schema,
            common.tools,
        )
        about = config.get("description")
        made[name] = ImportItem(
            name=name,
            title=label[:200],
            description=about[:4000] if isinstance(about, str) else "",
            versions=(version_of(parts, f"Import {path}"),),
            samples=tuple(common.samples),
        )
    if not made:
        raise InvalidInput("prompts: none of them has a text: expected one at least")
    return list(made.values())


def _plain(text: str) -> Any:
    root = yaml_of(text)
    return root.value if root is not None else None


def _prompts(value: Any, losses: Losses) -> Iterator[tuple[str, str, str]]:
    """Place, label and text of each."""
    rows = [value] if isinstance(value, str) else expect(value, list, "prompts", "a list of prompts")
    for at, row in enumerate(rows):
        place = f"prompts[{at}]"
        named: dict[str, Any] = row if isinstance(row, dict) else {"raw": row}
        raw: str = expect(named.get("raw", named.get("id")), str, place, "text, or an object with raw")
        label = named.get("label") or named.get("id")
        if raw.startswith(("file://", "exec:")) or "raw" not in named:
            losses.add(place, f"{raw[:80]} is another file, which is not read: give it by itself")
            continue
        losses.left_out(place, (key for key in named if key not in ("raw", "label", "id")))
        yield place, label if isinstance(label, str) else "", raw


def _turns(source: str, place: str, losses: Losses) -> list[Turn]:
    if source.lstrip().startswith("["):
        try:
            listed = json_of(source)
        except InvalidInput:
            listed = None  # a text that begins with a bracket
        if (
            isinstance(listed, list)
            and listed
            and all(isinstance(one, dict) and "role" in one for one in listed)
        ):
            made = []
            for at, message in enumerate(listed):
                here = f"{place}[{at}]"
                content = expect(message.get("content"), str, f"{here}.content", "text")
                losses.left_out(here, (key for key in message if key not in ("role", "content")))
                name = role(message["role"], f"{here}.role", losses)
                if said := jinja.read(content, partial(_at, here), losses).strip():
                    made.append(Turn(name, said))
                else:
                    losses.add(here, NO_TEXT)
            return made
    said = jinja.read(source, partial(_line, place, source), losses).strip()
    return [Turn("user", said)] if said else []


def _at(place: str, offset: int) -> str:
    return place


def _line(place: str, source: str, offset: int) -> str:
    return f"{place}, line {source.count(chr(10), 0, offset) + 1}"


def _provider(parts: Parts, value: Any, losses: Losses) -> None:
    rows = value if isinstance(value, list) else [] if value is None else [value]
    for at, row in enumerate(rows[1:], 1):
        name = row.get("id") if isinstance(row, dict) else row
        losses.add(f"providers[{at}]", f"{str(name)[:80]}: a prompt has one model; it is left out")
    if not rows:
        return
    first = rows[0]
    name = first.get("id") if isinstance(first, dict) else first
    if not isinstance(name, str) or name.startswith(("file://", "exec:", "http://", "https://", "python:")):
        losses.add("providers[0]", f"{str(name)[:80]} names no model; it is left out")
        return
    provider, *rest = name.split(":")
    if len(rest) > 1 and rest[0] in _KINDS:
        rest = rest[1:]
    parts.model = f"{provider}/{':'.join(rest)}" if rest else provider
    settings = first.get("config") if isinstance(first, dict) else None
    if settings is not None:
        config = dict(expect(settings, dict, "providers[0].config", "an object"))
        secret = [
            key
            for key in config
            if "key" in key.lower() or key.lower() in ("apihost", "apibaseurl", "headers")
        ]
        for key in secret:
            losses.add(f"providers[0].config.{key}", "keys and addresses are never read: make a connection")
        if config.get("tools") is not None:
            put_tools(parts, config.pop("tools"), "providers[0].config.tools", losses)
        if config.get("response_format") is not None:
            put_response_format(
                parts, config.pop("response_format"), "providers[0].config.response_format", losses
            )
        parts.config = {key: item for key, item in config.items() if key not in secret}


def _tests(config: dict[str, Any], losses: Losses) -> Iterator[tuple[str, str, dict[str, Any]]]:
    shared = config.get("defaultTest")
    default = shared.get("vars", {}) if isinstance(shared, dict) else {}
    if isinstance(shared, dict):
        losses.left_out("defaultTest", (key for key in shared if key != "vars"))
    elif shared is not None:
        losses.add("defaultTest", f"{str(shared)[:80]} is another file, which is not read")
    tests = config.get("tests")
    if tests is not None and not isinstance(tests, list):
        losses.add("tests", f"expected a list, got {kind_of(tests)}: another file is not read")
        return
    for at, test in enumerate(tests or ()):
        place = f"tests[{at}]"
        given = test.get("vars") if isinstance(test, dict) else None
        if not isinstance(given, dict) or not isinstance(default, dict):
            losses.add(place, "it has no vars here; it is left out")
            continue
        losses.left_out(place, (key for key in test if key not in ("vars", "description")))
        about = test.get("description")
        yield place, about if isinstance(about, str) else "", {**default, **given}


def write(wanted: Wanted, document: Document, losses: Losses) -> str:
    """A configuration with this prompt, its model and its sample inputs."""
    found = turns(wanted, document, "nunjucks", losses)
    if [turn.role for turn in found] in ([], ["user"]):
        raw = "".join(turn.source for turn in found)
    else:
        raw = json.dumps(messages(found), ensure_ascii=False, indent=2)
    content = document.content
    made: dict[str, Any] = {}
    if wanted.description:
        made["description"] = wanted.description
    made["prompts"] = [{"id": wanted.name, "label": wanted.title or wanted.name, "raw": raw}]
    settings = dict(content.parameters)
    if listed := tools(document, losses):
        settings["tools"] = listed
    if (answer := response_format(document)) is not None:
        settings["response_format"] = answer
    if content.model is not None:
        provider = content.model.replace("/", ":", 1)
        made["providers"] = [{"id": provider, "config": settings} if settings else provider]
    elif settings:
        losses.add("config", "without a model there is no provider to write it at; it is left out")
    made["tests"] = [{"description": one.name, "vars": one.inputs} for one in wanted.samples]
    if not made["tests"]:
        del made["tests"]
    if wanted.tags:
        losses.add("tags", "they are left out")
    unsaid(document, losses)
    return block(made)
