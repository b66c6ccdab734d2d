"""A newcomer's walk through the tutorial notebook in JupyterLab: until a version is saved and a second model is compared.

Everything is done in the browser as a person does it: the launcher's card, then Shift+Enter on each cell after it was
read. Reading is counted (not waited for) at 200 words a minute; the second model is a provider on this machine that answers
at once, the first one the small local model.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.conftest import ready
from tests.e2e.desk import kernel_is_ready
from tests.e2e.lab import Lab, chromium, running_lab
from tests.support.fake_provider import FakeProvider

from .measuring import Line

__all__ = ["run"]

_WORDS_A_MINUTE = 200
_MODELS = Path(__file__).resolve().parent.parent / ".make" / "models"
_GOAL_S = 300
_COMPARED = "from jupyter_prompthub import Client"


def _walk(page: Page, lab: Lab) -> tuple[float, int]:
    """Seconds since the page was asked for, and how many words there were to read on the way."""
    start = time.monotonic()
    page.goto(lab.page("walk"))
    ready(page)
    page.locator(".jp-LauncherCard", has_text="Quickstart").click()
    kernel_is_ready(page)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    words = 0
    for index in range(page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")):
        source, kind = page.evaluate(
            "at => { const cell = window.jupyterapp.shell.currentWidget.content.widgets[at];"
            " return [cell.model.sharedModel.getSource(), cell.model.type]; }",
            index,
        )
        page.keyboard.press("Shift+Enter")
        words += len(source.split())
        if kind == "code":
            page.wait_for_function(
                "at => { const { model } = window.jupyterapp.shell.currentWidget.content.widgets[at];"
                " return model.executionCount !== null && model.executionState !== 'running'; }",
                arg=index,
            )
            said = page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-OutputArea").inner_text()
            if "PromptHub:" in said or "Traceback" in said:
                raise RuntimeError(f"cell {index}: {said}")
            words += len(said.split())
        if source.startswith(_COMPARED):
            return time.monotonic() - start, words
    raise RuntimeError("the tutorial compares no models")


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Once: a walk is no microbenchmark."""
    path = chromium()
    if path is None:
        raise RuntimeError("no Chromium on this machine: name one in PROMPTHUB_TEST_CHROMIUM")
    expect.set_options(timeout=60_000)
    environment = {"PROMPTHUB_MODELS_DIR": os.environ.get("PROMPTHUB_MODELS_DIR", str(_MODELS))}
    with (
        FakeProvider() as provider,
        running_lab(folder / "home", environment) as lab,
        sync_playwright() as playwright,
    ):
        connection = {
            "name": "second",
            "provider": "openai",
            "base_url": provider.url,
            "secret": "sk-12345678",
        }
        lab.call(
            "POST", "connections", {**connection, "models": ["scripted-1"], "allow_private_address": True}
        )
        browser = playwright.chromium.launch(executable_path=path or None, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(60_000)
        took, words = _walk(page, lab)
        saved = lab.call("GET", "prompts?search=refund")["items"][0]["head"]["commit_message"]
        if saved != "Answer in two short sentences":
            raise RuntimeError(f"no version was saved; the newest is {saved!r}")
        browser.close()
    reading = words / _WORDS_A_MINUTE * 60
    return [
        Line(
            "walk",
            "the tutorial, from JupyterLab's page to a saved version and two models compared",
            f"{took + reading:.0f} s ({took:.0f} s of work, {words} words to read)",
            "",
            None,
            "≤ 5 min",
            took + reading <= _GOAL_S,
        )
    ]
