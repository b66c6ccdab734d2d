"""The same questions to a library and to one of ten times its size."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.support.processes import serve

from .listing import fill
from .measuring import Line, by_turns, ms
from .servers import API, long_prompt, register
from .wire import Wire

__all__ = ["run"]

_MOST = 1.5
_ALL_MATCHES = "search"
"""has no goal: a ranking looks at every match, and ten times the library has ten times the matches"""


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Two servers, asked by turns."""
    small = 100 if quick else 1_000
    numbers = itertools.count()
    with ExitStack() as stack:
        actions: dict[str, Callable[[], object]] = {}
        for size in (small, small * 10):
            server = stack.enter_context(serve(folder / str(size)))
            wire = stack.enter_context(Wire(server.url, register(server.url)))
            fill(wire, size)
            text = long_prompt(40)
            made = wire.json("POST", API + "prompts", {"name": "growth", "text": text})
            path = f"{API}prompts/{made['id']}"

            def save(wire: Wire = wire, path: str = path) -> None:
                number = next(numbers)
                wire.ask(
                    "PUT",
                    path,
                    {"text": f"{long_prompt(40)}Edit {number}\n", "commit_message": f"Edit {number}"},
                )

            actions |= {
                f"read a version {size}": lambda wire=wire, path=path: wire.ask(
                    "GET", path + "/versions/latest"
                ),  # type: ignore[misc]
                f"first page of the list {size}": lambda wire=wire: wire.ask("GET", API + "prompts?limit=50"),  # type: ignore[misc]
                f"search, a page of five of one in 140 {size}": lambda wire=wire: wire.ask(  # type: ignore[misc]
                    "GET", API + "prompts?limit=5&tags=team-7&search=refund"
                ),
                f"save a version {size}": save,
            }
        taken = by_turns(actions, 30 if quick else 100, warm_up=10)
    lines = []
    for name in [key.rpartition(" ")[0] for key in list(taken)[: len(taken) // 2]]:
        few, many = (statistics.median(taken[f"{name} {size}"]) for size in (small, small * 10))
        lines.append(
            Line(
                "growth",
                f"{name}, {small * 10} prompts, p50",
                ms(many),
                f"{small} prompts {ms(few)}",
                many / few,
                *(() if name.startswith(_ALL_MATCHES) else (f"≤ {_MOST} times", many / few <= _MOST)),
            )
        )
    return lines
