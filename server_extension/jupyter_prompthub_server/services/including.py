"""The snippets that a text names: which prompts they are, and where to edit them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select, tuple_

from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.names import DEFAULT_BRANCH, LATEST, Reference, check_name
from jupyter_prompthub.core.records import Include, NamePlace

from ..store.tables import branch
from ..transaction import Tx
from .refs import prompt_named, resolve
from .snippets import Locked

__all__ = ["includes"]

_MOST = 50


def includes(
    tx: Tx, places: Iterable[NamePlace], refs: Mapping[str, str], locked: Locked | None
) -> tuple[Include, ...]:
    """What the snippets are that a text names.

    Args:
        places: where names stand in the text.
        refs: ref by snippet name, where the text parses.
        locked: the lock of the text, if it could be made.
    """
    names = dict.fromkeys(place.name for place in places if place.kind == "snippet")
    found = {name: _found(tx, name, refs.get(name, LATEST), locked) for name in list(names)[:_MOST]}
    wanted = [(prompt_id, refs[name]) for name, (prompt_id, _) in found.items() if prompt_id and name in refs]
    branches: set[tuple[str, str]] = set()
    if wanted:
        rows = tx.conn.execute(
            select(branch.c.prompt_id, branch.c.name).where(
                branch.c.workspace_id == tx.workspace_id,
                tuple_(branch.c.prompt_id, branch.c.name).in_(wanted),
            )
        )
        branches = {(row.prompt_id, row.name) for row in rows}
    return tuple(
        Include(
            name=name,
            ref=refs.get(name, LATEST),
            prompt_id=prompt_id,
            branch=None
            if prompt_id is None
            else refs[name]
            if (prompt_id, refs.get(name, "")) in branches
            else DEFAULT_BRANCH,
            sha=sha,
        )
        for name, (prompt_id, sha) in found.items()
    )


def _found(tx: Tx, name: str, ref: str, locked: Locked | None) -> tuple[str | None, str | None]:
    """The prompt of that name, and the version that ``ref`` names."""
    if locked is not None and (prompt_id := locked.names.get(name)) is not None:
        return prompt_id, locked.snippets[prompt_id].sha
    try:
        row = prompt_named(tx, Reference(check_name(name)))
    except (NotFound, InvalidInput):
        return None, None
    try:
        return row.id, resolve(tx, row, ref).sha
    except (NotFound, InvalidInput):
        return row.id, None
