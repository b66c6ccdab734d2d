"""The graph as it is read: what is remembered of it can never be what was not committed."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import edges, histories, merging

from jupyter_prompthub.core.records import GraphQuery, ImportVersion, NewMerge
from tests.server.services.conftest import Library, item


@pytest.fixture(autouse=True)
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edges, "_RUN", 4)
    monkeypatch.setattr(edges, "_MEMORY", edges._Memory())


def seen(library: Library, prompt_id: str) -> tuple[int, list[tuple[int, ...]]]:
    """How many statements a graph takes, and how many lines leave each version."""
    with library.counted() as statements:
        page = library.run(histories.graph, {"prompt_id": prompt_id}, GraphQuery())
    return len(statements), [tuple(line.bottom for line in node.below) for node in page.items]


def test_full_runs_are_read_once_and_new_versions_are_seen(library: Library) -> None:
    report = library.import_(item("long", *(ImportVersion(text=f"{at}\n") for at in range(11))))
    assert report.created == ("long",)
    prompt_id = library.resolve("long").prompt_id
    first, before = seen(library, prompt_id)
    again, same = seen(library, prompt_id)
    assert (first - again, same) == (
        1,
        before,
    )  # two runs, read at once; the newest run may grow: it is read again
    library.save(prompt_id, "Later\n")
    library.save(prompt_id, "Later still\n")
    _, after = seen(library, prompt_id)
    assert after == [(0,), (0,), *before]


def test_a_walk_that_goes_far_reads_more_at_once(library: Library) -> None:
    library.import_(item("long", *(ImportVersion(text=f"{at}\n") for at in range(61))))
    prompt_id = library.resolve("long").prompt_id
    with library.counted() as statements:
        page = library.run(histories.graph, {"prompt_id": prompt_id}, GraphQuery(limit=100))
    assert len(page.items) == 61
    assert [len(node.below) for node in page.items] == [1] * 60 + [0]
    assert sum("version_parent" in one for one in statements) <= 5 + 1  # 16 runs: 1, 2, 4, 8 and the last


def test_a_walk_of_a_change_remembers_nothing(library: Library) -> None:
    library.import_(item("long", *(ImportVersion(text=f"{at}\n") for at in range(11))))
    prompt_id = library.resolve("long").prompt_id
    library.branch(prompt_id, "side", "latest")
    library.save(prompt_id, "Main\n")
    library.save(prompt_id, "Side\n", branch="side")
    library.run(merging.merge, {"prompt_id": prompt_id}, NewMerge(source="side"))
    assert not edges._MEMORY._runs
