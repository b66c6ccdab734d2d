"""A repository's commits, parents first, each with the prompt files that it changed: read within limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from ..core.errors import InvalidInput, TooLarge
from .layout import SUFFIX, Said, branch_of, hostile, name_of, odd, said, tag_of
from .objects import COMMIT, FOLDER, TAG, Objects, missing

__all__ = ["Commit", "Limits", "Scan", "head_of", "scan"]

_DEPTH = 8
"""folders in a prompt's name"""
_LINK, _SUBMODULE = 0o120000, 0o160000
_LEFT = 200
"""paths that a report names"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a repository may hold."""

    commits: int = 20_000
    changes: int = 200_000
    """of prompt files, all commits together"""
    entries: int = 5_000_000
    """files and folders that are looked at"""
    refs: int = 5_000


@dataclass(slots=True)
class Commit:
    """One commit; what it says can be read again by its id."""

    id: bytes
    parents: tuple[int, ...]
    """indices into the scan"""
    tree: bytes
    said: Said | None
    changes: Mapping[str, bytes | None]
    """by path, against the first parent: the id of the file's content; None: it is gone"""


@dataclass(slots=True)
class Scan:
    """What was read."""

    objects: Objects
    commits: list[Commit] = field(default_factory=list)
    """parents before children"""
    branches: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    """of prompt files -> the name of the prompt"""
    left: dict[str, str] = field(default_factory=dict)
    """paths and refs that are no prompts and no branches, and why"""
    others: int = 0
    """files of other kinds"""


def head_of(raw: bytes) -> tuple[bytes, tuple[bytes, ...], int]:
    """Tree, parents and time of a commit object.

    Raises:
        ValueError: it is none.
    """
    head = raw.partition(b"\n\n")[0].split(b"\n")
    if not head[0].startswith(b"tree "):
        raise ValueError("no tree")
    parents = []
    for line in head[1:]:
        if not line.startswith(b"parent "):
            break
        parents.append(line[7:])
    committer = next((line for line in head if line.startswith(b"committer ")), b"")
    words = committer.rpartition(b">")[2].split()
    tree = head[0][5:]
    if any(len(oid) != 40 for oid in (tree, *parents)):
        raise ValueError("no ids")
    at = int(words[0]) if words and words[0].lstrip(b"-").isdigit() else 0
    return tree, tuple(dict.fromkeys(parents)), at


def scan(objects: Objects, refs: Mapping[bytes, bytes], limits: Limits | None = None) -> Scan:
    """Read what branches and tags lead to.

    Args:
        refs: git refs and what they point to.

    Raises:
        InvalidInput: not whole, or a path that no repository may hold; the message names it.
        TooLarge: beyond a limit.
    """
    return _Reader(objects, limits or Limits()).run(refs)


