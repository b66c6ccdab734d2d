"""JSON Schema validation that stays local and bounded: nothing is fetched, no regular expression is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, UnknownType, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from .errors import ContractError, LimitExceeded

__all__ = ["first_error"]

_MAX_REFERENCES = 1000
_MAX_DEPTH = 64
_VALUES = frozenset({"enum", "const", "default", "examples"})
_MAPS = frozenset({"properties", "$defs", "definitions", "dependentSchemas"})


class _TooMany(Exception):
    pass


def _safe(schema: Any, depth: int = 0) -> Any:
    """The schema without its regular expressions, which Python would run in unbounded time."""
    if depth > _MAX_DEPTH:
        raise LimitExceeded(f"a schema is nested more than {_MAX_DEPTH} deep; flatten it")
    if isinstance(schema, list):
        return [_safe(item, depth + 1) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("pattern", "patternProperties"):
            continue
        if key in ("additionalProperties", "unevaluatedProperties") and "patternProperties" in schema:
            continue
        if key == "type":
            if value != "any":
                made[key] = value
        elif key in _VALUES:
            made[key] = value
        elif key in _MAPS and isinstance(value, dict):
            made[key] = {name: _safe(item, depth + 2) for name, item in value.items()}
        else:
            made[key] = _safe(value, depth + 1)
    return made


def _validator(schema: Any) -> Any:
    """A validator that follows a bounded number of references."""
    left = _MAX_REFERENCES

    def counted(keyword: str) -> Any:
        follow = Draft202012Validator.VALIDATORS[keyword]

        def run(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
            nonlocal left
            left -= 1
            if left < 0:
                raise _TooMany
            yield from follow(validator, value, instance, schema) or ()

        return run

    counting = {key: counted(key) for key in ("$ref", "$dynamicRef")}
    kind = extend(Draft202012Validator, counting)  # type: ignore[no-untyped-call]
    # an own, empty registry: a reference elsewhere fails instead of being fetched
    return kind(schema, registry=Registry())


def first_error(name: str, schema: Mapping[str, Any], value: Any) -> ValidationError | None:
    """The first way in which ``value`` does not fit ``schema``; ``pattern`` and ``format`` are not checked.

    Raises:
        ContractError: the schema cannot be used; ``name`` is the variable it belongs to.
        LimitExceeded: the schema is too deep.
    """
    try:
        return next(iter(_validator(_safe(dict(schema))).iter_errors(value)), None)
    except (
        SchemaError,
        UnknownType,
        Unresolvable,
        RecursionError,
        TypeError,
        ValueError,
        AttributeError,
    ) as cause:
        # the keywords of a malformed schema fail in many ways
        why = f"{type(cause).__name__}"
    except _TooMany:
        why = f"it follows more than {_MAX_REFERENCES} references"
    row = {"name": name, "expected": "a usable schema", "got": why}
    message = f"the schema of {name!r} cannot be used ({why}); correct it in input.schema"
    raise ContractError(message, details={"variables": [row]})
