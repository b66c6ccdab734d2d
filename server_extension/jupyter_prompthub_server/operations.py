"""An operation = a service function with its permission, its target and its audit tag.

A service function is reachable only as an :class:`Operation`::

    @operation(Permission.PROMPT_WRITE, tag=AuditTag.VERSION_CREATE, target=by_prompt)
    def save(tx: Tx, prompt: PromptRow, new: NewVersion) -> Version: ...

The decorated name *is* the Operation (not callable as a function); the dispatcher runs it. Its shape is
``fn(tx[, target][, input])``: ``target`` is what the loader made of the path's parameters inside the
transaction (it raises NotFound), ``input`` is one pydantic model (body or query).
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from .access.permissions import AuditTag, Permission

__all__ = ["OPERATIONS", "Caller", "Operation", "operation"]

TargetLoader = Callable[..., Any]
"""``loader(tx, **path_parameters) -> target``"""

OPERATIONS: dict[str, Operation] = {}
"""Every operation by name, ``module.function`` (``prompts.create``)."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: made by the authenticator only, never from anything the client claims."""

    actor_id: str
    workspace_id: str
    role: str
    permissions: frozenset[Permission]
    credential_id: str | None = None
    via: str = "local"


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the operation table."""

    name: str
    fn: Callable[..., Any]
    permission: Permission
    tag: AuditTag | None
    no_audit: str | None
    """why nothing is audited (reads: ``"read"``)"""
    target: TargetLoader | None
    input: type[BaseModel] | None
    output: Any
    summary: str
    kept: bool = False
    """a read whose answer is kept until what it says may have changed (``answers.py``)"""
    alone: bool = False
    """a change that may take long, and shares its transaction with no other (``turns.py``)"""
    snapshot: bool = False
    """an audited read: it runs on a reader, and its entry is written after it, in a transaction of its own"""
    dry: bool = False
    """a dry run: it writes as the real one does, and all of that is taken back, whatever it says itself"""

    @property
    def writes(self) -> bool:
        """Runs on the writer, in a write transaction."""
        return self.no_audit != "read" and not self.snapshot


def operation(
    permission: Permission,
    *,
    tag: AuditTag | None = None,
    no_audit: str | None = None,
    target: TargetLoader | None = None,
    kept: bool = False,
    alone: bool = False,
    snapshot: bool = False,
    dry: bool = False,
) -> Callable[[Callable[..., Any]], Operation]:
    """Register a service function.

    Args:
        permission: what the caller must have; checked after the target is loaded. A function that needs
            a finer one (say, per environment) calls ``tx.require``.
        tag: the audit tag of the change.
        no_audit: instead of a tag, the written reason; ``"read"`` runs in a read transaction.
        target: loads what the path names; raises NotFound.
        kept: keep the answer of this read until what it says may have changed; the answer must depend on path, input and
            workspace alone, never on who asks or on the time.
        alone: this change may take long: no other one waits for its commit.
        snapshot: with a tag: it changes nothing but is on the record. It reads one snapshot without holding up writers,
            and answers when its audit entry is written; it tells of no event.
        dry: with a reason for no tag: it does what a change does, and the dispatcher takes it back. No entry is written, no
            event goes out.

    Raises:
        TypeError: at import, for a missing or double audit decision, or a shape that is not
            ``fn(tx[, target][, input])``.
    """
    if (tag is None) == (no_audit is None):
        raise TypeError("an operation needs an audit tag, or a written reason for none")
    if snapshot and tag is None:
        raise TypeError("only a read that is audited says snapshot; another one says no_audit='read'")
    if dry and no_audit in (None, "read"):
        raise TypeError("a dry run writes, and leaves nothing to audit: expected no_audit with a reason")

    def register(fn: Callable[..., Any]) -> Operation:
        name = f"{fn.__module__.rsplit('.', 1)[-1]}.{fn.__name__}"
        if name in OPERATIONS:
            raise TypeError(f"operation {name} is defined twice")
        hints = typing.get_type_hints(fn)
        names = list(inspect.signature(fn).parameters)[1 + (target is not None) :]
        if len(names) > 1:
            raise TypeError(f"{name}: expected fn(tx[, target][, input]), got extra {names[1:]}")
        model = hints.get(names[0]) if names else None
        if names and not (isinstance(model, type) and issubclass(model, BaseModel)):
            raise TypeError(f"{name}: the input must be annotated with one pydantic model")
        summary = (fn.__doc__ or "").strip().split("\n", 1)[0]
        if not summary:
            raise TypeError(f"{name}: an operation needs a docstring")
        op = Operation(
            name=name,
            fn=fn,
            permission=permission,
            tag=tag,
            no_audit=no_audit,
            target=target,
            input=model,
            output=hints.get("return"),
            summary=summary,
            kept=kept,
            alone=alone,
            snapshot=snapshot,
            dry=dry,
        )
        OPERATIONS[name] = op
        return op

    return register
