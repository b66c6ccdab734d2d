"""Time and money as people read them."""

from __future__ import annotations

import pytest

from jupyter_prompthub.amounts import dollars, duration


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0.0, "0 ms"),
        (820.4, "820 ms"),
        (999.6, "1.0 s"),
        (2571.0, "2.6 s"),
        (59_960.0, "1 min 0 s"),
        (125_000.0, "2 min 5 s"),
    ],
)
def test_a_duration_is_short(ms: float, said: str) -> None:
    assert duration(ms) == said


@pytest.mark.parametrize(
    ("usd", "said"),
    [
        (0.0, "$0"),
        (0.00012, "$0.00012"),
        (0.0000003, "$0.00000030"),
        (0.994, "$0.99"),
        (0.999, "$1.00"),
        (12.345, "$12.35"),
    ],
)
def test_a_cost_has_two_digits_that_count(usd: float, said: str) -> None:
    assert dollars(usd) == said
