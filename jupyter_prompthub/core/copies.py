"""An execution as a text to take elsewhere: a test case, a notebook cell, a request for the shell."""

from __future__ import annotations

import json
import pprint
import shlex
from collections.abc import Mapping
from typing import Final

from .records import JsonValue

__all__ = ["as_case", "as_cell", "as_curl"]

_AS_TYPED: Final = ("string", "enum", "any")
"""types of variables whose values ``--var`` takes as they stand; of the others it takes JSON"""
_WIDTH: Final = 100


def as_case(name: str, inputs: Mapping[str, JsonValue], output: str) -> str:
    """A case of a suite as JSON (which is YAML too): these inputs are to give an answer that contains ``output``."""
    expected = [{"type": "contains", "value": output.strip()}]
    case = {"name": name, "inputs": dict(inputs), "expected_outputs": expected}
    return json.dumps(case, ensure_ascii=False, indent=2)


def as_cell(
    reference: str,
    inputs: Mapping[str, JsonValue],
    types: Mapping[str, str],
    model: str | None = None,
) -> str:
    """A cell that runs ``reference`` on the same inputs.

    They are written as ``--var`` where a line can say them; else all of them as a dict before it.

    Args:
        types: of the version's variables, by name: how ``--var`` reads a value.
    """
    words = ["%prompthub", "run", reference]
    pairs = {name: _said(value, types.get(name, "string")) for name, value in inputs.items()}
    if all(pair is not None for pair in pairs.values()):
        words += [word for name, said in pairs.items() for word in ("--var", f"{name}={said}")]
        before = ""
    else:
        words += ["--inputs", "inputs"]
        before = f"inputs = {pprint.pformat(dict(inputs), width=_WIDTH, sort_dicts=False)}\n"
    if model is not None:
        words += ["--model", model]
    return before + " ".join(words[:2] + [shlex.quote(word) for word in words[2:]])


def as_curl(prompt_id: str, version: str, inputs: Mapping[str, JsonValue], model: str | None = None) -> str:
    """The REST request for a shell. Address and token are read from the environment there: none is in the text."""
    body: dict[str, JsonValue] = {"prompt_id": prompt_id, "version": version, "inputs": dict(inputs)}
    if model is not None:
        body["model"] = model
    lines = [
        'curl -sS -X POST "${PROMPTHUB_URL%/}/prompthub/api/v1/execute"',
        '-H "Authorization: Bearer $PROMPTHUB_TOKEN"',
        "-H 'Content-Type: application/json'",
        f"--data-raw {shlex.quote(json.dumps(body))}",
    ]
    return " \\\n  ".join(lines)


def _said(value: JsonValue, kind: str) -> str | None:
    """A value as ``--var`` has it; None where one line cannot say it."""
    if kind in _AS_TYPED:
        # `$name` would be looked up in the notebook
        plain = isinstance(value, str) and value.isprintable() and not value.startswith("$")
        return value if plain else None
    return json.dumps(value)
