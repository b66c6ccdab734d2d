"""The server is killed at random moments while two people type."""

from __future__ import annotations

import asyncio
import pickle
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from tests.support.counts import SEED
from tests.support.databases import opened
from tests.support.people import settle
from tests.support.rooms import Served, YjsClient

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
START = "one\n"


class Typist:
    """Types numbered words at the end of the text until the server is gone."""

    def __init__(self, name: str, client: YjsClient, seed: int) -> None:
        self.name, self.client = name, client
        self.typed: list[str] = []
        self.stored: set[str] = set()
        self._random = random.Random(seed)

    async def work(self) -> None:
        """Type; now and then ask whether it is stored."""
        with suppress(WebSocketClosedError, StreamClosedError):
            while self.client.closed is None:
                word = f"{self.name}{len(self.typed):05}"
                self.client.type(len(self.client.text), f"{word}\n")
                self.typed.append(word)
                if self._random.random() < 0.2:
                    asked = set(self.typed)
                    await self.client.stored()
                    self.stored = asked
                await asyncio.sleep(self._random.random() * 0.006)


@asynccontextmanager
async def process(home: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A server in a process of its own, and its address."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.room_process",
        str(home),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert running.stdout is not None
        line = await asyncio.wait_for(running.stdout.readline(), 60)
        yield running, line.decode().strip()
    finally:
        with suppress(ProcessLookupError):
            running.kill()
        await running.wait()


def words(text: str) -> set[str]:
    """The words in a text, without the last if its line is not complete."""
    return set(text.split("\n")[:-1])


@pytest.mark.parametrize(
    "rounds",
    [pytest.param(5), pytest.param(100, marks=[pytest.mark.long, pytest.mark.timeout(1800)])],
)
async def test_whatever_was_seen_or_acknowledged_survives_kill_9(
    rounds: int, sqlite_template: Path, home: Path, anyio_backend: str
) -> None:
    (home / "prompthub.db").write_bytes(sqlite_template.read_bytes())
    with opened(None, home) as store:
        (home / "people.pickle").write_bytes(pickle.dumps(settle(store)))
    chance = random.Random(SEED)
    prompt_id = ""
    checked = 0
    typists: list[Typist] = []
    for turn in range(rounds + 1):
        async with process(home) as (running, url):
            if not prompt_id:
                prompt_id = await Served(url, None, None, None).new_prompt(START)  # type: ignore[arg-type]
            fresh = await YjsClient(url, "viewer", prompt_id).connect()
            held = words(str(fresh))
            await fresh.disconnect()
            for one, other in (typists, typists[::-1]) if typists else ():
                seen = {w for w in one.typed if w in words(str(other.client))}
                assert one.stored <= held, sorted(one.stored - held)
                assert seen <= held, sorted(seen - held)
                checked += len(one.stored | seen)
            for typist in typists:  # back online: what was not stored yet arrives, once
                typist.client.url = url
                await typist.client.connect()
                await typist.client.stored()
            if typists:
                fresh = await YjsClient(url, "viewer", prompt_id).connect()
                lines = str(fresh).split("\n")
                await fresh.disconnect()
                typed = [word for typist in typists for word in typist.typed]
                assert sorted(lines) == sorted(["one", "", *typed])
            if turn == rounds:
                break
            if not typists:
                for name, who in (("a", "engineer"), ("b", "colleague")):
                    client = await YjsClient(url, who, prompt_id).connect()
                    typists.append(Typist(name, client, seed=len(typists)))
            working = [asyncio.create_task(typist.work()) for typist in typists]
            await asyncio.sleep(chance.uniform(0.02, 0.6))
            running.kill()
            await running.wait()
            await asyncio.gather(*working)
            for typist in typists:
                await typist.client.disconnect()
    for typist in typists:
        await typist.client.disconnect()
    assert checked > rounds * 20
