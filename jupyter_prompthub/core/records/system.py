"""Audit, events, health, errors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import JsonValue, Record
from .prompts import Page


class AuditEntry(Record):
    id: str
    tag: str
    actor_id: str
    credential_id: str | None
    via: str
    target: dict[str, str]
    created_at: str
    leaf_hash: str


class AuditPage(Page):
    items: tuple[AuditEntry, ...] = ()


class Event(Record):
    """A notice that something changed: ids only."""

    seq: int
    kind: str
    at: str
    ids: dict[str, str]


class ComponentHealth(Record):
    status: Literal["ok", "degraded", "down"]
    detail: str = ""


class Health(Record):
    status: Literal["ok", "degraded", "down"]
    version: str
    components: dict[str, ComponentHealth] = Field(default_factory=dict)


class ErrorBody(Record):
    code: str
    message: str
    details: dict[str, JsonValue] = Field(default_factory=dict)
    trace_id: str


class ErrorResponse(Record):
    error: ErrorBody
