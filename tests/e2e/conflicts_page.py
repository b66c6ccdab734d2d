"""The conflicts of a review, in the words of the product."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.desk import Desk

__all__ = ["ConflictsPage"]


class ConflictsPage:
    """The conflicts in front."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page: Page = desk.page
        self.node = desk.page.locator(".jp-PromptHub-conflictsPage:not(.lm-mod-hidden)")
        self.state = self.node.locator(".jp-PromptHub-conflicts-state")
        self.cards = self.node.locator(".jp-PromptHub-conflict")

    def shown(self, prompt_id: str, number: int = 1) -> ConflictsPage:
        """Open them, and wait."""
        self.desk.command("prompthub:resolve-review", prompt=prompt_id, number=number)
        expect(self.node.locator("h2")).to_contain_text(f"#{number}")
        return self

    def card(self, path: str) -> Locator:
        """The conflict at a place."""
        return self.node.locator(f'.jp-PromptHub-conflict[data-conflict$="{path}"]')

    def way(self, path: str, name: str) -> Locator:
        return self.card(path).get_by_role("radio", name=name, exact=True)

    @property
    def so_far(self) -> Locator:
        """What the merge comes to."""
        return self.node.locator(".jp-PromptHub-soFar")

    def part(self, path: str) -> Locator:
        """What it comes to at a place."""
        return self.so_far.locator(f'[data-path="{path}"]')

    def note(self, path: str, kind: str) -> Locator:
        return self.card(path).locator(f"[data-note={kind}]")

    def open(self, count: int) -> None:
        """So many are to be decided."""
        expect(self.state).to_have_attribute("data-open", str(count))
