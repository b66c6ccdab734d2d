"""Canonical JSON, strict JSON and the hashes that docs/formats/content-and-hashes.md prints."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import canonical, promptfile
from jupyter_prompthub.core.content import content_json
from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.records import Message, TextPart

PAGE = (Path(__file__).parents[2] / "docs/formats/content-and-hashes.md").read_text()
PROMPT = "0b5e9d1c-6c1e-4a57-9a3f-6a1d2f3b4c5d"
TIME = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


def printed(pattern: str) -> str:
    match = re.search(pattern, PAGE, re.DOTALL)
    assert match is not None, pattern
    return match[1]


EXAMPLE = printed(r"Example: the text\n\n```\n(.*?)```")


def test_the_example_has_the_content_bytes_and_hashes_on_the_page() -> None:
    content = promptfile.parse(EXAMPLE).content
    assert canonical.canonical(content_json(content)).decode() == printed(r"```content-bytes\n(.*?)\n```")
    assert canonical.content_hash(content) == printed(r"\| content hash \| `([0-9a-f]{64})`")
    assert canonical.text_hash(EXAMPLE) == printed(r"\| text hash \| `([0-9a-f]{64})`")
    sha = canonical.version_sha(
        prompt_id=PROMPT,
        content_hash=canonical.content_hash(content),
        text_hash=canonical.text_hash(EXAMPLE),
        lock={},
        parents=[],
        actor_id="act_1",
        created_at=TIME,
        commit_message="First",
    )
    assert sha == printed(r"message `First`: `([0-9a-f]{64})`")


def test_the_other_hashes_are_the_ones_on_the_page() -> None:
    assert canonical.text_hash("") == printed(r"empty text: `([0-9a-f]{64})`")
    assert canonical.lock_hash({}) == printed(r"\| `\{\}` \| `([0-9a-f]{64})`")
    assert canonical.lock_hash({PROMPT: "a" * 64}) == printed(r"64 . `a`\) \| `([0-9a-f]{64})`")
    hello = Message(role="user", content=(TextPart(text="Hello"),))
    assert canonical.rendered_hash([hello]) == printed(r"\"Hello\"\}\]\}\]`: `([0-9a-f]{64})`")


def test_the_time_zone_and_the_microseconds_of_a_version_do_not_count() -> None:
    there = TIME.astimezone(timezone(timedelta(hours=5))) + timedelta(microseconds=999)
    assert canonical.timestamp(there) == "2026-01-02T03:04:05.678Z" == canonical.timestamp(TIME)
    with pytest.raises(InvalidInput, match="time zone"):
        canonical.timestamp(TIME.replace(tzinfo=None))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


@given(JSON)
def test_canonical_bytes_do_not_depend_on_the_order_of_keys_and_parse_back(value: object) -> None:
    def turned(item: object) -> object:
        if isinstance(item, dict):
            return {key: turned(item[key]) for key in reversed(item)}
        return [turned(each) for each in item] if isinstance(item, list) else item

    data = canonical.canonical(value)
    assert data == canonical.canonical(turned(value))
    if b"\\u0000" not in data:
        assert canonical.loads_strict(data) == json.loads(data)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {"a": object()}])
def test_what_json_cannot_hold_exactly_has_no_canonical_bytes(value: object) -> None:
    with pytest.raises(InvalidInput):
        canonical.canonical(value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b'{"x": {"b": 1, "c": 2, "b": 1}}', "'b' stands twice"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b"[1e999]", "too large"),
        (b"[" + b"9" * 5000 + b"]", "too many digits"),
        (b'["\\u0000"]', "NUL"),
        (b'{"\\u0000": 1}', "NUL"),
        (b'"a\x00"', "not JSON"),
        (b'["\\ud800"]', "lone surrogate"),
        (b'["\\udc00\\ud800"]', "lone surrogate"),
        (b'{"\\uDBFF": 1}', "lone surrogate"),
        (b"[" * 65 + b"]" * 65, "deeper than 64"),
        (b'{"a":' * 100_000, "deeper than 64"),
        (b"\xff", "not UTF-8 at byte 0"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"", "line 1, column 1"),
        (b'{"a": 1,\n "b": }', "line 2, column 7"),
        (b"{} {}", "not JSON"),
    ],
)
def test_json_that_could_be_read_in_two_ways_is_refused_with_the_reason(data: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(message)):
        canonical.loads_strict(data)


def test_brackets_inside_strings_do_not_count_as_depth_and_pairs_are_whole() -> None:
    text = "[{" * 200
    assert canonical.loads_strict(json.dumps([text, '"\\']).encode()) == [text, '"\\']
    assert canonical.loads_strict(b'["\\ud83d\\ude00"]') == ["😀"]
    nested = b"[" * 64 + b"]" * 64
    assert canonical.loads_strict(nested) == json.loads(nested)


def test_a_value_parsed_elsewhere_is_held_to_the_same_rules() -> None:
    canonical.check_json({"a": [1, 2.5, "x", None, True]})
    for bad in ({"a": "\0"}, {"\ud800": 1}, [float("nan")]):
        with pytest.raises(InvalidInput):
            canonical.check_json(bad)
