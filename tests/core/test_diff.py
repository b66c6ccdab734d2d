"""Two texts compared unit by unit, through the front door: parse, then diff."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.diff import diff
from jupyter_prompthub.core.records import Diff, UnitChange
from jupyter_prompthub.core.words import spans
from tests.support.counts import tried

BASE = """---
model: openai/gpt-4o-mini
config: {temperature: 0.7}
input:
  schema:
    question: string, what is asked
    order?: string
tools: [lookup_order]
output: {format: json, schema: {reply: string, mood?: string}}
owner: support
---
{{role "system"}}
You are a helpful assistant of a large online shop. {{> house-style}}
{{role "user"}}
{{question}}{{#if order}} (order {{order}}){{/if}}
"""


def compared(a: str, b: str) -> Diff:
    return diff(promptfile.parse(a).content, promptfile.parse(b).content, text_a=a, text_b=b)


def only(a: str, b: str) -> UnitChange:
    (change,) = compared(a, b).changes
    return change


def told(a: str, b: str) -> list[tuple[str, str]]:
    return [(change.op.value, change.path) for change in compared(a, b).changes]


def test_the_same_text_has_no_difference() -> None:
    got = compared(BASE, BASE)
    assert got.changes == ()
    assert not got.text_only
    assert got.format == "prompthub diff v1"


@pytest.mark.parametrize(
    "changed",
    [
        BASE.replace("model: ", "model:   "),
        BASE.replace("config:", "# settings\nconfig:"),
        BASE.replace("\n", "\r\n"),
        BASE.replace("{temperature: 0.7}", "\n  temperature: 0.70"),
    ],
)
def test_layout_comments_and_line_ends_are_a_difference_of_texts_only(changed: str) -> None:
    got = compared(BASE, changed)
    assert got.changes == ()
    assert got.text_only


@pytest.mark.parametrize(
    ("old", "new", "op", "path", "said"),
    [
        ("gpt-4o-mini", "gpt-4o", "changed", "model", "gpt-4o"),
        ("temperature: 0.7", "temperature: 0.2", "changed", "parameter/temperature", "0.2"),
        ("{temperature: 0.7}", "{temperature: 0.7, seed: 1}", "added", "parameter/seed", "added"),
        ("config: {temperature: 0.7}\n", "", "removed", "parameter/temperature", "removed"),
        ("order?: string", "order: string", "changed", "variable/order", "required"),
        ("order?: string", "order?: integer", "changed", "variable/order", "integer"),
        (
            "    order?: string\n",
            "    order?: string\n    tone?: string\n",
            "added",
            "variable/tone",
            "added",
        ),
        ("[lookup_order]", "[lookup_order, refund]", "added", "tool/refund", "added"),
        ("mood?: string", "mood: string", "changed", "output/schema/mood", "mood"),
        ("format: json", "format: text", "changed", "output/format", "text"),
        ("owner: support", "owner: sales", "changed", "metadata/owner", "owner"),
    ],
)
def test_one_changed_unit_is_named_by_its_path_and_a_line_for_people(
    old: str, new: str, op: str, path: str, said: str
) -> None:
    assert old in BASE
    change = only(BASE, BASE.replace(old, new))
    assert (change.op.value, change.path) == (op, path)
    assert said in change.label


def test_a_changed_message_marks_its_words() -> None:
    change = only(BASE, BASE.replace("helpful assistant", "patient assistant"))
    assert (change.path, change.role) == ("segment/0/system", "system")
    marked = [(span.op, span.text) for span in change.spans if span.op != "equal"]
    assert marked == [("delete", "helpful"), ("insert", "patient")]


def test_a_snippet_that_moves_to_another_ref_is_a_change_of_the_snippet() -> None:
    front = "---\nsnippets: {house-style: %s}\n---\n{{> house-style}} {{q}}\n"
    change = only(front % '"@staging"', front % '"@production"')
    assert (change.unit.value, change.path) == ("snippet", "snippet/house-style")
    assert (change.before, change.after) == ("house-style: @staging", "house-style: @production")


def test_messages_are_added_removed_and_moved() -> None:
    turns = ['{{role "system"}}\nBe brief.\n', '{{role "user"}}\nOne {{a}}\n', '{{role "model"}}\nTwo\n']
    assert told(turns[0] + turns[1], "".join(turns)) == [("added", "segment/2/model")]
    assert told("".join(turns), turns[0] + turns[1]) == [("removed", "segment/2/model")]
    moved = compared("".join(turns), turns[0] + turns[2] + turns[1])
    assert [change.op.value for change in moved.changes] == ["moved"]


def test_a_moved_message_may_have_another_text_too() -> None:
    a = '{{role "user"}}\nThe first message of all, with {{x}}\n{{role "model"}}\nAn answer to it\n'
    b = '{{role "model"}}\nAn answer to it\n{{role "user"}}\nThe first message of all, with {{x}} inside\n'
    moved = [change for change in compared(a, b).changes if change.op.value == "moved"]
    assert moved
    changed = [c for c in compared(a, b).changes if any(s.op == "insert" for s in c.spans)]
    assert any("inside" in span.text for change in changed for span in change.spans)


def test_a_variable_that_is_renamed_everywhere_is_a_rename() -> None:
    change = next(
        c for c in compared(BASE, BASE.replace("question", "message")).changes if c.unit.value == "variable"
    )
    assert change.op.value == "renamed"
    assert (change.path_before, change.path) == ("variable/question", "variable/message")


def test_the_order_of_tools_is_a_difference() -> None:
    assert told("---\ntools: [a, b]\n---\nHi", "---\ntools: [b, a]\n---\nHi") == [("moved", "tool")]


SENTENCES = st.lists(
    st.sampled_from(
        ["Be brief. ", "{{a}} ", "{{b}}", "\n", "Answer in French.\n", '{{role "user"}}\n', "  "]
    ),
    max_size=12,
).map("".join)
FRONTS = st.sampled_from(
    [
        "",
        "---\nmodel: x/y\n---\n",
        "---\nconfig: {seed: 1}\ntools: [t]\n---\n",
        "---\noutput: {format: json}\n---\n",
    ]
)
TEXTS = st.tuples(FRONTS, SENTENCES).map("".join)


@tried(100)
@given(TEXTS, TEXTS)
def test_any_two_texts_have_a_difference_that_adds_up(a: str, b: str) -> None:
    got, back = compared(a, b), compared(b, a)
    same = promptfile.parse(a).content == promptfile.parse(b).content
    assert bool(got.changes) != same
    assert bool(back.changes) == bool(got.changes)
    assert got == compared(a, b)
    for change in got.changes:
        assert change.label
        assert (change.before is None) == (change.op.value == "added")
        assert (change.after is None) == (change.op.value == "removed")
        assert _side(change, "delete") == (change.before or "")
        assert _side(change, "insert") == (change.after or "")


@tried(200)
@given(st.text(alphabet="ab \n.é", max_size=60), st.text(alphabet="ab \n.é", max_size=60))
def test_spans_join_to_both_sides(a: str, b: str) -> None:
    runs: Any = spans(a, b)
    assert "".join(run.text for run in runs if run.op != "insert") == a
    assert "".join(run.text for run in runs if run.op != "delete") == b
    assert all(run.text for run in runs)


def _side(change: UnitChange, own: str) -> str:
    return "".join(span.text for span in change.spans if span.op in ("equal", own))
