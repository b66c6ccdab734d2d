"""Reviews in JupyterLab: two people with accounts, each in a Lab of their own, from the branch to the merge."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, NewTeam, People
from tests.e2e.lab import Lab
from tests.e2e.review_page import ReviewPage
from tests.e2e.test_merging import save

FRONT = "---\nmodel: a/b\nconfig: {temperature: 0.5}\ninput:\n  schema:\n    question: string\n---\n"
TEXT = FRONT + '{{role "system"}}\nBe brief.\n\nThank the customer.\n{{role "user"}}\n{{question}}\n'


def test_two_people_bring_a_branch_in(new_team: NewTeam) -> None:
    team = new_team({"Ben": "engineer", "Lea": "team_lead"}, {"refund": TEXT})
    prompt_id, admin = team.prompts["refund"], team.admin
    rules = {"approvals": 1, "conversations_resolved": True, "admins_included": False}
    protection = admin.call("POST", "protections", {"prompts": "refund", "rules": rules})
    ben, lea = team.desks["Ben"], team.desks["Lea"]

    # a branch, an edit, a version, a review
    ben.open("refund")
    ben.command("prompthub:create-branch")
    ben.accept(name="tone")
    branch = ben.prompt.node.locator(".jp-PromptHub-branches select")
    expect(branch).to_have_value("tone")
    ben.prompt.type_after("Thank the customer", " kindly, and ask for the order number.")
    ben.prompt.changed()
    ben.prompt.save("Kinder")
    branch.select_option(label="Open review…")
    ben.dialog.get_by_label("Lea").check()
    ben.accept(title="A kinder tone", description="Customers find us **cold**.")
    one = ReviewPage(ben)
    expect(one.node.locator("h2")).to_have_text("A kinder tone #1")
    expect(one.node.locator(".jp-PromptHub-markdown strong")).to_have_text("cold")
    expect(one.reviewers.filter(has_text="Lea")).to_contain_text("asked")
    one.blocked_by("approvals", "may_merge")
    expect(one.merge_button).to_be_disabled()

    # words are talked about, and others suggested
    two = ReviewPage(lea).shown(prompt_id)
    expect(two.state).to_have_text("Open")
    thread = two.comment_on("ask for the order number", "Which one?", "ask for the number of the order")
    expect(two.change("kindly").locator(".jp-PromptHub-pointedAt")).to_have_text("ask for the order number")
    two.blocked_by("approvals", "conversations")
    other = one.threads.filter(has_text="Which one?")
    expect(other).to_contain_text("Suggested change")
    other.get_by_role("button", name="Reply…").click()
    expect(other.get_by_label("Reply")).to_be_focused()
    ben.page.keyboard.type("Right, @l")
    expect(other.get_by_role("option", name="Lea")).to_be_visible()
    ben.page.keyboard.press("Enter")
    ben.page.keyboard.type("is.")
    expect(other.get_by_label("Reply")).to_have_value("Right, @Lea is.")
    ben.page.keyboard.press("Control+Enter")
    expect(thread).to_contain_text("Right, @Lea is.")
    assert team.accounts["Lea"].call("GET", "reviews?inbox=mentioned")["items"]
    other.get_by_role("button", name="Apply as version").click()
    expect(one.told).to_contain_text("The suggestion is version")
    expect(two.changes.filter(has_text="ask for the number of the order")).to_be_visible()
    expect(two.threads.locator(".jp-PromptHub-badge", has_text="resolved")).to_be_visible()

    # who suggested it wrote a part of it; the rule is changed, and it counts
    two.say("Approve", "Well done")
    lea_there = one.reviewers.filter(has_text="Lea")
    expect(lea_there).to_contain_text("Not counted: wrote a part of it.")
    expect(one.timeline.locator("[data-entry=approve]")).to_contain_text("Well done")
    admin.call("PATCH", f"protections/{protection['id']}", {"rules": {**rules, "exclude_authors": False}})
    expect(lea_there).to_have_attribute("data-standing", "counts")
    expect(two.merging).to_have_attribute("data-state", "ready")
    expect(two.merge_button).to_be_enabled()

    # a new version: what was approved is not what would be merged
    ben.command("prompthub:open-prompt", promptId=prompt_id, branch="tone")
    ben.prompt.shows("Be brief")
    ben.prompt.type_after("Be brief", " Be clear.")
    ben.prompt.changed()
    ben.prompt.save("Clearer")
    expect(two.reviewers.filter(has_text="Lea")).to_contain_text(
        "what would be merged is not what was approved"
    )
    two.blocked_by("approvals")
    expect(two.merge_button).to_be_disabled()
    expect(two.timeline).to_contain_text("Clearer")

    # somebody who may changes main: a conflict
    text = admin.call("GET", f"prompts/{prompt_id}/versions/main")["text"]
    body = {"text": text.replace("Be brief.", "Be short."), "commit_message": "Shorter"}
    admin.call("PUT", f"prompts/{prompt_id}", body)
    two.blocked_by("conflicts", "approvals")
    expect(two.decide.get_by_role("radio", name="Approve")).to_be_disabled()
    conflicts = one.shown(prompt_id).node.locator("[data-part=conflicts]")
    open_ones = conflicts.locator(".jp-PromptHub-conflicts-state")
    expect(open_ones).to_have_attribute("data-open", "1")
    conflicts.get_by_role("radio", name="all of it as tone has it").check()
    expect(open_ones).to_have_attribute("data-open", "0")
    two.blocked_by("approvals")

    # approved again, and merged
    two.say("Approve")
    expect(two.merging).to_have_attribute("data-state", "ready")
    two.merge_button.click()
    expect(two.state).to_have_text("Merged")
    expect(one.state).to_have_text("Merged")
    head = admin.call("GET", f"prompts/{prompt_id}/versions/main")
    assert "Be brief. Be clear." in head["text"]
    assert "ask for the number of the order" in head["text"]

    # and taken back by a review of its own
    two.merging.get_by_role("button", name="Revert").click()
    expect(two.node.locator("h2")).to_contain_text("#2")
    expect(two.timeline).to_contain_text("to take back #1")


def reviewed(lab: Lab, new_prompt: NewPrompt, name: str, **more: Any) -> str:
    """A prompt with a review #1 of ``tone`` into ``main``; its id."""
    prompt_id = new_prompt(name, TEXT)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "tone", ("Thank the customer.", "Thank the customer kindly."))
    lab.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone", "title": "Kinder", **more})
    return prompt_id


