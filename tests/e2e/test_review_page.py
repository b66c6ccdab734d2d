"""The page of a review: both layouts, words that are not sent, what comes between, and the branch that a merge leaves."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPrompt, NewTeam, People, ready
from tests.e2e.desk import held, until
from tests.e2e.lab import Lab
from tests.e2e.review_page import ReviewPage
from tests.e2e.test_merging import save
from tests.e2e.test_reviews import TEXT, reviewed


def kept_by_the_server(review: ReviewPage, lab: Lab, words: str | None) -> None:
    """The server has the words for the next time (None: nothing is kept of this review)."""
    name = review.page.url.split("/workspaces/")[1].split("?")[0].split("/")[0]

    def is_so() -> bool:
        data = lab.call_jupyter("GET", f"lab/api/workspaces/{name}")["data"]
        kept = {key: value for key, value in data.items() if key.startswith("prompthub-kept:review:")}
        return not kept if words is None else words in json.dumps(kept)

    until(is_so, page=review.page)


def test_changes_side_by_side(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = reviewed(lab, new_prompt, "both-layouts")
    desk = person(library=False)
    review = ReviewPage(desk).shown(prompt_id)
    change = review.changes.first
    expect(change.locator("ins")).to_have_text(" kindly")

    # with the keyboard
    desk.tab_to("Side by side")
    desk.page.keyboard.press("Enter")
    split = review.node.get_by_role("button", name="Side by side")
    expect(split).to_be_focused()
    expect(split).to_have_attribute("aria-pressed", "true")
    before, after = change.get_by_label("Before"), change.get_by_label("After")
    expect(before).not_to_contain_text("kindly")
    expect(after.locator("ins")).to_have_text(" kindly")
    left, right = before.bounding_box(), after.bounding_box()
    assert left
    assert right
    assert right["x"] >= left["x"] + left["width"] - 1

    # words are chosen and pointed at here too
    review.comment_on("the customer kindly", "Always?")
    expect(after.locator(".jp-PromptHub-pointedAt")).to_have_text(["the customer", " kindly"])
    (thread,) = lab.call("GET", f"prompts/{prompt_id}/reviews/1/threads")["items"]
    assert thread["quote"] == "the customer kindly"

    # narrow: one below the other, and the choice is kept
    desk.page.set_viewport_size({"width": 400, "height": 800})
    expect(split).to_have_count(0)
    expect(before).to_have_count(0)
    expect(change.locator("del, ins").first).to_be_visible()
    assert review.node.evaluate("node => node.scrollWidth <= node.clientWidth")
    desk.page.set_viewport_size({"width": 1280, "height": 800})
    expect(after).to_be_visible()

    # for another review, and for the next time
    other = reviewed(lab, new_prompt, "both-layouts-2")
    review.shown(other)
    expect(review.node.locator("[data-layout]").first).to_have_attribute("data-layout", "split")
    name = desk.page.url.split("/workspaces/")[1].split("?")[0].split("/")[0]
    until(
        lambda: "split" in json.dumps(lab.call_jupyter("GET", f"lab/api/workspaces/{name}")["data"]),
        page=desk.page,
    )
    desk.page.reload()
    expect(review.changes.first.get_by_label("After")).to_be_visible()
    review.node.get_by_role("button", name="Inline").click()
    expect(review.changes.first.get_by_label("After")).to_have_count(0)


def test_words_that_were_selected_early_can_be_commented_on(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = reviewed(lab, new_prompt, "selected-early")
    desk = person(library=False)
    review = ReviewPage(desk).shown(prompt_id)
    offer = review.node.get_by_role("button", name="Comment on these words")
    # a slow server: the review is there before it is known who reads it
    with held(desk.page, "**/prompthub/api/v1/me*", method="GET") as waiting:
        desk.page.reload()
        ready(desk.page)
        review.shown(prompt_id)
        until(lambda: waiting, page=desk.page)
        review.select("Thank the customer kindly.")
        expect(offer).to_have_count(0)
    expect(offer).to_be_visible()


def test_words_that_are_not_sent_come_back(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = reviewed(lab, new_prompt, "unsent")
    desk = person(library=False)
    review = ReviewPage(desk).shown(prompt_id)
    review.select("Thank the customer kindly.")
    review.node.get_by_role("button", name="Comment on these words").click()
    review.new.get_by_role("textbox", name="Comment on").fill("half a sent")
    review.new.get_by_label("Suggest other words").check()
    review.new.get_by_label("Suggested words").fill("Thank everybody.")
    review.node.get_by_role("button", name="Edit the description").click()
    description = review.node.get_by_role("textbox", name="Description")
    description.fill("What it is f")
    said = review.decide.get_by_label("What you have to say")
    review.decide.get_by_role("radio", name="Approve").check()
    said.fill("Looks g")
    message = review.merging.get_by_label("Message of the merge")
    message.fill("Kinder at l")

    def all_there() -> None:
        expect(review.told).to_contain_text("not sent is back in its place")
        expect(review.new.get_by_role("textbox", name="Comment on")).to_have_value("half a sent")
        expect(review.new.locator("blockquote")).to_have_text("Thank the customer kindly.")
        expect(review.new.get_by_label("Suggested words")).to_have_value("Thank everybody.")
        expect(description).to_have_value("What it is f")
        expect(said).to_have_value("Looks g")
        expect(message).to_have_value("Kinder at l")
        # what somebody approves they say again
        expect(review.decide.get_by_role("radio", name="Comment")).to_be_checked()

    # the tab is closed, at once
    desk.command("application:close")
    expect(review.node).to_have_count(0)
    review.shown(prompt_id)
    all_there()
    # the window is
    kept_by_the_server(review, lab, "Kinder at l")
    desk.page.reload()
    all_there()

    # what is sent or given up is not offered again
    review.new.get_by_role("textbox", name="Comment on").press("Control+Enter")
    expect(review.threads.filter(has_text="half a sent")).to_be_visible()
    review.node.get_by_role("button", name="Cancel").click()
    said.fill("")
    message.fill("")
    kept_by_the_server(review, lab, None)
    desk.page.reload()
    expect(review.node.locator("h2")).to_contain_text("#1")
    expect(review.threads.filter(has_text="half a sent")).to_be_visible()
    expect(review.told).not_to_contain_text("not sent")
    expect(review.new).to_have_count(0)
    expect(description).to_have_count(0)


def test_the_browser_asks_while_words_are_on_their_way(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = reviewed(lab, new_prompt, "on-their-way")
    desk = person(library=False)
    review = ReviewPage(desk).shown(prompt_id)
    said = review.decide.get_by_label("What you have to say")
    said.click()
    asked: list[str] = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    said.press_sequentially("In a h")
    desk.page.reload()
    assert asked == ["beforeunload"]
    # kept: it does not ask any more
    ready(desk.page)
    review.shown(prompt_id)
    said.fill("In no hurry")
    kept_by_the_server(review, lab, "In no hurry")
    until(lambda: not desk.page.evaluate("window.jupyterapp.status.isDirty"), page=desk.page)
    desk.page.reload()
    assert asked == ["beforeunload"]
    expect(said).to_have_value("In no hurry")


def test_what_is_sent_stands_there_once(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = reviewed(lab, new_prompt, "sent-once")
    review = ReviewPage(person(library=False)).shown(prompt_id)
    review.select("Thank the customer kindly.")
    review.node.get_by_role("button", name="Comment on these words").click()
    field = review.new.get_by_role("textbox", name="Comment on")
    field.fill("Once?")
    # the answer is late: the event that tells of it, and others, are quicker
    with held(review.page, "**/reviews/1/threads*", answered=True) as waiting:
        field.press("Control+Enter")
        until(lambda: waiting, page=review.page)
        with review.page.expect_request("**/prompthub/api/v1/reviews?**"):  # the inbox follows events
            lab.call("POST", f"prompts/{prompt_id}/reviews/1/threads", {"body": "Others are quicker"})
        expect(review.new).to_be_visible()
        expect(review.threads).to_have_count(0)
    expect(review.threads.filter(has_text="Once?")).to_have_count(1)
    expect(review.new).to_have_count(0)
    # and what happened meanwhile is read
    expect(review.timeline).to_contain_text("Others are quicker")


def test_a_fast_forward_says_before_that_it_uses_no_message(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = reviewed(lab, new_prompt, "moves-only")
    review = ReviewPage(person(library=False)).shown(prompt_id)
    note = review.merging.locator("[data-part=moves]")
    message = review.merging.get_by_label("Message of the merge")
    said = "Fast-forward: main moves on to tone."
    expect(note).to_contain_text(said)
    expect(message).to_have_accessible_description(re.compile("the message is not used"))
    # another way to merge uses it
    review.merging.get_by_label("How to merge").select_option("merge")
    expect(note).to_be_empty()
    review.merging.get_by_label("How to merge").select_option("auto")
    expect(note).to_contain_text(said)
    # and so does this one, as soon as main has a version of its own
    save(lab, prompt_id, "main", ("{{question}}", "{{question}} Thanks."))
    expect(note).to_be_empty()
    message.fill("Both at last")
    message.press("Enter")
    expect(review.state).to_have_text("Merged")
    assert lab.call("GET", f"prompts/{prompt_id}/versions/main")["commit_message"] == "Both at last"


def test_enter_in_the_message_waits_for_what_is_under_way(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    person.allow("409")
    prompt_id = reviewed(lab, new_prompt, "waits-its-turn")
    desk = person(library=False)
    review = ReviewPage(desk).shown(prompt_id)
    message = review.merging.get_by_label("Message of the merge")
    said = review.decide.get_by_label("What you have to say")

    # what would be merged changes meanwhile: it is not merged, and nothing is lost
    save(lab, prompt_id, "main", ("{{question}}", "{{question}} Thanks."))
    update = review.merging.get_by_role("button", name="Update tone")
    with held(desk.page, "**/reviews/1/update*") as waiting:
        update.click()
        until(lambda: waiting, page=desk.page)
        message.fill("Too early")
        message.press("Enter")
    expect(review.told).to_contain_text("it has changed since you asked for it")
    expect(message).to_have_value("Too early")
    assert lab.call("GET", f"prompts/{prompt_id}/reviews/1")["state"] == "open"

    # it cannot be merged: it says why
    lab.call("PATCH", f"prompts/{prompt_id}/reviews/1", {"state": "draft"})
    expect(review.state).to_have_text("Draft")
    message.press("Enter")
    expect(review.told).to_contain_text("It was not merged: This review is a draft")
    lab.call("PATCH", f"prompts/{prompt_id}/reviews/1", {"state": "open"})
    expect(review.state).to_have_text("Open")

    # something else is being sent: it is merged after that
    said.fill("By the way")
    with held(desk.page, "**/reviews/1/threads*") as waiting:
        review.decide.get_by_role("button", name="Comment", exact=True).click()
        until(lambda: waiting, page=desk.page)
        review.merging.get_by_label("How to merge").select_option("squash")
        message.fill("At last")
        message.press("Enter")
        expect(review.state).to_have_text("Open")
    expect(review.state).to_have_text("Merged")
    head = lab.call("GET", f"prompts/{prompt_id}/versions/main")
    assert head["commit_message"] == "At last"
    expect(review.timeline).to_contain_text("By the way")


def test_the_branch_goes_after_the_merge_and_comes_back(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = reviewed(lab, new_prompt, "leaves-a-branch")
    desk = person(library=False)
    review = ReviewPage(desk).shown(prompt_id)
    expect(review.source).to_have_count(0)
    review.merge_button.click()
    expect(review.source).to_contain_text("tone is not needed any more.")
    head = lab.call("GET", f"prompts/{prompt_id}/versions/tone")["sha"]

    # with the keyboard, there and back
    desk.tab_to("Delete branch")
    desk.page.keyboard.press("Enter")
    expect(review.source).to_contain_text("tone was deleted; its versions stay.")
    expect(review.node.locator(".jp-PromptHub-review-header")).to_contain_text("tone (gone)")
    assert [each["name"] for each in lab.call("GET", f"prompts/{prompt_id}/branches")["items"]] == ["main"]
    expect(review.source.get_by_role("button", name="Restore branch")).to_be_focused()
    expect(review.changes).to_have_count(1)
    desk.page.keyboard.press("Enter")
    expect(review.source.get_by_role("button", name="Delete branch")).to_be_focused()
    assert lab.call("GET", f"prompts/{prompt_id}/versions/tone")["sha"] == head

    # somebody goes on with it: it is needed, at once
    save(lab, prompt_id, "tone", ("Be brief.", "Be very brief."))
    expect(review.source).to_contain_text("tone has versions that this review did not bring.")
    lab.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone", "title": "More"})
    expect(review.source).to_contain_text("#2 (tone into main) needs it.")
    expect(review.source.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("role", ["viewer", "engineer"])
def test_who_may_not_delete_the_branch(new_team: NewTeam, role: str) -> None:
    team = new_team({"Vera": role}, {"refund": TEXT})
    prompt_id, admin = team.prompts["refund"], team.admin
    admin.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    text = TEXT.replace("Be brief.", "Be kind.")
    admin.call("PUT", f"prompts/{prompt_id}", {"text": text, "branch": "tone", "commit_message": "Kind"})
    admin.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone"})
    admin.call("POST", f"prompts/{prompt_id}/reviews/1/merge", {})
    rules = {"approvals": 1, "admins_included": True}
    admin.call("POST", "protections", {"prompts": "refund", "branch": "tone", "rules": rules})
    review = ReviewPage(team.desks["Vera"]).shown(prompt_id)
    expect(review.state).to_have_text("Merged")
    if role == "viewer":
        expect(review.source).to_have_count(0)
    else:
        expect(review.source).to_contain_text("tone is protected: it cannot be deleted.")
    expect(review.node.get_by_role("button", name="Delete branch")).to_have_count(0)
