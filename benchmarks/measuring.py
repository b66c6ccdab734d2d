"""Timing in turns, and the table. Ratios are of the same run: what is compared is measured by turns."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil  # comes with ipykernel

__all__ = ["Line", "by_turns", "child", "ms", "percentile", "rss_mb", "table"]

_ENOUGH_S = 15.0
_LEAST = 5


@dataclass(frozen=True)
class Line:
    """One row of the table. ``reached`` is None where there is no goal; ``ratio`` is measured to floor."""

    name: str
    what: str
    measured: str
    floor: str = ""
    ratio: float | None = None
    goal: str = ""
    reached: bool | None = None


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def by_turns(
    actions: Mapping[str, Callable[[], object]], turns: int, *, warm_up: int = 3
) -> dict[str, list[float]]:
    """Seconds of each action, called one after the other ``turns`` times; the first ``warm_up`` rounds do not count.
    What is slow is called less often, but at least five times."""
    until = time.monotonic() + _ENOUGH_S
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for turn in range(-warm_up, turns):
        if turn >= _LEAST and time.monotonic() > until:
            break
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            if turn >= 0:
                taken[name].append(time.perf_counter() - start)
    return taken


def ms(seconds: Sequence[float] | float) -> str:
    """The median in milliseconds, for people."""
    value = seconds if isinstance(seconds, float) else statistics.median(seconds)
    return f"{value * 1000:.2f} ms" if value < 0.1 else f"{value * 1000:.0f} ms"


def rss_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    process = psutil.Process(pid)
    return float(sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))) / 1e6


def child(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python with ``arguments`` to its end."""
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)


def table(lines: Sequence[Line]) -> str:
    """The lines as a Markdown table."""
    head = ("line", "what", "goal", "measured", "floor in this run", "ratio", "reached")
    rows = [
        (
            line.name,
            line.what,
            line.goal,
            line.measured,
            line.floor,
            "" if line.ratio is None else f"{line.ratio:.2f}",
            "" if line.reached is None else "yes" if line.reached else "NO",
        )
        for line in lines
    ]
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]

    def written(row: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"

    return "\n".join(
        [written(head), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(written, rows)]
    )
