"""What a draft would take from its branch head, before it does."""

from __future__ import annotations

from jupyter_prompthub.core import diff, promptfile
from jupyter_prompthub.core.errors import PromptSyntaxError
from jupyter_prompthub.core.records import Diff, Incoming

from ..access.permissions import Permission
from ..operations import operation
from ..transaction import Tx
from . import draft_rows as rows
from .draft_rows import DraftTarget, by_draft

__all__ = ["get"]


@operation(Permission.PROMPT_READ, no_audit="read", target=by_draft)
def get(tx: Tx, target: DraftTarget) -> Incoming:
    """What an update of the draft would bring, and what it would replace."""
    base_sha = target.row.base_sha if target.row is not None else target.head
    base = rows.version_text(tx, target.prompt.id, base_sha) if base_sha else ""
    head = rows.version_text(tx, target.prompt.id, target.head) if target.head else base
    theirs = _difference(base, head) or Diff()
    mine = _difference(base, rows.current_text(tx, target))
    return Incoming(
        base_sha=base_sha,
        head_sha=target.head,
        behind=rows.behind(tx, target.prompt.id, base_sha, target.head),
        theirs=theirs,
        mine=mine,
        both=tuple(sorted(_paths(theirs) & _paths(mine))) if mine else (),
    )


def _difference(before: str, after: str) -> Diff | None:
    try:
        old, new = promptfile.parse(before).content, promptfile.parse(after).content
    except PromptSyntaxError:
        return None
    return diff.diff(old, new, text_a=before, text_b=after)


def _paths(difference: Diff) -> set[str]:
    """The changed units, by their paths in the base where they are there."""
    return {change.path_before or change.path for change in difference.changes}
