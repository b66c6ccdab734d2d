"""Reviews through the dispatcher, on both databases: opened, approved, blocked, merged, taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from jupyter_prompthub_server.access.permissions import permissions_of
from jupyter_prompthub_server.dispatch import system_caller
from jupyter_prompthub_server.identities import Entering, ensure
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import (
    branches,
    members,
    merging,
    protections,
    review_conflicts,
    review_decisions,
    reviewers,
    reviews,
    threads,
    versions,
)
from pydantic import ValidationError

from jupyter_prompthub.core.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    NotMergeable,
    Protected,
    StaleHead,
)
from jupyter_prompthub.core.records import (
    BranchMove,
    ConflictResolution,
    Dismissal,
    Evidence,
    MemberPatch,
    MergeReview,
    NewCheck,
    NewDecision,
    NewMerge,
    NewPick,
    NewProtection,
    NewReview,
    NewThread,
    OwnerRule,
    ProtectionPatch,
    RequiredCheck,
    RevertReview,
    Review,
    ReviewPage,
    ReviewPatch,
    ReviewQuery,
    ReviewResolutions,
    Rules,
    UpdateReview,
    Version,
)
from jupyter_prompthub.core.reviews import review_digest
from tests.server.services.conftest import Library

TEXT = '{{role "system"}}\nOne.\nTwo.\nThree.\n{{role "user"}}\n{{question}}\n'


class Desk:
    """A prompt with a branch ``tone`` that an engineer is one version ahead on, and its review."""

    def __init__(self, library: Library, rules: Rules | None = None) -> None:
        self.library, self.people = library, library.people
        self.id = library.create("support/refund", TEXT).id
        self.path = {"prompt_id": self.id}
        if rules is not None:
            library.run(protections.create, new=NewProtection(rules=rules), by=self.people.team_lead)
        library.branch(self.id, "tone")
        self.edit("tone", "Three.", "Third.", message="A third")
        self.review = self.open()

    def edit(self, branch: str, old: str, new: str, by: Caller | None = None, message: str = "") -> str:
        text = str(self.version(branch).text)
        assert old in text
        return self.library.save(self.id, text.replace(old, new), message, by=by, branch=branch).sha

    def version(self, ref: str) -> Version:
        found: Version = self.library.run(versions.get, {**self.path, "ref": ref})
        return found

    def open(self, by: Caller | None = None, **new: Any) -> Review:
        fields = {"source": "tone", **new}
        made: Review = self.library.run(reviews.open_, self.path, NewReview(**fields), by)
        return made

    def _at(self, number: int | None) -> dict[str, str]:
        return {**self.path, "number": str(number or self.review.number)}

    def see(self, by: Caller | None = None, number: int | None = None) -> Review:
        found: Review = self.library.run(reviews.get, self._at(number), by=by or self.people.viewer)
        return found

    def do(self, op: Any, new: Any, by: Caller | None = None, number: int | None = None) -> Review:
        made: Review = self.library.run(op, self._at(number), new, by)
        return made

    def approve(self, by: Caller, digest: str | None = None) -> Review:
        said = NewDecision(decision="approve", digest=digest or self.see().digest)
        return self.do(review_decisions.decide, said, by)

    def merge(self, by: Caller | None = None, **new: Any) -> Review:
        return self.do(review_decisions.merge, MergeReview(**new), by or self.people.team_lead)

    def codes(self, by: Caller | None = None) -> list[str]:
        return [block.code.value for block in self.see(by or self.people.team_lead).blocks]


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library, Rules(approvals=1))


def test_a_review_shows_what_it_would_bring_and_what_is_missing(desk: Desk) -> None:
    made = desk.review
    assert (made.number, made.title, made.state.value, made.merge) == (1, "A third", "open", "fast_forward")
    assert made.diff
    assert [change.path for change in made.diff.changes] == ["segment/0/system"]
    assert made.units == ("segment:system",)
    assert [one.commit_message for one in made.versions] == ["A third"]
    assert [one.id for one in made.authors] == [desk.people.engineer.actor_id]
    assert made.last_pusher
    assert made.last_pusher.id == desk.people.engineer.actor_id
    assert desk.codes() == ["approvals"]
    head = desk.version("tone")
    assert made.digest == review_digest(
        content_hash=head.content_hash, text_hash=head.text_hash, lock={}, source_head=head.sha
    )


def test_an_approved_review_is_merged_and_says_what_was(desk: Desk) -> None:
    desk.approve(desk.people.admin)
    digest = desk.see().digest
    done = desk.merge(digest=digest)
    assert (done.state.value, done.digest, done.merged_sha) == ("merged", digest, desk.version("tone").sha)
    assert desk.version("main").sha == done.merged_sha
    assert done.diff
    assert [block.code.value for block in done.blocks] == ["merged"]
    with pytest.raises(NotMergeable, match="has been merged"):
        desk.merge()
    with pytest.raises(Conflict, match="open a new review"):
        desk.approve(desk.people.admin)
    with pytest.raises(Conflict, match="revert"):
        desk.do(reviews.update_, ReviewPatch(state="open"))
    assert {"review.open", "review.decide", "review.merge", "branch.move"} & {
        tag for tag, _ in desk.library.entries()
    } == {"review.open", "review.decide", "review.merge"}


def test_without_approval_nothing_is_merged_and_the_refusal_says_why(desk: Desk) -> None:
    before = desk.version("main").sha
    with pytest.raises(Protected, match="1 approval is needed") as refused:
        desk.merge()
    assert [one["code"] for one in refused.value.details["blocks"]] == ["approvals"]
    with pytest.raises(Protected):
        desk.merge(desk.people.admin)
    assert desk.version("main").sha == before
    assert desk.see().state.value == "open"


def test_a_version_dismisses_an_approval_and_taking_it_back_brings_it_back(desk: Desk) -> None:
    approved = desk.version("tone").sha
    desk.approve(desk.people.admin)
    assert desk.codes() == []
    desk.edit("tone", "Two.", "Second.")
    seen = desk.see(desk.people.team_lead)
    assert [one.standing for one in seen.decisions] == ["dismissed"]
    assert "Admin of Acme approved another text" in seen.blocks[0].message
    with pytest.raises(Protected):
        desk.merge()
    desk.library.run(branches.move, {**desk.path, "branch": "tone"}, BranchMove(version=approved))
    assert desk.codes() == []


def test_an_approval_is_kept_when_the_target_moves_and_the_result_stays_the_same(library: Library) -> None:
    desk = Desk(library, Rules(approvals=1, admins_included=False))
    # both make the same change: the result is what it was
    desk.edit("tone", "One.", "First.")
    desk.approve(desk.people.team_lead)
    digest = desk.see().digest
    desk.edit("main", "One.", "First.", by=desk.people.admin)
    assert desk.see().digest == digest
    assert desk.codes() == []
    # another change gives another result
    desk.edit("main", "{{question}}", "{{question}}!", by=desk.people.admin)
    assert desk.see().digest != digest
    assert desk.codes() == ["approvals"]


def test_authors_editors_and_the_last_pusher_cannot_approve(library: Library) -> None:
    desk = Desk(library, Rules(approvals=1, approvers=("role:engineer",)))
    desk.approve(desk.people.engineer)
    assert [one.standing for one in desk.see().decisions] == ["author"]
    desk.approve(desk.people.colleague)
    assert desk.codes() == []
    # who moves the branch without writing a version is its last pusher
    head = desk.version("tone").sha
    path = {**desk.path, "branch": "tone"}
    library.run(branches.move, path, BranchMove(version="main"), desk.people.colleague)
    library.run(branches.move, path, BranchMove(version=head), desk.people.colleague)
    seen = desk.see(desk.people.team_lead)
    assert [one.standing for one in seen.decisions] == ["author", "last_pusher"]
    assert [block.code.value for block in seen.blocks] == ["approvals"]


def test_a_role_counts_as_it_is_at_the_merge(desk: Desk) -> None:
    lead, admin = desk.people.team_lead, desk.people.admin
    desk.approve(lead)
    demoted = {"actor_id": lead.actor_id}
    desk.library.run(members.update_, demoted, MemberPatch(role="engineer"), admin)
    with pytest.raises(Protected, match="has no right to approve"):
        desk.merge(admin)
    # their own request that was under way has the old role
    with pytest.raises(Protected, match="does not have"):
        desk.merge(lead)
    desk.library.run(members.update_, demoted, MemberPatch(role="team_lead"), admin)
    desk.merge(lead)


def test_what_was_picked_keeps_its_author(library: Library) -> None:
    desk = Desk(library, Rules(approvals=1, approvers=("role:engineer",)))
    library.branch(desk.id, "picked", "main")
    pick = NewPick(version="tone", target="picked")
    library.run(merging.cherry_pick, desk.path, pick, desk.people.colleague)
    review = desk.open(source="picked")
    desk.do(
        review_decisions.decide,
        NewDecision(decision="approve", digest=review.digest),
        desk.people.engineer,
        review.number,
    )
    seen = desk.see(number=review.number)
    assert [one.standing for one in seen.decisions] == ["author"]


def _standing(desk: Desk, source: str, by: Caller) -> str:
    """What somebody's approval of a new review of a branch comes to."""
    review = desk.open(source=source)
    said = NewDecision(decision="approve", digest=review.digest)
    made = desk.do(review_decisions.decide, said, by, review.number)
    return str(made.decisions[-1].standing.value) if made.decisions[-1].standing else ""


