"""When a branch may move: the truth table, and what an approval is bound to."""

from __future__ import annotations

import pytest

from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import BlockCode, Evidence, OwnerRule, Rules, Standing
from jupyter_prompthub.core.reviews import (
    evidence_digest,
    fits,
    merge_blocks,
    misnamed,
    resolved,
    review_digest,
    standing,
    touched_units,
)
from tests.core.review_cases import ADA, BEFORE, BEN, CASES, LOU, PAGE, Case, merging, ok, page

FORMAT = PAGE.with_name("formats") / "review.md"
TEXT = """\
---
model: a/b
config: {temperature: 0.5}
input:
  schema:
    question: string
---
{{role "system"}}
Be kind.
{{section "disclaimer"}}
No promises.
{{section "examples"}}
None.
{{role "user"}}
{{question}}
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.situation}")
def test_a_rule_blocks_what_the_table_says(case: Case) -> None:
    made = case.blocks()
    assert tuple(block.code for block in made) == case.codes
    for block in made:
        assert block.message.endswith(".")
        always = {
            BlockCode.DRAFT,
            BlockCode.CLOSED,
            BlockCode.MERGED,
            BlockCode.CONFLICTS,
            BlockCode.UP_TO_DATE,
        }
        assert (block.protection is None) == (block.code in always)


def test_the_page_of_the_docs_is_made_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.core.review_cases"


def test_every_rule_and_every_reason_stands_in_the_table() -> None:
    assert {code for case in CASES for code in case.codes} == set(BlockCode)
    said = " ".join(case.rule + case.situation for case in CASES)
    for name in Rules.model_fields:
        assert name in said, name


def test_a_reason_says_whose_approval_does_not_count_and_why() -> None:
    case = merging("", "", Rules(approvals=2), approvals=(ok(LOU, BEFORE), ok(ADA)))
    (block,) = case.blocks()
    assert block.message == (
        "2 approvals are needed, 0 count: Lou approved another text; Ada has no right to approve."
    )


def test_where_several_protections_hold_an_approval_stands_as_in_the_strictest() -> None:
    facts = merging("", "", ()).facts
    rules = [Rules(approvals=1, approvers=("ben",)), Rules(approvals=1)]
    assert standing(rules[:1], facts, ok(BEN)) is Standing.COUNTS
    assert standing(rules, facts, ok(BEN)) is Standing.NO_RIGHT
    assert standing([], facts, ok(LOU)) is Standing.COUNTS
    assert merge_blocks([], facts) == ()


def test_the_review_digest_changes_with_each_of_its_parts() -> None:
    whole = {
        "content_hash": "1" * 64,
        "text_hash": "2" * 64,
        "lock": {"p": "3" * 64},
        "source_head": "4" * 64,
    }
    digests = {review_digest(**whole)}
    for name in whole:
        other = {"p": "5" * 64} if name == "lock" else "5" * 64
        digests.add(review_digest(**{**whole, name: other}))
    assert len(digests) == 5
    assert f"`{review_digest(**whole)}`" in FORMAT.read_text("utf-8")


def test_the_evidence_digest_changes_with_all_that_a_verdict_rests_on() -> None:
    def of(**parts: object) -> str:
        return evidence_digest(content_hash="1" * 64, lock={}, evidence=Evidence.model_validate(parts))

    made = [
        of(),
        of(suite="s"),
        of(dataset="s"),
        of(judge="s"),
        of(models=["s"]),
        of(thresholds={"s": 1}),
        of(parameters={"s": 1}),
    ]
    made.append(evidence_digest(content_hash="2" * 64, lock={}, evidence=Evidence()))
    made.append(evidence_digest(content_hash="1" * 64, lock={"p": "3" * 64}, evidence=Evidence()))
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    ("old", "new", "units"),
    [
        ("Be kind.", "Be brief.", {"segment:system"}),
        ("No promises.", "No promises at all.", {"segment:system", "section:disclaimer"}),
        ("None.", "One.", {"segment:system", "section:examples"}),
        ("{{question}}", "{{question}}!", {"segment:user"}),
        ("temperature: 0.5", "temperature: 0.1", {"parameter:temperature"}),
        ("model: a/b", "model: a/c", {"model"}),
        ("model: a/b", "model: a/b # the cheap one", {"text"}),
        ("question: string", "question: integer", {"variable:question"}),
        ("model: a/b", "model: a/b\nteam: x", {"metadata:team"}),
        ('{{role "user"}}', '{{role "model"}}', {"segment:user", "segment:model"}),
        ("Be kind.", "Be kind.", set()),
    ],
)
def test_a_change_touches_units_by_the_names_people_use(old: str, new: str, units: set[str]) -> None:
    assert old in TEXT
    assert touched_units(parse(TEXT), parse(TEXT.replace(old, new))) == units


def test_a_renamed_variable_is_touched_under_both_names_and_a_removed_section_too() -> None:
    after = TEXT.replace("question", "query").replace('{{section "disclaimer"}}\n', "")
    touched = touched_units(parse(TEXT), parse(after))
    assert {"variable:question", "variable:query", "section:disclaimer", "segment:user"} <= touched


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ("one|1", True),
        ("two|2", False),
        ("three|3", True),
        ('{{section "a"}}three|{{section "b"}}three', True),
    ],
)
def test_a_section_ends_with_its_message_and_several_of_one_name_count_together(
    change: str, touched: bool
) -> None:
    text = '{{role "system"}}\n{{section "a"}}one\n{{role "user"}}\ntwo\n{{section "a"}}three\n'
    units = touched_units(parse(text), parse(text.replace(*change.split("|"))))
    assert ("section:a" in units) is touched


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "a/b", True),
        ("support/*", "support/a/b", True),
        ("support/*", "sales/a", False),
        ("release/?", "release/1", True),
        ("release/?", "release/10", False),
        ("main", "Main", False),
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
    ],
)
def test_a_pattern_has_two_wildcards_and_no_more(pattern: str, name: str, expected: bool) -> None:
    assert fits(pattern, name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{> a}}\nEnd.\n", "A.\nEnd.\n"),
        ("---\nmodel: x/y\n---\nIn {{> a}} it.\n", "In A.\n it.\n"),
        ("{{#if x}}{{> b}}{{/if}}", "{{#if x}}B A.\n{{/if}}"),
        ("{{> a}}{{> a}}", "A.\nA.\n"),
        ("{{> missing}} {{> broken}}", "{{> missing}} {{> broken}}"),
        ("{{> self}}", "again {{> self}}"),
    ],
)
def test_a_template_is_written_with_its_snippets_in_their_places(text: str, expected: str) -> None:
    snippets = {
        "a": "A.\n",
        "b": "---\nmodel: x/y\n---\nB {{> a}}",
        "broken": "{{#if",
        "self": "again {{> self}}",
    }
    assert resolved(text, snippets) == (expected, False)


def test_a_template_that_grows_without_end_is_cut() -> None:
    snippets = {f"s{at}": f"{{{{> s{at + 1}}}}}" * 10 for at in range(12)} | {"s12": "x" * 100}
    text, cut = resolved("{{> s0}}", snippets, 1_000)
    assert (len(text), cut) == (1_000, True)


@pytest.mark.parametrize(
    ("unit", "there_is"),
    [
        *(
            (unit, True)
            for unit in ("*", "model", "text", "segment:system", "segment:*", "segment:history", "s*:legal")
        ),
        *(
            (unit, True)
            for unit in (
                "section:a:b",
                "var*",
                "*:order",
                "variable:order?",
                "mo?el",
                "snippet:a/b",
                "output:a.b",
            )
        ),
        *(
            (unit, False)
            for unit in (
                "segmnt:system",
                "segment:0",
                "segment:",
                "segment",
                "segmnt*",
                "legal",
                "models",
                "?",
            )
        ),
        *((unit, False) for unit in ("Segment:system", "segment:assistant", "variable", "model:gpt")),
    ],
)
def test_an_owner_rule_names_units_that_there_can_be(unit: str, there_is: bool) -> None:
    rules = Rules(owners=(OwnerRule(name="legal", owners=("role:admin",), units=("model", unit)),))
    assert (misnamed(rules) is None) is there_is


def test_an_owner_rule_asks_for_no_more_approvals_than_it_names_people() -> None:
    def asks(*owners: str) -> str | None:
        return misnamed(Rules(owners=(OwnerRule(name="legal", owners=owners, approvals=2),)))

    assert (
        asks("ben", "ben")
        == "the owner rule legal names 1 and asks for 2 approvals: name more people, or ask for fewer"
    )
    assert asks("ben", "ada") is None
    assert asks("role:team_lead") is None
