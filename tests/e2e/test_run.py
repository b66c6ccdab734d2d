"""The Run tab: what a run costs before it is made, runs beside each other, inputs kept, results taken elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import Desk
from tests.e2e.lab import Lab
from tests.support.fake_provider import FakeProvider, Fault

TEXT = """---
model: scripted/scripted-1
config: {max_tokens: 40}
input: {schema: {order: "string, the order number", tone?: "string, how it sounds"}}
---
{{role "system"}}
You help customers.
{{role "user"}}
Where is order {{order}}?
"""


@pytest.fixture(scope="module")
def other(lab: Lab) -> Iterator[FakeProvider]:
    """A second provider, which says something else."""
    with FakeProvider(answer="The parcel left the harbour on Friday.") as running:
        connection = {"name": "other", "provider": "openai", "base_url": running.url, "secret": "sk-12345678"}
        connection |= {"input_nano_usd_per_token": 1000, "output_nano_usd_per_token": 4000}
        lab.call("POST", "connections", {**connection, "models": ["other-1"], "allow_private_address": True})
        yield running


def side_by_side(desk: Desk) -> Locator:
    desk.prompt.node.get_by_role("button", name="Side by side").click()
    panel = desk.page.locator(".jp-PromptHub-sideBySide")
    expect(panel.locator(".jp-PromptHub-column")).to_have_count(2)
    return panel


def column(panel: Locator, number: int) -> Locator:
    return panel.get_by_role("region", name=f"Column {number}", exact=True)


def test_tokens_and_cost_are_told_before_anything_is_called(
    person: People, new_prompt: NewPrompt, other: FakeProvider
) -> None:
    new_prompt("run/estimate", TEXT)
    desk = person()
    prompt = desk.open("estimate")
    expect(prompt.node.locator(".jp-PromptHub-estimate")).to_have_count(0)  # the order is missing
    prompt.input("order").fill("A-17")
    card = prompt.preview.locator(".jp-PromptHub-card", has_text="You help")
    expect(card).to_contain_text(re.compile(r"≈ \d tokens"))
    line = prompt.node.locator(".jp-PromptHub-estimate")
    expect(line).to_contain_text("cost not known · answer up to 40 tokens")
    prompt.node.locator("select[name=model]").select_option("other/other-1")
    expect(line).to_contain_text(re.compile(r"≈ \d\d tokens · about \$0\.0000\d+, at most \$0\.00019"))
    expect(line).to_have_attribute("title", re.compile("rule of thumb.*nano-USD per input token", re.DOTALL))
    assert other.requests == []


def test_two_models_run_beside_each_other_and_the_words_that_differ_are_marked(
    person: People, new_prompt: NewPrompt, other: FakeProvider, lab: Lab
) -> None:
    prompt_id = new_prompt("run/models", TEXT)
    desk = person()
    prompt = desk.open("models")
    prompt.input("order").fill("A-17")
    panel = side_by_side(desk)
    panel.get_by_label("Model of column 2").select_option("other/other-1")
    expect(panel.locator(".jp-PromptHub-sideBySide-bar .jp-PromptHub-estimate")).to_contain_text(
        re.compile(r"≈ \d\d tokens · about \$0\.0000\d+ and 1 of unknown cost · answer up to 80 tokens")
    )
    # the inputs are those of the editor
    expect(panel.locator("[name=order]")).to_have_value("A-17")
    panel.get_by_role("button", name="Run all").click()
    first, second = column(panel, 1), column(panel, 2)
    expect(first).to_contain_text("The parcel left the warehouse on Tuesday.")
    expect(second.locator("ins")).to_have_text(["harbour", "Friday"])
    expect(second.locator("del")).to_have_text(["warehouse", "Tuesday"])
    expect(first.locator("ins")).to_have_count(0)
    expect(second.locator(".jp-PromptHub-facts")).to_contain_text(re.compile(r"other-1.*tokens.*\$"))
    second.get_by_role("radio", name="baseline").check()
    expect(first.locator("ins")).to_have_text(["warehouse", "Tuesday"])
    expect(second.locator("ins")).to_have_count(0)
    panel.get_by_role("button", name="Mark the words").click()
    expect(first.locator("ins")).to_have_count(0)
    runs = lab.call("GET", f"executions?prompt_id={prompt_id}")["items"]
    assert {run["connection"] for run in runs} == {"scripted", "other"}


def test_a_version_with_another_contract_says_what_is_missing_and_the_rest_runs(
    person: People, new_prompt: NewPrompt, provider: FakeProvider, lab: Lab
) -> None:
    prompt_id = new_prompt("run/contract", TEXT.replace("order", "parcel"))
    lab.call("PUT", f"prompts/{prompt_id}", {"text": TEXT, "commit_message": "Second"})
    desk = person()
    desk.open("contract").input("order").fill("A-17")
    panel = side_by_side(desk)
    old = panel.get_by_label("Version of column 1").locator("option", has_text="First").get_attribute("value")
    panel.get_by_label("Version of column 1").select_option(old)
    panel.get_by_label("Model of column 2").select_option("")
    expect(column(panel, 1).get_by_role("alert")).to_contain_text("parcel")
    before = len(provider.requests)
    panel.get_by_role("button", name="Run all").click()
    expect(column(panel, 2)).to_have_attribute("data-phase", "done")
    expect(column(panel, 1)).to_have_attribute("data-phase", "idle")
    assert len(provider.requests) == before + 1
    # and the same column twice is told, not refused
    panel.get_by_label("Version of column 1").select_option("")
    panel.get_by_label("Model of column 1").select_option("")
    expect(column(panel, 2)).to_contain_text("The same as column 1")


def test_each_column_is_stopped_and_fails_for_itself(
    person: People, new_prompt: NewPrompt, provider: FakeProvider, other: FakeProvider
) -> None:
    new_prompt("run/faults", TEXT)
    desk = person()
    desk.open("faults").input("order").fill("A-17")
    panel = side_by_side(desk)
    panel.get_by_label("Model of column 1").select_option("")
    panel.get_by_label("Model of column 2").select_option("other/other-1")
    provider.plan(Fault.STALL)
    other.plan(Fault.REFUSED)
    # by keyboard, from inside the panel
    panel.locator("[name=order]").press("ControlOrMeta+Enter")
    expect(column(panel, 2).get_by_role("alert")).to_contain_text("refused")
    expect(column(panel, 1)).to_contain_text("The parcel")
    column(panel, 1).get_by_label("Stop column 1").click()
    expect(column(panel, 1)).to_contain_text("Stopped; this is what came.")
    expect(panel.get_by_role("button", name="Run all")).to_be_enabled()


def test_columns_are_remembered_and_go_with_their_editor(
    person: People, new_prompt: NewPrompt, other: FakeProvider
) -> None:
    new_prompt("run/layout", TEXT)
    desk = person()
    desk.open("layout")
    panel = side_by_side(desk)
    panel.get_by_label("Model of column 2").select_option("other/other-1")
    panel.get_by_role("button", name="Add a column").click()
    expect(panel.locator(".jp-PromptHub-column")).to_have_count(3)
    desk.page.locator(".lm-TabBar-tab", has_text="Side by side").locator(".lm-TabBar-tabCloseIcon").click()
    expect(panel).to_have_count(0)
    desk.prompt.node.get_by_role("button", name="Side by side").click()
    expect(panel.locator(".jp-PromptHub-column")).to_have_count(3)
    expect(panel.get_by_label("Model of column 2")).to_have_value("other/other-1")
    tabs = desk.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab")
    tabs.filter(has_text=re.compile("^run/layout$")).locator(".lm-TabBar-tabCloseIcon").click()
    expect(panel).to_have_count(0)


def test_inputs_are_kept_under_a_name_and_used_again_by_somebody_else(
    person: People, new_prompt: NewPrompt, lab: Lab
) -> None:
    prompt_id = new_prompt("run/samples", TEXT)
    desk = person()
    prompt = desk.open("samples")
    picker = prompt.node.get_by_label("Sample inputs", exact=True).locator("select")
    prompt.input("order").fill("A-17\n“soon”")
    prompt.node.get_by_label("Keep these inputs as a new sample").click()
    desk.accept(name="angry customer")
    expect(picker.locator("option:checked")).to_have_text("angry customer")

    # somebody else sees it come, and fills the fields from it
    colleague = person()
    other = colleague.open("samples")
    other.input("tone").fill("calm")
    theirs = other.node.get_by_label("Sample inputs", exact=True).locator("select")
    theirs.select_option("angry customer")
    expect(other.input("order")).to_have_value("A-17\n“soon”")
    expect(other.input("tone")).to_have_value("")
    other.input("order").fill("B-18")
    expect(theirs.locator("option:checked")).to_have_text("angry customer (changed)")
    other.node.get_by_label("Keep what is in the fields in “angry customer”").click()
    expect(theirs.locator("option:checked")).to_have_text("angry customer")
    theirs.select_option("")
    expect(other.input("tone")).to_have_value("calm")

    # renamed and deleted here, and brought back
    prompt.node.get_by_label("Rename “angry customer”").click()
    desk.accept(name="very angry customer")
    expect(theirs.locator("option")).to_have_text(["Sample inputs…", "very angry customer"])
    prompt.node.get_by_label("Delete “very angry customer”").click()
    expect(theirs.locator("option")).to_have_text(["No sample inputs yet"])
    desk.toast("was deleted").get_by_role("button", name="Undo").click()
    expect(picker.locator("option")).to_have_text(["Sample inputs…", "very angry customer"])
    [kept] = lab.call("GET", f"prompts/{prompt_id}/samples")["items"]
    assert kept["inputs"] == {"order": "B-18"}


def test_a_run_of_the_past_becomes_a_sample(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("run/past", TEXT)
    desk = person()
    prompt = desk.open("past")
    prompt.input("order").fill("A-17")
    prompt.run()
    prompt.input("order").fill("")
    prompt.node.locator(".jp-PromptHub-recent-row").first.click()
    prompt.node.get_by_role("button", name="Keep as a sample").click()
    desk.accept(name="one of the past")
    prompt.node.locator("select[name=sample]").select_option("one of the past")
    expect(prompt.input("order")).to_have_value("A-17")


def test_a_run_is_copied_as_case_cell_and_curl_by_keyboard(
    person: People, new_prompt: NewPrompt, provider: FakeProvider
) -> None:
    prompt_id = new_prompt("run/copy", TEXT)
    desk = person()
    page = desk.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    prompt = desk.open("copy")
    prompt.input("order").fill("A-17, it's late")
    answer = prompt.run()
    button = answer.get_by_role("button", name="Copy as")

    def copied(downs: int, label: str) -> str:
        button.press("Enter")
        expect(page.get_by_role("menuitem", name="Notebook cell")).to_be_visible()
        for _ in range(downs):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        desk.toast(f"Copied: {label}")
        desk.quiet()
        expect(button).to_be_focused()
        return str(page.evaluate("navigator.clipboard.readText()"))

    case = json.loads(copied(0, "Test case"))
    assert case["inputs"] == {"order": "A-17, it's late"}
    assert case["expected_outputs"] == [{"type": "contains", "value": provider.answer}]
    cell = copied(1, "Notebook cell")
    assert cell.startswith("%prompthub run run/copy@")
    assert "order=A-17, it" in cell
    curl = copied(2, "curl request")
    assert prompt_id in curl
    assert "$PROMPTHUB_TOKEN" in curl
    assert "e2e-token" not in curl
