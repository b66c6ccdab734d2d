"""Every screen opens in a narrow window, without an error in the console; launcher, menu, keyboard map, quickstart."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import Desk, held, until
from tests.e2e.lab import Lab


def _screens(desk: Desk) -> None:
    page = desk.page
    prompt = desk.open("refund")
    expect(prompt.preview if page.viewport_size["width"] > 900 else prompt.run_button).to_be_visible()  # type: ignore[index]
    prompt.node.get_by_role("tab", name="Contract").click()
    expect(prompt.node.get_by_label("Type of user_message")).to_be_visible()
    prompt.node.get_by_role("tab", name="Settings").click()
    expect(prompt.node.locator(".jp-PromptHub-tabpanel")).to_contain_text("temperature")
    desk.command("prompthub:open-history")
    expect(desk.versions.first).to_be_visible()
    head, base = (desk.versions.nth(at).get_attribute("data-sha") for at in (0, 2))
    desk.command("prompthub:compare-versions", base=base, head=head)
    expect(desk.diff.locator(".jp-PromptHub-change").first).to_be_visible()
    desk.command("prompthub:connections")
    expect(page.locator(".jp-PromptHub-connections")).to_contain_text("scripted")
    desk.command("settingeditor:open", query="PromptHub")
    expect(page.get_by_text("Comparison layout")).to_be_visible()


def test_every_screen_in_a_narrow_window(person: People) -> None:
    desk = person(width=760, height=700)
    _screens(desk)
    # the parts of the editor stand above each other, none wider than the window
    desk.tab("support/refund")
    source = desk.prompt.node.locator(".jp-PromptHub-source").bounding_box()
    side = desk.prompt.node.locator(".jp-PromptHub-sidepane").bounding_box()
    assert source
    assert side
    assert side["y"] >= source["y"] + source["height"]
    assert side["x"] + side["width"] <= 760
    # and the state of the draft is in sight
    state = desk.prompt.state.bounding_box()
    assert state
    assert state["y"] < source["y"]
    assert state["x"] + state["width"] <= 760


def test_launcher_menu_and_palette(person: People) -> None:
    desk = person(library=False)
    page = desk.page
    section = page.locator(".jp-Launcher-section", has_text="PromptHub")
    expect(section.locator(".jp-LauncherCard")).to_have_count(3)
    section.locator(".jp-LauncherCard", has_text="Library").click()
    expect(page.locator(".jp-PromptHub-promptRow").first).to_be_visible()
    page.locator(".lm-MenuBar-item", has_text="PromptHub").click()
    expect(page.locator(".lm-Menu-item", has_text="New Prompt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".jp-PromptHub-status-button.jp-mod-connected")).to_be_visible()


def test_the_status_bar_names_the_prompt_and_the_branch_of_a_draft(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("in-the-bar", "Hello\n")
    desk = person()
    bar = desk.page.locator("#jp-main-statusbar")
    name = bar.locator(".jp-PromptHub-draftName")
    expect(name).to_be_hidden()
    desk.open("in-the-bar")
    expect(name).to_have_text("in-the-bar · main")
    expect(bar.get_by_text("main.prompt")).to_be_hidden()
    lab.call("PATCH", f"prompts/{prompt_id}", {"name": "renamed-there"})
    expect(name).to_have_text("renamed-there · main")
    # of another document JupyterLab's own says what it is
    desk.page.evaluate(
        """() => {
          const { commands } = window.jupyterapp;
          const made = commands.execute('docmanager:new-untitled', { type: 'file', ext: 'txt' });
          return made.then(({ path }) => commands.execute('docmanager:open', { path })).then(() => null);
        }"""
    )
    expect(name).to_be_hidden()
    expect(bar.get_by_text("untitled.txt")).to_be_visible()


def test_what_opens_late_leaves_in_front_what_was_chosen_meanwhile(
    person: People, new_prompt: NewPrompt
) -> None:
    """A slow server: the draft is answered only when its reader is at something else, or has chosen another."""
    slow, quick = new_prompt("late/slow", "Hello."), new_prompt("late/quick", "Hello.")
    desk = person()
    page = desk.page
    tabs = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab")
    in_front = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current")
    asked = f"**/prompts/{slow}/drafts/main*"
    with held(page, asked, method="GET") as waiting:
        desk.command("prompthub:open-prompt", promptId=slow)
        until(lambda: bool(waiting), page=page)
        page.locator(".lm-MenuBar-item", has_text="PromptHub").click()
        page.locator(".lm-Menu-item", has_text="Branch protections").click()
        expect(in_front).to_have_text("Branch protections")
    expect(tabs.filter(has_text="late/slow")).to_be_visible()
    expect(in_front).to_have_text("Branch protections")
    # a tab that came by itself is no choice, as the launcher of a start
    desk.command("application:close-all")
    expect(in_front).to_have_text("Launcher")
    with held(page, asked, method="GET") as waiting:
        desk.command("prompthub:open-prompt", promptId=slow)
        until(lambda: bool(waiting), page=page)
        desk.command("prompthub:protections")
        expect(in_front).to_have_text("Branch protections")
    expect(in_front).to_have_text("late/slow")
    # asked for again it comes to the front, also when it was closed before
    for _ in range(2):
        desk.command("prompthub:open-prompt", promptId=slow)
        desk.prompt.stored()
        desk.command("application:close")
        expect(tabs.filter(has_text="late/slow")).to_have_count(0)
    # of two prompts the one that was chosen last is in front
    with held(page, asked, method="GET") as waiting:
        desk.command("prompthub:open-prompt", promptId=slow)
        until(lambda: bool(waiting), page=page)
        desk.command("prompthub:open-prompt", promptId=quick)
        desk.prompt.stored()
    expect(tabs.filter(has_text="late/slow")).to_be_visible()
    expect(in_front).to_have_text("late/quick")


def test_the_keyboard_map_lists_the_keys_as_they_are_set(person: People) -> None:
    desk = person(library=False)
    page = desk.page
    page.locator(".lm-MenuBar-item", has_text="PromptHub").click()
    page.locator(".lm-Menu-item", has_text="Keyboard Map").click()
    row = page.get_by_role("row", name="Open Prompt Library")
    expect(row).to_contain_text("Ctrl+Alt+P")
    dialog = page.locator(".jp-Dialog")
    desk.press(dialog, "Escape")
    expect(dialog).to_have_count(0)
    page.evaluate(
        "window.jupyterapp.commands.addKeyBinding({command: 'prompthub:open-library', keys: ['Ctrl 9'], selector: 'body'})"
    )
    desk.command("prompthub:keyboard")
    expect(row).to_contain_text("Ctrl+9")
    expect(page.get_by_role("table", name="Library")).to_contain_text("Menu of the row")


@pytest.mark.usefixtures("kernels")
def test_the_quickstart_opens_and_is_kept_as_a_person_leaves_it(person: People, lab: Lab) -> None:
    file = lab.root / "Quickstart.ipynb"
    desk = person(library=False)
    page = desk.page
    card = page.locator(".jp-LauncherCard", has_text="Quickstart")
    card.click()
    expect(page.get_by_role("heading", name="PromptHub in five minutes")).to_be_visible()
    # in the notebook itself: what is written beside an open one may be written over by it
    page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel"
        ".setSource('# PromptHub as I know it')"
    )
    until(lambda: "as I know it" in file.read_text(), page=page)
    # JupyterLab says so of widgets of a kernel that another window uses too
    person.allow("Comm not found")
    other = person(library=False)
    other.page.locator(".jp-LauncherCard", has_text="Quickstart").click()
    expect(other.page.get_by_role("heading", name="PromptHub as I know it")).to_be_visible()
    file.unlink()
