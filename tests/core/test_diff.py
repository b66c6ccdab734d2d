"""Two texts compared unit by unit, through the front door: parse, then diff."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.content import content_json
from jupyter_prompthub.core.diff import diff
from jupyter_prompthub.core.records import Content, Diff, Segment, SegmentKind, UnitChange, UnitKind
from jupyter_prompthub.core.units import output_of, tools_of
from jupyter_prompthub.core.words import spans
from tests.core.test_merge_properties import three
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


@pytest.mark.parametrize(
    ("ref", "label", "before", "after"),
    [
        (
            "latest",
            "version changed from 1111 to 2222",
            "house-style: @latest at 1111",
            "house-style: @latest at 2222",
        ),
        (
            "v2",
            "changed from latest to v2, version changed from 1111 to 2222",
            "house-style: @latest at 1111",
            "house-style: @v2 at 2222",
        ),
    ],
)
def test_a_snippet_whose_version_moves_is_a_change_though_no_text_is(
    ref: str, label: str, before: str, after: str
) -> None:
    front = "---\nsnippets: {house-style: %s}\n---\n{{> house-style}} {{q}}\n"
    one, other = (promptfile.parse(front % each) for each in ("latest", ref))
    old, new = {"house-style": "1111", "inner": "3"}, {"house-style": "2222", "inner": "4"}
    made = diff(one.content, other.content, text_a=one.text, text_b=other.text, lock_a=old, lock_b=new)
    (change,) = made.changes
    assert (change.op.value, change.path) == ("changed", "snippet/house-style")
    assert change.label == f"snippet house-style: {label}"
    assert (change.before, change.after) == (before, after)
    assert "".join(span.text for span in change.spans if span.op != "delete") == after
    assert not made.text_only
    assert diff(one.content, one.content, lock_a=old, lock_b=old).changes == ()
    assert diff(one.content, one.content, lock_a=old).changes == ()


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


def applied(made: Diff, a: Content, b: Content) -> Content:
    """``a`` with the operations done to it. Segments come of the diff alone; of any other unit that an operation names, and of
    no other, the value is that of ``b``, which the diff has as text for people."""
    changes = {change.path: change for change in made.changes}
    named = {(change.unit.value, change.path_before or change.path) for change in made.changes}

    def taken(kind: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in old.items() if (kind, f"{kind}/{name}") not in named}
        return kept | {name: value for name, value in new.items() if f"{kind}/{name}" in changes}

    tools = taken("tool", tools_of(a), tools_of(b))
    order = list(tools_of(b)) if "tool" in changes else [name for name in tools_of(a) if name in tools]
    order += [name for name in tools if name not in order]
    for at, name in enumerate(tools_of(b)):
        if f"tool/{name}" in changes and changes[f"tool/{name}"].op.value == "added":
            order.remove(name)
            order.insert(at, name)
    output = taken("output", output_of(a), output_of(b))
    whole = b if "output" in changes or output == output_of(b) else a
    assert output == output_of(whole)
    variables = {one.name: one for one in a.variables if one.declared}
    mine = taken("variable", variables, {one.name: one for one in b.variables})
    return Content(
        segments=_segments(made, a),
        variables=tuple(one for one in mine.values() if one.declared),
        model=b.model if "model" in changes else a.model,
        parameters=taken("parameter", a.parameters, b.parameters),
        tools=tuple(tools[name] for name in order),
        output=whole.output,
        snippets=taken("snippet", a.snippets, b.snippets),
        metadata=taken("metadata", a.metadata, b.metadata),
    )


def _segments(made: Diff, a: Content) -> tuple[Segment, ...]:
    changes = [change for change in made.changes if change.unit is UnitKind.SEGMENT]
    gone = {change.position_before for change in changes}
    rest = [one for at, one in enumerate(a.segments) if at not in gone]
    new = {change.position_after: change for change in changes if change.position_after is not None}
    found = []
    for at in range(len(rest) + len(new)):
        if at not in new:
            found.append(rest.pop(0))
            continue
        what = new[at].path.rpartition("/")[2]
        kind = SegmentKind(what) if new[at].role is None else SegmentKind.MESSAGE
        found.append(Segment(kind=kind, role=new[at].role or "", source=new[at].after or ""))
    return tuple(found)


def _is_applied(a: str, b: str) -> None:
    one, other = promptfile.parse(a).content, promptfile.parse(b).content
    made = diff(one, other, text_a=a, text_b=b)
    assert content_json(applied(made, one, other)) == content_json(other)


@tried(100)
@given(TEXTS, TEXTS)
def test_the_operations_turn_the_older_content_into_the_newer(a: str, b: str) -> None:
    _is_applied(a, b)


@tried(100)
@given(three())
def test_the_operations_of_whole_prompts_turn_one_into_the_other(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    for a, b in ((base, ours), (ours, theirs), (theirs, base)):
        _is_applied(a, b)


def test_a_change_that_no_operation_names_would_be_found() -> None:
    b = BASE.replace("temperature: 0.7", "temperature: 0.1").replace("mood?", "mood")
    one, other = promptfile.parse(BASE).content, promptfile.parse(b).content
    made = diff(one, other)
    for left_out in made.changes:
        less = made.model_copy(update={"changes": tuple(c for c in made.changes if c != left_out)})
        try:
            same = content_json(applied(less, one, other)) == content_json(other)
        except AssertionError:
            same = False
        assert not same, left_out.label
