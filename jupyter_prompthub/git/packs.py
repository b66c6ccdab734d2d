"""Repositories in one file (git bundles), and packs that are checked before anything of them is believed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from dulwich.errors import ApplyDeltaError, ChecksumMismatch, ObjectFormatException
from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.object_store import DiskObjectStore
from dulwich.objects import ShaFile
from dulwich.pack import UnresolvedDeltas, full_unpacked_object, write_pack_data

from ..core.errors import InvalidInput, TooLarge

__all__ = ["PackLimits", "bundle_of", "check_pack", "read_bundle", "store_in"]

_MAGIC: Final = b"# v2 git bundle\n"
_OFS, _REF = 6, 7
_CHUNK = 256 * 1024
_BROKEN = "the pack of the repository is broken"


@dataclass(frozen=True, slots=True)
class PackLimits:
    """What a pack may hold, when all of it is unpacked."""

    objects: int = 500_000
    object_bytes: int = 16 * 1024 * 1024
    total_bytes: int = 512 * 1024 * 1024
    delta_bytes: int = 2 * 1024 * 1024
    all_delta_bytes: int = 64 * 1024 * 1024


def bundle_of(refs: Mapping[bytes, bytes], objects: Iterable[tuple[int, bytes]]) -> bytes:
    """A git bundle: refs, and the objects (kind and bytes) that they lead to."""
    made: dict[bytes, ShaFile] = {}
    for kind, raw in objects:
        one = ShaFile.from_raw_string(kind, raw)
        made[bytes(one.id)] = one
    out = BytesIO()
    out.write(_MAGIC)
    for ref, oid in sorted(refs.items()):
        out.write(oid + b" " + ref + b"\n")
    out.write(b"\n")
    records = (full_unpacked_object(one) for one in made.values())
    write_pack_data(out.write, records, DEFAULT_OBJECT_FORMAT, num_records=len(made))
    return out.getvalue()


def read_bundle(data: bytes) -> tuple[dict[bytes, bytes], memoryview]:
    """The refs of a git bundle, and its pack.

    Raises:
        InvalidInput: none, or one that stands on commits which are not in it.
    """
    if not data.startswith(_MAGIC):
        raise InvalidInput(
            f"expected a git bundle of version 2, got {data[:16]!r}; make one with git bundle create FILE --all"
        )
    refs: dict[bytes, bytes] = {}
    at = len(_MAGIC)
    while True:
        end = data.find(b"\n", at, at + 4_096)
        if end < 0:
            raise InvalidInput("the bundle ends inside its list of branches")
        line, at = data[at:end], end + 1
        if not line:
            break
        if line.startswith(b"-"):
            raise InvalidInput(
                "the bundle stands on commits that are not in it: expected a whole one (git bundle create FILE --all)"
            )
        oid, _, ref = line.partition(b" ")
        if len(oid) != 40 or not ref:
            raise InvalidInput(f"the bundle has a line that names no branch: {line[:80]!r}")
        refs[ref] = oid
    return refs, memoryview(data)[at:]


def store_in(folder: Path, pack: bytes | memoryview, limits: PackLimits | None = None) -> DiskObjectStore:
    """Put a pack into a store of objects of its own, after checking it.

    Args:
        folder: empty, and private.

    Raises:
        InvalidInput: a broken pack.
        TooLarge: beyond a limit.
    """
    check_pack(pack, limits or PackLimits())
    store = DiskObjectStore.init(str(folder))
    file, commit, abort = store.add_pack()
    try:
        file.write(pack)
        commit()
    except (KeyError, ValueError, AssertionError, zlib.error, UnresolvedDeltas, ApplyDeltaError, ChecksumMismatch,
            ObjectFormatException) as error:  # fmt: skip
        abort()
        store.close()
        raise InvalidInput(f"{_BROKEN}: {str(error)[:200] or type(error).__name__}") from error
    return store


def check_pack(pack: bytes | memoryview, limits: PackLimits) -> None:
    """Walk through a pack without keeping any of it: what it says of sizes is true, and within limits.

    Raises:
        InvalidInput: broken.
        TooLarge: beyond a limit.
    """
    data = memoryview(pack)
    if bytes(data[:8]) != b"PACK\0\0\0\2" or len(data) < 32:
        raise InvalidInput(f"{_BROKEN}: expected a pack of version 2")
    count = int.from_bytes(data[8:12], "big")
    if count > limits.objects:
        raise _more("objects", limits.objects)
    walk = _Walk(data, limits)
    for _ in range(count):
        walk.one()
    if walk.at != len(data) - 20:
        raise InvalidInput(f"{_BROKEN}: expected its checksum at byte {walk.at}, of {len(data)}")


class _Walk:
    def __init__(self, data: memoryview, limits: PackLimits) -> None:
        self._data, self._limits = data, limits
        self.at = 12
        self._total = self._deltas = 0

    def one(self) -> None:
        first = self._byte()
        kind, size, shift = first >> 4 & 7, first & 15, 4
        while first & 0x80:
            first = self._byte()
            size |= (first & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise InvalidInput(f"{_BROKEN}: a size without end at byte {self.at}")
        if kind == _OFS:
            while self._byte() & 0x80:
                pass
        elif kind == _REF:
            self.at += 20
        elif kind not in (1, 2, 3, 4):
            raise InvalidInput(f"{_BROKEN}: an object of no kind at byte {self.at}")
        delta = kind in (_OFS, _REF)
        if delta:
            if size > self._limits.delta_bytes:
                raise _more("bytes in one change of an object", self._limits.delta_bytes)
            self._deltas += size
            if self._deltas > self._limits.all_delta_bytes:
                raise _more("bytes in changes of objects", self._limits.all_delta_bytes)
            self._count(_delta_size(b"".join(self._inflated(size))))
        else:
            self._count(size)
            for _ in self._inflated(size):
                pass

    def _count(self, size: int) -> None:
        if size > self._limits.object_bytes:
            raise _more("bytes in one object", self._limits.object_bytes)
        self._total += size
        if self._total > self._limits.total_bytes:
            raise _more("bytes when it is unpacked", self._limits.total_bytes)

    def _byte(self) -> int:
        if self.at >= len(self._data) - 20:
            raise InvalidInput(f"{_BROKEN}: it ends inside an object")
        self.at += 1
        return self._data[self.at - 1]

    def _inflated(self, size: int) -> Iterable[bytes]:
        """The unpacked bytes of an object, in pieces; they must be as many as it says."""
        inflate = zlib.decompressobj()
        found = 0
        try:
            while not inflate.eof:
                if inflate.unconsumed_tail:
                    piece = inflate.decompress(inflate.unconsumed_tail, _CHUNK)
                else:
                    chunk = self._data[self.at : min(self.at + _CHUNK, len(self._data) - 20)]
                    if not chunk:
                        raise InvalidInput(f"{_BROKEN}: it ends inside an object")
                    self.at += len(chunk)
                    piece = inflate.decompress(chunk, _CHUNK)
                found += len(piece)
                if found > size:
                    break
                yield piece
        except zlib.error as error:
            raise InvalidInput(f"{_BROKEN}: {error}") from error
        if found != size:
            raise InvalidInput(f"{_BROKEN}: an object says that it has {size} bytes, and has not")
        self.at -= len(inflate.unused_data)


def _delta_size(delta: bytes) -> int:
    """How large an object is that a change makes.

    Raises:
        InvalidInput: the change does not make what it says.
    """
    _, at = _number(delta, 0)
    wanted, at = _number(delta, at)
    made = 0
    while at < len(delta):
        op = delta[at]
        at += 1
        if op & 0x80:
            size = 0
            for bit in range(7):
                if op & 1 << bit:
                    if at >= len(delta):
                        raise InvalidInput(f"{_BROKEN}: a change ends in its middle")
                    if bit >= 4:
                        size |= delta[at] << 8 * (bit - 4)
                    at += 1
            made += size or 0x10000
        elif op:
            made += op
            at += op
        else:
            raise InvalidInput(f"{_BROKEN}: a change that is none")
    if made != wanted or at != len(delta):
        raise InvalidInput(f"{_BROKEN}: a change says that it makes {wanted} bytes, and makes {made}")
    return wanted


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise InvalidInput(f"{_BROKEN}: a change ends in its middle")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


def _more(what: str, limit: int) -> TooLarge:
    return TooLarge(
        f"the repository has more than {limit} {what}: expected at most that many. Nothing was imported.",
        details={"limit": limit},
    )
