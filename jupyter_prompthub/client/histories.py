"""The history of a prompt, looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from ..core import records as r
from ..core.bisect import Bisection
from ..core.errors import InvalidInput
from .managing import in_path, items_of
from .merging import Merging

__all__ = ["Bisected", "Histories", "Trial"]


class Trial(NamedTuple):
    """A version that was judged in a bisection."""

    version: r.Version
    good: bool | None
    """None: it cannot be judged"""
    suspects: int
    """how many could have been the first bad version before it"""


class Bisected(NamedTuple):
    """What a bisection found."""

    first: r.VersionSummary | None
    """the first bad version; None: only versions are left that cannot be judged"""
    among: tuple[r.VersionSummary, ...]
    """what may be the first bad one, oldest first"""
    trials: int


class Histories(Merging):
    """What a client asks of a prompt's history."""

    def history(
        self, name: str, *, branch: str | None = None, search: str = ""
    ) -> Iterator[r.VersionSummary]:
        """Versions, newest first."""
        path = f"prompts/{self.prompt_id(name)}/versions"
        yield from items_of(
            lambda cursor: self._call(
                r.VersionPage, "GET", path, limit=200, branch=branch, search=search or None, cursor=cursor
            )
        )

    def diff(self, name: str, base: str, head: str) -> r.Comparison:
        """Two versions of a prompt, compared unit by unit."""
        path = f"prompts/{self.prompt_id(name)}/compare/{quote(base, safe='')}...{quote(head, safe='')}"
        return self._call(r.Comparison, "GET", path)

    def graph(self, name: str, branch: str | None = None) -> Iterator[r.GraphNode]:
        """The history as a graph, newest first: each version with its lane and the lines around it."""
        path = f"prompts/{self.prompt_id(name)}/graph"
        yield from items_of(
            lambda cursor: self._call(r.GraphPage, "GET", path, branch=branch, limit=500, cursor=cursor)
        )

    def text_changes(self, name: str, text: str) -> Iterator[r.TextChange]:
        """The versions in which ``text`` appeared or from which it disappeared, newest first."""
        path = f"prompts/{self.prompt_id(name)}/text-changes"
        yield from items_of(
            lambda cursor: self._call(r.TextChangePage, "GET", path, text=text, limit=200, cursor=cursor)
        )

    def blame(self, name: str, ref: str = "latest") -> r.Blame:
        """The version that brought each unit, and each line of a message."""
        return self._call(r.Blame, "GET", f"prompts/{self.prompt_id(name)}/blame", ref=ref)

    def dependents(
        self, name: str, *, text: str | None = None, after: str | None = None
    ) -> Iterator[r.Dependent]:
        """The prompts that include a snippet; with ``text`` or ``after`` (a ref) what changing it to that does to each."""
        path = f"prompts/{self.prompt_id(name)}/dependents"

        def ask(cursor: str | None) -> r.DependentList:
            if text is None and after is None:
                return self._call(r.DependentList, "GET", path, limit=200, cursor=cursor)
            change = r.DependentsPreview(text=text, after=after or "latest", limit=200, cursor=cursor)
            return self._call(r.DependentList, "POST", path, change)

        yield from items_of(ask)

    def callers(self, name: str, variable: str | None = None) -> r.CallerList:
        """Who runs a prompt (or gives it ``variable``), as its latest executions tell."""
        path = f"prompts/{self.prompt_id(name)}/callers"
        return self._call(r.CallerList, "GET", path, variable=variable)

    def bisect(
        self,
        name: str,
        judge: Callable[[r.Version], bool | None],
        *,
        good: Sequence[str],
        bad: str = "latest",
        told: Callable[[Trial], None] | None = None,
    ) -> Bisected:
        """Find the version that broke something, by judging as few as possible.

        Where no trial was bad, the given bad version is judged as well; where none was good, the given good ones.

        Args:
            judge: True: the version is good; False: bad; None: it cannot be judged.
            good: refs of versions without it.
            bad: the ref of a version with it.
            told: hears of each trial.

        Raises:
            InvalidInput: no good version came before the bad one, or a given one is not what it was said to be.
        """
        path = f"prompts/{self.prompt_id(name)}/versions"
        versions = {one.number: one for one in self.history(name)}
        numbers = {one.sha: one.number for one in versions.values()}
        parents = {
            one.number: tuple(numbers[sha] for sha in one.parents if sha in numbers)
            for one in versions.values()
        }

        def version(ref: str) -> r.Version:
            return self._call(r.Version, "GET", f"{path}/{in_path(ref)}")

        last, *fine = (numbers[version(ref).sha] for ref in (bad, *good))
        search = Bisection(parents.__getitem__, last, fine)
        verdicts: list[bool | None] = []

        def verdict(number: int) -> bool | None:
            tried = version(versions[number].sha)
            verdicts.append(judge(tried))
            if told is not None:
                told(Trial(tried, verdicts[-1], len(search.suspects)))
            return verdicts[-1]

        while (number := search.question()) is not None:
            answer = verdict(number)
            if answer is None:
                search.skip(number)
            else:
                search.mark(number, bad=not answer)
        no_good, no_bad = True not in verdicts, False not in verdicts
        if no_bad and verdict(last):
            raise InvalidInput(
                f"no version was found bad: {versions[last].short}, which was given as bad, is good too; "
                "give another bad version, or judge by something else"
            )
        for one in dict.fromkeys(fine) if no_good else ():
            if verdict(one) is False:
                raise InvalidInput(
                    f"{versions[one].short}, which was given as good, is bad; "
                    "give an earlier good version, or judge by something else"
                )
        first = None if search.found is None else versions[search.found]
        return Bisected(first, tuple(versions[each] for each in search.suspects), len(verdicts))
