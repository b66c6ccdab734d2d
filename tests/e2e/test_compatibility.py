"""A change that breaks callers says so where it is looked at, and names those who are known to call."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.lab import Lab
from tests.e2e.review_page import ReviewPage
from tests.e2e.test_merging import save

TEXT = "---\ninput:\n  schema:\n    order: string, its number\n    tone?: string\n---\n{{order}} {{tone}}\n"


def test_a_breaking_change_names_its_callers_in_a_comparison_and_in_a_review(
    person: People, lab: Lab, new_prompt: NewPrompt, scripted: str
) -> None:
    prompt_id = new_prompt("called", TEXT)
    for cell in ("c1", "c2"):
        caller = {"kind": "notebook", "notebook": "/home/ada/reports/monthly.ipynb", "cell_id": cell}
        run = {"prompt_id": prompt_id, "model": scripted, "inputs": {"order": "7"}, "caller": caller}
        lab.call("POST", "execute", run)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "number"})
    changes = (
        ("order: string, its number", "order: integer, its number"),
        ("tone?", "mood"),
        ("{{tone}}", "{{mood}}"),
    )
    save(lab, prompt_id, "number", *changes)
    desk = person(library=False)

    def told(banner: Locator) -> None:
        expect(banner).to_contain_text("Not compatible")
        expect(banner.locator("li", has_text="order").first).to_contain_text("2 known callers give it")
        expect(banner.get_by_text("No known caller gives it.").first).to_be_visible()
        summary = banner.locator("summary").first
        summary.focus()
        desk.page.keyboard.press("Enter")
        expect(banner.get_by_text("monthly.ipynb, cell c1")).to_be_visible()

    desk.command("prompthub:compare-versions", promptId=prompt_id, base="main", head="number")
    told(desk.diff.locator(".jp-PromptHub-banner", has_text="ompatible"))
    made = lab.call("POST", f"prompts/{prompt_id}/reviews", {"source": "number", "title": "Numbers"})
    review = ReviewPage(desk).shown(prompt_id, made["number"])
    told(review.node.locator("[data-part=changes] .jp-PromptHub-banner"))