def test_what_a_picked_merge_brought_keeps_its_authors(library: Library) -> None:
    desk = Desk(library, Rules(approvals=1))
    lead, colleague = desk.people.team_lead, desk.people.colleague
    for name in ("a", "b", "picked"):
        library.branch(desk.id, name, "main")
    desk.edit("a", "One.", "First.", by=lead)
    desk.edit("b", "Three.", "Third.", by=colleague)
    merged = library.run(merging.merge, desk.path, NewMerge(source="a", target="b"), colleague)
    pick = NewPick(version=merged.version.sha, target="picked", mainline=1)
    library.run(merging.cherry_pick, desk.path, pick, colleague)
    assert "First." in str(desk.version("picked").text)
    assert _standing(desk, "picked", lead) == "author"


@pytest.mark.parametrize("way", ["revert", "merge"])
def test_what_a_revert_brings_back_keeps_its_authors(library: Library, way: str) -> None:
    desk = Desk(library, Rules(approvals=1))
    lead, colleague = desk.people.team_lead, desk.people.colleague
    library.branch(desk.id, "a", "main")
    library.branch(desk.id, "back", "main")
    wrote = desk.edit("a", "One.", "First.", by=lead)
    if way == "merge":
        library.branch(desk.id, "b", "main")
        desk.edit("b", "Three.", "Third.", by=colleague)
        new = NewMerge(source="a", target="b")
        wrote = library.run(merging.merge, desk.path, new, colleague).version.sha
    again = NewPick(version=wrote, target="a", mainline=1)
    gone = library.run(merging.revert, desk.path, again, colleague).version
    restore = NewPick(version=gone.sha, target="back")
    library.run(merging.revert, desk.path, restore, colleague)
    assert "First." in str(desk.version("back").text)
    assert _standing(desk, "back", lead) == "author"


