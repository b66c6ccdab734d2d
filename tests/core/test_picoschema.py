"""Picoschema to JSON Schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from jupyter_prompthub.core.errors import LimitExceeded, PromptSyntaxError
from jupyter_prompthub.core.picoschema import to_json_schema

CASES = YAML(typ="safe").load((Path(__file__).parent / "cases" / "picoschema.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_schema_is_as_the_table_says(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(PromptSyntaxError, match="schema") as caught:
            to_json_schema(case["written"])
        assert case["error"] in caught.value.message
        assert [problem["code"] for problem in caught.value.details["problems"]] == ["schema"]
        return
    made = to_json_schema(case["written"])
    assert made == case["schema"]
    jsonschema.Draft202012Validator.check_schema(made)


def test_a_registry_gives_types_of_its_own() -> None:
    named = {"Money": {"type": "integer", "description": "cents"}}
    made = to_json_schema({"price": "Money", "tip?": "Money, for the waiter"}, named=named)
    assert made["properties"] == {
        "price": {"type": "integer", "description": "cents"},
        "tip": {"type": ["integer", "null"], "description": "for the waiter"},
    }
    assert to_json_schema("Money, all of it", named=named) == {"type": "integer", "description": "all of it"}
    assert named == {"Money": {"type": "integer", "description": "cents"}}


def test_what_was_written_is_left_alone() -> None:
    written = {"mood?(enum)": ["good"], "deep(object)": {"a": "string"}}
    to_json_schema(written)
    assert written == {"mood?(enum)": ["good"], "deep(object)": {"a": "string"}}


@pytest.mark.parametrize("depth", [40, 5_000])
def test_a_schema_that_is_too_deep_is_refused(depth: int) -> None:
    written: Any = "string"
    for _ in range(depth):
        written = {"a": written}
    with pytest.raises(LimitExceeded, match="32 deep"):
        to_json_schema(written)


def test_a_schema_that_is_too_large_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="10000"):
        to_json_schema({f"p{i}": "string" for i in range(10_001)})
