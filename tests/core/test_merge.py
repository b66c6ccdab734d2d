"""Merging three texts: what is taken, what a person must decide, and what always holds."""

from __future__ import annotations

import re

import pytest

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import ConflictResolution, MergeResult

BASE = """\
---
model: openai/gpt-4o-mini  # cheap
config: {temperature: 0.7, max_tokens: 150}
input:
  schema:
    question: string, what the customer wrote
    order?: string
tools: [lookup_order, refund]
output:
  format: json
  schema:
    reply: string
    sentiment: string
---
{{role "system"}}
You are a support assistant.
Answer in two sentences.
Be polite.
Never promise a date.
{{role "user"}}
{{question}}{{#if order}} (order {{order}}){{/if}}
"""


def changed(*pairs: tuple[str, str], text: str = BASE) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def merged(ours: str, theirs: str, *resolutions: ConflictResolution) -> MergeResult:
    """The merge, which must not depend on which side is which where it has no conflict."""
    result = merge(BASE, ours, theirs, resolutions)
    if not resolutions:
        other = merge(BASE, theirs, ours)
        assert [each.id for each in other.conflicts] == [each.id for each in result.conflicts]
        assert other.text == result.text
    return result


def clean(ours: str, theirs: str) -> str:
    result = merged(ours, theirs)
    assert result.conflicts == ()
    assert result.text is not None
    return result.text


def conflict(ours: str, theirs: str, *ids: str) -> MergeResult:
    result = merged(ours, theirs)
    assert [each.id for each in result.conflicts] == list(ids)
    assert result.text is None
    return result


X = changed(("0.7", "0.2"))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"), [(X, BASE, X), (BASE, X, X), (X, X, X), (BASE, BASE, BASE)]
)
def test_what_only_one_side_changed_is_taken_byte_for_byte(ours: str, theirs: str, expected: str) -> None:
    assert clean(ours, theirs) == expected


def test_two_parameters_of_one_line_are_no_conflict() -> None:
    text = clean(
        changed(("temperature: 0.7", "temperature: 0.2")), changed(("max_tokens: 150", "max_tokens: 80"))
    )
    assert parse(text).content.parameters == {"temperature": 0.2, "max_tokens": 80}
    assert "# cheap" in text


def test_one_parameter_set_to_two_values_is_a_conflict_that_a_pick_resolves() -> None:
    ours, theirs = changed(("0.7", "0.2")), changed(("0.7", "0.9"))
    found = conflict(ours, theirs, "value:parameter/temperature").conflicts[0]
    assert (found.base, found.ours, found.theirs) == (
        "temperature: 0.7\n",
        "temperature: 0.2\n",
        "temperature: 0.9\n",
    )
    picked = merged(ours, theirs, ConflictResolution(id=found.id, pick="theirs"))
    assert picked.text is not None
    assert parse(picked.text).content.parameters["temperature"] == 0.9
    written = merged(ours, theirs, ConflictResolution(id=found.id, text="temperature: 0.5"))
    assert written.text is not None
    assert parse(written.text).content.parameters["temperature"] == 0.5


def test_lines_apart_in_one_message_are_both_taken_and_adjacent_ones_conflict_as_in_git() -> None:
    text = clean(
        changed(("You are a support", "You are a kind support")), changed(("Never promise", "Do not promise"))
    )
    assert (
        "You are a kind support assistant.\nAnswer in two sentences.\nBe polite.\nDo not promise a date."
        in text
    )
    ours, theirs = changed(("two sentences", "three sentences")), changed(("Be polite", "Be brief"))
    found = conflict(ours, theirs, "text:segment/0/system").conflicts[0]
    assert [chunk.text is None for chunk in found.chunks] == [False, True, False]
    open_ = found.chunks[1]
    assert open_.ours == "Answer in three sentences.\nBe polite.\n"
    assert open_.theirs == "Answer in two sentences.\nBe brief.\n"
    result = merged(ours, theirs, ConflictResolution(id=found.id, picks=("theirs",)))
    assert result.text == theirs
    result = merged(ours, theirs, ConflictResolution(id=found.id, text='{{role "system"}}\nBe both.\n'))
    assert result.text is not None
    assert "Be both.\n{{role" in result.text


