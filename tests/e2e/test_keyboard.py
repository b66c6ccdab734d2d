"""The main job without a pointer: open, fill, run, edit, save, look at the history, compare, promote."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.lab import Lab
from tests.support.fake_provider import FakeProvider


def test_the_main_job_with_the_keyboard_alone(
    person: People, lab: Lab, scripted: str, new_prompt: NewPrompt, provider: FakeProvider
) -> None:
    prompt_id = new_prompt(
        "by-keyboard", f'---\nmodel: {scripted}\n---\n{{{{role "user"}}}}\nSay {{{{word}}}}.\n'
    )
    desk = person(library=False)
    page, keys = desk.page, desk.page.keyboard

    # the launcher takes the focus once, when it is shown
    expect(page.locator(".jp-LauncherCard").first).to_be_visible()
    page.wait_for_function("document.activeElement?.closest('.jp-Launcher, .jp-LauncherCard') !== null")
    # library: search, down to the result, open
    keys.press("Control+Alt+p")
    expect(page.get_by_label("Search the library")).to_be_focused()
    keys.type("by-keyboard")
    expect(page.locator(".jp-PromptHub-promptRow")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    prompt = desk.prompt
    prompt.shows("Say {{word}}.")
    prompt.stored()

    # write at the end of the source
    expect(prompt.node.locator(".cm-content")).to_be_focused()
    keys.press("Control+End")
    keys.type("Kindly.")
    prompt.changed()

    # Escape, then Tab leaves the source; fill the variable and run
    keys.press("Escape")
    desk.tab_to(r"\bword\b")
    keys.type("hello")
    expect(prompt.preview).to_contain_text("Say hello.")
    keys.press("Control+Enter")
    expect(prompt.node.locator(".jp-PromptHub-answer[data-phase=done]")).to_contain_text(provider.answer)

    # save a version
    keys.press("Control+s")
    expect(desk.dialog.locator("[name=message]")).to_be_focused()
    keys.type("Kinder")
    keys.press("Enter")
    expect(desk.dialog).to_have_count(0)
    expect(prompt.state).not_to_contain_text("unsaved")

    # history by the palette, choose two, compare
    desk.quiet()
    keys.press("Control+Shift+c")
    keys.type("prompthub history")
    keys.press("Enter")
    expect(desk.versions).to_have_count(2)
    row = desk.history.locator(".jp-PromptHub-version:focus")
    for _ in range(30):
        if row.count():
            break
        keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("Space")
    for number in (0, 1):
        expect(desk.versions.nth(number).get_by_role("checkbox")).to_be_checked()
    keys.press("Enter")
    expect(desk.diff.locator(".jp-PromptHub-change").first).to_contain_text("Kindly.")

    # promote
    keys.press("Control+Shift+c")
    keys.type("prompthub promote")
    keys.press("Enter")
    desk.press(desk.dialog, "Enter")
    desk.toast("serves")
    assert lab.call("GET", f"prompts/{prompt_id}/deployments")["items"]