class _Reader:
    def __init__(self, objects: Objects, limits: Limits) -> None:
        self._objects, self._limits = objects, limits
        self._made = Scan(objects)
        self._looked = 0
        self._changes = 0

    def run(self, refs: Mapping[bytes, bytes]) -> Scan:
        if len(refs) > self._limits.refs:
            raise _more("branches and tags", len(refs), self._limits.refs)
        heads: dict[bytes, bytes] = {}
        for ref, oid in sorted(refs.items()):
            if not ref.startswith((b"refs/heads/", b"refs/tags/")):
                continue
            if ref.startswith(b"refs/heads/") and branch_of(ref) is None:
                self._leave(ref.decode("utf-8", "replace"), "no branch may be called that")
            elif (commit := self._peeled(oid)) is None:
                self._leave(ref.decode("utf-8", "replace"), "it names no commit")
            else:
                heads[ref] = commit
        places: dict[bytes, int] = {}
        for oid, tree, parents, message in self._ordered(set(heads.values())):
            places[oid] = len(self._made.commits)
            before = tuple(places[one] for one in parents)
            base = self._made.commits[before[0]].tree if before else None
            self._made.commits.append(
                Commit(oid, before, tree, said(message), dict(self._changed(base, tree)))
            )
        for ref, oid in heads.items():
            if (branch := branch_of(ref)) is not None:
                self._made.branches[branch] = places[oid]
            elif (tag := tag_of(ref)) is not None:
                self._made.tags[tag] = places[oid]
        return self._made

    def _peeled(self, oid: bytes) -> bytes | None:
        """The commit that a ref leads to, through at most 8 annotated tags."""
        for _ in range(8):
            kind = self._objects.kind(oid)
            if kind == COMMIT:
                return oid
            if kind != TAG:
                return None
            first = self._objects.raw(oid, TAG).partition(b"\n")[0]
            oid = first.removeprefix(b"object ")
        return None

    def _ordered(self, heads: set[bytes]) -> Iterator[tuple[bytes, bytes, tuple[bytes, ...], bytes]]:
        """All commits that heads lead to, each after its parents, the older one first where both could be next."""
        known: dict[bytes, tuple[bytes, tuple[bytes, ...], int, bytes]] = {}
        children: dict[bytes, list[bytes]] = {}
        waiting: dict[bytes, int] = {}
        stack = sorted(heads)
        while stack:
            oid = stack.pop()
            if oid in known:
                continue
            raw = self._objects.raw(oid, COMMIT)
            try:
                tree, parents, at = head_of(raw)
            except ValueError as error:
                raise missing(oid) from error
            message = raw.partition(b"\n\n")[2]
            # only what our trailers say is kept, and they stand at the end
            known[oid] = (tree, parents, at, message if b"PromptHub-" in message else b"")
            if len(known) > self._limits.commits:
                raise _more("commits", len(known), self._limits.commits)
            waiting[oid] = len(parents)
            for parent in parents:
                children.setdefault(parent, []).append(oid)
                stack.append(parent)
        ready = [(known[oid][2], oid) for oid, count in waiting.items() if not count]
        heapify(ready)
        while ready:
            _, oid = heappop(ready)
            tree, parents, _, message = known[oid]
            yield oid, tree, parents, message
            for child in children.get(oid, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    heappush(ready, (known[child][2], child))

    def _changed(self, old: bytes | None, new: bytes | None) -> Iterator[tuple[str, bytes | None]]:
        """The prompt files that differ between two folders."""
        stack: list[tuple[str, bytes | None, bytes | None, int]] = [("", old, new, 0)]
        while stack:
            prefix, left, right, depth = stack.pop()
            before = self._objects.entries(left) if left else {}
            after = self._objects.entries(right) if right else {}
            self._looked += len(after)
            if self._looked > self._limits.entries:
                raise _more("files", self._looked, self._limits.entries)
            for name, (mode, oid) in after.items():
                was_mode, was = before.get(name, (0, None))
                if was == oid and was_mode == mode:
                    continue
                path = self._path(prefix, name)
                if path is None:
                    continue
                if mode == FOLDER:
                    if depth < _DEPTH:
                        stack.append((f"{path}/", was if was_mode == FOLDER else None, oid, depth + 1))
                    else:
                        self._leave(path, f"deeper than {_DEPTH} folders")
                elif was_mode == FOLDER and depth < _DEPTH:
                    stack.append((f"{path}/", was, None, depth + 1))
                if mode != FOLDER and self._is_prompt(path, mode):
                    yield self._count(path), oid
                elif (
                    was is not None
                    and was_mode not in (FOLDER, 0)
                    and mode == FOLDER
                    and path in self._made.paths
                ):
                    yield self._count(path), None
            for name, (mode, oid) in before.items():
                if name in after or odd(name):
                    continue
                path = prefix + name.decode()
                if mode == FOLDER:
                    if depth < _DEPTH:
                        stack.append((f"{path}/", oid, None, depth + 1))
                elif path in self._made.paths:
                    yield self._count(path), None

    def _path(self, prefix: str, name: bytes) -> str | None:
        """The path of an entry; None: it cannot be a prompt's."""
        shown = (prefix + name.decode("utf-8", "backslashreplace"))[:200]
        why = hostile(name)
        if why is None and (strange := odd(name)):
            if not name.endswith(SUFFIX.encode()):
                self._leave(shown, strange)
                return None
            why = strange
        if why:
            raise InvalidInput(
                f"the repository holds {shown!r}: {why}. Nothing was imported.", details={"path": shown}
            )
        return prefix + name.decode()

    def _is_prompt(self, path: str, mode: int) -> bool:
        if not path.endswith(SUFFIX):
            self._made.others += 1
            return False
        if mode in (_LINK, _SUBMODULE):
            kind = "a symbolic link" if mode == _LINK else "a submodule"
            raise InvalidInput(
                f"the repository holds {path[:200]!r}: expected the file of a prompt, got {kind}. Nothing was imported.",
                details={"path": path[:200]},
            )
        if path in self._made.paths:
            return True
        try:
            self._made.paths[path] = name_of(path)
        except InvalidInput as error:
            self._leave(path, error.message)
            return False
        return True

    def _count(self, path: str) -> str:
        self._changes += 1
        if self._changes > self._limits.changes:
            raise _more("changes of prompts", self._changes, self._limits.changes)
        return path

    def _leave(self, what: str, why: str) -> None:
        if len(self._made.left) < _LEFT:
            self._made.left.setdefault(what[:200], why)


def _more(what: str, count: int, limit: int) -> TooLarge:
    return TooLarge(
        f"the repository has more than {limit} {what}: expected at most that many. Nothing was imported; take fewer "
        "branches, or a part of it.",
        details={"limit": limit, "count": count},
    )