def test_a_review_that_takes_a_revert_back_keeps_the_authors_of_what_comes_back(library: Library) -> None:
    desk = Desk(library, Rules(approvals=1, exclude_last_pusher=False))
    lead, admin, colleague = desk.people.team_lead, desk.people.admin, desk.people.colleague
    desk.edit("tone", "One.", "First.", by=lead)
    desk.approve(admin)
    desk.merge()
    taken = desk.do(review_decisions.revert, RevertReview(), colleague)
    said = NewDecision(decision="approve", digest=taken.digest)
    desk.do(review_decisions.decide, said, admin, taken.number)
    desk.do(review_decisions.merge, MergeReview(), admin, taken.number)
    again = desk.do(review_decisions.revert, RevertReview(), colleague, taken.number)
    said = NewDecision(decision="approve", digest=again.digest)
    made = desk.do(review_decisions.decide, said, lead, again.number)
    assert made.decisions[-1].standing == "author"


def test_a_key_of_fewer_permissions_does_not_approve_for_its_owner(desk: Desk) -> None:
    lead = desk.people.team_lead
    narrow = replace(lead, role="engineer", permissions=permissions_of("engineer"), via="api-key")
    with pytest.raises(Forbidden, match="its owner has more"):
        desk.approve(narrow)
    assert desk.see().decisions == ()
    desk.do(review_decisions.decide, NewDecision(decision="comment", body="Hm."), narrow)


def test_a_key_of_fewer_permissions_does_not_post_a_check_that_its_owners_role_is_asked_for(
    library: Library,
) -> None:
    asked = RequiredCheck(name="suite", posted_by=("role:team_lead",))
    desk = Desk(library, Rules(checks=(asked,)))
    narrow = replace(
        desk.people.team_lead, role="engineer", permissions=permissions_of("engineer"), via="api-key"
    )
    review = desk.see()

    def post(name: str, by: Caller) -> None:
        desk.do(review_decisions.check, NewCheck(name=name, verdict="passed", digest=review.digest), by)

    with pytest.raises(Forbidden, match="asked of role:team_lead"):
        post("suite", narrow)
    assert desk.see().checks == ()
    post("style", narrow)  # nobody's role is asked for there
    post("suite", replace(desk.people.team_lead, via="api-key"))
    assert desk.see(desk.people.team_lead).blocks == ()


