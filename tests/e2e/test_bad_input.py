"""What people get wrong is told, with its place, and nothing that was typed is lost."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.lab import Lab

TEXT = """---
input:
  schema:
    name: string, who is greeted
---
{{role "user"}}
Greet {{name}}.
"""


def test_a_broken_template_shows_its_place_and_stays(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("broken", TEXT)
    desk = person()
    prompt = desk.open("broken")
    prompt.type_after("Greet {{", " {{#if polite}} Please.")
    expect(prompt.problems).to_have_count(1)
    expect(prompt.problems).to_contain_text("line 7, column 17")
    expect(prompt.problems).to_contain_text("never closed")
    expect(prompt.node.locator(".cm-lint-marker-error")).to_be_visible()
    expect(prompt.save_button).to_be_disabled()
    expect(prompt.run_button).to_be_disabled()
    prompt.stored()
    # kept as typed, also for somebody who comes later
    draft = lab.call("GET", f"prompts/{prompt_id}/drafts/main")
    assert "{{#if polite}} Please." in draft["text"]
    assert draft["problems"][0]["line"] == 7
    later = person().open("broken")
    later.shows("{{#if polite}} Please.")
    expect(later.problems).to_contain_text("line 7, column 17")

    prompt.type_after("Greet {{", "{{/if}}")
    expect(prompt.node.locator(".cm-lint-marker-error")).to_have_count(0)
    expect(prompt.save_button).to_be_enabled()


def test_broken_front_matter_shows_its_place(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("broken-yaml", TEXT)
    desk = person()
    prompt = desk.open("broken-yaml")
    prompt.type_after("input:", " [")
    expect(prompt.problems.first).to_contain_text(re.compile(r"line \d+, column \d+"))
    prompt.problems.first.click()
    expect(prompt.node.locator(".cm-content:focus")).to_be_visible()
    expect(prompt.save_button).to_be_disabled()


def test_a_missing_variable_is_named(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("missing", TEXT)
    desk = person()
    prompt = desk.open("missing")
    expect(prompt.preview).to_contain_text("Fill in name under Run")
    prompt.run_button.click()
    expect(prompt.node.locator(".jp-PromptHub-run")).to_contain_text("Missing or wrong: name")
    expect(prompt.input("name")).to_have_attribute("aria-invalid", "true")
    expect(prompt.answer).to_have_count(0)
    prompt.input("name").fill("Ada")
    expect(prompt.preview).to_contain_text("Greet Ada.")


def test_a_model_that_is_not_there_says_what_to_do(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("no-model", TEXT.replace("input:", "model: anthropic/claude-9\ninput:"))
    person.allow("status of 4")
    desk = person()
    prompt = desk.open("no-model")
    prompt.input("name").fill("Ada")
    prompt.run_button.click()
    failed = prompt.node.locator("[data-phase=failed]")
    expect(failed).to_contain_text("anthropic")
    expect(failed).to_contain_text("prompthub connection add anthropic")


def test_a_prompt_without_a_title_is_not_made(person: People) -> None:
    desk = person()
    desk.command("prompthub:new-prompt")
    desk.dialog.locator("button.jp-mod-accept").click()
    expect(desk.dialog).to_contain_text("Title is needed.")
    desk.page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)
