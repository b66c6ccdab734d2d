"""The inbox of reviews: what waits for whom, in two Labs, fresh by events; and what people are told."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewTeam
from tests.e2e.desk import Desk
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
        self.desk.command("prompthub:open-inbox")
        expect(self.node).to_be_visible()
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
    expect(lea.list("All open").node).to_contain_text("No review is open")