def test_the_identity_that_everybody_in_jupyter_has_approves_for_nobody_else(desk: Desk) -> None:
    local = desk.library.run(ensure, None, Entering(subject="local", workspace="acme"), system_caller(""))
    lab = Caller(local.actor_id, local.workspace_id, "admin", permissions_of("admin"), via="jupyter")
    desk.approve(lab)
    seen = desk.see(desk.people.team_lead)
    assert [one.standing for one in seen.decisions] == ["shared"]
    assert "several people may share" in seen.blocks[0].message
    with pytest.raises(Protected):
        desk.merge()
    (held,) = desk.library.run(protections.list_).items
    free = Rules(approvals=1, exclude_authors=False, exclude_last_pusher=False)
    desk.library.run(
        protections.update_, {"protection_id": held.id}, ProtectionPatch(rules=free), desk.people.admin
    )
    assert desk.codes() == []
    desk.merge()


def test_an_approval_must_be_of_what_is_there_now(desk: Desk) -> None:
    looked_at = desk.see().digest
    desk.edit("tone", "Two.", "Second.")
    with pytest.raises(StaleHead) as stale:
        desk.approve(desk.people.admin, looked_at)
    assert stale.value.details["digest"] == desk.see().digest
    with pytest.raises(InvalidInput, match="must name the review digest"):
        desk.do(review_decisions.decide, NewDecision(decision="approve"), desk.people.admin)
    with pytest.raises(Forbidden):
        desk.approve(desk.people.viewer)


def test_requested_changes_block_until_approved_or_dismissed(desk: Desk) -> None:
    lead, admin = desk.people.team_lead, desk.people.admin
    no = NewDecision(decision="request_changes", body="Too short.")
    desk.do(review_decisions.decide, no, lead)
    desk.approve(admin)
    assert desk.codes() == ["changes_requested"]
    desk.do(review_decisions.decide, NewDecision(decision="comment", body="Still."), lead)
    assert desk.codes() == ["changes_requested"]
    with pytest.raises(Forbidden):
        desk.do(review_decisions.dismiss, Dismissal(reason="away"))
    desk.do(review_decisions.dismiss, Dismissal(reason="away"), admin)
    assert desk.codes() == []
    desk.do(review_decisions.decide, no, lead)
    desk.approve(lead)
    assert desk.codes() == []


def test_requested_changes_block_where_no_approval_is_needed_and_are_said_where_nothing_is(
    library: Library,
) -> None:
    desk = Desk(library)
    no = NewDecision(decision="request_changes", body="Too short.")
    shown = desk.do(review_decisions.decide, no, desk.people.admin)
    assert (desk.codes(), [one.id for one in shown.changes_requested_by]) == (
        [],
        [desk.people.admin.actor_id],
    )
    rules = Rules(conversations_resolved=True)
    desk.library.run(protections.create, new=NewProtection(rules=rules), by=desk.people.team_lead)
    assert desk.codes() == ["changes_requested"]
    with pytest.raises(Protected, match="asked for changes"):
        desk.merge()


@pytest.mark.parametrize("body", ["", " \n"])
def test_a_word_says_something(desk: Desk, body: str) -> None:
    lead = desk.people.team_lead
    for decision, said in (("comment", "must say something"), ("request_changes", "say what is to change")):
        with pytest.raises(InvalidInput, match=said):
            desk.do(review_decisions.decide, NewDecision(decision=decision, body=body), lead)
    assert desk.see().decisions == ()
    desk.do(threads.begin, NewThread(body="Too short."), desk.people.colleague)
    no = NewDecision(decision="request_changes", body=body)
    with pytest.raises(InvalidInput, match="conversation of yours"):
        desk.do(review_decisions.decide, no, lead)
    desk.do(review_decisions.decide, no, desk.people.colleague)
    desk.approve(lead)
    assert [one.decision for one in desk.see().decisions] == ["request_changes", "approve"]


def test_the_author_of_a_review_is_not_asked_to_review_it(desk: Desk) -> None:
    mine = (desk.people.engineer.actor_id,)
    with pytest.raises(InvalidInput, match="opened this review"):
        desk.do(reviews.update_, ReviewPatch(reviewers=mine), desk.people.admin)
    desk.library.branch(desk.id, "other", "tone")
    with pytest.raises(InvalidInput, match="opened this review"):
        desk.open(source="other", reviewers=mine)
    assert desk.see().reviewers == ()


