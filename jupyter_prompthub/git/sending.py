"""What of a repository an import needs, in one bundle: commits, folders, files of prompts; nothing else leaves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .objects import BLOB, COMMIT, TREE, Entries, Objects
from .packs import bundle_of
from .reading import Scan, scan

__all__ = ["needed"]


class _Noting(Objects):
    """Remembers which folders were looked at."""

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self.trees: dict[bytes, None] = {}

    def entries(self, tree: bytes) -> Entries:
        self.trees[tree] = None
        return super().entries(tree)


def needed(store: Any, refs: Mapping[bytes, bytes]) -> bytes:
    """The bundle of a repository for an import.

    Raises:
        InvalidInput, TooLarge: it could not be imported.
    """
    objects = _Noting(store)
    found = scan(objects, refs)
    heads = {ref: found.commits[at].id for ref, at in _places(found).items()}
    return bundle_of(heads, _objects(objects, found))


def _places(found: Scan) -> dict[bytes, int]:
    return {
        **{b"refs/heads/" + name.encode(): at for name, at in found.branches.items()},
        **{b"refs/tags/" + name.encode(): at for name, at in found.tags.items()},
    }


def _objects(objects: _Noting, found: Scan) -> Iterator[tuple[int, bytes]]:
    for commit in found.commits:
        yield COMMIT, objects.raw(commit.id, COMMIT)
    for tree in objects.trees:
        yield TREE, objects.raw(tree, TREE)
    blobs = {oid for commit in found.commits for oid in commit.changes.values() if oid is not None}
    for oid in sorted(blobs):
        yield BLOB, objects.raw(oid, BLOB)
