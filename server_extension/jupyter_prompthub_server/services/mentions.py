"""Who is meant by ``@name`` in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from jupyter_prompthub.core.errors import InvalidInput

from ..store.tables import actor, membership
from ..transaction import Tx

__all__ = ["mentioned"]

_AT = re.compile(r"(?<![\w@])@")
_GOES_ON = re.compile(r"\w")


def mentioned(tx: Tx, body: str, named: Iterable[str] = ()) -> set[str]:
    """Members named by id, or in the text as ``@`` and their display name, blanks left out or not. The longest name counts:
    ``@Ann Lee`` is not Ann, and neither is ``@Annabel``.

    Raises:
        InvalidInput: an id of nobody here.
    """
    rows = tx.conn.execute(
        select(actor.c.id, actor.c.display_name)
        .join(membership, membership.c.actor_id == actor.c.id)
        .where(membership.c.workspace_id == tx.workspace_id)
    ).all()
    if unknown := sorted(set(named) - {row.id for row in rows}):
        raise InvalidInput(f"mentions: {unknown[0]} is no member here", details={"actor": unknown[0]})
    called: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        name = row.display_name.casefold().strip()
        for each in {name, name.replace(" ", "")} - {""}:
            called[each].add(row.id)
    lengths = sorted({len(name) for name in called}, reverse=True)
    said = body.casefold()
    found = set(named)
    for at in _AT.finditer(said):
        for length in lengths:
            end = at.end() + length
            ids = called.get(said[at.end() : end])
            if ids and not _GOES_ON.match(said, end):
                found |= ids
                break
    return found
