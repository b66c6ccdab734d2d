"""Plain `.prompt` files of the file browser, and files that go into and out of the library."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.desk import until
from tests.e2e.lab import Lab

MODEL = "scripted/scripted-1"
TEXT = """---
input:
  schema:
    name: string
---
Say hello to {{name}}.
"""


def test_a_prompt_file_opens_in_the_same_editor_and_is_saved(person: People, lab: Lab) -> None:
    file = lab.root / "hello.prompt"
    file.write_text(TEXT)
    desk = person("hello.prompt", library=False)
    prompt = desk.prompt
    prompt.shows("Say hello")
    prompt.input("name").fill("Ada")
    expect(prompt.preview).to_contain_text("Say hello to Ada.")
    prompt.type_after("Say hello", " Thank you.")
    expect(prompt.preview).to_contain_text("Thank you.")
    until(lambda: "Thank you." in file.read_text(), page=desk.page)

    # a file becomes a prompt, and the prompt opens
    prompt.node.get_by_role("button", name="Add to the library").click()
    prompt.stored()
    desk.library()
    expect(desk.row("hello")).to_be_visible()


def test_prompts_are_exported_and_imported(person: People, lab: Lab, tmp_path: Path) -> None:
    desk = person()
    desk.row("refund").click(button="right")
    desk.page.locator(".lm-Menu-item", has_text="Export").click()
    desk.dialog.locator("select").select_option(label="JSON: all versions, tags and deployments")
    with desk.page.expect_download() as download:
        desk.dialog.locator("button.jp-mod-accept").click()
    exported = json.loads(Path(download.value.path()).read_text())
    assert [item["name"] for item in exported["items"]] == ["support/refund"]

    exported["items"][0]["name"] = "elsewhere/again"
    again = tmp_path / "again.json"
    again.write_text(json.dumps(exported))
    plain = tmp_path / "plain.prompt"
    plain.write_text(TEXT)
    with desk.page.expect_file_chooser() as chooser:
        desk.page.get_by_label("Import .prompt files, exports, and the formats of other tools").click()
    chooser.value.set_files([again, plain])
    expect(desk.dialog).to_contain_text("Import 2 prompts")
    desk.accept()
    desk.toast("Imported: 2 new")
    expect(desk.row("plain")).to_be_visible()
    page = lab.call("GET", "prompts?search=elsewhere")
    assert page["items"][0]["versions"] == len(exported["items"][0]["versions"])


def test_what_an_import_would_do_is_said_before_it_is_done(person: People, lab: Lab, tmp_path: Path) -> None:
    old = lab.call("POST", "prompts", {"name": "told/old", "text": "One\n"})
    lab.call("PATCH", f"prompts/{old['id']}", {"name": "told/new"})
    texts = {
        "told/old": "Two\n",
        "told/includes": "{{>told/house}}\n",
        "told/house": "House\n",
        "told/lost": "{{>told/none}}\n",
    }
    items = [{"name": name, "versions": [{"text": text}]} for name, text in texts.items()]
    export = tmp_path / "export.json"
    export.write_text(json.dumps({"format": "prompthub export v1", "items": items}))
    desk = person()
    with desk.page.expect_file_chooser() as chooser:
        desk.page.get_by_label("Import .prompt files, exports, and the formats of other tools").click()
    chooser.value.set_files([export])
    expect(desk.dialog).to_contain_text("Import 3 prompts")
    expect(desk.dialog).to_contain_text("New: 3 (told/house, told/includes, told/lost)")
    expect(desk.dialog).to_contain_text("With errors, kept as drafts: 1 (told/lost)")
    expect(desk.dialog).to_contain_text("the snippet 'told/none' cannot be found")
    expect(desk.dialog).to_contain_text(
        "Not imported: told/old: 'told/old' is a former name of the prompt 'told/new'"
    )
    assert lab.call("GET", "prompts?search=told")["items"][0]["name"] == "told/new"
    desk.accept()
    desk.toast("Imported: 3 new")
    found = {one["name"]: one["versions"] for one in lab.call("GET", "prompts?search=told")["items"]}
    assert found == {"told/new": 1, "told/house": 1, "told/includes": 1, "told/lost": 0}


def test_a_prompt_file_runs_without_being_added_to_the_library(person: People, lab: Lab) -> None:
    folder = lab.root / "texts"
    folder.mkdir(exist_ok=True)
    (folder / "greeting.prompt").write_text(TEXT.replace("input:", f"model: {MODEL}\ninput:"))
    desk = person("texts/greeting.prompt", library=False)
    prompt = desk.prompt
    prompt.shows("Say hello")
    expect(prompt.node.locator(".jp-PromptHub-recent-row")).to_have_count(0)
    prompt.input("name").fill("Ada")
    answer = prompt.run()
    expect(answer).to_contain_text("this file")
    recent = prompt.node.locator(".jp-PromptHub-recent-row")
    expect(recent).to_have_count(1)
    recent.click()
    expect(prompt.node.locator(".jp-PromptHub-recent-details")).to_contain_text("Answered")
    (mine,) = lab.call("GET", "executions?notebook=texts/greeting.prompt")["items"]
    assert (mine["prompt_id"], mine["version_sha"]) == (None, None)
    assert len(mine["text_hash"]) == 64

    # what was typed since is what is run
    prompt.type_after("Say hello", " Thank you.")
    expect(prompt.preview).to_contain_text("Thank you.")
    prompt.run()
    expect(recent).to_have_count(2)
