"""The gateway protocol: what is asked of a model, and the typed stream that comes back.

A gateway is a door to models. It turns one :class:`ModelRequest`, sent to one :class:`Endpoint`, into a
stream of chunks: any number of :class:`TextDelta`, :class:`ToolCall` and :class:`UsageReport`, and at the
end exactly one :class:`Finish`. A stream that ends otherwise raises a
:class:`~jupyter_prompthub.core.errors.GatewayError`; one that broke off after it had begun raises
:class:`~jupyter_prompthub.core.errors.StreamCut`. Gateways never retry: the caller does, before the
first chunk only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import Field

from .records import JsonValue, Message, OutputSpec, Record, Usage

__all__ = ["Chunk", "Endpoint", "Finish", "Gateway", "ModelRequest", "TextDelta", "ToolCall", "UsageReport"]


class ModelRequest(Record):
    """One call, free of any address, key or header: what replay hashes and what a record may keep.

    ``model`` is the provider's own name for it (``gpt-4o-mini``); ``parameters`` were checked by
    :func:`jupyter_prompthub.gateways.parameters.checked`.
    """

    provider: str
    model: str
    messages: tuple[Message, ...]
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    tools: tuple[JsonValue, ...] = ()
    output: OutputSpec | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a call goes: the server side of a connection. The secret is kept out of ``repr``."""

    connection: str
    provider: str
    base_url: str | None = None
    secret: str | None = field(default=None, repr=False)
    api_version: str | None = None
    allow_private_address: bool = False
    idle_timeout_s: float = 60.0
    """longest silence between two pieces of an answer (the first included)"""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for, whole. ``arguments`` is JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Tokens as the provider counted them, and the cost where the gateway knows the price."""

    usage: Usage
    cost_nano_usd: int | None = None
    price_source: str | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a complete answer. ``model`` is the one that answered, as the provider says."""

    reason: str | None
    model: str | None = None


Chunk = TextDelta | ToolCall | UsageReport | Finish


class Gateway(Protocol):
    """A door to models. Bound to the event loop of its first call."""

    def stream(self, request: ModelRequest, endpoint: Endpoint) -> AsyncIterator[Chunk]:
        """Ask, and yield the answer's pieces. Closing the iterator ends the call at once."""
        ...

    async def close(self) -> None:
        """Let go of connections and processes."""
        ...
