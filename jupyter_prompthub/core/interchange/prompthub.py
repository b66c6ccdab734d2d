"""PromptHub's own export (``docs/formats/export.md``), as an import takes it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from ..errors import InvalidInput
from ..fielderrors import sentence
from ..records import ImportItem, RefusedItem
from ..records.transfer import item_place
from .base import Losses, expect, json_of

__all__ = ["read"]

_FORMAT: Final = "prompthub export v1"
_READING = ("sha", "author", "created_at")
"""what an export says of a version for reading only"""


def read(path: str, text: str, losses: Losses) -> list[ImportItem]:
    """The prompts of an export that have a version; those that do not fit are ``losses.bad``.

    Raises:
        InvalidInput: not an export.
    """
    data = expect(json_of(text), dict, "the file", "an export of PromptHub")
    items = expect(data.get("items"), list, "items", "a list of prompts, as in an export of PromptHub")
    if data.get("format", _FORMAT) != _FORMAT:
        raise InvalidInput(
            f"it says that its format is {str(data['format'])[:80]!r}; this PromptHub reads {_FORMAT!r}: upgrade it"
        )
    made = []
    for at, row in enumerate(items):
        plain = _plain(row)
        if isinstance(plain, dict) and plain.get("versions") == []:
            continue  # only a draft there
        try:
            made.append(ImportItem.model_validate(plain))
        except ValidationError as error:
            name = row.get("name") if isinstance(row, dict) else None
            shown = name[:200] if isinstance(name, str) and name else f"prompt {at + 1} (without a name)"
            losses.bad.append(RefusedItem(name=shown, message=sentence(error, item_place)))
    return made


def _plain(row: Any) -> Any:
    """A prompt without what an export says for reading only."""
    versions = row.get("versions") if isinstance(row, dict) else None
    if not isinstance(versions, list):
        return row
    return {
        **row,
        "versions": [
            {key: value for key, value in one.items() if key not in _READING}
            if isinstance(one, dict)
            else one
            for one in versions
        ],
    }
