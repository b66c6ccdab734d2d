"""Models that can be asked for now."""

from __future__ import annotations

from jupyter_prompthub.core.records import ModelList

from ..access.permissions import Permission
from ..execution.choice import list_models
from ..operations import operation
from ..settings import setting
from ..transaction import Tx
from .connections import usable

__all__ = ["list"]


@operation(Permission.PROMPT_READ, no_audit="read")
def list(tx: Tx) -> ModelList:
    """Models of all connections, those that are ready first."""
    return list_models(usable(tx), setting("DEFAULT_MODEL"))
