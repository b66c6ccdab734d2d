"""Conflicts of a review, decided in place by two people at once; each sits at a Lab of their own."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import Response, Route, expect

from tests.e2e.conflicts_page import ConflictsPage
from tests.e2e.conftest import NewPrompt, NewTeam, People
from tests.e2e.lab import Lab
from tests.e2e.review_page import ReviewPage
from tests.e2e.team import Account, Team
from tests.e2e.test_merging import conflicting, save

FRONT = (
    "---\nmodel: a/b\nconfig: {temperature: 0.5, top_p: 0.5}\ninput:\n  schema:\n    question: string\n---\n"
)
BODY = '{{role "system"}}\nBe brief.\n\nThank the customer.\n\nSay goodbye.\n{{role "user"}}\n{{question}}\n'
TEXT = FRONT + BODY
HEAT, TOP, SYSTEM = "parameter/temperature", "parameter/top_p", "segment/0/system"


def change(by: Account, prompt_id: str, branch: str, *changes: tuple[str, str]) -> None:
    text = by.call("GET", f"prompts/{prompt_id}/versions/{branch}")["text"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    by.call("PUT", f"prompts/{prompt_id}", {"text": text, "branch": branch, "commit_message": f"On {branch}"})


def disputed(team: Team) -> str:
    """A prompt with a review of ``tone`` into ``main`` that has three conflicts; its id."""
    prompt_id, admin = team.prompts["refund"], team.admin
    admin.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    for branch, heat, top, brief, bye in (
        ("tone", "0.9", "0.8", "Be kind.", "Say farewell."),
        ("main", "0.1", "0.2", "Be short.", "Say bye."),
    ):
        change(
            admin,
            prompt_id,
            branch,
            ("temperature: 0.5", f"temperature: {heat}"),
            ("top_p: 0.5", f"top_p: {top}"),
            ("Be brief.", brief),
            ("Say goodbye.", bye),
        )
    admin.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone", "title": "Kinder"})
    return prompt_id


def test_two_people_decide_conflicts_together(new_team: NewTeam) -> None:
    team = new_team({"Ben": "engineer", "Lea": "team_lead"}, {"refund": TEXT})
    prompt_id = disputed(team)
    ben = ConflictsPage(team.desks["Ben"]).shown(prompt_id)
    lea = ConflictsPage(team.desks["Lea"]).shown(prompt_id)
    for one in (ben, lea):
        one.open(3)
        expect(one.cards).to_have_count(3)
    expect(lea.card(HEAT)).to_contain_text("changed differently on both sides")
    expect(lea.card(SYSTEM).locator("[data-mode=theirs] ins")).to_have_text(["kind", "farewell"])

    # one decides, and the other sees it, with who it was
    ben.way(HEAT, "as tone has it").check()
    expect(lea.card(HEAT)).to_contain_text("Ben decided: as tone has it")
    expect(lea.way(HEAT, "as tone has it")).to_be_checked()
    lea.open(2)
    expect(lea.state).to_contain_text(f"Ben decided {HEAT}: as tone has it.")

    # the other one begins to write, and what the first does takes nothing of it away
    lea.way(TOP, "in other words").check()
    words = lea.card(TOP).get_by_role("textbox")
    expect(words).to_have_value("top_p: 0.2\n")
    words.fill("top_p: [")
    ben.way(TOP, "as main has it").check()
    expect(lea.note(TOP, "meanwhile")).to_contain_text("Ben decided meanwhile: as main has it.")
    expect(words).to_have_value("top_p: [")

    # knowingly it is replaced; what gives no prompt is refused there, with the reason
    team.allowed.append("400")
    lea.card(TOP).get_by_role("button", name="Put mine").click()
    expect(lea.note(TOP, "refused")).to_contain_text("This was not kept:")
    expect(words).to_have_value("top_p: [")
    expect(ben.card(TOP)).to_contain_text("Ben decided: as main has it")
    words.fill("top_p: 0.7")
    lea.page.keyboard.press("Control+Enter")
    expect(ben.card(TOP)).to_contain_text("Lea decided: in other words")
    expect(ben.card(TOP).locator("[data-mode=text] pre")).to_have_text("top_p: 0.7")

    # place by place
    lea.way(SYSTEM, "place by place").check()
    places = lea.card(SYSTEM).get_by_role("group")
    expect(places).to_have_count(2)
    expect(lea.card(SYSTEM).get_by_role("button", name="Decide")).to_be_disabled()
    places.nth(0).get_by_role("radio", name="as tone has it").check()
    places.nth(1).get_by_role("radio", name="as main has it").check()
    lea.card(SYSTEM).get_by_role("button", name="Decide").click()
    ben.open(0)
    expect(ben.node.locator(".jp-PromptHub-change", has_text="kind")).to_be_visible()

    # a decision is taken back, and made again
    ben.card(HEAT).get_by_role("button", name="Take back").click()
    lea.open(1)
    ben.way(HEAT, "as it was before").check()
    lea.open(0)

    # the result, to the letter
    review = ReviewPage(team.desks["Lea"]).shown(prompt_id)
    review.merge_button.click()
    expect(review.state).to_have_text("Merged")
    head = team.admin.call("GET", f"prompts/{prompt_id}/versions/main")["text"]
    wanted = TEXT.replace("top_p: 0.5", "top_p: 0.7").replace("brief", "kind").replace("goodbye", "bye")
    assert head == wanted


def test_the_result_so_far_shows_what_is_decided_and_leads_to_what_is_open(new_team: NewTeam) -> None:
    team = new_team({"Ben": "engineer", "Lea": "team_lead"}, {"refund": TEXT})
    prompt_id = disputed(team)
    ben = ConflictsPage(team.desks["Ben"]).shown(prompt_id)
    result, keys = ben.so_far, ben.page.keyboard
    # nothing is decided: what is merged stands around what is open
    expect(result.locator("summary")).to_have_text("Result so far 3 conflicts are open")
    expect(result).to_contain_text("Nothing is decided yet")
    expect(ben.part("variable/question")).to_have_text("question: string")
    system = ben.part(SYSTEM)
    expect(system.locator("pre")).to_have_text(['{{role "system"}}', "Thank the customer."])
    expect(system.get_by_role("button", name="Open: system message")).to_have_count(2)

    # from the result to the conflict and its choices, by the keyboard
    link = ben.part(HEAT).get_by_role("button", name="Open: parameter temperature")
    link.focus()
    keys.press("Enter")
    expect(ben.card(HEAT)).to_be_focused()
    expect(ben.card(HEAT)).to_be_in_viewport()
    keys.press("Tab")
    keys.press("Space")
    expect(ben.way(HEAT, "as main has it")).to_be_checked()
    expect(ben.part(HEAT).locator("pre")).to_have_text("temperature: 0.1")
    expect(ben.part(HEAT).get_by_role("button")).to_have_accessible_name(
        re.compile("Decided: parameter temp")
    )
    expect(result.locator("summary")).to_contain_text("2 conflicts are open")
    expect(result).not_to_contain_text("Nothing is decided yet")

    # what others decide is seen too; it is closed and stays closed
    result.locator("summary").focus()
    keys.press("Enter")
    expect(ben.part(SYSTEM).first).to_be_hidden()
    lea = ConflictsPage(team.desks["Lea"]).shown(prompt_id)
    lea.way(SYSTEM, "all of it as tone has it").check()
    expect(result.locator("summary")).to_contain_text("1 conflict is open")
    expect(ben.part(SYSTEM).first).to_be_hidden()
    keys.press("Enter")
    expect(ben.part(SYSTEM)).to_contain_text("Be kind.")

    # all is decided: the text to the letter
    lea.way(TOP, "as tone has it").check()
    expect(result.locator("summary")).to_have_text("Result everything is decided")
    wanted = TEXT.replace("temperature: 0.5", "temperature: 0.1").replace("top_p: 0.5", "top_p: 0.8")
    wanted = wanted.replace("brief", "kind").replace("goodbye", "farewell")
    assert result.locator("pre").text_content() == wanted


def test_two_people_decide_one_conflict_at_the_same_moment(new_team: NewTeam) -> None:
    team = new_team({"Ben": "engineer", "Lea": "team_lead"}, {"refund": TEXT})
    prompt_id = disputed(team)
    ben = ConflictsPage(team.desks["Ben"]).shown(prompt_id)
    lea = ConflictsPage(team.desks["Lea"]).shown(prompt_id)
    lea.open(3)
    team.allowed.append("409")

    # Ben's decision is on its way; Lea's arrives first
    def after_lea(route: Route) -> None:
        lea.way(HEAT, "as main has it").check()
        expect(lea.card(HEAT)).to_contain_text("Lea decided: as main has it")
        route.continue_()

    ben.page.route("**/resolutions*", after_lea, times=1)
    ben.way(HEAT, "as tone has it").click()
    note = ben.note(HEAT, "meanwhile")
    expect(note).to_contain_text("Lea decided meanwhile: as main has it. Yours: as tone has it.")
    expect(lea.card(HEAT)).to_contain_text("Lea decided: as main has it")
    note.get_by_role("button", name="Take the decision of Lea").click()
    expect(note).to_have_count(0)
    expect(ben.way(HEAT, "as main has it")).to_be_checked()


def test_a_branch_that_moves_opens_what_it_changed_and_says_what(new_team: NewTeam) -> None:
    team = new_team({"Ben": "engineer"}, {"refund": TEXT})
    prompt_id = disputed(team)
    ben = ConflictsPage(team.desks["Ben"]).shown(prompt_id)
    ben.way(HEAT, "as tone has it").check()
    ben.open(2)
    ben.way(SYSTEM, "all of it as tone has it").check()
    ben.open(1)
    ben.way(TOP, "in other words").check()
    words = ben.card(TOP).get_by_role("textbox")
    words.fill("top_p: 0.6")

    change(team.admin, prompt_id, "tone", ("Say farewell.", "Say farewell, warmly."), ("0.8", "0.85"))
    ben.open(2)
    lapsed = ben.note(SYSTEM, "lapsed")
    expect(lapsed).to_contain_text("Ben decided “all of it as tone has it”. It does not hold any more")
    expect(lapsed).to_contain_text("tone says something else now")
    expect(lapsed.locator("ins")).to_contain_text("warmly")
    # what was being written is there, and is not sent about what was not seen
    expect(ben.note(TOP, "meanwhile")).to_contain_text("this conflict says something else now")
    expect(words).to_have_value("top_p: 0.6")

    # nor is it lost with the page: it is written on, about what the conflict says then
    ben.desk.command("application:close")
    expect(ben.node).to_have_count(0)
    ben.shown(prompt_id)
    expect(words).to_have_value("top_p: 0.6")
    ben.card(TOP).get_by_role("button", name="Decide").click()
    ben.open(1)
    ben.way(SYSTEM, "all of it as tone has it").check()
    ben.open(0)
    expect(lapsed).to_have_count(0)

    # while it is merged, somebody else saves: nothing is merged that was not looked at, and the decisions stay
    review = ReviewPage(ben.desk).shown(prompt_id)
    team.allowed.append("409")

    def after_a_save(route: Route) -> None:
        change(team.admin, prompt_id, "main", ("{{question}}\n", "{{question}}?\n"))
        route.continue_()

    ben.page.route("**/reviews/1/merge*", after_a_save, times=1)
    review.merge_button.click()
    expect(review.told).to_contain_text("What would be merged is not what you looked at")
    state = review.node.locator("[data-part=conflicts] .jp-PromptHub-conflicts-state")
    expect(state).to_have_attribute("data-open", "0")
    review.merge_button.click()
    expect(review.state).to_have_text("Merged")
    head = team.admin.call("GET", f"prompts/{prompt_id}/versions/main")["text"]
    wanted = TEXT.replace("temperature: 0.5", "temperature: 0.9").replace("top_p: 0.5", "top_p: 0.6")
    wanted = wanted.replace("brief", "kind").replace("Say goodbye.", "Say farewell, warmly.")
    assert head == wanted.replace("{{question}}\n", "{{question}}?\n")


def test_a_conflict_of_meaning_says_what_each_choice_does_and_the_keyboard_is_enough(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    text = TEXT.replace("Be brief.", "Be brief: {{question}}.")
    prompt_id = new_prompt("meant", text)
    lab.call("POST", f"prompts/{prompt_id}/branches", {"name": "tone"})
    save(lab, prompt_id, "main", ("question: string", "message: string"), ("{{question}}", "{{message}}"))
    save(lab, prompt_id, "tone", ("Say goodbye.", "Say goodbye to {{question}}."))
    lab.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone", "title": "Kinder"})
    conflicts = ConflictsPage(person(library=False)).shown(prompt_id)
    conflicts.open(1)
    card = conflicts.cards.first
    expect(card).to_contain_text("Each side is right alone, and both together are not")
    expect(card.locator("[data-mode=ours]")).to_contain_text("Takes back what tone did")
    conflicts.node.press("Tab")
    expect(conflicts.node.get_by_role("button", name="Review")).to_be_focused()
    for _ in range(2):  # what scrolls, and the first choice
        conflicts.page.keyboard.press("Tab")
    expect(card.get_by_role("radio").first).to_be_focused()
    conflicts.page.keyboard.press("Space")
    conflicts.open(0)
    expect(card.get_by_role("radio").first).to_be_focused()
    expect(conflicts.node).to_contain_text("What main gets")


def test_a_decision_about_a_merge_of_branches_holds_only_for_what_was_seen(
    person: People, lab: Lab, new_prompt: NewPrompt
) -> None:
    prompt_id = conflicting(lab, new_prompt, "seen-only")
    desk = person(library=False)
    desk.command("prompthub:merge-branch", promptId=prompt_id, source="tone", target="main")
    merge = desk.page.locator(".jp-PromptHub-merge")
    state = merge.locator(".jp-PromptHub-merge-state")
    merge.get_by_role("radio", name="as tone has it").check()
    expect(state).to_have_attribute("data-state", "ready")
    save(lab, prompt_id, "tone", ("0.9", "0.95"))
    expect(state).to_contain_text("1 conflict is to be decided")
    expect(merge.locator("[data-note=lapsed]")).to_contain_text("It does not hold any more")
    # own words that give no prompt are refused at the conflict
    person.allow("400")
    merge.get_by_role("radio", name="in other words").check()
    words = merge.get_by_role("textbox", name="Own words")
    words.fill("temperature: {")
    words.press("Control+Enter")
    expect(merge.locator("[data-note=refused]")).to_contain_text("no YAML")
    words.fill("temperature: 0.7")
    words.press("Control+Enter")
    expect(state).to_have_attribute("data-state", "ready")
    # the target moves while it is merged: nothing is written, and the decision stays
    person.allow("409")

    def after_a_save(route: Route) -> None:
        save(lab, prompt_id, "main", ("Two.", "Second."))
        route.continue_()

    desk.page.route(re.compile(r"/prompts/[^/]+/merge(\?|$)"), after_a_save, times=1)
    merge.get_by_role("button", name="Merge", exact=True).click()
    expect(state).to_contain_text("Nothing of yours is lost")
    merge.get_by_role("button", name="Merge", exact=True).click()
    expect(state).to_have_attribute("data-state", "merged")
    text = lab.call("GET", f"prompts/{prompt_id}/versions/main")["text"]
    assert "temperature: 0.7" in text
    assert "Second." in text


def test_the_conflicts_come_back_with_the_layout(person: People, lab: Lab, new_prompt: NewPrompt) -> None:
    prompt_id = conflicting(lab, new_prompt, "conflicts-come-back")
    lab.call("POST", f"prompts/{prompt_id}/reviews", {"source": "tone", "title": "Kinder"})
    desk = person(library=False)
    workspace = desk.page.url.split("/workspaces/")[1].split("?")[0]
    kept = partial(_is_kept, prompt_id)
    with desk.page.expect_response(kept):
        conflicts = ConflictsPage(desk).shown(prompt_id)
    conflicts.way(HEAT, "as tone has it").check()
    conflicts.open(0)
    for _ in range(2):  # what comes back is kept on
        with desk.page.expect_response(kept):
            person.visit(desk.page, workspace, reset=False)
    expect(conflicts.node.locator("h2")).to_contain_text("#1")
    conflicts.open(0)
    expect(conflicts.way(HEAT, "as tone has it")).to_be_checked()
    assert conflicts.node.count() == 1


def _is_kept(prompt_id: str, answer: Response) -> bool:
    """Whether JupyterLab has stored a layout with these conflicts."""
    asked = answer.request
    body = asked.post_data or ""
    stored = "/api/workspaces" in answer.url and asked.method == "PUT"
    return stored and '"prompthub-conflicts:' in body and prompt_id in body
