"""A server of rooms in a process of its own, to be killed: ``python -m tests.support.room_process HOME``.

Its people are read from ``HOME/people.pickle``; it prints its address, and runs until it is killed.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from pathlib import Path

from tests.support.rooms import serving

__all__: list[str] = []


async def _main(home: Path) -> None:
    people = pickle.loads((home / "people.pickle").read_bytes())
    async with serving(str(home / "prompthub.db"), home, people) as served:
        print(served.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
