"""Accounts of the plain HTTP mode: people, keys, invitations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Input, Record, Title
from .people import ActorRef, Workspace


class Register(Input):
    """``organization`` becomes a workspace with this person as its admin; or join one by ``invitation``."""

    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
    password: Annotated[str, StringConstraints(min_length=10, max_length=1024)] = Field(repr=False)
    full_name: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    organization: str | None = Field(default=None, max_length=200)
    invitation: str | None = Field(default=None, max_length=200, repr=False)


class Login(Input):
    email: str = Field(max_length=254)
    password: str = Field(max_length=1024, repr=False)


class Refresh(Input):
    refresh_token: str = Field(max_length=4000, repr=False)


class Account(Record):
    id: str
    email: str
    full_name: str
    role: str
    workspace: Workspace | None = None


class TokenResponse(Record):
    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
    refresh_token: str
    user: Account


class NewInvitation(Input):
    email: str | None = Field(default=None, max_length=254)
    role: Literal["viewer", "engineer", "team_lead", "admin"] = "engineer"


class Invitation(Record):
    token: str
    role: str
    expires_at: str


class Member(Record):
    actor: ActorRef
    email: str | None = None
    role: str
    disabled: bool = False


class MemberList(Record):
    items: tuple[Member, ...]


class MemberPatch(Input):
    role: Literal["viewer", "engineer", "team_lead", "admin"] | None = None
    disabled: bool | None = None


class NewApiKey(Input):
    name: Title
    role: Literal["viewer", "engineer", "team_lead", "admin"] | None = None
    """never wider than the owner's; None: the owner's"""
    expires_in_days: int | None = Field(default=None, ge=1, le=3650)


class ApiKey(Record):
    id: str
    name: str
    last4: str
    role: str
    created_at: str
    expires_at: str | None = None
    last_used_at: str | None = None


class CreatedApiKey(ApiKey):
    key: str
    """shown once"""


class ApiKeyList(Record):
    items: tuple[ApiKey, ...]
