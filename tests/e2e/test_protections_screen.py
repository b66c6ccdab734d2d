"""Protections in JupyterLab: written by who may, read by who may not, and what a refusal offers."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewTeam
from tests.e2e.desk import Desk

TEXT = '{{role "system"}}\nBe brief.\n{{role "user"}}\n{{question}}\n'


class Screen:
    """The protections, in the main area."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.node = desk.page.locator("#prompthub-protections")
        self.cards = self.node.locator(".jp-PromptHub-protection")
        self.form = self.node.locator("form")

    def shown(self) -> Screen:
        self.desk.command("prompthub:protections")
        expect(self.node).to_be_visible()
        return self

    def field(self, name: str) -> Locator:
        return self.form.locator(f"[name='{name}']")

    def save(self) -> None:
        self.form.locator("button[type=submit]").click()


def test_a_protection_is_written_changed_and_removed_and_others_see_it(new_team: NewTeam) -> None:
    prompts = {"support/refund": TEXT, "support/order": TEXT, "other": TEXT}
    team = new_team({"Ben": "engineer", "Lea": "team_lead"}, prompts)
    team.allowed.append("400")
    lea, ben = Screen(team.desks["Lea"]).shown(), Screen(team.desks["Ben"]).shown()
    expect(ben.node).to_contain_text("No branch is protected")
    expect(ben.node.get_by_role("button", name="New protection")).to_have_count(0)

    # what it holds for is said while it is typed
    lea.node.get_by_role("button", name="New protection").click()
    expect(lea.field("prompts")).to_be_focused()
    covers = lea.node.locator(".jp-PromptHub-covers")
    expect(covers).to_contain_text("Holds now for 3 branches in 3 prompts")
    lea.field("prompts").fill("support/*")
    expect(covers).to_contain_text("Holds now for 2 branches in 2 prompts")
    expect(covers).not_to_contain_text("other")
    lea.field("branch").fill("release/*")
    expect(covers).to_contain_text("No branch is called so now")
    lea.field("branch").fill("main")

    # people by their names; what the server refuses is said at its field
    lea.field("approvers").select_option(label="Ben")
    lea.form.get_by_role("button", name="Add owners").click()
    lea.save()
    wrong = lea.form.locator("[name='owners.0.name']")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(lea.form.locator("[name='owners.0.owners']")).to_have_attribute("aria-invalid", "true")
    expect(lea.form).to_contain_text("Not saved: look at what is marked.")
    wrong.fill("legal")
    lea.field("owners.0.owners").select_option(label="Lea")
    lea.field("owners.0.units").fill("segment:system, section:disclaimer")
    lea.form.get_by_role("button", name="Add a check").click()
    lea.field("checks.0.name").fill("suite")
    lea.field("linear_history").check()
    lea.save()
    expect(lea.form).to_have_count(0)
    (made,) = team.admin.call("GET", "protections")["items"]
    rules = made["rules"]
    assert (made["prompts"], made["branch"], rules["approvals"]) == ("support/*", "main", 1)
    assert rules["approvers"] == [team.ids["Ben"]]
    assert rules["owners"][0]["units"] == ["segment:system", "section:disclaimer"]
    assert rules["owners"][0]["owners"] == [team.ids["Lea"]]
    assert [check["name"] for check in rules["checks"]] == ["suite"]

    # read by who may not write, in names
    card = ben.cards.first
    expect(card).to_contain_text("1 approval")
    expect(card).to_contain_text("also of Ben")
    expect(card).to_contain_text("legal owns segment:system, section:disclaimer")
    expect(card).to_contain_text("changed by Lea")
    card.get_by_role("button", name="Show the protection").click()
    expect(ben.field("prompts")).to_have_value("support/*")
    expect(ben.field("prompts")).to_be_disabled()
    expect(ben.form.locator("button[type=submit]")).to_have_count(0)
    ben.form.get_by_role("button", name="Back").click()
    expect(ben.cards).to_have_count(1)

    # changed by somebody else while it is written: said, and nothing that is typed goes
    lea.cards.first.get_by_role("button", name="Change the protection").click()
    lea.field("approvals").fill("2")
    team.admin.call("PATCH", f"protections/{made['id']}", {"rules": {**rules, "approvals": 3}})
    expect(lea.form.get_by_role("alert").first).to_contain_text("Somebody else has changed")
    expect(lea.field("approvals")).to_have_value("2")
    lea.save()
    expect(ben.cards.first).to_contain_text("2 approvals")

    # a role that is taken away holds at once
    team.admin.call("PATCH", f"members/{team.ids['Ben']}", {"role": "team_lead"})
    expect(ben.node.get_by_role("button", name="New protection")).to_be_enabled()

    # removed, and brought back
    lea.cards.first.get_by_role("button", name="Remove the protection").click()
    lea.desk.page.locator(".jp-Dialog").get_by_role("button", name="Remove").click()
    expect(ben.node).to_contain_text("No branch is protected")
    lea.desk.toast("Removed the protection").get_by_role("button", name="Undo").click()
    expect(ben.cards.first).to_contain_text("2 approvals")


