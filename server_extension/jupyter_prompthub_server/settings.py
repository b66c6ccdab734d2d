"""What can be set from outside: environment variables, and the same as Jupyter traits.

Every name is accepted as promised (``DATABASE_URL``) and with the prefix ``PROMPTHUB_``, which wins.
A provider's keys are read where connections are made, with :func:`setting`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.home import home

__all__ = ["Settings", "setting"]

PREFIX = "PROMPTHUB_"
_MINUTES_MAX = 60 * 24


def setting(name: str, env: Mapping[str, str] | None = None) -> str | None:
    """The value of ``PROMPTHUB_<name>``, else of ``<name>``; None when neither is set (or both are empty)."""
    env = os.environ if env is None else env
    return env.get(PREFIX + name) or env.get(name) or None


@dataclass(frozen=True, slots=True)
class Settings:
    """How one process runs. Secrets are kept out of ``repr``."""

    home: Path
    database_url: str | None = field(default=None, repr=False)
    """None: SQLite at ``home/prompthub.db``"""
    jwt_secret_key: str | None = field(default=None, repr=False)
    """None: made once and kept in ``home/keys/jwt.key``"""
    jwt_access_token_expire_minutes: float = 30
    jwt_refresh_token_expire_days: int = 30
    encryption_key: str | None = field(default=None, repr=False)
    """None: ``home/keys/master.key``"""
    metrics_token: str | None = field(default=None, repr=False)
    """lets a scraper read ``/metrics`` from another machine"""
    host: str = "127.0.0.1"
    port: int = 8790
    open_registration: bool = True
    """whether strangers may register an organization (invitations always work)"""
    trust_proxy: bool = False
    """whether the last entry of X-Forwarded-For is the caller's address"""

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Settings of the environment, with ``overrides`` (None: not given) on top.

        Raises:
            InvalidInput: a value that does not fit; the message names the variable.
        """
        env = os.environ if env is None else env
        made = cls(
            home=home(env),
            database_url=setting("DATABASE_URL", env),
            jwt_secret_key=setting("JWT_SECRET_KEY", env),
            jwt_access_token_expire_minutes=_number(
                "JWT_ACCESS_TOKEN_EXPIRE_MINUTES", 30, 0.01, _MINUTES_MAX, env
            ),
            jwt_refresh_token_expire_days=int(_number("JWT_REFRESH_TOKEN_EXPIRE_DAYS", 30, 1, 365, env)),
            encryption_key=setting("ENCRYPTION_KEY", env),
            metrics_token=setting("METRICS_TOKEN", env),
            host=env.get(PREFIX + "HOST") or "127.0.0.1",
            port=int(_number("PORT", 8790, 0, 65535, {PREFIX + "PORT": env.get(PREFIX + "PORT", "")})),
            open_registration=_flag("OPEN_REGISTRATION", True, env),
            trust_proxy=_flag("TRUST_PROXY", False, env),
        )
        known = {item.name for item in fields(cls)}
        given = {name: value for name, value in overrides.items() if value is not None}
        if unknown := set(given) - known:
            raise InvalidInput(f"unknown settings: {', '.join(sorted(unknown))}")
        made = replace(made, **given)  # type: ignore[arg-type]
        if made.jwt_secret_key is not None and len(made.jwt_secret_key.encode()) < 32:
            raise InvalidInput(
                "JWT_SECRET_KEY is too short: at least 32 bytes are needed, e.g. from `openssl rand -hex 32`"
            )
        return made


def _number(name: str, default: float, low: float, high: float, env: Mapping[str, str]) -> float:
    text = setting(name, env)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        raise InvalidInput(f"{name} must be a number, got {text!r}") from None
    if not low <= value <= high:
        raise InvalidInput(f"{name} must be from {low:g} to {high:g}, got {text}")
    return value


def _flag(name: str, default: bool, env: Mapping[str, str]) -> bool:
    text = (setting(name, env) or "").lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise InvalidInput(f"{name} must be true or false, got {text!r}")
