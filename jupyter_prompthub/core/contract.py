"""Contracts: which inputs a prompt takes, and whether given ones fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .errors import ContractError
from .promptfile import Document
from .records import Problem, Variable

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["check_inputs", "mismatch", "variables_of"]

_TYPES: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
_SCALAR = (str, int, float, bool)


def _own(document: Document) -> tuple[Variable, ...]:
    made = document.content.variables
    shared = (
        {key: document.input_schema[key] for key in ("$defs", "definitions") if key in document.input_schema}
        if document.input_schema
        else {}
    )
    if not shared:
        return made
    # a reference within the whole schema still resolves in the part
    return tuple(
        one.model_copy(update={"schema_": {**shared, **one.schema_}}) if one.declared else one for one in made
    )


def _join(into: dict[str, Variable], came: Variable, source: str, chain: str) -> None:
    have = into.get(came.name)
    if have is None:
        into[came.name] = came
        return
    if have.declared and came.declared and have.type != came.type and "any" not in (have.type, came.type):
        message = (
            f"the variable {came.name!r} is {have.type} in {source} and {came.type} in the snippet {chain}; "
            "declare the same type in both, or bind it: {{> snippet name=value}}"
        )
        row = {"name": came.name, "expected": have.type, "got": came.type}
        raise ContractError(message, details={"variables": [row]})
    if (came.declared and not have.declared) or (have.type == "any" and not have.declared):
        required = (have.required and not have.declared and came.required) or came.required
        into[came.name] = came.model_copy(update={"required": required and not have.has_default})
    elif came.required and not have.required and not have.has_default and not came.has_default:
        into[came.name] = have.model_copy(update={"required": True})


def variables_of(document: Document, snippets: Mapping[str, Document] | None = None) -> tuple[Variable, ...]:
    """The variables a prompt takes: its own, then those its snippets bring in and it does not bind.

    Declared ones come from the input schema; the others are inferred from the template (as strings where
    they are written out). A snippet joins where it sees the prompt's input: not with a context of its own.

    Raises:
        ContractError: a snippet declares another type for the same variable.
    """
    snippets = snippets or {}
    made = {variable.name: variable for variable in _own(document)}
    # (document, names bound on the way, chain of names)
    waiting: list[tuple[Document, frozenset[str], tuple[str, ...]]] = [(document, frozenset(), ())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        current, bound, chain = waiting.pop(0)
        for use in current.template.snippets():
            inner = snippets.get(use.name)
            names = bound | set(use.args)
            if inner is None or not use.inherits or (use.name, names) in seen or len(chain) >= 16:
                continue
            seen.add((use.name, names))
            path = (*chain, use.name)
            for variable in _own(inner):
                if variable.name not in names:
                    _join(made, variable, "the prompt", " > ".join(path))
            waiting.append((inner, names, path))
    return tuple(made.values())


def _called(value: Any) -> str:
    if value is None:
        return "null"
    name = _TYPES.get(type(value), "object" if isinstance(value, dict) else type(value).__name__)
    shown = repr(value) if isinstance(value, bool | int | float) else ""
    return f"{name} {shown[:40]}".strip()


def _expected(schema: Mapping[str, Any], fallback: str) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(repr(item)[:40] for item in list(schema["enum"])[:10])
    kind = schema.get("type", fallback)
    return " or ".join(str(item) for item in kind) if isinstance(kind, list) else str(kind)


def mismatch(variable: Variable, value: Any) -> tuple[str, str] | None:
    """What was expected and what was got, where ``value`` does not fit.

    Raises:
        ContractError: the variable's schema cannot be used.
    """
    if not variable.declared:
        # an inferred variable is text, and every scalar has one reading as text
        fits = variable.type != "string" or isinstance(value, _SCALAR)
        return None if fits else ("string", _called(value))
    from .validation import first_error  # jsonschema may take most of a second to import, for its formats

    error = first_error(variable.name, variable.schema_, value)
    return None if error is None else _explain(variable, error, value)


def _explain(variable: Variable, error: ValidationError, value: Any) -> tuple[str, str]:
    where = ".".join(str(part) for part in error.absolute_path)
    at = f" at {variable.name}.{where}" if where else ""
    inner = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator in ("type", "enum"):
        return _expected(inner, variable.type) + at, _called(error.instance)
    if error.validator == "required" and isinstance(error.instance, Mapping):
        missing = [name for name in inner.get("required") or () if name not in error.instance]
        return f"{variable.type} with {', '.join(map(str, missing))}{at}", _called(value) + " without"
    rule = repr(error.validator_value)[:60]
    return f"{variable.type} with {error.validator} {rule}{at}", _called(error.instance)


def check_inputs(
    variables: Sequence[Variable], inputs: Mapping[str, Any], *, also: Iterable[str] = ()
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The inputs with defaults filled in, and a warning for each that nothing uses.

    Args:
        variables: the prompt's variables, as :func:`variables_of` gives them.
        inputs: what a caller gave. Null counts as left out where a variable is not required.
        also: names that are used though they are no variables.

    Raises:
        ContractError: a required variable is missing or one has another type; all are listed.
    """
    made = dict(inputs)
    rows: list[dict[str, str]] = []
    for variable in variables:
        name = variable.name
        if name not in made or (made[name] is None and not variable.required and not variable.has_default):
            made.pop(name, None)
            if variable.has_default:
                made[name] = variable.default
            elif variable.required:
                rows.append(
                    {"name": name, "expected": _expected(variable.schema_, variable.type), "got": "nothing"}
                )
        elif (wrong := mismatch(variable, made[name])) is not None:
            rows.append({"name": name, "expected": wrong[0], "got": wrong[1]})
    if rows:
        said = "; ".join(f"{row['name']}: expected {row['expected']}, got {row['got']}" for row in rows)
        raise ContractError(f"the inputs do not fit: {said}", details={"variables": rows})
    known = {variable.name for variable in variables} | set(also)
    unused = [
        Problem(
            severity="warning",
            code="input_unused",
            message=f"the input {name[:80]!r} is not used; leave it out, or use it in the template",
        )
        for name in inputs
        if name not in known
    ]
    return made, tuple(unused)
