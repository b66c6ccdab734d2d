"""Several merge bases: where they conflict among themselves no side is taken silently."""

from __future__ import annotations

import pytest

from jupyter_prompthub.core.merge import Base, merge
from jupyter_prompthub.core.merge.several import settled
from jupyter_prompthub.core.records import ConflictResolution

SYSTEM = '{{role "system"}}\nOne.\nTwo.\nThree.\nFour.\nFive.\n'
USER = '{{role "user"}}\nHi {{n}}, are you there?\n'
MODEL = '{{role "model"}}\nWell, here I am.\n'
FRONT = "---\nmodel: a/b\nconfig:\n  temperature: 0.5\n  top_p: 1\ninput:\n  schema:\n    n: number\ntools:\n  - {name: t, description: A}\n---\n"
BEFORE = FRONT + SYSTEM + USER + MODEL


def edited(*pairs: tuple[str, str]) -> str:
    text = BEFORE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


ADDED = '{{role "user"}}\nAnd what of the parcel?\n', '{{role "user"}}\nNobody asked me anything.\n'
CASES = {
    "model": (edited(("a/b", "a/c")), edited(("a/b", "a/d"))),
    "parameter": (edited(("0.5", "0.1")), edited(("0.5", "0.9"))),
    "parameter removed": (edited(("  temperature: 0.5\n", "")), edited(("0.5", "0.9"))),
    "parameter added": (edited(("  top_p: 1\n", "  top_p: 1\n  seed: 1\n")), edited(("  top_p: 1\n", "  top_p: 1\n  seed: 2\n"))),
    "variable": (edited(("n: number", "n: integer")), edited(("n: number", "n: string"))),
    "tool": (edited(("description: A", "description: B")), edited(("description: A", "description: C"))),
    "renamed": (
        edited(("n: number", "count: number"), ("{{n}}", "{{count}}")),
        edited(("n: number", "total: number"), ("{{n}}", "{{total}}")),
    ),
    "line": (edited(("Two.", "Second.")), edited(("Two.", "Zwei."))),
    "line removed": (edited(("Two.\n", "")), edited(("Two.", "Zwei."))),
    "last line": (edited(("Well, here I am.", "Well, I am.")), edited(("Well, here I am.", "Well, here!"))),
    "message removed": (edited((USER, '{{role "user"}}\nHi {{n}}, are you here?\n')), edited((USER, ""), (MODEL, MODEL + "{{n}}\n"))),
    "message added": (edited((MODEL, ADDED[0] + MODEL)), edited((MODEL, ADDED[1] + MODEL))),
    "role": (edited(('"model"', '"user"')), edited(('"model"', '"system"'))),
    "order": (FRONT + USER + SYSTEM + MODEL, FRONT + SYSTEM + MODEL + USER),
    "default": (edited(("n: number\n", "n: integer\n")), edited(("n: number\n", "n: number\n  default: {n: 1.5}\n"))),
}  # fmt: skip


def taken(base: Base, ours: str, theirs: str, side: str) -> str:
    """The merge with one side taken at each conflict, which shows nothing of the marks."""
    chosen: dict[str, ConflictResolution] = {}
    while True:
        made = merge(base, ours, theirs, chosen.values())
        assert "merge bases" not in made.model_dump_json()
        if made.text is not None:
            return made.text
        fresh = {one.id for one in made.conflicts} - chosen.keys()
        assert fresh
        chosen |= {id_: ConflictResolution.model_validate({"id": id_, "pick": side}) for id_ in fresh}


@pytest.mark.parametrize("case", CASES)
def test_each_side_keeps_its_own_and_they_conflict_again(case: str) -> None:
    c, d = CASES[case]
    for one, other in ((c, d), (d, c)):
        base = settled(Base(BEFORE), Base(one), Base(other))
        for ours, theirs in ((c, d), (d, c)):
            assert merge(base, ours, theirs).conflicts, case
            assert taken(base, ours, theirs, "ours") == ours
            assert taken(base, ours, theirs, "theirs") == theirs


@pytest.mark.parametrize("case", CASES)
def test_a_side_that_went_back_to_what_was_before_has_decided_so(case: str) -> None:
    for text in CASES[case]:
        base = settled(Base(BEFORE), *(Base(each) for each in CASES[case]))
        assert merge(base, BEFORE, text).conflicts, case
        assert merge(base, text, BEFORE).conflicts, case


@pytest.mark.parametrize("case", CASES)
def test_sides_that_decided_alike_go_on_without_a_conflict(case: str) -> None:
    for text in (*CASES[case], BEFORE):
        base = settled(Base(BEFORE), *(Base(each) for each in CASES[case]))
        assert merge(base, text, text).text == text
        ours, theirs = text.replace("top_p: 1", "top_p: 0.9"), text.replace("Five.", "Fifth.")
        made = merge(base, ours, theirs)
        assert made.conflicts == (), case
        assert made.text == ours.replace("Five.", "Fifth.")


def test_bases_that_conflict_nowhere_take_what_either_changed() -> None:
    base = settled(Base(BEFORE), Base(edited(("0.5", "0.1"))), Base(edited(("Two.", "Second."))))
    assert base == Base(edited(("0.5", "0.1"), ("Two.", "Second.")))


def test_a_conflict_of_earlier_bases_is_not_forgotten_by_a_third_one() -> None:
    for case in ("line", "model"):
        first, second = (Base(each) for each in CASES[case])
        base = settled(
            Base(BEFORE), settled(Base(BEFORE), first, second), Base(edited(("top_p: 1", "top_p: 2")))
        )
        c, d = (each.replace("top_p: 1", "top_p: 2") for each in CASES[case])
        assert len(merge(base, c, d).conflicts) == 1
        later = settled(base, Base(c), Base(BEFORE.replace("top_p: 1", "top_p: 2")))
        assert len(merge(later, c, d).conflicts) == 1


def test_bases_that_cannot_be_merged_leave_nothing_to_compare_with() -> None:
    """What was before has a tag over two lines, where no line can be marked."""
    before = edited(("Two.", "Two {{n\n}}."))
    c, d = before.replace("Two {{n", "Second {{n"), before.replace("Two {{n", "Zwei {{n")
    base = settled(Base(before), Base(c), Base(d))
    assert base.text == ""
    assert merge(base, c, c).text == c
    assert merge(base, c, d).conflicts
    assert merge(base, c, before).conflicts
