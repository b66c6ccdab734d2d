"""What a merge of texts cannot see: whether what came out still means something."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import PromptHubError
from ..promptfile import Document
from ..records import Cause, Conflict, Side, UnitKind, Variable
from ..validation import first_error
from .causes import (
    Count,
    Versions,
    brought,
    conflict,
    counted,
    first_left,
    lines_using,
    lost,
    other,
    places,
    uses,
)
from .removed import removed
from .same_name import same_name

__all__ = ["Unresolved", "meaning", "unparsable"]

Unresolved = Callable[[str, str], str | None]
"""name and ref of a snippet -> why it does not resolve; None when it does"""


def unparsable(versions: Versions, label: str) -> Conflict:
    """The merged segments do not parse: what both sides changed is the cause."""
    causes = [
        Cause(
            side=side,
            path=place.path,
            label=f"{place.what}: {'removed' if place.now is None else 'text changed'}",
        )
        for side in Side
        for place in places(versions, side)
    ]
    return conflict("unparsable", UnitKind.SEGMENT, "segments", label, causes)


def meaning(versions: Versions, result: Document, unresolved: Unresolved | None) -> tuple[Conflict, ...]:
    """The conflicts of kind ``semantic``, in the order of the table of ``docs/formats/merge.md``."""
    return (
        *_undeclared(versions, result),
        *same_name(versions, result),
        *_vanished(versions, result),
        *_narrowed(versions, result),
        *removed(versions, result),
        *_snippets(versions, result, unresolved),
    )


def _used(document: Document) -> set[str]:
    return {use.name for use in document.template.variables()}


def _declared(document: Document) -> dict[str, Variable]:
    return {variable.name: variable for variable in document.content.variables if variable.declared}


def _undeclared(versions: Versions, result: Document) -> Iterator[Conflict]:
    for name in sorted({*_no_longer_declared(versions, result), *_under_two_names(versions, result)}):
        causes = [cause for side in Side for cause in _of_undeclared(versions, side, name)]
        renamed = any(each.startswith("renamed ") for each in (cause.label for cause in causes))
        label = f"variable {name}: used on one side, {'renamed' if renamed else 'removed'} on the other"
        yield conflict("undeclared", UnitKind.VARIABLE, f"variable/{name}", label, causes)


def _no_longer_declared(versions: Versions, result: Document) -> Iterator[str]:
    """What the text uses without declaring it, though each version that uses it declares it."""
    for name in _used(result) - _declared(result).keys():
        users = [each for each in versions.all if name in _used(each)]
        if users and all(name in _declared(each) for each in users):
            yield name


def _under_two_names(versions: Versions, result: Document) -> Iterator[str]:
    """What the text uses without declaring it, while it has the same variable under another name too."""
    declared = _declared(result)
    has = _used(result) | declared.keys()
    for old in {old for each in versions.renames.values() for old in each}:
        names = versions.names(old) & has
        if len(names) > 1 and not any(_are_two(versions, result, side, names) for side in Side):
            # the name of the base, where it is among them
            yield from sorted(names - declared.keys(), key=lambda name: (name != old, name))[:1]


def _are_two(versions: Versions, result: Document, side: Side, names: frozenset[str]) -> bool:
    """Whether a side has each of these names for a variable of its own, and the result uses them on its lines alone."""
    document = versions.side(side)
    if not names <= _used(document) | _declared(document).keys():
        return False
    foreign = lines_using(versions.base, *names) | versions.lines_left(other(side), *names)
    return not (lines_using(result, *names) & foreign) - versions.lines_left(side, *names)


def _of_undeclared(versions: Versions, side: Side, name: str) -> list[Cause]:
    """What a side did so that a variable is used and not declared: a rename with all that it wrote under the new name, the
    end of its declaration, a declaration under the name it had, new uses."""
    renames = versions.renames[side]
    old = next((old for old, new in renames.items() if new == name), versions.old(name))
    new = renames.get(old)
    causes = []
    if new is not None:
        causes.append(Cause(side=side, path=f"variable/{new}", label=f"renamed {old} to {new}"))
        causes += brought(versions, side, uses(new), _using(new))
    if old in _declared(versions.base) and (new or old) not in _declared(versions.side(side)):
        said = f"removed the declaration of {old}"
        causes.append(Cause(side=side, path=f"variable/{old}", label=said))
    if old not in _declared(versions.base) and (new or old) in _declared(versions.side(side)) and new != name:
        causes.append(Cause(side=side, path=f"variable/{new or old}", label=f"declared {new or old}"))
    if new != name:
        causes += brought(versions, side, uses(name), _using(name))
    return first_left(versions, side, causes, uses(name), _using(name))


def _using(name: str) -> str:
    return f"uses {{{{{name}}}}}"


def _vanished(versions: Versions, result: Document) -> Iterator[Conflict]:
    used = _used(result)
    for name, variable in _declared(result).items():
        if not variable.required or variable.has_default or name in used:
            continue
        declaring = [side for side in Side if name in _declared(versions.side(side))]
        if not declaring or any(name not in _used(versions.side(side)) for side in declaring):
            continue
        causes = []
        count = uses(*versions.names(name))
        for side in Side:
            less = lost(versions, side, count, f"removed a use of {name}")
            was, mine = (_declared(each).get(name) for each in (versions.base, versions.side(side)))
            anew = Cause(side=side, path=f"variable/{name}", label=f"declared {name} anew")
            if less:
                # its name goes back with its uses
                less += [anew] if was is None and mine is not None else []
                causes += first_left(versions, side, less, count, f"changed a use of {name}")
            elif mine != was:
                causes.append(anew)
        if len({cause.side for cause in causes}) < len(Side):
            continue  # one side alone left it so
        label = f"variable {name}: still required, and no longer used"
        yield conflict("vanished", UnitKind.VARIABLE, f"variable/{name}", label, causes)


def _misfit(variable: Variable) -> tuple[str, str] | None:
    """The default or the first example that does not fit the variable's type, and why."""
    values = [("default", variable.default)] if variable.has_default else []
    for what, value in [*values, *(("example", each) for each in variable.examples)]:
        try:
            error = first_error(variable.name, variable.schema_, value)
        except PromptHubError as unusable:
            return what, unusable.message
        if error is not None:
            return what, error.message
    return None


