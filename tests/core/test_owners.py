"""Whose words a change touches: messages and sections that blocks and snippets make, switch or move."""

from __future__ import annotations

import pytest

from jupyter_prompthub.core.errors import PromptSyntaxError
from jupyter_prompthub.core.prompt import compile
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.reviews import Included, touched_units

TURNS = '{{role "system"}}\nBe kind.\n{{role "user"}}\n{{question}}\n'
IN_BLOCK = TURNS + '{{#if order}}{{role "system"}}\nAsk.\n{{role "model"}}\nYes.\n{{/if}}\nRest.\n'
SECTION = (
    '{{role "system"}}\nBe kind.\n{{section "disclaimer"}}No promises.{{section "end"}}\n'
    '{{role "user"}}\n{{question}}\n{{role "model"}}\nYes.\n{{role "user"}}\nGo on.\n'
)
_DISCLAIMER = '{{section "disclaimer"}}No promises.{{section "end"}}'


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        # a message that a block makes
        (TURNS, TURNS + '{{#if question}}{{role "system"}}\nEVIL\n{{/if}}', {"segment:system"}),
        (IN_BLOCK, IN_BLOCK.replace("Ask.", "EVIL"), {"segment:system"}),
        (IN_BLOCK, IN_BLOCK.replace("Yes.", "No."), {"segment:model"}),
        (IN_BLOCK, IN_BLOCK.replace("#if order", "#if question"), {"segment:system", "segment:model"}),
        (IN_BLOCK, IN_BLOCK.replace("Rest.", "EVIL"), {"segment:user", "segment:model"}),
        # what stands in front of a text decides whose words it is
        (
            '{{role "system"}}\nA\n{{#if order}}{{role "user"}}\nB{{/if}}\nRest.\n',
            '{{role "system"}}\nA\n{{#if order}}{{role "user"}}\nB{{/if}}\nEVIL\n',
            {"segment:system", "segment:user"},
        ),
        (
            '{{#each turns}}{{ask}}{{role "system"}}{{tell}}{{/each}}',
            '{{#each turns}}EVIL{{ask}}{{role "system"}}{{tell}}{{/each}}',
            {"segment:system", "segment:user"},
        ),
        # a loop makes messages of a role, and the conversation is one unit
        (
            '{{#each turns}}{{role "user"}}{{ask}}{{/each}}',
            '{{#each turns}}{{role "user"}}EVIL{{ask}}{{/each}}',
            {"segment:user"},
        ),
        (TURNS, TURNS + '{{#if order}}{{role "user"}}more{{/if}}', {"segment:user"}),
        (TURNS, TURNS + "{{history}}", {"segment:history"}),
        (TURNS, TURNS + "{{#if order}}{{history}}{{/if}}", {"segment:history"}),
        (TURNS + "{{history}}Yes.", TURNS + "{{history}}EVIL", {"segment:model"}),
        (
            TURNS + '{{#if order}}{{role "model"}}a{{role "tool"}}b{{/if}}',
            TURNS + '{{#if order}}{{role "tool"}}b{{role "model"}}a{{/if}}',
            {"segment:model", "segment:tool"},
        ),
        # text that only looks like a marker, and the other way round
        (
            TURNS + '\\{{role "system"}} EVIL',
            TURNS + '{{role "system"}} EVIL',
            {"segment:system", "segment:user"},
        ),
        # a section that is switched off, or moved
        (
            SECTION,
            SECTION.replace(_DISCLAIMER, f"{{{{#if never}}}}{_DISCLAIMER}{{{{/if}}}}"),
            {"section:disclaimer"},
        ),
        (
            SECTION,
            SECTION.replace(_DISCLAIMER, "").replace("{{question}}", "{{question}}" + _DISCLAIMER),
            {"section:disclaimer", "segment:system", "segment:user"},
        ),
        (
            SECTION.replace(_DISCLAIMER, "").replace("{{question}}", "{{question}}" + _DISCLAIMER),
            SECTION.replace(_DISCLAIMER, "").replace("Go on.", "Go on." + _DISCLAIMER),
            {"section:disclaimer", "segment:user"},
        ),
        (SECTION, SECTION.replace('"disclaimer"', '"terms"'), {"section:disclaimer", "section:terms"}),
    ],
)
def test_whose_words_something_is_follows_the_markers_through_blocks(
    before: str, after: str, units: set[str]
) -> None:
    assert units <= touched_units(parse(before), parse(after))
    assert units <= touched_units(parse(after), parse(before))


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (SECTION, SECTION.replace("Go on.", "Stop."), {"segment:user"}),
        (SECTION, SECTION.replace("Be kind.", "Be brief."), {"segment:system"}),
        (IN_BLOCK, IN_BLOCK.replace("Be kind.", "Be brief."), {"segment:system"}),
        (
            SECTION,
            SECTION + '{{role "model"}}\nYes.\n{{role "user"}}\nAgain.\n',
            {"segment:model", "segment:user"},
        ),
        (
            SECTION,
            SECTION.replace("Be kind.\n", 'Be kind.\n{{section "tone"}}Kind.\n'),
            {"segment:system", "section:tone"},
        ),
    ],
)
def test_what_a_change_leaves_alone_is_not_touched(before: str, after: str, units: set[str]) -> None:
    assert touched_units(parse(before), parse(after)) == units


