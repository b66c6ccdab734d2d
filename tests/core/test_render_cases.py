"""Our table of cases: what templates render to, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from jupyter_prompthub.core.errors import PromptHubError, PromptSyntaxError
from jupyter_prompthub.core.records import DataPart, MediaPart, Message, TextPart
from jupyter_prompthub.core.render import render
from jupyter_prompthub.core.template import parse

CASES = Path(__file__).parent / "cases"


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = YAML(typ="safe").load((CASES / f"{name}.yaml").read_text("utf-8"))
    return rows


RENDERING, SYNTAX = _read("rendering"), _read("syntax")


def _given(row: list[Any]) -> Message:
    return Message(role=row[0], content=tuple(TextPart(text=text) for text in row[1:]))


def _row(message: Message) -> list[Any]:
    made: list[Any] = [message.role]
    for part in message.content:
        if isinstance(part, TextPart):
            made.append(part.text)
        elif isinstance(part, MediaPart):
            made.append({"media": part.model_dump(exclude_none=True, exclude={"type"})})
        else:
            assert isinstance(part, DataPart)
            assert part.data["metadata"]["pending"] is True
            made.append({"section": part.data["metadata"]["purpose"]})
    return made + (["history"] if message.metadata == {"purpose": "history"} else [])


@pytest.mark.parametrize("case", RENDERING, ids=lambda case: case["name"])
def test_the_template_renders_as_the_table_says(case: dict[str, Any]) -> None:
    def run() -> list[list[Any]]:
        messages = render(
            parse(case["template"]),
            case.get("inputs", {}),
            snippets={name: parse(text) for name, text in case.get("snippets", {}).items()},
            history=[_given(row) for row in case.get("history", [])],
            variables=case.get("variables"),
        )
        return [_row(message) for message in messages]

    if "error" in case:
        with pytest.raises(PromptHubError) as caught:
            run()
        assert caught.value.code == case["error"]
        return
    expected = case["messages"]
    assert run() == ([["user", expected]] if isinstance(expected, str) else expected)


@pytest.mark.parametrize("case", SYNTAX, ids=lambda case: case["template"])
def test_the_template_is_refused_with_a_code_and_a_place(case: dict[str, Any]) -> None:
    with pytest.raises(PromptSyntaxError) as caught:
        parse(case["template"])
    problem = caught.value.details["problems"][0]
    assert (problem["code"], f"{problem['line']}:{problem['column']}") == (case["code"], case["at"])
    assert caught.value.message.endswith(problem["message"])
    assert problem["start"] < problem["end"] <= len(case["template"])
