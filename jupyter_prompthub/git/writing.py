"""Versions into a repository: a commit for each that is not there yet, and branches and tags that lead to them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.names import DEFAULT_BRANCH
from ..core.records import GitCommit, GitPrompt, GitVersion
from .layout import BESIDE, clash, message_of, path_of, place_message, ref_of, tag_ref
from .mapping import Graph, Known, Mapped, map_prompt
from .objects import BLOB, COMMIT, Objects
from .people import NOWHERE
from .reading import Commit, Scan, head_of, scan

__all__ = ["Written", "planned", "write"]


@dataclass(slots=True)
class Written:
    """What was written."""

    commits: int = 0
    refs: dict[bytes, tuple[bytes | None, bytes]] = field(default_factory=dict)
    """those that are to move: what they pointed to, and what they are to point to"""
    left: dict[str, str] = field(default_factory=dict)
    """what could not be written, and why"""


def write(store: Any, refs: Mapping[bytes, bytes], prompts: Sequence[GitPrompt]) -> Written:
    """Write the commits of prompts into a repository. Its refs are the caller's to move, as the answer says.

    Args:
        store: dulwich's store of the repository's objects.
        refs: what is there already: what it holds is not written again.

    Raises:
        InvalidInput, TooLarge: the repository that is there cannot be read.
    """
    return _Writer(Objects(store), refs, prompts).run()


def planned(store: Any, refs: Mapping[bytes, bytes], prompts: Sequence[GitPrompt]) -> Written:
    """What :func:`write` would write; the repository stays as it is."""
    return write(_Apart(store), refs, prompts)


class _Apart:
    """A store of objects that keeps what is added to itself."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._added: dict[bytes, tuple[int, bytes]] = {}

    def get_raw(self, oid: bytes) -> tuple[int, bytes]:
        return self._added.get(oid) or self._store.get_raw(oid)

    def add_objects(self, objects: Sequence[tuple[Any, None]]) -> None:
        for one, _ in objects:
            self._added[bytes(one.id)] = (int(one.type_num), one.as_raw_string())


class _One:
    """A prompt on its way: its versions, and the commits that they are."""

    def __init__(self, prompt: GitPrompt, there: Scan) -> None:
        self.prompt = prompt
        self.path = path_of(prompt.name)
        self.paths = [*(path_of(name) for name in prompt.former if name != prompt.name), self.path]
        self.versions = {one.sha: one for one in prompt.versions}
        self.graph = Graph(
            {one.sha: Known(one.number, one.parents, one.text_hash) for one in prompt.versions}
        )
        self.origins: dict[str, GitCommit] = {}
        for commit in prompt.commits:
            self.origins.setdefault(commit.sha, commit)
        known = {one.id.encode(): one.sha for one in prompt.commits}
        everything = range(len(there.commits))
        self.mapped: Mapped = map_prompt(there, self.paths, self.graph, known, _foreign, everything)
        self.places = {sha: there.commits[at].id for sha, at in self.mapped.exact.items()}
        """the commit of a version"""

    def chain(self, head: str, end: str | None) -> list[str]:
        """The versions from after ``end`` to ``head``, by first parents, oldest first; just ``head`` where that way does not
        lead past ``end``."""
        found = [head]
        while parents := self.versions[found[-1]].parents:
            if parents[0] == end:
                break
            found.append(parents[0])
        else:
            if end is not None:
                return [head]
        return found[::-1]


def _foreign(commit: Commit, parents: tuple[str, ...], blob: bytes) -> str:
    """What stands for a version that only the repository has."""
    return f"?{commit.id.decode()}"


