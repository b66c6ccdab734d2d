"""An execution as a text to take elsewhere: a test case, a notebook cell, a request for the shell."""

from __future__ import annotations

import json
import pprint
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

from .records import JsonValue, Variable

__all__ = ["as_case", "as_cell", "as_curl", "as_first_cell"]

_AS_TYPED: Final = ("string", "enum", "any")
"""types of variables whose values ``--var`` takes as they stand; of the others it takes JSON"""
_WIDTH: Final = 100
_EMPTY: Final[Mapping[str, JsonValue]] = {
    "integer": 0,
    "number": 0,
    "boolean": False,
    "array": [],
    "object": {},
}


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
    words = ["%prompthub", "run", shlex.quote(reference)]
    pairs = {name: _said(value, types.get(name, "string")) for name, value in inputs.items()}
    if all(pair is not None for pair in pairs.values()):
        words += [word for name, said in pairs.items() for word in ("--var", _pair(name, str(said)))]
        before = ""
    else:
        words += ["--inputs", "inputs"]
        before = f"inputs = {pprint.pformat(dict(inputs), width=_WIDTH, sort_dicts=False)}\n"
    if model is not None:
        words += ["--model", shlex.quote(model)]
    return before + " ".join(words)


def as_first_cell(reference: str, variables: Sequence[Variable]) -> str:
    """A cell that runs ``reference``, with a place for each value that it needs: its first example, else an empty one."""
    inputs = {one.name: _place(one) for one in variables if one.required}
    return as_cell(reference, inputs, {one.name: one.type for one in variables})


def _place(variable: Variable) -> JsonValue:
    if variable.examples:
        return variable.examples[0]
    choices = variable.schema_.get("enum")
    if isinstance(choices, list) and choices:
        return choices[0]
    return _EMPTY.get(variable.type, "")


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


def _pair(name: str, said: str) -> str:
    """As ``--var`` takes it; quotes that hold nothing show where something goes."""
    return shlex.quote(f"{name}={said}") if said else f'{name}=""'


def _said(value: JsonValue, kind: str) -> str | None:
    """A value as ``--var`` has it; None where one line cannot say it."""
    if kind in _AS_TYPED:
        # `$name` would be looked up in the notebook
        plain = isinstance(value, str) and value.isprintable() and not value.startswith("$")
        return value if plain else None
    return json.dumps(value)
