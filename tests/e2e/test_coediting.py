"""Two people edit one draft."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import until
from tests.e2e.lab import Lab

TEXT = '{{role "system"}}\nfirst\n{{role "user"}}\nsecond\n'


def test_two_people_converge_and_see_each_other(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("together", TEXT)
    ada, ben = person(), person()
    one, two = ada.open("together"), ben.open("together")
    # both are shown to each other
    for prompt in (one, two):
        expect(prompt.others.locator(".jp-PromptHub-person")).to_have_count(1)
    for prompt, words in ((one, "first"), (two, "second")):
        prompt.line(words).click()
        prompt.page.keyboard.press("End")
    for a, b in zip("abcdefghij", "0123456789", strict=True):  # in turns, without waiting
        ada.page.keyboard.type(a)
        ben.page.keyboard.type(b)
    expected = TEXT.replace("first", "firstabcdefghij").replace("second", "second0123456789")
    until(lambda: one.text == two.text == expected, page=ada.page)
    for prompt in (one, two):
        expect(prompt.node.locator(".jp-remote-cursor").first).to_be_attached()
        prompt.stored()
        prompt.changed()
    # what both typed is on the server
    assert lab.call("GET", f"prompts/{prompt_id}/drafts/main")["text"] == expected

    # a version saved by one is the other's version too
    sha = one.save("Written together")
    expect(two.state).to_contain_text(sha)
    expect(two.save_button).to_be_disabled()
    editors = lab.call("GET", f"prompts/{prompt_id}/versions/latest")
    assert editors["text"] == expected

    # who leaves is no longer shown
    ben.page.close()
    expect(one.others.locator(".jp-PromptHub-person")).to_have_count(0)


def test_a_version_saved_elsewhere_reaches_a_clean_draft(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("followed", TEXT)
    desk = person()
    prompt = desk.open("followed")
    text = TEXT.replace("second", "second, from a script")
    sha = lab.call("PUT", f"prompts/{prompt_id}", {"text": text, "commit_message": "By a script"})["sha"]
    prompt.shows("second, from a script")
    expect(prompt.state).to_contain_text(sha[:8])


def test_a_version_has_what_was_typed_just_before_whoever_asks_for_it(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("quick", TEXT)
    desk = person()
    prompt = desk.open("quick")
    prompt.type_after("first", ", typed just now")
    # the menu and the palette run it like this
    desk.command("prompthub:save-version", message="At once")
    desk.toast("Saved version")
    assert "first, typed just now" in lab.call("GET", f"prompts/{prompt_id}/versions/latest")["text"]


def test_following_somebody_scrolls_with_them_until_i_type(person: People, new_prompt: NewPrompt) -> None:
    lines = "".join(f"line {number} of a long prompt\n" for number in range(1, 301))
    new_prompt("long", lines)
    ada, ben = person(), person()
    one, two = ada.open("long"), ben.open("long")
    one.line("line 1 of").click()
    two.line("line 1 of").click()
    ben.page.keyboard.press("Control+End")
    ben.page.keyboard.type("at the end")
    far = one.line("at the end")
    expect(far).to_have_count(0)  # not rendered: far below

    avatar = one.others.locator(".jp-PromptHub-person")
    expect(avatar).to_have_attribute("title", re.compile(r"^Follow .*, line 301$"))
    avatar.click()
    expect(far).to_be_in_viewport()
    expect(one.following).to_contain_text("Following")
    expect(one.following).to_contain_text("line 301")
    ben.page.keyboard.press("Control+Home")
    expect(one.line("line 1 of")).to_be_in_viewport()
    expect(one.following).to_contain_text("line 1")

    # Esc ends it, also from the toolbar, and the view stays
    ada.page.keyboard.press("Escape")
    expect(one.following).to_be_hidden()
    ben.page.keyboard.press("Control+End")
    expect(avatar).to_have_attribute("title", re.compile("line 301$"))
    expect(one.line("line 1 of")).to_be_in_viewport()

    # the list says who is where; typing ends it too
    one.others.get_by_role("button", name="1 other person here").click()
    ada.page.locator(".lm-Menu-itemLabel", has_text=re.compile("line 301$")).click()
    expect(one.following).to_be_visible()
    one.line("at the end").click()
    ada.page.keyboard.type("!")
    expect(one.following).to_be_hidden()

    # who is followed and leaves is said
    avatar.click()
    expect(one.following).to_be_visible()
    ben.page.close()
    ada.toast("has left")
    expect(one.following).to_be_hidden()


def test_a_person_in_two_windows_is_shown_once(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    new_prompt("twice", TEXT)
    ada, ben = person(), person()
    one, two = ada.open("twice"), ben.open("twice")
    two.line("first").click()
    # the first window has spoken before the second one does
    expect(one.others.locator(".jp-PromptHub-person")).to_have_attribute("title", re.compile(r", line 2$"))
    again = person.window(ben)
    again.open("twice")
    again.prompt.type_after("second", " here")
    expect(one.others.locator(".jp-PromptHub-person")).to_have_count(1)
    expect(one.others.locator(".jp-PromptHub-person")).to_have_attribute("title", re.compile(r", line 4$"))
    # whoever has two windows is told that the other one is theirs
    expect(two.others.get_by_role("button", name="Follow You, in another window")).to_be_visible()
    expect(two.others.locator(".jp-PromptHub-person")).to_have_count(2)
    again.page.close()
    expect(one.others.locator(".jp-PromptHub-person")).to_have_count(1)
    expect(two.others.locator(".jp-PromptHub-person")).to_have_count(1)


def test_a_restored_version_is_taken_back_by_the_notice_also_for_what_others_wrote(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    """JupyterLab's undo takes back one's own edits only."""
    prompt_id = new_prompt("restored", TEXT)
    first = lab.call("GET", f"prompts/{prompt_id}/versions/latest")["sha"]
    ada, ben = person(), person()
    one, two = ada.open("restored"), ben.open("restored")
    two.type_after("second", " by Ben")
    one.shows("second by Ben")
    one.type_after("first", " by Ada")
    one.stored()
    mixed = one.text
    ada.command("prompthub:restore-version", promptId=prompt_id, version=first)
    notice = ada.toast("now reads as")
    for prompt in (one, two):
        until(lambda prompt=prompt: prompt.text == TEXT, page=prompt.page)  # type: ignore[misc]
    notice.get_by_role("button", name="Undo").click()
    for prompt in (one, two):
        until(lambda prompt=prompt: prompt.text == mixed, page=prompt.page)  # type: ignore[misc]


def test_a_draft_that_is_behind_shows_what_it_would_take_before_it_does(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("behind", TEXT)
    desk = person()
    prompt = desk.open("behind")
    prompt.type_after("first", ", mine")
    prompt.stored()
    mine = prompt.text
    theirs = TEXT.replace("second", "second, theirs").replace("first", "first, theirs")
    lab.call("PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "By a script"})
    behind = prompt.state.get_by_role("button", name="behind by 1")
    behind.click()
    dialog = desk.page.locator(".jp-PromptHub-incomingDialog")
    brings = dialog.get_by_role("region", name="What main brings")
    expect(brings.locator("ins", has_text="theirs")).to_have_count(2)
    wrote = dialog.get_by_role("region", name="What you have written")
    expect(wrote.locator("ins")).to_have_text(re.compile("mine"))
    expect(dialog.get_by_text("changed on both sides")).to_have_count(2)  # the system message, on each side
    expect(dialog).to_contain_text("cannot be merged by themselves")
    expect(dialog.get_by_role("button", name="Merge both")).to_have_count(0)

    # Enter keeps mine
    desk.press(dialog, "Enter")
    expect(dialog).to_have_count(0)
    assert prompt.text == mine

    behind.click()
    dialog.get_by_role("button", name="Replace mine").click()
    until(lambda: prompt.text == theirs, page=desk.page)
    expect(behind).to_have_count(0)
    desk.toast("follows main again").get_by_role("button", name="Undo").click()
    until(lambda: prompt.text == mine, page=desk.page)
    expect(behind).to_be_visible()


def test_a_draft_that_is_behind_is_merged_with_what_others_saved(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("merged", TEXT)
    desk = person()
    person.allow("409")
    prompt = desk.open("merged")
    prompt.type_after("first", ", mine")
    prompt.stored()
    mine = prompt.text
    theirs = TEXT.replace("second", "second, theirs")
    lab.call("PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "By a script"})
    behind = prompt.state.get_by_role("button", name="behind by 1")
    behind.click()
    dialog = desk.page.locator(".jp-PromptHub-incomingDialog")
    expect(dialog).to_contain_text("keeps your changes")
    # merging is what Enter does
    expect(dialog.get_by_role("button", name="Merge both")).to_be_focused()
    desk.press(dialog, "Enter")
    both = theirs.replace("first", "first, mine")
    until(lambda: prompt.text == both, page=desk.page)
    expect(behind).to_have_count(0)
    prompt.changed()
    desk.toast("has what main brought").get_by_role("button", name="Undo").click()
    until(lambda: prompt.text == mine, page=desk.page)

    # the same from the menu
    desk.quiet()
    desk.command("prompthub:update-draft", promptId=prompt_id, branch="main")
    asked = desk.page.locator(".jp-Dialog", has_text="What becomes of the unsaved edits?")
    asked.get_by_role("button", name="Merge both").click()
    until(lambda: prompt.text == both, page=desk.page)
    desk.toast("has what main brought").get_by_role("button", name="Undo").click()
    until(lambda: prompt.text == mine, page=desk.page)

    # and where it is saved
    prompt.save_button.click()
    desk.dialog.locator("[name=message]").fill("Mine")
    desk.page.keyboard.press("Enter")
    first = desk.page.locator(".jp-Dialog", has_text="Somebody saved on main first")
    first.get_by_role("button", name="Merge and save").click()
    desk.toast("Saved version")
    latest = lab.call("GET", f"prompts/{prompt_id}/versions/latest")
    assert (latest["text"], latest["commit_message"]) == (both, "Mine")
    # the text comes by another way than the answer
    until(lambda: prompt.text == both, page=desk.page)


def test_somebody_saved_first_is_said_and_mine_can_be_saved_on_top(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("first", TEXT)
    desk = person()
    person.allow("409")
    prompt = desk.open("first")
    prompt.type_after("first", ", mine")
    prompt.stored()
    mine = prompt.text
    theirs = TEXT.replace("second", "second, theirs")
    sha = lab.call("PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "Theirs"})["sha"]
    prompt.save_button.click()
    desk.dialog.locator("[name=message]").fill("Mine")
    desk.page.keyboard.press("Enter")
    dialog = desk.page.locator(".jp-Dialog", has_text="Somebody saved on main first")
    expect(dialog).to_contain_text("Your draft is untouched")
    dialog.get_by_role("button", name="See what changed").click()
    expect(desk.diff).to_contain_text("second, theirs")
    desk.tab("first")
    assert prompt.text == mine

    prompt.save_button.click()
    desk.dialog.locator("[name=message]").fill("Mine on top")
    desk.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Save mine on top").click()
    desk.toast("Saved version")
    latest = lab.call("GET", f"prompts/{prompt_id}/versions/latest")
    assert (latest["text"], latest["parents"]) == (mine, [sha])