def test_what_a_protected_branch_refuses_goes_on_a_new_branch_and_into_a_review(new_team: NewTeam) -> None:
    team = new_team({"Ben": "engineer", "Lea": "team_lead"}, {"refund": TEXT})
    team.admin.call("POST", "protections", {"prompts": "refund", "rules": {"approvals": 1}})
    team.allowed.append("403")
    prompt_id, ben = team.prompts["refund"], team.desks["Ben"]
    prompt = ben.open("refund")
    prompt.type_after("Be brief", " and kind")
    prompt.changed()

    # refused: what was typed goes along
    ben.command("prompthub:save-version")
    ben.dialog.locator("[name=message]").fill("Kinder, and brief")
    ben.dialog.locator("button.jp-mod-accept").click()
    expect(ben.dialog).to_contain_text("Save on a new branch")
    expect(ben.dialog).to_contain_text("it changes by merging a review only")
    expect(ben.dialog.locator("[name=branch]")).to_have_value("kinder-and-brief")
    expect(ben.dialog.locator("[name=message]")).to_have_value("Kinder, and brief")
    ben.dialog.locator("button.jp-mod-accept").click()

    # a review is asked for
    expect(ben.dialog.get_by_label("Lea")).to_be_visible()
    expect(ben.dialog.locator("[name=source]")).to_have_value("kinder-and-brief")
    expect(ben.dialog.locator("[name=target]")).to_have_value("main")
    ben.dialog.get_by_label("Lea").check()
    # what can be answered for some seconds only does not come behind a dialog
    told = ben.page.locator(".Toastify__toast", has_text="Saved on the new branch")
    expect(told).to_have_count(0)
    ben.accept()
    expect(ben.page.locator(".jp-PromptHub-review h2")).to_have_text("Kinder, and brief #1")

    # the draft of main is as its version again, and its edits can be brought back there
    main = f"prompts/{prompt_id}/drafts/main"
    assert not team.admin.call("GET", main)["dirty"]
    assert "and kind" in team.admin.call("GET", f"prompts/{prompt_id}/versions/kinder-and-brief")["text"]
    ben.toast("Saved on the new branch").get_by_role("button", name="Bring the edits back there").click()
    ben.command("prompthub:open-prompt", promptId=prompt_id)
    ben.prompt.shows("and kind")

    # without a dialog, as by a key or another extension: an action says what next
    ben.command("prompthub:save-version", promptId=prompt_id, branch="main", message="Again")
    told = ben.toast("it changes by merging a review only")
    told.get_by_role("button", name="Save on a new branch").click()
    expect(ben.dialog.locator("[name=branch]")).to_have_value("again")
    ben.press(ben.dialog, "Escape")
    expect(ben.dialog).to_have_count(0)

    # a merge that is refused offers a review
    ben.command("prompthub:merge-branch", promptId=prompt_id, source="kinder-and-brief", target="main")
    merge = ben.page.locator(".jp-PromptHub-merge")
    merge.get_by_role("button", name="Fast-forward").or_(
        merge.get_by_role("button", name="Merge")
    ).first.click()
    expect(merge.get_by_role("button", name="Open review…")).to_be_visible()


def test_a_protection_is_written_with_the_keyboard_alone_from_the_menu_of_a_prompt(new_team: NewTeam) -> None:
    team = new_team({"Lea": "team_lead"}, {"refund": TEXT})
    desk = team.desks["Lea"]
    page = desk.page
    desk.open("refund")
    desk.library()
    page.locator(".jp-PromptHub-library [role=tree]").focus()
    page.keyboard.press("Shift+F10")
    page.locator(".lm-Menu-item", has_text="Protect branches").press("Enter")
    screen = Screen(desk)
    expect(screen.field("prompts")).to_have_value("refund")
    expect(screen.field("prompts")).to_be_focused()
    desk.tab_to("approvals")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(screen.cards).to_have_count(1)
    expect(screen.cards).to_contain_text("2 approvals")
    expect(screen.node.get_by_role("button", name="New protection")).to_be_focused()