def test_a_title_is_one_line(desk: Desk) -> None:
    made = desk.do(reviews.update_, ReviewPatch(title=" Softer \r\n and\tkinder\n"))
    assert made.title == "Softer and kinder"
    with pytest.raises(ValidationError):
        ReviewPatch(title="\n")


def test_units_have_owners(library: Library) -> None:
    legal = library.people.colleague.actor_id
    rule = OwnerRule(name="legal", owners=(legal,), units=("segment:system",))
    desk = Desk(library, Rules(owners=(rule,)))
    desk.approve(desk.people.admin)
    assert [block.message for block in desk.see(desk.people.team_lead).blocks] == [
        "legal owns segment:system: 1 approval of theirs is missing."
    ]
    desk.approve(desk.people.colleague)
    desk.merge()


def test_a_check_is_bound_to_both_digests(library: Library) -> None:
    rule = RequiredCheck(name="suite", suite="s1")
    desk = Desk(library, Rules(checks=(rule,)))
    assert desk.codes() == ["check_missing"]

    def post(**more: Any) -> Review:
        new = NewCheck(name="suite", verdict=more.pop("verdict", "passed"), digest=desk.see().digest, **more)
        return desk.do(review_decisions.check, new)

    post(evidence=Evidence(suite="s2"))
    assert desk.codes() == ["check_suite"]
    post(verdict="failed", evidence=Evidence(suite="s1"), url="https://ci.example.org/1")
    assert desk.codes() == ["check_failed"]
    (made,) = post(evidence=Evidence(suite="s1")).checks
    assert (made.stale, made.required, made.verdict.value) == (False, True, "passed")
    assert desk.codes() == []
    with pytest.raises(InvalidInput, match="the evidence gives the digest"):
        post(evidence=Evidence(suite="s1"), evidence_digest="0" * 64)
    desk.edit("tone", "Two.", "Second.")
    assert [one.stale for one in desk.see().checks] == [True]
    with pytest.raises(Protected, match="made for another text"):
        desk.merge()
    with pytest.raises(StaleHead):
        desk.do(review_decisions.check, NewCheck(name="x", verdict="passed", digest=made.digest))


def test_conflicts_are_decided_in_the_review_and_kept(library: Library) -> None:
    desk = Desk(library, Rules(approvals=1, admins_included=False))
    desk.edit("main", "Three.", "Drei.", by=desk.people.admin)
    seen = desk.see()
    (conflict,) = seen.conflicts
    assert (seen.digest, seen.merge, seen.moves) == (None, "conflicts", ())
    assert [(one.text, one.conflict) for one in seen.so_far] == [
        ('{{role "system"}}\nOne.\nTwo.\n', None),
        ("", conflict.id),
        ('{{role "user"}}\n{{question}}\n', None),
    ]
    assert desk.codes() == ["conflicts", "approvals"]
    with pytest.raises(Conflict, match="decide the conflicts first"):
        desk.do(review_decisions.decide, NewDecision(decision="approve", digest="0" * 64), desk.people.admin)
    theirs = ConflictResolution(id=conflict.id, pick="theirs")
    made = desk.do(review_conflicts.resolve, ReviewResolutions(resolutions=(theirs,)), desk.people.colleague)
    assert (made.conflicts, made.so_far) == ((), ())
    assert made.text
    assert "Third." in made.text
    # who decided a conflict wrote a part of the result
    assert desk.people.colleague.actor_id in {one.id for one in made.authors}
    desk.approve(desk.people.team_lead)
    # the target moves elsewhere: the decision holds, the result is another one
    desk.edit("main", "{{question}}", "{{question}}?", by=desk.people.admin)
    seen = desk.see(desk.people.admin)
    assert [one.applies for one in seen.resolutions] == [True]
    assert [one.standing for one in seen.decisions] == ["dismissed"]
    # the target says something else in the very lines: the decision is kept, and has to be made again
    desk.edit("main", "Drei.", "Tres.", by=desk.people.admin)
    seen = desk.see()
    assert [one.applies for one in seen.resolutions] == [False]
    assert [one.id for one in seen.conflicts] == [conflict.id]
    desk.do(review_conflicts.resolve, ReviewResolutions(resolutions=(theirs,)), desk.people.colleague)
    desk.approve(desk.people.team_lead)
    done = desk.merge()
    merged = desk.version("main")
    assert merged.parents == (done.target_sha, done.source_sha)
    assert "Third." in merged.text
    assert "{{question}}?" in merged.text


