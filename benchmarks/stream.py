"""The first piece of a streamed execution, beside the same request made straight to the same provider."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.support.fake_provider import FakeProvider
from tests.support.processes import serve

from .measuring import Line, ms
from .servers import API, register
from .wire import Wire

__all__ = ["run"]

_TEXT = """---
model: work/gpt-4o-mini
input: {schema: {order: string}}
---
{{role "system"}}
You help customers.
{{role "user"}}
Where is order {{order}}?
"""


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Both ways by turns, on kept connections."""
    with FakeProvider() as provider, serve(folder / "home") as server:
        headers = register(server.url)
        with (
            Wire(server.url, headers) as ours,
            Wire(provider.url + "/", {"Authorization": "Bearer k"}) as direct,
        ):
            made = ours.json("POST", API + "prompts", {"name": "stream", "title": "Stream", "text": _TEXT})
            connection = {
                "name": "work",
                "provider": "openai_compatible",
                "base_url": provider.url,
                "secret": "k",
                "models": ["gpt-4o-mini"],
                "allow_private_address": True,
            }
            ours.ask("POST", API + "connections", connection)
            asked = {"prompt_id": made["id"], "inputs": {"order": "A-17"}, "stream": True}
            messages = [
                {"role": "system", "content": "You help customers."},
                {"role": "user", "content": "Where is order A-17?"},
            ]
            body = {"model": "gpt-4o-mini", "messages": messages, "stream": True}
            first: dict[str, list[float]] = {"ours": [], "floor": []}
            for turn in range(-5, 20 if quick else 60):
                taken = {
                    "ours": ours.first("POST", API + "execute", asked, b"event: delta"),
                    "floor": direct.first("POST", "chat/completions", body, b'"content": "The"'),
                }
                if turn >= 0:
                    for name, value in taken.items():
                        first[name].append(value)
    more = statistics.median(first["ours"]) - statistics.median(first["floor"])
    return [
        Line(
            "stream",
            "first piece of an execution, over a direct call, p50",
            f"{more * 1000:+.2f} ms ({ms(first['ours'])})",
            f"direct call {ms(first['floor'])}",
            statistics.median(first["ours"]) / statistics.median(first["floor"]),
            "≤ 15 ms",
            more <= 0.015,
        )
    ]
