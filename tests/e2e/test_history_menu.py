"""What the menu of a version in the history does: a tag, the same change on another branch, the change taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import Desk
from tests.e2e.lab import Lab

TEXT = '{{role "system"}}\nOne.\n\nTwo.\n\nThree.\n{{role "user"}}\n{{question}}\n'


def save(lab: Lab, prompt_id: str, branch: str, old: str, new: str) -> None:
    text = lab.call("GET", f"prompts/{prompt_id}/versions/{branch}")["text"]
    assert old in text
    body = {"text": text.replace(old, new), "branch": branch, "commit_message": f"{new} on {branch}"}
    lab.call("PUT", f"prompts/{prompt_id}", body)


def text_of(lab: Lab, prompt_id: str, ref: str = "main") -> str:
    return str(lab.call("GET", f"prompts/{prompt_id}/versions/{ref}")["text"])


def choose(desk: Desk, words: str, item: str) -> None:
    """An item of the menu of the version that has these words."""
    desk.versions.filter(has_text=words).click(button="right")
    desk.page.locator(".lm-Menu").get_by_text(item).click()


def test_a_version_is_tagged_from_its_menu(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("tagged", TEXT)
    save(lab, prompt_id, "main", "One.", "First.")
    desk = person()
    person.allow("status of 4")  # names that are refused
    desk.command("prompthub:open-history", promptId=prompt_id)
    choose(desk, "First.", "Tag this version…")
    dialog = desk.dialog
    name = dialog.get_by_label("Name")
    for refused, why in (("", "Name is needed"), ("main", "main"), ("a b", "a b")):
        name.fill(refused)
        desk.page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(why)
        expect(name).to_have_value(refused)  # what was typed stays
    desk.accept(name="v1.0")
    desk.toast("is called v1.0 now")
    row = desk.versions.filter(has_text="First.")
    expect(row.get_by_title("Version tag v1.0")).to_be_visible()
    assert "First." in text_of(lab, prompt_id, "v1.0")

    # it stays there, and no other version is called so
    save(lab, prompt_id, "main", "Two.", "Second.")
    expect(desk.versions).to_have_count(3)
    expect(row.get_by_title("Version tag v1.0")).to_be_visible()
    choose(desk, "Second.", "Tag this version…")
    name.fill("v1.0")
    desk.page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("v1.0")
    desk.press(dialog, "Escape")
    expect(dialog).to_have_count(0)


def test_a_change_is_made_again_on_another_branch_and_undone(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("picked", TEXT)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "tone", "One.", "First.")
    save(lab, prompt_id, "tone", "Three.", "Third.")
    save(lab, prompt_id, "main", "One.", "Uno.")
    desk = person()
    desk.command("prompthub:open-history", promptId=prompt_id)
    choose(desk, "Third. on tone", "Cherry-pick…")
    expect(desk.dialog).to_contain_text("What “Third. on tone” changed is made again")
    expect(desk.dialog.get_by_label("On branch")).to_have_value("main")
    desk.accept()
    toast = desk.toast("Made again on main")
    expect(desk.versions).to_have_count(5)
    assert "Uno." in text_of(lab, prompt_id)
    assert "Third." in text_of(lab, prompt_id)
    toast.get_by_role("button", name="What changed").click()
    expect(desk.diff).to_contain_text("Third.")
    expect(desk.diff).not_to_contain_text("First.")
    desk.tab("History")

    # once more says that it is there already
    desk.quiet()
    choose(desk, "Third. on tone", "Cherry-pick…")
    desk.accept(target="main")
    desk.toast("main says all of it already")

    # what says something else there changes nothing, and leads to the prompt
    desk.quiet()
    choose(desk, "First. on tone", "Cherry-pick…")
    desk.accept(target="main")
    toast = desk.toast("main says something else at 1 place. Nothing was changed")
    assert "Uno." in text_of(lab, prompt_id)
    toast.get_by_role("button", name="Open prompt").click()
    desk.prompt.shows("Uno.")


def test_a_change_is_taken_back_and_that_is_undone(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("taken-back", TEXT)
    save(lab, prompt_id, "main", "One.", "First.")
    save(lab, prompt_id, "main", "Three.", "Third.")
    desk = person()
    desk.command("prompthub:open-history", promptId=prompt_id)
    choose(desk, "First. on main", "Revert…")
    expect(desk.dialog).to_contain_text("What “First. on main” changed is taken back")
    desk.accept()
    toast = desk.toast("Taken back on main")
    expect(desk.versions).to_have_count(4)
    assert "One." in text_of(lab, prompt_id)
    assert "Third." in text_of(lab, prompt_id)
    toast.get_by_role("button", name="Undo").click()
    desk.toast("main is where it was")
    assert "First." in text_of(lab, prompt_id)

    # the first version changed nothing
    desk.quiet()
    desk.versions.last.click(button="right")
    desk.page.locator(".lm-Menu").get_by_text("Revert…").click()
    desk.toast("is the first version: it changed nothing")


def test_a_merge_is_taken_back_against_one_of_its_parents(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("merge-back", TEXT)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "tone", "Three.", "Third.")
    save(lab, prompt_id, "main", "One.", "First.")
    lab.call(
        "POST", f"prompts/{prompt_id}/merge", {"source": "tone", "target": "main", "commit_message": "Both"}
    )
    desk = person()
    desk.command("prompthub:open-history", promptId=prompt_id)
    choose(desk, "Both", "Revert…")
    expect(desk.dialog.get_by_label("As a change of").locator("option")).to_have_count(2)
    desk.accept(mainline="1")
    desk.toast("Taken back on main")
    assert "First." in text_of(lab, prompt_id)
    assert "Three." in text_of(lab, prompt_id)


def test_a_protected_branch_refuses_a_pick_and_says_what_next(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("guarded-pick", TEXT)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "tone", "One.", "First.")
    made = lab.call(
        "POST", "protections", {"prompts": "guarded-pick", "branch": "main", "rules": {"approvals": 1}}
    )
    try:
        desk = person()
        person.allow("403")
        desk.command("prompthub:open-history", promptId=prompt_id)
        choose(desk, "First. on tone", "Cherry-pick…")
        desk.dialog.locator("button.jp-mod-accept").click()
        toast = desk.toast("The version was not picked")
        assert "One." in text_of(lab, prompt_id)
        toast.get_by_role("button", name="New branch from here…").click()
        expect(desk.dialog).to_contain_text("branch")
        desk.press(desk.dialog, "Escape")
    finally:
        lab.call("DELETE", f"protections/{made['id']}")
