"""Merging three texts: what is taken, what a person must decide, and what always holds."""

from __future__ import annotations

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


def test_a_renamed_variable_whose_old_name_the_other_side_uses_anew_is_a_semantic_conflict() -> None:
    ours = changed(("question: string", "user_message: string"), ("{{question}}", "{{user_message}}"))
    theirs = changed(("Never promise a date.", "Never promise a date.\nRepeat {{question}} first."))
    found = conflict(ours, theirs, "semantic:undeclared:variable/question").conflicts[0]
    assert [(one.side, one.label) for one in found.causes] == [
        ("ours", "renamed question to user_message"),
        ("theirs", "uses {{question}}"),
    ]
    mine = merged(ours, theirs, ConflictResolution(id=found.id, pick="ours"))
    assert mine.text == ours
    other = merged(ours, theirs, ConflictResolution(id=found.id, pick="theirs"))
    assert other.text is None or "{{question}}" in other.text
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
