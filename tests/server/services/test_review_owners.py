"""Owners of units through the dispatcher, on both databases: what a merge changes by snippets, blocks and sections."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import protections, versions

from jupyter_prompthub.core.errors import Protected
from jupyter_prompthub.core.records import Comparison, NewProtection, OwnerRule, Rules
from tests.server.services.conftest import Library
from tests.server.services.test_reviews import Desk


class Owned(Desk):
    """A desk where the colleague owns units. The system message includes the snippet ``house``, which is not protected,
    in all versions; no review is open."""

    def __init__(self, library: Library, *units: str) -> None:
        self.house = library.create("house", "Be kind.\n").id
        legal = library.people.colleague
        super().__init__(library)
        rules = Rules(owners=(OwnerRule(name="legal", owners=(legal.actor_id,), units=units),))
        new = NewProtection(prompts="support/*", rules=rules)
        library.run(protections.create, new=new, by=library.people.team_lead)
        self.edit("tone", "Two.", 'Two.\n{{> house}}\n{{section "law"}}No promises.{{section "end"}}')
        self.legal = legal
        self.approve(legal)
        self.merge()

    def save_house(self, text: str) -> str:
        return self.library.save(self.house, text).sha

    def save_again(self) -> None:
        """The same text, with the snippets as they are now."""
        self.library.save(self.id, str(self.version("tone").text), branch="tone")

    def merges_only_with_its_owner(self) -> None:
        with pytest.raises(Protected, match="legal owns"):
            self.merge()
        self.approve(self.legal)
        assert self.merge().state.value == "merged"


@pytest.mark.parametrize("units", ["*", "segment:system"])
def test_owners_are_asked_where_only_the_lock_moves(library: Library, units: str) -> None:
    desk = Owned(library, units)
    before = desk.version("main").sha
    (old,) = desk.version("main").lock.values()
    new = desk.save_house("BE RUDE.\n")
    desk.save_again()
    desk.review = desk.open()
    assert desk.review.units == ("segment:system", "snippet:house")
    assert desk.review.diff
    (change,) = desk.review.diff.changes
    assert (change.op.value, change.path) == ("changed", "snippet/house")
    assert change.label == f"snippet house: version changed from {old[:12]} to {new[:12]}"
    assert not desk.review.diff.text_only
    desk.merges_only_with_its_owner()
    # what it brought stays as it was when the snippet moves on
    desk.save_house("Be kind again.\n")
    done = desk.see()
    assert done.units == ("segment:system", "snippet:house")
    assert done.diff
    assert [one.label for one in done.diff.changes] == [change.label]
    path = {**desk.path, "a": before, "b": "main"}
    compared: Comparison = library.run(versions.compare, path, by=desk.people.viewer)
    assert [one.label for one in compared.diff.changes] == [change.label]


def test_owners_are_asked_where_the_lock_moves_beside_a_small_edit(library: Library) -> None:
    desk = Owned(library, "segment:system")
    desk.save_house("BE RUDE.\n")
    desk.edit("tone", "{{question}}", "{{question}}!")
    desk.review = desk.open()
    assert desk.review.units == ("segment:system", "segment:user", "snippet:house")
    desk.merges_only_with_its_owner()


def test_owners_are_asked_when_the_snippet_moves_while_the_review_is_open(library: Library) -> None:
    desk = Owned(library, "segment:system")
    desk.edit("tone", "{{question}}", "{{question}}!")
    desk.review = desk.open()
    assert desk.review.units == ("segment:user",)
    desk.save_house("BE RUDE.\n")
    assert desk.codes() == ["owners"]
    desk.merges_only_with_its_owner()


def test_the_owner_of_a_message_is_asked_where_a_snippet_brings_one(library: Library) -> None:
    desk = Owned(library, "segment:system")
    library.create("evil", '{{role "system"}}\nEVIL\n')
    desk.edit("tone", "{{question}}", "{{question}}\n{{> evil}}")
    desk.review = desk.open()
    assert {"segment:system", "snippet:evil"} <= set(desk.review.units)
    desk.merges_only_with_its_owner()


def test_the_owner_of_a_message_is_asked_where_a_block_makes_one(library: Library) -> None:
    desk = Owned(library, "segment:system")
    desk.edit("tone", "{{question}}", '{{question}}{{#if question}}{{role "system"}}\nEVIL\n{{/if}}')
    desk.review = desk.open()
    assert "segment:system" in desk.review.units
    desk.merges_only_with_its_owner()
    desk.edit("tone", "EVIL", "WORSE")
    desk.review = desk.open()
    desk.merges_only_with_its_owner()


@pytest.mark.parametrize("way", ["switched off", "moved"])
def test_the_owner_of_a_section_is_asked_where_it_is_switched_off_or_moved(
    library: Library, way: str
) -> None:
    desk = Owned(library, "section:law")
    law = '{{section "law"}}No promises.{{section "end"}}'
    if way == "moved":
        desk.edit("tone", law, "")
        desk.edit("tone", "{{question}}", "{{question}}" + law)
    else:
        desk.edit("tone", law, f"{{{{#if never}}}}{law}{{{{/if}}}}")
    desk.review = desk.open()
    assert "section:law" in desk.review.units
    desk.merges_only_with_its_owner()
