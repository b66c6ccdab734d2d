"""What always holds of a merge, on random prompts and random changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_prompthub.core.errors import InvalidInput
from jupyter_prompthub.core.merge import merge, merge_lines
from jupyter_prompthub.core.merge.swapped import swapped_conflict, swapped_resolution
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import ConflictResolution, MergeResult
from tests.support.counts import tried

_WORDS = ("alpha", "beta", "gamma", "delta", "{{v0}}", "{{v1}}", "{{#if v2}}yes{{/if}}", "search", '"answer"')
_ROLES = ("system", "user", "model")
lines = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)


@dataclass(frozen=True)
class Draft:
    """A prompt in parts, to be changed and written."""

    parameters: tuple[tuple[str, float], ...] = ()
    variables: tuple[tuple[str, str, bool], ...] = ()
    tools: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    messages: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(("user", ("alpha",)),))

    @property
    def text(self) -> str:
        front = []
        if self.parameters:
            front.append("config:\n" + "".join(f"  {name}: {value}\n" for name, value in self.parameters))
        if self.variables:
            rows = (f"    {name}{'' if needed else '?'}: {kind}\n" for name, kind, needed in self.variables)
            front.append("input:\n  schema:\n" + "".join(rows))
        if self.tools:
            front.append(f"tools: [{', '.join(self.tools)}]\n")
        if self.properties:
            front.append(
                "output:\n  format: json\n  schema:\n"
                + "".join(f"    {n}: {k}\n" for n, k in self.properties)
            )
        body = "".join(
            f'{{{{role "{role}"}}}}\n' + "".join(f"{line}\n" for line in rows) for role, rows in self.messages
        )
        return ("---\n" + "".join(front) + "---\n" if front else "") + body


def _named(
    names: tuple[str, ...], *values: st.SearchStrategy[object]
) -> st.SearchStrategy[tuple[tuple[object, ...], ...]]:
    return st.lists(st.tuples(st.sampled_from(names), *values), max_size=3, unique_by=lambda row: row[0]).map(
        tuple
    )


parameters = _named(("temperature", "top_p", "max_tokens"), st.sampled_from([0.1, 0.5, 1]))
variables = _named(("v0", "v1", "v2"), st.sampled_from(["string", "integer", "boolean"]), st.booleans())
tools = st.lists(st.sampled_from(["search", "lookup"]), unique=True, max_size=2).map(tuple)
properties = _named(("answer", "mood"), st.sampled_from(["string", "number"]))
message = st.tuples(st.sampled_from(_ROLES), st.lists(lines, min_size=1, max_size=6).map(tuple))
messages = st.lists(message, min_size=1, max_size=4).map(tuple)
drafts = st.builds(Draft, parameters, variables, tools, properties, messages)


@st.composite
def changed(draw: st.DrawFn, draft: Draft) -> Draft:
    """The draft with one to three of its parts changed."""
    for _ in range(draw(st.integers(1, 3))):
        rows = list(draft.messages)
        at = draw(st.integers(0, len(rows) - 1))
        match draw(
            st.sampled_from(
                [
                    "parameters",
                    "variables",
                    "tools",
                    "properties",
                    "line",
                    "line",
                    "add",
                    "remove",
                    "move",
                    "rename",
                    "rename",
                ]
            )
        ):
            case "parameters":
                draft = replace(draft, parameters=draw(parameters))
            case "variables":
                draft = replace(draft, variables=draw(variables))
            case "tools":
                draft = replace(draft, tools=draw(tools))
            case "properties":
                draft = replace(draft, properties=draw(properties))
            case "line":
                role, text = rows[at]
                where = draw(st.integers(0, len(text) - 1))
                new = draw(st.lists(lines, max_size=2))
                rows[at] = (role, (*text[:where], *new, *text[where + 1 :]) or ("left",))
            case "add":
                rows.insert(at, draw(message))
            case "remove" if len(rows) > 1:
                del rows[at]
            case "move":
                rows.insert(draw(st.integers(0, len(rows) - 1)), rows.pop(at))
            case "rename":
                old, new = draw(st.sampled_from(("v0", "v1", "v2"))), draw(st.sampled_from(("w0", "w1")))
                rows = [
                    (role, tuple(re.sub(rf"\b{old}\b", new, line) for line in text)) for role, text in rows
                ]
                if new not in {name for name, *_ in draft.variables}:
                    draft = replace(
                        draft,
                        variables=tuple(
                            (new if name == old else name, *rest) for name, *rest in draft.variables
                        ),
                    )
        draft = replace(draft, messages=tuple(rows))
    return draft


@st.composite
def three(draw: st.DrawFn) -> tuple[str, str, str]:
    base = draw(drafts)
    return base.text, draw(changed(base)).text, draw(changed(base)).text


def _content(text: str) -> object:
    return parse(text).content


@tried(60)
@given(three())
def test_what_one_side_changed_is_taken(texts: tuple[str, str, str]) -> None:
    base, x, _ = texts
    assert merge(base, x, base).text == x
    assert merge(base, base, x).text == x
    assert merge(base, x, x).text == x


@tried(60)
@given(three())
def test_the_order_of_the_sides_does_not_matter(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert one.text == other.text
    assert {each.id for each in one.conflicts} == {each.id for each in other.conflicts}
    by_id = {each.id: each for each in other.conflicts}
    assert [swapped_conflict(by_id[each.id]) for each in one.conflicts] == list(one.conflicts)


@tried(60)
@given(three(), st.data())
def test_what_is_decided_gives_the_same_from_both_sides(
    texts: tuple[str, str, str], data: st.DataObject
) -> None:
    base, ours, theirs = texts
    chosen: dict[str, ConflictResolution] = {}
    for _ in range(20):
        swapped = [swapped_resolution(each) for each in chosen.values()]
        try:
            made = merge(base, ours, theirs, chosen.values())
        except InvalidInput:
            with pytest.raises(InvalidInput):
                merge(base, theirs, ours, swapped)
            return
        if not made.conflicts:
            break
        for one in made.conflicts:
            open_ = sum(chunk.text is None for chunk in one.chunks)
            side = st.sampled_from(["ours", "theirs"])
            picks = data.draw(st.lists(side, min_size=open_, max_size=open_))
            said = {"picks": picks} if open_ else {"pick": data.draw(side)}
            chosen[one.id] = ConflictResolution.model_validate({"id": one.id, **said})
    back = merge(base, theirs, ours, swapped)
    assert back.text == made.text


@st.composite
def apart(draw: st.DrawFn) -> tuple[str, str, str]:
    """Two changes that do not meet: of other units, and of other messages."""
    base = draw(drafts.filter(lambda one: len(one.messages) > 1))
    base = replace(
        base,
        variables=(("v0", "string", False), ("v1", "string", False), ("v2", "boolean", False)),
        messages=tuple((role, (f"message {at}", *rows)) for at, (role, rows) in enumerate(base.messages)),
    )
    sides = [base, base]
    for part, values in (("parameters", parameters), ("tools", st.just(("other",)))):
        side = draw(st.integers(0, 1))
        sides[side] = replace(sides[side], **{part: draw(values)})
    for at in range(len(base.messages)):
        side = draw(st.integers(0, 1))
        rows = list(sides[side].messages)
        role, text = rows[at]
        rows[at] = (role, (*text, *draw(st.lists(st.sampled_from(("more", "{{v0}}", "{{v1}}")), max_size=2))))
        sides[side] = replace(sides[side], messages=tuple(rows))
    return base.text, sides[0].text, sides[1].text


@tried(60)
@given(apart())
def test_changes_that_do_not_meet_are_both_taken_in_any_order(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    made = merge(base, ours, theirs)
    assert not [each for each in made.conflicts if each.kind != "semantic"]
    if made.text is not None:
        assert made.text == merge(base, theirs, ours).text
        old, mine, other, new = (parse(each).content for each in (base, ours, theirs, made.text))
        for b, o, t, n in zip(old.segments, mine.segments, other.segments, new.segments, strict=True):
            assert n == (t if o == b else o)
        assert new.tools == (other.tools if mine.tools == old.tools else mine.tools)


def _resolved(base: str, ours: str, theirs: str, side: str) -> str:
    """Take one side at every conflict, round after round."""
    chosen: list[ConflictResolution] = []
    for _ in range(20):
        result: MergeResult = merge(base, ours, theirs, chosen, parts=True)
        if result.text is not None:
            return result.text
        assert result.conflicts
        # each has its place in what is settled
        assert {each.id for each in result.conflicts} == {
            each.conflict for each in result.so_far if each.open
        }
        chosen += [
            ConflictResolution.model_validate({"id": each.id, "pick": side}) for each in result.conflicts
        ]
    raise AssertionError("picking one side does not come to an end")


@tried(60)
@given(three(), st.sampled_from(["ours", "theirs"]))
def test_taking_one_side_at_every_conflict_gives_a_prompt(texts: tuple[str, str, str], side: str) -> None:
    base, ours, theirs = texts
    parse(_resolved(base, ours, theirs, side))


def _declared_and_used(text: str) -> tuple[set[str], set[str]]:
    document = parse(text)
    declared = {variable.name for variable in document.content.variables if variable.declared}
    return declared, {use.name for use in document.template.variables()}


@tried(100)
@given(three(), st.data())
def test_every_pick_ends_its_conflict_or_is_refused_and_no_variable_loses_its_declaration(
    texts: tuple[str, str, str], data: st.DataObject
) -> None:
    chosen: list[ConflictResolution] = []
    made, refused = merge(*texts), set[tuple[str, str]]()
    while made.conflicts:
        ways = [
            (one.id, pick)
            for one in made.conflicts
            for pick in ("ours", "theirs", "base")
            if (one.id, pick) not in refused
        ]
        # where the decisions before leave no other way
        ways = ways or [(one.id, "keep") for one in made.conflicts if one.kind == "semantic"]
        id_, pick = data.draw(st.sampled_from(ways))
        choice = ConflictResolution.model_validate({"id": id_, "pick": pick})
        try:
            made = merge(*texts, [*chosen, choice])
        except InvalidInput as error:
            assert error.message
            refused.add((id_, pick))
            continue
        chosen.append(choice)
        assert id_ not in {one.id for one in made.conflicts}
    assert made.text is not None
    declared, used = _declared_and_used(made.text)
    sides = [_declared_and_used(text) for text in texts]
    kept = {one.id.rpartition("/")[2] for one in chosen if one.pick == "keep"}
    for name in used - declared - kept:
        users = [name in theirs for theirs, uses in sides if name in uses]
        assert users
        assert not all(users), f"{name} is declared wherever it is used, and not in the result"


@tried(60)
@given(three())
def test_a_clean_merge_holds_what_only_one_side_changed(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    text = merge(base, ours, theirs).text
    if text is None:
        return
    old, mine, other, new = (parse(each).content for each in (base, ours, theirs, text))
    for name in {*old.parameters, *mine.parameters, *other.parameters}:
        b, o, t, n = (each.parameters.get(name) for each in (old, mine, other, new))
        assert n == (t if o == b else o)
    kept = {segment.source for segment in old.segments}
    for segment in new.segments:
        # no text that nobody wrote, unless both wrote in it
        assert (
            segment.source in kept | {each.source for each in (*mine.segments, *other.segments)}
            or len(segment.source) > 1
        )


@tried(60)
@given(
    *[st.lists(st.sampled_from("abcdef"), max_size=12).map(lambda rows: "".join(f"{row}\n" for row in rows))]
    * 3
)
def test_lines_merge_like_this(base: str, ours: str, theirs: str) -> None:
    def text(*sides: str) -> str | None:
        chunks = merge_lines(*sides)
        return (
            None if any(each.text is None for each in chunks) else "".join(each.text or "" for each in chunks)
        )

    assert text(base, ours, base) == ours
    assert text(base, base, theirs) == theirs
    assert text(base, ours, ours) == ours
    assert text(base, ours, theirs) == text(base, theirs, ours)
    chunks = merge_lines(base, ours, theirs)
    assert "".join(each.ours if each.text is None else each.text for each in chunks).count("\n") >= 0