def test_a_resolution_that_decides_nothing_or_gives_no_prompt_is_refused_at_once(library: Library) -> None:
    desk = Desk(library)
    desk.edit("main", "Three.", "Drei.")
    (conflict,) = desk.see().conflicts

    def resolve(**one: Any) -> None:
        made = ReviewResolutions(resolutions=(ConflictResolution(**one),))
        desk.do(review_conflicts.resolve, made)

    with pytest.raises(InvalidInput, match=f"no conflict: text:nowhere.* Open: {re.escape(conflict.id)}\\."):
        resolve(id="text:nowhere", pick="ours")
    with pytest.raises(InvalidInput, match="does not parse"):
        resolve(id=conflict.id, text='{{role "system"}}\n{{#if x}}\n')
    assert desk.see().resolutions == ()
    resolve(id=conflict.id, pick="ours")
    made = desk.do(review_conflicts.resolve, ReviewResolutions(remove=(conflict.id,)))
    assert [one.id for one in made.conflicts] == [conflict.id]


def test_a_head_that_moved_refuses_the_merge_and_keeps_what_was_decided(library: Library) -> None:
    desk = Desk(library)
    desk.edit("main", "Three.", "Drei.")
    (conflict,) = desk.see().conflicts
    one = ConflictResolution(id=conflict.id, pick="theirs")
    seen = desk.do(review_conflicts.resolve, ReviewResolutions(resolutions=(one,)))
    moved = desk.edit("main", "{{question}}", "{{question}}!")
    for expected in ({"expected_head": seen.target_sha}, {"digest": seen.digest}):
        with pytest.raises(StaleHead, match="Nothing was changed"):
            desk.merge(**expected)
    assert desk.version("main").sha == moved
    assert [kept.applies for kept in desk.see().resolutions] == [True]
    assert desk.merge(digest=desk.see().digest).state.value == "merged"


def test_an_engineer_merges_where_nothing_is_protected(library: Library) -> None:
    desk = Desk(library)
    desk.edit("main", "One.", "First.")
    done = desk.merge(desk.people.engineer, mode="squash", commit_message="Tone")
    version = desk.version("main")
    assert (version.parents, version.commit_message) == ((done.target_sha,), "Tone")
    assert [one.id for one in version.editors] == [desk.people.engineer.actor_id]


def test_a_review_says_which_modes_just_move_the_target_and_use_no_message(library: Library) -> None:
    desk = Desk(library)
    assert desk.see().moves == ("auto", "fast_forward")
    head = desk.version("tone").sha
    assert desk.merge(commit_message="Not used").merged_sha == head
    assert desk.see().moves == ()
    library.branch(desk.id, "other")
    desk.edit("other", "One.", "First.")
    desk.edit("main", "{{question}}", "{{question}}?")
    assert desk.open(source="other").moves == ()
    # a version of two parents is in the way of a linear history, which squashes it
    library.run(
        protections.create, new=NewProtection(rules=Rules(linear_history=True)), by=desk.people.team_lead
    )
    made = desk.do(review_decisions.update_, UpdateReview(), number=2)
    assert (made.merge, made.moves) == ("fast_forward", ("fast_forward",))
    desk.do(review_decisions.merge, MergeReview(commit_message="Used"), desk.people.team_lead, number=2)
    assert desk.version("main").commit_message == "Used"


def test_under_a_linear_history_a_merge_squashes(library: Library) -> None:
    desk = Desk(library, Rules(linear_history=True))
    desk.edit("main", "One.", "First.", by=desk.people.team_lead)
    with pytest.raises(Protected, match="keeps a linear history"):
        desk.merge(mode="merge")
    with pytest.raises(Conflict, match="cannot just move"):
        desk.merge(mode="fast_forward")
    desk.merge()
    assert len(desk.version("main").parents) == 1


