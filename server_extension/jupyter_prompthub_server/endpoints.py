"""Endpoints: what answers a route when one operation alone cannot.

An operation is synchronous and runs in one transaction. An endpoint is a coroutine around operations:
it hashes a password first, or asks a room what it holds. It names its permission as an operation does,
and which operation does the auditing (or why nothing is audited).
"""

from __future__ import annotations

import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from .access.permissions import Permission
from .operations import Caller

if TYPE_CHECKING:
    from .access.tokens import AccessToken
    from .runtime import Runtime

__all__ = ["ENDPOINTS", "Context", "Endpoint", "endpoint"]

ENDPOINTS: dict[str, Endpoint] = {}
"""Every endpoint by name, ``module.function``."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an endpoint gets: who asks, what the path names, and where things are."""

    runtime: Runtime
    caller: Caller
    path: Mapping[str, str] = field(default_factory=dict)
    remote_address: str = ""
    """the caller's network address, for limits; "" in process"""
    access_token: AccessToken | None = None
    """the session, when the caller came with one"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One entry of the table. ``fn(context[, input])``."""

    name: str
    fn: Callable[..., Awaitable[Any]]
    permission: Permission
    audited: str
    """the operation that audits, or the written reason why nothing is"""
    input: type[BaseModel] | None
    output: Any
    summary: str


def endpoint(permission: Permission, *, audited: str) -> Callable[[Callable[..., Awaitable[Any]]], Endpoint]:
    """Register a coroutine function as an endpoint; the decorated name is the Endpoint.

    Raises:
        TypeError: at import, for a shape that is not ``fn(context[, input])``, or without a docstring.
    """

    def register(fn: Callable[..., Awaitable[Any]]) -> Endpoint:
        name = f"{fn.__module__.rsplit('.', 1)[-1]}.{fn.__name__}"
        hints = typing.get_type_hints(fn)
        output = hints.pop("return", None)
        models = [kind for kind in hints.values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if name in ENDPOINTS or len(hints) != 1 + len(models) or len(models) > 1:
            raise TypeError(f"{name}: expected one fn(context[, input])")
        summary = (fn.__doc__ or "").strip().split("\n", 1)[0]
        if not summary or not audited:
            raise TypeError(f"{name}: an endpoint needs a docstring, and to say what audits it")
        made = Endpoint(name, fn, permission, audited, models[0] if models else None, output, summary)
        ENDPOINTS[name] = made
        return made

    return register
