from __future__ import annotations

import pytest

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.gateways.parameters import ALLOWED, ROUTING, checked


@pytest.mark.parametrize("name", sorted(ROUTING))
def test_nothing_that_routes_a_call_is_a_parameter(name: str) -> None:
    with pytest.raises(InvalidInput, match="belong to a connection"):
        checked({name: "x"})


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match=r"'temprature' is not known; known ones are .*temperature"):
        checked({"temprature": 1})


def test_other_spellings_become_the_usual_ones_and_empty_ones_are_dropped() -> None:
    assert checked({"maxOutputTokens": 9, "topP": 0.5, "stop_sequences": ["x"], "seed": None}) == {
        "max_tokens": 9,
        "stop": ["x"],
        "top_p": 0.5,
    }


def test_several_answers_at_once_are_refused() -> None:
    with pytest.raises(InvalidInput, match="one answer"):
        checked({"n": 3})


def test_no_parameter_is_both_allowed_and_routing() -> None:
    assert not ALLOWED & ROUTING
