"""Finding the version that broke something: the bisection of a graph of versions.

As ``git bisect``: each question halves what may still be the first bad version, whatever the branches and merges.
A version that cannot be judged is skipped, and another one asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .errors import InvalidInput
from .history import walk

__all__ = ["Bisection"]


class Bisection:
    """The state of one search.

    Args:
        parents: numbers of a version's parents.
        bad: a version that has it.
        good: versions that do not have it.

    Raises:
        InvalidInput: no good version came before the bad one.
    """

    def __init__(self, parents: Callable[[int], Sequence[int]], bad: int, good: Iterable[int]) -> None:
        self._parents = parents
        self._bad = bad
        self._good = set(good)
        self._skipped: set[int] = set()
        history = set(walk([bad], parents))
        if not self._good & history or bad in self._good:
            raise InvalidInput(
                "the good version must have come before the bad one: give another --good or --bad"
            )

    def _suspects(self) -> list[int]:
        """What came into the bad version, itself included, and into no good one: oldest first."""
        fine = set(walk(self._good, self._parents))
        return sorted(set(walk([self._bad], self._parents)) - fine)

    @property
    def suspects(self) -> tuple[int, ...]:
        """What may be the first bad version still, oldest first."""
        return tuple(self._suspects())

    @property
    def found(self) -> int | None:
        """The first bad version, once nothing else is left."""
        suspects = self._suspects()
        return suspects[0] if len(suspects) == 1 else None

    def question(self) -> int | None:
        """The version to try next; None: it is found, or only skipped ones are left."""
        suspects = self._suspects()
        # a set of versions is a number with their bits: unions are cheap in any graph
        behind: dict[int, int] = {}
        for at, each in enumerate(suspects):
            bits = 1 << at
            for parent in self._parents(each):
                bits |= behind.get(parent, 0)
            behind[each] = bits
        asked = [each for each in suspects if each != self._bad and each not in self._skipped]

        def halves(each: int) -> int:
            count = behind[each].bit_count()
            return min(count, len(suspects) - count)

        return max(asked, key=lambda each: (halves(each), -each), default=None)

    def mark(self, version: int, *, bad: bool) -> None:
        """What a trial came to."""
        if bad:
            self._bad = version
        else:
            self._good.add(version)

    def skip(self, version: int) -> None:
        """It cannot be judged."""
        self._skipped.add(version)