def test_a_variable_renamed_where_it_was_only_used_and_declared_on_the_other_side_under_its_old_name() -> (
    None
):
    base = '---\ntools: [search]\n---\n{{role "system"}}\nFor {{v}}.\n'
    ours = base.replace("tools:", "input:\n  schema:\n    v: string\ntools:")
    theirs = base.replace("{{v}}", "{{w}}")
    found = merge(base, ours, theirs).conflicts[0]
    assert [(one.side, one.label) for one in found.causes] == [
        ("ours", "declared v"),
        ("theirs", "renamed v to w"),
        ("theirs", "system message: uses {{w}}"),
    ]
    assert found.id == "semantic:undeclared:variable/w"
    made = {
        pick: merge(base, ours, theirs, [ConflictResolution.model_validate({"id": found.id, "pick": pick})])
        for pick in ("ours", "theirs", "base")
    }
    assert {pick: each.text for pick, each in made.items()} == {"ours": ours, "theirs": theirs, "base": base}


def test_a_renamed_variable_whose_old_name_the_other_side_uses_anew_is_a_semantic_conflict() -> None:
    ours = changed(("question: string", "user_message: string"), ("{{question}}", "{{user_message}}"))
    theirs = changed(("Never promise a date.", "Never promise a date.\nRepeat {{question}} first."))
    found = conflict(ours, theirs, "semantic:undeclared:variable/question").conflicts[0]
    assert [(one.side, one.label) for one in found.causes] == [
        ("ours", "renamed question to user_message"),
        ("ours", "user message: uses {{user_message}}"),
        ("theirs", "system message: uses {{question}}"),
    ]
    mine = merged(ours, theirs, ConflictResolution(id=found.id, pick="ours"))
    assert mine.text == ours
    other = merged(ours, theirs, ConflictResolution(id=found.id, pick="theirs"))
    assert other.text == theirs
    kept = merged(ours, theirs, ConflictResolution(id=found.id, pick="keep"))
    assert kept.text is not None
    assert "{{user_message}}" in kept.text
    assert "Repeat {{question}}" in kept.text


def test_a_rename_and_a_new_type_of_one_variable_go_together() -> None:
    text = clean(
        changed(
            ("order?: string", "order_id?: string"),
            ("{{#if order}} (order {{order}})", "{{#if order_id}} (order {{order_id}})"),
        ),
        changed(("order?: string", "order?: integer")),
    )
    variable = {each.name: each for each in parse(text).content.variables}["order_id"]
    assert variable.type == "integer"
    assert "order?:" not in text


def test_a_removed_tool_that_new_text_names_is_a_semantic_conflict() -> None:
    ours = changed(("tools: [lookup_order, refund]", "tools: [lookup_order]"))
    theirs = changed(("Be polite.", "Be polite. Call refund when it is broken."))
    found = conflict(ours, theirs, "semantic:tool_removed:tool/refund").conflicts[0]
    back = merged(ours, theirs, ConflictResolution(id=found.id, pick="theirs"))
    assert back.text == theirs


def test_a_removed_property_that_a_new_example_shows_is_a_semantic_conflict() -> None:
    ours = changed(("    sentiment: string\n", ""))
    theirs = changed(("Be polite.", 'Such as {"sentiment": "positive"}.'))
    conflict(ours, theirs, "semantic:property_removed:output/schema/sentiment")


def test_the_last_uses_of_a_required_variable_removed_by_two_people() -> None:
    base = changed(("Be polite.", "Be polite about {{question}}."))
    result = merge(
        base,
        changed(("Be polite about {{question}}.", "Be polite."), text=base),
        changed(("{{question}}{{#if", "{{#if"), text=base),
    )
    assert [each.id for each in result.conflicts] == ["semantic:vanished:variable/question"]


