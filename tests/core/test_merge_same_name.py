"""A rename to a name that the other side has for another variable: two variables are never made one silently."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.matching import match_variables
from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import ConflictResolution, MergeResult
from tests.support.counts import tried

SAME = "semantic:same_name:variable/b"


def prompt(*lines: str, declared: tuple[str, ...] = ()) -> str:
    front = "".join(f"    {one}\n" for one in declared)
    return (f"---\ninput:\n  schema:\n{front}---\n" if front else "") + "\n\n".join(lines) + "\n"


def decided(base: str, ours: str, theirs: str, pick: str) -> MergeResult:
    """The merge with one pick at every conflict; where that is ``keep``, ours of those that cannot be kept."""
    chosen: dict[str, ConflictResolution] = {}
    while True:
        made = merge(base, ours, theirs, chosen.values())
        fresh = [one for one in made.conflicts if one.id not in chosen]
        if not fresh:
            return made
        for one in fresh:
            side = "ours" if pick == "keep" and one.kind != "semantic" else pick
            chosen[one.id] = ConflictResolution.model_validate({"id": one.id, "pick": side})


A = prompt("A {{a}}.", "x", "y")
A_DECLARED = prompt("A {{a}}.", "x", "y", declared=("a: string",))
AC = ("A {{a}}.", "x", "C {{c}} {{c}}.")
AC_DECLARED = prompt(*AC, declared=("a: string", "c: string"))
USES_A, USES_B, RENAMED = "user message: uses {{a}}", "user message: uses {{b}}", "renamed a to b"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "causes"),
    [
        pytest.param(
            A,
            A.replace("{{a}}", "{{b}}"),
            A.replace("y", "Y {{b}}"),
            ([RENAMED, USES_B], [USES_B]),
            id="used for something else",
        ),
        pytest.param(
            A_DECLARED,
            prompt("A {{b}}.", "x", "y", declared=("b: string",)),
            prompt("A {{a}}.", "x", "Y {{b}}", declared=("a: string", "b: string")),
            ([RENAMED, USES_B], ["declared b", USES_B]),
            id="declared for something else",
        ),
        pytest.param(
            A_DECLARED,
            prompt("A {{b}}.", "x", "y", declared=("b: string",)),
            prompt("A {{a}}.", "x", "y", declared=("a: string", "b: string")),
            ([RENAMED, USES_B], ["declared b"]),
            id="declared, and filled in by callers",
        ),
        pytest.param(
            prompt("A {{a}}.", "x", "B {{a}}."),
            prompt("A {{b}}.", "x", "B {{b}}."),
            prompt("A {{b}}.", "x", "B {{a}}."),
            ([RENAMED, USES_B], [USES_B]),
            id="two variables out of one",
        ),
        pytest.param(
            prompt(*AC),
            prompt(*AC).replace("{{a}}", "{{b}}"),
            prompt(*AC).replace("{{c}}", "{{b}}"),
            ([RENAMED, USES_B], ["renamed c to b", USES_B]),
            id="two renames",
        ),
        pytest.param(
            AC_DECLARED,
            AC_DECLARED.replace("{{a}}", "{{b}}").replace("a: string", "b: string"),
            AC_DECLARED.replace("{{c}}", "{{b}}").replace("c: string", "b: string"),
            ([RENAMED, USES_B], ["renamed c to b", USES_B]),
            id="two renames of declared ones",
        ),
    ],
)
def test_the_conflict_has_its_causes_and_every_pick_gives_that_side(
    base: str, ours: str, theirs: str, causes: tuple[list[str], list[str]]
) -> None:
    for sides, said in (((ours, theirs), causes), ((theirs, ours), causes[::-1])):
        (found,) = merge(base, *sides).conflicts
        assert found.id == SAME
        assert found.label == "variable b: each side gave this name to another variable"
        for side, labels in zip(("ours", "theirs"), said, strict=True):
            assert [one.label for one in found.causes if one.side == side] == labels
        for pick, wanted in (("ours", sides[0]), ("theirs", sides[1]), ("base", base)):
            assert decided(base, *sides, pick).text == wanted
        kept = decided(base, *sides, "keep").text
        assert kept is not None
        assert "A {{b}}." in kept


def test_declarations_that_differ_are_decided_first_and_then_what_uses_them() -> None:
    ours = prompt("A {{b}}.", "x", "y", declared=("b: string",))
    theirs = prompt("A {{a}}.", "x", "Y {{b}}", declared=("a: string", "b: integer"))
    assert [one.id for one in merge(A_DECLARED, ours, theirs).conflicts] == ["added:variable/b"]
    taken = [ConflictResolution(id="added:variable/b", pick="ours")]
    assert [one.id for one in merge(A_DECLARED, ours, theirs, taken).conflicts] == [SAME]
    # the base declares none of them: then it is not declared
    none = [ConflictResolution(id="added:variable/b", pick="base")]
    found = [one.id for one in merge(A_DECLARED, ours, theirs, none).conflicts]
    assert found == ["semantic:undeclared:variable/b", SAME]
    for pick, wanted in (("ours", ours), ("theirs", theirs), ("base", A_DECLARED)):
        assert decided(A_DECLARED, ours, theirs, pick).text == wanted


def test_both_names_in_the_other_side_are_one_variable_under_two_names_as_well() -> None:
    ours, theirs = A.replace("{{a}}", "{{b}}"), A.replace("y", "Y {{b}} {{a}}")
    found = merge(A, ours, theirs).conflicts
    assert [one.id for one in found] == ["semantic:undeclared:variable/a", SAME]
    assert [one.label for one in found[0].causes] == [RENAMED, USES_B, USES_A]
    for pick, wanted in (("ours", ours), ("theirs", theirs), ("base", A)):
        assert decided(A, ours, theirs, pick).text == wanted


def test_the_other_sides_old_name_is_found_when_its_new_name_is_taken_back() -> None:
    """In one message it has both names; what is left of it is the old one in another message."""
    base = '{{role "system"}}\nA {{a}}.\n{{role "user"}}\nx\n{{role "model"}}\ny\n'
    ours = base.replace("{{a}}", "{{b}}")
    theirs = base.replace("x\n", "X {{b}}\n").replace("\ny\n", "\nY {{a}}\n")
    picks = [ConflictResolution(id=SAME, pick="ours")]
    left = merge(base, ours, theirs, picks).conflicts
    assert [one.id for one in left] == ["semantic:undeclared:variable/a"]
    assert decided(base, ours, theirs, "ours").text == ours


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [
        pytest.param(
            prompt("x", "Y {{b}}."),
            A.replace("y", "Y {{b}}."),
            prompt("x", "Y {{b}}."),
            id="a line picked over",
        ),
        pytest.param(
            A.replace("{{a}}", "{{b}}"),
            prompt("A {{b}}.", "x", "Y {{b}}."),
            prompt("A {{b}}.", "x", "Y {{b}}."),
            id="the same rename",
        ),
        pytest.param(
            A.replace("{{a}}", "{{b}}"),
            A.replace("y", "Y {{c}}."),
            prompt("A {{b}}.", "x", "Y {{c}}."),
            id="another name",
        ),
    ],
)
def test_what_means_the_same_on_both_sides_is_no_conflict(ours: str, theirs: str, wanted: str) -> None:
    for sides in ((ours, theirs), (theirs, ours)):
        assert merge(A, *sides).text == wanted


def test_a_rename_that_does_not_look_like_one_on_the_other_side_is_no_other_variable() -> None:
    """The other side has no use of the old name left, and all that it says with the new one is said here too."""
    base = prompt("A {{a}}.", "x {{a}}", "y")
    ours = prompt("A {{b}}.", "x", "y {{b}}")
    theirs = prompt("A {{b}}.", "x", "y")
    for sides in ((ours, theirs), (theirs, ours)):
        assert merge(base, *sides).text == ours


@st.composite
def called(draw: st.DrawFn) -> tuple[str, str, str]:
    """A prompt and two sides, each of which may rename a variable, use one elsewhere, and bring one of its own. A line says
    which variable is meant, whatever it is called there."""
    declared = draw(st.booleans())
    means = draw(st.permutations(["a", "c", *draw(st.lists(st.sampled_from("ac"), max_size=3))]))
    lines = [f"line {at} means {one}" for at, one in enumerate(means)]

    def text(names: dict[str, str], extra: dict[int, str]) -> str:
        rows = []
        for at, line in enumerate(lines):
            rows += [line, *([f"more {at} means {extra[at]}"] if at in extra else [])]
        meant = sorted({row[-1] for row in rows}, key=lambda one: names[one])
        front = tuple(f"{names[one]}: string" for one in meant) if declared else ()
        return prompt(*(f"{row} {{{{{names[row[-1]]}}}}}" for row in rows), declared=front)

    texts = [text({"a": "a", "c": "c"}, {})]
    for parity, own in enumerate("mt"):
        names = {"a": "a", "c": "c", own: draw(st.sampled_from("bd"))}
        if draw(st.booleans()):
            names[draw(st.sampled_from("ac"))] = draw(st.sampled_from("bd"))
        assume(len(set(names.values())) == 3)
        where = st.sampled_from(range(parity, len(lines), 2))
        extra = draw(st.dictionaries(where, st.sampled_from(("a", "c", own)), max_size=2))
        texts.append(text(names, extra))
        # what does not look like a rename is none for the merge
        pairs = match_variables(parse(texts[0]).content, parse(texts[-1]).content)
        renamed = {(old, new) for old, new in pairs if old is not None and new is not None}
        assume(renamed == {(one, names[one]) for one in "ac"})
    return texts[0], texts[1], texts[2]


@tried(200)
@given(called())
def test_a_clean_merge_calls_each_variable_by_one_name_and_no_two_alike(texts: tuple[str, str, str]) -> None:
    made = merge(*texts)
    if made.text is not None:
        pairs = set(re.findall(r"means (\w) \{\{(\w)\}\}", made.text))
        # what each side brought of its own may be the same
        own = {pair for pair in pairs if pair[0] in "mt"}
        assert len({one for one, _ in pairs}) == len(pairs)
        assert len({name for _, name in pairs - own}) == len(pairs - own)
        assert not {name for _, name in own} & {name for _, name in pairs - own}


@tried(30)
@given(called(), st.lists(st.sampled_from(["ours", "theirs", "base"]), min_size=6, max_size=6))
def test_whatever_is_picked_the_merge_comes_to_an_end(texts: tuple[str, str, str], picks: list[str]) -> None:
    chosen: dict[str, ConflictResolution] = {}
    for _ in range(20):
        try:
            made = merge(*texts, chosen.values())
        except InvalidInput as refused:
            assert "does not end it" in refused.message
            return
        fresh = [one.id for one in made.conflicts if one.id not in chosen]
        assert bool(fresh) == bool(made.conflicts)
        if not fresh:
            return
        for one in fresh:
            side = picks[len(chosen) % len(picks)]
            chosen[one] = ConflictResolution.model_validate({"id": one, "pick": side})
    pytest.fail("conflicts without an end")
