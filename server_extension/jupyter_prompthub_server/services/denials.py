"""Refusals that are decided before any operation runs, recorded like the others."""

from __future__ import annotations

from jupyter_prompthub.core.errors import Forbidden
from jupyter_prompthub.core.records import Input

from ..access.permissions import Permission
from ..operations import operation
from ..transaction import Tx

__all__ = ["Denied", "refuse"]


class Denied(Input):
    """What was asked for, and what it would need."""

    operation: str
    permission: Permission


@operation(Permission.SELF, no_audit="it always fails, and the dispatcher records that")
def refuse(tx: Tx, denied: Denied) -> None:
    """Refuse a caller without a permission; the refusal is audited."""
    tx.require(denied.permission)
    raise Forbidden(f"{denied.operation} is not allowed", details={"permission": str(denied.permission)})
