"""What an import would do, item by item, without doing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.fielderrors import sentence
from jupyter_prompthub.core.records import (
    ImportItem,
    ImportPreview,
    ImportPreviewItem,
    ImportPreviewRequest,
)
from jupyter_prompthub.core.records.transfer import item_place

from ..access.permissions import Permission
from ..operations import operation
from ..store.tables import prompt, version
from ..store.types import AnyRow
from ..transaction import Tx
from . import refs

__all__ = ["import_"]

_AT_ONCE = 500


@operation(Permission.PROMPT_WRITE, no_audit="read")
def import_(tx: Tx, request: ImportPreviewRequest) -> ImportPreview:
    """Say what an import would do with each item: new, changed, the same, or refused and why."""
    read = [_read(raw) for raw in request.items]
    good = [item for item in read if isinstance(item, ImportItem)]
    rows = _rows(tx, [item.name for item in good])
    known = _hashes(tx, [row.id for row in rows.values()])
    seen: set[str] = set()
    made = []
    for item in read:
        if isinstance(item, ImportItem):
            made.append(_item(tx, item, rows.get(item.name), known, twice=item.name in seen))
            seen.add(item.name)
        else:
            made.append(item)
    return ImportPreview(items=tuple(made))


def _read(raw: dict[str, Any]) -> ImportItem | ImportPreviewItem:
    try:
        return ImportItem.model_validate(raw)
    except ValidationError as error:
        name = raw.get("name")
        return _refused(name if isinstance(name, str) else "", sentence(error, item_place))


def _item(
    tx: Tx, item: ImportItem, row: AnyRow | None, known: Mapping[str, set[str]], *, twice: bool
) -> ImportPreviewItem:
    if twice:
        return _refused(item.name, "the name is there twice")
    if row is None:
        try:
            taken = refs.check_free_name(tx, item.name)
        except InvalidInput as error:
            return _refused(item.name, error.message)
        if taken:
            return _refused(item.name, taken)
        return ImportPreviewItem(name=item.name, state="new", problems=_problems(item))
    if row.archived_at is not None:
        return _refused(item.name, "it is archived here: restore it first")
    if all(text_hash(one.text) in known.get(row.id, ()) for one in item.versions):
        return ImportPreviewItem(name=item.name, state="same")
    return ImportPreviewItem(name=item.name, state="changed", problems=_problems(item))


def _refused(name: str, message: str) -> ImportPreviewItem:
    return ImportPreviewItem(name=name, state="refused", message=message)


def _problems(item: ImportItem) -> tuple[Any, ...]:
    found = promptfile.check(item.versions[-1].text)[1]
    return tuple(problem for problem in found if problem.severity == "error")


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(values), _AT_ONCE):
        yield values[at : at + _AT_ONCE]


def _rows(tx: Tx, names: Sequence[str]) -> dict[str, AnyRow]:
    return {
        row.name: row
        for some in _chunks(names)
        for row in tx.conn.execute(
            select(prompt.c.id, prompt.c.name, prompt.c.archived_at).where(
                prompt.c.workspace_id == tx.workspace_id, prompt.c.name.in_(some)
            )
        )
    }


def _hashes(tx: Tx, ids: Sequence[str]) -> Mapping[str, set[str]]:
    known: dict[str, set[str]] = {}
    for some in _chunks(ids):
        rows = tx.conn.execute(
            select(version.c.prompt_id, version.c.text_hash).where(
                version.c.workspace_id == tx.workspace_id, version.c.prompt_id.in_(some)
            )
        )
        for prompt_id, one in rows:
            known.setdefault(prompt_id, set()).add(one)
    return known
