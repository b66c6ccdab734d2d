"""Column types shared by SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import JSON, BigInteger, Dialect, Integer, LargeBinary, Row, String, Text, TypeDecorator

__all__ = ["AnyRow", "Counter", "Instant", "Json", "Key", "Prose", "Sealed"]

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of whatever columns were selected."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Key = String().with_variant(String(collation="C"), "postgresql")
"""Ids, names, SHAs: compared and sorted by code point on both databases."""

Prose = Text()
"""Text for people that is neither searched by prefix nor sealed."""

Json = JSON()
"""A JSON value, kept in the order in which it was written."""

Counter = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment: whole milliseconds since 1970 in the database, an aware UTC ``datetime`` outside."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"expected an aware datetime, got {value!r}")
        return (value - _EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


class Sealed(TypeDecorator[bytes]):
    """Text or bytes behind a ``key id.key version:`` prefix; only
    :class:`~jupyter_prompthub_server.store.sealed.Codec` makes and opens them.

    Args:
        encrypted: AES-256-GCM under the workspace's data key; else the plain codec.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, *, encrypted: bool = False) -> None:
        super().__init__()
        self.encrypted = encrypted

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and (not isinstance(value, bytes) or b":" not in value[:64]):
            raise TypeError("a sealed column takes what Codec.seal made, never raw text")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes(value)
