"""The graph of a prompt's versions, read in runs as a walk gets there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from ..store.tables import version, version_parent
from ..transaction import Tx

__all__ = ["Edges"]

_RUN = 256


class Edges:
    """``edges(number)``: the numbers of a version's parents. One statement reads 256 neighbours."""

    def __init__(self, tx: Tx, prompt_id: str) -> None:
        self._tx = tx
        self._prompt_id = prompt_id
        self._runs: dict[int, defaultdict[int, list[int]]] = {}

    def __call__(self, number: int) -> Sequence[int]:
        run = number // _RUN
        if run not in self._runs:
            self._runs[run] = self._read(run * _RUN)
        return self._runs[run].get(number, ())

    def _read(self, first: int) -> defaultdict[int, list[int]]:
        parent = version.alias("parent")
        rows = self._tx.conn.execute(
            select(version.c.number, parent.c.number.label("parent"))
            .join(
                version_parent,
                (version_parent.c.workspace_id == version.c.workspace_id)
                & (version_parent.c.prompt_id == version.c.prompt_id)
                & (version_parent.c.sha == version.c.sha),
            )
            .join(
                parent,
                (parent.c.workspace_id == version_parent.c.workspace_id)
                & (parent.c.prompt_id == version_parent.c.prompt_id)
                & (parent.c.sha == version_parent.c.parent_sha),
            )
            .where(
                version.c.workspace_id == self._tx.workspace_id,
                version.c.prompt_id == self._prompt_id,
                version.c.number >= first,
                version.c.number < first + _RUN,
            )
            .order_by(version.c.number, version_parent.c.position)
        )
        made: defaultdict[int, list[int]] = defaultdict(list)
        for row in rows:
            made[row.number].append(row.parent)
        return made