def test_drafts_are_made_ready_closed_and_opened_again(desk: Desk) -> None:
    desk.approve(desk.people.admin)
    for state, code in (("draft", "draft"), ("closed", "closed")):
        desk.do(reviews.update_, ReviewPatch(state=state))
        assert desk.codes() == [code]
        with pytest.raises(NotMergeable):
            desk.merge()
    with pytest.raises(Conflict, match="open it again first"):
        desk.approve(desk.people.admin)
    other = desk.open(title="Another", draft=True)
    assert (other.number, other.state.value) == (2, "draft")
    with pytest.raises(AlreadyExists, match="#2 is a review of tone into main already"):
        desk.do(reviews.update_, ReviewPatch(state="open"))
    desk.do(reviews.update_, ReviewPatch(state="closed"), number=2)
    made = desk.do(reviews.update_, ReviewPatch(state="open", title="Again", description="Why"))
    assert (made.state.value, made.title, made.description) == ("open", "Again", "Why")
    desk.merge()


def test_a_review_needs_two_branches_and_something_between_them(desk: Desk) -> None:
    for wrong, error in (
        ({"source": "nowhere"}, NotFound),
        ({"source": "main"}, InvalidInput),
        ({"source": "tone"}, AlreadyExists),
        ({"source": "tone", "target": "nowhere"}, NotFound),
        ({"source": "tone", "target": "even"}, None),
    ):
        if error is None:
            desk.library.branch(desk.id, "even", "tone")
            error = Conflict
        with pytest.raises(error):
            desk.open(**wrong)
    with pytest.raises(InvalidInput, match="cannot be asked"):
        desk.open(source="even", target="main", reviewers=(desk.people.viewer.actor_id,))
    assert len(desk.library.run(reviews.list_, new=ReviewQuery()).items) == 1


def test_a_branch_that_is_deleted_closes_its_reviews(desk: Desk) -> None:
    told = desk.library.told(branches.delete_, {**desk.path, "branch": "tone"})
    assert ("review.closed", "1") in {(event.kind, event.ids.get("number")) for event in told.events}
    seen = desk.see()
    assert (seen.state.value, seen.source_sha) == ("closed", None)
    with pytest.raises(Conflict, match="branch tone is gone"):
        desk.do(reviews.update_, ReviewPatch(state="open"))


def test_the_source_is_brought_up_to_date(library: Library) -> None:
    desk = Desk(library)
    assert desk.do(review_decisions.update_, UpdateReview()).source_sha == desk.review.source_sha
    desk.edit("main", "One.", "First.")
    made = desk.do(review_decisions.update_, UpdateReview())
    assert made.merge == "fast_forward"
    assert len(desk.version("tone").parents) == 2
    desk.edit("main", "Three.", "Drei.")
    with pytest.raises(Conflict) as open_:
        desk.do(review_decisions.update_, UpdateReview())
    (conflict,) = open_.value.details["conflicts"]
    one = ConflictResolution(id=conflict["id"], pick="ours")
    with pytest.raises(StaleHead):
        desk.do(review_decisions.update_, UpdateReview(resolutions=(one,), expected_head="0" * 64))
    made = desk.do(review_decisions.update_, UpdateReview(resolutions=(one,)))
    assert (made.merge, made.conflicts) == ("fast_forward", ())


def test_a_merge_is_taken_back_by_a_review_of_its_own(desk: Desk) -> None:
    with pytest.raises(Conflict, match="only what was merged"):
        desk.do(review_decisions.revert, RevertReview())
    desk.approve(desk.people.admin)
    desk.merge()
    made = desk.do(review_decisions.revert, RevertReview())
    assert (made.number, made.reverts, made.source, made.title) == (2, 1, "revert-1", "Revert #1: A third")
    assert made.text == TEXT
    with pytest.raises(Protected):
        desk.do(review_decisions.merge, MergeReview(), desk.people.team_lead, number=2)
    with pytest.raises(Conflict, match="name another branch"):
        desk.do(review_decisions.revert, RevertReview())


def test_the_inbox_has_what_one_was_asked_for_and_what_one_opened(desk: Desk) -> None:
    lead = desk.people.team_lead

    def box(by: Caller, **query: Any) -> list[int]:
        page: ReviewPage = desk.library.run(reviews.list_, new=ReviewQuery(**query), by=by)
        return [one.number for one in page.items]

    told = desk.do(reviews.update_, ReviewPatch(reviewers=(lead.actor_id,)))
    assert [one.id for one in told.reviewers] == [lead.actor_id]
    assert box(lead, inbox="to_review") == [1]
    assert box(desk.people.engineer, inbox="mine") == [1]
    assert box(lead, inbox="mine") == []
    desk.approve(lead)
    assert box(lead, inbox="to_review") == []
    desk.merge()
    assert box(lead) == []
    assert box(lead, state="merged", prompt_id=desk.id) == [1]
    assert box(lead, state="all", prompt_id="another") == []
    assert box(desk.people.stranger, state="all") == []


