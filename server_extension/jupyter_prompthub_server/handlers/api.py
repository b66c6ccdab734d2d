"""The one handler of the REST table."""

from __future__ import annotations

from typing import Any

from jupyter_prompthub.core.errors import PromptHubError

from ..access.permissions import Permission
from ..operations import Caller
from .base import MIB, PromptHubHandler, by_route

__all__ = ["ApiHandler", "client_address"]

NOBODY = Caller(
    actor_id="", workspace_id="", role="", permissions=frozenset({Permission.SELF}), via="anonymous"
)
"""Who asks an anonymous route; its endpoint finds out who it really is."""


class ApiHandler(PromptHubHandler):
    """Finds the route, lets :func:`~jupyter_prompthub_server.api.answer` answer it, sends the record."""

    _route: str | None = None

    async def prepare(self, **kwargs: Any) -> None:
        path = self._path()
        if self.runtime.loaded:
            # the table comes with the services: before they are loaded no path has a limit of its own
            from ..routes import max_body

            self.max_body = max_body(str(self.request.method), path)
        else:
            self.max_body = MIB
        await super().prepare()

    @property
    def route_label(self) -> str:
        return self._route or "unknown"

    async def allowed(self, kind: str) -> bool:
        """Whether the route is for strangers; somebody known is asked for as everywhere."""
        await self.runtime.load()
        from ..routes import find

        try:
            return find(str(self.request.method), self._path()).route.anonymous
        except PromptHubError:
            return False  # a stranger does not learn which addresses exist

    @by_route
    async def get(self) -> None:
        await self._run()

    @by_route
    async def post(self) -> None:
        await self._run()

    @by_route
    async def put(self) -> None:
        await self._run()

    @by_route
    async def patch(self) -> None:
        await self._run()

    @by_route
    async def delete(self) -> None:
        await self._run()

    async def _run(self) -> None:
        from ..api import answer
        from ..routes import find

        match = find(str(self.request.method), self._path())
        self._route = match.route.path
        done = await answer(
            self.runtime,
            match,
            NOBODY if match.route.anonymous else self.caller,
            query=self.request.query,
            body=self.raw_body,
            headers=self.request.headers,
            remote_address=client_address(self),
            access_token=getattr(self.current_user, "access_token", None),
        )
        for name, value in done.headers.items():
            self.set_header(name, value)
        self.answer(done.record, done.status)

    def _path(self) -> str:
        """The path below the API's root, still percent-encoded."""
        _, _, path = str(self.request.path).partition("/prompthub/api/v1/")
        return path


def client_address(handler: Any) -> str:
    """The caller's address: the connection's, or (only when told so) the last entry of X-Forwarded-For."""
    settings = handler.runtime.settings
    forwarded: str = handler.request.headers.get("X-Forwarded-For", "")
    if settings.trust_proxy and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(handler.request.remote_ip or "")
