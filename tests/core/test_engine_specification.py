"""The public dotprompt specification, read in place where it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.picoschema import to_json_schema
from jupyter_prompthub.core.records import DataPart, MediaPart, Message, TextPart
from jupyter_prompthub.core.render import render
from jupyter_prompthub.core.template import parse

SPECIFICATION = Path(__file__).parents[3] / "shared" / "data" / "dotprompt-spec"

# every case where we differ on purpose, as docs/formats/engine.md lists it
DIFFERENCES: dict[str, str] = {}


def _cases() -> list[Any]:
    files = sorted(SPECIFICATION.rglob("*.yaml")) if SPECIFICATION.is_dir() else []
    made = []
    for path in files:
        for suite in YAML(typ="safe").load(path.read_text("utf-8")):
            for number, test in enumerate(suite["tests"]):
                name = f"{path.stem}-{suite['name']}-{number}"
                made.append(pytest.param(suite, test, id=name))
    return made


CASES = _cases()


def _message(given: dict[str, Any]) -> Message:
    parts = tuple(TextPart(text=part["text"]) for part in given["content"])
    return Message(role=given["role"], content=parts, metadata=given.get("metadata", {}))


def _part(part: Any) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"text": part.text}
    if isinstance(part, MediaPart):
        media = {"url": part.url}
        return {"media": media | ({"contentType": part.content_type} if part.content_type else {})}
    assert isinstance(part, DataPart)
    return dict(part.data)


def _plain(message: Message) -> dict[str, Any]:
    made: dict[str, Any] = {"role": message.role, "content": [_part(part) for part in message.content]}
    return made | ({"metadata": message.metadata} if message.metadata else {})


def _nested(metadata: dict[str, Any]) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for key, value in metadata.items():
        space, dot, name = key.rpartition(".")
        if dot:
            made.setdefault(space, {})[name] = value
    return made


@pytest.mark.skipif(not CASES, reason="the public specification is not here")
def test_the_whole_specification_is_there() -> None:
    assert len(CASES) == 117


@pytest.mark.parametrize(("suite", "case"), CASES)
def test_the_specification_case_holds(suite: dict[str, Any], case: dict[str, Any]) -> None:
    data = {**suite.get("data", {}), **case.get("data", {})}
    defaults = case.get("options", {}).get("input", {}).get("default", {})
    expected = case["expect"]
    named = suite.get("schemas", {})
    source = suite["template"]
    snippets = {**suite.get("partials", {}), **suite.get("resolverPartials", {})}
    if named:  # a registry of named schemas: the one thing that a text alone cannot have
        cut = promptfile.split(source)
        assert cut.yaml is not None
        front = YAML(typ="safe").load(source[cut.yaml.start : cut.yaml.end])
        assert to_json_schema(front["output"]["schema"], named=named) == expected["output"]["schema"]
        return
    document = promptfile.parse(source)
    messages = render(
        document.template,
        {**defaults, **document.defaults, **data.get("input", {})},
        snippets={name: parse(text) for name, text in snippets.items()},
        history=[_message(message) for message in data.get("messages", [])],
        variables=data.get("context", {}),
    )
    assert [_plain(message) for message in messages] == [
        {**message, "content": list(message["content"])} for message in expected.get("messages", [])
    ]
    content = document.content
    if "config" in expected:
        assert content.parameters == expected["config"]
    if "model" in expected:
        assert content.model == expected["model"]
    if "ext" in expected:
        assert _nested(content.metadata) == expected["ext"]
    if "output" in expected:
        assert content.output is not None
        assert content.output.schema_ == expected["output"]["schema"]
    if "input" in expected and "schema" in expected["input"]:
        assert document.input_schema == expected["input"]["schema"]
