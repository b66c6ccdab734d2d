"""Lanes: drawn as git draws them, the same in pages as in one piece, and joined up in graphs of any shape."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.graph import Lanes, Row, text_rows

Graph = dict[int, tuple[int, ...]]

GRAPHS = st.lists(st.lists(st.integers(0, 40), max_size=3), min_size=1, max_size=14).map(
    lambda seeds: {
        number: tuple(sorted({1 + seed % (number - 1) for seed in some})) if number > 1 else ()
        for number, some in enumerate(seeds, 1)
    }
)


def laid_out(graph: Graph) -> list[tuple[Row, str]]:
    lanes = Lanes()
    return [(lanes.add(number, graph[number]), str(number)) for number in sorted(graph, reverse=True)]


def drawn(graph: Graph) -> list[str]:
    return list(text_rows(laid_out(graph)))


def test_a_line_is_one_lane() -> None:
    assert drawn({1: (), 2: (1,), 3: (2,)}) == ["* 3", "* 2", "* 1"]


def test_a_merge_opens_a_lane_and_its_beginning_closes_it() -> None:
    assert drawn({1: (), 2: (1,), 3: (1,), 4: (2, 3)}) == ["* 4", "|\\", "| * 3", "* | 2", "|/", "* 1"]


def test_two_heads_stand_beside_each_other_until_they_meet() -> None:
    assert drawn({1: (), 2: (1,), 3: (1,)}) == ["* 3", "| * 2", "|/", "* 1"]


def test_a_lane_that_crosses_others_is_drawn_across() -> None:
    assert drawn({1: (), 2: (1,), 3: (1,), 4: (1,)}) == ["* 4", "| * 3", "| | * 2", "|/_/", "* 1"]


def test_no_versions_are_no_rows() -> None:
    assert drawn({}) == []


@given(GRAPHS, st.integers(1, 5))
def test_pages_are_the_rows_of_the_whole(graph: Graph, size: int) -> None:
    numbers = sorted(graph, reverse=True)
    waiting: tuple[int | None, ...] = ()
    rows: list[Row] = []
    for at in range(0, len(numbers), size):
        lanes = Lanes(waiting)
        rows += [lanes.add(number, graph[number]) for number in numbers[at : at + size]]
        waiting = lanes.waiting
    assert rows == [row for row, _ in laid_out(graph)]


@given(GRAPHS)
def test_every_parent_is_reached_by_its_line_and_lines_go_on_from_row_to_row(graph: Graph) -> None:
    rows = laid_out(graph)
    carried: dict[int, set[int]] = {}
    """by lane: the versions that the lines in it lead to"""
    for row, text in rows:
        number = int(text)
        assert {line.top for line in row.above} == set(carried)
        arrived = {lane for lane, ahead in carried.items() if number in ahead}
        assert arrived == {
            line.top for line in row.above if line.bottom == row.lane and number in carried[line.top]
        }
        after: dict[int, set[int]] = {
            line.bottom: set(carried[line.top]) for line in row.above if number not in carried[line.top]
        }
        new = [
            line
            for line in row.below
            if line.top == row.lane and line.bottom == line.lane and line.top not in after
        ]
        assert len({line.bottom for line in new}) == len(graph[number])
        for line, parent in zip(new, graph[number], strict=True):
            after.setdefault(line.bottom, set()).add(parent)
        assert all(len(ahead) == 1 for ahead in after.values())
        assert {line.bottom for line in row.below} == set(after)
        carried = after
    assert carried == {}
