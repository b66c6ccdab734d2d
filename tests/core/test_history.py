"""Merge bases: best common ancestors in graphs of any shape."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.history import merge_bases


def _ancestors(number: int, graph: dict[int, tuple[int, ...]]) -> set[int]:
    found, todo = set(), [number]
    while todo:
        at = todo.pop()
        if at not in found:
            found.add(at)
            todo += graph[at]
    return found


@given(data=st.data())
def test_merge_bases_are_the_common_ancestors_that_are_ancestors_of_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 14))
    graph = {
        number: tuple(
            sorted(
                data.draw(st.sets(st.integers(1, number - 1), max_size=3) if number > 1 else st.just(set()))
            )
        )
        for number in range(1, size + 1)
    }
    ours, theirs = data.draw(st.integers(1, size)), data.draw(st.integers(1, size))
    common = _ancestors(ours, graph) & _ancestors(theirs, graph)
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
