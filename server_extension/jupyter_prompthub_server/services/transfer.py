"""Prompts with their histories, out of a workspace and into one. An import is one transaction: all or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field
from sqlalchemy import func, select

from jupyter_prompthub.core.errors import TooLarge
from jupyter_prompthub.core.names import LATEST, is_prompt_id, parse_reference
from jupyter_prompthub.core.records import (
    ExportedPrompt,
    ExportedVersion,
    ExportResponse,
    ImportReport,
    ImportRequest,
    Input,
)

from ..access.permissions import AuditTag, Permission
from ..operations import operation
from ..store.clock import iso
from ..store.tables import branch, prompt, version
from ..store.types import AnyRow
from ..transaction import Tx
from . import refs, samples
from .around import actors
from .edges import Edges
from .importing import Importer
from .prompt_rows import prompts
from .version_rows import text_of

__all__ = ["ExportQuery", "export", "import_"]

MOST_VERSIONS = 20_000
"""versions that one export holds"""


class ExportQuery(Input):
    """``names``: comma-separated names, or ids (drafts among these are left out); none: all that are not archived.
    They fit into a request's line, also
    percent-encoded and behind a proxy that takes 16 KiB of headers."""

    names: str = Field(default="", max_length=5_000, pattern=r"^[ -~]*$")


@operation(Permission.PROMPT_WRITE, tag=AuditTag.WORKSPACE_IMPORT, alone=True)
def import_(tx: Tx, request: ImportRequest) -> ImportReport:
    """Bring in prompts with their versions, all or nothing (more than one new prompt needs ``workspace:write``)."""
    importer = Importer(tx, request)
    if len(request.items) != 1 or importer.present:
        tx.require(Permission.WORKSPACE_WRITE)
    report = importer.run()
    if not importer.changed:
        tx.unchanged()
    tx.audit(prompts=str(len(report.created) + len(report.updated)), root=importer.root)
    tx.emit("workspace.imported")
    return report


@operation(Permission.PROMPT_READ, tag=AuditTag.WORKSPACE_EXPORT, alone=True)
def export(tx: Tx, query: ExportQuery) -> ExportResponse:
    """Prompts with the versions that their branches lead to, oldest first; one that is only a draft is left out."""
    names = [name.strip() for name in query.names.split(",") if name.strip()]
    if names:
        found: dict[str, AnyRow] = {}
        for name in names:
            row = refs.prompt_named(tx, parse_reference(name))
            if not is_prompt_id(name):
                refs.resolve(tx, row, LATEST)  # one that is asked for by name and has none: say so
            elif not row.versions:
                continue  # one of many that were picked by id
            found[row.id] = row
        rows: Sequence[AnyRow] = list(found.values())
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
    tx.audit(prompts=str(len(rows)), names=",".join(row.name for row in rows) if names else "*")
    return ExportResponse(items=tuple(_exported(tx, row) for row in rows))


def _limit(versions: int) -> None:
    if versions > MOST_VERSIONS:
        raise TooLarge(
            f"these prompts have {versions} versions; one export holds at most {MOST_VERSIONS}. Name some of the "
            "prompts, and export the others after them.",
            details={"versions": versions, "limit": MOST_VERSIONS},
        )


def _exported(tx: Tx, row: AnyRow) -> ExportedPrompt:
    (record,) = prompts(tx, [row])
    here = (version.c.workspace_id == tx.workspace_id, version.c.prompt_id == row.id)
    rows = {
        one.number: one
        for one in tx.conn.execute(
            select(
                version.c.number,
                version.c.sha,
                version.c.text,
                version.c.commit_message,
                version.c.author_id,
                version.c.created_at,
            ).where(*here)
        )
    }
    homes = _homes(tx, row, {one.sha: one.number for one in rows.values()})
    order = sorted(homes)
    places: dict[int | None, int] = {number: at for at, number in enumerate(order)}
    people = actors(tx, (rows[number].author_id for number in order))
    shas = {rows[number].sha: at for at, number in enumerate(order)}
    return ExportedPrompt(
        name=row.name,
        title=row.title,
        description=row.description,
        tags=record.tags,
        versions=tuple(
            ExportedVersion(
                text=text_of(tx, rows[number]),
                commit_message=rows[number].commit_message,
                branch=homes[number][0],
                base=places.get(homes[number][1]),
                sha=rows[number].sha,
                author=people[rows[number].author_id].display_name,
                created_at=iso(rows[number].created_at),
            )
            for number in order
        ),
        deployments={
            one.environment: shas[one.version_sha] for one in record.served if one.version_sha in shas
        },
        samples=tuple(samples.named_inputs(tx, row.id)),
    )


def _homes(tx: Tx, row: AnyRow, numbers: dict[str, int]) -> dict[int, tuple[str, int | None]]:
    """The branch of each version that some branch leads to, by first parents, ``main`` first; and, for the first
    version of a branch, the number of the one that it started from."""
    heads = tx.conn.execute(
        select(branch.c.name, branch.c.head).where(
            branch.c.workspace_id == tx.workspace_id, branch.c.prompt_id == row.id
        )
    ).all()
    edges = Edges(tx, row.id)
    homes: dict[int, tuple[str, int | None]] = {}
    for one in sorted(heads, key=lambda head: (head.name != "main", head.name)):
        number: int | None = numbers[one.head]
        while number is not None and number not in homes:
            parent = next(iter(edges(number)), None)
            homes[number] = (one.name, parent if parent in homes else None)
            number = parent
    return homes
