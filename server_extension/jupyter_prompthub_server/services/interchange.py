"""Files in the formats of other tools: read into what an import takes, and a version written as one."""

from __future__ import annotations

from sqlalchemy import select

from jupyter_prompthub.core import interchange
from jupyter_prompthub.core.records import FileQuery, FilesRead, ReadFiles, WrittenFile

from ..access.permissions import Permission
from ..operations import operation
from ..store.tables import prompt_tag
from ..targets import VersionTarget, by_version
from ..transaction import Tx
from . import samples
from .snippets import texts_of_version
from .version_rows import load

__all__ = ["read", "write"]


@operation(Permission.PROMPT_WRITE, no_audit="read")
def read(tx: Tx, request: ReadFiles) -> FilesRead:
    """Say what is in files of any known format, as an import takes it, and what of them does not carry over."""
    return FilesRead(
        files=tuple(interchange.read(one.path, one.text, request.format) for one in request.files)
    )


@operation(Permission.PROMPT_READ, no_audit="read", target=by_version)
def write(tx: Tx, target: VersionTarget, query: FileQuery) -> WrittenFile:
    """A version as a file in another tool's format, and what is not in it."""
    row = target.prompt
    found = load(tx, row.id, target.found.sha)
    tags = tx.conn.scalars(
        select(prompt_tag.c.tag)
        .where(prompt_tag.c.workspace_id == tx.workspace_id, prompt_tag.c.prompt_id == row.id)
        .order_by(prompt_tag.c.tag)
    )
    return interchange.write(
        interchange.Wanted(
            name=row.name,
            text=found.text,
            title=row.title,
            description=row.description,
            tags=tuple(tags),
            commit_message=found.commit_message,
            samples=tuple(samples.named_inputs(tx, [row.id]).get(row.id, ())),
            snippets=texts_of_version(tx, row.id, found.sha, found.lock),
        ),
        query.format,
    )
