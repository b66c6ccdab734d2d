"""The graph of a prompt's versions, read in runs as a walk gets there."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from threading import Lock

from sqlalchemy import select

from ..store.tables import version, version_parent
from ..transaction import Tx

__all__ = ["Edges"]

_RUN = 256
_REMEMBERED = 512
"""runs that the process remembers, some 20 MB: 131,072 versions"""

_Run = Mapping[int, Sequence[int]]


class _Memory:
    """Runs of histories that cannot change any more: a version has the parents it was saved with. Safe in any thread."""

    def __init__(self) -> None:
        self._runs: OrderedDict[tuple[str, str, int], _Run] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str, int]) -> _Run | None:
        with self._lock:
            found = self._runs.get(key)
            if found is not None:
                self._runs.move_to_end(key)
            return found

    def put(self, key: tuple[str, str, int], run: _Run) -> None:
        with self._lock:
            self._runs[key] = run
            if len(self._runs) > _REMEMBERED:
                self._runs.popitem(last=False)


_MEMORY = _Memory()


class Edges:
    """``edges(number)``: the numbers of a version's parents. One statement reads 256 neighbours."""

    def __init__(self, tx: Tx, prompt_id: str) -> None:
        self._tx = tx
        self._prompt_id = prompt_id
        self._runs: dict[int, _Run] = {}

    def __call__(self, number: int) -> Sequence[int]:
        run = self._runs.get(number // _RUN)
        if run is None:
            run = self._runs[number // _RUN] = self._run(number // _RUN)
        return run.get(number, ())

    def _run(self, at: int) -> _Run:
        key = (self._tx.workspace_id, self._prompt_id, at)
        if (known := _MEMORY.get(key)) is not None:
            return known
        run = self._read(at * _RUN)
        # full for good: numbers have no gaps, and a later run is there. Not in a write, which may be rolled back
        later = any(other > at and edges for other, edges in self._runs.items())
        if later and not self._tx.operation.writes:
            _MEMORY.put(key, run)
        return run

    def _read(self, first: int) -> _Run:
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
        for number, before in rows:
            made[number].append(before)
        return {number: tuple(before) for number, before in made.items()}
