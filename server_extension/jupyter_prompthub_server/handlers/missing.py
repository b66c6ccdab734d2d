"""What answers where nothing is, in the headless server."""

from __future__ import annotations

from jupyter_prompthub.core.errors import NotFound

from .base import PromptHubHandler, anonymous

__all__ = ["NothingHere"]


class NothingHere(PromptHubHandler):
    """404 for everybody: there is nothing to protect at addresses that do not exist."""

    def initialize(self, **kwargs: object) -> None:
        super().initialize()

    @anonymous
    async def get(self) -> None:
        raise NotFound("nothing is at this address; the API is below prompthub/api/v1/")

    @anonymous
    async def post(self) -> None:
        await self.get()

    @anonymous
    async def put(self) -> None:
        await self.get()

    @anonymous
    async def patch(self) -> None:
        await self.get()

    @anonymous
    async def delete(self) -> None:
        await self.get()
