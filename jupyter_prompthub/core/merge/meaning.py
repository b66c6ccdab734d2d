"""What a merge of texts cannot see: whether what came out still means something."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from ..errors import PromptHubError
from ..matching import match_segments, match_variables
from ..promptfile import Document
from ..records import Cause, Conflict, ConflictKind, Content, Segment, Side, UnitKind, Variable
from ..validation import first_error
from .segments import segment_path
from .units import units_of

__all__ = ["Unresolved", "Versions", "meaning", "unparsable"]

Unresolved = Callable[[str, str], str | None]
"""name and ref of a snippet -> why it does not resolve; None when it does"""


@dataclass(frozen=True, slots=True)
class Versions:
    """The three documents of a merge."""

    base: Document
    ours: Document
    theirs: Document

    def side(self, side: Side) -> Document:
        return self.ours if side is Side.OURS else self.theirs


def _other(side: Side) -> Side:
    return Side.THEIRS if side is Side.OURS else Side.OURS


def _conflict(check: str, unit: UnitKind, path: str, label: str, causes: list[Cause]) -> Conflict:
    ordered = tuple(sorted({(one.side, one.path): one for one in causes}.values(), key=lambda one: one.side))
    return Conflict(
        id=f"semantic:{check}:{path}",
        kind=ConflictKind.SEMANTIC,
        unit=unit,
        path=path,
        label=label,
        check=check,
        causes=ordered,
    )


def unparsable(versions: Versions, label: str) -> Conflict:
    """The merged segments do not parse: what both sides changed is the cause."""
    causes = [
        Cause(
            side=side,
            path=segment_path(index, segment),
            label=f"{segment.role or segment.kind.value}: text changed",
        )
        for side in Side
        for index, segment in _changed(versions.base.content, versions.side(side).content)
    ]
    return _conflict("unparsable", UnitKind.SEGMENT, "segments", label, causes)


def meaning(versions: Versions, result: Document, unresolved: Unresolved | None) -> tuple[Conflict, ...]:
    """The conflicts of kind ``semantic``, in the order of the table of ``docs/formats/merge.md``."""
    return (
        *_undeclared(versions, result),
        *_vanished(versions, result),
        *_narrowed(versions, result),
        *_mentions(versions, result),
        *_snippets(versions, result, unresolved),
    )


def _changed(base: Content, side: Content) -> Iterator[tuple[int, Segment]]:
    for i, j in match_segments(base.segments, side.segments)[0]:
        if j is not None and (i is None or base.segments[i] != side.segments[j]):
            yield j, side.segments[j]


def _used(document: Document) -> set[str]:
    return {use.name for use in document.template.variables()}


def _declared(document: Document) -> dict[str, Variable]:
    return {variable.name: variable for variable in document.content.variables if variable.declared}


def _using(document: Document, name: str) -> str:
    """The path of the first segment that uses a variable."""
    first = next((use.start for use in document.template.variables() if use.name == name), 0)
    nodes = document.template.segments()
    index = max((i for i, node in enumerate(nodes) if node.start <= first), default=0)
    return segment_path(index, document.content.segments[index])


def _undeclared(versions: Versions, result: Document) -> Iterator[Conflict]:
    declared = _declared(result)
    for name in sorted(_used(result) - declared.keys()):
        if name not in _declared(versions.base):
            continue
        for side in Side:
            user, other = versions.side(side), versions.side(_other(side))
            if name not in _used(user) or name not in _declared(user) or name in _declared(other):
                continue
            if name in _used(other):
                continue  # that side left it undeclared itself
            renames = dict(match_variables(versions.base.content, other.content))
            new = renames.get(name) if renames.get(name) != name else None
            said = f"renamed {name} to {new}" if new else f"removed the declaration of {name}"
            causes = [
                Cause(side=side, path=_using(user, name), label=f"uses {{{{{name}}}}}"),
                Cause(side=_other(side), path=f"variable/{new or name}", label=said),
            ]
            label = f"variable {name}: used on one side, {'renamed' if new else 'removed'} on the other"
            yield _conflict("undeclared", UnitKind.VARIABLE, f"variable/{name}", label, causes)
            break


def _vanished(versions: Versions, result: Document) -> Iterator[Conflict]:
    used = _used(result)
    for name, variable in _declared(result).items():
        if not variable.required or variable.has_default or name in used:
            continue
        declaring = [side for side in Side if name in _declared(versions.side(side))]
        if not declaring or any(name not in _used(versions.side(side)) for side in declaring):
            continue
        causes = []
        for side in Side:
            mine = versions.side(side)
            if _count(mine, name) < _count(versions.base, name):
                label = f"removed a use of {name}"
                causes += [
                    Cause(side=side, path=path, label=label) for path in _removed(versions, side, name)
                ]
            elif _declared(mine).get(name) != _declared(versions.base).get(name):
                causes.append(Cause(side=side, path=f"variable/{name}", label=f"declared {name} anew"))
        if len({cause.side for cause in causes}) < len(Side):
            continue  # one side alone left it so
        label = f"variable {name}: still required, and no longer used"
        yield _conflict("vanished", UnitKind.VARIABLE, f"variable/{name}", label, causes)


def _removed(versions: Versions, side: Side, name: str) -> Iterator[str]:
    """Where a side uses a variable less than the base: paths there, or ``base/`` and that of a segment that it removed."""
    base, mine = versions.base, versions.side(side)
    before, now = _uses(base, name), _uses(mine, name)
    for i, j in match_segments(base.content.segments, mine.content.segments)[0]:
        if i is None or before[i] <= (now[j] if j is not None else 0):
            continue
        if j is None:
            yield f"base/{segment_path(i, base.content.segments[i])}"
        else:
            yield segment_path(j, mine.content.segments[j])


def _uses(document: Document, name: str) -> Counter[int]:
    """How often each segment uses a variable."""
    starts = [node.start for node in document.template.segments()]
    uses = (use.start for use in document.template.variables() if use.name == name)
    return Counter(max(bisect_right(starts, start) - 1, 0) for start in uses)


def _count(document: Document, name: str) -> int:
    return sum(use.name == name for use in document.template.variables())


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
        if wrong is None or any(name in each and _misfit(each[name]) for each in sides.values()):
            continue
        what, why = wrong
        causes = []
        for side, each in sides.items():
            mine = each.get(name)
            if mine is None:
                continue
            same_type = mine.schema_ == variable.schema_
            said = f"changed the type to {mine.type}" if same_type else f"changed the {what}"
            causes.append(Cause(side=side, path=f"variable/{name}", label=said))
        label = f"variable {name}: the {what} of one side does not fit the type of the other: {why}"
        yield _conflict("narrowed", UnitKind.VARIABLE, f"variable/{name}", label, causes)


def _mentions(versions: Versions, result: Document) -> Iterator[Conflict]:
    base, now = units_of(versions.base.content), units_of(result.content)
    gone = [path for path in base if path not in now and (path.startswith(("tool/", "output/schema/")))]
    for path, side in product(gone, Side):
        name = path.rsplit("/", 1)[-1]
        tool = path.startswith("tool/")
        word = rf"(?<![\w-]){re.escape(name)}(?![\w-])" if tool else rf'"{re.escape(name)}"'
        remover = _other(side)
        if path in units_of(versions.side(remover).content) or path not in units_of(
            versions.side(side).content
        ):
            continue
        mentions = [len(re.findall(word, each.body)) for each in (versions.side(remover), result)]
        if mentions[1] <= mentions[0]:
            continue  # it names no more than the side that removed it left
        what = f"tool {name}" if tool else f"output property {name}"
        changed = _changed(versions.base.content, versions.side(side).content)
        named = (segment_path(i, one) for i, one in changed if re.search(word, one.source))
        where = next(named, "segments")
        causes = [
            Cause(side=side, path=where, label=f"the new text names {name}"),
            Cause(side=remover, path=path, label=f"removed {what}"),
        ]
        check = "tool_removed" if tool else "property_removed"
        unit = UnitKind.TOOL if tool else UnitKind.OUTPUT
        yield _conflict(
            check, unit, path, f"{what}: removed on one side, named by new text of the other", causes
        )


def _snippets(versions: Versions, result: Document, unresolved: Unresolved | None) -> Iterator[Conflict]:
    if unresolved is None:
        return
    for name, ref in result.content.snippets.items():
        why = unresolved(name, ref)
        if why is None:
            continue
        causes = [
            Cause(side=side, path=f"snippet/{name}", label=f"includes {name} at {ref}")
            for side in Side
            if versions.side(side).content.snippets.get(name) == ref
        ]
        yield _conflict("snippet", UnitKind.SNIPPET, f"snippet/{name}", f"snippet {name}: {why}", causes)
