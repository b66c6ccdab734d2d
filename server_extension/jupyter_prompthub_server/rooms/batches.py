"""What a room stores at once: the edits of each person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..operations import Caller
from .connection import Connection

__all__ = ["Batch", "Pending", "batches_of"]


@dataclass(slots=True)
class Pending:
    """What came from one connection since the last flush."""

    connection: Connection
    updates: list[bytes] = field(default_factory=list)
    messages: int = 0
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Updates of one caller, to be stored together."""

    caller: Caller
    connections: tuple[Connection, ...]
    updates: tuple[bytes, ...]
    edited: bool
    """one of them changed the text"""
    text: str | None
    """the text after them; None when another batch of the same flush follows"""


def batches_of(pending: Iterable[Pending], text: str | None) -> list[Batch]:
    """One batch per caller who changed something, in order; ``text`` is what all of them make."""
    by_caller: dict[Caller, list[Pending]] = {}
    for one in pending:
        if one.updates:
            by_caller.setdefault(one.connection.caller, []).append(one)
    last = next(reversed(by_caller), None)
    return [
        Batch(
            caller,
            tuple(one.connection for one in theirs),
            tuple(update for one in theirs for update in one.updates),
            any(one.edited for one in theirs),
            text if caller is last else None,
        )
        for caller, theirs in by_caller.items()
    ]
