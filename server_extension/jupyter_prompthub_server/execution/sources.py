"""Where connections come from besides the store: the environment, and what is built in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.gateway import Endpoint
from jupyter_prompthub.core.records import Connection
from jupyter_prompthub.gateways import local
from jupyter_prompthub.gateways.replay import ReplayMode

from ..settings import setting

__all__ = [
    "DEFAULT_URLS",
    "DIRECT",
    "KNOWN_MODELS",
    "RESERVED",
    "ReplaySettings",
    "ResolvedConnection",
    "builtin_connections",
    "environment_connections",
    "replay_settings",
]

DIRECT: Final = "openai_compatible"
REPLAY: Final = "replay"
RESERVED: Final = frozenset({local.CONNECTION, REPLAY})
"""names (and providers) of built-in connections"""
DEFAULT_URLS: Final[Mapping[str, str]] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
}
"""said outright, so that no environment variable of a library chooses another address"""
KNOWN_MODELS: Final[Mapping[str, tuple[str, ...]]] = {
    "openai": ("gpt-4o-mini", "gpt-4o", "gpt-4.1-mini", "gpt-4.1", "o4-mini"),
    "anthropic": ("claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-1"),
}
"""offered in lists for a connection that names no models; any other may be asked too"""
_AZURE_VERSION: Final = "2024-10-21"


@dataclass(frozen=True, slots=True)
class ResolvedConnection:
    """A connection with what only the server may see. Never leaves the process."""

    record: Connection
    secret: str | None = field(default=None, repr=False)
    api_version: str | None = None

    def endpoint(self, idle_timeout_s: float) -> Endpoint:
        """Where a call over it goes."""
        record = self.record
        return Endpoint(
            connection=record.name,
            provider=record.provider,
            base_url=record.base_url or DEFAULT_URLS.get(record.provider),
            secret=self.secret,
            api_version=self.api_version,
            allow_private_address=record.allow_private_address,
            idle_timeout_s=idle_timeout_s,
        )


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """``PROMPTHUB_REPLAY_FILE`` and ``PROMPTHUB_REPLAY_MODE`` (``strict`` unless said)."""

    path: Path
    mode: ReplayMode


def replay_settings(env: Mapping[str, str] | None = None) -> ReplaySettings | None:
    """The replay that the environment asks for; None for none.

    Raises:
        InvalidInput: an unknown mode.
    """
    env = os.environ if env is None else env
    path, mode = env.get("PROMPTHUB_REPLAY_FILE"), env.get("PROMPTHUB_REPLAY_MODE") or "strict"
    if not path:
        return None
    if mode not in set(ReplayMode):
        raise InvalidInput(f"PROMPTHUB_REPLAY_MODE must be one of {', '.join(ReplayMode)}; got {mode!r}")
    return ReplaySettings(Path(path).expanduser(), ReplayMode(mode))


def environment_connections(env: Mapping[str, str] | None = None) -> tuple[ResolvedConnection, ...]:
    """Connections whose keys stand in the environment, each name also with ``PROMPTHUB_`` before it."""
    found: list[ResolvedConnection] = []
    for provider, name in (("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")):
        if key := setting(name, env):
            found.append(_made(provider, key, DEFAULT_URLS[provider]))
    address, key = setting("AZURE_OPENAI_ENDPOINT", env), setting("AZURE_OPENAI_API_KEY", env)
    if address and key:
        version = setting("AZURE_OPENAI_API_VERSION", env) or _AZURE_VERSION
        found.append(_made("azure", key, address, version))
    return tuple(found)


def _made(provider: str, key: str, address: str, version: str | None = None) -> ResolvedConnection:
    record = Connection(
        name=provider, provider=provider, base_url=address, secret_last4=key[-4:], source="environment"
    )
    return ResolvedConnection(record, key, version)


def builtin_connections(replay: ReplaySettings | None) -> tuple[ResolvedConnection, ...]:
    """The local model, and the replay file when there is one."""
    made = [
        Connection(name=local.CONNECTION, provider=local.PROVIDER, models=(local.MODEL,), source="builtin")
    ]
    if replay is not None:
        made.append(Connection(name=REPLAY, provider=REPLAY, source="builtin"))
    return tuple(ResolvedConnection(record) for record in made)
