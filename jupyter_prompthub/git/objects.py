"""Git objects by their ids: read within limits, written in packs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from dulwich.errors import ApplyDeltaError, ChecksumMismatch, ObjectFormatException
from dulwich.objects import ShaFile, Tree, parse_tree

from ..core.errors import InvalidInput, TooLarge

__all__ = ["BLOB", "COMMIT", "FILE", "FOLDER", "TREE", "Entries", "Objects", "missing"]

COMMIT: Final = 1
TREE: Final = 2
BLOB: Final = 3
TAG: Final = 4
FILE: Final = 0o100644
FOLDER: Final = 0o040000

MOST_BYTES: Final = {COMMIT: 64 * 1024, TREE: 8 * 1024 * 1024, TAG: 64 * 1024}
MOST_TEXT: Final = 262_144
"""characters of a prompt's text"""
_AT_ONCE = 4_000
"""objects in a pack"""
_TREES = 512
"""trees that are remembered"""

Entries = Mapping[bytes, tuple[int, bytes]]
"""name -> mode and id"""


def missing(oid: bytes) -> InvalidInput:
    """An object that should be there is not."""
    return InvalidInput(
        f"the repository is not whole: the object {oid.decode('ascii', 'replace')} is missing or broken. Expected all that "
        "its branches lead to; a shallow clone must be completed first (git fetch --unshallow)."
    )


class Objects:
    """The objects of a repository.

    Args:
        store: dulwich's store of them.
    """

    def __init__(self, store: Any) -> None:
        self._store = store
        self._pending: dict[bytes, ShaFile] = {}
        self._trees: OrderedDict[bytes, Entries] = OrderedDict()
        self.written = 0

    def raw(self, oid: bytes, kind: int) -> bytes:
        """The bytes of an object.

        Raises:
            InvalidInput: it is missing, broken or of another kind.
            TooLarge: a commit or folder that is larger than any in good faith.
        """
        if (mine := self._pending.get(oid)) is not None:
            return mine.as_raw_string()
        try:
            found, data = self._store.get_raw(oid)
        except (KeyError, ObjectFormatException, ApplyDeltaError, ChecksumMismatch, ValueError) as error:
            raise missing(oid) from error
        if found != kind:
            raise missing(oid)
        if len(data) > MOST_BYTES.get(kind, len(data)):
            raise TooLarge(
                f"the object {oid.decode()} has {len(data)} bytes; expected at most {MOST_BYTES[kind]}",
                details={"limit": MOST_BYTES[kind]},
            )
        return bytes(data)

    def kind(self, oid: bytes) -> int:
        """What an object is."""
        try:
            return int(self._store.get_raw(oid)[0])
        except (KeyError, ObjectFormatException, ApplyDeltaError, ChecksumMismatch, ValueError) as error:
            raise missing(oid) from error

    def entries(self, tree: bytes) -> Entries:
        """What a folder holds."""
        if (known := self._trees.get(tree)) is not None:
            self._trees.move_to_end(tree)
            return known
        try:
            parsed = parse_tree(self.raw(tree, TREE), 20)
            found = {bytes(name): (mode, bytes(oid)) for name, mode, oid in parsed}
        except (ObjectFormatException, ValueError, IndexError) as error:
            raise missing(tree) from error
        self._trees[tree] = found
        if len(self._trees) > _TREES:
            self._trees.popitem(last=False)
        return found

    def add(self, kind: int, raw: bytes) -> bytes:
        """Add an object; its id."""
        made = ShaFile.from_raw_string(kind, raw)
        oid = bytes(made.id)
        if oid not in self._pending:
            self._pending[oid] = made
            if len(self._pending) >= _AT_ONCE:
                self.flush()
        return oid

    def add_tree(self, entries: Entries) -> bytes:
        """Add a folder."""
        tree = Tree()
        for name, (mode, oid) in entries.items():
            tree.add(name, mode, oid)  # type: ignore[arg-type]
        made = self.add(TREE, tree.as_raw_string())
        self._trees[made] = entries
        return made

    def with_file(self, tree: bytes | None, path: str, blob: bytes | None) -> bytes | None:
        """A folder with a file at ``path``, or without one there; None: it would be empty."""
        first, _, rest = path.encode().partition(b"/")
        entries = dict(self.entries(tree)) if tree is not None else {}
        if rest:
            mode, inside = entries.get(first, (FOLDER, None))
            made = self.with_file(inside if mode == FOLDER else None, rest.decode(), blob)
            entries[first] = (FOLDER, made or b"")
        else:
            made = blob
            entries[first] = (FILE, blob or b"")
        if made is None:
            del entries[first]
        return self.add_tree(entries) if entries else None

    def find(self, tree: bytes, path: str) -> bytes | None:
        """The id of the file at ``path`` in a folder."""
        *folders, name = path.encode().split(b"/")
        for folder in folders:
            mode, tree = self.entries(tree).get(folder, (0, tree))
            if mode != FOLDER:
                return None
        mode, oid = self.entries(tree).get(name, (FOLDER, b""))
        return None if mode == FOLDER else oid

    def text(self, blob: bytes) -> str | None:
        """A file's text; None: no prompt's text can be that, and :meth:`no_text` says why."""
        text, why = self._text(blob)
        return None if why else text

    def no_text(self, blob: bytes) -> str:
        """Why a file cannot be a prompt's text; empty: it can."""
        return self._text(blob)[1]

    def _text(self, blob: bytes) -> tuple[str, str]:
        raw = self.raw(blob, BLOB)
        too_long = f"it is too long: expected at most {MOST_TEXT:,} characters; shorten it"
        if len(raw) > 4 * MOST_TEXT:
            return "", too_long
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return "", f"it is not UTF-8 text (byte {error.start}): save it as UTF-8"
        if (at := text.find("\0")) >= 0:
            return "", f"a NUL character (U+0000) in line {text.count(chr(10), 0, at) + 1}: remove it"
        return text, too_long if len(text) > MOST_TEXT else ""

    def close(self) -> None:
        """Let go of the store's files."""
        self._store.close()

    def flush(self) -> None:
        """Write what was added."""
        if self._pending:
            self._store.add_objects([(one, None) for one in self._pending.values()])
            self.written += len(self._pending)
            self._pending.clear()
