"""Whether it lives, whether it is ready, how it is; and metrics for Prometheus."""

from __future__ import annotations

import hmac
from typing import Any

from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.records import Health

from ..access.identity import bearer
from .base import PromptHubHandler, anonymous, by_route

__all__ = ["HealthHandler", "LiveHandler", "MetricsHandler", "ReadyHandler"]

_FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")


class LiveHandler(PromptHubHandler):
    """The process answers. Says nothing else, as strangers may ask."""

    @anonymous
    async def get(self) -> None:
        self.answer(Health(status="ok", version=""))


class ReadyHandler(PromptHubHandler):
    """200 when requests can be answered, else 503; no details, as strangers may ask."""

    @anonymous
    async def get(self) -> None:
        try:
            remote = await self.remote()
            if remote is None:
                await self.runtime.ping()
        except PromptHubError:
            self.set_header("Retry-After", "2")
            self.answer(Health(status="down", version=""), 503)
            return
        self.answer(Health(status="ok", version=""))


class _Watched(PromptHubHandler):
    """For those who are signed in; headless also for this machine itself, and for the scraper's token."""

    async def allowed(self, kind: str) -> bool:
        if self.runtime.mode == "laptop" or self.current_user is not None:
            return False
        wanted, given = self.runtime.settings.metrics_token, bearer(self, ("bearer", "token"))
        if wanted and given and hmac.compare_digest(wanted.encode(), given.encode()):
            return True
        direct = not any(name in self.request.headers for name in _FORWARDED)
        return direct and given is None and _is_loopback(self.request.remote_ip)


class HealthHandler(_Watched):
    """How the parts are: database, models, disk, memory."""

    @by_route
    async def get(self) -> None:
        from ..health import examine

        health = await examine(self.runtime)
        self.answer(health, 503 if health.status == "down" else 200)


class MetricsHandler(_Watched):
    """Prometheus' text format."""

    @by_route
    async def get(self) -> None:
        text, kind = self.runtime.metrics.render()
        self.finish(text, set_content_type=kind)


def _is_loopback(address: Any) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(str(address)).is_loopback
    except ValueError:
        return False
