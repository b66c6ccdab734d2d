"""The same hostile hand at prompts with blocks, sections under conditions and a snippet whose lock moves: nothing that owners
own comes onto the protected branch otherwise than one of them saw it.

What a text comes to is told by rendering it, never by the units that the decision looks at.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.prompt import compile
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import DataPart
from jupyter_prompthub.core.reviews import Included, touched_units
from tests.core.test_review_model import Reviews, Version, who
from tests.support.counts import tried

HOUSE = "{{> house}}\n"
HOUSES = ("Be nice.", "BE RUDE.", '{{role "system"}}RUDE.', '{{section "law"}}None.')
LAW = '{{section "law"}}No promises.{{section "end"}}'
OFF = f"{{{{#if never}}}}{LAW}{{{{/if}}}}"
BLOCK = '{{#if order}}{{role "system"}}\nAsk.\n{{/if}}\n'


def turned(text: str, way: str) -> str:
    """A text with one of its parts switched, moved, added or taken away."""
    head, user, rest = text.partition('{{role "user"}}\n')
    if way == "switch":
        return text.replace(OFF, LAW) if OFF in text else text.replace(LAW, OFF)
    if way == "move":
        return head.replace(LAW, "") + user + rest + LAW + "\n" if LAW in head else text
    part = BLOCK if way == "block" else HOUSE
    return head + user + (rest.replace(part, "") if part in rest else rest + part)


class Owners(Reviews):
    """``main`` and ``tone`` include a snippet that anybody may change."""

    start = (
        f'{{{{role "system"}}}}\nOne.\n-\nTwo.\n-\nThree.\n-\n{LAW}\n-\n{HOUSE}'
        '{{role "user"}}\n{{question}}\n'
    )

    def furnish(self) -> None:
        self.included = False
        self.house = HOUSES[0]
        self.locks = {1: self.house}
        """the snippet's text in each version, by its number"""

    def _version(self, text: str, author: str, *parents: Version) -> Version:
        made = super()._version(text, author, *parents)
        self.locks[made.number] = self.house
        return made

    def lock(self) -> dict[str, str]:
        return {"house": text_hash(self.house)}

    def shown(self, text: str) -> str:
        return f"{text}{HOUSES.index(self.house)}"

    def touched(self, text: str) -> frozenset[str]:
        old, new = (
            Included({"house": house}, {"house": text_hash(house)}) if HOUSE in each else Included()
            for each, house in ((self.main.text, self.locks[self.main.number]), (text, self.house))
        )
        return touched_units(parse(self.main.text), parse(text), old, new)

    def is_owned_changed(self, text: str) -> bool:
        return self.owned_words(self.main.text, self.locks[self.main.number]) != self.owned_words(
            text, self.house
        )

    def owned_words(self, text: str, house: str) -> list[object]:
        """What the owners own, for every input."""
        prompt = compile(text, snippets={"house": house})
        made: list[object] = []
        for given in ({}, {"order": "1"}, {"never": "1"}, {"order": "1", "never": "1"}):
            names = {variable.name for variable in prompt.variables}
            inputs = {name: given.get(name, "") for name in names}
            for message in prompt.render(inputs).messages:
                section = ""
                for part in message.content:
                    if isinstance(part, DataPart):
                        section = part.data["metadata"]["purpose"]
                    if self.owned in (f"segment:{message.role}", f"section:{section}"):
                        made.append((given, message.role, part))
        return made

    @rule(by=who, way=st.sampled_from(("switch", "move", "block", "snippet")), merges=st.booleans())
    def turn_a_part(self, by: str, way: str, merges: bool) -> None:
        self.look()
        self._push(by, turned(self.tone.text, way), merges)

    @rule(by=who, house=st.sampled_from(HOUSES), merges=st.booleans())
    def move_the_snippet_and_save_again(self, by: str, house: str, merges: bool) -> None:
        self.look()
        self.house = house
        self._push(by, self.tone.text, merges)

    @rule(house=st.sampled_from(HOUSES))
    def move_the_snippet(self, house: str) -> None:
        """What was approved before stays approved as it was."""
        self.house = house
        self.everybody_tries_to_merge()

    def _push(self, by: str, text: str, merges: bool) -> None:
        """Also where the leads approve, and no owner does."""
        self.tone, self.last_pusher = self._version(text, by, self.tone), by
        self.look()
        if merges and self._digest() is not None:
            for one in ("lea", "rob"):
                self._approve(one, *self.seen[-1])
            self.everybody_tries_to_merge()


class Sections(Owners):
    owned = "section:law"


TestOwners = Owners.TestCase
TestOwners.settings = tried(20)
TestSections = Sections.TestCase
TestSections.settings = tried(20)
