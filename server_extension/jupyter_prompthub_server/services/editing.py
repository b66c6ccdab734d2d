"""Form changes as minimal edits of a text: nothing is stored."""

from __future__ import annotations

from pydantic import Field

from jupyter_prompthub.core import edit as core
from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.changes import Change, TextEdit
from jupyter_prompthub.core.promptfile import MAX_TEXT
from jupyter_prompthub.core.records import Input, Record

from ..access.permissions import Permission
from ..operations import operation
from ..transaction import Tx

__all__ = ["EditText", "EditedText", "edit"]


class EditText(Input):
    """A text, and the changes of units that a form makes in it, in order."""

    text: str = Field(max_length=MAX_TEXT)
    changes: tuple[Change, ...] = Field(min_length=1, max_length=100)


class EditedText(Record):
    """The edits that make the changes. They hold for the text with this hash, and no other."""

    edits: tuple[TextEdit, ...]
    text_hash: str


@operation(Permission.PROMPT_READ, no_audit="read")
def edit(tx: Tx, new: EditText) -> EditedText:
    """Compute the text edits that make changes of units; every other byte stays."""
    del tx
    return EditedText(edits=tuple(core.edit(new.text, new.changes)), text_hash=text_hash(new.text))
