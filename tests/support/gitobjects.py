"""Repositories made object by object: also such as git itself would not make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dulwich.object_store import MemoryObjectStore
from dulwich.objects import ShaFile

from jupyter_prompthub.git.packs import bundle_of

__all__ = ["Made"]

Tree = Mapping[bytes, "bytes | Tree | tuple[int, bytes]"]


class Made:
    """A repository in memory. A tree maps names to the bytes of files, to trees, or to (mode, id)."""

    def __init__(self) -> None:
        self.store = MemoryObjectStore()
        self.objects: dict[bytes, tuple[int, bytes]] = {}
        self.refs: dict[bytes, bytes] = {}
        self._clock = 1_700_000_000

    def add(self, kind: int, raw: bytes) -> bytes:
        made = ShaFile.from_raw_string(kind, raw)
        self.store.add_object(made)
        self.objects[bytes(made.id)] = (kind, raw)
        return bytes(made.id)

    def tree(self, entries: Tree) -> bytes:
        rows = []
        for name, value in entries.items():
            if isinstance(value, bytes):
                mode, oid = 0o100644, self.add(3, value)
            elif isinstance(value, tuple):
                mode, oid = value
            else:
                mode, oid = 0o040000, self.tree(value)
            rows.append((name + (b"/" if mode == 0o040000 else b""), name, mode, oid))
        raw = b"".join(
            b"%o %s\0" % (mode, name) + bytes.fromhex(oid.decode()) for _, name, mode, oid in sorted(rows)
        )
        return self.add(2, raw)

    def commit(
        self,
        entries: Tree,
        *parents: bytes,
        message: str = "",
        branch: str | None = None,
        tree: bytes | None = None,
        who: str = "Ada Löwe <ada@example.com>",
        at: int | None = None,
    ) -> bytes:
        self._clock += 60
        by = f"{who} {self._clock if at is None else at} +0530".encode()
        lines = [b"tree " + (tree or self.tree(entries)), *(b"parent " + one for one in parents)]
        lines += [b"author " + by, b"committer " + by, b"", message.encode()]
        made = self.add(1, b"\n".join(lines))
        if branch is not None:
            self.refs[b"refs/heads/" + branch.encode()] = made
        return made

    def bundle(self, without: Sequence[bytes] = ()) -> bytes:
        """All of it, but for some objects."""
        return bundle_of(self.refs, [one for oid, one in self.objects.items() if oid not in without])


def nested(path: str, value: Any) -> Tree:
    """A tree with one file."""
    first, _, rest = path.encode().partition(b"/")
    return {first: nested(rest.decode(), value) if rest else value}
