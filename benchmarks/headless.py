"""``prompthub serve``: from the start of the process to ready, and its memory when nobody asks."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from tests.support.processes import serve

from .measuring import Line, by_turns, child, ms, rss_mb

__all__ = ["run"]

_IDLE_S = 1.0


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Starts on a new store (tables are made) and on one that is there, by turns with a bare Python."""
    seconds: dict[str, list[float]] = {"new": [], "there": []}
    memory: list[float] = []
    bare = by_turns({"bare": lambda: child("-c", "import tornado.web")}, 5, warm_up=1)["bare"]
    for turn in range(5):
        home = folder / f"home{turn}"
        for name, found in seconds.items():
            with serve(home) as server:
                found.append(server.started_in)
                if name == "there":
                    time.sleep(_IDLE_S)
                    memory.append(rss_mb(server.popen.pid))
    floor = f"python -c 'import tornado.web' {ms(bare)}"
    lines = []
    for name, what in (("new", "on a new store"), ("there", "on a store that is there")):
        median = statistics.median(seconds[name])
        ratio = median / statistics.median(bare)
        lines.append(
            Line("serve", f"start to ready, {what}", f"{median:.2f} s", floor, ratio, "≤ 3 s", median <= 3)
        )
    size = statistics.median(memory)
    return [*lines, Line("serve", "memory, idle", f"{size:.0f} MB", "", None, "≤ 150 MB", size <= 150)]
