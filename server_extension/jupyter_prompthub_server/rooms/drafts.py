"""The REST routes of drafts: operations on rows, put in line with the room of the draft."""

from __future__ import annotations

from typing import cast

from jupyter_prompthub.core.records import Draft, PutDraft, RestoreDraft, SaveDraft, UpdateDraft, Version

from ..access.permissions import Permission
from ..endpoints import Context, endpoint
from ..services import drafts
from .server import rooms_of

__all__ = ["get", "put", "restore", "save", "undo", "update"]


@endpoint(Permission.PROMPT_READ, audited="a read")
async def get(context: Context) -> Draft:
    """A draft: what its room holds, with its problems."""
    return cast("Draft", await rooms_of(context.runtime).run(drafts.get, context.caller, context.path))


@endpoint(Permission.PROMPT_WRITE, audited="edits of a draft change no version")
async def put(context: Context, new: PutDraft) -> Draft:
    """Make this the draft's text; the text before is kept."""
    return cast("Draft", await rooms_of(context.runtime).run(drafts.put, context.caller, context.path, new))


@endpoint(Permission.PROMPT_WRITE, audited="drafts.save")
async def save(context: Context, new: SaveDraft) -> Version:
    """Save what the draft holds as a version, by compare-and-set of the branch head."""
    return cast(
        "Version", await rooms_of(context.runtime).run(drafts.save, context.caller, context.path, new)
    )


@endpoint(Permission.PROMPT_WRITE, audited="drafts.restore")
async def restore(context: Context, new: RestoreDraft) -> Draft:
    """Put a version's text into the draft; the text before is kept."""
    return cast(
        "Draft", await rooms_of(context.runtime).run(drafts.restore, context.caller, context.path, new)
    )


@endpoint(Permission.PROMPT_WRITE, audited="drafts.update")
async def update(context: Context, new: UpdateDraft) -> Draft:
    """Take the branch head's text into the draft."""
    return cast(
        "Draft", await rooms_of(context.runtime).run(drafts.update, context.caller, context.path, new)
    )


@endpoint(Permission.PROMPT_WRITE, audited="drafts.undo")
async def undo(context: Context) -> Draft:
    """Bring back the text that was replaced last; the present one is kept in its place."""
    return cast("Draft", await rooms_of(context.runtime).run(drafts.undo, context.caller, context.path))
