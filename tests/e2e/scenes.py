"""The pictures of the docs, each a scene that is set up in a JupyterLab with the demo prompts.

``scripts/screenshots.py`` writes them to ``docs/images``; ``test_pictures.py`` says when the product looks no
longer as they show it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conflicts_page import ConflictsPage
from tests.e2e.conftest import ready
from tests.e2e.desk import Desk, kernel_is_ready
from tests.e2e.lab import Lab
from tests.e2e.review_page import ReviewPage
from tests.e2e.scene_team import team_lab

__all__ = ["NARROW", "SCENES", "THEMES", "WIDE", "Scene", "Studio"]

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
    team: bool = False  # it is set up by several people, see scene_team.py
    top: str = ""  # what is scrolled to the top, as a selector


class Studio:
    """Where scenes are set up: a JupyterLab with the demo prompts, and, as soon as a scene needs it, one of a team that has
    them too. A context manager; :meth:`shoot` gives the pictures."""

    def __init__(self, browser: Browser, lab: Lab) -> None:
        self._browser, self._lab = browser, lab
        self._team: Lab | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def shoot(self, scene: Scene) -> dict[str, bytes]:
        """The scene as PNG in each of :data:`THEMES`, in a new person's window, without notifications, carets and hovered
        rows."""
        if not scene.team:
            return _shoot(self._browser, self._lab, scene)
        self._team = self._team or self._stack.enter_context(team_lab(self._lab))
        return _shoot(self._browser, self._team, scene)


def _shoot(browser: Browser, lab: Lab, scene: Scene) -> dict[str, bytes]:
    width, height = scene.size
    others = browser.contexts
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(lab.page(f"scene-{scene.name}"))
    ready(page)
    desk = Desk(page)
    desk.library()
    scene.make(desk, lab)
    desk.quiet()
    page.mouse.move(width - 5, height // 2)
    expect(page.locator(".Toastify__toast")).to_have_count(0)
    pictures = {}
    for name, theme in THEMES.items():
        desk.theme(theme)
        pictures[name] = _still(page, scene.top)
    for each in browser.contexts:
        if each not in others:
            each.close()
    return pictures


def _still(page: Page, top: str) -> bytes:
    """A picture as soon as it looks the same twice: fonts and icons are there, and what moved has come to rest."""
    before, picture = b"", b"?"
    for _ in range(20):
        if before == picture:
            break
        page.wait_for_timeout(200)
        if top:
            # another theme, or another width, may have moved it
            page.locator(f"{top} >> visible=true").first.evaluate("node => node.scrollIntoView()")
        before, picture = picture, page.screenshot(animations="disabled", caret="hide")
    return picture


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
    oldest = versions.locator("option", has_text="First answer to refund requests")
    versions.select_option(oldest.get_attribute("value"))
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


def _blame(desk: Desk, lab: Lab) -> None:
    _history(desk, lab)
    desk.history.get_by_role("button", name="Who wrote what").click()
    expect(desk.history.locator("[data-path='segment/0/system'] td").first).to_be_visible()


def _diff(desk: Desk, lab: Lab) -> None:
    _history(desk, lab)
    shas = desk.versions.evaluate_all("rows => rows.map(row => row.dataset.sha)")
    main = desk.versions.filter(has_text="main").first.get_attribute("data-sha")
    prompt_id = _id(lab, "support/refund")
    desk.command("prompthub:compare-versions", promptId=prompt_id, base=shas[-1], head=main)
    expect(desk.diff.locator(".cm-changedText, .cm-deletedText").first).to_be_visible()


def _notebook(desk: Desk, lab: Lab) -> None:
    prompt_id = _id(lab, "support/refund")
    versions = lab.call("GET", f"prompts/{prompt_id}/versions")["items"]
    record = {
        "format": 1,
        "kind": "run",
        "reference": "support/refund@production",
        "prompt": "support/refund",
    }
    record |= {
        "prompt_id": prompt_id,
        "ref": "production",
        "version_sha": versions[-1]["sha"],
        "base_sha": None,
    }
    said = "I am sorry that your blender arrived broken. Please send us a photo, and we refund it."
    cells = [
        new_markdown_cell("# Answers to customers"),
        new_code_cell("%load_ext jupyter_prompthub", execution_count=1),
        new_code_cell(
            '%prompthub run support/refund@production --var user_message="My blender arrived broken."',
            outputs=[new_output("display_data", {"text/plain": said}, metadata={"prompthub": record})],
            execution_count=2,
        ),
        new_code_cell(
            '%%prompthub support/refund --var user_message="Where is my money?"\n{{role "system"}}\n'
            "You are a support assistant. {{> house-style}}\nAnswer in two short sentences.\n"
            '{{role "user"}}\n{{user_message}}{{#if order}} (order {{order}}){{/if}}'
        ),
    ]
    kernel = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab.root / "answers.ipynb")
    desk.command("docmanager:open", path="answers.ipynb")
    expect(desk.page.get_by_role("note")).to_be_visible()
    expect(desk.page.locator(".jp-PromptHub-promptCell")).to_be_visible()
    kernel_is_ready(desk.page)


def _merge(desk: Desk, lab: Lab) -> None:
    prompt_id = _id(lab, "text/sentiment")
    text = lab.call("GET", f"prompts/{prompt_id}/versions/main")["text"]
    branches = lab.call("GET", f"prompts/{prompt_id}/branches")["items"]
    if all(branch["name"] != "warmer" for branch in branches):
        lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "warmer"})
        edits = {
            "warmer": ("temperature: 0", "temperature: 0.4"),
            "main": ("temperature: 0", "temperature: 0.2"),
        }
        for branch, (old, new) in edits.items():
            changed = text.replace(old, new)
            if branch == "warmer":
                changed = changed.rstrip("\n") + " Be kind.\n"
            body = {"text": changed, "branch": branch, "commit_message": f"On {branch}"}
            lab.call("PUT", f"prompts/{prompt_id}", body)
    desk.command("prompthub:merge-branch", promptId=prompt_id, source="warmer", target="main")
    expect(desk.page.locator(".jp-PromptHub-conflict").first).to_be_visible()
    desk.page.locator(".jp-PromptHub-merge select").first.blur()


def _connections(desk: Desk, lab: Lab) -> None:
    desk.command("prompthub:connections")
    expect(desk.page.locator(".jp-PromptHub-connections")).to_contain_text("local")


def _people(desk: Desk, lab: Lab) -> None:
    prompt = desk.open("translate")
    browser = desk.page.context.browser
    assert browser
    page = browser.new_context().new_page()
    page.goto(lab.page("scene-somebody"))
    ready(page)
    other = Desk(page)
    other.library()
    other.open("translate").type_after("Translate", " ")
    page.keyboard.press("Backspace")
    expect(prompt.others.locator(".jp-PromptHub-person")).to_have_count(1)
    expect(prompt.node.locator(".jp-remote-cursor").first).to_be_attached()
    prompt.stored()


def _behind(desk: Desk, lab: Lab) -> None:
    prompt_id = _id(lab, "data/sql")
    prompt = desk.open("sql")
    text = prompt.text
    prompt.type_after("{{question}}", " Use as few joins as you can.")
    prompt.stored()
    theirs = text.replace("temperature: 0,", "temperature: 0.1,")
    assert theirs != text
    lab.call("PUT", f"prompts/{prompt_id}", {"text": theirs, "commit_message": "A little more freedom"})
    prompt.state.get_by_role("button", name="behind by 1").click()
    expect(desk.page.locator(".jp-PromptHub-incomingDialog ins").first).to_be_visible()


def _narrow(desk: Desk, lab: Lab) -> None:
    desk.open("refund")
    desk.command("application:toggle-left-area")
    expect(desk.prompt.run_button).to_be_visible()


def _review(desk: Desk, lab: Lab) -> None:
    review = ReviewPage(desk).shown(_id(lab, "support/refund"))
    expect(review.threads.locator(".jp-PromptHub-suggestion ins").first).to_be_visible()
    expect(review.node.locator(".jp-PromptHub-markdown .jp-RenderedHTMLCommon").first).to_be_visible()
    review.node.locator(".jp-PromptHub-review-body").evaluate("node => node.blur()")


def _review_narrow(desk: Desk, lab: Lab) -> None:
    _review(desk, lab)
    desk.command("application:toggle-left-area")


def _review_sides(desk: Desk, lab: Lab) -> None:
    _review(desk, lab)
    review = ReviewPage(desk)
    review.node.get_by_role("button", name="Side by side").click()
    desk.command("application:toggle-left-area")
    expect(review.changes.first.get_by_label("After")).to_be_visible()
    desk.page.evaluate("document.activeElement.blur()")


def _conflict(desk: Desk, lab: Lab) -> None:
    conflicts = ConflictsPage(desk).shown(_id(lab, "text/summarize"))
    conflicts.open(2)
    system = "segment/0/system"
    conflicts.way(system, "in other words").check()
    words = conflicts.card(system).get_by_role("textbox")
    words.fill(words.input_value().replace("for busy", "in plain words, for busy"))
    words.blur()


def _conflict_narrow(desk: Desk, lab: Lab) -> None:
    _conflict(desk, lab)
    desk.command("application:toggle-left-area")
    expect(desk.page.locator("#jp-left-stack")).to_be_hidden()


def _inbox(desk: Desk, lab: Lab) -> None:
    desk.command("prompthub:open-inbox")
    expect(desk.page.locator(".jp-PromptHub-inboxRow")).to_have_count(2)
    ReviewPage(desk).shown(_id(lab, "support/refund"))
    desk.command("prompthub:open-inbox")
    desk.page.locator("#prompthub-inbox [role=listbox]").blur()


def _inbox_narrow(desk: Desk, lab: Lab) -> None:
    # the sidebar becomes narrower when the launcher comes
    expect(desk.page.locator(".jp-LauncherCard").first).to_be_visible()
    desk.command("prompthub:open-inbox")
    desk.page.locator("#prompthub-inbox [role=tab]", has_text="All").click()
    expect(desk.page.locator(".jp-PromptHub-inboxRow")).to_have_count(5)
    desk.page.locator("#prompthub-inbox [role=tab]", has_text="All").blur()


def _protections(desk: Desk, lab: Lab) -> None:
    desk.command("prompthub:protections")
    desk.page.get_by_role("button", name="Change the protection of support/*").click()
    expect(desk.page.locator(".jp-PromptHub-covers")).to_contain_text("Holds now for")
    desk.page.locator("form [name=prompts]").blur()


def _protections_narrow(desk: Desk, lab: Lab) -> None:
    _protections(desk, lab)
    desk.command("application:toggle-left-area")


def _protections_list(desk: Desk, lab: Lab) -> None:
    desk.command("prompthub:protections")
    expect(desk.page.locator(".jp-PromptHub-protection")).to_have_count(2)


SCENES = (
    Scene("library", _library),
    Scene("editor", _editor),
    Scene("run", _run, model=True),
    Scene("contract", _contract),
    Scene("sidebyside", _side_by_side, model=True),
    Scene("selection", _selection),
    Scene("history", _history),
    Scene("blame", _blame),
    Scene("diff", _diff),
    Scene("notebook", _notebook),
    Scene("people", _people),
    Scene("connections", _connections),
    Scene("merge", _merge),
    Scene("review", _review, team=True),
    Scene("review-sides", _review_sides, team=True, top="[data-part=changes]"),
    Scene("review-narrow", _review_narrow, NARROW, team=True),
    Scene("conflict", _conflict, team=True),
    Scene("conflict-narrow", _conflict_narrow, NARROW, team=True, top=".jp-PromptHub-conflict"),
    Scene("inbox", _inbox, team=True),
    Scene("inbox-narrow", _inbox_narrow, NARROW, team=True),
    Scene("protections", _protections, team=True),
    Scene("protections-list", _protections_list, team=True),
    Scene("protections-narrow", _protections_narrow, NARROW, team=True),
    Scene("narrow", _narrow, NARROW),
    # the last: they leave something in a draft
    Scene("behind", _behind),
    Scene("assist", _assist),
)