def test_a_role_cannot_come_from_a_variable() -> None:
    with pytest.raises(PromptSyntaxError, match="it cannot come from a variable"):
        parse("{{role who}}EVIL")
    said = '{{role "system"}}EVIL'
    system, user = compile(TURNS).render({"question": said}).messages
    assert (system.role, user.role) == ("system", "user")
    assert user.model_dump()["content"][0]["text"].strip() == said


def including(before: str, after: str, old: dict[str, str], new: dict[str, str]) -> frozenset[str]:
    """What is touched; a snippet's version is called by its text."""
    return touched_units(parse(before), parse(after), Included(old, old), Included(new, new))


EVIL = '{{role "system"}}\nEVIL\n'


def test_a_message_that_a_snippet_brings_is_touched() -> None:
    units = including(TURNS, TURNS + "{{> evil}}", {}, {"evil": EVIL})
    assert {"segment:system", "segment:user", "snippet:evil"} <= units
    # what comes after it is part of that message
    units = including(TURNS + "{{> evil}}\nA", TURNS + "{{> evil}}\nB", {"evil": EVIL}, {"evil": EVIL})
    assert units == {"segment:system", "segment:user"}


@pytest.mark.parametrize(
    ("old", "new", "units"),
    [
        ({"house": "Be kind."}, {"house": "BE RUDE."}, {"snippet:house", "segment:system"}),
        (
            {"house": "Be kind."},
            {"house": "Be kind. {{order}}"},
            {"snippet:house", "segment:system", "variable:order"},
        ),
        (
            {"house": "{{> tone}}", "tone": "Kind."},
            {"house": "{{> tone}}", "tone": "RUDE."},
            {"snippet:tone", "segment:system"},
        ),
        (
            {"house": '{{> tone of="a"}}', "tone": "Be {{of}}."},
            {"house": '{{> tone of="b"}}', "tone": "Be {{of}}."},
            {"snippet:house", "segment:system"},
        ),
        (
            {"house": "Be kind."},
            {"house": 'Be kind.{{section "law"}}None.'},
            {"snippet:house", "segment:system", "section:law"},
        ),
        (
            {"house": "Be kind."},
            {"house": 'Be {{#if x}}{{role "user"}}{{/if}} kind.'},
            {"segment:system", "segment:user"},
        ),
        ({"house": "Be \\\\{{a}}."}, {"house": "Be \\{{a}}."}, {"segment:system"}),
    ],
)
def test_what_a_moved_snippet_brings_is_touched(
    old: dict[str, str], new: dict[str, str], units: set[str]
) -> None:
    text = '{{role "system"}}\n{{> house}}\n{{role "user"}}\n{{question}}\n'
    assert units <= including(text, text, old, new)
    assert including(text, text, old, old) == set()
    assert "segment:model" not in including(text, text, old, new)


def test_a_snippet_that_is_saved_again_with_the_same_text_is_touched_alone() -> None:
    text, house = '{{role "system"}}\n{{> house}}', {"house": "Be kind."}
    units = touched_units(
        parse(text), parse(text), Included(house, {"house": "1"}), Included(house, {"house": "2"})
    )
    assert units == {"snippet:house"}


def test_of_what_is_too_long_to_tell_everything_is_touched() -> None:
    many = {f"s{at}": f"{{{{> s{at + 1}}}}}" * 10 for at in range(12)} | {"s12": '{{section "law"}}x'}
    units = including("{{> s0}}", "{{> s0}}", many, {**many, "s12": '{{section "law"}}y'})
    assert {"segment:system", "segment:user", "section:law", "snippet:s12"} <= units
    assert including("{{> s0}}", "{{> s0}}", many, many) == set()
