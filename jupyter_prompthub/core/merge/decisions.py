"""What people decided about conflicts, each taken once: what is left over was no conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import InvalidInput
from ..records import Conflict, ConflictKind, ConflictResolution, UnitKind
from .bases import is_marked
from .texts import read

__all__ = ["Decision", "Decisions", "no_conflict"]

_TOLD = 10
"""ids of open conflicts that a message tells"""

Pick = Literal["base", "ours", "theirs", "keep"]


def no_conflict(ids: Sequence[str], open_: Sequence[str]) -> InvalidInput:
    """What is raised for decisions about what is no open conflict; it tells those that are."""
    more = f", and {len(open_) - _TOLD} more" if len(open_) > _TOLD else ""
    return InvalidInput(
        f"no conflict: {', '.join(ids)}; it is spelled otherwise, the branches moved, or it was decided with "
        f"another one. Open: {', '.join(open_[:_TOLD]) or 'none'}{more}.",
        details={"open": list(open_)},
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """One resolution: a side, a side for each open run, or a text."""

    id: str
    side: Pick
    picks: tuple[Pick, ...] | None = None
    text: str | None = None

    def value(self, path: str) -> Any:
        """The text as the value of a unit."""
        try:
            return read(path, self.text or "")
        except InvalidInput as error:
            raise InvalidInput(f"the resolution of {self.id}: {error.message}") from error


class Decisions:
    """The resolutions of one merge."""

    def __init__(self, resolutions: Iterable[ConflictResolution] = ()) -> None:
        self._open: dict[str, ConflictResolution] = {}
        self.taken: set[str] = set()
        self.at: dict[str, str] = {}
        """ids of what was decided, by path"""
        self.wrote = False
        """the text of a segment was given"""
        self.written: list[str] = []
        """ids of the conflicts of other units whose text was given"""
        self.marked = False
        """a text was given that marks where merge bases differ"""
        for one in resolutions:
            self.marked |= is_marked(one.text or "")
            given = [each for each in (one.pick, one.picks, one.text) if each is not None]
            if len(given) != 1:
                raise InvalidInput(
                    f"the resolution of {one.id}: expected one of pick, picks and text, got {len(given)}"
                )
            if one.id in self._open:
                raise InvalidInput(f"{one.id} is resolved twice; send one resolution for each conflict")
            self._open[one.id] = one

    def take(self, conflict: Conflict) -> Decision | None:
        """The decision of this conflict, if there is one."""
        one = self._open.pop(conflict.id, None)
        if one is None:
            return None
        self.taken.add(conflict.id)
        self.at[conflict.path] = conflict.id
        if one.pick == "keep" and conflict.kind is not ConflictKind.SEMANTIC:
            raise InvalidInput(
                f"{conflict.id} can be resolved with base, ours or theirs, or a text; not with keep"
            )
        if one.text is not None and conflict.kind is ConflictKind.ORDER:
            raise InvalidInput(f"{conflict.id} can be resolved with base, ours or theirs; not with a text")
        if one.picks is not None:
            wanted = sum(chunk.text is None for chunk in conflict.chunks)
            if not wanted:
                raise InvalidInput(f"{conflict.id} has no open runs: resolve it with one side, or a text")
            if len(one.picks) != wanted:
                raise InvalidInput(f"{conflict.id} has {wanted} open runs, got {len(one.picks)} picks")
        if one.text is not None and conflict.unit is UnitKind.SEGMENT:
            self.wrote = True
        elif one.text is not None:
            self.written.append(conflict.id)
        return Decision(id=one.id, side=one.pick or "base", picks=one.picks, text=one.text)

    def finish(self, spent: Set[str], open_: Iterable[Conflict]) -> None:
        """Refuse what was resolved and is no conflict, unless another one took it away (``spent``).

        Args:
            open_: the conflicts that nobody decided.
        """
        if left := sorted(self._open.keys() - spent):
            raise no_conflict(left, [one.id for one in open_])
