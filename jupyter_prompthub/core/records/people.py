"""Who acts, and where."""

from __future__ import annotations

from typing import Literal

from .base import Record


class ActorRef(Record):
    """An actor as others see it."""

    id: str
    display_name: str = ""
    kind: str = "person"


class Me(Record):
    """Who is asking, and what it may do here."""

    actor: ActorRef
    workspace: Workspace
    role: str
    permissions: tuple[str, ...]
    mode: Literal["laptop", "http", "hub"]
    via: str


class Workspace(Record):
    id: str
    name: str
