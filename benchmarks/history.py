"""A history of 10,000 versions: its merge bases and its graph, beside git on the same graph."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.services import histories, prompts
from jupyter_prompthub_server.services.edges import Edges
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import version, version_parent
from sqlalchemy import Connection, insert, select

from jupyter_prompthub.core.graph import Lanes
from jupyter_prompthub.core.history import merge_bases
from jupyter_prompthub.core.records import GraphQuery, NewPrompt
from tests.support.databases import opened
from tests.support.people import People, settle

from .measuring import Line, by_turns, ms

__all__ = ["fill", "run", "sha_of"]

_DRAWN = 2_000


def _shape(count: int) -> dict[int, tuple[int, ...]]:
    """Two long lines from one beginning; in each a side branch of three is merged again and again."""
    parents: dict[int, tuple[int, ...]] = {1: ()}
    heads = [1, 1]
    while len(parents) < count:
        at = (len(parents) // 5) % 2
        last = heads[at]
        first = len(parents) + 1
        parents |= {
            first: (last,),
            first + 1: (last,),
            first + 2: (first + 1,),
            first + 3: (first, first + 2),
            first + 4: (first + 3,),
        }
        heads[at] = first + 4
    return parents


def sha_of(number: int, salt: int = 0) -> str:
    return f"{salt:02x}{number:062x}"


def fill(
    conn: Connection, workspace_id: str, prompt_id: str, parents: dict[int, tuple[int, ...]], salt: int = 0
) -> None:
    """Rows as saves would have made them, all with the text of the first version."""
    mine = (version.c.workspace_id == workspace_id, version.c.prompt_id == prompt_id)
    first = conn.execute(select(version).where(*mine)).one()._asdict()
    edge = {"workspace_id": workspace_id, "prompt_id": prompt_id}
    shas = {1: first["sha"]}
    rows, edges = [], []
    for number, before in parents.items():
        sha = shas.setdefault(number, sha_of(number, salt))
        if number > 1:
            rows.append({**first, "sha": sha, "number": number})
        edges += [
            {**edge, "sha": sha, "position": at, "parent_sha": shas[one]} for at, one in enumerate(before)
        ]
    conn.execute(insert(version), rows)
    conn.execute(insert(version_parent), edges)
    conn.commit()


def _stream(parents: dict[int, tuple[int, ...]], heads: dict[str, int]) -> Iterator[str]:
    """The same graph for ``git fast-import``."""
    for number, before in parents.items():
        yield f"commit refs/heads/all\nmark :{number}\ncommitter A <a@example.org> {1_700_000_000 + number} +0000\ndata 0\n"
        if before:
            yield f"from :{before[0]}\n" + "".join(f"merge :{one}\n" for one in before[1:])
        yield "\n"
    for name, number in heads.items():
        yield f"reset refs/heads/{name}\nfrom :{number}\n\n"


def run(folder: Path, *, quick: bool) -> list[Line]:
    """By turns with git, in the same run."""
    parents = _shape(10_000)
    last = max(parents)
    heads = {"one": last, "other": last - 5, "near": parents[last - 10][0]}
    repository = folder / "repository"
    subprocess.run(["git", "init", "-q", str(repository)], check=True)

    def git(*words: str) -> Callable[[], object]:
        return lambda: (
            subprocess.run(["git", "-C", str(repository), *words], check=True, capture_output=True).stdout
        )

    stream = "".join(_stream(parents, heads))
    subprocess.run(
        ["git", "-C", str(repository), "fast-import", "--quiet"], input=stream, text=True, check=True
    )
    with opened(None, folder / "home") as store:
        people, dispatcher = settle(store), Dispatcher(store)
        made = dispatcher.run(
            prompts.create, people.engineer, {}, NewPrompt(name="long", text="Hello\n", commit_message="1")
        )
        with store.database.writing(people.workspace_id) as conn:
            fill(conn, people.workspace_id, made.id, parents)
        return _measured(store, people, dispatcher, made.id, parents, heads, git, quick=quick)


def _measured(
    store: Store,
    people: People,
    dispatcher: Dispatcher,
    prompt_id: str,
    parents: dict[int, tuple[int, ...]],
    heads: dict[str, int],
    git: Callable[..., Callable[[], object]],
    *,
    quick: bool,
) -> list[Line]:
    def base(other: str) -> Callable[[], object]:
        def found() -> object:
            with store.database.reading() as conn:
                tx: Any = SimpleNamespace(
                    conn=conn, workspace_id=people.workspace_id, operation=histories.graph
                )
                return merge_bases(heads["one"], heads[other], Edges(tx, prompt_id))

        return found

    def pages() -> object:
        """The first 2,000, a page after the other."""
        cursor, seen = None, 0
        while seen < _DRAWN:
            query = GraphQuery(limit=100, cursor=cursor)
            page = dispatcher.run(histories.graph, people.viewer, {"prompt_id": prompt_id}, query)
            cursor, seen = page.next_cursor, seen + len(page.items)
        return seen

    def lanes() -> object:
        made = Lanes()
        return [made.add(number, parents[number]) for number in sorted(parents, reverse=True)[:_DRAWN]]

    actions = {
        "far": base("other"),
        "git far": git("merge-base", "--all", "one", "other"),
        "near": base("near"),
        "git near": git("merge-base", "--all", "one", "near"),
        "walk": lambda: merge_bases(heads["one"], heads["other"], parents.__getitem__),
        "lanes": lanes,
        "pages": pages,
        "git log": git("log", "--graph", "--oneline", f"-{_DRAWN}", "all"),
    }
    taken = {name: statistics.median(each) for name, each in by_turns(actions, 10 if quick else 40).items()}

    def line(what: str, ours: str, floor: str, called: str, goal: float | None) -> Line:
        return Line(
            "history",
            what,
            ms(taken[ours]),
            f"{called} {ms(taken[floor])}",
            taken[ours] / taken[floor],
            f"≤ {goal * 1000:.0f} ms" if goal else "",
            taken[ours] <= goal if goal else None,
        )

    merge_base = "git merge-base --all"
    return [
        line(
            "merge base in 10,000 versions, near, as the server asks, p50",
            "near",
            "git near",
            merge_base,
            0.020,
        ),
        line(
            "merge base in 10,000, at the very beginning, as the server asks, p50",
            "far",
            "git far",
            merge_base,
            0.020,
        ),
        line("the same, the graph in memory, p50", "walk", "git far", merge_base, 0.020),
        line("lanes of 2,000 versions, p50", "lanes", "git log", "git log --graph -2000", None),
        line(
            "graph of 2,000 versions, 20 pages at the dispatcher, p50",
            "pages",
            "git log",
            "git log --graph -2000",
            None,
        ),
    ]
