"""What a merge comes to while conflicts are open."""

from __future__ import annotations

from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.records import ConflictResolution, MergeResult, UnitKind
from tests.core.test_merge import BASE, changed

OURS = changed(
    ("0.7", "0.1"), ("Be polite.", "Be short."), ("question: string, what", "question: string, all that")
)
THEIRS = changed(("0.7", "0.9"), ("Be polite.", "Be kind."), ("max_tokens: 150", "max_tokens: 300"))
HEAT, SYSTEM = "value:parameter/temperature", "text:segment/0/system"


def merged(ours: str, theirs: str, **picks: str) -> MergeResult:
    chosen = [ConflictResolution.model_validate({"id": id_, "pick": pick}) for id_, pick in picks.items()]
    return merge(BASE, ours, theirs, chosen, parts=True)


def front(made: MergeResult) -> list[tuple[str, str, str | None, bool]]:
    return [
        (each.path, each.text.strip(), each.conflict, each.open)
        for each in made.so_far
        if each.unit is not UnitKind.SEGMENT
    ]


def messages(made: MergeResult) -> str:
    """The messages, with the id of what is open in its place."""
    parts = [each for each in made.so_far if each.unit is UnitKind.SEGMENT]
    return "".join(f"<{each.conflict}>\n" if each.open else each.text for each in parts)


def test_what_is_merged_stands_around_what_is_open() -> None:
    made = merged(OURS, THEIRS)
    assert [each.id for each in made.conflicts] == [HEAT, SYSTEM]
    assert front(made) == [
        ("model", "model: openai/gpt-4o-mini", None, False),
        ("parameter/temperature", "", HEAT, True),
        ("parameter/max_tokens", "max_tokens: 300", None, False),
        ("variable/question", "question: string, all that the customer wrote", None, False),
        ("variable/order", "order?: string", None, False),
        ("tool/lookup_order", "lookup_order", None, False),
        ("tool/refund", "refund", None, False),
        ("output/format", "format: json", None, False),
        ("output/schema/reply", "reply: string", None, False),
        ("output/schema/sentiment", "sentiment: string", None, False),
    ]
    assert messages(made) == BASE[BASE.index("{{role") :].rstrip().replace("Be polite.\n", f"<{SYSTEM}>\n")


def test_what_is_decided_stands_in_its_place_and_names_its_conflict() -> None:
    made = merged(OURS, THEIRS, **{HEAT: "theirs"})
    assert ("parameter/temperature", "temperature: 0.9", HEAT, False) in front(made)
    assert f"<{SYSTEM}>" in messages(made)
    made = merged(OURS, THEIRS, **{SYSTEM: "theirs"})
    assert "Be kind." in messages(made)
    assert [each.path for each in made.so_far if each.conflict == SYSTEM] == ["segment/0/system"]
    assert [each.path for each in made.so_far if each.open] == ["parameter/temperature"]


def test_nothing_is_told_where_nothing_is_open_or_nobody_asks() -> None:
    assert merged(OURS, THEIRS, **{HEAT: "ours", SYSTEM: "ours"}).so_far == ()
    assert merge(BASE, OURS, THEIRS).so_far == ()


def test_messages_that_are_new_gone_or_moved_have_their_place() -> None:
    new = ('{{role "user"}}\n', '{{role "model"}}\nOURS\n{{role "user"}}\n')
    other = (new[0], new[1].replace("OURS", "THEIRS"))
    made = merged(changed(new), changed(other))
    (added,) = made.conflicts
    head, tail = BASE[BASE.index("{{role") :].rstrip().split('{{role "user"}}')
    assert messages(made) == f'{head}<{added.id}>\n{{{{role "user"}}}}{tail}'
    made = merged(changed(new), changed(other), **{added.id: "theirs"})
    assert made.text is not None

    system = BASE[BASE.index("{{role") : BASE.index('{{role "user"}}')]
    made = merged(changed((system, "")), changed(("Be polite.", "Be kind.")))
    assert messages(made).startswith('<removed:segment/0/system>\n{{role "user"}}')


def test_a_conflict_of_meaning_is_shown_at_what_it_is_about() -> None:
    renamed = changed(("question: string", "message: string"), ("{{question}}", "{{message}}"))
    made = merged(renamed, changed(("Be polite.", "Be polite about {{question}}.")))
    (one,) = made.conflicts
    assert one.id == "semantic:undeclared:variable/question"
    assert ("variable/question", "", one.id, True) in front(made)
    assert ("variable/message", "message: string, what the customer wrote", None, False) in front(made)
    assert "Be polite about {{question}}." in messages(made)


def test_what_is_about_the_whole_stands_above_it() -> None:
    """Messages that do not parse together, and front matter that cannot be written from both sides."""
    base = '{{role "system"}}\nBe polite.\n{{history}}\nGo on.\n{{role "user"}}\nBye.\n'
    ours, theirs = base.replace("{{history}}\n", ""), base.replace("Go on.", "Go on now.")
    (gone,) = merge(base, ours, theirs).conflicts
    made = merge(base, ours, theirs, [ConflictResolution(id=gone.id, pick="theirs")], parts=True)
    assert [each.id for each in made.conflicts] == ["semantic:unparsable:segments"]
    assert messages(made).startswith('<semantic:unparsable:segments>\n{{role "system"}}')

    schema = "{type: object, title: One, properties: {a: {type: string}}}"
    base = (
        f"---\noutput: {{schema: {schema}}}\ninput: {{schema: {{q: string}}}}\ntools: [t]\n---\n{{{{q}}}}.\n"
    )
    ours = base.replace("One", "Two").replace("tools: [t]\n", "")
    theirs = base.replace("type: string", "type: number").replace("{{q}}.", "{{q}}!")
    strict = "{type: object, required: [q], properties: {q: {type: string, minLength: 1}}}"
    made = merge(base, ours, theirs.replace("{q: string}", strict), parts=True)
    assert ("front_matter", "", "text:front_matter", True) in front(made)
    assert {path for path, *_ in front(made)} == {"front_matter"}
    assert messages(made) == "{{q}}!"
