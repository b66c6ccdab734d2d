"""The tutorial notebook, as the package has it."""

from __future__ import annotations

from jupyter_prompthub import demo
from jupyter_prompthub.core.records import NotebookFile

from ..access.permissions import Permission
from ..operations import operation
from ..transaction import Tx

__all__ = ["get"]


@operation(Permission.PROMPT_READ, no_audit="read")
def get(tx: Tx) -> NotebookFile:
    """The five-minute tutorial as a notebook, to be saved where a person works."""
    return demo.quickstart()
