#!/usr/bin/env python3
"""TypeScript types of every noun, made from the pydantic models.

Writes ``labextension/src/api/types.ts`` from ``jupyter_prompthub/core/records/``; ``--check`` only says
whether that file is current (exit code 1 when it is not). The text is made by json-schema-to-typescript, a
development dependency of ``labextension/``; its packages must be installed (``npm ci``).

Answers are typed as they are sent (fields with defaults are always there), inputs as they are
accepted (fields with defaults may be left out).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from jupyter_prompthub.core import records

ROOT = Path(__file__).resolve().parent.parent
FRONT = ROOT / "labextension"
TARGET = FRONT / "src" / "api" / "types.ts"

_HEADER = """\
// Generated from jupyter_prompthub/core/records/ by scripts/generate_types.py. Do not edit.
"""
_SCRIPT = """\
import { compile } from 'json-schema-to-typescript';
let text = '';
for await (const chunk of process.stdin) text += chunk;
process.stdout.write(await compile(JSON.parse(text), 'Unused', {
  bannerComment: '', additionalProperties: false, enableConstEnums: false, ignoreMinAndMaxItems: true,
  unknownAny: true, unreachableDefinitions: true, format: true,
  style: { singleQuote: true, trailingComma: 'none', arrowParens: 'avoid', printWidth: 100 }
}));
"""
# the tool needs a root type, and says of every definition where it came from
_NOISE = re.compile(
    r"export interface Unused \{[^}]*\}\n"
    r"|/\*\*\n \* This interface was referenced by [^/]*?\*/\n"
    r"|(?: \*\n)? \* This interface was referenced by .*\n \* via the `definition` .*\n"
)


def nouns() -> list[type[BaseModel]]:
    """Every model of ``core/records``, in the order its ``__init__`` names them."""
    return [
        value
        for value in vars(records).values()
        if isinstance(value, type)
        and issubclass(value, BaseModel)
        and value.__module__.startswith(f"{records.__name__}.")
        and value not in (records.Record, records.Input)
    ]


def _name(key: str) -> str:
    """The TypeScript name of a schema definition: ``Version`` -> ``IVersion``; enums keep theirs."""
    bare, _, side = key.partition("-")
    kind = getattr(records, bare, None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return bare
    is_input = isinstance(kind, type) and issubclass(kind, records.Input)
    other = "Input" if not is_input else "Output"
    return f"I{bare}{side if side == other else ''}"


def _clean(node: Any) -> Any:
    """Rename references, and drop what would only become noise: titles, defaults, texts beside references."""
    if isinstance(node, list):
        return [_clean(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": "#/definitions/" + _name(node["$ref"].rsplit("/", 1)[-1])}
    return {
        key: {k: _clean(v) for k, v in value.items()} if key == "properties" else _clean(value)
        for key, value in node.items()
        if key not in ("title", "default")
    }


def schema() -> dict[str, Any]:
    """One JSON Schema document that defines every noun under its TypeScript name."""
    asked = [(m, "validation" if issubclass(m, records.Input) else "serialization") for m in nouns()]
    _, document = models_json_schema(asked, by_alias=True, ref_template="#/definitions/{model}")  # type: ignore[arg-type]
    definitions = {}
    for key, definition in document["$defs"].items():
        cleaned = _clean(definition)
        cleaned["title"] = _name(key)
        if isinstance(cleaned.get("description"), str):
            cleaned["description"] = cleaned["description"].replace("``", "`")
        kind = getattr(records, key.partition("-")[0])
        if issubclass(kind, records.Record):
            # an answer always has all its fields
            cleaned["required"] = list(cleaned.get("properties", {}))
        definitions[_name(key)] = cleaned
    return {"definitions": definitions}


def generate() -> str:
    """The text of ``types.ts``.

    Raises:
        RuntimeError: node or the npm packages are missing, or the tool failed.
    """
    if not (FRONT / "node_modules" / "json-schema-to-typescript").is_dir():
        raise RuntimeError(f"the npm packages are missing: run `npm ci` in {FRONT}")
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _SCRIPT],
        input=json.dumps(schema()),
        cwd=FRONT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"json-schema-to-typescript failed:\n{done.stderr}")
    return _HEADER + "\n" + _NOISE.sub("", done.stdout).strip() + "\n"


def main(argv: list[str] | None = None) -> int:
    """Write the file, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only say whether the file is current")
    options = parser.parse_args(argv)
    text = generate()
    current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    if options.check:
        if current != text:
            print(
                f"{TARGET.relative_to(ROOT)} is stale: run python scripts/generate_types.py", file=sys.stderr
            )
            return 1
        return 0
    if current != text:
        TARGET.write_text(text, encoding="utf-8")
        print(f"wrote {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
