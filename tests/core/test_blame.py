"""Blame: who brought what, through moves, renames and merges."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.blame import blame, bringers
from jupyter_prompthub.core.promptfile import parse

FRONT = "---\nmodel: a/b\nconfig: {temperature: 0.5}\n---\n"
SYSTEM, USER = '{{role "system"}}\n', '{{role "user"}}\n'


def blamed(*history: tuple[str, tuple[int, ...]], **more: Any) -> dict[str, Any]:
    """The version of each unit by path; of a segment with those of its lines. Versions count from 1."""
    contents = [parse(text).content for text, _ in history]
    units, complete = blame(
        len(history), lambda number: contents[number - 1], lambda number: history[number - 1][1], **more
    )
    assert complete or more
    return {one.path: (one.version, one.lines) if one.lines else one.version for one in units}


def test_what_never_changed_came_with_the_first_version_and_changes_with_theirs() -> None:
    found = blamed(
        (FRONT + SYSTEM + "One.\nTwo.\n" + USER + "{{a}}\n", ()),
        (FRONT.replace("0.5", "0.7") + SYSTEM + "One.\nTwo.\n" + USER + "{{a}}\n", (1,)),
        (FRONT.replace("0.5", "0.7") + SYSTEM + "One.\nTwo!\nThree.\n" + USER + "{{a}}\n", (2,)),
    )
    assert found == {
        "segment/0/system": (3, (1, 1, 3, 3)),
        "segment/1/user": (1, (1, 1)),
        "variable/a": 1,
        "model": 1,
        "parameter/temperature": 2,
    }


def test_a_message_that_moved_and_a_variable_that_was_renamed_are_what_they_were() -> None:
    schema = "---\ninput: {schema: {question: string}}\n---\n"
    one, two = SYSTEM + "Be kind.\n", USER + "{{question}}\n"
    found = blamed(
        (schema + one + two, ()),
        (schema + two + one, (1,)),
        (schema.replace("question", "asked") + (two + one).replace("question", "asked"), (2,)),
    )
    assert found == {"segment/0/user": (3, (1, 3)), "segment/1/system": (1, (1, 1)), "variable/asked": 1}


def test_a_merge_brings_only_what_no_side_had() -> None:
    base, ours, theirs = "One.\nTwo.\nThree.\n", "One!\nTwo.\nThree.\n", "One.\nTwo.\nThree!\n"
    both = "One!\nTwo.\nThree!\n"
    found = blamed((base, ()), (ours, (1,)), (theirs, (1,)), (both, (2, 3)))
    assert found == {"segment/0/user": (4, (2, 1, 3))}


def test_a_line_that_came_back_came_with_who_brought_it_back() -> None:
    found = blamed(("One.\nTwo.\n", ()), ("One.\n", (1,)), ("One.\nTwo.\n", (2,)))
    assert found == {"segment/0/user": (3, (1, 3))}


def test_a_history_that_is_too_long_says_so() -> None:
    texts = [(f"One.\n{number}\n", (number,) if number else ()) for number in range(6)]
    contents = [parse(text).content for text, _ in texts]
    units, complete = blame(6, lambda at: contents[at - 1], lambda at: texts[at - 1][1], at_most=3)
    assert not complete
    assert units[0].lines == (4, 6)


@given(st.lists(st.sampled_from(["a\n", "a\nb\n", "b\na\n", "c\n", "a\nc\nb\n"]), min_size=1, max_size=8))
def test_in_a_line_each_line_is_of_a_version_that_has_it_and_whose_successors_all_have_it(
    texts: list[str],
) -> None:
    found = blamed(*((text, (at,) if at else ()) for at, text in enumerate(texts)))
    version, lines = found["segment/0/user"]
    for line, by in zip(texts[-1].splitlines(), lines, strict=True):
        assert all(line in text.splitlines() for text in texts[by - 1 :])
        assert by == 1 or line not in texts[by - 2].splitlines() or texts[by - 2] != texts[by - 1]
    assert all(text == texts[-1] for text in texts[version - 1 :])
    assert version == 1 or texts[version - 2] != texts[-1]


def test_what_comes_back_was_brought_by_who_wrote_these_lines_and_by_nobody_else() -> None:
    said = [
        FRONT + SYSTEM + "One.\nTwo.\n",
        FRONT + SYSTEM + "One.\nTwo!\n",
        FRONT + SYSTEM + "One!\nTwo!\n" + USER + "{{a}}\n",
        FRONT + SYSTEM + "One!\nTwo!\nThree.\n" + USER + "{{a}}\n",
    ]

    def back(without: str) -> set[int]:
        contents = [parse(text).content for text in said]
        found = bringers(
            4,
            parse(without).content,
            lambda number: contents[number - 1],
            lambda number: range(number - 1, 0, -1)[:1],
        )
        return set(found)

    assert back(said[3]) == set()
    assert back(said[3].replace("Two!\n", "")) == {2}
    assert back(said[3].replace("One!", "1").replace("Three.", "3")) == {3, 4}
    assert back(said[3].replace("0.5", "0.7")) == {1}
    assert back(said[3] + "More.\n") == set(), "what is only taken away was nobody's to bring"
    assert back(said[3].replace(USER + "{{a}}\n", "")) == {3}