def test_a_default_that_does_not_fit_the_other_sides_type() -> None:
    ours = changed(("    order?: string\n", "    order?: string\n  default: {order: A-17}\n"))
    theirs = changed(("order?: string", "order?: integer"))
    found = conflict(ours, theirs, "semantic:narrowed:variable/order").conflicts[0]
    assert [one.label for one in found.causes] == ["changed the default", "changed the type to integer"]


def test_a_default_and_a_type_on_one_line_are_checked_as_well() -> None:
    base = "---\ninput: {schema: {q: string, n: number}, default: {n: 1}}\n---\nHi {{q}} {{n}}\n"
    ours, theirs = base.replace("number", "integer"), base.replace("{n: 1}", "{n: 1.5}")
    (found,) = merge(base, ours, theirs).conflicts
    assert (found.id, len(found.causes)) == ("semantic:narrowed:variable/n", 2)
    assert merge(base, ours, theirs, [ConflictResolution(id=found.id, pick="theirs")]).text == theirs
    fitting = merge(base, ours, base.replace("{n: 1}", "{n: 2}"))
    assert fitting.text == ours.replace("{n: 1}", "{n: 2}")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_that_is_decided_as_a_whole_leaves_the_rest_as_it_is(newline: str) -> None:
    """The schema of the output is written into neither side, and what the other one says of q not into picoschema."""
    schema = "{type: object, title: One, properties: {a: {type: string}}}"
    text = f"# licence\n---\noutput: {{schema: {schema}}}\ninput: {{schema: {{q: string}}}}\ntools: [t]\n---\n\n{{{{q}}}}.\n\n"
    base = text.replace("\n", newline)
    ours = base.replace("One", "Two").replace("tools: [t]" + newline, "")
    theirs = base.replace("type: string", "type: number").replace("{{q}}.", "{{q}}, call t.")
    strict = "{type: object, required: [q], properties: {q: {type: string, minLength: 1}}}"
    theirs = theirs.replace("{q: string}", strict)
    (found,) = merge(base, ours, theirs).conflicts
    assert found.id == "text:front_matter"
    sides = {"ours": ours.replace("{{q}}.", "{{q}}, call t."), "theirs": theirs}
    made = merge(base, ours, theirs, [ConflictResolution(id=found.id, pick="theirs")])
    assert made.text == sides["theirs"]
    # what it brings about is checked like everything else
    mine = ConflictResolution(id=found.id, pick="ours")
    (removed,) = merge(base, ours, theirs, [mine]).conflicts
    assert removed.id == "semantic:tool_removed:tool/t"
    kept = ConflictResolution(id=removed.id, pick="keep")
    assert merge(base, ours, theirs, [mine, kept]).text == sides["ours"]
    with pytest.raises(InvalidInput, match="take out the line ---"):
        merge(base, ours, theirs, [ConflictResolution(id=found.id, text="tools: [t]\n---\nMore.\n")])


def test_messages_added_moved_and_removed() -> None:
    added = changed(
        (
            '{{role "user"}}\n{{question}}',
            '{{role "user"}}\nHello.\n{{role "model"}}\nHi!\n{{role "user"}}\n{{question}}',
        )
    )
    text = clean(added, changed(("Be polite.", "Be brief.")))
    assert [each.role for each in parse(text).content.segments] == ["system", "user", "model", "user"]
    assert "Be brief." in text
    gone = changed(
        (
            '{{role "system"}}\nYou are a support assistant.\nAnswer in two sentences.\nBe polite.\nNever promise a date.\n',
            "",
        )
    )
    conflict(gone, changed(("Be polite.", "Be brief.")), "removed:segment/0/system")
    assert "support assistant" not in clean(gone, changed(("0.7", "0.2")))


def test_a_snippet_that_does_not_resolve_is_found_when_the_caller_can_tell() -> None:
    ours = changed(("Be polite.", "{{> house-style}}"))
    result = merge(BASE, ours, X, unresolved=lambda name, ref: f"there is no prompt {name}")
    assert [each.id for each in result.conflicts] == ["semantic:snippet:snippet/house-style"]


