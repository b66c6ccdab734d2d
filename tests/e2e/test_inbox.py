"""The inbox of reviews: what waits for whom, in two Labs, fresh by events; and what people are told."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewTeam, ready
from tests.e2e.desk import Desk, until
from tests.e2e.team import Team

TEXT = '{{role "system"}}\nBe brief.\n{{role "user"}}\n{{question}}\n'
_SET = """async values => {
  const { serviceManager } = window.jupyterapp;
  await serviceManager.settings.save('jupyterlab-prompthub:plugin', JSON.stringify(values));
}"""
LONG = "a-branch-with-a-name-that-is-much-too-long-for-the-sidebar-and-goes-on"


class Inbox:
    """The inbox in the sidebar of a Lab."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.node = desk.page.locator("#prompthub-inbox")
        self.rows = self.node.get_by_role("option")
        self.search = self.node.get_by_role("searchbox")
        self.tab = desk.page.locator(".jp-PromptHub-inboxTab")

    def shown(self) -> Inbox:
        self.hears()
        self.desk.command("prompthub:open-inbox")
        expect(self.node).to_be_visible()
        return self

    def hears(self) -> None:
        """From now on it is told of everything: a window hears nothing of what was before."""
        expect(self.desk.page.locator(".jp-PromptHub-status-button.jp-mod-connected")).to_be_visible()

    def again(self) -> Inbox:
        """Load the page again."""
        self.desk.page.reload()
        ready(self.desk.page)
        self.hears()
        return self

    def list(self, name: str) -> Inbox:
        self.node.get_by_role("tab", name=name).click()
        return self

    def row(self, name: str) -> Locator:
        return self.node.locator(f'[data-review="{name}"]')

    def waits(self, count: int) -> None:
        if count:
            expect(self.tab).to_have_attribute("data-count", str(count))
        else:
            expect(self.tab).not_to_have_attribute("data-count", re.compile("."))


def review(team: Team, by: str, prompt: str, branch: str, *, asked: list[str], **more: object) -> int:
    """A branch with one version, and a review of it; its number."""
    account, at = team.accounts[by], f"prompts/{team.prompts[prompt]}"
    account.call("POST", f"{at}/branches", {"name": branch})
    text = account.call("GET", f"{at}/versions/{branch}")["text"]
    body = {"text": f"{text}From {branch}.\n", "branch": branch, "commit_message": f"Work on {branch}"}
    account.call("PUT", at, body)
    new = {"source": branch, "reviewers": [team.ids[name] for name in asked], **more}
    return int(account.call("POST", f"{at}/reviews", new)["number"])


def test_what_waits_is_there_by_itself_and_people_are_told_what_concerns_them(new_team: NewTeam) -> None:
    team = new_team({"Ben": "engineer", "Lea": "team_lead"}, {"support/refund": TEXT})
    ben, lea = Inbox(team.desks["Ben"]).shown(), Inbox(team.desks["Lea"]).shown()
    expect(lea.node).to_contain_text("Nothing waits for you")
    lea.waits(0)

    # asked: in the list, counted, told, without a reload
    number = review(team, "Ben", "support/refund", "tone", asked=["Lea"], title="Softer")
    expect(lea.row("support/refund#1")).to_contain_text("Waits for your word")
    expect(lea.row("support/refund#1")).to_contain_text("tone → main")
    lea.waits(1)
    ben.waits(0)
    asked = lea.desk.toast("Ben asks you to review: Softer (support/refund#1)")
    expect(asked).to_be_visible()
    expect(ben.list("Mine").row("support/refund#1")).to_contain_text("Waits for Lea")
    expect(ben.desk.page.locator(".Toastify__toast", has_text="asks you")).to_have_count(0)

    # the notice opens it
    asked.get_by_role("button", name="Open review").click()
    page = lea.desk.page.locator(".jp-PromptHub-review")
    expect(page.locator("h2")).to_have_text("Softer #1")

    # mentioned, changes asked for, approved
    at = f"prompts/{team.prompts['support/refund']}/reviews/{number}"
    team.accounts["Lea"].call("POST", f"{at}/threads", {"body": "Is this what you mean, @Ben?"})
    expect(ben.desk.toast("Lea mentions you in: Softer")).to_be_visible()
    expect(ben.list("Mentioned").row("support/refund#1")).to_be_visible()
    expect(lea.list("Mentioned").node).to_contain_text("Nobody mentions you")
    no = {"decision": "request_changes", "body": "Not yet"}
    team.accounts["Lea"].call("POST", f"{at}/decisions", no)
    expect(ben.desk.toast("Lea asks for changes in your review")).to_be_visible()
    expect(ben.list("Mine").row("support/refund#1")).to_contain_text("Lea asked for changes")
    lea.waits(0)
    seen = team.accounts["Lea"].call("GET", at)
    yes = {"decision": "approve", "digest": seen["digest"]}
    team.accounts["Lea"].call("POST", f"{at}/decisions", yes)
    expect(ben.desk.toast("Lea approved your review")).to_be_visible()
    expect(ben.row("support/refund#1")).to_contain_text("Approved by Lea")

    # a new version dismisses it
    body = {"text": seen["text"] + "And more.\n", "branch": "tone", "commit_message": "More"}
    team.accounts["Ben"].call("PUT", f"prompts/{team.prompts['support/refund']}", body)
    expect(lea.desk.toast("so your approval does not count any more")).to_be_visible()

    # merged: gone from the lists
    team.accounts["Lea"].call("POST", f"{at}/merge", {})
    expect(ben.desk.toast("Lea merged your review")).to_be_visible()
    expect(ben.node).to_contain_text("You have no open review")
    expect(lea.list("All").node).to_contain_text("No review is open")


