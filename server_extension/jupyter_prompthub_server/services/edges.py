"""The graph of a prompt's versions, read in runs as a walk gets there."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from threading import Lock
from typing import TypeVar

from sqlalchemy import and_, or_, select

from jupyter_prompthub.core.history import Parents

from ..store.tables import version, version_parent
from ..transaction import Tx
from .many_refs import runs

__all__ = ["Edges", "walks"]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

_RUN = 256
_REMEMBERED = 512
"""runs that the process remembers, some 20 MB: 131,072 versions"""

_AT_ONCE = 200
"""runs that one statement reads"""

_Run = Mapping[int, Sequence[int]]
_Place = tuple[str, int]
"""a prompt's id and the number of a run"""


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
        run = _read(self._tx, [(self._prompt_id, at)])[self._prompt_id, at]
        # full for good: numbers have no gaps, and a later run is there. Not in a write, which may be rolled back
        later = any(other > at and edges for other, edges in self._runs.items())
        if later and not self._tx.operation.writes:
            _MEMORY.put(key, run)
        return run


def walks(tx: Tx, wanted: Mapping[K, tuple[str, Callable[[Parents], T]]]) -> dict[K, T]:
    """Walk in many prompts' graphs at once: what each walk of (prompt id, walk) gives.

    A walk that gets to a run that is not there stops and begins again once the runs that all of them lack have been read, so
    the number of statements grows with how far walks go, not with how many they are.
    """
    read: dict[_Place, _Run] = {}
    made: dict[K, T] = {}
    lacking: set[_Place] = set()
    while len(made) < len(wanted):
        for key, (prompt_id, walk) in wanted.items():
            if key not in made:
                try:
                    made[key] = walk(_Known(read, prompt_id))
                except _Lacking as stopped:
                    lacking.add(stopped.run)
        known = {run: _MEMORY.get((tx.workspace_id, *run)) for run in lacking}
        read |= {run: edges for run, edges in known.items() if edges is not None}
        for some in runs(sorted(lacking - read.keys()), _AT_ONCE):
            read |= _read(tx, some)
        lacking.clear()
    return made


class _Lacking(Exception):
    def __init__(self, run: _Place) -> None:
        super().__init__(run)
        self.run = run


class _Known:
    """The parents in what has been read."""

    def __init__(self, read: Mapping[_Place, _Run], prompt_id: str) -> None:
        self._read, self._prompt_id = read, prompt_id

    def __call__(self, number: int) -> Sequence[int]:
        run = (self._prompt_id, number // _RUN)
        if run not in self._read:
            raise _Lacking(run)
        return self._read[run].get(number, ())


def _read(tx: Tx, wanted: Iterable[_Place]) -> dict[_Place, _Run]:
    made: dict[_Place, defaultdict[int, list[int]]] = {run: defaultdict(list) for run in wanted}
    parent = version.alias("parent")
    rows = tx.conn.execute(
        select(version.c.prompt_id, version.c.number, parent.c.number.label("parent"))
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
            version.c.workspace_id == tx.workspace_id,
            or_(
                *(
                    and_(
                        version.c.prompt_id == prompt_id,
                        version.c.number >= run * _RUN,
                        version.c.number < (run + 1) * _RUN,
                    )
                    for prompt_id, run in made
                )
            ),
        )
        .order_by(version.c.prompt_id, version.c.number, version_parent.c.position)
    )
    for row in rows:
        made[row.prompt_id, row.number // _RUN][row.number].append(row.parent)
    return {place: {number: tuple(before) for number, before in run.items()} for place, run in made.items()}