def test_what_is_no_conflict_cannot_be_resolved() -> None:
    with pytest.raises(InvalidInput, match="no conflict: value:model"):
        merge(BASE, X, changed(("two", "three")), [ConflictResolution(id="value:model", pick="ours")])
    with pytest.raises(InvalidInput, match="one of pick"):
        merge(BASE, X, changed(("two", "three")), [ConflictResolution(id="value:model")])


def test_comments_and_layout_of_both_sides_stay() -> None:
    text = clean(
        changed(("# cheap", "# cheap, and quick")),
        changed(("    reply: string\n", "    reply: string  # short\n")),
    )
    assert "# cheap, and quick" in text
    assert "# short" in text


def test_what_each_side_took_away_elsewhere_comes_back_with_the_other_side() -> None:
    """One side removed the first message that uses it, the other one rewrote the last."""
    head = "---\ninput:\n  schema:\n    v: string\n---\n"
    said = ("First {{v}}.", "Middle.", "Last {{v}}.")
    first, middle, last = (f'{{{{role "system"}}}}\n{text}\n' for text in said)
    gone = last.replace("{{v}}", "it")
    base, ours, theirs = head + first + middle + last, head + middle + last, head + first + middle + gone
    (conflict,) = merge(base, ours, theirs).conflicts
    assert [(cause.side.value, cause.path) for cause in conflict.causes] == [
        ("ours", "base/segment/0/system"),
        ("theirs", "segment/2/system"),
    ]
    for side, text in (("ours", ours), ("theirs", theirs)):
        decided = ConflictResolution.model_validate({"id": conflict.id, "pick": side})
        assert merge(base, ours, theirs, [decided]).text == text


def decided(base: str, ours: str, theirs: str, **picks: str) -> MergeResult:
    """The merge with these picks by the conflicts' ids."""
    chosen = [ConflictResolution.model_validate({"id": id_, "pick": pick}) for id_, pick in picks.items()]
    return merge(base, ours, theirs, chosen)


SERVED = """\
---
input:
  schema:
    name: string
---
{{role "system"}}
You serve {{name}}.
{{role "user"}}
Hi, I am {{name}}.

l1

l2

Bye.
"""
UNDECLARED = "semantic:undeclared:variable/name"


@pytest.mark.parametrize(
    ("base", "old", "new"),
    [
        pytest.param(SERVED, "l2", "l2 for {{name}}", id="in the second message"),
        pytest.param(SERVED, "l1\n\nl2", "l1 {{name}}\n\nl2 {{name}}", id="twice in it"),
        pytest.param(
            SERVED.replace("You serve", "One.\n\nTwo.\n\nYou serve"),
            r"(One\.|l2)",
            r"\1 {{name}}",
            id="in both messages",
        ),
        pytest.param(SERVED.split("---\n")[2], "l2", "l2 for {{name}}", id="and no schema"),
    ],
)
def test_a_rename_against_new_uses_of_the_old_name_is_taken_or_taken_back_whole(
    base: str, old: str, new: str
) -> None:
    ours, theirs = base.replace("name", "customer"), re.sub(old, new, base)
    for sides, picked in (((ours, theirs), "ours"), ((theirs, ours), "theirs")):
        (found,) = merge(base, *sides).conflicts
        assert found.id == UNDECLARED
        other = {"ours": "theirs", "theirs": "ours"}[picked]
        now, before = parse(theirs).content.segments, parse(base).content.segments
        assert {(cause.path, cause.label) for cause in found.causes if cause.side == other} == {
            (f"segment/{at}/{role}", f"{role} message: uses {{{{name}}}}")
            for at, role in enumerate(("system", "user"))
            if now[at] != before[at]
        }
        assert decided(base, *sides, **{UNDECLARED: picked}).text == ours
        assert decided(base, *sides, **{UNDECLARED: other}).text == theirs
        assert decided(base, *sides, **{UNDECLARED: "base"}).text == base


