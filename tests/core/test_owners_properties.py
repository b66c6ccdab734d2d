"""Rendering is the witness of what owners are asked about: where a message or a section comes out otherwise for any input,
its unit is touched.

The templates are nested at random from markers, texts, conditions, loops and snippets; a change replaces, adds, takes away,
wraps or moves a node, or gives a snippet another text under a lock that moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from jupyter_prompthub.core.errors import PromptHubError
from jupyter_prompthub.core.prompt import Compiled, compile
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import DataPart, Message
from jupyter_prompthub.core.reviews import Included, touched_units
from tests.support.counts import LONG, SEED

TRIES = 20_000 if LONG else 400
INPUTS = [
    {"a": a, "b": b, "rows": list(rows)}
    for a, b, rows in product((True, False), (True, False), ("", "x", "xy"))
]
PLAIN = (
    "One. ",
    "Two. ",
    "{{a}}",
    '{{role "system"}}',
    '{{role "user"}}',
    '{{role "model"}}',
    "{{history}}",
    '{{section "law"}}',
    '{{section "end"}}',
    "{{> one}}",
    "{{> two}}",
)
BLOCKS = ("{{#if a}}", "{{#if b}}", "{{#unless a}}", "{{#each rows}}")


def node(random: Random, depth: int = 0) -> str:
    """Text, a marker, a snippet, or a block of some of them."""
    if depth < 2 and random.random() < 0.25:
        tag = random.choice(BLOCKS)
        inside = nodes(random, depth + 1)
        if random.random() < 0.3:
            inside += "{{else}}" + nodes(random, depth + 1)
        return f"{tag}{inside}{{{{/{tag[3:].split()[0].rstrip('}')}}}}}"
    return random.choice(PLAIN)


def nodes(random: Random, depth: int = 0) -> str:
    return "".join(listed(random, depth))


def listed(random: Random, depth: int = 0) -> list[str]:
    return [node(random, depth) for _ in range(random.randint(1, 5 - depth))]


def changed(random: Random, old: list[str]) -> list[str]:
    """One change at one place."""
    new, at = list(old), random.randrange(len(old))
    match random.choice(("put", "add", "take", "wrap", "move")):
        case "put":
            new[at] = node(random)
        case "add":
            new.insert(at, node(random))
        case "take":
            del new[at]
        case "wrap":
            new[at] = f"{random.choice(('{{#if a}}', '{{#if b}}'))}{new[at]}{{{{/if}}}}"
        case _:
            new.insert(random.randrange(len(new)), new.pop(at))
    return new


def compiled(text: str, snippets: dict[str, str]) -> Compiled | None:
    try:
        return compile(text, snippets=snippets)
    except PromptHubError:
        return None  # such as a marker in a snippet inside a block


def said(prompt: Compiled) -> dict[str, list[object]]:
    """What comes out for every input, by unit."""
    found: dict[str, list[object]] = {}
    for at, given in enumerate(INPUTS):
        names = {variable.name for variable in prompt.variables}
        inputs = {name: value for name, value in given.items() if name in names}
        for message in prompt.render(inputs).messages:
            for unit, what in pieces(message):
                found.setdefault(unit, []).append((at, what))
    return found


def pieces(message: Message) -> Iterator[tuple[str, object]]:
    """The message, and each section of it."""
    role = f"segment:{message.role}"
    yield role, message.content
    section = None
    for part in message.content:
        if isinstance(part, DataPart):
            section = f"section:{part.data['metadata']['purpose']}"
        if section is not None:
            yield section, (role, part)


@pytest.mark.parametrize("part", range(4))
def test_what_comes_out_otherwise_is_touched(part: int) -> None:
    random = Random(f"{SEED} {part}")
    done = differ = 0
    while done < TRIES // 4:
        before = listed(random)
        snippets = {"one": nodes(random, 2).replace("{{> one}}", ""), "two": "Three. "}
        snippets["one"] = (
            snippets["one"].replace("{{> two}}", "Four. ") if random.random() < 0.5 else snippets["one"]
        )
        after, moved = before, dict(snippets)
        if random.random() < 0.6:
            after = changed(random, before)
        if random.random() < 0.4:
            moved["two"] = random.choice(("Five. ", '{{role "system"}}Five. ', '{{section "law"}}Five. '))
        if random.random() < 0.2:
            moved["one"] = nodes(random, 2).replace("{{> one}}", "")
        texts = ["".join(before), "".join(after)]
        old, new = compiled(texts[0], snippets), compiled(texts[1], moved)
        if old is None or new is None:
            continue
        done += 1
        one, other = said(old), said(new)
        touched = touched_units(
            parse(texts[0]), parse(texts[1]), Included(snippets, snippets), Included(moved, moved)
        )
        for unit in one.keys() | other.keys():
            if one.get(unit) != other.get(unit):
                differ += 1
                assert unit in touched, f"{texts[0]}\n{texts[1]}\n{snippets}\n{moved}\n{touched}"
    assert differ > done / 4
