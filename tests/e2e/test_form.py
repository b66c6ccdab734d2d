"""The contract as a form: every change is a minimal edit of the text, and every change of the text shows in the form."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import Prompt, until

TEXT = """---
model: scripted/scripted-1   # the quick one
input:
  schema:
    # what comes from the shop
    order: string, the order number
    tone?: string
snippets: {house-style: "@production"}
output: {format: json, schema: {reply: string}}
tools: [lookup_order]
---
{{role "system"}}
You help customers. {{> house-style}}
{{role "user"}}
Where is order {{order}}? {{extra}}
"""


def _contract(prompt: Prompt) -> None:
    prompt.node.get_by_role("tab", name="Contract").click()
    expect(prompt.node.locator(".jp-PromptHub-contract")).to_be_visible()


def _says(prompt: Prompt, text: str) -> None:
    until(lambda: prompt.text == text, page=prompt.page)


def test_form_and_text_are_one_document(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("form/one", TEXT)
    person.allow(r"status of 400 .*/edit")  # a name that is taken
    desk = person()
    prompt = desk.open("one")
    page = prompt.page
    _contract(prompt)

    # each change is an edit of its own line; comments and layout stay
    description = page.get_by_label("Description of order")
    expect(description).to_have_value("the order number")
    description.fill("such as A-17")
    description.press("Enter")
    text = TEXT.replace("the order number", "such as A-17")
    _says(prompt, text)
    page.get_by_label("Type of tone").select_option("enum")
    page.get_by_label("Values of tone").fill("kind, brief")
    page.get_by_label("Values of tone").press("Enter")
    text = text.replace("tone?: string", "tone?(enum): [kind, brief]")
    _says(prompt, text)
    order = prompt.node.locator("[data-variable=order]")
    order.get_by_label("required").click()
    text = text.replace("order: string", "order?: string")
    _says(prompt, text)

    # one step of undo each
    prompt.line("You help").click()
    page.keyboard.press("Control+z")
    text = text.replace("order?: string", "order: string")
    _says(prompt, text)
    expect(order.get_by_label("required")).to_be_checked()

    # what is only used can be declared
    page.get_by_role("button", name="Declare", exact=True).click()
    text = text.replace("[kind, brief]\n", "[kind, brief]\n    extra: string\n")
    _says(prompt, text)

    # a name is changed everywhere
    name = page.get_by_label("Name of extra; another name renames it everywhere")
    name.fill("order")
    name.press("Enter")
    expect(page.get_by_text("is there already")).to_be_visible()
    name.fill("remark")
    name.press("Enter")
    text = text.replace("extra", "remark")
    _says(prompt, text)

    # snippets, the answer, tools
    ref = page.get_by_label("The ref at which house-style is included")
    ref.fill("staging")
    ref.press("Enter")
    text = text.replace("@production", "@staging")
    _says(prompt, text)
    page.get_by_label("Name of a new property of the answer").fill("sentiment")
    page.keyboard.press("Enter")
    text = text.replace("{reply: string}", "{reply: string, sentiment: string}")
    _says(prompt, text)
    page.get_by_label("Name of a tool").fill("refund")
    page.keyboard.press("Enter")
    text = text.replace("[lookup_order]", "[lookup_order, refund]")
    _says(prompt, text)
    what = page.get_by_label("Description of the tool refund")
    what.fill("gives money back")
    what.press("Enter")
    text = text.replace(", refund]", ", {name: refund, description: gives money back}]")
    _says(prompt, text)
    page.get_by_label("Remove the tool lookup_order").click()
    text = text.replace("[lookup_order, ", "[")
    _says(prompt, text)
    page.get_by_label("Format of the answer").select_option("text")
    text = text.replace("format: json", "format: text")
    _says(prompt, text)

    # the text changes, and the form shows it
    prompt.type_after("remark: string", ", anything else")
    expect(page.get_by_label("Description of remark")).to_have_value("anything else")


def test_a_text_that_does_not_parse_holds_the_form(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("form/unparsed", TEXT)
    desk = person()
    prompt = desk.open("unparsed")
    _contract(prompt)
    expect(prompt.page.get_by_label("Description of order")).to_be_enabled()
    prompt.type_after("You help customers.", " {{#if order}}")
    expect(prompt.page.get_by_text("Correct it, then edit the contract here.")).to_be_visible()
    expect(prompt.page.get_by_label("Description of order")).to_be_disabled()
    expect(prompt.page.get_by_label("Description of order")).to_have_value("the order number")


def test_one_fills_the_form_while_another_types(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("form/two", TEXT)
    ada, ben = person(), person()
    first, second = ada.open("two"), ben.open("two")
    _contract(first)
    tone = first.page.get_by_label("Description of tone")
    tone.click()
    first.page.keyboard.type("how it ")
    second.line("You help customers.").click()
    second.page.keyboard.press("End")
    for letter in "abcdefghij":
        second.page.keyboard.type(letter)
        first.page.keyboard.type(letter)
    # what is being filled stays under the fingers
    expect(tone).to_have_value("how it abcdefghij")
    tone.press("Enter")
    text = TEXT.replace("tone?: string", "tone?: string, how it abcdefghij")
    text = text.replace("{{> house-style}}\n", "{{> house-style}}abcdefghij\n")
    _says(first, text)
    _says(second, text)


def test_two_change_two_things_of_one_variable(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("form/same", TEXT)
    ada, ben = person(), person()
    first, second = ada.open("same"), ben.open("same")
    _contract(first)
    default = first.page.get_by_label("Default of tone")
    default.click()
    first.page.keyboard.type("kind")
    # what Ben writes in the same declaration is not undone by what Ada's form does not name
    second.type_after("tone?: string", ", how it sounds")
    default.press("Enter")
    text = TEXT.replace("tone?: string", "tone?: string, how it sounds\n  default:\n    tone: kind")
    _says(first, text)
    _says(second, text)


def test_the_form_is_filled_with_the_keyboard_alone(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("form/keys", TEXT)
    desk = person()
    prompt = desk.open("keys")
    prompt.node.get_by_role("tab", name="Run").focus()
    keys = prompt.page.keyboard
    keys.press("ArrowRight")
    expect(prompt.node.locator(".jp-PromptHub-contract")).to_be_visible()
    keys.press("Tab")
    expect(prompt.page.get_by_label("Name of order; another name renames it everywhere")).to_be_focused()
    keys.press("Tab")
    expect(prompt.page.get_by_label("Type of order")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    expect(prompt.page.get_by_label("Description of order")).to_be_focused()
    keys.press("Control+a")
    keys.type("its number")
    keys.press("Enter")
    _says(prompt, TEXT.replace("the order number", "its number"))
    keys.press("Escape")
    expect(prompt.page.get_by_label("Description of order")).to_be_focused()


def test_what_is_refused_is_said_beside_its_field_and_stays_there(
    person: People, new_prompt: NewPrompt
) -> None:
    new_prompt("form/refused", TEXT)
    person.allow(r"status of 400 .*/edit")
    desk = person()
    prompt = desk.open("refused")
    page = prompt.page
    _contract(prompt)

    def refused(field: Locator, reason: re.Pattern[str]) -> None:
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(reason)

    # a name that picoschema cannot declare: it is kept, to be mended
    adder = page.get_by_label("Name of a new variable")
    adder.fill("type")
    adder.press("Enter")
    refused(adder, re.compile("picoschema cannot declare 'type'"))
    expect(adder).to_have_value("type")

    # each field has its own
    ref = page.get_by_label("The ref at which house-style is included")
    ref.fill("a b")
    ref.press("Enter")
    refused(ref, re.compile("ref"))
    refused(adder, re.compile("picoschema"))
    expect(ref).to_have_value("a b")

    # still there when one comes back, and gone when the text is as it was
    prompt.node.get_by_role("tab", name="Run").click()
    _contract(prompt)
    refused(ref, re.compile("ref"))
    ref.press("Escape")
    expect(ref).to_have_attribute("aria-invalid", "false")
    expect(ref).to_have_value("production")
    adder.press("End")
    page.keyboard.type("_")
    expect(adder).to_have_attribute("aria-invalid", "false")
    adder.press("Enter")
    _says(prompt, TEXT.replace("tone?: string\n", "tone?: string\n    type_: string\n"))
    expect(adder).to_have_value("")


def test_examples_are_filled_in_the_form_and_offered_where_one_runs(
    person: People, new_prompt: NewPrompt
) -> None:
    text = TEXT.replace("    tone?: string\n", "    tone?: string\n    count?: integer\n").replace(
        "{{extra}}", "{{tone}} {{count}}"
    )
    new_prompt("form/examples", text)
    desk = person()
    prompt = desk.open("examples")
    page = prompt.page
    _contract(prompt)

    # added, one after the other, without leaving the field
    adder = page.get_by_label("A new example of order")
    for value in ("A-17", "B-2203"):
        adder.fill(value)
        adder.press("Enter")
    beside = text.replace("snippets:", "  examples:\n    order: [A-17, B-2203]\nsnippets:")
    _says(prompt, beside)
    expect(adder).to_have_value("")
    adder.fill("A-17")
    expect(page.get_by_text("A-17 is there already.")).to_be_visible()
    adder.press("Escape")

    # only of its type
    number = page.get_by_label("A new example of count")
    number.fill("many")
    expect(page.get_by_text("Expected whole number.")).to_be_visible()
    number.fill("3")
    number.press("Enter")
    beside = beside.replace("B-2203]\n", "B-2203]\n    count: [3]\n")
    _says(prompt, beside)

    # changed, and removed
    second = page.get_by_label("Example 2 of order")
    second.fill("C-3")
    second.press("Enter")
    beside = beside.replace("B-2203", "C-3")
    _says(prompt, beside)
    page.get_by_label("Remove the example A-17 of order").click()
    beside = beside.replace("[A-17, C-3]", "[C-3]")
    _says(prompt, beside)

    # those that are of the new type too are kept
    page.get_by_label("Type of count").select_option("number")
    beside = beside.replace("count?: integer", "count?: number")
    _says(prompt, beside)
    page.get_by_label("Type of count").select_option("boolean")
    beside = beside.replace("count?: number", "count?: boolean").replace("    count: [3]\n", "")
    _says(prompt, beside)

    # a click fills a field of Run
    prompt.node.get_by_role("tab", name="Run").click()
    offered = page.get_by_role("group", name="Examples of order").get_by_role("button", name="C-3")
    expect(offered).to_have_attribute("aria-pressed", "false")
    offered.press("Enter")
    expect(prompt.node.locator("textarea[name=order]")).to_have_value("C-3")
    expect(offered).to_have_attribute("aria-pressed", "true")


def test_what_a_tool_takes_is_filled_in_the_form_also_where_it_is_narrow(
    person: People, new_prompt: NewPrompt
) -> None:
    new_prompt("form/tools", TEXT)
    person.allow(r"status of 400 .*/edit")  # a name that is taken
    desk = person(width=400, height=800)
    prompt = desk.open("tools")
    page = prompt.page
    desk.command("application:toggle-left-area")
    _contract(prompt)

    adder = page.get_by_label("Name of a new parameter of lookup_order")
    adder.fill("order")
    adder.press("Enter")
    tool = "{name: lookup_order, parameters: {type: object, properties: {order: {type: string}}, required: [order]}}"
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]"))
    expect(adder).to_be_focused()
    adder.fill("shop")
    adder.press("Enter")
    tool = tool.replace(
        "{type: string}}, required: [order]", "{type: string}, shop: {type: string}}, required: [order, shop]"
    )
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]"))

    # the name keeps the focus under its new name
    name = page.get_by_label("Name of the parameter order of lookup_order")
    name.fill("shop")
    name.press("Enter")
    expect(page.get_by_text("there is a 'shop' already")).to_be_visible()
    name.fill("number")
    name.press("Enter")
    tool = tool.replace("order: {", "number: {").replace("[order, ", "[number, ")
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]"))
    expect(page.get_by_label("Name of the parameter number of lookup_order")).to_be_focused()

    what = page.get_by_label("Description of number of lookup_order")
    what.fill("such as A-17")
    what.press("Enter")
    tool = tool.replace("number: {type: string}", "number: {type: string, description: such as A-17}")
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]"))
    page.get_by_label("Type of shop of lookup_order").select_option("integer")
    tool = tool.replace("shop: {type: string}", "shop: {type: integer}")
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]"))
    page.get_by_label("shop of lookup_order is required").click()
    tool = tool.replace("[number, shop]", "[number]")
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]"))
    page.get_by_label("Remove the parameter shop of lookup_order").click()
    tool = tool.replace(", shop: {type: integer}", "")
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]"))

    # nothing is cut off at the side
    form = prompt.node.locator(".jp-PromptHub-contract")
    assert form.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    # a property of the answer has a name that can be changed too
    answer = page.get_by_label("Name of the property reply of the answer")
    answer.fill("said")
    answer.press("Enter")
    _says(prompt, TEXT.replace("[lookup_order]", f"[{tool}]").replace("{reply: ", "{said: "))
