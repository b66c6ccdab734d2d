"""Merge bases: best common ancestors in graphs of any shape."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.history import ahead_behind, apart, merge_bases


def _ancestors(number: int, graph: dict[int, tuple[int, ...]]) -> set[int]:
    found, todo = set(), [number]
    while todo:
        at = todo.pop()
        if at not in found:
            found.add(at)
            todo += graph[at]
    return found


@given(
    seeds=st.lists(st.lists(st.integers(0, 40), max_size=3), min_size=1, max_size=14),
    ours=st.integers(0, 40),
    theirs=st.integers(0, 40),
)
def test_merge_bases_are_the_common_ancestors_that_are_ancestors_of_no_other(
    seeds: list[list[int]], ours: int, theirs: int
) -> None:
    graph = {
        number: tuple(sorted({1 + seed % (number - 1) for seed in some})) if number > 1 else ()
        for number, some in enumerate(seeds, 1)
    }
    ours, theirs = (1 + one % len(graph) for one in (ours, theirs))
    mine, others = _ancestors(ours, graph), _ancestors(theirs, graph)
    only = (sorted(mine - others, reverse=True), sorted(others - mine, reverse=True))
    assert apart(ours, theirs, graph.__getitem__) == only
    assert ahead_behind(ours, theirs, graph.__getitem__) == (len(only[0]), len(only[1]))
    common = mine & others
    best = {one for one in common if not any(one in _ancestors(other, graph) for other in common - {one})}
    assert merge_bases(ours, theirs, graph.__getitem__) == tuple(sorted(best))
    assert merge_bases(theirs, ours, graph.__getitem__) == tuple(sorted(best))


def test_a_merge_base_near_the_heads_reads_little_of_a_long_history() -> None:
    asked = []

    def parents(number: int) -> tuple[int, ...]:
        asked.append(number)
        return (number - 1,) if number > 1 else ()

    assert merge_bases(10_000, 9_990, parents) == (9_990,)
    assert len(asked) < 20
