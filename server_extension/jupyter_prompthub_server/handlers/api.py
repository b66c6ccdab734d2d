"""The one handler of the REST table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_prompthub.core.errors import NotFound, PromptHubError

from ..access.permissions import Permission
from ..operations import Caller
from .base import PromptHubHandler, by_route

if TYPE_CHECKING:
    from ..routes import Match

__all__ = ["ApiHandler", "client_address"]

NOBODY = Caller(
    actor_id="", workspace_id="", role="", permissions=frozenset({Permission.SELF}), via="anonymous"
)
"""Who asks an anonymous route; its endpoint finds out who it really is."""


class ApiHandler(PromptHubHandler):
    """Finds the route, lets :func:`~jupyter_prompthub_server.api.answer` answer it, sends the record."""

    _match: Match | None = None
    _nowhere: PromptHubError | None = None

    async def prepare(self, **kwargs: Any) -> None:
        await self.runtime.load()
        from ..routes import find

        try:
            self._match = find(str(self.request.method), self._path())
            self.max_body = self._match.route.max_body
        except PromptHubError as error:
            self._nowhere = error  # told to those who are signed in only
        await super().prepare()

    @property
    def route_label(self) -> str:
        return self._match.route.path if self._match else "unknown"

    async def allowed(self, kind: str) -> bool:
        """Whether the route is for strangers."""
        return self._match is not None and self._match.route.anonymous

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

        if self._match is None:
            raise self._nowhere or NotFound("nothing is at this address")
        done = await answer(
            self.runtime,
            self._match,
            NOBODY if self._match.route.anonymous else self.caller,
            query=self.request.query,
            body=self.raw_body,
            headers=self.request.headers,
            remote_address=client_address(self),
            access_token=getattr(self.current_user, "access_token", None),
        )
        for name, value in done.headers.items():
            self.set_header(name, value)
        self.send(done.body, done.status)

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
