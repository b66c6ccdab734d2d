"""Two branches are merged: what it brings, conflicts decided in place, what others do meanwhile."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, People
from tests.e2e.lab import Lab

FRONT = "---\nmodel: a/b\nconfig: {temperature: 0.5}\ninput:\n  schema:\n    question: string\n---\n"
TEXT = FRONT + '{{role "system"}}\nOne.\n\nTwo.\n\nThree.\n{{role "user"}}\n{{question}}\n'


def save(lab: Lab, prompt_id: str, branch: str, *changes: tuple[str, str]) -> None:
    text = lab.call("GET", f"prompts/{prompt_id}/versions/{branch}")["text"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    body = {"text": text, "branch": branch, "commit_message": f"On {branch}"}
    lab.call("PUT", f"prompts/{prompt_id}", body)


def conflicting(lab: Lab, new_prompt: NewPrompt, name: str = "conflicting") -> str:
    """A prompt whose ``tone`` and ``main`` changed other lines, and the same parameter; its id."""
    prompt_id = new_prompt(name, TEXT)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "tone", ("Three.", "Third."), ("0.5", "0.9"))
    save(lab, prompt_id, "main", ("One.", "First."), ("0.5", "0.1"))
    return prompt_id


def test_a_conflict_is_decided_in_place_and_the_branches_are_merged(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = conflicting(lab, new_prompt, "diverged")
    desk = person()
    page = desk.page
    desk.open("diverged")
    desk.command("prompthub:merge-branch")
    merge = page.locator(".jp-PromptHub-merge")
    state = merge.locator(".jp-PromptHub-merge-state")
    expect(merge.get_by_label("Branch that is merged", exact=True)).to_have_value("tone")
    expect(merge.get_by_label("Branch that it is merged into")).to_have_value("main")
    expect(state).to_contain_text("1 conflict is to be decided")
    expect(merge.get_by_role("button", name="Merge")).to_be_disabled()
    card = merge.locator(".jp-PromptHub-conflict")
    expect(card).to_contain_text("temperature: 0.9")
    so_far = merge.locator(".jp-PromptHub-soFar")
    expect(so_far).to_contain_text("First.")
    so_far.get_by_role("button", name="Open: parameter temperature").click()
    expect(card).to_be_focused()

    # by the keyboard
    card.get_by_role("radio", name="as main has it").focus()
    page.keyboard.press("ArrowDown")
    expect(card.get_by_role("radio", name="as tone has it")).to_be_checked()
    expect(state).to_have_attribute("data-state", "ready")
    expect(merge.locator(".jp-PromptHub-change", has_text="Third.")).to_be_visible()

    # somebody saves meanwhile: it is taken in, and the decision stays
    with page.expect_response("**/merge/preview*"):
        save(lab, prompt_id, "main", ("Two.", "Second."))
    expect(state).to_have_attribute("data-state", "ready")
    expect(card.get_by_role("radio", name="as tone has it")).to_be_checked()

    merge.get_by_label("Message of the merge").fill("Take the tone")
    expect(merge.get_by_role("button", name="Merge", exact=True)).to_be_enabled()  # what came is taken in
    page.keyboard.press("Enter")
    expect(state).to_have_attribute("data-state", "merged")
    head = lab.call("GET", f"prompts/{prompt_id}/versions/main")
    assert head["commit_message"] == "Take the tone"
    assert len(head["parents"]) == 2
    for words in ("First.", "Second.", "Third.", "temperature: 0.9"):
        assert words in head["text"]
    state.get_by_role("button", name="History").click()
    expect(desk.versions.first).to_contain_text("Take the tone")


def test_a_conflict_of_meaning_names_both_causes(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt("meaning", TEXT)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "main", ("question: string", "message: string"), ("{{question}}", "{{message}}"))
    save(lab, prompt_id, "tone", ("Two.", "Two: {{question}}."))
    desk = person(library=False)
    desk.command("prompthub:merge-branch", promptId=prompt_id, source="tone", target="main")
    merge = desk.page.locator(".jp-PromptHub-merge")
    causes = merge.locator(".jp-PromptHub-conflict-causes li")
    # a rename comes with its uses
    expect(causes).to_have_text(
        [
            "main renamed question to message",
            "main user message: uses {{message}}",
            "tone system message: uses {{question}}",
        ]
    )
    merge.get_by_role("radio", name="as main has it").check()
    expect(merge.locator(".jp-PromptHub-merge-state")).not_to_contain_text("conflict")


def test_one_branch_says_what_to_do_and_a_branch_that_moved_on_is_followed(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = new_prompt("alone-here", TEXT)
    desk = person(library=False)
    desk.command("prompthub:merge-branch", promptId=prompt_id)
    page = desk.page
    expect(page.locator(".jp-PromptHub-merge .jp-PromptHub-state")).to_contain_text(
        "There is nothing to merge"
    )
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    state = page.locator(".jp-PromptHub-merge-state")
    expect(state).to_contain_text("main has everything of tone already")
    save(lab, prompt_id, "tone", ("One.", "First."))
    expect(state).to_contain_text("can move on to tone")
    merge = page.locator(".jp-PromptHub-merge")
    expect(merge).to_contain_text("no version is made, so there is no message to write")
    expect(merge.get_by_label("Message of the merge")).to_have_count(0)
    merge.get_by_role("button", name="Merge").click()
    expect(state).to_have_attribute("data-state", "merged")
    assert "First." in lab.call("GET", f"prompts/{prompt_id}/versions/main")["text"]


def test_a_snippet_that_moves_is_listed_before_the_merge(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    rules = new_prompt("merge-rules", "Be polite.\n")
    prompt_id = new_prompt("including-rules", "{{>merge-rules}}\nOne.\n")
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, rules, "main", ("polite", "short"))
    save(lab, prompt_id, "tone")
    desk = person(library=False)
    desk.command("prompthub:merge-branch", promptId=prompt_id, source="tone", target="main")
    gets = desk.page.locator(".jp-PromptHub-merge").get_by_role("region", name="Conflicts and changes")
    expect(gets).to_contain_text("snippet merge-rules: version changed from")
