"""No serious accessibility fault on any screen of ours, by axe-core, in both themes and in high contrast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.desk import Desk

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


class Look:
    """Collects the faults of one screen after the other."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.faults: list[str] = []
        desk.page.add_script_tag(path=_AXE)

    def __call__(self, screen: str, root: str) -> None:
        self.desk.quiet()
        found: Any = self.desk.page.evaluate(_LOOK, root)
        self.faults += [f"{screen}: {fault}" for fault in found]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"])
def test_no_screen_has_a_serious_fault(person: People, scripted: str, theme: str) -> None:
    desk = person()
    page = desk.page
    desk.command("apputils:change-theme", theme=theme)
    expect(page.locator(f"body[data-jp-theme-name='{theme}']")).to_be_attached()
    look = Look(desk)
    look("library", ".jp-PromptHub-library")

    prompt = desk.open("refund")
    document = ".jp-PromptHub-document:not(.lm-mod-hidden)"
    expect(prompt.preview).to_contain_text("My blender")
    prompt.node.locator("select[name=model]").select_option(scripted)
    prompt.run()
    look("editor, run", document)
    prompt.node.get_by_role("tab", name="Contract").click()
    expect(prompt.node.get_by_label("Type of user_message")).to_be_visible()
    look("editor, contract", document)
    prompt.node.get_by_role("tab", name="Settings").click()
    expect(prompt.node.locator(".jp-PromptHub-tabpanel")).to_contain_text("temperature")
    look("editor, settings", document)

    desk.command("prompthub:open-history")
    expect(desk.versions.first).to_be_visible()
    look("history", ".jp-PromptHub-history:not(.lm-mod-hidden)")
    head, base = (desk.versions.nth(at).get_attribute("data-sha") for at in (0, 2))
    desk.command("prompthub:compare-versions", base=base, head=head)
    expect(desk.diff.locator(".jp-PromptHub-change").first).to_be_visible()
    look("comparison", ".jp-PromptHub-diff:not(.lm-mod-hidden)")
    desk.command("prompthub:connections")
    expect(page.locator(".jp-PromptHub-connections")).to_contain_text("scripted")
    look("connections", ".jp-PromptHub-connections")

    # a dialog, and a text that does not parse
    desk.tab("support/refund")
    prompt.type_after("Ask for a photo", " {{#if order}}")
    expect(prompt.problems.first).to_be_visible()
    look("editor, problems", document)
    page.keyboard.press("Control+z")
    desk.command("prompthub:new-prompt")
    expect(desk.dialog).to_be_visible()
    look("dialog", ".jp-PromptHub-dialog")
    page.keyboard.press("Escape")
    assert look.faults == [], "\n".join(look.faults)
