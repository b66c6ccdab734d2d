"""Three-way merge of prompts, unit by unit (``docs/formats/merge.md``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..errors import InvalidInput
from ..promptfile import Document, check, parse
from ..records import Conflict, ConflictKind, ConflictResolution, MergeResult, Side, UnitKind
from .bases import Base
from .causes import Versions
from .decisions import Decisions
from .lines import merge_lines
from .meaning import Unresolved, meaning, unparsable
from .segments import Segments, merge_segments, picked
from .sofar import FRONT, so_far
from .units import Units, merge_units
from .values import units_of
from .writing import Wanted, by_edits, by_lines, says, with_front_matter

__all__ = ["Base", "merge", "merge_lines"]

_FRONT = f"text:{FRONT}"
_ELSE = "decide it in another way, or decide the other conflicts otherwise"
_LEFT = {
    "ours": f"since nothing is left of theirs that could be taken back; {_ELSE}",
    "theirs": f"since nothing is left of ours that could be taken back; {_ELSE}",
    "base": f"since all that caused it is taken back already; {_ELSE}",
}
"""why a pick does not end a conflict of meaning"""


def merge(
    base: str | Document | Base,
    ours: str | Document,
    theirs: str | Document,
    resolutions: Iterable[ConflictResolution] = (),
    *,
    unresolved: Unresolved | None = None,
    parts: bool = False,
) -> MergeResult:
    """Merge what became of ``base`` on two sides. Whoever has parsed a text already hands in the document.

    Args:
        base: the text of the merge base; a :class:`Base` where there are several.
        ours: the text of the branch that is merged into.
        theirs: the text of the branch that is merged.
        resolutions: what people decided about conflicts of this very merge.
        unresolved: says why a snippet at a ref does not resolve (None: it does); left out, snippets are not looked at.
        parts: with what is settled while conflicts are open (``so_far``).

    Raises:
        PromptSyntaxError: one of the texts does not parse.
        InvalidInput: a resolution of something that is no conflict, of the wrong kind, or with a text that does not parse.
    """
    resolutions = tuple(resolutions)
    unsettled: frozenset[str] = frozenset()
    if isinstance(base, Base):
        unsettled, base = base.unsettled, base.text
    if not resolutions:
        texts = [each if isinstance(each, str) else each.text for each in (base, ours, theirs)]
        if texts[1] == texts[2] or (texts[1] == texts[0] and not unsettled):
            return MergeResult(text=texts[2])
        if texts[2] == texts[0] and not unsettled:
            return MergeResult(text=texts[1])
    old, mine, other = (parse(each) if isinstance(each, str) else each for each in (base, ours, theirs))
    versions = Versions(old, mine, other)
    reverted: frozenset[tuple[Side, str]] = frozenset()
    spent: set[str] = set()
    while True:
        decisions = Decisions(resolutions)
        made = _pass(replace(versions, reverted=reverted), decisions, unresolved, unsettled)
        open_: list[Conflict] = []
        stuck: list[str] = []
        again = reverted
        for conflict in made.conflicts:
            decision = decisions.take(conflict) if conflict.kind is ConflictKind.SEMANTIC else None
            if decision is None:
                open_.append(conflict)
            elif decision.text is not None or decision.picks is not None:
                raise InvalidInput(
                    f"{conflict.id}: expected ours, theirs, base or keep; to write another text, save it as a version"
                )
            elif decision.side == "keep":
                if conflict.check == "unparsable":
                    raise InvalidInput(
                        f"{conflict.id}: a text that does not parse cannot be kept; take ours or theirs"
                    )
            else:
                taken_back = {(one.side, one.path) for one in conflict.causes if one.side != decision.side}
                if taken_back <= reverted:
                    stuck.append(f"{conflict.id}: {decision.side} does not end it, {_LEFT[decision.side]}")
                again |= taken_back
        spent |= decisions.taken
        if again == reverted:
            if stuck:
                raise InvalidInput(stuck[0])
            decisions.finish(spent, open_)
            return MergeResult(
                text=None if open_ or made.document is None else made.document.text,
                conflicts=tuple(open_),
                so_far=so_far(
                    units_of(old.content), made.units.values, made.segments.parts, open_, decisions.at
                )
                if parts and open_
                else (),
            )
        reverted = again


@dataclass(frozen=True, slots=True)
class _Made:
    units: Units
    segments: Segments
    document: Document | None = None
    conflicts: tuple[Conflict, ...] = ()


def _pass(
    versions: Versions, decisions: Decisions, unresolved: Unresolved | None, unsettled: frozenset[str]
) -> _Made:
    base, ours, theirs = (each.content for each in versions.all)
    units = merge_units(base, ours, theirs, decisions, versions.reverted, unsettled)
    segments = merge_segments(base, ours, theirs, decisions, versions.reverted, unsettled)
    made = _Made(units, segments)
    if open_ := (*units.conflicts, *segments.conflicts):
        return replace(made, conflicts=open_)
    wanted = Wanted(
        units.values, tuple(segment.source for segment in segments.segments), free=segments.written
    )
    template, problems = check(wanted.body)
    if template is None or not says(template, Wanted({}, wanted.sources, free=wanted.free), bare=True):
        said = next((problem.message for problem in problems), "it is cut into messages in another way")
        if segments.written:
            raise InvalidInput(f"the resolution does not parse: {said}")
        return replace(made, conflicts=(unparsable(versions, f"the merged messages do not parse: {said}"),))
    document = None
    if not versions.reverted:
        document = by_lines(versions.base, versions.ours, versions.theirs, wanted)
    document = document or by_edits(versions.ours, versions.theirs, wanted)
    if document is None:
        found = _front_matter(versions, wanted, decisions)
        if isinstance(found, Conflict):
            return replace(made, conflicts=(found,))
        document = found
    return replace(made, document=document, conflicts=meaning(versions, document, unresolved))


def _front_matter(versions: Versions, wanted: Wanted, decisions: Decisions) -> Document | Conflict:
    """The front matter cannot be written from units: a person decides it as a whole."""
    base, ours, theirs = (_yaml(each) for each in versions.all)
    conflict = Conflict(
        id=_FRONT,
        kind=ConflictKind.TEXT,
        unit=UnitKind.METADATA,
        path=FRONT,
        label="front matter: both sides changed it in ways that cannot be written together",
        base=base,
        ours=ours,
        theirs=theirs,
        chunks=merge_lines(base, ours, theirs),
    )
    if decisions.written:
        raise InvalidInput(
            f"the resolution of {', '.join(decisions.written)}: the front matter cannot be written with it; "
            "take base, ours or theirs: what cannot be written together is then decided as a whole"
        )
    decision = decisions.take(conflict)
    if decision is None:
        return conflict
    carrier = versions.ours
    if decision.text is not None:
        yaml = decision.text
    elif decision.picks is not None:
        yaml = picked(conflict.chunks, decision)
    else:
        carrier = {"base": versions.base, "ours": versions.ours, "theirs": versions.theirs}[decision.side]
        yaml = _yaml(carrier)
    document, problems = check(with_front_matter(carrier, yaml, wanted.body))
    if document is None:
        said = next(problem.message for problem in problems if problem.severity == "error")
        raise InvalidInput(f"the resolution of {conflict.id} does not parse: {said}")
    if _yaml(document).rstrip() != yaml.rstrip():
        raise InvalidInput(
            f"the resolution of {conflict.id} ends the front matter early: take out the line ---"
        )
    return document


def _yaml(document: Document) -> str:
    span = document.split.yaml
    return document.text[span.start : span.end] if span is not None else ""
