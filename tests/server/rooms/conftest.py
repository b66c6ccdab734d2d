"""A server of rooms, on each of the two databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.rooms import Served, YjsClient, serving

Connect = Callable[..., Awaitable[YjsClient]]


@pytest.fixture
def anyio_backend() -> str:
    """Tornado runs on asyncio."""
    return "asyncio"


@pytest.fixture
async def served(database: str, home: Path, anyio_backend: str) -> AsyncIterator[Served]:
    """A running server with an empty store."""
    async with serving(database, home) as served:
        yield served


@pytest.fixture
async def client(served: Served) -> AsyncIterator[Connect]:
    """Makes connected clients: ``await client("engineer", prompt_id)``."""
    made: list[YjsClient] = []

    async def connect(who: str, prompt_id: str, branch: str = "main") -> YjsClient:
        made.append(YjsClient(served.url, who, prompt_id, branch))
        return await made[-1].connect()

    yield connect
    for each in made:
        await each.disconnect()
