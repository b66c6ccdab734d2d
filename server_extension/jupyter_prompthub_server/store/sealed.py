"""Sealed columns: ``key id.key version:`` and then either plain bytes or AES-256-GCM.

An encrypted value is ``<key id>.<key version>:`` ‖ nonce (12) ‖ ciphertext ‖ tag (16) under the workspace's
data key; its associated data names workspace, table, row and column, so that a value moved elsewhere
does not open. A data key is stored wrapped by the master key in the same shape.
A value in the plain codec is ``plain.0:`` ‖ bytes.
"""

from __future__ import annotations

import os
import threading
from typing import Any
from weakref import WeakSet

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Connection, insert, select

from jupyter_prompthub.core.errors import StoreUnavailable

from .clock import now
from .keys import MasterKey
from .tables import data_key
from .types import Sealed

__all__ = ["Codec", "Sealer", "unwrap", "wrap"]

_PLAIN = b"plain.0:"
_NONCE = 12
_SEPARATOR = "\x1f"


def wrap(key: bytes, prefix: str, data: bytes, associated: tuple[str, ...]) -> bytes:
    """Encrypt ``data``; ``prefix`` is ``key id.key version``."""
    nonce = os.urandom(_NONCE)
    return (
        f"{prefix}:".encode() + nonce + AESGCM(key).encrypt(nonce, data, _SEPARATOR.join(associated).encode())
    )


def unwrap(key: bytes, sealed: bytes, associated: tuple[str, ...]) -> bytes:
    """Decrypt what :func:`wrap` made.

    Raises:
        StoreUnavailable: the value was damaged, moved, or sealed with another key.
    """
    rest = sealed.partition(b":")[2]
    try:
        return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], _SEPARATOR.join(associated).encode())
    except (InvalidTag, ValueError) as error:
        raise StoreUnavailable(
            f"A sealed value in {'.'.join(associated[1:2] + associated[3:])} does not open: it was damaged "
            "or moved, or its key is another one. Restore it from a backup made with the present master key."
        ) from error


class Sealer:
    """The data keys of one store, unwrapped on first use."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._keys: dict[tuple[str, int], tuple[str, bytes]] = {}
        self._newest: dict[str, int] = {}
        self._lock = threading.Lock()
        self._creating: WeakSet[Any] = WeakSet()
        """transactions that made a data key: what they read is not cached, for they may roll back"""

    def codec(self, conn: Connection, workspace_id: str) -> Codec:
        """The codec of one transaction."""
        return Codec(self, conn, workspace_id)

    def forget(self) -> None:
        """Drop all unwrapped data keys (after a rotation)."""
        with self._lock:
            self._keys.clear()
            self._newest.clear()

    def find(self, conn: Connection, workspace_id: str, version: int | None) -> tuple[int, str, bytes] | None:
        """A data key as (version, key id, key); ``None`` as version means the newest."""
        with self._lock:
            wanted = self._newest.get(workspace_id) if version is None else version
            known = None if wanted is None else self._keys.get((workspace_id, wanted))
            if wanted is not None and known is not None:
                return wanted, *known
        query = select(data_key).where(data_key.c.workspace_id == workspace_id)
        query = query.where(data_key.c.version == version) if version is not None else query
        row = conn.execute(query.order_by(data_key.c.version.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        key = unwrap(self._master.key, row.wrapped, (workspace_id, "data_key", f"{row.version}", "wrapped"))
        if conn.get_transaction() not in self._creating:
            with self._lock:
                self._keys[workspace_id, row.version] = row.key_id, key
                if version is None:
                    self._newest[workspace_id] = row.version
        return row.version, row.key_id, key

    def create(self, conn: Connection, workspace_id: str) -> tuple[int, str, bytes]:
        """Make the first data key of a workspace, in the caller's transaction."""
        key, key_id, version = AESGCM.generate_key(256), os.urandom(8).hex(), 1
        wrapped = wrap(
            self._master.key,
            f"{self._master.id}.1",
            key,
            (workspace_id, "data_key", f"{version}", "wrapped"),
        )
        conn.execute(
            insert(data_key).values(
                workspace_id=workspace_id,
                version=version,
                key_id=key_id,
                master_key_id=self._master.id,
                wrapped=wrapped,
                created_at=now(),
            )
        )
        self._creating.add(conn.get_transaction())
        return version, key_id, key


class Codec:
    """Seals and opens the values of one transaction's workspace.

    ``row`` names the row inside its table: the comment at the column says by what.
    """

    def __init__(self, sealer: Sealer, conn: Connection, workspace_id: str) -> None:
        self._sealer = sealer
        self._conn = conn
        self._workspace_id = workspace_id

    def seal(self, column: Column[Any], row: str, value: str | bytes) -> bytes:
        """What to store in ``column`` of ``row``."""
        data = value.encode() if isinstance(value, str) else value
        if not _encrypted(column):
            return _PLAIN + data
        found = self._sealer.find(self._conn, self._workspace_id, None)
        version, key_id, key = found or self._sealer.create(self._conn, self._workspace_id)
        return wrap(key, f"{key_id}.{version}", data, self._associated(column, row))

    def open(self, column: Column[Any], row: str, sealed: bytes) -> str:
        """The text that was sealed.

        Raises:
            StoreUnavailable: it was damaged, moved, or its key is missing.
        """
        return self.open_bytes(column, row, sealed).decode()

    def open_bytes(self, column: Column[Any], row: str, sealed: bytes) -> bytes:
        """The bytes that were sealed; raises like :meth:`open`."""
        if not _encrypted(column) and sealed.startswith(_PLAIN):
            return sealed[len(_PLAIN) :]
        key_id, _, version = sealed.partition(b":")[0].decode("ascii", "replace").partition(".")
        found = None
        if version.isdecimal():
            found = self._sealer.find(self._conn, self._workspace_id, int(version))
        if found is None or found[1] != key_id:
            raise StoreUnavailable(
                f"A sealed value in {column.table.name} names the key {key_id!r}, which this store does not "
                "have. Restore the store and its keys folder from the same backup."
            )
        return unwrap(found[2], sealed, self._associated(column, row))

    def _associated(self, column: Column[Any], row: str) -> tuple[str, ...]:
        return self._workspace_id, column.table.name, row, column.name


def _encrypted(column: Column[Any]) -> bool:
    if not isinstance(column.type, Sealed):
        raise TypeError(f"{column} is not a sealed column")
    return column.type.encrypted