def _narrowed(versions: Versions, result: Document) -> Iterator[Conflict]:
    sides = {side: _declared(versions.side(side)) for side in Side}
    for name, variable in _declared(result).items():
        wrong = _misfit(variable)
        names = versions.names(name)
        declarations = [(side, each[one]) for side, each in sides.items() for one in names if one in each]
        if wrong is None or any(_misfit(mine) for _, mine in declarations):
            continue
        what, why = wrong
        causes = []
        for side, mine in declarations:
            same_type = mine.schema_ == variable.schema_
            said = f"changed the type to {mine.type}" if same_type else f"changed the {what}"
            causes.append(Cause(side=side, path=f"variable/{mine.name}", label=said))
        label = f"variable {name}: the {what} of one side does not fit the type of the other: {why}"
        yield conflict("narrowed", UnitKind.VARIABLE, f"variable/{name}", label, causes)


def _snippets(versions: Versions, result: Document, unresolved: Unresolved | None) -> Iterator[Conflict]:
    if unresolved is None:
        return
    for name, ref in result.content.snippets.items():
        why = unresolved(name, ref)
        if why is None:
            continue
        count = _included(name)
        causes = []
        for side in Side:
            said = f"includes {name} at {ref}"
            if versions.side(side).content.snippets.get(name) == ref:
                causes.append(Cause(side=side, path=f"snippet/{name}", label=said))
                causes += brought(versions, side, count, f"includes {name}")
        yield conflict("snippet", UnitKind.SNIPPET, f"snippet/{name}", f"snippet {name}: {why}", causes)


def _included(name: str) -> Count:
    """Counts where a snippet is included."""
    return lambda document: counted(
        document, (use.start for use in document.template.snippets() if use.name == name)
    )
