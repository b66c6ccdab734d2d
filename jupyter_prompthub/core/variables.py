"""The variables of one text: declared by its input schema, or inferred from its template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .records import Variable

__all__ = ["schema_examples", "type_name", "variables"]


def type_name(schema: Mapping[str, Any]) -> str:
    """The short display name of a JSON Schema's type; a null beside another type does not count."""
    if "enum" in schema:
        return "enum"
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [item for item in kind if item != "null"]
        kind = kinds[0] if len(kinds) == 1 else None
    return kind if isinstance(kind, str) else "any"


def schema_examples(schema: Mapping[str, Any]) -> list[Any]:
    """The values of a JSON Schema's own ``examples``."""
    written = schema.get("examples")
    return written if isinstance(written, list) else []


def variables(
    schema: Mapping[str, Any] | None,
    defaults: Mapping[str, Any],
    examples: Mapping[str, Sequence[Any]],
    used: Iterable[tuple[str, bool]],
) -> tuple[Variable, ...]:
    """The variables of a text, the declared ones first, in the order in which they stand.

    Args:
        schema: the JSON Schema of all inputs, as an object's.
        defaults: values of ``input.default``. A variable with a default is not required.
        examples: values of ``input.examples``; a variable without any has those of its schema.
        used: the top-level names that the template uses, and whether it uses each as plain text (then an
            undeclared one is a string; else it may be anything).
    """
    made: dict[str, Variable] = {}
    properties = (schema or {}).get("properties") or {}
    required = set((schema or {}).get("required") or ())
    for name, prop in properties.items():
        prop = prop if isinstance(prop, dict) else {}
        has_default = name in defaults or "default" in prop
        made[name] = Variable(
            name=name,
            type=type_name(prop),
            required=name in required and not has_default,
            description=str(prop.get("description") or ""),
            default=defaults.get(name, prop.get("default")),
            has_default=has_default,
            examples=tuple(examples.get(name, schema_examples(prop))),
            schema=prop,
        )
    plain: dict[str, bool] = {}
    for name, as_text in used:
        plain[name] = plain.get(name, True) and as_text
    for name in [*plain, *defaults, *examples]:
        if name in made:
            continue
        text = plain.get(name, False)
        has_default = name in defaults
        made[name] = Variable(
            name=name,
            type="string" if text else "any",
            required=not has_default,
            default=defaults.get(name),
            has_default=has_default,
            examples=tuple(examples.get(name, ())),
            declared=has_default or name in examples,
            schema={"type": "string"} if text else {},
        )
    return tuple(made.values())
