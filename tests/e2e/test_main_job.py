"""The main job of a newcomer, in the browser: open, run, edit, save, compare, promote."""

from __future__ import annotations

import os
import re

from playwright.sync_api import Response, expect

from tests.e2e.conftest import NewPrompt, People
from tests.support.fake_provider import FakeProvider, Fault


def test_the_library_lists_the_demo_prompts_and_finds_one(person: People) -> None:
    desk = person()
    for name in ("refund", "sql"):
        expect(desk.row(name)).to_be_visible()
    desk.page.get_by_label("Search the library").fill("refund")
    expect(desk.page.locator(".jp-PromptHub-promptRow", has_text="support/refund")).to_be_visible()
    expect(desk.page.locator(".jp-PromptHub-promptRow", has_text="sql")).to_have_count(0)


def test_open_run_edit_save_compare_promote_and_roll_back(person: People, scripted: str) -> None:
    desk = person()
    page = desk.page
    prompt = desk.open("summarize")
    prompt.shows("You summarize texts")
    # highlighted, and rendered
    expect(prompt.line("{{sentences}}").locator("span").nth(1)).to_be_visible()
    expect(prompt.preview).to_contain_text("Summarize in 1 sentence(s)")
    prompt.input("text").fill("The harbour bridge opened in 1932, after eight years of work.")
    prompt.input("sentences").fill("2")
    expect(prompt.preview).to_contain_text("Summarize in 2 sentence(s)")
    expect(prompt.preview).to_contain_text("The harbour bridge")

    # run on the model of the prompt where there is one
    if not os.environ.get("PROMPTHUB_TEST_MODEL"):
        prompt.node.locator("select[name=model]").select_option(scripted)
    answer = prompt.run()
    expect(answer.locator(".jp-PromptHub-answer-text")).not_to_be_empty()
    facts = answer.locator(".jp-PromptHub-facts")
    expect(facts).to_contain_text("tokens")
    expect(facts).to_contain_text(re.compile(r"\$|cost not known"))
    expect(facts).to_contain_text(re.compile(r"\d m?s"))
    expect(prompt.node.locator(".jp-PromptHub-recent li").first).to_be_visible()

    # edit
    first = prompt.state.locator(".jp-PromptHub-quiet").inner_text()
    prompt.type_after("Summarize in", " Keep names.")
    prompt.changed()
    prompt.stored()
    expect(desk.row("summarize").locator(".jp-PromptHub-draftDot")).to_be_visible()
    # what is stored is not at risk: closing would not ask
    expect(page.locator(".lm-TabBar-tab.lm-mod-current.jp-mod-dirty")).to_have_count(0)

    # save, with Enter in the dialog
    second = prompt.save("Names are kept")
    assert second != first
    expect(desk.row("summarize").locator(".jp-PromptHub-draftDot")).to_have_count(0)

    # history and comparison
    prompt.node.locator("[data-jp-item-name=history]").get_by_role("button").click()
    expect(desk.versions.first).to_contain_text("Names are kept")
    expect(desk.versions.first).to_contain_text(second)
    expect(desk.history.locator(".jp-PromptHub-graph").first).to_be_visible()
    desk.versions.nth(0).get_by_role("checkbox").check()
    desk.versions.nth(1).get_by_role("checkbox").check()
    desk.history.get_by_role("button", name="Compare").click()
    change = desk.diff.locator(".jp-PromptHub-change", has_text="user message")
    expect(change).to_be_visible()
    expect(change.locator(".cm-changedText", has_text="Keep names.")).to_be_visible()
    desk.diff.get_by_text("Whole text").click()
    expect(desk.diff.locator(".cm-changedText", has_text="Keep names.")).to_be_visible()

    # promote and roll back
    desk.tab("History")
    desk.versions.first.hover()
    desk.versions.first.get_by_label("Promote").click()
    desk.accept(environment="production", reason="Read by two people")
    desk.toast(f"production serves {second} now")
    production = desk.history.locator("[data-environment=production]").first
    expect(production).to_contain_text(second)
    desk.quiet()
    production.get_by_label("Roll production back").click()
    desk.accept(reason="Answers became too long")
    desk.toast("production serves")
    expect(production).to_contain_text(first)


