"""Connections break at random moments while people type: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from tests.server.rooms.conftest import Connect
from tests.support.counts import SEED, times
from tests.support.rooms import Served, YjsClient
from tests.support.wire import wire

pytestmark = pytest.mark.anyio

START = "one\n"
NAMES = (("a", "engineer"), ("b", "colleague"), ("c", "engineer"))


class Typist:
    """Types numbered lines, online or not; knows which of them were said to be stored."""

    def __init__(self, name: str, client: YjsClient) -> None:
        self.name, self.client = name, client
        self.typed: list[str] = []
        self.stored: set[str] = set()

    async def work(self, chance: random.Random, lines: int) -> None:
        """Type, and ask now and then whether it is stored."""
        for _ in range(lines):
            word = f"{self.name}{len(self.typed):05}"
            self.client.type(len(self.client.text), f"{word}\n")
            self.typed.append(word)
            if chance.random() < 0.2:
                asked = set(self.typed)
                with suppress(WebSocketClosedError, StreamClosedError, TimeoutError):
                    async with asyncio.timeout(1):
                        await self.client.stored()
                        self.stored |= asked
            await asyncio.sleep(chance.random() * 0.004)


@pytest.mark.timeout(900)
async def test_whatever_was_acknowledged_is_there_after_any_disconnection(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    chance = random.Random(SEED)
    fresh = await client("viewer", prompt_id)
    with wire(int(served.url.rpartition(":")[2])) as line:
        far = f"http://127.0.0.1:{line.port}"
        typists = [
            Typist(name, await YjsClient(far, who, prompt_id, session=fresh.session).connect())
            for name, who in NAMES
        ]
        for turn in range(times(2)):
            working = [asyncio.create_task(each.work(chance, 30)) for each in typists]
            await asyncio.sleep(chance.uniform(0.01, 0.1))
            if turn % 2 == 0:
                line.cut()
            else:
                line.go_silent()
            await asyncio.gather(*working)
            held = set(
                (await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main"))["text"].split()
            )
            for each in typists:
                assert each.stored <= held, sorted(each.stored - held)
            line.come_back()
            for each in typists:
                await each.client.connect()
                await each.client.stored()
                each.stored = set(each.typed)
        typed = [word for each in typists for word in each.typed]
        held_at_last = (await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main"))["text"]
        assert sorted(held_at_last.split()) == sorted(["one", *typed])
        assert fresh.closed is None
        await fresh.sees(held_at_last)
        for each in typists:
            await each.client.sees(held_at_last)
            await each.client.disconnect()
