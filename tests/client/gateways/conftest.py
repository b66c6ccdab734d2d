"""The doors under test, over a real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing
from typing import Any, cast

import aiohttp
import pytest

from jupyter_prompthub.core.gateway import Chunk, Endpoint, Gateway, ModelRequest, TextDelta
from jupyter_prompthub.core.records import Message, TextPart
from tests.support.fake_provider import FakeProvider


class OpenDoor:
    """Reaches anything: the guard has tests of its own."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def session(self, endpoint: Endpoint) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


def request(text: str = "Where is my order?", **fields: object) -> ModelRequest:
    message = Message(role="user", content=(TextPart(text=text),))
    return ModelRequest.model_validate(
        {"provider": "openai", "model": "gpt-4o-mini", "messages": (message,)} | fields
    )


async def collect(gateway: Gateway, asked: ModelRequest, endpoint: Endpoint) -> list[Chunk]:
    chunks: list[Chunk] = []
    await take(gateway, asked, endpoint, chunks)
    return chunks


async def take(gateway: Gateway, asked: ModelRequest, endpoint: Endpoint, into: list[Chunk]) -> None:
    """Ask, and keep what came also when it fails."""
    async with aclosing(cast("Any", gateway.stream(asked, endpoint))) as chunks:
        async for chunk in chunks:
            into.append(chunk)


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, TextDelta))