def test_a_rename_that_ends_the_declaration_is_taken_back_with_it() -> None:
    base = SERVED.replace("schema:\n", "schema:\n    tone: string\n").replace("Bye", "{{tone}} Bye")
    ours = base.replace("    name: string\n", "").replace("{{name}}", "{{customer}}")
    theirs = base.replace("l2", "l2 for {{name}}")
    (found,) = merge(base, ours, theirs).conflicts
    assert {"renamed name to customer", "removed the declaration of name"} <= {
        one.label for one in found.causes
    }
    assert decided(base, ours, theirs, **{UNDECLARED: "ours"}).text == ours
    assert decided(base, ours, theirs, **{UNDECLARED: "theirs"}).text == theirs


def test_a_removed_variable_that_two_messages_use_anew() -> None:
    base = SERVED.replace("schema:\n", "schema:\n    tone?: string\n").replace("l1", "{{tone}}")
    ours = base.replace("    tone?: string\n", "").replace("{{tone}}", "l1")
    theirs = base.replace("You serve", "{{tone}}, you serve").replace("Bye", "{{tone}} Bye")
    id_ = "semantic:undeclared:variable/tone"
    assert [one.id for one in merge(base, ours, theirs).conflicts] == [id_]
    assert decided(base, ours, theirs, **{id_: "ours"}).text == ours
    back = decided(base, ours, theirs, **{id_: "theirs"}).text
    assert back is not None
    assert (back.count("tone?: string"), back.count("{{tone}}")) == (1, 2)


@pytest.mark.parametrize("text", ["ours", "theirs", "base"])
@pytest.mark.parametrize("pick", ["ours", "theirs", "base"])
def test_a_rename_and_new_uses_on_the_same_lines_come_to_an_end(text: str, pick: str) -> None:
    ours = SERVED.replace("name", "customer")
    theirs = SERVED.replace("You serve {{name}}", "You serve {{name}}, yes {{name}}").replace(
        "l2", "l2 {{name}}"
    )
    chosen = {"text:segment/0/system": text}
    (found,) = decided(SERVED, ours, theirs, **chosen).conflicts
    assert found.id == UNDECLARED
    result = decided(SERVED, ours, theirs, **chosen, **{UNDECLARED: pick})
    assert result.conflicts == ()
    assert result.text is not None
    uses = set(re.findall(r"\{\{(\w+)\}\}", result.text))
    assert uses == {"customer" if pick == "ours" else "name"}
    assert f"{uses.pop()}: string" in result.text


def test_two_renames_with_mixed_picks_are_found() -> None:
    ours, theirs = SERVED.replace("name", "customer"), SERVED.replace("name", "person")
    texts = {"text:segment/0/system": "theirs", "text:segment/1/user": "theirs"}
    chosen = {"renamed:variable/name": "ours", **texts}
    (found,) = decided(SERVED, ours, theirs, **chosen).conflicts
    assert found.id == "semantic:undeclared:variable/person"
    assert {cause.side for cause in found.causes} == {"ours", "theirs"}
    for pick, text in (("ours", ours), ("theirs", theirs), ("base", SERVED)):
        assert decided(SERVED, ours, theirs, **chosen, **{found.id: pick}).text == text
    bare = [text.split("---\n")[2] for text in (SERVED, ours, theirs)]
    mixed = {"text:segment/0/system": "ours", "text:segment/1/user": "theirs"}
    (found,) = decided(*bare, **mixed).conflicts
    assert found.check == "undeclared"
    assert decided(*bare, **mixed, **{found.id: "theirs"}).text == bare[2]


@pytest.mark.parametrize("name", ["", " ", "two words", "1st", "else"])
def test_a_renamed_variable_gets_a_name_that_a_variable_can_have(name: str) -> None:
    ours, theirs = SERVED.replace("name", "customer"), SERVED.replace("name", "person")
    with pytest.raises(
        InvalidInput, match=r"renamed:variable/name: .* is (no name for a variable|a word of)"
    ):
        merge(SERVED, ours, theirs, [ConflictResolution(id="renamed:variable/name", text=name)])


