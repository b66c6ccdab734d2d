"""Prompts with their histories, out of a workspace and into one. An import is one transaction: all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field
from sqlalchemy import func, select

from jupyter_prompthub.core.errors import InvalidInput, PromptHubError, TooLarge
from jupyter_prompthub.core.names import is_prompt_id, parse_reference
from jupyter_prompthub.core.records import ExportResponse, ImportReport, ImportRequest, Input

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.tables import prompt
from ..store.types import AnyRow
from ..transaction import Tx
from . import many_refs, refs
from .exporting import exported
from .importing import Importer
from .refs import Found

__all__ = ["ExportQuery", "export", "import_"]

MOST_VERSIONS = 20_000
"""versions that one export holds"""


class ExportQuery(Input):
    """``names``: comma-separated names, or ids (drafts among these are left out); none: all that are not archived. With
    ``@ref``, the versions that lead to that one, as ``main``. They fit into a request's line, also
    percent-encoded and behind a proxy that takes 16 KiB of headers."""

    names: str = Field(default="", max_length=5_000, pattern=r"^[ -~]*$")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.WORKSPACE_IMPORT, alone=True)
def import_(tx: Tx, request: ImportRequest) -> ImportReport:
    """Bring in prompts with their versions, all or nothing (more than one new prompt needs ``workspace:write``)."""
    importer = Importer(tx, request)
    importer.allow()
    report = importer.run()
    if not importer.changed:
        tx.unchanged()
    tx.audit(prompts=str(len(report.created) + len(report.updated)), root=importer.root)
    tx.emit("workspace.imported")
    return report


@operation(Permission.PROMPT_READ, tag=AuditTag.WORKSPACE_EXPORT, snapshot=True)
def export(tx: Tx, query: ExportQuery) -> ExportResponse:
    """Prompts with the versions that their branches lead to, oldest first; one that is only a draft is left out."""
    names = [name.strip() for name in query.names.split(",") if name.strip()]
    starts: dict[str, Found] = {}
    if names:
        rows, starts = _named(tx, names)
    else:
        mine = (
            prompt.c.workspace_id == tx.workspace_id,
            prompt.c.archived_at.is_(None),
            prompt.c.versions > 0,
        )
        total = tx.conn.execute(select(func.sum(prompt.c.versions)).where(*mine)).scalar_one() or 0
        _limit(total)
        rows = tx.conn.execute(select(prompt).where(*mine).order_by(prompt.c.name)).all()
    _limit(sum(row.versions for row in rows))
    said = (f"{row.name}@{starts[row.id].ref}" if row.id in starts else row.name for row in rows)
    tx.audit(prompts=str(len(rows)), names=",".join(said) if names else "*")
    shas = {prompt_id: found.sha for prompt_id, found in starts.items()}
    return ExportResponse(items=exported(tx, rows, shas))


def _named(tx: Tx, names: Sequence[str]) -> tuple[Sequence[AnyRow], dict[str, Found]]:
    """The prompts that names name, and by id where the history of one ends, if a ref was named with it."""
    references = [parse_reference(name) for name in names]
    rows = many_refs.named(tx, references)
    refs_of: dict[str, str | None] = {}
    found: dict[str, AnyRow] = {}
    asked: list[tuple[AnyRow, str]] = []
    for name, reference in zip(names, references, strict=True):
        row = rows.get(reference)
        if row is None:
            raise refs.no_prompt(reference)
        if "@" not in name and is_prompt_id(reference.name) and not row.versions:
            continue  # a draft, one of many that were picked by id
        ref = reference.ref if "@" in name else None
        if refs_of.setdefault(row.id, ref) != ref:
            raise InvalidInput(
                f"{row.name} is named twice, with different refs: expected one of them. Export the others after it.",
                details={"name": row.name},
            )
        found[row.id] = row
        asked.append((row, reference.ref))  # one that is asked for by name and has no version: say so
    ends = many_refs.resolved(tx, asked)
    for row, ref in asked:
        end = ends[row.id, ref]
        if isinstance(end, PromptHubError):
            raise end
    starts = {row.id: ends[row.id, ref] for row, ref in asked if refs_of[row.id] is not None}
    return list(found.values()), {one: end for one, end in starts.items() if isinstance(end, Found)}


def _limit(versions: int) -> None:
    if versions > MOST_VERSIONS:
        raise TooLarge(
            f"these prompts have {versions} versions; one export holds at most {MOST_VERSIONS}. Name some of the "
            "prompts, and export the others after them.",
            details={"versions": versions, "limit": MOST_VERSIONS},
        )
