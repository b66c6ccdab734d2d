"""What our server extension adds to the start of JupyterLab's server, and to its memory."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

from .measuring import Line, rss_mb
from .servers import lab

__all__ = ["run"]

_IDLE_S = 1.5


def run(folder: Path, *, quick: bool) -> list[Line]:
    """JupyterLab with us and without us by turns, all other extensions of the environment in both."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PROMPTHUB_", "JUPYTER"))
    }
    seconds: dict[bool, list[float]] = {False: [], True: []}
    memory: dict[bool, list[float]] = {False: [], True: []}
    ours: list[float] = []
    for turn in range(-1, 5 if quick else 7):
        for with_us in (False, True):
            with lab(folder / f"{turn}-{with_us}", env, with_us=with_us) as server:
                time.sleep(_IDLE_S)
                if turn >= 0:  # the first fills the caches of the disk, and makes the store
                    seconds[with_us].append(server.ready_s)
                    memory[with_us].append(rss_mb(server.pid))
                    ours += [] if server.ours_s is None else [server.ours_s]
    without_s, with_s = (statistics.median(seconds[key]) for key in (False, True))
    without_mb, with_mb = (statistics.median(memory[key]) for key in (False, True))
    return [
        Line(
            "lab",
            "page served, over JupyterLab without us",
            f"{with_s - without_s:+.2f} s ({with_s:.2f} s)",
            f"JupyterLab {without_s:.2f} s",
            with_s / without_s,
            "≤ 0.5 s",
            with_s - without_s <= 0.5,
        ),
        Line(
            "lab",
            "PromptHub ready, over JupyterLab without us",
            f"{statistics.median(ours) - without_s:+.2f} s ({statistics.median(ours):.2f} s)",
            f"JupyterLab {without_s:.2f} s",
            statistics.median(ours) / without_s,
        ),
        Line(
            "lab",
            "memory, idle, over JupyterLab without us",
            f"{with_mb - without_mb:+.0f} MB ({with_mb:.0f} MB)",
            f"JupyterLab {without_mb:.0f} MB",
            with_mb / without_mb,
            "≤ 60 MB",
            with_mb - without_mb <= 60,
        ),
    ]
