"""The master key: 32 bytes in a file of mode 0600, apart from the database and its backups."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from jupyter_prompthub.core.errors import StoreUnavailable

from .tables import data_key

__all__ = ["MasterKey", "load_master_key"]


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A master key and its public id (the start of a tagged hash)."""

    key: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """16 hex digits that name the key and tell nothing of it."""
        return hashlib.sha256(b"prompthub master key v1\0" + self.key).hexdigest()[:16]

    @classmethod
    def parse(cls, text: str, where: str) -> MasterKey:
        """From base64.

        Raises:
            StoreUnavailable: not 32 bytes in base64.
        """
        try:
            key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            raise StoreUnavailable(
                f"The store is locked: {where} is not a master key (expected 32 bytes in base64). Put back "
                "the one that the store was made with.",
                details={"locked": True},
            )
        return cls(key)


def load_master_key(conn: Connection, home: Path, given: str | None = None) -> MasterKey:
    """The master key of a store: as given (``ENCRYPTION_KEY``), else from ``home/keys/master.key``, else,
    where nothing has been encrypted yet, a new one written there.

    Raises:
        StoreUnavailable: it is missing or another one while ciphertext exists (``details["locked"]``).
    """
    path = home / "keys" / "master.key"
    ids = set(conn.execute(select(data_key.c.master_key_id).distinct()).scalars())
    if given is not None:
        master, where = MasterKey.parse(given, "ENCRYPTION_KEY"), "ENCRYPTION_KEY"
    elif path.exists():
        master, where = MasterKey.parse(path.read_text("ascii", "replace"), str(path)), str(path)
    elif ids:
        raise StoreUnavailable(
            f"The store is locked: it holds encrypted secrets, and the master key {path} is missing. Put the "
            "file back from where keys are backed up (no new one is made, for it could not open them).",
            details={"locked": True},
        )
    else:
        return _create(path)
    if ids - {master.id}:
        raise StoreUnavailable(
            f"The store is locked: its secrets were encrypted with the master key {', '.join(sorted(ids))}, "
            f"and {where} is {master.id}. Put back the right one.",
            details={"locked": True},
        )
    return master


def _create(path: Path) -> MasterKey:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    master = MasterKey(os.urandom(32))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(master.key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return master
