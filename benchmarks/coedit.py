"""An edit that reaches another Yjs client through a room, beside a bare relay of bytes."""

from __future__ import annotations

import asyncio
import pickle
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.support import people
from tests.support.databases import opened
from tests.support.rooms import Served, YjsClient

from .measuring import Line, ms, percentile

__all__ = ["arrives", "process", "run", "settle"]

_ROOT = Path(__file__).parent.parent


def settle(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    with opened(home / "prompthub.db", home) as store:
        everybody = people.settle(store)
    (home / "people.pickle").write_bytes(pickle.dumps(everybody))


@asynccontextmanager
async def process(*module: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A Python module in a process of its own, with the address that it prints."""
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", *module, cwd=_ROOT, stdout=PIPE)
    try:
        if running.stdout is None:
            raise RuntimeError("expected a pipe")
        address = (await asyncio.wait_for(running.stdout.readline(), 60)).decode().strip()
        if not address:
            raise RuntimeError(f"{' '.join(module)} did not start")
        yield running, address
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def arrives(here: YjsClient, there: YjsClient, word: str) -> float:
    """Seconds from typing here until it is in the other's document."""
    seen = len(there.text) + len(word)
    start = time.perf_counter()
    here.type(len(here.text), word)
    await there.until(lambda: len(there.text) >= seen)
    return time.perf_counter() - start


async def _relayed(here: WebSocketClientConnection, there: WebSocketClientConnection) -> float:
    start = time.perf_counter()
    await here.write_message(b"x" * 40, binary=True)
    await there.read_message()
    return time.perf_counter() - start


async def _measure(home: Path, turns: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {"ours": [], "relay": []}
    async with (
        process("tests.support.room_process", str(home)) as (_, url),
        process("benchmarks.relay") as (_, relay),
    ):
        served = Served(url, None, None, None)  # type: ignore[arg-type]
        prompt_id = await served.new_prompt("Hello {{name}}\n")
        ann = await YjsClient(url, "engineer", prompt_id).connect()
        bob = await YjsClient(url, "colleague", prompt_id).connect()
        left, right = [await websocket_connect(relay) for _ in range(2)]
        for turn in range(-10, turns):
            pair = (ann, bob) if turn % 2 else (bob, ann)
            ours, floor = await arrives(*pair, f"word{turn} "), await _relayed(left, right)
            if turn >= 0:
                taken["ours"].append(ours)
                taken["relay"].append(floor)
            await asyncio.sleep(0.02)  # as typing does: not faster than the room collects
        for each in (ann, bob):
            await each.disconnect()
        for socket in (left, right):
            socket.close()
    return taken


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Two clients type by turns, with a message over the bare relay after each edit."""
    home = folder / "home"
    settle(home)
    taken = asyncio.run(_measure(home, 50 if quick else 200))
    p50, p95 = statistics.median(taken["ours"]), percentile(taken["ours"], 0.95)
    floor = f"a bare websocket relay {ms(taken['relay'])}"
    ratio = p50 / statistics.median(taken["relay"])
    return [
        Line(
            "coedit", "an edit reaching another client, p50", ms(p50), floor, ratio, "≤ 25 ms", p50 <= 0.025
        ),
        Line("coedit", "the same, p95", ms(p95), floor, None, "≤ 80 ms", p95 <= 0.08),
    ]
