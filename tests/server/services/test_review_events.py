"""What is told of reviews: who did it, and whom it concerns; and only to those who may read reviews."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jupyter_prompthub_server.access.permissions import Permission
from jupyter_prompthub_server.handlers.events import permission_of
from jupyter_prompthub_server.operations import Caller, Operation
from jupyter_prompthub_server.services import branches, prompts, review_decisions, reviews, threads, versions
from pydantic import BaseModel

from jupyter_prompthub.core.records import (
    BranchMove,
    MergeReview,
    NewCheck,
    NewComment,
    NewDecision,
    NewReview,
    NewThread,
    NewVersion,
    PromptQuery,
    ReviewPatch,
    ReviewQuery,
)
from tests.server.services.conftest import Library
from tests.server.services.test_reviews import Desk


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library)


def told(desk: Desk, op: Operation, new: BaseModel, by: Caller, **path: str) -> dict[str, dict[str, str]]:
    """What was told of reviews, by kind, without which review it was."""
    outcome = desk.library.told(op, {**desk.path, **path}, new, by)
    some = [each for each in outcome.events if each.kind.startswith("review.")]
    assert all(each.ids["prompt"] == desk.id and each.ids["number"] for each in some)
    return {
        each.kind: {key: text for key, text in each.ids.items() if key not in ("prompt", "number")}
        for each in some
    }


def test_who_is_asked_is_told_once_and_not_while_it_is_a_draft(desk: Desk) -> None:
    people = desk.people
    ada, lea, rob = (one.actor_id for one in (people.engineer, people.team_lead, people.admin))
    desk.library.branch(desk.id, "other", "tone")
    new = NewReview(source="other", draft=True, reviewers=(lea,))
    own = {"by": ada, "author": ada}
    assert told(desk, reviews.open_, new, people.engineer) == {"review.opened": own}
    at = {"number": "2"}
    more = ReviewPatch(reviewers=(lea, rob))
    assert told(desk, reviews.update_, more, people.engineer, **at) == {"review.changed": own}
    ready = ReviewPatch(state="open")
    asked = {"review.opened": {**own, "asked": " ".join(sorted((lea, rob)))}}
    assert told(desk, reviews.update_, ready, people.engineer, **at) == asked
    less = ReviewPatch(reviewers=(lea,))
    assert told(desk, reviews.update_, less, people.engineer, **at) == {"review.changed": own}
    again = {"review.changed": {**own, "asked": rob}}
    assert told(desk, reviews.update_, more, people.engineer, **at) == again


def test_who_is_mentioned_who_decided_and_who_merged_is_told(desk: Desk) -> None:
    people, at = desk.people, {"number": "1"}
    ada, lea = people.engineer.actor_id, people.team_lead.actor_id
    own = {"by": lea, "author": ada}
    new = NewThread(body="Look at this", mentions=(ada,))
    assert told(desk, threads.begin, new, people.team_lead, **at) == {
        "review.commented": {**own, "mentioned": ada}
    }
    thread = desk.library.run(threads.list_, {**desk.path, **at}).items[0]
    plain = NewComment(body="And this")
    at_thread = {**at, "thread_id": thread.id}
    assert told(desk, threads.add, plain, people.team_lead, **at_thread) == {"review.commented": own}
    said = NewDecision(decision="request_changes", body="No")
    assert told(desk, review_decisions.decide, said, people.team_lead, **at) == {
        "review.decided": {**own, "decision": "request_changes"}
    }
    desk.approve(people.team_lead)
    merged = told(desk, review_decisions.merge, MergeReview(), people.team_lead, **at)
    assert merged == {"review.merged": own}


def test_a_new_version_tells_those_who_approved_what_was_there_before_and_tells_them_once(desk: Desk) -> None:
    people = desk.people
    ada, lea = people.engineer.actor_id, people.team_lead.actor_id
    desk.approve(people.team_lead)
    main, tone = desk.version("main").text, desk.version("tone").text

    def save(text: str, branch: str = "tone") -> dict[str, dict[str, str]]:
        new = NewVersion(text=text, branch=branch, commit_message="More")
        return told(desk, versions.save, new, people.engineer)

    dismissed = {"review.dismissed": {"by": ada, "author": ada, "approved": lea}}
    assert save(main.replace("One", "1"), "main") == {}
    assert save(tone + "Once.\n") == dismissed
    assert save(tone + "Twice.\n") == {}
    desk.approve(people.team_lead)
    back = BranchMove(version="main")
    moved = told(desk, branches.move, back, people.team_lead, branch="tone")
    assert moved == {"review.dismissed": {"by": lea, "author": ada, "approved": lea}}


def test_all_of_it_is_told_only_to_those_who_may_read_reviews() -> None:
    for kind in ("opened", "changed", "decided", "commented", "merged", "closed", "dismissed"):
        assert permission_of(f"review.{kind}") is Permission.REVIEW_READ


def test_a_search_finds_by_title_prompt_and_branches_all_words_of_it(desk: Desk) -> None:
    desk.library.branch(desk.id, "surely", "tone")
    desk.open(source="surely", title="100%_sure")

    def found(words: str) -> list[int]:
        page = desk.library.run(reviews.list_, new=ReviewQuery(search=words))
        return sorted(each.number for each in page.items)

    assert found("") == [1, 2]
    assert found("THIRD") == [1]
    assert found("refund sure") == [2]
    assert found("100%_") == [2]
    assert found("1_0") == []
    assert found("main tone") == [1]


def test_a_prompt_in_a_list_says_its_open_reviews_and_the_checks_that_did_not_pass(desk: Desk) -> None:
    library, people, at = desk.library, desk.people, {"number": "1"}

    def listed(by: Caller | None = None) -> tuple[int, tuple[str, ...]]:
        (item,) = library.run(prompts.search, new=PromptQuery(search="refund"), by=by).items
        return item.open_reviews, item.failing

    assert listed() == (1, ())
    for name, verdict in (("suite", "failed"), ("tone", "inconclusive"), ("links", "passed")):
        check = NewCheck(name=name, verdict=verdict, digest=desk.see().digest)
        library.run(review_decisions.check, {**desk.path, **at}, check)
    assert listed() == (1, ("suite", "tone"))
    library.branch(desk.id, "other", "tone")
    desk.open(source="other")
    assert listed()[0] == 2
    less = replace(people.engineer, permissions=frozenset({Permission.PROMPT_READ}))
    assert listed(less) == (0, ())
    desk.do(reviews.update_, ReviewPatch(state="closed"))
    assert listed() == (1, ())
