"""Models, and the connections to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Input, Record


class ModelInfo(Record):
    """A model that can be asked for now. ``ref`` is what goes into a prompt's ``model``."""

    ref: str
    connection: str
    provider: str
    label: str
    local: bool = False
    ready: bool = True
    hint: str = ""
    """when not ready: what to do"""


class ModelList(Record):
    items: tuple[ModelInfo, ...]
    default: str | None = None


class Connection(Record):
    """A named, server-side address with its key. The key is write-only."""

    name: str
    provider: str
    base_url: str | None = None
    secret_last4: str | None = None
    models: tuple[str, ...] = ()
    source: Literal["store", "environment", "builtin"] = "store"
    input_nano_usd_per_token: int | None = None
    output_nano_usd_per_token: int | None = None
    allow_private_address: bool = False


class ConnectionList(Record):
    items: tuple[Connection, ...]


class NewConnection(Input):
    """``provider``: ``openai_compatible`` (direct door), ``local``, ``replay``, a litellm provider name
    (``openai``, ``anthropic``, ``azure``, ...), or ``git`` (a repository elsewhere, no models)."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
    provider: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,62}$")]
    base_url: str | None = Field(default=None, max_length=1000)
    secret: str | None = Field(default=None, max_length=4000, repr=False)
    models: tuple[str, ...] = ()
    api_version: str | None = Field(default=None, max_length=40)
    input_nano_usd_per_token: int | None = Field(default=None, ge=0)
    output_nano_usd_per_token: int | None = Field(default=None, ge=0)
    allow_private_address: bool = False


class ConnectionPatch(Input):
    """A changed ``base_url`` needs ``secret`` again."""

    base_url: str | None = Field(default=None, max_length=1000)
    secret: str | None = Field(default=None, max_length=4000, repr=False)
    models: tuple[str, ...] | None = None
    api_version: str | None = Field(default=None, max_length=40)
    input_nano_usd_per_token: int | None = Field(default=None, ge=0)
    output_nano_usd_per_token: int | None = Field(default=None, ge=0)
    allow_private_address: bool | None = None
