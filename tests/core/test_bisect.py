"""Bisection: it finds the first bad version of any graph, with few questions."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_prompthub.core.bisect import Bisection
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.history import walk
from tests.core.test_graph import GRAPHS, Graph


def searched(search: Bisection, is_bad: set[int], skip: set[int] = frozenset()) -> int:  # type: ignore[assignment]
    questions = 0
    while (number := search.question()) is not None:
        questions += 1
        if number in skip:
            search.skip(number)
        else:
            search.mark(number, bad=number in is_bad)
    return questions


@given(GRAPHS, st.integers(0, 40))
def test_the_first_bad_version_is_found_whatever_the_branches(graph: Graph, seed: int) -> None:
    head = max(graph)
    history = set(walk([head], graph.__getitem__))
    assume(len(history) > 1)
    culprit = sorted(history)[1:][seed % (len(history) - 1)]
    bad = {each for each in history if culprit in set(walk([each], graph.__getitem__))}
    roots = history - bad
    assume(roots)
    search = Bisection(graph.__getitem__, head, roots & {min(roots)})
    searched(search, bad)
    assert search.found == culprit


def test_a_line_of_a_thousand_needs_ten_questions() -> None:
    parents = {number: (number - 1,) if number > 1 else () for number in range(1, 1001)}
    search = Bisection(parents.__getitem__, 1000, [1])
    assert searched(search, set(range(618, 1001))) <= math.ceil(math.log2(1000))
    assert search.found == 618


def test_what_cannot_be_judged_is_skipped_and_what_is_left_is_told() -> None:
    parents = {number: (number - 1,) if number > 1 else () for number in range(1, 9)}
    search = Bisection(parents.__getitem__, 8, [1])
    searched(search, {6, 7, 8}, skip={4, 5})
    assert (search.found, search.suspects) == (None, (4, 5, 6))
    search = Bisection(parents.__getitem__, 8, [1])
    searched(search, {3, 4, 5, 6, 7, 8}, skip={5})
    assert search.found == 3


@pytest.mark.parametrize(("bad", "good"), [(1, 3), (2, 2), (3, 9)])
def test_a_good_version_that_did_not_come_before_is_refused(bad: int, good: int) -> None:
    parents: Graph = {1: (), 2: (1,), 3: (2,), 9: ()}
    with pytest.raises(InvalidInput, match="must have come before"):
        Bisection(parents.__getitem__, bad, [good])
