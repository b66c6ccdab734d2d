"""The REST table: which operation or endpoint answers which verb and path. Everything else follows from it:
the generic handler, the in-process client, ``openapi.json``, ``docs/api.md`` and the contract tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from jupyter_prompthub.core.errors import InvalidInput, NotFound

from .endpoints import Endpoint
from .handlers.errors import MethodNotAllowed
from .operations import Operation

__all__ = ["ANONYMOUS", "MIB", "Match", "Route", "find", "routes"]

MIB = 1024 * 1024

ANONYMOUS: frozenset[str] = frozenset({"POST auth/register", "POST auth/login", "POST auth/refresh"})
"""What a stranger may ask, written down."""


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table. ``path`` is relative to the API's root, parameters in braces."""

    method: str
    path: str
    run: Operation | Endpoint
    status: int = 200
    max_body: int = MIB

    @property
    def anonymous(self) -> bool:
        """Whether a stranger may ask."""
        return f"{self.method} {self.path}" in ANONYMOUS


@dataclass(frozen=True, slots=True)
class Match:
    """A route, and what its path names."""

    route: Route
    path: Mapping[str, str]


@lru_cache(maxsize=1)
def routes() -> tuple[Route, ...]:
    """The table. Made on first use: the operations bring the store and the engine with them."""
    from .route_table import TABLE

    return TABLE


def find(method: str, path: str) -> Match:
    """The route for a verb and a path (relative to the API's root, still percent-encoded).

    Raises:
        NotFound: no such path.
        MethodNotAllowed: the path exists with other verbs.
        InvalidInput: a part of the path is not UTF-8, or holds a NUL.
    """
    allow = set()
    for pattern, route in _by_length().get(path.count("/"), ()):
        if (hit := pattern.fullmatch(path)) is not None:
            if route.method == method:
                return Match(route, {name: _decoded(part) for name, part in hit.groupdict().items()})
            allow.add(route.method)
    if allow:
        raise MethodNotAllowed(
            f"{method} is not possible here, only {', '.join(sorted(allow))}",
            details={"allow": sorted(allow)},
        )
    raise NotFound("nothing is at this address; the API is described at openapi.json")


@lru_cache(maxsize=1)
def _by_length() -> dict[int, list[tuple[re.Pattern[str], Route]]]:
    """Routes by the number of their slashes; literal parts before parameters."""
    table: dict[int, list[tuple[re.Pattern[str], Route]]] = {}
    for route in sorted(routes(), key=lambda route: (route.path.count("{"), -len(route.path))):
        table.setdefault(route.path.count("/"), []).append((_pattern(route.path), route))
    return table


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile(
        "".join(re.escape(p) if i % 2 == 0 else f"(?P<{p}>[^/]+?)" for i, p in enumerate(parts))
    )


def _decoded(part: str) -> str:
    try:
        text = unquote_to_bytes(part).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("a part of the path is not UTF-8") from None
    if "\0" in text:
        raise InvalidInput("a part of the path holds a NUL character")
    return text
