"""No serious accessibility fault on any screen of ours, by axe-core, in both themes and in high contrast."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_notebook
from playwright.sync_api import expect

from tests.e2e.conflicts_page import ConflictsPage
from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import Desk
from tests.e2e.lab import Lab
from tests.e2e.review_page import ReviewPage
from tests.e2e.test_inbox import Inbox
from tests.e2e.test_merging import conflicting, save
from tests.e2e.test_notebook import ran
from tests.e2e.test_protections_screen import Screen
from tests.e2e.test_reviews import reviewed

_AXE = Path(__file__).parents[2] / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
_LOOK = """async root => {
  if (!document.querySelector(root)) throw new Error('nothing is shown at ' + root);
  // the buttons of JupyterLab's toolbars are its own web components
  const where = {include: [[root]], exclude: [['.jp-ToolbarButtonComponent']]};
  const found = await axe.run(where, {resultTypes: ['violations']});
  return found.violations
    .filter(fault => ['serious', 'critical'].includes(fault.impact))
    .flatMap(fault => fault.nodes.map(node =>
      `${fault.id}: ${fault.help}\\n    ${node.target.join(' ')}\\n    ${node.html.slice(0, 200)}\\n    ` +
      node.any.concat(node.all, node.none).map(check => check.message).join('; ')));
}"""


_DOCUMENT = ".jp-PromptHub-document:not(.lm-mod-hidden)"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")


class Look:
    """Collects the faults of one screen after the other."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.faults: list[str] = []
        self._themes = itertools.cycle(THEMES)
        desk.page.add_script_tag(path=_AXE)

    def __call__(self, screen: str, root: str) -> None:
        """In the theme whose turn it is."""
        self._look(screen, root, next(self._themes))

    def everywhere(self, screen: str, root: str) -> None:
        """In every theme."""
        for theme in THEMES:
            self._look(screen, root, theme)

    def _look(self, screen: str, root: str, theme: str) -> None:
        self.desk.quiet()
        self.desk.theme(theme)
        found: Any = self.desk.page.evaluate(_LOOK, root)
        self.faults += [f"{screen}, {theme}: {fault}" for fault in found]


@pytest.fixture
def look(person: People) -> Iterator[Look]:
    looking = Look(person())
    yield looking
    looking.desk.theme(THEMES[0])  # the next one finds it as it was
    assert looking.faults == [], "\n".join(looking.faults)


def test_the_library_has_no_serious_fault(look: Look) -> None:
    desk, page = look.desk, look.desk.page
    library = ".jp-PromptHub-library"
    look.everywhere("library", library)
    for name in ("review", "refund"):
        desk.row(name).click(modifiers=["Control"])
    look("library, two selected", library)
    page.get_by_role("button", name="Sort, and filter by tag or state").click()
    look("library, filters", library)
    page.get_by_label("Search the library").fill("refund")
    expect(desk.row("refund").locator("mark").first).to_be_visible()
    look("library, search", library)
    page.get_by_label("Search the library").fill("nothing has that")
    expect(page.locator(".jp-PromptHub-library .jp-PromptHub-state")).to_be_visible()
    look("library, nothing found", library)


def test_the_editor_has_no_serious_fault(look: Look, scripted: str) -> None:
    desk, page = look.desk, look.desk.page
    prompt = desk.open("refund")
    expect(prompt.preview).to_contain_text("My blender")
    prompt.node.locator("select[name=model]").select_option(scripted)
    prompt.run()
    look.everywhere("editor, run", _DOCUMENT)
    prompt.node.get_by_role("tab", name="Contract").click()
    expect(prompt.node.get_by_label("Type of user_message")).to_be_visible()
    look.everywhere("editor, contract", _DOCUMENT)
    prompt.node.get_by_role("tab", name="Settings").click()
    expect(prompt.node.locator(".jp-PromptHub-tabpanel")).to_contain_text("temperature")
    look("editor, settings", _DOCUMENT)
    prompt.type_after("Ask for a photo", " {{#if order}}")
    expect(prompt.problems.first).to_be_visible()
    look("editor, problems", _DOCUMENT)
    page.keyboard.press("Control+z")
    prompt.node.get_by_role("tab", name="Run").click()
    prompt.node.get_by_role("button", name="Side by side").click()
    expect(page.locator(".jp-PromptHub-sideBySide .jp-PromptHub-column")).to_have_count(2)
    look.everywhere("side by side", ".jp-PromptHub-sideBySide")


def test_versions_and_dialogs_have_no_serious_fault(look: Look, lab: Lab, new_prompt: NewPrompt) -> None:
    desk, page = look.desk, look.desk.page
    desk.open("refund")
    desk.command("prompthub:open-history")
    expect(desk.versions.first).to_be_visible()
    look.everywhere("history", ".jp-PromptHub-history:not(.lm-mod-hidden)")
    head, base = (desk.versions.nth(at).get_attribute("data-sha") for at in (0, 2))
    desk.command("prompthub:compare-versions", base=base, head=head)
    expect(desk.diff.locator(".jp-PromptHub-change").first).to_be_visible()
    look.everywhere("comparison", ".jp-PromptHub-diff:not(.lm-mod-hidden)")
    for command in ("prompthub:new-prompt", "prompthub:promote", "prompthub:create-branch"):
        desk.command(command)
        expect(desk.dialog).to_be_visible()
        look(command, ".jp-PromptHub-dialog")
        desk.press(desk.dialog, "Escape")
        expect(desk.dialog).to_have_count(0)
    desk.command("prompthub:connections")
    expect(page.locator(".jp-PromptHub-connections")).to_contain_text("scripted")
    look("connections", ".jp-PromptHub-connections")
    desk.command("prompthub:merge-branch", promptId=conflicting(lab, new_prompt))
    expect(page.locator(".jp-PromptHub-conflict")).to_be_visible()
    look("merge", ".jp-PromptHub-merge")
    desk.command("prompthub:keyboard")
    expect(page.locator(".jp-PromptHub-keys")).to_be_visible()
    look("keyboard map", ".jp-Dialog")


