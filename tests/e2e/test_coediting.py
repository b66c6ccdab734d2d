"""Two people edit one draft."""

from __future__ import annotations

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
