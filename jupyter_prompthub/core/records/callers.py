"""Who runs a prompt, as recorded executions tell."""

from __future__ import annotations

from pydantic import Field

from .base import Input, Record
from .execution import CallerInfo
from .people import ActorRef


class CallersQuery(Input):
    """``variable``: only callers whose last run gave it."""

    variable: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=20, ge=1, le=100)


class KnownCaller(Record):
    """One place that runs the prompt: a notebook's cell; else one person or key, by one way in."""

    caller: CallerInfo
    actor: ActorRef
    """who ran it last"""
    runs: int
    last_at: str
    execution_id: str
    """of the last run"""
    version_sha: str | None = None
    environment: str | None = None
    inputs: tuple[str, ...] | None = None
    """the names of the inputs that the last run gave; None where its payload is erased"""


class CallerList(Record):
    """The latest first. ``looked_at`` executions were looked at, the latest ones."""

    items: tuple[KnownCaller, ...] = ()
    looked_at: int = 0
    more: bool = False
    """older executions, or more callers than asked for, were left out"""
