"""What helps while one writes: completion, fixes, rename, snippets, outline, find and replace; by keyboard."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.desk import Desk, Prompt, held, until

TEXT = """---
input:
  schema:
    customer: string, who writes
    orders?(array):
      id: string
---
{{role "system"}}
Be kind.
{{role "user"}}
Hello from {{customer}}.
"""


def offers(prompt: Prompt) -> Locator:
    """What can be taken; not what is left in sight of an older text until the server has answered."""
    return prompt.page.locator(".jp-PromptHub-completion:not(.cm-tooltip-autocomplete-disabled) li")


def end_of(prompt: Prompt, words: str) -> None:
    prompt.line(words).click()
    prompt.page.keyboard.press("End")


def opened(desk: Desk, new_prompt: NewPrompt, name: str, text: str = TEXT) -> Prompt:
    new_prompt(name, text)
    return desk.open(name.rpartition("/")[2])


def test_variables_blocks_and_snippets_are_completed_by_keyboard(
    person: People, new_prompt: NewPrompt
) -> None:
    new_prompt("manner", "Be brief.\n")
    desk = person()
    prompt = opened(desk, new_prompt, "completing")
    keys = desk.page.keyboard
    end_of(prompt, "Hello from")
    keys.type(" {{cu")
    first = offers(prompt).first
    expect(first).to_contain_text("customer")
    expect(first).to_contain_text("string")
    expect(desk.page.locator(".cm-completionInfo")).to_contain_text("who writes")
    # nothing is taken in the first moments, so that a key meant for the text does not hit the list
    until(lambda: _taken(prompt, "Enter", "{{customer}}. {{customer}}"), page=desk.page)

    keys.type(" {{#ea")
    expect(offers(prompt).first).to_contain_text("each")
    until(lambda: _taken(prompt, "Tab", "{{#each items}}{{/each}}"), page=desk.page)
    keys.type("orders")
    # the next Tab goes on to the body, unless what is offered for the first word is still there to be taken
    expect(offers(prompt).first).to_contain_text("orders")
    until(lambda: _none_left(prompt, "Tab"), page=desk.page)
    keys.press("Tab")
    keys.type("{{")
    expect(offers(prompt).filter(has_text="id").first).to_be_visible()
    expect(offers(prompt).filter(has_text="@index").first).to_be_visible()
    keys.type("id}}")
    assert "{{#each orders}}{{id}}{{/each}}" in prompt.text

    end_of(prompt, "Be kind.")
    keys.type(" {{> mann")
    expect(offers(prompt).first).to_contain_text("manner")
    until(lambda: _taken(prompt, "Enter", "Be kind. {{> manner}}"), page=desk.page)
    expect(prompt.problems).to_have_count(0)


def _taken(prompt: Prompt, key: str, expected: str) -> bool:
    """Take the offer in front; a key that comes too early would change the text, so it waits for the list."""
    if expected not in prompt.text and offers(prompt).count():
        prompt.page.wait_for_timeout(100)
        prompt.page.keyboard.press(key)
    return expected in prompt.text


def _none_left(prompt: Prompt, key: str) -> bool:
    """Take the offer in front where that changes no text."""
    if offers(prompt).count():
        prompt.page.wait_for_timeout(100)
        prompt.page.keyboard.press(key)
    return not offers(prompt).count()


def test_front_matter_offers_keys_and_models_where_it_does_not_parse_yet(
    person: People, new_prompt: NewPrompt, scripted: str
) -> None:
    desk = person()
    prompt = opened(desk, new_prompt, "front")
    keys = desk.page.keyboard
    end_of(prompt, "---")
    keys.press("Enter")
    keys.type("mod")
    expect(offers(prompt).first).to_contain_text("model")
    until(lambda: _taken(prompt, "Enter", "\nmodel: \n"), page=desk.page)
    expect(offers(prompt).filter(has_text=scripted)).to_be_visible()
    keys.type("scripted")
    until(lambda: _taken(prompt, "Enter", f"\nmodel: {scripted}\n"), page=desk.page)


def test_a_problem_is_mended_by_keyboard_and_undone_as_one_step(
    person: People, new_prompt: NewPrompt
) -> None:
    desk = person()
    prompt = opened(desk, new_prompt, "fixing")
    keys = desk.page.keyboard
    end_of(prompt, "Hello from")
    keys.type(" {{#if urgent}}Quick!")
    broken = prompt.text
    expect(prompt.problems).to_contain_text("never closed")
    expect(prompt.node.locator(".cm-lint-marker-error")).to_be_visible()
    keys.press("Control+.")
    menu = desk.page.locator(".jp-PromptHub-fixes")
    expect(menu).to_contain_text("Close {{#if}} at the end")
    keys.press("Enter")
    expect(prompt.line("Quick!{{/if}}")).to_be_visible()
    expect(prompt.problems.filter(has_text="urgent is used and not declared")).to_be_visible()

    # the editor has the focus again: undo and redo are one step each
    keys.press("Control+z")
    until(lambda: prompt.text == broken, page=desk.page)
    keys.press("Control+Shift+z")
    until(lambda: "Quick!{{/if}}" in prompt.text, page=desk.page)
    expect(prompt.problems.filter(has_text="urgent is used and not declared")).to_be_visible()
    keys.press("Control+.")
    expect(menu).to_contain_text("Declare urgent as boolean")
    keys.press("Enter")
    expect(prompt.line("urgent: boolean")).to_be_visible()
    expect(prompt.problems).to_have_count(1)
    expect(prompt.problems).to_contain_text("orders is declared and nothing uses it")


def test_a_fix_is_offered_by_mouse_at_the_marked_text(person: People, new_prompt: NewPrompt) -> None:
    desk = person()
    prompt = opened(desk, new_prompt, "pointing")
    expect(prompt.problems).to_contain_text("orders is declared and nothing uses it")
    prompt.node.locator(".cm-lintRange-warning").first.hover()
    desk.page.locator(".cm-diagnosticAction", has_text="Remove the declaration of orders").click()
    expect(prompt.problems).to_have_count(0)
    expect(prompt.node.locator(".cm-lintRange-warning")).to_have_count(0)
    assert "orders" not in prompt.text


def test_a_variable_is_renamed_everywhere_and_its_input_stays(person: People, new_prompt: NewPrompt) -> None:
    desk = person()
    person.allow("400")  # the name that is taken
    prompt = opened(desk, new_prompt, "renaming")
    prompt.input("customer").fill("Ada")
    before = prompt.text
    prompt.line("Hello from").get_by_text("customer").click()
    keys = desk.page.keyboard
    keys.press("F2")
    field = desk.dialog.locator("[name=name]")
    expect(field).to_have_value("customer")
    expect(field).to_be_focused()
    keys.type("orders")  # in the place of the old name
    expect(field).to_have_value("orders")
    keys.press("Enter")
    expect(desk.dialog).to_contain_text("a variable 'orders' is there already")
    field.fill("writer")
    keys.press("Enter")
    expect(desk.dialog).to_have_count(0)
    expect(prompt.line("Hello from {{writer}}.")).to_be_visible()
    assert "    writer: string, who writes\n" in prompt.text
    expect(prompt.input("writer")).to_have_value("Ada")
    expect(prompt.input("customer")).to_have_count(0)
    expect(prompt.preview).to_contain_text("Hello from Ada.")
    keys.press("Control+z")
    until(lambda: prompt.text == before, page=desk.page)


def test_a_snippet_is_read_opened_and_left_again(person: People, new_prompt: NewPrompt) -> None:
    new_prompt("tone", "Always be warm.\n")
    desk = person()
    prompt = opened(desk, new_prompt, "including", "Hello.\n{{> tone}}\nBye.\n")
    name = prompt.line("{{> tone}}").get_by_text("tone")
    name.hover()
    card = desk.page.locator(".jp-PromptHub-snippetcard")
    expect(card).to_contain_text("Always be warm.")
    expect(card).to_contain_text("latest")

    name.click()
    keys = desk.page.keyboard
    keys.press("F12")
    desk.prompt.shows("Always be warm.")
    desk.prompt.line("Always be warm.").click()
    keys.press("Alt+ArrowLeft")
    desk.prompt.shows("{{> tone}}")
    # the cursor is where it was
    keys.type("!")
    until(lambda: "!" in prompt.line("{{>").inner_text(), page=desk.page)
    keys.press("Control+z")

    prompt.line("{{> tone}}").get_by_text("tone").click(modifiers=["Control"])
    desk.prompt.shows("Always be warm.")


def test_a_snippet_is_read_and_opened_as_soon_as_the_text_is_checked(
    person: People, new_prompt: NewPrompt
) -> None:
    new_prompt("mood", "Always be warm.\n")
    new_prompt("hurried", "Hello.\n{{> mood}}\nBye\n")
    desk = person()
    page = desk.page
    with held(page, "**/api/v1/check*") as checks:
        prompt = desk.open("hurried")
        name = prompt.line("{{> mood}}").get_by_text("mood")
        until(lambda: bool(checks), page=page)
        name.hover()
        page.wait_for_timeout(500)  # longer than a pointer must rest
    expect(page.locator(".jp-PromptHub-snippetcard")).to_contain_text("Always be warm.")
    with held(page, "**/api/v1/check*"):
        prompt.type_after("Bye", "!")
        name.click(modifiers=["Control"])
    desk.prompt.shows("Always be warm.")


def test_the_outline_stands_in_the_table_of_contents(person: People, new_prompt: NewPrompt) -> None:
    desk = person()
    prompt = opened(desk, new_prompt, "outlined")
    desk.command("toc:show-panel")
    contents = desk.page.locator(".jp-TableOfContents-content[data-document-type=prompthub]")
    for words in ("Front matter", "customer", "orders", "system", "user"):
        expect(contents.locator(".jp-tocItem-content", has_text=words).first).to_be_visible()
    contents.locator(".jp-tocItem-content", has_text="user").first.click()
    desk.page.keyboard.type("Now: ")
    expect(prompt.line('Now: {{role "user"}}')).to_be_visible()
    prompt.type_after("Hello from", "\n{{#if orders}}More{{/if}}")
    expect(contents.locator(".jp-tocItem-content", has_text="#if orders")).to_be_visible()


def test_find_and_replace_work_on_the_source(person: People, new_prompt: NewPrompt) -> None:
    desk = person()
    prompt = opened(desk, new_prompt, "searched", "red, red and red.\n")
    prompt.line("red,").click()
    keys = desk.page.keyboard
    keys.press("Control+f")
    search = desk.page.locator(".jp-DocumentSearch-overlay")
    search.get_by_placeholder("Find").fill("red")
    expect(search.locator(".jp-DocumentSearch-index-counter")).to_contain_text("/3")
    search.locator(".jp-DocumentSearch-toggle-wrapper").first.click()
    search.get_by_placeholder("Replace").fill("blue")
    search.get_by_role("button", name="Replace All").click()
    until(lambda: prompt.text.startswith("blue, blue and blue."), page=desk.page)
