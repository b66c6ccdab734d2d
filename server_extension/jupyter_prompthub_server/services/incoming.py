"""What a draft would take from its branch head, before it does."""

from __future__ import annotations

from jupyter_prompthub.core import diff, promptfile
from jupyter_prompthub.core.errors import Conflict, PromptSyntaxError
from jupyter_prompthub.core.records import Diff, Incoming, MergeResult

from ..access.permissions import Permission
from ..operations import operation
from ..transaction import Tx
from . import draft_rows as rows
from .draft_rows import DraftTarget, by_draft
from .merge_plan import three

__all__ = ["get", "together"]


@operation(Permission.PROMPT_READ, no_audit="read", target=by_draft)
def get(tx: Tx, target: DraftTarget) -> Incoming:
    """What an update of the draft would bring, and what it would replace."""
    base, head = _texts(tx, target)
    text = rows.current_text(tx, target)
    theirs = _difference(base, head)
    mine = _difference(base, text)
    return Incoming(
        base_sha=_base(target),
        head_sha=target.head,
        behind=rows.behind(tx, target.prompt.id, _base(target), target.head),
        theirs=theirs or Diff(),
        mine=mine,
        both=tuple(sorted(_paths(theirs) & _paths(mine))) if theirs and mine else (),
        merges=None not in (theirs, mine) and three(tx, base, text, head, ()).text is not None,
    )


def together(tx: Tx, target: DraftTarget, text: str) -> str:
    """What the branch head brings, merged into a draft's text.

    Raises:
        Conflict: both say different things of the same part, or do not go together.
        PromptSyntaxError: the draft does not parse.
    """
    base, head = _texts(tx, target)
    made: MergeResult = three(tx, base, text, head, ())
    if made.text is None:
        raise Conflict(
            f"{target.branch} and the draft do not go together: "
            f"{', '.join(one.label for one in made.conflicts)}. Change the draft there, or replace it with `force`.",
            details={"dirty": True, "conflicts": [one.path for one in made.conflicts]},
        )
    return made.text


def _base(target: DraftTarget) -> str | None:
    return target.row.base_sha if target.row is not None else target.head


def _texts(tx: Tx, target: DraftTarget) -> tuple[str, str]:
    """The text that the draft began from, and the head's."""
    base_sha = _base(target)
    base = rows.version_text(tx, target.prompt.id, base_sha) if base_sha else ""
    return base, rows.version_text(tx, target.prompt.id, target.head) if target.head else base


def _difference(before: str, after: str) -> Diff | None:
    try:
        old, new = promptfile.parse(before).content, promptfile.parse(after).content
    except PromptSyntaxError:
        return None
    return diff.diff(old, new, text_a=before, text_b=after)


def _paths(difference: Diff) -> set[str]:
    """The changed units, by their paths in the base where they are there."""
    return {change.path_before or change.path for change in difference.changes}
