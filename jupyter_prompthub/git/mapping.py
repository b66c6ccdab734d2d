"""Which version of a prompt each commit of a repository stands for (``docs/formats/git.md``)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..core.history import walk
from .objects import BLOB
from .reading import Commit, Scan

__all__ = ["Graph", "Known", "Mapped", "map_prompt"]


@dataclass(frozen=True, slots=True)
class Known:
    """A version as far as a commit is compared with it."""

    number: int
    parents: tuple[str, ...]
    text_hash: str


class Graph:
    """A prompt's versions, those that an import adds included."""

    def __init__(self, versions: Mapping[str, Known]) -> None:
        self.versions = dict(versions)
        self._by_number = {one.number: sha for sha, one in versions.items()}
        self._last = max(self._by_number, default=0)

    def add(self, sha: str, parents: Sequence[str], text_hash: str) -> None:
        """Add a version; its parents are there."""
        if sha not in self.versions:
            self._last += 1
            self.versions[sha] = Known(self._last, tuple(parents), text_hash)
            self._by_number[self._last] = sha

    def parents(self, number: int) -> Sequence[int]:
        """The numbers of a version's parents."""
        return [self.versions[one].number for one in self.versions[self._by_number[number]].parents]

    def leads(self, old: str, new: str) -> bool:
        """Whether ``new`` came from ``old``, or is it."""
        wanted = self.versions[old].number
        for number in walk([self.versions[new].number], self.parents):
            if number <= wanted:
                return number == wanted
        return False

    def newest(self, shas: Sequence[str]) -> list[str]:
        """Those that no other one came from, in their order."""
        return [one for one in shas if not any(other != one and self.leads(one, other) for other in shas)]


@dataclass(slots=True)
class Mapped:
    """What the commits of a scan are to one prompt."""

    versions: list[str | None] = field(default_factory=list)
    """by commit: the version that it stands for"""
    gone: set[int] = field(default_factory=set)
    """commits without the file, that came from some with it"""
    bad: dict[int, str] = field(default_factory=dict)
    """commits whose text cannot become a version -> the id of the text"""
    exact: dict[str, int] = field(default_factory=dict)
    """versions that a commit is itself"""


Make = Callable[[Commit, tuple[str, ...], bytes], str | None]
"""(commit, parents, id of the text) -> the SHA of a new version; None: the text cannot become one"""


class _Texts:
    """Hashes of texts by the ids of their blobs."""

    def __init__(self, scan: Scan) -> None:
        self._objects = scan.objects
        self._known: dict[bytes, str] = {}

    def __call__(self, blob: bytes) -> str:
        found = self._known.get(blob)
        if found is None:
            found = self._known[blob] = hashlib.sha256(self._objects.raw(blob, BLOB)).hexdigest()
        return found


def map_prompt(
    scan: Scan,
    paths: Iterable[str],
    graph: Graph,
    known: Mapping[bytes, str],
    make: Make,
    heads: Iterable[int],
) -> Mapped:
    """Map commits to versions of one prompt.

    Args:
        paths: where its file may stand; the last one counts most.
        graph: the versions that are there; new ones are added.
        known: by commit id, the version that an earlier import made from it.
        make: makes a version that is not there.
        heads: the commits that count; no version is made that none of them needs.
    """
    return _Mapper(scan, tuple(paths), graph, known, make).run(heads)


class _Mapper:
    def __init__(
        self, scan: Scan, paths: tuple[str, ...], graph: Graph, known: Mapping[bytes, str], make: Make
    ) -> None:
        self._scan, self._paths, self._graph, self._known, self._make = scan, paths, graph, known, make
        self._hash = _Texts(scan)
        self._made = Mapped()

    def run(self, heads: Iterable[int]) -> Mapped:
        commits, made = self._scan.commits, self._made
        needed = self._needed(heads)
        held: list[Mapping[str, bytes]] = []
        for at, commit in enumerate(commits):
            files: Mapping[str, bytes] = held[commit.parents[0]] if commit.parents else {}
            touched = {path: commit.changes[path] for path in self._paths if path in commit.changes}
            if touched:
                files = {path: oid for path, oid in {**files, **touched}.items() if oid is not None}
            held.append(files)
            if not needed[at]:
                made.versions.append(None)
                continue
            before = list(dict.fromkeys(one for p in commit.parents if (one := made.versions[p]) is not None))
            blob = next((files[path] for path in reversed(self._paths) if path in files), None)
            if blob is None:
                made.versions.append(before[0] if before else None)
                if before:
                    made.gone.add(at)
                continue
            marked = commit.said is not None or commit.id in self._known
            if len(commit.parents) == 1 and not touched and not marked:
                made.versions.append(made.versions[commit.parents[0]])
                if commit.parents[0] in made.bad:
                    made.bad[at] = made.bad[commit.parents[0]]
                continue
            made.versions.append(self._version(at, commit, before, blob))
        return made

    def _needed(self, heads: Iterable[int]) -> list[bool]:
        """Which commits heads lead to, without what lies behind those that an earlier import took."""
        needed = [False] * len(self._scan.commits)
        for head in heads:
            needed[head] = True
        for at in range(len(needed) - 1, -1, -1):
            commit = self._scan.commits[at]
            if needed[at] and not self._taken(commit):
                for parent in commit.parents:
                    needed[parent] = True
        return needed

    def _taken(self, commit: Commit) -> bool:
        return self._known.get(commit.id) in self._graph.versions

    def _version(self, at: int, commit: Commit, before: list[str], blob: bytes) -> str | None:
        sha = self._identified(commit, before, blob)
        if sha is None:
            same = [one for one in before if self._graph.versions[one].text_hash == self._hash(blob)]
            parents = self._parents(commit, before, same)
            if parents is None:
                return same[-1]
            sha = self._make(commit, parents, blob)
            if sha is None:
                self._made.bad[at] = blob.decode()
                return before[0] if before else None
            self._graph.add(sha, parents, self._hash(blob))
        self._made.exact.setdefault(sha, at)
        return sha

    def _identified(self, commit: Commit, before: list[str], blob: bytes) -> str | None:
        """The version that a commit is: one that an import made from it, or one that it says it is, and that has this very
        text and these very parents."""
        claimed = self._known.get(commit.id)
        if claimed in self._graph.versions and self._graph.versions[claimed].text_hash == self._hash(blob):
            return claimed
        if commit.said is None or commit.said.version not in self._graph.versions:
            return None
        one = self._graph.versions[commit.said.version]
        fits = one.text_hash == self._hash(blob) and list(one.parents) == before
        return commit.said.version if fits else None

    def _parents(self, commit: Commit, before: list[str], same: list[str]) -> tuple[str, ...] | None:
        """The parents of the new version that a commit is; None: it is none, and stands for the last of ``same``."""
        if len(before) < 2:
            return None if same else tuple(before)
        if same and commit.said is not None:
            return None  # it brings a version of this prompt, or of another one, to a branch
        newest = self._graph.newest(before)
        if newest == before[:1]:
            if before[0] in same:
                same[:] = before[:1]
                return None
            return (before[0],)
        return tuple(newest) if len(newest) > 1 else (before[0], newest[0])
