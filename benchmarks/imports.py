"""``import jupyter_prompthub`` over a bare Python: time and memory of a whole process."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from .measuring import Line, ms

__all__ = ["run"]

_MEMORY = "; import psutil; print(psutil.Process().memory_info().rss)"
_CODE = {
    "bare": "pass",
    "ours": "import jupyter_prompthub",
    "client": "import jupyter_prompthub; jupyter_prompthub.Client",
}


def _process(code: str) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Three programs by turns."""
    seconds: dict[str, list[float]] = {name: [] for name in _CODE}
    memory: dict[str, list[float]] = {name: [] for name in _CODE}
    for turn in range(-1, 5 if quick else 15):
        for name, code in _CODE.items():
            taken, _ = _process(code)
            _, out = _process(code + _MEMORY)
            if turn >= 0:  # the first fills the caches of the disk
                seconds[name].append(taken)
                memory[name].append(int(out) / 1e6)
    time_of = {name: statistics.median(values) for name, values in seconds.items()}
    size_of = {name: statistics.median(values) for name, values in memory.items()}
    lines = []
    for name, what in (("ours", "import jupyter_prompthub"), ("client", "the same, and the Client class")):
        more_s, more_mb = time_of[name] - time_of["bare"], size_of[name] - size_of["bare"]
        goal = name == "ours"
        lines.append(
            Line(
                "import",
                f"{what}, over bare Python",
                f"{ms(more_s)}, {more_mb:.1f} MB more",
                f"bare Python {ms(time_of['bare'])}, {size_of['bare']:.1f} MB",
                time_of[name] / time_of["bare"],
                "≤ 150 ms, ≤ 30 MB" if goal else "",
                more_s <= 0.15 and more_mb <= 30 if goal else None,
            )
        )
    return lines
