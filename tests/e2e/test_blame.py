"""Who wrote what, and which versions brought a text: in the history."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.lab import Lab

TEXT = '{{role "system"}}\nYou answer customers.\nBe brief.\n{{role "user"}}\n{{question}}\n'


def test_who_wrote_what_and_which_version_brought_a_text(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("blamed", TEXT)
    for message, text in (
        ("Kindly", TEXT.replace("Be brief.", "Be brief and kind.")),
        ("Ask back", TEXT.replace("Be brief.", "Be brief and kind.\nAsk when something is missing.")),
    ):
        lab.call("PUT", f"prompts/{prompt_id}", {"text": text, "commit_message": message})
    desk = person()
    desk.command("prompthub:open-history", promptId=prompt_id)
    expect(desk.versions).to_have_count(3)

    search = desk.history.get_by_role("searchbox", name="Search the history")
    desk.history.get_by_role("combobox", name="Search in").select_option("texts")
    expect(desk.history.get_by_role("combobox", name="Author")).to_be_disabled()
    search.fill("and kind")
    expect(desk.versions).to_have_count(1)
    expect(desk.versions).to_contain_text("Kindly")
    expect(desk.versions).to_contain_text("brought it")
    search.fill("never was there")
    expect(desk.history).to_contain_text("No version matches")
    desk.history.get_by_role("button", name="Clear the filters").click()
    expect(desk.versions).to_have_count(3)

    desk.history.get_by_role("button", name="Who wrote what").click()
    system = desk.history.locator("[data-path='segment/0/system']")
    expect(system).to_contain_text("Ask when something is missing.")
    lines = [text.strip() for text in system.locator("td").all_inner_texts()]
    assert [line for line in lines if line][-2:] == ["Be brief and kind.", "Ask when something is missing."]
    rows = system.locator("tr.jp-mod-first")
    titles = [row.get_by_role("button").get_attribute("title") or "" for row in rows.all()]
    assert [title.split("\n")[0] for title in titles] == ["First", "Kindly", "Ask back"]
    # with the keyboard: to the version that brought a line
    rows.last.get_by_role("button").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".jp-PromptHub-diff")).to_contain_text("Ask when something is missing.")
