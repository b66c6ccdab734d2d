"""Completion in a prompt of 200 lines over REST, beside ``/api/status`` of the same Jupyter server."""

from __future__ import annotations

import itertools
import statistics
from pathlib import Path

from tests.support.processes import jupyter

from .measuring import Line, by_turns, ms
from .servers import API, TOKEN_HEADER, long_prompt
from .wire import Wire

__all__ = ["run"]


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Every question is another text, as it is when somebody types."""
    numbers = itertools.count()
    with jupyter(folder) as server, Wire(server.url, TOKEN_HEADER) as wire:
        made = wire.json("POST", API + "prompts", {"name": "complete", "text": long_prompt()})

        def ours() -> None:
            text = f"{long_prompt()}Edit {next(numbers)} {{{{us"
            body = {"text": text, "position": len(text), "prompt_id": made["id"]}
            if not wire.json("POST", API + "complete", body)["items"]:
                raise RuntimeError("nothing was offered")

        taken = by_turns(
            {"ours": ours, "floor": lambda: wire.ask("GET", "api/status")}, 50 if quick else 200, warm_up=10
        )
    median = statistics.median(taken["ours"])
    return [
        Line(
            "complete",
            "in a prompt of 200 lines over REST, p50",
            ms(median),
            f"/api/status {ms(taken['floor'])}",
            median / statistics.median(taken["floor"]),
            "≤ 20 ms",
            median <= 0.020,
        )
    ]