def test_an_approval_that_does_not_stand_any_more_is_asked_for_again(library: Library) -> None:
    desk = Desk(library)
    lead, admin, people = desk.people.team_lead, desk.people.admin, desk.people

    def waits(by: Caller = lead) -> bool:
        page: ReviewPage = desk.library.run(reviews.list_, new=ReviewQuery(inbox="to_review"), by=by)
        return bool(page.items)

    house = desk.library.create("house", "Be kind.\n").id
    desk.do(reviews.update_, ReviewPatch(reviewers=(lead.actor_id,)))
    assert (waits(), waits(admin)) == (True, False)
    approved = str(desk.version("tone").sha)
    desk.approve(lead)
    assert not waits()
    # another version; and back
    desk.edit("tone", "Two.", "Second.")
    assert waits()
    path = {**desk.path, "branch": "tone"}
    desk.library.run(branches.move, path, BranchMove(version=approved), people.engineer)
    assert not waits()
    # a request for changes stands whatever moves, also beside an older approval
    desk.do(review_decisions.decide, NewDecision(decision="request_changes", body="No."), lead)
    desk.edit("tone", "Two.", "{{> house}}")
    assert not waits()
    desk.approve(lead)
    assert not waits()
    desk.library.save(house, "Be kinder.\n")
    assert waits()
    desk.approve(lead)
    assert not waits()
    desk.do(review_decisions.decide, NewDecision(decision="comment", body="Well."), lead)
    assert not waits()
    # asked anew
    for asked in ((), (lead.actor_id,)):
        desk.do(reviews.update_, ReviewPatch(reviewers=asked))
    assert waits()
    desk.approve(lead)
    desk.edit("tone", "One.", "First.")
    assert waits()
    desk.do(reviews.update_, ReviewPatch(state="draft"))
    assert not waits()


def test_an_approval_is_asked_for_again_when_the_target_or_a_decision_changes_the_result(
    library: Library,
) -> None:
    desk = Desk(library)
    lead = desk.people.team_lead

    def waits() -> bool:
        page: ReviewPage = desk.library.run(reviews.list_, new=ReviewQuery(inbox="to_review"), by=lead)
        return bool(page.items)

    desk.do(reviews.update_, ReviewPatch(reviewers=(lead.actor_id,)))
    desk.approve(lead)
    assert not waits()
    desk.edit("main", "Three.", "3.")
    assert waits()
    for pick in ("ours", "theirs"):
        (conflict,) = desk.see().conflicts or (one.conflict for one in desk.see().resolutions)
        new = ReviewResolutions(resolutions=(ConflictResolution(id=conflict.id, pick=pick),))
        desk.do(review_conflicts.resolve, new)
        assert waits()
        if desk.see().digest is not None:
            desk.approve(lead)
            assert not waits()


def test_another_workspace_and_another_prompt_have_no_such_review(desk: Desk) -> None:
    other = desk.library.create("other", TEXT)
    for path, by in (
        ({**desk.path, "number": "1"}, desk.people.stranger),
        ({"prompt_id": other.id, "number": "1"}, desk.people.admin),
        ({**desk.path, "number": "2"}, desk.people.admin),
        ({**desk.path, "number": "one"}, desk.people.admin),
        ({**desk.path, "number": "9" * 30}, desk.people.admin),
    ):
        for op, new in (
            (reviews.get, None),
            (reviews.update_, ReviewPatch(title="x")),
            (review_decisions.merge, MergeReview()),
            (review_conflicts.resolve, ReviewResolutions()),
        ):
            with pytest.raises(NotFound):
                desk.library.run(op, path, new, by)


def test_who_may_be_asked_to_review_is_told_to_everybody_who_reads(desk: Desk) -> None:
    people = desk.people
    found = desk.library.run(reviewers.list_, by=people.viewer).items
    approves = {each.actor.id: each.approves for each in found}
    assert approves[people.engineer.actor_id] is False
    assert approves[people.team_lead.actor_id] is True
    assert people.viewer.actor_id not in approves
    assert people.stranger.actor_id not in approves
    names = [each.actor.display_name for each in found]
    assert names == sorted(names, key=str.casefold)
    desk.library.run(
        members.update_,
        {"actor_id": people.colleague.actor_id},
        MemberPatch(disabled=True),
        people.admin,
    )
    left = desk.library.run(reviewers.list_, by=people.viewer).items
    assert people.colleague.actor_id not in {each.actor.id for each in left}