def test_a_removed_tool_that_two_messages_name_is_taken_or_taken_back_whole() -> None:
    base = changed(("lookup_order, refund", "lookup, search"))
    ours = changed(("lookup, search", "search"), text=base)
    theirs = changed(
        ("Be polite.", "Be polite. Call lookup first."),
        ("{{question}}{{#if", "{{question}} (use lookup){{#if"),
        text=base,
    )
    (found,) = merge(base, ours, theirs).conflicts
    assert [(cause.path, cause.label) for cause in found.causes] == [
        ("tool/lookup", "removed tool lookup"),
        ("segment/0/system", "system message: names lookup"),
        ("segment/1/user", "user message: names lookup"),
    ]
    assert decided(base, ours, theirs, **{found.id: "ours"}).text == ours
    assert decided(base, ours, theirs, **{found.id: "theirs"}).text == theirs


def test_a_removed_property_that_two_messages_show_is_taken_whole() -> None:
    ours = changed(("    sentiment: string\n", ""))
    theirs = changed(
        ("Be polite.", 'Give "sentiment".'), ("{{question}}{{#if", '{{question}} "sentiment"{{#if')
    )
    id_ = "semantic:property_removed:output/schema/sentiment"
    assert decided(BASE, ours, theirs, **{id_: "ours"}).text == ours


def test_a_tool_with_a_slash_in_its_name_is_called_by_its_whole_name() -> None:
    base = changed(("lookup_order, refund", "mcp/search, search"))
    ours, other = changed(("mcp/search, ", ""), text=base), changed((", search", ""), text=base)
    bare = changed(("Be polite.", "Be polite. Search, and search again."), text=base)
    whole = changed(("Be polite.", "Be polite. Call mcp/search first."), text=base)
    assert merge(base, ours, bare).conflicts == ()
    (found,) = merge(base, ours, whole).conflicts
    assert found.id == "semantic:tool_removed:tool/mcp/search"
    assert found.label == "tool mcp/search: removed on one side, named by new text of the other"
    assert merge(base, other, whole).conflicts == ()
    assert [one.check for one in merge(base, other, bare).conflicts] == ["tool_removed"]


def test_a_pick_that_leaves_a_conflict_of_meaning_is_refused() -> None:
    """Theirs left the message as it is, and ours is taken back there for the sake of a tool: nothing is left to undo."""
    base = changed(("Be polite.", "Be polite, {{question}}."))
    ours = changed(("question", "wish"), ("Be polite", "Call mail"), text=base)
    theirs = changed(("lookup_order, refund", "lookup_order"), text=base)
    base, ours = (text.replace("lookup_order, refund", "lookup_order, mail") for text in (base, ours))
    tool = "semantic:tool_removed:tool/mail"
    assert [one.id for one in merge(base, ours, theirs).conflicts] == [tool]
    (found,) = decided(base, ours, theirs, **{tool: "theirs"}).conflicts
    assert found.id == "semantic:undeclared:variable/question"
    with pytest.raises(
        InvalidInput,
        match="undeclared:variable/question: ours does not end it, since nothing is left of theirs",
    ):
        decided(base, ours, theirs, **{tool: "theirs", found.id: "ours"})
    back = decided(base, ours, theirs, **{tool: "theirs", found.id: "theirs"})
    assert back.text == theirs


