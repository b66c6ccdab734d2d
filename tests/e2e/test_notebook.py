"""Notebooks: prompt cells with colours and completion, what ran and what is served now, prompts dropped into cells."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import Desk, held, kernel_is_ready, until
from tests.e2e.lab import Lab

FRONT = "---\nmodel: scripted/scripted-1\ninput:\n  schema:\n    question: string\n---\n"
TEXT = FRONT + '{{role "user"}}\nAnswer {{question}}\n'


def write(lab: Lab, name: str, *cells: Any) -> str:
    notebook = new_notebook(
        cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    nbformat.write(notebook, lab.root / name)
    return name


def ran(name: str, prompt_id: str, ref: str, sha: str) -> Any:
    """A cell that ran a prompt some time ago."""
    record = {
        "format": 1,
        "kind": "run",
        "reference": f"{name}@{ref}",
        "prompt": name,
        "prompt_id": prompt_id,
        "ref": ref,
        "version_sha": sha,
        "base_sha": None,
    }
    output = new_output("display_data", {"text/plain": "the answer"}, metadata={"prompthub": record})
    return new_code_cell(f"%prompthub run {name}@{ref}", outputs=[output], execution_count=1)


def cell(page: Page, index: int) -> Locator:
    return page.locator(".jp-Notebook .jp-Cell").nth(index)


def sources(desk: Desk) -> list[str]:
    """Of the notebook in front."""
    found: list[str] = desk.page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.model.toJSON().cells.map(cell => cell.source)"
    )
    return found


@pytest.mark.usefixtures("kernels")
def test_a_prompt_cell_has_colours_and_completion(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    new_prompt("asked", TEXT)
    write(lab, "cells.ipynb", new_code_cell("x = 1"), new_code_cell("%%prompthub asked --var question=Why\n"))
    desk = person("cells.ipynb", library=False)
    page, keys = desk.page, desk.page.keyboard
    expect(page.locator(".jp-PromptHub-promptCell")).to_have_count(1)
    # a kernel that becomes ready takes the list of completions away
    kernel_is_ready(page)
    cell(page, 1).locator(".cm-line").last.click()
    keys.type("Say {{que")
    offers = page.locator(".jp-Completer-item")

    def completed() -> bool:
        if not sources(desk)[1].endswith(("Say {{question", "{{question}}")):
            # what a kernel says meanwhile may take the list away: a person asks again
            keys.press("Tab")
            expect(offers).to_have_count(1, timeout=10_000)
            expect(offers).to_contain_text("question")
            keys.press("Enter")
        return sources(desk)[1].endswith(("Say {{question", "{{question}}"))

    until(completed, page=page, seconds=40)
    # a marker is not plain text any more
    expect(cell(page, 1).locator(".cm-line").last.locator("span").first).to_be_visible()

    # a cell becomes one, and stops being one, as it is typed
    cell(page, 0).locator(".cm-line").click()
    keys.press("Control+a")
    keys.type("%%prompthub asked")
    expect(page.locator(".jp-PromptHub-promptCell")).to_have_count(2)
    keys.press("Home")
    keys.press("Delete")
    expect(page.locator(".jp-PromptHub-promptCell")).to_have_count(1)


@pytest.mark.usefixtures("kernels")
def test_a_notebook_says_what_its_cells_ran_and_what_is_served_now(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("moving", TEXT)
    first = lab.call("GET", f"prompts/{prompt_id}/versions/latest")["sha"]
    lab.call("POST", f"prompts/{prompt_id}/promote", {"environment": "production", "version": first})
    write(
        lab,
        "drift.ipynb",
        new_code_cell(
            "%load_ext jupyter_prompthub\n%prompthub run moving@production --var question=Why --into answer"
        ),
        ran("moving", prompt_id, "production", first),
        ran("moving", prompt_id, "production", "f" * 64),
        ran("nothing", "0" * 32, "production", first),
    )
    desk = person("drift.ipynb", library=False)
    page = desk.page
    lines = page.locator(".jp-PromptHub-driftLine:not(.lm-mod-hidden)")
    # from the file alone: one is as it was, one came from elsewhere, one is gone
    expect(lines).to_have_count(2)
    expect(cell(page, 2)).to_contain_text("not in this library")
    expect(cell(page, 3)).to_contain_text("no prompt")

    kernel_is_ready(page)
    cell(page, 0).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, 0).locator(".jp-OutputArea-output").first).to_be_visible()
    expect(lines).to_have_count(2)

    # the server says that something moved
    changed = {"text": TEXT.replace("Answer", "Answer kindly"), "commit_message": "Kinder"}
    second = lab.call("PUT", f"prompts/{prompt_id}", changed)["sha"]
    lab.call("POST", f"prompts/{prompt_id}/promote", {"environment": "production", "version": second})
    said = cell(page, 0).get_by_role("note")
    expect(said).to_contain_text(f"This ran {first[:8]}; production is now {second[:8]}, 1 version on.")
    expect(said).to_contain_text("user message")
    expect(lines).to_have_count(4)

    said.get_by_role("button", name="What changed").click()
    expect(desk.diff.locator(".jp-PromptHub-change").first).to_contain_text("kindly")
    desk.tab("drift.ipynb")
    said.get_by_role("button", name="Run again").click()
    expect(said).to_have_count(0)
    expect(lines).to_have_count(3)
    expect(cell(page, 0)).to_contain_text(second[:8])


@pytest.mark.usefixtures("kernels")
def test_what_would_be_refused_now_is_said(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("narrowed", TEXT)
    first = lab.call("GET", f"prompts/{prompt_id}/versions/latest")["sha"]
    text = TEXT.replace("question: string", "question: string\n    name: string").replace(
        "Answer", "Answer {{name}}"
    )
    lab.call("PUT", f"prompts/{prompt_id}", {"text": text, "commit_message": "Names"})
    write(lab, "breaks.ipynb", ran("narrowed", prompt_id, "latest", first))
    desk = person("breaks.ipynb", library=False)
    expect(desk.page.get_by_role("note")).to_contain_text("These inputs would be refused")


@pytest.mark.usefixtures("kernels")
def test_a_prompt_is_dropped_into_a_notebook_and_inserted_by_its_menu(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    new_prompt("dropped", TEXT)
    write(lab, "drop.ipynb", new_code_cell("first"), new_code_cell("second"))
    desk = person("drop.ipynb")
    page, mouse = desk.page, desk.page.mouse
    # its cells stay where they are from now on
    expect(cell(page, 1)).to_contain_text("second")
    kernel_is_ready(page)
    page.get_by_label("Search the library").fill("dropped")
    row = desk.row("dropped")
    # the rows of before move away when it is answered
    expect(page.locator(".jp-PromptHub-library .jp-PromptHub-library-footer")).to_contain_text("1 match")
    # a slow server: it writes the cell only when it has been dropped
    with held(page, "**/cell?*", method="GET") as waiting:
        row.hover()
        mouse.down()
        box = cell(page, 1).bounding_box()
        assert box
        mouse.move(box["x"] + 100, box["y"] + 12, steps=8)
        expect(cell(page, 1)).to_contain_class("jp-mod-dropTarget")
        until(lambda: waiting, page=page)
        mouse.up()
        bare = "%load_ext jupyter_prompthub\n%prompthub run dropped"
        until(lambda: sources(desk) == ["first", bare, "second"], page=page)
    run = '%prompthub run dropped --var question=""'
    until(lambda: sources(desk) == ["first", f"%load_ext jupyter_prompthub\n{run}", "second"], page=page)

    expect(cell(page, 1)).to_be_focused()
    row.click(button="right")
    page.get_by_role("menuitem", name="Insert into Notebook").click()
    # below what was dropped; the magics are loaded by then
    until(lambda: sources(desk)[2] == run, page=page)
    assert len(sources(desk)) == 4


def test_without_a_notebook_the_menu_says_what_to_do(person: People, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("alone", TEXT)
    desk = person(library=False)
    desk.command("prompthub:insert-cell", promptId=prompt_id)
    desk.toast("Open a notebook first")
