"""The source branch of a merged review: deleted when nothing needs it, made again as it was; on both databases."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import (
    branches,
    drafts,
    prompts,
    protections,
    review_decisions,
    review_source,
    reviews,
)

from jupyter_prompthub.core.errors import AlreadyExists, Conflict, Forbidden, NotFound, Protected
from jupyter_prompthub.core.records import MergeReview, NewBranch, NewProtection, PutDraft, ReviewPatch, Rules
from tests.server.services.conftest import Library
from tests.server.services.test_reviews import Desk


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library)


def left(desk: Desk, **who: object) -> tuple[str | None, tuple[str, ...]]:
    found = desk.see(desk.people.engineer, **who).source_branch  # type: ignore[arg-type]
    assert found is not None
    return found.head, found.blocks


def test_the_branch_goes_and_comes_back_where_it_was(desk: Desk) -> None:
    assert desk.review.source_branch is None
    head = desk.version("tone").sha
    assert desk.merge(mode="squash").source_branch is not None
    assert left(desk) == (head, ())
    gone = desk.do(review_source.delete_, None, desk.people.engineer)
    assert gone.source_branch is not None
    assert gone.source_branch.head is None
    assert left(desk) == (None, ())
    with pytest.raises(NotFound):
        desk.version("tone")
    # what it showed is still there, and a second time does nothing
    assert gone.diff
    assert desk.do(review_source.delete_, None, desk.people.engineer).source_branch == gone.source_branch
    desk.do(review_source.restore, None, desk.people.engineer)
    assert (left(desk), desk.version("tone").sha) == ((head, ()), head)
    desk.do(review_source.restore, None, desk.people.engineer)
    tags = [tag for tag, _ in desk.library.entries()]
    assert (tags.count("branch.delete"), tags.count("branch.create")) == (1, 2)


def test_before_the_merge_it_is_refused(desk: Desk) -> None:
    for op in (review_source.delete_, review_source.restore):
        with pytest.raises(Conflict, match="is open: its branch goes or comes back here after a merge only"):
            desk.do(op, None, desk.people.engineer)
    desk.do(reviews.update_, ReviewPatch(state="closed"))
    with pytest.raises(Conflict, match="is closed"):
        desk.do(review_source.delete_, None, desk.people.engineer)
    assert desk.version("tone").sha


def test_what_needs_it_is_said_and_keeps_it(desk: Desk) -> None:
    desk.merge()
    desk.library.run(branches.create, desk.path, NewBranch(name="other"))
    # newer versions, and a review of them
    desk.edit("tone", "One.", "First.")
    other = desk.open(target="other", title="More")
    draft = {**desk.path, "branch": "tone"}
    text = desk.version("tone").text
    desk.library.run(drafts.put, draft, PutDraft(text=text + "Not saved."))
    head, blocks = left(desk)
    assert head == desk.version("tone").sha
    assert [block.split(" ", 1)[0] for block in blocks] == ["tone", "#2", "The"]
    with pytest.raises(Conflict, match="versions that this review did not bring") as refused:
        desk.do(review_source.delete_, None, desk.people.engineer)
    assert "#2 (tone into other) needs it." in refused.value.message
    assert "edits that are not saved" in refused.value.message
    assert desk.version("tone").sha == head
    assert desk.see(number=other.number).state.value == "open"


def test_main_stays(library: Library) -> None:
    desk = Desk(library)
    desk.merge()
    desk.library.run(branches.create, desk.path, NewBranch(name="other"))
    desk.edit("main", "One.", "First.")
    back = desk.open(source="main", target="other")
    desk.do(review_decisions.merge, MergeReview(), desk.people.team_lead, back.number)
    assert left(desk, number=back.number)[1] == ("main stays.",)
    with pytest.raises(Conflict, match="main stays"):
        desk.do(review_source.delete_, None, desk.people.engineer, back.number)


def test_protections_and_roles_hold(desk: Desk) -> None:
    desk.merge()
    with pytest.raises(Forbidden):
        desk.do(review_source.delete_, None, desk.people.viewer)
    seen = desk.see(desk.people.viewer).source_branch
    assert seen is not None
    assert seen.blocks == ("It needs the permission prompt:write.",)
    rules = NewProtection(branch="tone", rules=Rules(approvals=1))
    desk.library.run(protections.create, new=rules, by=desk.people.team_lead)
    assert left(desk)[1] == ("tone is protected: it cannot be deleted.",)
    with pytest.raises(Protected, match="it cannot be deleted"):
        desk.do(review_source.delete_, None, desk.people.engineer)
    assert desk.version("tone").sha


def test_another_branch_of_the_name_is_not_touched(desk: Desk) -> None:
    desk.merge()
    desk.do(review_source.delete_, None, desk.people.engineer)
    desk.edit("main", "One.", "First.")
    made = desk.library.run(branches.create, desk.path, NewBranch(name="tone"))
    assert left(desk) == (made.head, ("tone has versions that this review did not bring.",))
    with pytest.raises(AlreadyExists, match="another branch tone"):
        desk.do(review_source.restore, None, desk.people.engineer)
    assert desk.version("tone").sha == made.head


def test_an_archived_prompt_keeps_its_branches(desk: Desk) -> None:
    desk.merge()
    desk.library.run(prompts.archive, desk.path, by=desk.people.admin)
    assert left(desk)[1] == ("support/refund is archived.",)
    with pytest.raises(Conflict, match="archived"):
        desk.do(review_source.delete_, None, desk.people.engineer)
