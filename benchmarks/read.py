"""A version read by its ref over REST, beside ``/api/status`` of the same Jupyter server."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.support.processes import jupyter

from .measuring import Line, by_turns, ms
from .servers import API, TOKEN_HEADER, long_prompt
from .wire import Wire, load

__all__ = ["run"]

_CLIENTS = 32


def run(folder: Path, *, quick: bool) -> list[Line]:
    """One client by turns, then 32 at once by turns."""
    with jupyter(folder) as server, Wire(server.url, TOKEN_HEADER) as wire:
        made = wire.json("POST", API + "prompts", {"name": "read", "title": "Read", "text": long_prompt(40)})
        ours = f"{API}prompts/{made['id']}/versions/latest"
        floor = "api/status"
        taken = by_turns(
            {"ours": lambda: wire.ask("GET", ours), "floor": lambda: wire.ask("GET", floor)},
            100 if quick else 500,
            warm_up=50,
        )
        rates: dict[str, list[float]] = {ours: [], floor: []}
        for turn in range(6):
            for path, found in rates.items():
                rate = load(server.url, path, TOKEN_HEADER, clients=_CLIENTS, seconds=0.5 if quick else 1.5)
                if turn:  # the first is the warm-up
                    found.append(rate)
    ratio = statistics.median(taken["ours"]) / statistics.median(taken["floor"])
    ours_rate, floor_rate = (statistics.median(rates[path]) for path in (ours, floor))
    return [
        Line(
            "read",
            "a version by ref over REST, 1 client, p50",
            ms(taken["ours"]),
            f"/api/status {ms(taken['floor'])}",
            ratio,
            "≤ 1.5 times",
            ratio <= 1.5,
        ),
        Line(
            "read",
            f"the same, {_CLIENTS} clients",
            f"{ours_rate:.0f} requests/s",
            f"/api/status {floor_rate:.0f} requests/s",
            ours_rate / floor_rate,
            "≥ 0.7 times",
            ours_rate / floor_rate >= 0.7,
        ),
    ]
