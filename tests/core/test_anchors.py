"""An anchor finds its place again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import Anchor, Content
from jupyter_prompthub.core.reviews.anchors import follow, quote
from tests.support.counts import tried

TEXT = """\
---
model: a/b
config: {temperature: 0.5}
input: {schema: {question: string, order?: string}}
output: {schema: {reply: string}}
tools: [lookup]
team: sales
---
{{role "system"}}
Be kind. Answer in two sentences. Never promise a date.
{{role "user"}}
{{question}} {{order}}
"""


def content(text: str = TEXT) -> Content:
    return parse(text).content


def at(words: str, of: Content | None = None) -> Anchor:
    source = (of or content()).segments[0].source
    start = source.index(words)
    return Anchor(path="segment/0/system", start=start, end=start + len(words))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Be kind.", "Be very kind and polite.", "two sentences"),
        ("date", "day or a date", "two sentences"),
        ("in two sentences", "in two short sentences", "two short sentences"),
    ],
)
def test_a_range_follows_its_words(old: str, new: str, words: str) -> None:
    after = content(TEXT.replace(old, new))
    found = follow(at("two sentences"), content(), after)
    assert found is not None
    assert quote(found, after) == words


def test_a_range_whose_words_are_gone_is_gone() -> None:
    assert follow(at("two sentences"), content(), content(TEXT.replace("two sentences", "brief"))) is None


def test_a_message_is_followed_when_it_moves() -> None:
    head, user = TEXT.split('{{role "user"}}\n')
    front, system = head.split('{{role "system"}}\n')
    after = content(f'{front}{{{{role "user"}}}}\n{user}{{{{role "system"}}}}\n{system}')
    found = follow(at("two sentences"), content(), after)
    assert found is not None
    assert found.path == "segment/1/system"
    assert quote(found, after) == "two sentences"
    whole = follow(Anchor(path="segment/1/user"), content(), after)
    assert whole == Anchor(path="segment/0/user")


def test_a_renamed_variable_is_the_same_one() -> None:
    after = content(TEXT.replace("question", "query"))
    assert follow(Anchor(path="variable/question"), content(), after) == Anchor(path="variable/query")
    gone = content(TEXT.replace(", order?: string", "").replace(" {{order}}", ""))
    assert follow(Anchor(path="variable/order"), content(), gone) is None


@pytest.mark.parametrize(
    ("path", "old"),
    [
        ("model", "model: a/b\n"),
        ("parameter/temperature", "config: {temperature: 0.5}\n"),
        ("output/schema/reply", "output: {schema: {reply: string}}\n"),
        ("tool/lookup", "tools: [lookup]\n"),
        ("metadata/team", "team: sales\n"),
    ],
)
def test_other_units_go_by_their_names(path: str, old: str) -> None:
    anchor = Anchor(path=path)
    assert quote(anchor, content()) == ""
    assert follow(anchor, content(), content(TEXT.replace("two", "three"))) == anchor
    assert old in TEXT
    assert follow(anchor, content(), content(TEXT.replace(old, ""))) is None


@pytest.mark.parametrize(
    "anchor",
    [
        Anchor(path="segment/0/user"),
        Anchor(path="segment/9/user"),
        Anchor(path="variable/nothing"),
        Anchor(path="somewhere"),
        Anchor(path=""),
        Anchor(path="segment/0/system", start=3, end=3),
        Anchor(path="segment/0/system", start=3, end=10_000),
        Anchor(path="variable/question", start=0, end=1),
    ],
)
def test_what_is_no_place_is_refused(anchor: Anchor) -> None:
    with pytest.raises(InvalidInput):
        quote(anchor, content())


@given(st.text("ab \n", max_size=40), st.text("ab \n", max_size=40), st.data())
@tried(200)
def test_a_followed_range_lies_in_the_new_text(old: str, new: str, data: st.DataObject) -> None:
    front = '{{role "system"}}x'
    before, after = content(front + old), content(front + new)
    size = len(before.segments[0].source)
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    found = follow(Anchor(path="segment/0/system", start=start, end=end), before, after)
    if found is not None:
        assert quote(found, after)
    same = follow(Anchor(path="segment/0/system", start=start, end=end), before, before)
    assert same == Anchor(path="segment/0/system", start=start, end=end)
