"""Prompty files, of both generations: YAML front matter, then a template with lines such as ``system:``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..frontmatter import split
from ..promptfile import Document
from ..records import ImportItem, NewSample
from ..yamlwrite import block
from . import jinja
from .base import (
    NO_TEXT,
    Losses,
    Parts,
    Turn,
    Wanted,
    bounded,
    expect,
    kind_of,
    name_for,
    samples_of,
    tags_of,
    version_of,
    yaml_of,
)
from .out import turns
from .pieces import joined, simple
from .promptyinputs import read_inputs, write_inputs
from .settings import (
    foreign_role,
    put_response_format,
    put_tools,
    response_format,
    role,
    tools,
)

__all__ = ["read", "write"]

_ROLE = re.compile(
    r"^[ \t]*#?[ \t]*(system|user|assistant|developer|function|tool)[ \t]*(\[[^\]\n]*\])?[ \t]*:[ \t]*$",
    re.M | re.I,
)
_PROVIDERS = {"azure_openai": "azure", "azure_serverless": "azure_ai"}
_KNOWN = {
    "name",
    "description",
    "tags",
    "authors",
    "version",
    "model",
    "inputs",
    "inputSchema",
    "outputs",
    "outputSchema",
}
_KNOWN |= {"sample", "template", "tools", "metadata", "$schema", "displayName", "kind"}


def read(path: str, text: str, losses: Losses) -> list[ImportItem]:
    """One prompt.

    Raises:
        InvalidInput: not of that shape; the message says where.
    """
    bounded(text)
    cut = split(text)
    if cut.unclosed is not None:
        expect(None, str, "the front matter", "a line --- after it")
    root = yaml_of(text, cut.yaml) if cut.yaml is not None else None
    front = expect(root.value, dict, "the front matter", "an object") if root is not None else {}
    meta: dict[str, Any] = expect(front.get("metadata") or {}, dict, "metadata", "an object")
    parts = Parts()
    _model(parts, front.get("model"), losses)
    if front.get("tools") is not None:
        _tools(parts, front["tools"], losses)
    read_inputs(parts, front.get("inputs", front.get("inputSchema")), losses)
    _outputs(parts, front.get("outputs", front.get("outputSchema")), losses)
    for name in ("authors", "version"):
        if (value := front.get(name, meta.get(name))) is not None:
            parts.metadata[name] = value
    parts.turns = list(_turns(text, cut.template.start, cut.template.end, front.get("template"), losses))
    losses.left_out("", (key for key in front if key not in _KNOWN))
    losses.left_out("metadata", (key for key in meta if key not in ("authors", "version", "tags")))
    title, about = front.get("displayName") or front.get("name"), front.get("description")
    return [
        ImportItem(
            name=name_for(path),
            title=title[:200] if isinstance(title, str) else "",
            description=about[:4000] if isinstance(about, str) else "",
            tags=tags_of(front.get("tags", meta.get("tags")), "tags", losses),
            versions=(version_of(parts, f"Import {path}"),),
            samples=tuple(_samples(front.get("sample"), losses)),
        )
    ]


def _model(parts: Parts, value: Any, losses: Losses) -> None:
    if value is None:
        return
    if isinstance(value, str):
        parts.model = value
        return
    model = expect(value, dict, "model", "a name, or an object")
    place = next((key for key in ("configuration", "connection") if isinstance(model.get(key), dict)), "")
    where: Mapping[str, Any] = model[place] if place else {}
    kind = model.get("provider") or where.get("type") or ""
    name = model.get("id") or where.get("azure_deployment") or where.get("name") or where.get("model")
    if isinstance(name, str) and isinstance(kind, str):
        provider = _PROVIDERS.get(kind, kind) or ("azure" if "azure_deployment" in where else "")
        parts.model = f"{provider}/{name}" if provider and "/" not in name else name
    for key in where:
        if key not in ("type", "azure_deployment", "name", "model"):
            losses.add(f"model.{place}.{key}", "keys and addresses are never read: make a connection")
    if model.get("api", "chat") != "chat":
        losses.add("model.api", f"{str(model['api'])[:40]}: prompts are chats here")
    for key in ("parameters", "options"):
        if model.get(key) is None:
            continue
        config = dict(expect(model[key], dict, f"model.{key}", "an object"))
        if config.get("tools") is not None:
            put_tools(parts, config.pop("tools"), f"model.{key}.tools", losses)
        if config.get("response_format") is not None:
            put_response_format(parts, config.pop("response_format"), f"model.{key}.response_format", losses)
        parts.config |= config
    known = ("provider", "id", "configuration", "connection", "api", "parameters", "options")
    losses.left_out(
        "model", (key for key in model if key not in known and (key, model[key]) != ("response", "first"))
    )


def _tools(parts: Parts, value: Any, losses: Losses) -> None:
    for at, tool in enumerate(expect(value, list, "tools", "a list of tools")):
        if isinstance(tool, dict) and tool.get("kind") == "function" and isinstance(tool.get("name"), str):
            parts.tools.append(
                {key: item for key, item in tool.items() if key != "kind" and item is not None}
            )
        else:
            losses.add(f"tools[{at}]", "only tools of kind function have a counterpart; it is left out")


def _outputs(parts: Parts, value: Any, losses: Losses) -> None:
    if value is None:
        return
    rows = expect(value, dict, "outputs", "an object")
    properties = {}
    for name, row in rows.items():
        if isinstance(row, dict) and isinstance(row.get("type"), str):
            properties[name] = {
                key: row[key] for key in ("type", "description") if isinstance(row.get(key), str)
            }
            losses.left_out(f"outputs.{name}", (key for key in row if key not in ("type", "description")))
        else:
            losses.add(f"outputs.{name}", "expected an object with a type; it is left out")
    if properties and parts.output_schema is None:
        parts.output_format = parts.output_format or "json"
        parts.output_schema = {"type": "object", "properties": properties}


def _turns(text: str, start: int, end: int, template: Any, losses: Losses) -> Iterator[Turn]:
    style = (
        template.get("format", template.get("type", "jinja2"))
        if isinstance(template, dict)
        else template or "jinja2"
    )
    if isinstance(style, dict):
        style = style.get("kind", "jinja2")
    if style not in ("jinja2", "mustache"):
        losses.add("template", f"{str(style)[:40]}: expected jinja2 or mustache; it is read as jinja2")
    marks = [*_ROLE.finditer(text, start, end)]
    starts = [(start, "system", None), *((mark.end(), mark[1], mark) for mark in marks)]
    ends = [*(mark.start() for mark in marks), end]
    for (begin, name, mark), stop in zip(starts, ends, strict=True):
        if mark is not None and mark[2]:
            losses.add(
                f"line {text.count(chr(10), 0, mark.start()) + 1}",
                f"the attributes {mark[2][:60]} are left out",
            )
        inside = text[begin:stop]
        plain = style == "mustache"
        said = joined(simple(inside)) if plain else jinja.read(inside, _Lines(text, begin), losses)
        line = text.count("\n", 0, begin) + 1
        if said.strip():
            yield Turn(role(name, f"line {line}", losses), said.strip())
        elif mark is not None:
            losses.add(f"line {line}", NO_TEXT)


class _Lines:
    """Names the line of an offset into a part of the text."""

    def __init__(self, text: str, start: int) -> None:
        self._text, self._start = text, start

    def __call__(self, offset: int) -> str:
        return f"line {self._text.count(chr(10), 0, self._start + offset) + 1}"


def _samples(value: Any, losses: Losses) -> list[NewSample]:
    if isinstance(value, dict):
        return samples_of([("sample", "sample", value)], losses)
    if value is not None:
        losses.add("sample", f"expected an object, got {kind_of(value)}: another file is not read")
    return []


def write(wanted: Wanted, document: Document, losses: Losses) -> str:
    """A file of the first generation, which every reader takes."""
    content = document.content
    front: dict[str, Any] = {"name": wanted.title or wanted.name}
    if wanted.description:
        front["description"] = wanted.description
    for name in ("authors", "version"):
        if name in content.metadata:
            front[name] = content.metadata[name]
    if wanted.tags:
        front["tags"] = list(wanted.tags)
    settings = dict(content.parameters)
    if listed := tools(document, losses):
        settings["tools"] = listed
    if (answer := response_format(document)) is not None:
        settings["response_format"] = answer
    model: dict[str, Any] = {"api": "chat"}
    if content.model is not None:
        model["configuration"] = _configuration(content.model, losses)
    if settings:
        model["parameters"] = settings
    front["model"] = model
    if inputs := write_inputs(document, losses):
        front["inputs"] = inputs
    if wanted.samples:
        front["sample"] = wanted.samples[0].inputs
        for one in wanted.samples[1:]:
            losses.add("samples", f"{one.name}: one sample has a place; it is left out")
    front["template"] = "jinja2"
    body = []
    for turn in turns(wanted, document, "jinja", losses):
        if found := _ROLE.search(turn.source):
            losses.add(
                "messages",
                f"the line {found[0].strip()!r} of a text reads as the beginning of a message there",
            )
        body.append(f"{foreign_role(turn.role)}:\n{turn.source}\n")
    if any(ref != "latest" for ref in content.snippets.values()):
        losses.add("snippets", "snippets are put in as the version has them; their refs are left out")
    losses.left_out("", (name for name in content.metadata if name not in ("authors", "version")))
    return f"---\n{block(front)}---\n" + "\n".join(body)


def _configuration(model: str, losses: Losses) -> dict[str, str]:
    provider, slash, name = model.partition("/")
    if provider == "azure" and slash:
        return {"type": "azure_openai", "azure_deployment": name}
    if not slash:
        return {"name": model}
    if provider != "openai":
        losses.add("model", f"{provider} is no model type that Prompty describes")
    return {"type": provider, "name": name}