def test_two_windows_of_one_person_are_told_once_and_nobody_who_does_not_want_it(new_team: NewTeam) -> None:
    team = new_team({"Lea": "team_lead"}, {"refund": TEXT})
    team.accounts["Ben"] = team.admin.invited("Ben", "engineer")
    page = team.desks["Lea"].page.context.new_page()
    page.goto(team.labs["Lea"].page("another"))
    ready(page)
    windows = [Inbox(team.desks["Lea"]), Inbox(Desk(page))]
    for each in windows:
        each.shown().waits(0)

    def told(words: str) -> int:
        return sum(each.desk.page.locator(".Toastify__toast", has_text=words).count() for each in windows)

    for count, title in enumerate(("First", "Second"), 1):
        review(team, "Ben", "refund", title.lower(), asked=["Lea"], title=title)
        for each in windows:
            each.waits(count)
        until(partial(told, title), page=page)
    # what the second one told comes after all that the first one did
    assert (told("First"), told("Second")) == (1, 1)

    # switched off: the list still follows
    page.evaluate(_SET, {"reviewNotices": False})
    for each in windows:
        each.again().waits(2)
    review(team, "Ben", "refund", "third", asked=["Lea"], title="Third")
    for each in windows:
        each.waits(3)
    assert told("Third") == 0
    page.evaluate(_SET, {})
    for each in windows:
        each.again().waits(3)
    review(team, "Ben", "refund", "fourth", asked=["Lea"], title="Fourth")
    until(partial(told, "Fourth"), page=page)
    assert (told("Third"), told("Fourth")) == (0, 1)


def test_many_are_gone_through_by_the_keyboard_and_found_by_their_words(new_team: NewTeam) -> None:
    prompts = {f"many/prompt-{at}": TEXT for at in range(6)}
    team = new_team({"Lea": "team_lead"}, prompts)
    team.accounts["Ben"] = team.admin.invited("Ben", "engineer")
    names = [f"Change {name[-1]}{branch}" for name in prompts for branch in range(10)]
    # to the page they come within a minute, however long it takes to make them
    team.desks["Lea"].page.clock.set_fixed_time(datetime.now())
    for title in names:
        review(team, "Ben", f"many/prompt-{title[-2]}", f"b{title[-1]}", asked=["Lea"], title=title)
    review(team, "Ben", "many/prompt-0", LONG, asked=[], title="A long one " * 15)

    desk = team.desks["Lea"]
    page = desk.page
    inbox = Inbox(desk).shown()
    inbox.waits(len(names))
    expect(inbox.node.locator(".jp-PromptHub-library-footer")).to_have_text(f"{len(names)} reviews")
    assert inbox.rows.count() < 40
    # nobody is flooded
    expect(page.locator(".Toastify__toast")).to_have_count(6)
    expect(page.locator(".Toastify__toast", has_text=f"{len(names) - 5} more things")).to_be_visible()
    desk.quiet()

    # the newest first; the end is loaded on the way
    box = inbox.node.get_by_role("listbox")
    box.focus()
    page.keyboard.press("End")
    expect(inbox.row("many/prompt-0#1")).to_be_visible()
    expect(inbox.row("many/prompt-0#1")).to_have_attribute("aria-posinset", str(len(names)))
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".jp-PromptHub-review h2")).to_contain_text(names[-2])
    expect(page.locator(".jp-PromptHub-review :focus")).to_have_count(1)

    # tabs and search, without a mouse
    inbox.shown()
    expect(box).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(inbox.search).to_be_focused()
    page.keyboard.type("change 30 PROMPT-3")
    expect(inbox.rows).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()
    inbox.search.focus()
    page.keyboard.type(" and nothing else")
    expect(inbox.node).to_contain_text("No review matches")
    page.keyboard.press("Escape")
    expect(inbox.rows.first).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(inbox.node.get_by_role("tab", name="To review")).to_be_focused()
    page.keyboard.press("End")
    expect(inbox.node.get_by_role("tab", name="All")).to_be_focused()
    expect(inbox.row("many/prompt-0#11")).to_contain_text("Nobody is asked")
    # a long name makes nothing wider than the sidebar
    assert inbox.node.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert box.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_a_list_that_cannot_be_loaded_says_so_and_is_tried_again(new_team: NewTeam) -> None:
    team = new_team({"Lea": "team_lead"}, {"refund": TEXT})
    desk = team.desks["Lea"]
    inbox = Inbox(desk).shown()
    expect(inbox.node).to_contain_text("Nothing waits for you")
    desk.page.route("**/api/v1/reviews?*", lambda route: route.fulfill(body="from a proxy"))
    inbox.list("All")
    alert = inbox.node.get_by_role("alert")
    expect(alert).to_contain_text("Expected JSON")
    desk.page.unroute("**/api/v1/reviews?*")
    alert.get_by_role("button", name="Try again").click()
    expect(inbox.node).to_contain_text("No review is open")
