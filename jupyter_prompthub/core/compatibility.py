"""Whether callers of one content can call another one without a change (``docs/formats/compatibility.md``).

A contract is what a program relies on: the variables it gives, the tools whose calls it answers, the output it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .canonical import canonical
from .contract import mismatch
from .errors import PromptHubError
from .narrowing import narrowed, narrowed_schema, without_null
from .prompt import compile
from .records import Compatibility, Content, ContractBreak, OutputSpec, UnitKind, Variable

__all__ = ["Contract", "compatibility"]

_MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Contract:
    """What a caller relies on."""

    variables: Sequence[Variable] = ()
    """all that it takes: its own, and those its snippets bring in"""
    tools: Sequence[Any] = ()
    output: OutputSpec | None = None

    @classmethod
    def of(cls, content: Content, variables: Sequence[Variable] | None = None) -> Contract:
        """The contract of a content.

        Args:
            content: what a version says.
            variables: with those of its snippets, as ``contract.variables_of`` gives them; None: it includes none.
        """
        return cls(content.variables if variables is None else variables, content.tools, content.output)

    @classmethod
    def of_text(cls, content: Content, text: str, snippets: Mapping[str, str]) -> Contract:
        """The contract of a text, with the texts of all its snippets by name.

        Raises:
            PromptHubError: it does not compile with them.
        """
        return cls.of(content, compile(text, snippets=snippets).variables if snippets else None)


def compatibility(old: Contract, new: Contract) -> Compatibility:
    """Whether a caller of ``old`` can call ``new`` without a change, and every reason why not.

    Compatible means: every input that fits ``old`` fits ``new``, every answer that fits the new output fits
    the old one (further properties aside), and the tools are the same.
    """
    breaks = (*_variables(old, new), *_tools(old, new), *_output(old.output, new.output))
    return Compatibility(compatible=not breaks, reasons=tuple(one.label for one in breaks), breaks=breaks)


def _break(unit: UnitKind, name: str, why: str, path: str = "") -> ContractBreak:
    called = f"{unit.value} {name}" if name else unit.value
    return ContractBreak(
        unit=unit, name=name, path=path or f"{unit.value}/{name}", reason=why, label=f"{called}: {why}"
    )


# ------------------------------------------------------------------ variables


def _variables(old: Contract, new: Contract) -> Iterator[ContractBreak]:
    before = {variable.name: variable for variable in old.variables}
    after = {variable.name: variable for variable in new.variables}
    for name, variable in after.items():
        for why in _reasons(before.get(name), variable):
            yield _break(UnitKind.VARIABLE, name, why)
    for name in before:
        if name not in after:
            yield _break(UnitKind.VARIABLE, name, "removed")


def _reasons(was: Variable | None, now: Variable) -> Iterator[str]:
    if was is None:
        if now.required:
            yield "new and required"
        return
    if now.required and not was.required:
        yield "required now"
    if why := narrowed(was, now):
        yield why
    elif not (was.required or was.has_default or now.required) and now.has_default and _refuses_null(now):
        yield "null does not count as left out any more"


def _refuses_null(variable: Variable) -> bool:
    try:
        return mismatch(variable, None) is not None
    except PromptHubError:
        return True


# ------------------------------------------------------------------ tools


def _named(tools: Sequence[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for index, tool in enumerate(tools):
        name = tool.get("name") if isinstance(tool, Mapping) else tool
        if isinstance(tool, Mapping) and name is None and isinstance(tool.get("function"), Mapping):
            name = tool["function"].get("name")
        made[str(name if name is not None else index)] = tool
    return made


def _bare(value: Any) -> Any:
    """A tool without what only explains it."""
    if isinstance(value, Mapping):
        return {
            key: _bare(item)
            for key, item in value.items()
            if key != "description" or not isinstance(item, str)
        }
    return [_bare(item) for item in value] if isinstance(value, list | tuple) else value


def _tools(old: Contract, new: Contract) -> Iterator[ContractBreak]:
    before, after = _named(old.tools), _named(new.tools)
    for name, tool in after.items():
        if name not in before:
            yield _break(UnitKind.TOOL, name, "new: its calls have to be answered")
        elif canonical(_bare(before[name])) != canonical(_bare(tool)):
            yield _break(UnitKind.TOOL, name, "changed: its calls have other arguments")
    for name in before:
        if name not in after:
            yield _break(UnitKind.TOOL, name, "removed")


# ------------------------------------------------------------------ output


def _output(old: OutputSpec | None, new: OutputSpec | None) -> Iterator[ContractBreak]:
    was, now = (each.format if each else None for each in (old, new))
    if was is not None and was != now:
        yield _break(UnitKind.OUTPUT, "format", f"was {was}, is {now or 'not promised'} now")
    before = old.schema_ if old else None
    after = new.schema_ if new else None
    if before is None or before == after:
        return
    if after is None:
        yield _break(UnitKind.OUTPUT, "schema", "removed: nothing is promised any more")
        return
    for name, why in _promised(before, after):
        path = f"output/schema/{name.partition('.')[0]}" if name else "output/schema"
        yield _break(UnitKind.OUTPUT, name, why, path)


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _open(schema: Any) -> Any:
    """A schema that lets further properties pass, all the way down: readers pass over what they do not know."""
    if isinstance(schema, list):
        return [_open(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    closed = schema.get("additionalProperties") is False
    return {
        key: value if key in ("enum", "const", "default", "examples") else _open(value)
        for key, value in schema.items()
        if not (key == "additionalProperties" and closed)
    }


def _promised(
    old: Mapping[str, Any], new: Mapping[str, Any], at: str = "", depth: int = 0
) -> Iterator[tuple[str, str]]:
    """Where an answer that fits ``new`` may not be what a reader of ``old`` expects: (dotted name, why)."""
    objects = old.get("type", "object") == "object" == new.get("type", "object") and _properties(old)
    if not objects or depth >= _MAX_DEPTH:
        if (old := _open(old)) != (new := _open(new)) and (why := narrowed_schema(new, old)):
            yield at, _turned(old, new, why)
        return
    before, after = _properties(old), _properties(new)
    needed, still = set(old.get("required") or ()), set(new.get("required") or ())
    found = False
    for name, schema in before.items():
        path = f"{at}.{name}" if at else name
        if name not in after:
            found = True
            yield path, "removed"
            continue
        if name in needed and name not in still:
            found = True
            yield path, "not always there any more"
        inner, other = (one if isinstance(one, Mapping) else {} for one in (schema, after[name]))
        if name not in still:
            inner, other = without_null(inner), without_null(other)
        for reason in _promised(inner, other, path, depth + 1):
            found = True
            yield reason
    if not found and (why := narrowed_schema(_open(new), _open(old))):
        # what no property shows, such as a rule on the whole
        yield at, _turned(old, new, why)


def _turned(old: Mapping[str, Any], new: Mapping[str, Any], why: str) -> str:
    """The reason why a reader of ``old`` may not take ``new``, seen from the answer."""
    was, now = old.get("type", "any"), new.get("type", "any")
    if was != now:
        shown = [" or ".join(map(str, one)) if isinstance(one, list) else str(one) for one in (was, now)]
        return f"was {shown[0]}, is {shown[1]} now"
    if "enum" in old or "const" in old:
        return "may have values that were not listed"
    return f"its schema promises less ({why})"
