"""The event loop of whoever calls never waits, not even while a gateway library is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.fake_provider import FakeProvider

_BEATING = """
import asyncio, sys, time
import aiohttp, httpx, pydantic
from pathlib import Path
from jupyter_prompthub_server.execution.doors import ModelDoors
from jupyter_prompthub.core.gateway import Endpoint, ModelRequest
from jupyter_prompthub.core.records import Message, TextPart

async def main() -> None:
    worst, last = 0.0, time.perf_counter()
    async def beat() -> None:
        nonlocal worst, last
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            worst, last = max(worst, now - last), now
    beating = asyncio.create_task(beat())
    doors = ModelDoors(Path(sys.argv[2]))
    message = Message(role="user", content=(TextPart(text="Hi"),))
    asked = ModelRequest(provider="openai", model="gpt-4o-mini", messages=(message,))
    place = Endpoint("work", "openai", sys.argv[1], "sk-test-0123456789abcdef", allow_private_address=True)
    assert "litellm" not in sys.modules
    pieces = [piece async for piece in doors.stream(asked, place)]
    assert "litellm" in sys.modules and len(pieces) > 5
    beating.cancel()
    await doors.close()
    print(worst)

asyncio.run(main())
"""


_LONG_S = 0.5
"""an import on the loop would take seconds; how short a gap is in fact is for a quiet machine to say"""


def _worst_gap(script: str, *arguments: str) -> float:
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


def test_the_loop_goes_on_while_litellm_is_imported_and_asked(tmp_path: Path) -> None:
    with FakeProvider() as provider:
        assert _worst_gap(_BEATING, provider.url, str(tmp_path)) < _LONG_S