def test_a_review_has_no_serious_fault(look: Look, lab: Lab, new_prompt: NewPrompt) -> None:
    desk, root = look.desk, ".jp-MainAreaWidget:not(.lm-mod-hidden) > .jp-PromptHub-review"
    prompt_id = reviewed(lab, new_prompt, "accessible-review", description="Some **words**, and `code`.")
    review = ReviewPage(desk).shown(prompt_id)
    thread = review.comment_on("Thank the customer kindly.", "Why?", "Thank them.")
    expect(thread.locator("ins").first).to_be_visible()
    look.everywhere("review", root)
    thread.get_by_role("button", name="Reply…").click()
    review.change("kindly").get_by_role("button", name="Comment on").click()
    review.node.get_by_role("button", name="Choose words…").click()
    look("review, writing", root)
    review.say("Approve", "Fine")
    thread.get_by_role("button", name="Cancel").click()
    thread.get_by_role("button", name="Resolve").click()
    expect(thread).to_contain_text("resolved")
    look("review, approved and resolved", root)
    save(lab, prompt_id, "main", ("Thank the customer.", "Greet the customer."))
    expect(review.merging).to_contain_text("1 conflict is to be decided first.")
    look.everywhere("review, a conflict", root)
    conflicts = ConflictsPage(desk).shown(prompt_id)
    card = conflicts.cards.first
    card.get_by_role("radio", name="in other words").check()
    look.everywhere("conflicts, writing", ".jp-PromptHub-conflictsPage")
    card.get_by_role("button", name="Decide").click()
    conflicts.open(0)
    save(lab, prompt_id, "main", ("Greet the customer.", "Greet the customer first."))
    expect(card.locator("[data-note=lapsed]")).to_be_visible()
    look.everywhere("conflicts, one that holds no more", ".jp-PromptHub-conflictsPage")
    review.shown(prompt_id)
    for command in ("Ask…", "prompthub:new-review"):
        if command.endswith("…"):
            review.node.get_by_role("button", name=command, exact=True).click()
        else:
            desk.command(command, promptId=prompt_id)
        expect(desk.dialog).to_be_visible()
        look(command, ".jp-PromptHub-dialog")
        desk.press(desk.dialog, "Escape")
        expect(desk.dialog).to_have_count(0)


def test_the_inbox_and_the_protections_have_no_serious_fault(
    look: Look, lab: Lab, new_prompt: NewPrompt
) -> None:
    inbox = Inbox(look.desk).shown()
    search = inbox.search
    for number in range(2):
        reviewed(lab, new_prompt, f"accessible-inbox-{number}", description="Words.")
    inbox.list("Mine")
    expect(inbox.row("accessible-inbox-1#1")).to_be_visible()
    look.everywhere("inbox", "#prompthub-inbox")
    search.fill("nothing has that")
    expect(inbox.node.locator(".jp-PromptHub-state")).to_be_visible()
    look("inbox, nothing found", "#prompthub-inbox")
    search.fill("")
    screen = Screen(look.desk).shown()
    screen.node.get_by_role("button", name="New protection").click()
    expect(screen.field("prompts")).to_be_focused()
    screen.form.get_by_role("button", name="Add owners").click()
    screen.field("prompts").fill("accessible-inbox-*")
    look.everywhere("protections, a new one", "#prompthub-protections")
    screen.form.get_by_role("button", name="Cancel").click()
    look("protections, leaving", ".jp-Dialog")
    look.desk.page.locator(".jp-Dialog").get_by_role("button", name="Leave").click()
    rules = {"approvals": 1, "checks": [{"name": "suite"}], "conversations_resolved": True}
    made = lab.call(
        "POST", "protections", {"prompts": "accessible-inbox-*", "branch": "main", "rules": rules}
    )
    try:
        expect(screen.cards).to_have_count(1)
        look.everywhere("protections", "#prompthub-protections")
    finally:
        lab.call("DELETE", f"protections/{made['id']}")


@pytest.mark.usefixtures("kernels")
def test_a_notebook_that_has_moved_has_no_serious_fault(look: Look, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("accessible", "Hello {{name}}\n")
    sha = lab.call("GET", f"prompts/{prompt_id}/versions/latest")["sha"]
    lab.call("PUT", f"prompts/{prompt_id}", {"text": "Hello {{name}}, {{other}}\n", "commit_message": "More"})
    nbformat.write(
        new_notebook(cells=[ran("accessible", prompt_id, "latest", sha)]), lab.root / "accessible.ipynb"
    )
    look.desk.command("docmanager:open", path="accessible.ipynb")
    expect(look.desk.page.get_by_role("note")).to_contain_text("would be refused")
    look.everywhere("notebook", ".jp-PromptHub-driftLine")
