"""The graph of a prompt's versions, read in runs as a walk gets there."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
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

_AHEAD = 16
"""runs that are read at once for a walk that goes far"""

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
    """``edges(number)``: the numbers of a version's parents. One statement reads 256 neighbours; of a walk that goes on
    from one run to the next, each statement twice as many runs as the one before."""

    def __init__(self, tx: Tx, prompt_id: str) -> None:
        self._tx = tx
        self._prompt_id = prompt_id
        self._runs: dict[int, _Run] = {}
        self._next = 1

    def __call__(self, number: int) -> Sequence[int]:
        run = self._runs.get(number // _RUN)
        if run is None:
            run = self._run(number // _RUN)
        return run.get(number, ())

    def _run(self, at: int) -> _Run:
        tx, prompt_id = self._tx, self._prompt_id
        if (known := _MEMORY.get((tx.workspace_id, prompt_id, at))) is not None:
            self._runs[at] = known
            return known
        wanted = [one for one in range(max(0, at + 1 - self._next), at + 1) if one not in self._runs]
        self._next = min(2 * self._next, _AHEAD)
        for (_, one), run in _read(tx, [(prompt_id, one) for one in wanted]).items():
            self._runs[one] = run
        newest = max(one for one, edges in self._runs.items() if edges or one == at)
        if not tx.operation.writes:  # a write may be rolled back
            for one in wanted:
                if one < newest:  # full for good: numbers have no gaps, and a later run is there
                    _MEMORY.put((tx.workspace_id, prompt_id, one), self._runs[one])
        return self._runs[at]


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
                        version.c.number >= first * _RUN,
                        version.c.number < (last + 1) * _RUN,
                    )
                    for prompt_id, first, last in _stretches(made)
                )
            ),
        )
        .order_by(version.c.prompt_id, version.c.number, version_parent.c.position)
    ).all()
    for prompt_id, number, before in rows:
        made[prompt_id, number // _RUN][number].append(before)
    return {place: {number: tuple(before) for number, before in run.items()} for place, run in made.items()}


def _stretches(places: Iterable[_Place]) -> Iterator[tuple[str, int, int]]:
    """Neighbouring runs of one prompt as one: its id, the first and the last. A range is read faster than many."""
    first: _Place | None = None
    last = ("", 0)
    for place in sorted(places):
        if first is not None and place != (last[0], last[1] + 1):
            yield (*first, last[1])
            first = None
        first, last = first or place, place
    if first is not None:
        yield (*first, last[1])