def test_what_is_typed_stays_when_others_change_the_review(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    person.allow("409")
    prompt_id = reviewed(lab, new_prompt, "typed-along")
    review = ReviewPage(person(library=False)).shown(prompt_id)
    review.select("Thank the customer kindly.")
    review.node.get_by_role("button", name="Comment on these words").click()
    new = review.node.locator(".jp-PromptHub-thread.jp-mod-new")
    new.get_by_role("textbox", name="Comment on").fill("half a sent")
    review.decide.get_by_role("radio", name="Approve").check()
    review.decide.get_by_label("What you have to say").fill("Looks good")

    # a version comes in: the choice is taken back, what is typed is not
    save(lab, prompt_id, "tone", ("Be brief.", "Be brief, always."))
    expect(review.told).to_contain_text("has changed since you looked")
    expect(review.changes.first).to_contain_text("always")
    expect(new.get_by_role("textbox", name="Comment on")).to_have_value("half a sent")
    expect(review.decide.get_by_label("What you have to say")).to_have_value("Looks good")
    expect(review.decide.get_by_role("radio", name="Comment")).to_be_checked()

    # the words are found where they are now
    new.get_by_role("textbox", name="Comment on").fill("half a sentence")
    review.page.keyboard.press("Control+Enter")
    expect(new).to_have_count(0)
    (thread,) = lab.call("GET", f"prompts/{prompt_id}/reviews/1/threads")["items"]
    assert thread["quote"] == "Thank the customer kindly."

    # the digest has moved when the word arrives: refused, told, nothing lost
    review.decide.get_by_role("radio", name="Approve").check()
    review.page.route("**/reviews/1/decisions*", lambda route: _moved(lab, prompt_id, route))
    review.decide.get_by_role("button", name="Approve", exact=True).click()
    expect(review.told).to_contain_text("What you have typed is still here.")
    expect(review.decide.get_by_label("What you have to say")).to_have_value("Looks good")
    review.page.unroute("**/reviews/1/decisions*")
    # it is read again after it was told; until then the word is about what was there before
    expect(review.changes.first).to_contain_text("always and ever")
    assert lab.call("GET", f"prompts/{prompt_id}/reviews/1")["decisions"] == []
    review.say("Approve", "Looks good")
    expect(review.reviewers).to_contain_text("approved")

    # words that are gone: the conversation keeps them
    save(lab, prompt_id, "tone", ("Thank the customer kindly.", "Sign with a name."))
    outdated = review.threads.filter(has_text="half a sentence")
    expect(outdated).to_contain_text("outdated")
    expect(outdated.locator("blockquote")).to_have_text("Thank the customer kindly.")


def _moved(lab: Lab, prompt_id: str, route: Any) -> None:
    save(lab, prompt_id, "tone", ("always", "always and ever"))
    route.continue_()


def test_a_review_is_opened_changed_closed_and_opened_again(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    person.allow("409")
    prompt_id = new_prompt("opened-again", TEXT)
    desk = person()
    page = desk.page
    desk.open("opened-again")
    # one branch
    desk.command("prompthub:new-review", promptId=prompt_id)
    desk.toast("has one branch: there is nothing to review")
    desk.quiet()
    # nothing to merge
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    desk.command("prompthub:new-review", promptId=prompt_id, source="tone")
    desk.dialog.locator("button.jp-mod-accept").click()
    expect(desk.dialog).to_contain_text("main has everything that tone has: there is nothing to review.")
    desk.press(desk.dialog, "Escape")
    save(lab, prompt_id, "tone", ("Be brief.", "Be very brief."))
    # a branch that is not there
    desk.command("prompthub:new-review", promptId=prompt_id, source="gone")
    desk.toast("has no branch gone")
    desk.dialog.get_by_label("A draft: nobody is asked yet").check()
    desk.accept(title="Briefer")
    review = ReviewPage(desk)
    expect(review.state).to_have_text("Draft")
    review.blocked_by("draft")
    # it is there already
    desk.command("prompthub:new-review", promptId=prompt_id, source="tone")
    desk.dialog.locator("button.jp-mod-accept").click()
    desk.toast("There is a review of these branches already")
    expect(review.node.locator("h2")).to_have_text("Briefer #1")

    review.node.get_by_role("button", name="Ready for review").click()
    expect(review.state).to_have_text("Open")
    expect(review.merging).to_have_attribute("data-state", "ready")
    review.node.get_by_role("button", name="Edit the title").click()
    review.node.get_by_role("textbox", name="Title").fill("Much briefer")
    page.keyboard.press("Enter")
    expect(review.node.locator("h2")).to_have_text("Much briefer #1")
    expect(review.node.get_by_role("button", name="Edit the title")).to_be_focused()
    review.node.get_by_role("button", name="Edit the description").click()
    review.node.get_by_role("textbox", name="Description").fill("- one\n- two")
    page.keyboard.press("Control+Enter")
    expect(review.node.locator(".jp-PromptHub-markdown li")).to_have_count(2)
    review.node.get_by_role("button", name="Close", exact=True).click()
    expect(review.state).to_have_text("Closed")
    review.node.get_by_role("button", name="Open again").click()
    expect(review.state).to_have_text("Open")

    # main moves on: the source is brought up to date from here
    save(lab, prompt_id, "main", ("{{question}}", "{{question}} Thanks."))
    review.merging.get_by_role("button", name="Update tone").click()
    expect(review.timeline).to_contain_text("Merge main into tone")
    # squashed
    review.merging.get_by_label("How to merge").select_option("squash")
    review.merging.get_by_label("Message of the merge").fill("Briefer at last")
    expect(review.merge_button).to_be_enabled()
    page.keyboard.press("Enter")
    expect(review.state).to_have_text("Merged")
    head = lab.call("GET", f"prompts/{prompt_id}/versions/main")
    assert (head["commit_message"], len(head["parents"])) == ("Briefer at last", 1)

    # it comes back with the window
    page.reload()
    expect(review.node.locator("h2")).to_have_text("Much briefer #1")


def test_a_review_of_a_snippet_shows_who_includes_it(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = new_prompt(
        "reviewed-style", "---\ninput:\n  schema:\n    name: string\n---\nBe brief, {{name}}.\n"
    )
    front = "---\nsnippets: {reviewed-style: latest}\n---\n"
    text = front + '{{role "system"}}\n{{> reviewed-style}}\n{{role "user"}}\nHello\n'
    new_prompt("includes-style", text)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "tone", ("Be brief", "Be kind"))
    lab.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone"})
    review = ReviewPage(person(library=False)).shown(prompt_id)
    part = review.node.locator("[data-part=dependents]")
    expect(part.get_by_role("heading")).to_contain_text("1 prompt")
    row = part.locator("[data-dependent=includes-style]")
    expect(row).to_contain_text("changes when it is saved again")
    row.locator("summary").click()
    expect(row.locator("ins")).to_have_text("kind")
    row.get_by_role("button", name="Open").click()
    review.desk.prompt.shows("{{> reviewed-style}}")


def test_what_is_not_there_or_gone_is_said(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    person.allow("Failed to load resource")
    prompt_id = reviewed(lab, new_prompt, "gone-review")
    desk = person(library=False)
    desk.command("prompthub:open-review", prompt=prompt_id, number=7)
    expect(desk.page.locator(".jp-PromptHub-review")).to_contain_text("There is no such review")
    review = ReviewPage(desk).shown(prompt_id)
    # the branch goes, and the review with it
    lab.call("DELETE", f"prompts/{prompt_id}/branches/tone")
    expect(review.state).to_have_text("Closed")
    expect(review.node.locator(".jp-PromptHub-review-header")).to_contain_text("tone (gone)")
    expect(review.node.get_by_role("button", name="Open again")).to_be_disabled()
    expect(review.node.locator("[data-part=changes]")).to_contain_text("A branch of this review is gone")
    # an archived prompt is read
    lab.call("DELETE", f"prompts/{prompt_id}")
    expect(review.node.locator(".jp-PromptHub-review-header")).to_contain_text("archived")
    expect(review.decide).to_have_count(0)
    # the server is away: what is shown stays
    desk.page.route("**/prompthub/api/**", lambda route: route.abort())
    desk.page.evaluate(
        "window.jupyterapp.shell.currentWidget.model.reload()",
    )
    expect(review.told).to_contain_text("What is shown may be old")
    desk.page.unroute("**/prompthub/api/**")
    review.told.get_by_role("button", name="Read it again").click()
    expect(review.told).not_to_contain_text("may be old")


def test_a_viewer_reads_a_review_and_takes_no_part(new_team: NewTeam) -> None:
    team = new_team({"Vera": "viewer"}, {"refund": TEXT})
    prompt_id, admin = team.prompts["refund"], team.admin
    admin.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    text = TEXT.replace("Be brief.", "Be kind.")
    admin.call("PUT", f"prompts/{prompt_id}", {"text": text, "branch": "tone", "commit_message": "Kind"})
    made = admin.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone"})
    place = {"path": made["diff"]["changes"][0]["path"], "digest": made["digest"]}
    admin.call("POST", f"prompts/{prompt_id}/reviews/1/threads", {"body": "Why?", **place})
    check = {
        "name": "suite",
        "verdict": "failed",
        "digest": made["digest"],
        "url": "https://ci.example.org/1",
    }
    check |= {"evidence": {"suite": "support"}, "summary": "2 of 9 failed"}
    admin.call("POST", f"prompts/{prompt_id}/reviews/1/checks", check)

    review = ReviewPage(team.desks["Vera"]).shown(prompt_id)
    expect(review.node.locator(".jp-PromptHub-review-header")).to_contain_text("read only")
    expect(review.threads).to_contain_text("Why?")
    check_row = review.checks.filter(has_text="suite")
    expect(check_row).to_have_attribute("data-verdict", "failed")
    expect(check_row.get_by_role("link", name="evidence")).to_have_attribute(
        "href", "https://ci.example.org/1"
    )
    for name in ("Reply…", "Resolve", "Edit the title", "Close", "Merge", "Ask…"):
        expect(review.node.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(review.decide).to_have_count(0)
    review.select("Be kind.")
    expect(review.node.get_by_role("button", name="Comment on these words")).to_have_count(0)

    # live: what others do shows
    admin.call("PUT", f"prompts/{prompt_id}", {
        "text": text.replace("Be kind.", "Be kinder."), "branch": "tone", "commit_message": "Kinder",
    })  # fmt: skip
    expect(check_row).to_contain_text("stale")
    # a role that is changed holds at once
    admin.call("PATCH", f"members/{team.ids['Vera']}", {"role": "engineer"})
    expect(review.decide).to_be_visible()
    expect(review.merge_button).to_be_enabled()


def test_a_review_with_the_keyboard_alone(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = reviewed(lab, new_prompt, "keyboard-review")
    desk = person(library=False)
    page, keys = desk.page, desk.page.keyboard
    review = ReviewPage(desk).shown(prompt_id)
    headings = review.node.locator("h2, h3, [role=heading]").all_inner_texts()
    assert [re.sub(r"\s+", " ", each) for each in headings][:3] == [
        "Kinder #1", "Description", "What main gets 1 change",
    ]  # fmt: skip
    expect(review.node.locator(".jp-PromptHub-review-body")).to_be_focused()

    # the title
    desk.tab_to("Edit the title")
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("Kinder to all")
    keys.press("Enter")
    expect(review.node.locator("h2")).to_have_text("Kinder to all #1")
    expect(review.node.get_by_role("button", name="Edit the title")).to_be_focused()

    # a conversation about words that are chosen with the keys
    desk.tab_to("Comment on")
    keys.press("Enter")
    new = review.node.locator(".jp-PromptHub-thread.jp-mod-new")
    expect(new.get_by_role("textbox", name="Comment on")).to_be_focused()
    desk.tab_to("Choose words", back=True)
    keys.press("Enter")
    picking = new.get_by_role("textbox", name="Select words")
    expect(picking).to_be_focused()
    keys.press("Control+Home")
    keys.press("ArrowDown")
    keys.press("Shift+End")
    desk.tab_to("Take these words")
    keys.press("Enter")
    expect(new.locator("blockquote")).to_have_text("Be brief.")
    expect(new.get_by_role("textbox", name="Comment on")).to_be_focused()
    keys.type("How brief?")
    keys.press("Control+Enter")
    thread = review.threads.filter(has_text="How brief?")
    expect(thread).to_be_visible()

    # a reply, resolved
    desk.tab_to(r"Reply…")
    keys.press("Enter")
    keys.type("Very")
    keys.press("Control+Enter")
    expect(thread).to_contain_text("Very")
    desk.tab_to("Resolve")
    keys.press("Enter")
    expect(thread).to_contain_text("resolved")

    # the word: a group of radio buttons is one stop
    desk.tab_to("radio")
    keys.press("ArrowDown")
    expect(review.decide.get_by_role("radio", name="Approve")).to_be_checked()
    keys.press("Tab")
    expect(review.decide.get_by_label("What you have to say")).to_be_focused()
    keys.type("Fine")
    keys.press("Control+Enter")
    expect(review.reviewers).to_contain_text("approved")

    # and the merge
    desk.tab_to("Message of the merge")
    keys.type("By keyboard")
    desk.tab_to(r"^Merge")
    keys.press("Enter")
    expect(review.state).to_have_text("Merged")
    assert lab.call("GET", f"prompts/{prompt_id}/reviews/1")["state"] == "merged"
    expect(page.locator(".Toastify__toast-body")).to_have_count(0)
