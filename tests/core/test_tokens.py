"""Tokens estimated where a model's own tokenizer is not at hand."""

from __future__ import annotations

import pytest

from jupyter_prompthub.core import tokens
from jupyter_prompthub.core.records import DataPart, MediaPart, Message, TextPart


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Hello, world!", 4),
        ("internationalization", 3),
        ("a  b", 3),
        ("one\n\n\ntwo", 3),
        ("2026-11-26", 6),
        ("--------", 2),
        ("桥梁", 2),
        ("привет", 3),
        ("naïve", 3),
        ("snake_case", 3),
        ("👍", 1),
    ],
)
def test_the_rule_is_as_it_is_written_down(text: str, count: int) -> None:
    assert tokens.of_text(text) == count


def test_a_messages_data_counts_and_its_media_do_not() -> None:
    text, data = TextPart(text="Look at this:"), DataPart(data={"a": 1})
    media = MediaPart(url="https://example.org/a.png")
    one = Message(role="user", content=(text, media))
    assert tokens.of_message(one) == tokens.of_text("Look at this:")
    both = Message(role="user", content=(text, data))
    assert tokens.of_message(both) == tokens.of_text("Look at this:") + tokens.of_text('{"a": 1}')


def test_a_request_counts_the_frames_of_its_messages_and_what_it_says_besides() -> None:
    assert tokens.of_messages([10, 20]) == 30 + 2 * 4 + 3
    schema = {"type": "object"}
    assert tokens.of_messages([10], [schema]) == 17 + tokens.of_text('{"type": "object"}')
