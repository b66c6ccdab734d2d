"""Changes with their audit entries on PostgreSQL: at the dispatcher, and over HTTP; beside bare commits."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.services import prompts

from jupyter_prompthub.core.records import NewPrompt, PromptPatch
from tests.support.databases import opened, postgres_server
from tests.support.people import settle
from tests.support.processes import serve

from .measuring import Line
from .servers import API, register
from .wire import Wire

__all__ = ["run"]

_THREADS = 8
_ROUNDS = 5
_INSERT = "INSERT INTO floor (sha, message) VALUES (%s, %s)"


def _rate(make: Callable[[], Callable[[], object]], seconds: float) -> float:
    """Calls per second of ``_THREADS`` threads; each makes its own action."""
    counts = [0] * _THREADS
    ready = threading.Barrier(_THREADS + 1)
    failed: list[BaseException] = []

    def work(index: int) -> None:
        action = make()
        ready.wait()
        end = time.perf_counter() + seconds
        try:
            while time.perf_counter() < end:
                action()
                counts[index] += 1
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(_THREADS)]
    for thread in threads:
        thread.start()
    ready.wait()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(counts) / seconds


def run(folder: Path, *, quick: bool) -> list[Line]:
    """By turns, with ``fsync`` as PostgreSQL has it by default."""
    seconds = 0.5 if quick else 2.0
    numbers = itertools.count()
    rates: dict[str, list[float]] = {"dispatcher": [], "HTTP": [], "commits": []}
    with postgres_server() as postgres:
        postgres.execute("ALTER SYSTEM RESET fsync")
        postgres.execute("SELECT pg_reload_conf()")
        with (
            postgres.fresh_database() as database,
            postgres.fresh_database() as served,
            postgres.fresh_database() as bare,
            opened(database, folder / "home") as store,
            serve(folder / "serve", served) as server,
        ):
            people, dispatcher = settle(store), Dispatcher(store)
            made = dispatcher.run(
                prompts.create, people.engineer, {}, NewPrompt(name="audit", text="Hello\n")
            )
            headers = register(server.url)
            with Wire(server.url, headers) as wire:
                over = wire.json("POST", API + "prompts", {"name": "audit", "text": "Hello\n"})["id"]
            with psycopg.connect(bare, autocommit=True) as conn:
                conn.execute("CREATE TABLE floor (id bigserial PRIMARY KEY, sha text, message text)")

            def change() -> Callable[[], object]:
                path = {"prompt_id": made.id}
                return lambda: dispatcher.run(
                    prompts.update_, people.engineer, path, PromptPatch(title=f"Title {next(numbers)}")
                )

            def patch() -> Callable[[], object]:
                wire = Wire(server.url, headers)
                return lambda: wire.ask("PATCH", f"{API}prompts/{over}", {"title": f"Title {next(numbers)}"})

            def commit() -> Callable[[], object]:
                conn = psycopg.connect(bare, autocommit=True)
                return lambda: conn.execute(_INSERT, (f"{next(numbers):064x}", "floor"))

            makers = {"dispatcher": change, "HTTP": patch, "commits": commit}
            for turn in range(_ROUNDS + 1):
                for name, make in makers.items():
                    rate = _rate(make, seconds)
                    if turn:  # the first is the warm-up
                        rates[name].append(rate)
    ours, http, floor = (statistics.median(rates[name]) for name in ("dispatcher", "HTTP", "commits"))
    shown = f"commits of one row, {_THREADS} connections {floor:.0f}/s"
    return [
        Line(
            "audit",
            f"changes with their entries at the dispatcher, PostgreSQL, {_THREADS} threads",
            f"{ours:.0f} changes/s",
            shown,
            ours / floor,
            "≥ 500 changes/s",
            ours >= 500,
        ),
        Line(
            "audit", f"the same over HTTP, {_THREADS} clients", f"{http:.0f} changes/s", shown, http / floor
        ),
    ]
