"""Two variables that a merge would make one: a side renamed a variable, and the other side has another one of that name."""

from __future__ import annotations

from collections.abc import Iterator

from ..promptfile import Document
from ..records import Cause, Conflict, Side, UnitKind, Variable
from .causes import Versions, brought, conflict, first_left, lines_using, other, uses

__all__ = ["same_name"]


def same_name(versions: Versions, result: Document) -> Iterator[Conflict]:
    """The conflicts ``same_name``."""
    for name in sorted({new for each in versions.renames.values() for new in each.values()}):
        if any(_taken(versions, result, side, name) for side in Side):
            causes = [cause for side in Side for cause in _causes(versions, side, name)]
            label = f"variable {name}: each side gave this name to another variable"
            yield conflict("same_name", UnitKind.VARIABLE, f"variable/{name}", label, causes)


def _taken(versions: Versions, result: Document, side: Side, name: str) -> bool:
    """Whether a side renamed a variable to this name, the other one has the name for another variable, and the result has
    both. A line that both sides have says the same on both: it may have been picked from one to the other. Where the other
    side does not have the old name any more, it may be the same rename, with so much else that it does not look like one."""
    olds = [old for old, new in versions.renames[side].items() if new == name]
    its = versions.renames[other(side)]
    if not olds or any(its.get(old) == name for old in olds):
        return False
    said = lines_using(result, name)
    mine, theirs = (said & versions.lines_left(each, name) for each in (side, other(side)))
    if not {each.name for each in versions.side(other(side)).content.variables}.intersection(olds):
        return bool(mine - theirs and theirs - mine)
    return bool(mine - theirs) and (bool(theirs) or _declares(versions, result, other(side), name))


def _declares(versions: Versions, result: Document, side: Side, name: str) -> bool:
    """Whether the result has a side's own declaration."""
    one = _declaration(versions.side(side), name)
    return (
        one is not None
        and (side, f"variable/{name}") not in versions.reverted
        and one == _declaration(result, name)
    )


def _declaration(document: Document, name: str) -> Variable | None:
    variables = document.content.variables
    return next((each for each in variables if each.declared and each.name == name), None)


def _causes(versions: Versions, side: Side, name: str) -> Iterator[Cause]:
    path, said = f"variable/{name}", f"uses {{{{{name}}}}}"
    old = next((old for old, new in versions.renames[side].items() if new == name), None)
    first = []
    if old is not None:
        first.append(Cause(side=side, path=path, label=f"renamed {old} to {name}"))
    elif _declaration(versions.side(side), name) is not None:
        first.append(Cause(side=side, path=path, label=f"declared {name}"))
    first += brought(versions, side, uses(name), said)
    yield from first_left(versions, side, first, uses(name), said)