class _Writer:
    def __init__(self, objects: Objects, refs: Mapping[bytes, bytes], prompts: Sequence[GitPrompt]) -> None:
        self._objects, self._refs = objects, refs
        self._there = scan(objects, refs)
        self._all = [_One(one, self._there) for one in sorted(prompts, key=lambda one: one.name)]
        self._made = Written()
        self._trees: dict[bytes, bytes] = {}
        """of the commits that are written"""
        self._parents: dict[bytes, tuple[bytes, ...]] = {}

    def run(self) -> Written:
        if len(self._all) == 1:
            self._beside(self._all[0])
        for one in self._all:
            for version in one.prompt.versions:
                if version.sha not in one.places:
                    one.places[version.sha] = self._commit(one, version)
        names = {name for one in self._all for name in one.prompt.branches if not name.startswith(BESIDE)}
        clashes = clash(names)
        for name in sorted(names - clashes.keys(), key=lambda name: (name != DEFAULT_BRANCH, name)):
            self._branch(name)
        self._made.left.update(clashes)
        self._tags()
        self._objects.flush()
        return self._made

    # ------------------------------------------------------------------ commits

    def _beside(self, one: _One) -> None:
        """In the repository of a single prompt, new versions follow what else was committed after the last one."""
        for _, at in sorted(
            self._there.branches.items(), key=lambda item: (item[0] == DEFAULT_BRANCH, item[0])
        ):
            sha = one.mapped.versions[at]
            if sha in one.versions and at not in one.mapped.gone and at not in one.mapped.bad:
                one.places[sha] = self._there.commits[at].id

    def _commit(self, one: _One, version: GitVersion) -> bytes:
        parents = tuple(one.places[sha] for sha in version.parents)
        tree = self._tree_with(self._tree(parents[0]) if parents else None, one, version)
        origin = one.origins.get(version.sha)
        raw = base64.b64decode(origin.raw) if origin is not None else None
        if raw is not None and head_of(raw)[:2] == (tree, parents):
            return self._add(raw, tree, parents)
        people = _people(raw) if raw is not None else _person(version)
        return self._add(_commit(tree, parents, people, message_of(one.prompt.id, version)), tree, parents)

    def _add(self, raw: bytes, tree: bytes, parents: tuple[bytes, ...]) -> bytes:
        made = self._objects.add(COMMIT, raw)
        self._trees[made], self._parents[made] = tree, parents
        self._made.commits += 1
        return made

    def _tree(self, commit: bytes) -> bytes:
        known = self._trees.get(commit)
        if known is None:
            tree, parents, _ = head_of(self._objects.raw(commit, COMMIT))
            known = self._trees[commit] = tree
            self._parents[commit] = parents
        return known

    def _tree_with(self, tree: bytes | None, one: _One, version: GitVersion) -> bytes:
        blob = self._objects.add(BLOB, version.text.encode())
        for path in one.paths[:-1]:
            if tree is not None and self._objects.find(tree, path) is not None:
                tree = self._objects.with_file(tree, path, None)
        made = self._objects.with_file(tree, one.path, blob)
        assert made is not None  # it has this file
        return made

    # ------------------------------------------------------------------ branches

    def _branch(self, name: str) -> None:
        at = self._there.branches.get(name)
        tip = old = self._there.commits[at].id if at is not None else None
        members = [(one, one.prompt.branches[name]) for one in self._all if name in one.prompt.branches]
        if tip is None and len(members) == 1:
            one, head = members[0]
            self._move(ref_of(name), None, one.places[head])
            return
        coming = [(one, sha) for one, head in members for sha in self._coming(one, head, name, at)]
        coming.sort(key=lambda item: _when(*item))
        for one, sha in coming:
            tip = self._advanced(tip, name, one, one.versions[sha])
        if tip is not None and tip != old:
            self._move(ref_of(name), old, tip)

    def _coming(self, one: _One, head: str, name: str, at: int | None) -> list[str]:
        """The versions that a branch of the repository lacks."""
        there = one.mapped.versions[at] if at is not None else None
        if at is None or there is None:
            return one.chain(head, None)
        if there == head and at not in one.mapped.gone:
            return []
        said = f"{one.prompt.name}@{name}"
        if at in one.mapped.gone:
            self._made.left[said] = "its file was deleted in the repository; it is left like that"
        elif there not in one.versions:
            self._made.left[said] = "the repository has changes that are not here: import them first"
        elif one.graph.leads(there, head):
            return one.chain(head, there)
        elif one.graph.leads(head, there):
            self._made.left[said] = "the repository is ahead of it: import it first"
        else:
            self._made.left[said] = (
                "the branch went another way in the repository: import it, and merge the review"
            )
        return []

    def _advanced(self, tip: bytes | None, name: str, one: _One, version: GitVersion) -> bytes:
        """A branch with a version: the version's own commit where that leaves nothing out, else one that brings it."""
        mine = one.places[version.sha]
        if tip is None:
            return mine
        tree = self._tree_with(self._tree(tip), one, version)
        if self._tree(mine) == tree and tip in self._parents[mine]:
            return mine
        message = place_message(one.prompt.name, name, version)
        parents = (tip, mine)
        return self._add(_commit(tree, parents, _person(version), message), tree, parents)

    def _tags(self) -> None:
        wanted: dict[str, tuple[_One, str]] = {}
        for one in self._all:
            for tag, sha in one.prompt.tags.items():
                wanted[tag if len(self._all) == 1 else f"{one.prompt.name}@{tag}"] = (one, sha)
        clashes = clash(wanted)
        self._made.left.update({f"tag {name}": why for name, why in clashes.items()})
        for name, (one, sha) in sorted(wanted.items()):
            if name in clashes:
                continue
            at = self._there.tags.get(name)
            if at is None:
                self._move(tag_ref(name), None, one.places[sha])
            elif one.mapped.versions[at] != sha:
                self._made.left[f"tag {name}"] = "it names something else in the repository"

    def _move(self, ref: bytes, old: bytes | None, new: bytes) -> None:
        self._made.refs[ref] = (old, new)


def _when(one: _One, sha: str) -> tuple[str, str, int]:
    version = one.versions[sha]
    return version.created_at, one.prompt.name, version.number


def _person(version: GitVersion) -> tuple[bytes, bytes]:
    """The author and committer lines of a version."""
    name = (
        "".join(c for c in version.author.display_name if c not in "<>\n\r\0").strip(" .,:;\"'") or "unknown"
    )
    at = int(datetime.fromisoformat(version.created_at).timestamp())
    line = f"{name} <{version.author.id}{NOWHERE}> {at} +0000".encode()
    return b"author " + line, b"committer " + line


def _people(raw: bytes) -> tuple[bytes, bytes]:
    """The author and committer lines of a commit that a version was made from."""
    lines = raw.partition(b"\n\n")[0].split(b"\n")

    def one(kind: bytes) -> bytes:
        return next(line for line in lines if line.startswith(kind))

    return one(b"author "), one(b"committer ")


def _commit(tree: bytes, parents: Iterable[bytes], people: tuple[bytes, bytes], message: bytes) -> bytes:
    lines: Iterator[bytes] = iter((b"tree " + tree, *(b"parent " + one for one in parents), *people))
    return b"\n".join(lines) + b"\n\n" + message
