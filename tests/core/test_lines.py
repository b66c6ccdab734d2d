"""Offsets into a text whose lines end in any way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.content import lf
from jupyter_prompthub.core.lines import line_end, written_at
from tests.support.counts import tried


@given(st.text("a\r\n", max_size=20), st.data())
@tried(200)
def test_an_offset_that_counts_line_ends_once_is_found_in_the_text(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(lf(text))))
    at = written_at(text, offset)
    assert lf(text[:at]) == lf(text)[:offset]
    assert lf(text[at:]) == lf(text)[offset:]


@pytest.mark.parametrize(
    ("text", "end"), [("", "\n"), ("a\nb", "\n"), ("a\rb", "\r"), ("a\r\nb\nc", "\r\n"), ("a\rb\nc", "\n")]
)
def test_what_is_written_into_a_text_ends_its_lines_as_that_does(text: str, end: str) -> None:
    assert line_end(text) == end
