"""A viewer of a team's server reads along: a Lab that forwards to ``prompthub serve`` with its user's own key."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewTeam
from tests.e2e.desk import Desk
from tests.e2e.team import Account

TEXT = '{{role "system"}}\nfirst\n{{role "user"}}\nHello {{name}}\n'


@pytest.fixture
def team(new_team: NewTeam) -> tuple[Account, Desk, Desk]:
    """The admin, and the desks of an engineer and of a viewer."""
    made = new_team({"Ben": "engineer", "Vera": "viewer"}, {"shared": TEXT})
    return made.admin, made.desks["Ben"], made.desks["Vera"]


def test_a_viewer_reads_along_follows_and_changes_nothing(team: tuple[Account, Desk, Desk]) -> None:
    _, ben, vera = team
    one, two = ben.open("shared"), vera.open("shared")
    expect(two.state).to_contain_text("read only")
    expect(one.state).not_to_contain_text("read only")
    expect(two.save_button).to_be_disabled()
    expect(two.run_button).to_be_disabled()
    expect(two.node.locator(".jp-PromptHub-runbar")).to_contain_text("Your role may not run prompts.")

    # each knows the other by name, and sees where they are
    for prompt, name in ((one, "Vera"), (two, "Ben")):
        expect(prompt.others.get_by_role("button", name=f"Follow {name}")).to_be_visible()
    two.line("Hello").click()
    expect(one.node.locator(".jp-remote-cursor").first).to_be_attached()
    expect(one.others.get_by_role("button", name="Follow Vera, line 4")).to_be_visible()

    # what is typed does not get into the text, by keys or otherwise
    vera.page.keyboard.type("not mine")
    vera.page.keyboard.press("Control+Shift+K")
    assert two.text == TEXT
    one.type_after("first", " by Ben")
    two.shows("first by Ben")
    assert two.text == one.text == TEXT.replace("first", "first by Ben")

    # following works for readers too
    one.line("Hello").click()
    ben.page.keyboard.press("End")
    ben.page.keyboard.insert_text("\n" + "".join(f"row {number}\n" for number in range(200)))
    one.stored()
    expect(two.line("row 199")).to_have_count(0)
    two.others.get_by_role("button", name="Follow Ben").click()
    expect(two.line("row 199")).to_be_in_viewport()
    vera.page.keyboard.press("Escape")
    expect(two.following).to_be_hidden()
    for prompt in (one, two):
        prompt.node.locator(".jp-PromptHub-source .cm-scroller").evaluate("node => node.scrollTo(0, 0)")

    # a page that sends an edit all the same (as one does that has typed when its role is taken away): the server drops
    # it, and says so
    vera.page.evaluate(
        "window.jupyterapp.shell.currentWidget.context.model.sharedModel.updateSource(0, 0, 'forged ')"
    )
    expect(two.banner).to_contain_text("what you typed last is not stored")
    expect(two.banner.get_by_role("button", name="Copy my text")).to_be_visible()
    two.banner.get_by_role("button", name="Show what is not stored").click()
    expect(two.node.locator(".cm-changedText")).to_have_text("forged ")
    one.type_after("first by Ben", ", again")
    one.stored()
    assert "forged" not in one.text
    two.banner.get_by_role("button", name="Open again").click()
    two.shows("first by Ben, again")
    expect(two.state).to_contain_text("read only")
    assert "forged" not in two.text


def test_a_role_that_is_changed_holds_at_once_for_what_is_open(team: tuple[Account, Desk, Desk]) -> None:
    admin, ben, vera = team
    members = {each["actor"]["display_name"]: each["actor"]["id"] for each in admin.members()}
    one, two = ben.open("shared"), vera.open("shared")
    two.node.get_by_role("tab", name="Settings").click()
    model = two.node.get_by_label("model", exact=True)
    expect(model).to_be_disabled()

    # a viewer becomes an engineer: the open editor takes what is typed
    admin.call("PATCH", f"members/{members['Vera']}", {"role": "engineer"})
    vera.toast("You can change prompts now, also those that are open.")
    expect(two.state).not_to_contain_text("read only")
    expect(two.node.get_by_text("read-only")).to_be_hidden()
    expect(model).to_be_enabled()
    two.type_after("first", " by Vera")
    two.stored()
    expect(two.save_button).to_be_enabled()
    one.shows("first by Vera")

    # and an engineer a viewer
    admin.call("PATCH", f"members/{members['Ben']}", {"role": "viewer"})
    ben.toast("what is open is read only now")
    expect(one.state).to_contain_text("read only")
    expect(one.save_button).to_be_disabled()
    expect(one.run_button).to_be_disabled()
    one.line("Hello").click()
    ben.page.keyboard.type("not mine")
    two.type_after("first by Vera", ", again")
    one.shows("first by Vera, again")
    assert one.text == TEXT.replace("first", "first by Vera, again")
