"""``openapi.json``: the description of the API, generated from the route table and the models."""

from __future__ import annotations

from .base import PromptHubHandler, authenticated

__all__ = ["OpenApiHandler"]


class OpenApiHandler(PromptHubHandler):
    """The description, for everybody who is signed in."""

    @authenticated
    async def get(self) -> None:
        import asyncio

        from ..openapi import description_json

        self.finish(await asyncio.to_thread(description_json))
