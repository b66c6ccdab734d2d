"""A library of 3,000 prompts: found, selected, changed in bulk, dragged, by mouse and by keyboard alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Response, expect

from tests.e2e.conftest import People
from tests.e2e.desk import Desk
from tests.e2e.lab import Lab, chromium, running_lab

_PROMPTS = 3_000
_AT_ONCE = 500


def _item(number: int) -> dict[str, Any]:
    folder = "many" if number < 2_000 else f"few/f{number % 10}"
    text = f"You answer customers. Case {number}.\n" + (
        "Mention the zeppelin.\n" if number % 1_000 == 7 else ""
    )
    tags = [f"team-{number % 5}"]
    return {"name": f"{folder}/p{number:04}", "tags": tags, "versions": [{"text": text}]}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with running_lab(tmp_path_factory.mktemp("library") / "home") as running:
        for first in range(0, _PROMPTS, _AT_ONCE):
            items = [_item(number) for number in range(first, first + _AT_ONCE)]
            running.call("POST", "import", {"items": items})
        yield running


def _library(person: People, **more: Any) -> tuple[Desk, Locator]:
    """The library, and its tree."""
    desk = person(library=False, **more)
    expect(desk.page.locator(".jp-Launcher")).to_be_visible()  # it takes the focus once
    desk.command("prompthub:open-library")
    tree = desk.page.get_by_role("tree", name="Prompts")
    expect(_folder(desk, "many/")).to_be_visible()
    # from now on it is told of what others do
    expect(desk.page.locator(".jp-PromptHub-status-button.jp-mod-connected")).to_be_attached()
    return desk, tree


def _folder(desk: Desk, path: str) -> Locator:
    return desk.page.locator(f'[role=treeitem][data-folder="{path}"]')


def _search(desk: Desk, words: str) -> Locator:
    field = desk.page.get_by_label("Search the library")
    field.fill(words)
    return field


def _footer(desk: Desk) -> Locator:
    return desk.page.locator(".jp-PromptHub-library .jp-PromptHub-library-footer")


def _active(tree: Locator) -> Locator:
    """The row that the keyboard is at."""
    return tree.locator(".jp-mod-active")


def test_folders_open_without_loading_what_is_not_in_sight(person: People, lab: Lab) -> None:
    desk, tree = _library(person)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url) if "/prompts?" in request.url else None)
    assert asked == []
    many = _folder(desk, "many/")
    expect(many).to_have_attribute("aria-expanded", "false")
    expect(many).to_contain_text("2,000")
    many.click()
    expect(many).to_have_attribute("aria-expanded", "true")
    expect(desk.row("p0000")).to_be_visible()
    expect(desk.row("p0000")).to_have_attribute("aria-level", "2")
    expect(desk.row("p0000")).to_have_attribute("aria-setsize", "2000")
    assert len(asked) <= 2  # its first page, and the prompts at the top

    # straight into the middle: what lies between is not loaded
    tree.evaluate("(node) => { node.scrollTop = node.scrollHeight / 2; }")
    expect(desk.page.locator(".jp-PromptHub-promptRow[data-prompt-id]").first).to_have_attribute(
        "aria-posinset", re.compile(r"^\d{3,4}$")
    )
    assert len(asked) <= 5


def test_a_search_shows_its_first_results_marked_and_their_number(person: People, lab: Lab) -> None:
    desk, tree = _library(person)
    field = _search(desk, "zeppelin")
    rows = desk.page.locator(".jp-PromptHub-promptRow")
    expect(rows).to_have_count(3)
    expect(rows.first.locator("mark")).to_have_text("zeppelin")
    expect(_footer(desk)).to_contain_text("3 matches")
    _search(desk, "customers")
    expect(_footer(desk)).to_contain_text("3,000 matches")
    # with the keyboard from the field into the results and back
    field.press("ArrowDown")
    expect(tree).to_be_focused()
    expect(_active(tree)).to_have_attribute("aria-posinset", "1")
    desk.page.keyboard.press("ArrowDown")
    expect(_active(tree)).to_have_attribute("aria-posinset", "2")
    field.press("Escape")
    expect(_folder(desk, "many/")).to_be_visible()


def test_the_keyboard_alone_goes_everywhere(person: People, lab: Lab) -> None:
    desk, tree = _library(person)
    keyboard = desk.page.keyboard
    tree.focus()
    keyboard.type("man")
    expect(_active(tree)).to_have_attribute("data-folder", "many/")
    keyboard.press("ArrowRight")
    expect(_folder(desk, "many/")).to_have_attribute("aria-expanded", "true")
    keyboard.press("ArrowRight")
    expect(_active(tree)).to_contain_text("p0000")

    # typing ahead finds what is not loaded
    keyboard.type("p1500", delay=20)
    expect(_active(tree)).to_contain_text("p1500")
    expect(_active(tree)).to_be_in_viewport()

    # a screen reader is told of this very row
    assert tree.get_attribute("aria-activedescendant") == _active(tree).get_attribute("id")

    # a range, one more, all, none
    keyboard.press("Shift+ArrowDown")
    keyboard.press("Shift+ArrowDown")
    bar = desk.page.get_by_role("toolbar", name="Selected prompts")
    expect(bar).to_contain_text("3 selected")
    expect(_active(tree)).to_have_attribute("aria-selected", "true")
    keyboard.press("Control+a")
    expect(bar).to_contain_text(re.compile(r"3,?008 selected"))
    keyboard.press("Escape")
    expect(bar).to_have_count(0)

    # left goes to the folder, and closes it
    keyboard.press("ArrowLeft")
    expect(_active(tree)).to_have_attribute("data-folder", "many/")
    keyboard.press("ArrowLeft")
    expect(_folder(desk, "many/")).to_have_attribute("aria-expanded", "false")

    # the menu of a row, and the prompt itself
    keyboard.press("Shift+F10")
    expect(desk.page.locator(".lm-Menu-item", has_text="Rename")).to_be_visible()
    keyboard.press("Escape")
    tree.focus()
    keyboard.press("End")
    expect(_active(tree)).to_contain_text("house-style")
    keyboard.press("Enter")
    desk.prompt.stored()


def test_many_are_tagged_archived_and_brought_back(person: People, lab: Lab) -> None:
    desk, tree = _library(person)
    tree.focus()
    _folder(desk, "many/").click()
    desk.row("p0000").click(modifiers=["Control"])
    tree.evaluate("(node) => { node.scrollTop = 24 * 600; }")
    last = desk.page.locator('.jp-PromptHub-promptRow[data-prompt-id][aria-posinset="600"]')
    last.click(modifiers=["Shift"])
    bar = desk.page.get_by_role("toolbar", name="Selected prompts")
    expect(bar).to_contain_text("600 selected")

    bar.get_by_label("Add or remove tags").click()
    desk.accept(add="chosen")
    toast = desk.toast("Tagged 600 prompts")
    assert lab.call("GET", "prompts?tags=chosen&limit=1")["total"] == 600
    toast.get_by_role("button", name="Undo").click()
    desk.toast("Undone: Tagged 600 prompts")
    assert lab.call("GET", "prompts?tags=chosen&limit=1")["total"] == 0
    desk.quiet()

    bar.get_by_label("Archive", exact=True).click()
    toast = desk.toast("Archived 600 prompts")
    assert lab.call("GET", "prompts?folder=many&limit=1")["total"] == 1_400
    expect(desk.row("p0001")).to_have_count(0)
    toast.get_by_role("button", name="Undo").click()
    desk.toast("Undone: Archived 600 prompts")
    tree.press("Home")
    tree.press("ArrowUp")
    expect(_folder(desk, "many/")).to_contain_text("2,000")


def test_a_prompt_and_a_folder_are_renamed_in_their_place(person: People, lab: Lab) -> None:
    desk, tree = _library(person)
    tree.focus()
    desk.page.keyboard.type("few")
    desk.page.keyboard.press("ArrowRight")
    _folder(desk, "few/f3/").click()
    desk.page.keyboard.press("F2")
    field = desk.page.get_by_label("New name")
    field.fill("third")
    field.press("Enter")
    toast = desk.toast("Moved 100 prompts")
    expect(_folder(desk, "few/third/")).to_contain_text("100")
    expect(tree).to_be_focused()
    assert lab.call("GET", "resolve?ref=few/f3/p2003")["name"] == "few/third/p2003"
    toast.get_by_role("button", name="Undo").click()
    expect(_folder(desk, "few/f3/")).to_contain_text("100")
    desk.quiet()

    expect(desk.row("p2003")).to_be_visible()
    tree.focus()
    desk.page.keyboard.type("p2013", delay=20)
    expect(_active(tree)).to_contain_text("p2013")
    desk.page.keyboard.press("F2")
    field.fill("p2003")
    field.press("Enter")
    expect(desk.page.get_by_role("alert").filter(has_text="is there already")).to_be_visible()
    field.press("Escape")
    expect(tree).to_be_focused()
    expect(desk.row("p2013")).to_be_visible()

    # into a folder that nobody has opened yet: the keyboard stays with the prompt
    desk.page.keyboard.press("F2")
    field.fill("aside/p2013")
    field.press("Enter")
    desk.toast("Renamed few/f3/p2013")
    expect(_folder(desk, "few/f3/aside/")).to_be_visible()
    expect(_active(tree)).to_contain_text("p2013")
    assert lab.call("GET", "resolve?ref=few/f3/p2013")["name"] == "few/f3/aside/p2013"


def test_a_prompt_is_dragged_into_a_folder(person: People, lab: Lab) -> None:
    made = lab.call("POST", "prompts", {"name": "drag/loose", "text": "Hello\n"})
    lab.call("POST", "prompts", {"name": "dropped/there", "text": "Hello\n"})
    desk, _ = _library(person)
    _folder(desk, "drag/").click()
    desk.settled()
    row, target = desk.row("loose").bounding_box(), _folder(desk, "dropped/").bounding_box()
    assert row is not None
    assert target is not None
    mouse = desk.page.mouse
    mouse.move(row["x"] + 60, row["y"] + 8)
    mouse.down()
    mouse.move(row["x"] + 70, row["y"] + 14, steps=3)
    mouse.move(target["x"] + 60, target["y"] + 8, steps=8)
    expect(_folder(desk, "dropped/")).to_have_class(re.compile("jp-mod-dropTarget"))
    mouse.up()
    desk.toast("Moved 1 prompt to dropped/")
    assert lab.call("GET", f"prompts/{made['id']}")["name"] == "dropped/loose"


def test_rows_and_counts_follow_what_others_do(person: People, lab: Lab) -> None:
    made = lab.call("POST", "prompts", {"name": "live/one", "text": "Hello\n"})
    desk, tree = _library(person)
    _folder(desk, "live/").click()
    expect(desk.row("one")).to_be_visible()
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url) if "/v1/" in request.url else None)
    lab.call("POST", f"prompts/{made['id']}/promote", {"environment": "production", "version": "latest"})
    expect(desk.row("one").locator("[data-environment=production]")).to_be_visible()
    assert [url for url in asked if "/folders" in url] == []
    lab.call("PUT", f"prompts/{made['id']}", {"text": "Hello again\n"})
    expect(desk.row("one").locator("[data-environment=production]")).to_have_class(
        re.compile("jp-mod-behind")
    )
    lab.call("POST", "prompts", {"name": "live/two", "text": "Hello\n"})
    expect(desk.row("two")).to_be_visible()
    lab.call("PATCH", f"prompts/{made['id']}", {"name": "lively/one"})
    expect(_folder(desk, "lively/")).to_be_visible()
    expect(_folder(desk, "live/")).to_contain_text("1")
    expect(tree).to_be_visible()


def test_a_filter_is_saved_shown_and_removed(person: People, lab: Lab) -> None:
    desk, _ = _library(person)
    desk.page.get_by_label("Sort, and filter by tag or state").click()
    desk.page.get_by_role("button", name="team-3").click()
    expect(_footer(desk)).to_contain_text("600 matches")
    desk.page.get_by_role("button", name="Save this filter").click()
    desk.accept(name="Third team")
    chip = desk.page.locator(".jp-PromptHub-savedFilter", has_text="Third team")
    expect(chip).to_have_attribute("aria-pressed", "true")
    chip.click()
    expect(_footer(desk)).to_contain_text(re.compile(r"3,\d{3} prompts"))
    chip.click()
    expect(_footer(desk)).to_contain_text("600 matches")
    chip.press("Delete")
    expect(chip).to_have_count(0)
    desk.toast("Removed the filter").get_by_role("button", name="Undo").click()
    expect(chip).to_be_visible()


def test_a_reload_brings_folders_filter_and_place_back(person: People, lab: Lab) -> None:
    desk, tree = _library(person)
    _folder(desk, "many/").click()
    expect(desk.row("p0000")).to_be_visible()
    with desk.page.expect_response(_kept_at(1000)):
        tree.evaluate("(node) => { node.scrollTop = 24 * 1000; }")
    expect(desk.row("p1000")).to_be_visible()
    with desk.page.expect_response(_kept_at(1001)):
        tree.evaluate("(node) => { node.scrollTop += 24; }")
    workspace = desk.page.url.split("/workspaces/")[1].split("?")[0].split("/")[0]
    for _ in range(2):  # what comes back is kept on
        with desk.page.expect_response(_kept_at(1001)):
            person.visit(desk.page, workspace, reset=False)
        expect(desk.page.get_by_role("tree", name="Prompts")).to_be_visible()
        expect(desk.row("p1001")).to_be_visible()


def _kept_at(top: int) -> Callable[[Response], bool]:
    """The server keeps the layout, with this line at the top of the library; before, it may be told others."""

    def is_it(response: Response) -> bool:
        request = response.request
        said = re.search(r'"top":(\d+)', request.post_data or "") if request.method == "PUT" else None
        return "/api/workspaces" in request.url and said is not None and int(said[1]) == top

    return is_it


def test_files_and_folders_are_dropped_on_a_folder(person: People, lab: Lab, tmp_path: Path) -> None:
    lab.call("POST", "prompts", {"name": "files/known", "text": "The same\n"})
    desk, _ = _library(person)
    files = {
        "known.prompt": "The same\n",
        "Fresh one.prompt": "Hello {{name}}\n",
        "broken.json": '{"items": [{"name": "odd", "versions": [{"text": 7}]}, {"name": "good", "versions": [{"text": "Hi"}]}]}',
        "torn.json": "{",
    }
    handle = desk.page.evaluate_handle(
        """(files) => {
          const data = new DataTransfer();
          for (const [name, text] of Object.entries(files)) data.items.add(new File([text], name));
          data.items.add(new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])], 'picture.png'));
          data.items.add(new File([new Uint8Array([80, 75, 3, 4, 0, 0])], 'archive.zip'));
          return data;
        }""",
        files,
    )
    _folder(desk, "files/").dispatch_event("dragover", {"dataTransfer": handle})
    expect(_folder(desk, "files/")).to_have_class(re.compile("jp-mod-dropTarget"))
    _folder(desk, "files/").dispatch_event("drop", {"dataTransfer": handle})
    dialog = desk.dialog
    expect(dialog).to_contain_text("Import 3 prompts")
    expect(dialog).to_contain_text("New: 2 (files/fresh-one, files/good)")
    expect(dialog).to_contain_text("The same, left as they are: 1 (files/known)")
    expect(dialog).to_contain_text("files/odd: version 1, text: expected text")
    expect(dialog).to_contain_text("torn.json: not JSON")
    for name in ("picture.png", "archive.zip"):
        expect(dialog).to_contain_text(f"{name}: it is no text in UTF-8")
    desk.accept()
    desk.toast("Imported: 2 new, 1 left as they were")
    desk.toast("4 were not imported")
    assert lab.call("GET", "resolve?ref=files/fresh-one")["name"] == "files/fresh-one"


def test_what_is_selected_is_exported(person: People, lab: Lab) -> None:
    desk, _ = _library(person)
    draft = lab.call("POST", "prompts", {"name": "out/draft"})
    lab.call("POST", "prompts", {"name": "out/whole", "text": "Hello\n"})
    assert draft["head"] is None
    _folder(desk, "out/").click()
    desk.row("draft").click(modifiers=["Control"])
    desk.row("whole").click(modifiers=["Control"])
    with desk.page.expect_download() as download:
        desk.page.get_by_role("toolbar", name="Selected prompts").get_by_label("Export").click()
    exported = json.loads(Path(download.value.path()).read_text())
    assert [item["name"] for item in exported["items"]] == ["out/whole"]
    desk.toast("1 draft without a version was left out")


def test_a_narrow_panel_keeps_names_and_badges(person: People, lab: Lab) -> None:
    desk, tree = _library(person, width=400)
    _folder(desk, "many/").click()
    expect(desk.row("p0000")).to_be_visible()
    assert tree.evaluate("(node) => node.scrollWidth <= node.clientWidth")
