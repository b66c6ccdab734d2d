"""Idempotency-Key: the answer of the first request, kept in its transaction, is the answer of the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Connection, insert, select

from jupyter_prompthub.core.errors import IdempotencyMismatch, InvalidInput

from .audit.entry import Receipt
from .operations import Caller, Operation
from .store.sealed import Codec
from .store.tables import idempotency

__all__ = ["Idempotency", "Remembered", "recall", "remember", "request_hash"]

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The key that came with a request, at most 200 characters; it is the actor's own."""

    key: str

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= _LONGEST or not self.key.isprintable():
            raise InvalidInput(f"Idempotency-Key: expected 1 to {_LONGEST} printable characters.")


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer given before."""

    result: Any
    receipt: Receipt | None


def request_hash(op: Operation, path: Mapping[str, str], body: BaseModel | None) -> str:
    """What a request says, as 64 hex digits: operation, path and input."""
    said = [op.name, dict(path), None if body is None else body.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def recall(
    conn: Connection, codec: Codec, caller: Caller, key: Idempotency, op: Operation, asked: str
) -> Remembered | None:
    """The answer that was given for the key; None if it is new.

    Raises:
        IdempotencyMismatch: the key came with another request before.
    """
    row = conn.execute(
        select(idempotency).where(
            idempotency.c.workspace_id == caller.workspace_id,
            idempotency.c.actor_id == caller.actor_id,
            idempotency.c.key == key.key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_hash != asked:
        raise IdempotencyMismatch(
            f"The Idempotency-Key {key.key!r} was used for another request ({row.operation}) before. Use a "
            "new key for a new request.",
            details={"operation": row.operation},
        )
    text = codec.open_bytes(idempotency.c.answer, _row(caller, key), row.answer)
    receipt = Receipt(row.entry_id, row.leaf_hash) if row.entry_id else None
    return Remembered(_adapter(op).validate_json(text), receipt)


def remember(
    conn: Connection,
    codec: Codec,
    caller: Caller,
    key: Idempotency,
    op: Operation,
    asked: str,
    answer: Remembered,
    at: datetime,
) -> None:
    """Keep an answer, in the transaction of the change."""
    receipt = answer.receipt
    data = _adapter(op).dump_json(answer.result, by_alias=True)
    conn.execute(
        insert(idempotency).values(
            workspace_id=caller.workspace_id,
            actor_id=caller.actor_id,
            key=key.key,
            operation=op.name,
            request_hash=asked,
            answer=codec.seal(idempotency.c.answer, _row(caller, key), data),
            entry_id=receipt and receipt.entry_id,
            leaf_hash=receipt and receipt.leaf_hash,
            created_at=at,
        )
    )


def _row(caller: Caller, key: Idempotency) -> str:
    return f"{caller.actor_id}/{key.key}"


@cache
def _adapter(op: Operation) -> TypeAdapter[Any]:
    return TypeAdapter(op.output)
