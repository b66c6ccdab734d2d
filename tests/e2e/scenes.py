"""The pictures of the docs, each a scene that is set up in a JupyterLab with the demo prompts.

``scripts/screenshots.py`` writes them to ``docs/images``; ``test_pictures.py`` says when the product looks no
longer as they show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import ready
from tests.e2e.desk import Desk
from tests.e2e.lab import Lab

__all__ = ["NARROW", "SCENES", "THEMES", "WIDE", "Scene", "desk_of", "shoot"]

WIDE = (1440, 900)
NARROW = (400, 800)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


@dataclass(frozen=True)
class Scene:
    """``make`` brings the screen about in a new window of this ``size`` (width, height in pixels)."""

    name: str
    make: Callable[[Desk, Lab], None]
    size: tuple[int, int] = WIDE
    model: bool = False  # the local model answers in it


@contextmanager
def desk_of(browser: Browser, lab: Lab, theme: str, scene: Scene) -> Iterator[Desk]:
    """A new person's window in this theme, the library open."""
    width, height = scene.size
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(lab.page(f"scene-{scene.name}-{theme}"))
    ready(page)
    desk = Desk(page)
    desk.command("apputils:change-theme", theme=THEMES[theme])
    expect(page.locator(f"body[data-jp-theme-light={str(theme == 'light').lower()}]")).to_be_attached()
    desk.library()
    yield desk
    context.close()


def shoot(desk: Desk, lab: Lab, scene: Scene) -> bytes:
    """The scene as PNG, without notifications, carets and hovered rows."""
    scene.make(desk, lab)
    desk.quiet()
    width, height = scene.size
    desk.page.mouse.move(width - 5, height // 2)
    expect(desk.page.locator(".Toastify__toast")).to_have_count(0)
    # fonts, icons and the last animation
    desk.page.wait_for_timeout(400)
    return desk.page.screenshot(animations="disabled", caret="hide")


def _id(lab: Lab, name: str) -> str:
    return str(
        next(item["id"] for item in lab.call("GET", "prompts?limit=50")["items"] if item["name"] == name)
    )


def _library(desk: Desk, lab: Lab) -> None:
    expect(desk.page.locator(".jp-LauncherCard").first).to_be_visible()
    desk.page.get_by_label("Search the library").blur()


def _editor(desk: Desk, lab: Lab) -> None:
    expect(desk.open("refund").preview).to_contain_text("System")


def _run(desk: Desk, lab: Lab) -> None:
    prompt = desk.open("summarize")
    prompt.input("sentences").fill("1")
    prompt.run()


def _assist(desk: Desk, lab: Lab) -> None:
    lab.call("POST", f"prompts/{_id(lab, 'text/summarize')}/drafts/main/restore", {"version": "latest"})
    prompt = desk.open("summarize")
    prompt.type_after("Summarize in", " Write in {{")
    expect(prompt.problems.first).to_be_visible()
    desk.page.keyboard.press("Control+Space")
    expect(desk.page.locator(".cm-tooltip-autocomplete")).to_be_visible()


def _side_by_side(desk: Desk, lab: Lab) -> None:
    prompt = desk.open("refund")
    prompt.input("user_message").fill("My blender arrived broken. Can I get my money back?")
    prompt.node.get_by_role("button", name="Side by side").click()
    panel = desk.page.locator(".jp-PromptHub-sideBySide")
    expect(panel.locator(".jp-PromptHub-column")).to_have_count(2)
    versions = panel.get_by_label("Version of column 2")
    versions.select_option(index=versions.locator("option").count() - 1)
    panel.get_by_role("button", name="Run all").click()
    expect(panel.locator(".jp-PromptHub-column[data-phase=done]")).to_have_count(2, timeout=60_000)


def _selection(desk: Desk, lab: Lab) -> None:
    for name in ("review", "refund", "translate"):
        desk.row(name).click(modifiers=["Control"])


def _contract(desk: Desk, lab: Lab) -> None:
    prompt = desk.open("contact")
    prompt.node.get_by_role("tab", name="Contract").click()
    expect(prompt.node.get_by_label("Type of message")).to_be_visible()


def _history(desk: Desk, lab: Lab) -> None:
    desk.command("prompthub:open-history", promptId=_id(lab, "support/refund"))
    expect(desk.versions.first).to_be_visible()


def _diff(desk: Desk, lab: Lab) -> None:
    _history(desk, lab)
    shas = desk.versions.evaluate_all("rows => rows.map(row => row.dataset.sha)")
    main = desk.versions.filter(has_text="main").first.get_attribute("data-sha")
    prompt_id = _id(lab, "support/refund")
    desk.command("prompthub:compare-versions", promptId=prompt_id, base=shas[-1], head=main)
    expect(desk.diff.locator(".cm-changedText, .cm-deletedText").first).to_be_visible()


def _narrow(desk: Desk, lab: Lab) -> None:
    desk.open("refund")
    desk.command("application:toggle-left-area")
    expect(desk.prompt.run_button).to_be_visible()


SCENES = (
    Scene("library", _library),
    Scene("editor", _editor),
    Scene("run", _run, model=True),
    Scene("contract", _contract),
    Scene("sidebyside", _side_by_side, model=True),
    Scene("selection", _selection),
    Scene("history", _history),
    Scene("diff", _diff),
    Scene("narrow", _narrow, NARROW),
    # the last: it leaves something in a draft
    Scene("assist", _assist),
)