@pytest.mark.parametrize("pick", ["ours", "theirs"])
def test_what_does_not_parse_since_a_marker_is_gone_comes_back_with_the_other_side(pick: str) -> None:
    base = '{{role "system"}}\nBe polite.\n{{history}}\nGo on.\n{{role "user"}}\nBye.\n'
    ours, theirs = base.replace("{{history}}\n", ""), base.replace("Go on.", "Go on now.")
    (gone,) = merge(base, ours, theirs).conflicts
    chosen = {gone.id: "theirs"}
    (found,) = decided(base, ours, theirs, **chosen).conflicts
    assert found.id == "semantic:unparsable:segments"
    assert "base/segment/1/history" in {cause.path for cause in found.causes}
    assert (
        decided(base, ours, theirs, **chosen, **{found.id: pick}).text
        == {"ours": ours, "theirs": theirs}[pick]
    )


def test_a_removed_property_inside_another_that_a_new_example_shows() -> None:
    nested = "    sentiment:\n      mood: string\n      sure: number\n    parts(array):\n      title: string\n      mark: string\n"
    base = changed(("    sentiment: string\n", nested))
    for gone, path, unit in (
        ("      mood: string\n", "sentiment.mood", "sentiment"),
        ("      mark: string\n", "parts.mark", "parts"),
    ):
        ours = changed((gone, ""), text=base)
        theirs = changed(("Be polite.", f'Such as "{path.split(".")[1]}".'), text=base)
        (found,) = merge(base, ours, theirs).conflicts
        assert found.id == f"semantic:property_removed:output/schema/{path}"
        assert [cause.path for cause in found.causes] == [f"output/schema/{unit}", "segment/0/system"]
        assert decided(base, ours, theirs, **{found.id: "ours"}).text == ours
        assert decided(base, ours, theirs, **{found.id: "theirs"}).text == theirs
    whole = changed((nested, ""), text=base)
    theirs = changed(("Be polite.", 'Such as {"sentiment": {"mood": "good"}}.'), text=base)
    assert [one.id for one in merge(base, whole, theirs).conflicts] == [
        "semantic:property_removed:output/schema/sentiment"
    ]


@pytest.mark.parametrize(
    "use",
    [
        "{{order.note}}",
        "{{#with order}}{{note}}{{/with}}",
        "{{#each items}}{{note}}{{/each}}",
        "{{#each items as |one|}}{{one.note}}{{/each}}",
        "{{#if order.note}}yes{{/if}}",
    ],
)
def test_a_removed_property_of_an_input_that_new_text_uses(use: str) -> None:
    objects = "    order(object):\n      id: string\n      note: string\n    items(array):\n      id: string\n      note: string\n"
    base = changed(("    order?: string\n", objects), (" (order {{order}})", " (order {{order.id}})"))
    name = "items" if "items" in use else "order"
    kept = f"    {name}({'array' if name == 'items' else 'object'}):\n      id: string\n"
    ours, theirs = (
        changed((f"{kept}      note: string\n", kept), text=base),
        changed(("Be polite.", use), text=base),
    )
    (found,) = merge(base, ours, theirs).conflicts
    assert found.id == f"semantic:property_removed:variable/{name}.note"
    assert {(cause.side, cause.path) for cause in found.causes} == {
        ("ours", f"variable/{name}"),
        ("theirs", "segment/0/system"),
    }
    assert decided(base, ours, theirs, **{found.id: "ours"}).text == ours
    assert decided(base, ours, theirs, **{found.id: "theirs"}).text == theirs
    plain = changed(("Be polite.", "{{order.id}} {{#each items}}{{id}}{{/each}}"), text=base)
    assert merge(base, ours, plain).conflicts == ()


def test_the_last_uses_of_a_variable_that_one_side_renamed_too() -> None:
    base = SERVED.replace("l2", "l2 and more")
    ours = base.replace('{{role "system"}}\nYou serve {{name}}.\n', "").replace("name", "customer")
    theirs = base.replace("I am {{name}}", "I am somebody")
    chosen = {"text:segment/1/user": "theirs"}
    (found,) = decided(base, ours, theirs, **chosen).conflicts
    assert found.id == "semantic:vanished:variable/customer"
    assert decided(base, ours, theirs, **chosen, **{found.id: "ours"}).text == ours
    assert decided(base, ours, theirs, **chosen, **{found.id: "theirs"}).text == theirs
