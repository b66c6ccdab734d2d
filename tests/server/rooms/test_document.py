"""A draft's document: deterministic seed, minimal edits."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from jupyter_prompthub_server.rooms.document import (
    apply_edits,
    minimal_edits,
    new_document,
    replacement,
    replay,
    seed,
    text_of,
)
from pycrdt import Text

lines = st.lists(st.sampled_from(["", "a", "ä", "𝄞 clef", "{{x}}", "b c"]), max_size=12).map("\n".join)


def test_the_same_text_is_seeded_by_the_same_bytes() -> None:
    assert seed("Grüße\n") == seed("Grüße\n")
    assert text_of(replay([seed("Grüße\n"), seed("Grüße\n")])) == "Grüße\n"


@given(lines, lines)
def test_edits_turn_any_text_into_any_other(old: str, new: str) -> None:
    doc = replay([seed(old)])
    update = replacement(doc, new)
    assert text_of(doc) == new
    other = replay([seed(old), update] if update else [seed(old)])
    assert text_of(other) == new
    assert bool(update) == (old != new)


def test_lines_in_common_are_left_alone() -> None:
    old = "one\ntwo\nthree\nfour\n"
    new = "one\n2\nthree\nfour and more\n"
    assert [(old[e.start : e.end], e.text) for e in minimal_edits(old, new)] == [
        ("two", "2"),
        ("", " and more"),
    ]


def test_an_edit_of_somebody_else_in_an_untouched_line_survives_a_replacement() -> None:
    start = seed("one\ntwo\nthree\n")
    server, browser = replay([start]), replay([start])
    browser.get("source", type=Text).insert(9, "!")
    update = replacement(server, "1\ntwo\nthree\n")
    browser.apply_update(update)
    server.apply_update(browser.get_update(server.get_state()))
    assert text_of(server) == text_of(browser) == "1\ntwo\nt!hree\n"


def test_a_replacement_is_one_transaction() -> None:
    doc = replay([seed("a\nb\nc\nd\n")])
    seen: list[bytes] = []
    subscription = doc.observe(lambda event: seen.append(event.update))
    apply_edits(doc, minimal_edits("a\nb\nc\nd\n", "A\nb\nC\nd\n"))
    doc.unobserve(subscription)
    assert len(seen) == 1
    assert text_of(doc) == "A\nb\nC\nd\n"


def test_hostile_texts_are_replaced_in_bounded_time() -> None:
    old = "x\n" * 60_000 + "y\n" + "x\n" * 30_000
    new = "z\n" + "x\n" * 50_000 + "q\n" + "x\n" * 39_000 + "w"
    began = time.perf_counter()
    doc = replay([seed(old)])
    replacement(doc, new)
    assert text_of(doc) == new
    assert time.perf_counter() - began < 5


def test_an_empty_document_has_the_roots_of_jupyterlabs_text_model() -> None:
    assert set(new_document().keys()) == {"source", "state"}
