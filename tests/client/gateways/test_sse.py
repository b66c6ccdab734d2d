from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.gateways.sse import EventReader, ServerEvent

STREAM = (
    b"\xef\xbb\xbf: hello\n\nevent: delta\ndata: one\r\ndata: two\r\n\r\nid: 7\rdata:\xc3\xa9\r\r\ndata: open"
)


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=12))
def test_events_are_the_same_however_the_bytes_are_cut(cuts: list[int]) -> None:
    reader, got = EventReader(), []
    edges = [0, *sorted(set(cuts)), len(STREAM)]
    for start, end in pairwise(edges):
        got += reader.feed(STREAM[start:end])
    assert got == [ServerEvent("one\ntwo", "delta"), ServerEvent("é")]


@pytest.mark.parametrize("endless", [b"data: " + b"x" * 200, b"data: " + b"x" * 50 + b"\n"])
def test_an_endless_event_is_refused(endless: bytes) -> None:
    reader = EventReader(max_event=100)
    with pytest.raises(ValueError, match="over 100"):
        reader.feed(endless * 4)
