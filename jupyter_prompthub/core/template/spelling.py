"""Where names stand in a path's source."""

from __future__ import annotations

import re

from .scopes import VariableUse

__all__ = ["name_place"]

_LEAD = re.compile(r"(?:\.\./|\.\.|\./|this[./]|@root[./])*")


def name_place(text: str, use: VariableUse) -> tuple[int, int]:
    """Where the variable's name stands in a use of it, without ``../``, ``this.``, ``@root.`` and brackets."""
    lead = _LEAD.match(text, use.start, use.end)
    start = lead.end() if lead else use.start
    if text.startswith("[", start):
        start += 1
    return start, start + len(use.name)
