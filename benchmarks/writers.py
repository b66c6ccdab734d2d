"""Five people type in a draft of 200 KB: what an edit costs there, beside two people in a short one."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import psutil  # comes with ipykernel

from tests.support.rooms import Served, YjsClient

from .coedit import arrives, process, settle
from .measuring import Line, ms, percentile

__all__ = ["TEXT", "WRITERS", "Writer", "run"]

WRITERS = 5
TEXT = "".join(f"line {number:05} of a rather long prompt\n" for number in range(5_600))
_KEY_S = 0.08
"""a fast typist: twelve keys a second"""


class Writer:
    """Types words into a part of the text of their own."""

    def __init__(self, number: int, client: YjsClient) -> None:
        self.number, self.client = number, client
        self.typed = ""

    async def work(self, until: float) -> None:
        """Type at a steady pace, each key one edit."""
        line = f"line {self.number * 1_000:05} "
        count = 0
        while time.perf_counter() < until:
            place = str(self.client).index(line) + len(line)  # the text is ASCII: bytes are characters
            key = "abcdefghij"[count % 10]
            self.client.type(place + len(self.typed), key)
            self.typed += key
            count += 1
            await asyncio.sleep(_KEY_S)


async def _latency(here: YjsClient, there: YjsClient, turns: int) -> list[float]:
    taken = []
    for turn in range(turns):
        taken.append(await arrives(here, there, f"w{turn} "))
        await asyncio.sleep(0.02)
    return taken


async def _measure(home: Path, *, seconds: float, turns: int) -> tuple[list[float], list[float], float, int]:
    """Seconds per edit in the long draft and in a short one, MiB that the room took, characters lost."""
    async with process("tests.support.room_process", str(home)) as (running, url):
        served = Served(url, None, None, None)  # type: ignore[arg-type]
        short = await served.new_prompt("Hello {{name}}\n", "short")
        two = [await YjsClient(url, who, short).connect() for who in ("engineer", "colleague")]
        floor = await _latency(two[0], two[1], turns)
        for each in two:
            await each.disconnect()
        server = psutil.Process(running.pid)
        before = server.memory_info().rss
        long = await served.new_prompt(TEXT, "long")
        clients = [
            await YjsClient(url, ("engineer", "colleague")[number % 2], long).connect()
            for number in range(WRITERS)
        ]
        watching = await YjsClient(url, "engineer", long).connect()
        writers = [Writer(number, client) for number, client in enumerate(clients)]
        working = [asyncio.create_task(writer.work(time.perf_counter() + seconds)) for writer in writers]
        taken: list[float] = []
        while not all(task.done() for task in working):
            # a sixth person's edit, which has to get through between all others
            mark = f"<{len(taken)}>"
            start = time.perf_counter()
            watching.type(0, mark)
            await clients[0].until(lambda mark=mark: mark in str(clients[0])[:4_000])  # type: ignore[misc]
            taken.append(time.perf_counter() - start)
            await asyncio.sleep(0.1)
        await asyncio.gather(*working)
        for client in clients:
            await client.stored()
        used = (server.memory_info().rss - before) / 2**20
        held = (await served.api("viewer", "GET", f"prompts/{long}/drafts/main"))["text"]
        lost = sum(len(writer.typed) for writer in writers if writer.typed not in held)
        for client in (*clients, watching):
            await client.disconnect()
    return taken, floor, used, lost


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Five writers with twelve keys a second each, and the edits of a sixth timed between them."""
    home = folder / "home"
    settle(home)
    taken, floor, used, lost = asyncio.run(
        _measure(home, seconds=5.0 if quick else 20.0, turns=30 if quick else 100)
    )
    if lost:
        raise RuntimeError(f"{lost} characters were lost")
    p50, p95 = statistics.median(taken), percentile(taken, 0.95)
    beside = f"two people in a short draft {ms(floor)}"
    return [
        Line(
            "writers",
            "an edit in 200 KB with five writers, p50",
            ms(p50),
            beside,
            p50 / statistics.median(floor),
            "≤ 50 ms",
            p50 <= 0.05,
        ),
        Line("writers", "the same, p95", ms(p95), beside, None, "≤ 150 ms", p95 <= 0.15),
        Line("writers", "memory that the room took", f"{used:.0f} MiB", "", None, "≤ 100 MiB", used <= 100),
    ]