def test_a_run_can_be_stopped(person: People, scripted: str, provider: FakeProvider) -> None:
    desk = person()
    prompt = desk.open("translate")
    prompt.input("text").fill("Good morning")
    prompt.node.locator("select[name=model]").select_option(scripted)
    provider.plan(Fault.STALL)
    provider.hung_up.clear()
    prompt.run_button.click()
    expect(prompt.node.locator("[data-phase=streaming]")).to_be_visible()
    prompt.node.get_by_role("button", name="Stop").click()
    expect(prompt.node.locator("[data-phase=cancelled]")).to_contain_text("Stopped")
    assert provider.hung_up.wait(10), "the call to the provider went on"
    answer = prompt.run()
    expect(answer).to_contain_text(provider.answer)


def test_branches_and_restoring(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("branches", '{{role "user"}}\nSay hello.\n')
    desk = person()
    prompt = desk.open("branches")
    first = prompt.state.locator(".jp-PromptHub-quiet").inner_text()
    prompt.node.get_by_label("Branch").select_option("New branch…")
    desk.accept(name="feature/tone")
    expect(prompt.node.get_by_label("Branch")).to_have_value("feature/tone")
    prompt.type_after("Say hello.", " Kindly.")
    prompt.changed()
    kinder = prompt.save("A kinder tone")
    desk.quiet()

    # main is as it was
    prompt.node.get_by_label("Branch").select_option("main")
    expect(prompt.node.get_by_label("Branch")).to_have_value("main")
    prompt.stored()
    assert "Kindly" not in prompt.text
    desk.tab("feature/tone")

    desk.command("prompthub:open-history")
    expect(desk.versions).to_have_count(2)
    expect(desk.versions.first).to_contain_text("feature/tone")
    # the draft of main takes the branch's version, and gives it back
    desk.versions.first.hover()
    desk.versions.first.get_by_label("Restore into the draft").click()
    toast = desk.toast(f"The draft of main now reads as {kinder}")
    prompt.shows("Say hello. Kindly.")
    prompt.changed()
    toast.get_by_role("button", name="Undo").click()
    expect(prompt.line("Kindly")).to_have_count(0)
    expect(prompt.state).to_contain_text(first)


def test_a_new_prompt_archived_and_brought_back(person: People) -> None:
    desk = person()
    desk.page.get_by_role("toolbar", name="Library").get_by_role("button", name="New prompt").click()
    desk.accept(title="Greeting mail", tags="mail, friendly")
    prompt = desk.prompt
    expect(prompt.state).to_contain_text("no version yet")
    desk.page.get_by_label("Search the library").fill("greeting")
    expect(desk.row("greeting-mail")).to_be_visible()
    prompt.type_after("You are a helpful assistant", " Be brief.")
    prompt.stored()
    prompt.save("First words")

    desk.row("greeting-mail").click(button="right")
    desk.page.locator(".lm-Menu-item", has_text="Archive").click()
    expect(desk.row("greeting-mail")).to_have_count(0)
    desk.toast("Archived greeting-mail").get_by_role("button", name="Undo").click()
    expect(desk.row("greeting-mail")).to_be_visible()


def test_a_reload_brings_the_layout_back(person: People) -> None:
    desk = person()
    prompt = desk.open("contact")
    desk.command("prompthub:open-history")
    expect(desk.versions.first).to_be_visible()
    desk.tab("extract/contact")
    prompt.input("message").fill("Ada, ada@example.org")
    # JupyterLab saves the layout a moment after it changed
    with desk.page.expect_response(_kept_layout):
        desk.tab("History")
    workspace = desk.page.url.split("/workspaces/")[1].split("/")[0].split("?")[0]
    for _ in range(2):  # what comes back is kept on
        with desk.page.expect_response(_kept_layout):
            person.visit(desk.page, workspace, reset=False)
        expect(desk.versions.first).to_be_visible()
    desk.tab("extract/contact")
    prompt.stored()
    expect(prompt.input("message")).to_have_value("Ada, ada@example.org")
    expect(desk.page.locator(".lm-TabBar-tab", has_text="History: extract/contact")).to_be_visible()


def _kept_layout(response: Response) -> bool:
    body = response.request.post_data or ""
    kept = all(
        f'"{document}' in body
        for document in ("prompthub-history:", "prompthub:PromptHub:", "prompthub-kept:form:")
    )
    return "/lab/api/workspaces/" in response.url and response.request.method == "PUT" and kept
