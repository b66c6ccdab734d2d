"""Units whose names are not made of letters alone, such as ``mcp/search``: paths, labels, decisions and what is written."""

from __future__ import annotations

from itertools import product

import pytest

from jupyter_prompthub.core.diff import diff
from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.merge.values import units_of
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import ConflictResolution

NAMES = ("a/b/c", "schema/x", "/a", "first-name", "two words")
_PICO = "output:\n  format: json\n  schema:\n    {}\n    {}\n"
_JSON = "output:\n  format: json\n  schema:\n    type: object\n    properties:\n      {}\n      {}\n"
KINDS = {
    "tool": ("tools:\n  - {}\n  - {}\n", '{{name: {}, description: "{}"}}', "tool/{}", "tool {}"),
    "parameter": ("config:\n  {}\n  {}\n", "{}: {}", "parameter/{}", "parameter {}"),
    "metadata": ("{}\n{}\n", "{}: {}", "metadata/{}", "metadata {}"),
    "picoschema": (_PICO, "{}: string, {}", "output/schema/{}", "output {}"),
    "JSON Schema": (_JSON, '{}: {{type: string, description: "{}"}}', "output/schema/{}", "output {}"),
    "input": (
        _JSON.replace("output:\n  format: json", "input:"),
        '{}: {{type: string, description: "{}"}}',
        "variable/{}",
        "variable {}",
    ),
}
SAID = {"base": "old", "ours": "mine", "theirs": "their"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_two_units_on_neighbouring_lines_are_decided_each_for_itself(kind: str, name: str) -> None:
    form, unit, path, called = KINDS[kind]
    names = (name, f"{name}2")

    def text(*said: str) -> str:
        rows = [unit.format(f'"{one}"', what) for one, what in zip(names, said, strict=True)]
        return f"---\n{form.format(*rows)}---\nHi.\n"

    sides = tuple(text(SAID[side], SAID[side]) for side in ("base", "ours", "theirs"))
    found = merge(*sides).conflicts
    assert [one.id for one in found] == [f"value:{path.format(one)}" for one in names]
    assert [one.path for one in found] == [path.format(one) for one in names]
    said = "changed differently on both sides"
    assert [one.label for one in found] == [f"{called.format(one)}: {said}" for one in names]
    for picks in product(SAID, repeat=2):
        wanted = parse(text(*(SAID[side] for side in picks))).content
        picked = [
            ConflictResolution.model_validate({"id": o.id, "pick": p})
            for o, p in zip(found, picks, strict=True)
        ]
        made = merge(*sides, picked).text
        assert made is not None
        assert parse(made).content == wanted
        # the text of a unit, written by hand, says the same
        written = [ConflictResolution(id=o.id, text=getattr(o, p)) for o, p in zip(found, picks, strict=True)]
        made = merge(*sides, written).text
        assert made is not None
        assert parse(made).content == wanted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_unit_that_one_side_took_out_is_decided_too(kind: str, name: str) -> None:
    form, unit, path, _ = KINDS[kind]
    old, their = (unit.format(f'"{name}"', said) for said in ("old", "their"))
    other = unit.format('"z"', "old")
    sides = {
        side: f"---\n{form.format(row, other)}---\nHi.\n".replace("- \n  ", "")
        for side, row in (("base", old), ("ours", ""), ("theirs", their))
    }
    (found,) = merge(**sides).conflicts
    assert found.id == f"removed:{path.format(name)}"
    for side, wanted in sides.items():
        made = merge(
            **sides, resolutions=[ConflictResolution.model_validate({"id": found.id, "pick": side})]
        ).text
        assert made is not None
        assert units_of(parse(made).content) == units_of(parse(wanted).content)


@pytest.mark.parametrize("kind", ["parameter", "metadata", "picoschema"])
def test_a_comparison_shows_the_whole_name(kind: str) -> None:
    form, unit, path, called = KINDS[kind]
    before, after = (
        parse(f"---\n{form.format(unit.format('schema/x', value), '')}---\nHi.\n").content for value in (1, 2)
    )
    (change,) = diff(before, after).changes
    assert change.path == path.format("schema/x")
    assert change.label.startswith(f"{called.format('schema/x')}: changed")
    assert change.after is not None
    assert change.after.startswith("schema/x:")


def test_a_removed_property_with_a_slash_that_a_new_example_shows() -> None:
    base = "---\noutput:\n  format: json\n  schema:\n    a/b: string\n    c: string\n---\nHi.\n\nBye.\n"
    ours = base.replace("    a/b: string\n", "")
    theirs = base.replace("Bye.", 'Such as {"a/b": "x"}.')
    (found,) = merge(base, ours, theirs).conflicts
    assert found.id == "semantic:property_removed:output/schema/a/b"
    assert [cause.path for cause in found.causes] == ["output/schema/a/b", "segment/0/user"]
    for pick, wanted in (("ours", ours), ("theirs", theirs), ("base", base)):
        made = merge(base, ours, theirs, [ConflictResolution.model_validate({"id": found.id, "pick": pick})])
        assert made.text == wanted
