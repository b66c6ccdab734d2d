"""A change inside its transaction: what was asked for is done, then its audit entry and its events are written.

Entries and events of all changes of a transaction are written at its end, in one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from jupyter_prompthub.core.records import Event

from .audit.entry import Receipt
from .audit.writer import Prepared, insert_entries, prepare_entry
from .idempotency import Remembered, recall, remember, request_hash
from .store import outbox
from .store.clock import now
from .store.sealed import Sealer
from .transaction import Tx
from .turns import Change

__all__ = ["End", "apply", "entries", "log", "run"]


@dataclass(slots=True)
class End:
    """How a change ended, before it is committed; ``events`` are those of :func:`log`."""

    tx: Tx
    result: Any
    receipt: Receipt | None = None
    entries: Sequence[Prepared] = ()
    events: tuple[Event, ...] = ()
    replayed: bool = False


def run(tx: Tx, path: dict[str, str], input: BaseModel | None) -> Any:
    """Load the target, ask for the permission, call the service function."""
    op = tx.operation
    arguments: list[Any] = [tx]
    if op.target is not None:
        arguments.append(op.target(tx, **path))
    tx.require(op.permission)
    if op.input is not None:
        arguments.append(op.input() if input is None else input)
    return op.fn(*arguments)


def apply(conn: Connection, sealer: Sealer, change: Change, undo: Callable[[], object]) -> End:
    """Do what was asked for, or answer as the first request with the same key was.

    Args:
        undo: takes back what this change did so far, and nothing else.
    """
    op, caller, path = change.op, change.caller, change.path
    once = None if op.dry else change.idempotency
    tx = Tx(conn, caller, op, now(), sealer)
    keys = sealer.codec(conn, caller.workspace_id)
    asked = request_hash(op, path, change.input) if once else ""
    if once:
        tx.require(op.permission)
        known = recall(conn, keys, caller, once, op, asked)
        if known:
            return End(tx, known.result, known.receipt, replayed=True)
    end = End(tx, run(tx, path, change.input))
    if tx.is_unchanged:
        undo()
        tx.notices.clear()
    elif tx.tag is not None:
        end.entries = entries(tx, path)
        end.receipt = end.entries[-1].receipt
    if once and tx.error_after is None:
        remember(conn, keys, caller, once, op, asked, Remembered(end.result, end.receipt), tx.now)
    return end


def log(conn: Connection, ends: Sequence[End]) -> None:
    """Write the audit entries and the events of what was done."""
    insert_entries(conn, [entry for end in ends for entry in end.entries])
    by_workspace: defaultdict[str, list[End]] = defaultdict(list)
    for end in ends:
        by_workspace[end.tx.workspace_id].append(end)
    for workspace_id, some in by_workspace.items():
        notices = [outbox.Notice(kind, ids, end.tx.now) for end in some for kind, ids in end.tx.notices]
        events = iter(outbox.append(conn, workspace_id, notices))
        for end in some:
            end.events = tuple(next(events) for _ in end.tx.notices)


def entries(tx: Tx, path: dict[str, str]) -> list[Prepared]:
    """The audit entries of what was done; the last one is the operation's own, which has a tag."""
    if tx.tag is None:
        raise TypeError(f"{tx.operation.name} has no audit tag")
    common: Any = {
        "at": tx.now,
        "workspace_id": tx.workspace_id,
        "operation": tx.operation.name,
        "caller": tx.caller,
    }
    made = [prepare_entry(tag=part, target=target, **common) for part, target in tx.parts]
    last = prepare_entry(tag=tx.tag, target={**path, **tx.target_ids}, contents=tx.contents, **common)
    return [*made, last]
