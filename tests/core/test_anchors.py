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


ASKED = '{{role "user"}}\nWhere is my parcel?\n'
SAID = '{{role "model"}}\nOn its way.\n'
HEAD = '{{role "system"}}\nBe kind.\n'


def into_block(before: str, after: str, words: str) -> str | None:
    """What a conversation about these words is about, once ``before`` is ``after``."""
    old, new = content(before), content(after)
    at = next(i for i, one in enumerate(old.segments) if words in one.source)
    kind = old.segments[at].role or old.segments[at].kind.value
    start = old.segments[at].source.index(words)
    found = follow(Anchor(path=f"segment/{at}/{kind}", start=start, end=start + len(words)), old, new)
    return quote(found, new) if found is not None else None


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (HEAD + "{{#if order}}" + ASKED + "{{/if}}", "my parcel"),
        (HEAD + "{{#if order}}\n" + ASKED + SAID + "{{/if}}\n", "my parcel"),
        (HEAD + "{{#if order}}" + ASKED.replace("Where", "So where") + "{{/if}}", "my parcel"),
        (HEAD + "{{#if order}}" + ASKED.replace("parcel", "big parcel") + "{{/if}}", "my big parcel"),
        (HEAD + "{{#if a}}{{#each b}}" + ASKED + "{{/each}}{{else}}" + SAID + "{{/if}}", "my parcel"),
        (HEAD + "{{#if a}}" + ASKED + "{{else}}" + ASKED.replace("my", "the") + "{{/if}}", "my parcel"),
        (HEAD + "{{#if a}}" + ASKED + "{{else}}" + ASKED + "{{/if}}", None),
        (HEAD + "{{#if order}}" + ASKED.replace("user", "model") + "{{/if}}", None),
        (HEAD + "{{#if order}}" + SAID + "{{/if}}", None),
    ],
)
def test_a_message_is_followed_into_a_block_where_it_is_found_once(after: str, words: str | None) -> None:
    assert into_block(HEAD + ASKED, after, "my parcel") == words


def test_a_message_is_followed_out_of_its_block() -> None:
    block = HEAD + "{{#if order}}" + ASKED + "{{/if}}"
    assert into_block(block, HEAD + ASKED, "my parcel") == "my parcel"
    assert into_block(block, HEAD + SAID, "my parcel") is None


def test_one_message_in_a_block_is_not_two_that_are_gone() -> None:
    both = HEAD + ASKED + ASKED.replace("my", "our")
    one = HEAD + "{{#if order}}" + ASKED.replace("my", "the") + "{{/if}}"
    assert into_block(both, one, "my parcel") is None
    # what stood in the block before is not what stood beside it
    beside = HEAD + ASKED + "{{#if order}}" + ASKED + "{{/if}}"
    assert into_block(beside, HEAD + "{{#if order}}" + ASKED + "{{/if}}", "my parcel") is None


def test_a_whole_message_in_a_block_is_a_range_of_it() -> None:
    old, new = content(HEAD + ASKED), content(HEAD + "{{#if order}}\n" + ASKED + "{{/if}}\n")
    found = follow(Anchor(path="segment/1/user"), old, new)
    assert found is not None
    assert (found.path, quote(found, new)) == ("segment/1/block", ASKED)


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
