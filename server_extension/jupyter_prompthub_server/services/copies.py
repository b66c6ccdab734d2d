"""An execution as a text to take elsewhere."""

from __future__ import annotations

import json

from sqlalchemy import select

from jupyter_prompthub.core import copies, promptfile
from jupyter_prompthub.core.errors import Conflict
from jupyter_prompthub.core.names import Reference
from jupyter_prompthub.core.records import CellCopy, CopyQuery, ExecutionCopy, JsonValue
from jupyter_prompthub.core.records.content import Content

from ..access.permissions import Permission
from ..operations import operation
from ..store.tables import execution_payload, prompt, version
from ..store.types import AnyRow
from ..targets import VersionTarget, by_version
from ..transaction import Tx
from .executions import by_execution
from .version_rows import load

__all__ = ["cell", "get"]

_SHORT = 12


@operation(Permission.PROMPT_READ, no_audit="read", target=by_execution)
def get(tx: Tx, target: AnyRow, query: CopyQuery) -> ExecutionCopy:
    """An execution as a test case, a notebook cell or a curl request; never with a key or a token."""
    name = _name(tx, target)
    inputs, output = _payload(tx, target)
    if query.form == "case":
        if output is None:
            raise Conflict(f"the execution {target.id} has no answer that a case could expect; run it again.")
        text = copies.as_case(f"{name} {target.id[:8]}", inputs, output)
    else:
        if target.prompt_id is None:
            raise Conflict(
                "This ran a file that is no prompt of the library, which nobody else can name. Add it to the library, run "
                "it there, and copy that run."
            )
        if target.version_sha is None:
            raise Conflict(
                "This ran an unsaved draft, which nobody else can name. Save a version, run it, and copy that run."
            )
        content = _content(tx, target)
        model = None if target.model_asked == content.model else target.model_asked
        if query.form == "cell":
            types = {variable.name: variable.type for variable in content.variables}
            reference = f"{name}@{target.version_sha[:_SHORT]}"
            text = copies.as_cell(reference, inputs, types, model)
        else:
            text = copies.as_curl(target.prompt_id, target.version_sha, inputs, model)
    return ExecutionCopy(form=query.form, text=text)


@operation(Permission.PROMPT_READ, no_audit="read", target=by_version)
def cell(tx: Tx, target: VersionTarget) -> CellCopy:
    """A version as a notebook cell that runs it, with a place for each value that it needs."""
    found = load(tx, target.prompt.id, target.found.sha)
    reference = str(Reference(target.prompt.name, target.found.ref))
    return CellCopy(reference=reference, text=copies.as_first_cell(reference, found.content.variables))


def _name(tx: Tx, target: AnyRow) -> str:
    """Of the prompt; else of the file, as its caller called it."""
    if target.prompt_id is None:
        file = (target.caller_notebook or "").rsplit("/", 1)[-1]
        return file.removesuffix(".prompt") or "text"
    name: str = tx.conn.scalars(
        select(prompt.c.name).where(prompt.c.workspace_id == tx.workspace_id, prompt.c.id == target.prompt_id)
    ).one()
    return name


def _payload(tx: Tx, target: AnyRow) -> tuple[dict[str, JsonValue], str | None]:
    columns = execution_payload.c
    row = tx.conn.execute(
        select(columns.inputs, columns.output).where(
            columns.workspace_id == tx.workspace_id, columns.execution_id == target.id
        )
    ).one_or_none()
    if row is None or row.inputs is None:
        raise Conflict(f"the inputs of the execution {target.id} were erased; run the prompt again.")
    inputs = json.loads(tx.codec.open(columns.inputs, target.id, row.inputs))
    return inputs, None if row.output is None else tx.codec.open(columns.output, target.id, row.output)


def _content(tx: Tx, target: AnyRow) -> Content:
    stored = tx.conn.scalars(
        select(version.c.text).where(
            version.c.workspace_id == tx.workspace_id,
            version.c.prompt_id == target.prompt_id,
            version.c.sha == target.version_sha,
        )
    ).one()
    return promptfile.parse(tx.codec.open(version.c.text, target.version_sha, stored)).content
