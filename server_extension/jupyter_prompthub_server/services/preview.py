"""A dry run of an import: the import itself, each item a part that may fail alone, and all of it taken back."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from jupyter_prompthub.core.errors import Forbidden, PromptHubError
from jupyter_prompthub.core.fielderrors import sentence
from jupyter_prompthub.core.records import (
    ImportItem,
    ImportPreview,
    ImportPreviewItem,
    ImportPreviewRequest,
    ImportRequest,
)
from jupyter_prompthub.core.records.transfer import item_place

from ..access.permissions import Permission
from ..operations import operation
from ..store.faults import translated
from ..transaction import Tx
from .importing import Importer, twice

__all__ = ["import_"]


@operation(Permission.PROMPT_WRITE, no_audit="a dry run: nothing of it stays", dry=True, alone=True)
def import_(tx: Tx, request: ImportPreviewRequest) -> ImportPreview:
    """Say what an import would do with each item: new, changed, the same, skipped, or refused and why."""
    verdicts: dict[int, ImportPreviewItem] = {}
    items: dict[int, ImportItem] = {}
    for at, raw in enumerate(request.items):
        read = _read(raw)
        if isinstance(read, ImportItem):
            items[at] = read
        else:
            verdicts[at] = read
    refused = ""
    if request.one_by_one:
        for at, item in items.items():
            verdicts[at] = _alone(tx, request, item)
    else:
        places: dict[str, int] = {}
        for at, item in items.items():
            if places.setdefault(item.name, at) != at:
                verdicts[at] = _refused(item.name, twice(item.name).message)
        importer = Importer(tx, _as_import(request, *(items[at] for at in places.values())))
        try:
            importer.allow()
        except Forbidden as error:
            refused = error.message
        for item in importer.ordered():
            verdicts[places[item.name]] = _brought(tx, importer, item)
    return ImportPreview(items=tuple(verdicts[at] for at in sorted(verdicts)), refused=refused)


def _read(raw: dict[str, Any]) -> ImportItem | ImportPreviewItem:
    try:
        return ImportItem.model_validate(raw)
    except ValidationError as error:
        name = raw.get("name")
        return _refused(name if isinstance(name, str) else "", sentence(error, item_place))


def _as_import(request: ImportPreviewRequest, *items: ImportItem) -> ImportRequest:
    return ImportRequest(items=items, on_conflict=request.on_conflict)


def _alone(tx: Tx, request: ImportPreviewRequest, item: ImportItem) -> ImportPreviewItem:
    """An import of one item."""
    importer = Importer(tx, _as_import(request, item))
    try:
        importer.allow()
    except Forbidden as error:
        return _refused(item.name, error.message)
    return _brought(tx, importer, item)


def _brought(tx: Tx, importer: Importer, item: ImportItem) -> ImportPreviewItem:
    try:
        with tx.part():
            made = importer.bring(item)
    except PromptHubError as error:
        return _refused(item.name, error.message)
    except IntegrityError as error:
        known = translated(error)
        return _refused(item.name, known.message if known else "")
    return ImportPreviewItem(
        name=item.name, state=made.state, drafts=tuple(made.drafts), problems=tuple(made.problems)
    )


def _refused(name: str, message: str) -> ImportPreviewItem:
    return ImportPreviewItem(name=name, state="refused", message=message)
