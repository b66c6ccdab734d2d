"""Lists, filters and searches over many prompts, beside raw SQLite on the same file."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.processes import serve

from .measuring import Line, by_turns, ms, percentile
from .servers import API, register
from .wire import Wire

__all__ = ["fill", "run"]

_PAGE = 50
_VERSIONS = 2
_IN_ONE_REQUEST = 2_000
"""versions in one request of an import"""
_TOPICS = ("refund", "shipping", "invoice", "warranty", "returns", "account", "delivery")
_KEYSET = (
    "SELECT id, name, title FROM prompt "
    "WHERE workspace_id = ? AND archived_at IS NULL AND name > ? ORDER BY name LIMIT 51"
)
_FTS = (
    "SELECT rowid FROM search_fts WHERE search_fts MATCH ? ORDER BY bm25(search_fts, 8.0, 4.0, 1.0) LIMIT 51"
)


def _item(number: int, versions: int) -> dict[str, Any]:
    topic = _TOPICS[number % len(_TOPICS)]
    text = f"You answer customers who ask about {topic}. Case {number}.\n{{{{user_message}}}}\n"
    if number % 2_500 == 7:
        text += "Mention the zeppelin.\n"
    texts = [text.replace("You answer", f"You help {turn}") for turn in range(versions - 1)]
    return {
        "name": f"{topic}/p{number:05}",
        "title": f"{topic.title()} {number}",
        "tags": [topic, f"team-{number % 20}"],
        "versions": [{"text": one} for one in (*texts, text)],
    }


def fill(wire: Wire, prompts: int, versions: int = _VERSIONS) -> float:
    """Import that many prompts with that many versions each; the seconds that it took."""
    start = time.perf_counter()
    batch = max(1, _IN_ONE_REQUEST // versions)
    for first in range(0, prompts, batch):
        items = [_item(number, versions) for number in range(first, min(prompts, first + batch))]
        wire.ask("POST", API + "import", {"items": items})
    return time.perf_counter() - start


def _deep_cursor(wire: Wire, prompts: int) -> tuple[str, str]:
    """The cursor of the last full page, and the name before it."""
    cursor, name = "", ""
    for _ in range(prompts // _PAGE - 1):
        after = f"&cursor={cursor}" if cursor else ""
        page = wire.json("GET", f"{API}prompts?limit={_PAGE}{after}")
        cursor, name = page["next_cursor"], page["items"][-1]["name"]
    return cursor, name


class _Raw:
    """The floor: the same file, read by the standard library."""

    def __init__(self, file: Path) -> None:
        self._conn = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._workspace = self._conn.execute("SELECT workspace_id FROM prompt LIMIT 1").fetchone()[0]

    def page(self, after: str) -> Callable[[], list[Any]]:
        return lambda: self._conn.execute(_KEYSET, (self._workspace, after)).fetchall()

    def search(self, word: str) -> Callable[[], list[Any]]:
        return lambda: self._conn.execute(_FTS, (f'"{word}"*',)).fetchall()

    def close(self) -> None:
        self._conn.close()


def run(folder: Path, *, quick: bool, versions: int = _VERSIONS) -> list[Line]:
    """Import, then each question by turns with its floor."""
    called = "list" if versions == _VERSIONS else f"list-{versions}"
    prompts, turns = (1_000, 40) if quick else (10_000, 100)
    home = folder / "home"
    with serve(home) as server, Wire(server.url, register(server.url)) as wire:
        filled = fill(wire, prompts, versions)
        cursor, name = _deep_cursor(wire, prompts)
        raw = _Raw(home / "prompthub.db")
        first, deep, rare, common = (
            raw.page(""),
            raw.page(name),
            raw.search("zeppelin"),
            raw.search("customers"),
        )
        questions: dict[str, tuple[str, str, Callable[[], object]]] = {
            "first page": ("", "keyset page", first),
            "last page by cursor": (f"&cursor={quote(cursor)}", "keyset page", deep),
            "by time of change": ("&sort=updated", "keyset page", first),
            "one tag": ("&tags=refund", "keyset page", first),
            "two tags": ("&tags=refund,team-7", "keyset page", first),
            "one folder": ("&folder=refund", "keyset page", first),
            "search, a rare word": ("&search=zeppelin", "FTS", rare),
            "search, a rare word, by name": ("&search=zeppelin&sort=name", "FTS", rare),
            "search, a word of all": ("&search=customers", "FTS", common),
        }
        lines = [
            Line(
                called,
                f"import of {prompts} prompts with {versions} versions each",
                f"{filled:.1f} s",
                "",
            )
        ]
        p95: dict[str, float] = {}
        for what, (query, kind, floor) in questions.items():
            path = f"{API}prompts?limit={_PAGE}{query}"
            taken = by_turns({"ours": partial(wire.ask, "GET", path), "floor": floor}, turns)
            p95[what] = percentile(taken["ours"], 0.95)
            ratio = statistics.median(taken["ours"]) / statistics.median(taken["floor"])
            lines.append(
                Line(
                    called,
                    f"{what}, p95 (p50)",
                    f"{ms(p95[what])} ({ms(taken['ours'])})",
                    f"{kind} {ms(taken['floor'])}",
                    ratio,
                    "p95 ≤ 25 ms",
                    p95[what] <= 0.025,
                )
            )
        paths = [
            f"{API}prompts?limit={_PAGE}{questions[what][0]}"
            for what in ("first page", "last page by cursor")
        ]
        depth = by_turns(
            {"first": lambda: wire.ask("GET", paths[0]), "deep": lambda: wire.ask("GET", paths[1])}, turns
        )
        flat = statistics.median(depth["deep"]) / statistics.median(depth["first"])
        lines.append(
            Line(
                called,
                "the last page beside the first, p50",
                ms(depth["deep"]),
                f"first page {ms(depth['first'])}",
                flat,
                "flat: ≤ 1.25 times",
                flat <= 1.25,
            )
        )
        raw.close()
    return lines
