"""Environments and what they serve."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Input, Name, Record
from .people import ActorRef
from .prompts import Page


class Environment(Record):
    name: str
    position: int


class EnvironmentList(Record):
    items: tuple[Environment, ...]


class Deployment(Record):
    id: str
    environment: str
    prompt_id: str
    version_sha: str
    short: str
    previous_sha: str | None = None
    actor: ActorRef
    created_at: str
    reason: str = ""
    action: Literal["promote", "rollback"] = "promote"


class DeploymentPage(Page):
    items: tuple[Deployment, ...] = ()


class Promote(Input):
    environment: Name
    version: str = "latest"
    reason: str = Field(default="", max_length=2000)


class Rollback(Input):
    """Serve again what was served before. ``reason`` is asked for."""

    environment: Name
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
