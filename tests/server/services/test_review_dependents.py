"""A review of a snippet: who includes it, and the checks that each of them asks for, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import (
    branches,
    prompts,
    protections,
    review_decisions,
    review_dependents,
    reviews,
)

from jupyter_prompthub.core.errors import Conflict, InvalidInput, NotFound, Protected, StaleHead
from jupyter_prompthub.core.records import (
    BranchMove,
    Evidence,
    MergeReview,
    NewCheck,
    NewProtection,
    NewReview,
    RequiredCheck,
    Review,
    ReviewDependent,
    ReviewDependentPage,
    ReviewDependentsQuery,
    Rules,
)
from jupyter_prompthub.core.reviews import dependent_digest, evidence_digest, snippet_part
from tests.server.services.conftest import Library

SUITE = Rules(checks=(RequiredCheck(name="suite"),))
KIND, BRIEF = "Be kind.\n", "Be brief.\n"


class Shop:
    """A snippet ``tone`` with a branch that says something else, under review; prompts of ``support/`` need a check."""

    def __init__(self, library: Library, text: str = BRIEF, base: str = KIND) -> None:
        self.library, self.people = library, library.people
        self.tone = library.create("tone", base).id
        self.refund = library.create("support/refund", "{{> tone}}\nRefund {{order}}.\n").id
        library.run(
            protections.create, new=NewProtection(prompts="support/*", rules=SUITE), by=self.people.admin
        )
        library.branch(self.tone, "brief")
        library.save(self.tone, text, "Brief", branch="brief")
        self.review = self.open()

    def open(self, **more: Any) -> Review:
        made: Review = self.library.run(
            reviews.open_, {"prompt_id": self.tone}, NewReview(**{"source": "brief", **more})
        )
        return made

    @property
    def path(self) -> dict[str, str]:
        return {"prompt_id": self.tone, "number": str(self.review.number)}

    def see(self, by: Caller | None = None) -> Review:
        found: Review = self.library.run(reviews.get, self.path, by=by or self.people.team_lead)
        return found

    def said(self) -> list[str]:
        return [block.message for block in self.see().blocks]

    def of(self, name: str = "support/refund") -> ReviewDependent:
        return next(one for one in self.see().dependents if one.name == name)

    def post(self, whom: str = "support/refund", **more: Any) -> Review:
        one = self.of(whom)
        new = {"name": "suite", "verdict": "passed", "digest": one.digest, "dependent": one.prompt_id, **more}
        made: Review = self.library.run(review_decisions.check, self.path, NewCheck.model_validate(new))
        return made

    def merge(self, by: Caller | None = None) -> Review:
        made: Review = self.library.run(review_decisions.merge, self.path, MergeReview(), by)
        return made

    def page(self, **query: Any) -> ReviewDependentPage:
        found: ReviewDependentPage = self.library.run(
            review_dependents.list_, self.path, ReviewDependentsQuery(**query), self.people.viewer
        )
        return found


@pytest.fixture
def shop(library: Library) -> Shop:
    return Shop(library)


def test_a_check_that_a_dependent_asks_for_is_asked_for_in_the_snippet_s_review(shop: Shop) -> None:
    one = shop.of()
    assert (one.required, one.checks, one.branches) == (("suite",), (), ("main",))
    assert shop.said() == [
        "For support/refund, which includes this snippet: the check suite has not been made."
    ]
    with pytest.raises(Protected, match="has not been made"):
        shop.merge()
    done = shop.post(verdict="failed", summary="3 of 9 fail")
    assert [
        (each.verdict, each.stale, each.required, each.summary) for each in done.dependents[0].checks
    ] == [("failed", False, True, "3 of 9 fail")]
    assert shop.said() == [
        "For support/refund, which includes this snippet: the check suite is failed, expected passed."
    ]
    shop.post()
    assert shop.said() == []
    assert shop.merge().state.value == "merged"
    assert ("review.check", one.prompt_id) in [
        (tag, target.get("dependent")) for tag, target in shop.library.entries()
    ]


def test_a_check_is_stale_when_the_snippet_or_the_dependent_becomes_something_else(shop: Shop) -> None:
    shop.post()
    passed = shop.of().digest
    shop.library.save(shop.tone, "Be brief, please.\n", branch="brief")
    assert shop.of().digest != passed
    assert [each.stale for each in shop.of().checks] == [True]
    (said,) = shop.said()
    assert (
        said
        == "For support/refund, which includes this snippet: the check suite was made for another text: make it again."
    )
    with pytest.raises(StaleHead, match="has changed, or the merge result has"):
        shop.post(digest=passed)
    shop.library.save(shop.tone, BRIEF, branch="brief")  # to the letter what was checked
    assert (shop.of().digest, shop.said()) == (passed, [])
    held = shop.library.run(protections.list_).items[0]
    shop.library.run(protections.delete_, {"protection_id": held.id}, by=shop.people.admin)
    shop.library.save(shop.refund, "{{> tone}}\nRefund {{order}} at once.\n")
    shop.library.run(
        protections.create, new=NewProtection(prompts="support/*", rules=SUITE), by=shop.people.admin
    )
    assert [each.stale for each in shop.of().checks] == [True]
    with pytest.raises(Protected):
        shop.merge()


def test_only_who_takes_it_from_the_target_and_is_changed_by_it_asks(library: Library) -> None:
    shop = Shop(library)
    library.promote(shop.tone, "production")
    for name, ref in (("pinned", "@production"), ("side", "@brief"), ("plain", "@latest"), ("main", "@main")):
        text = f'---\nsnippets: {{tone: "{ref}"}}\n---\n{{{{> tone}}}}\n'
        library.create(f"support/{name}", text)
    through = library.create("around", "{{> tone}}\nAround.\n").id
    library.create("support/deep", "{{> around}}\nDeep.\n")
    library.create("other", "{{> tone}}\n")
    asks = {one.name: bool(one.digest and one.required) for one in shop.see().dependents}
    assert asks == {
        "around": False,  # not protected
        "other": False,
        "support/deep": True,
        "support/main": True,
        "support/pinned": False,
        "support/plain": True,
        "support/refund": True,
        "support/side": False,
    }
    # a version that says what the merge result says is not changed by it
    library.run(branches.move, {"prompt_id": shop.tone, "branch": "main"}, BranchMove(version="brief"))
    library.save(through, "{{> tone}}\nAround, now.\n")
    library.run(
        branches.move,
        {"prompt_id": shop.tone, "branch": "main"},
        BranchMove(version=shop.of("other").snippet_sha),
    )
    assert {one.name: bool(one.digest) for one in shop.see().dependents}["around"] is False
    assert shop.of("other").digest is not None


def test_a_change_that_is_not_included_asks_for_nothing(library: Library) -> None:
    base = f"---\nmodel: a/b\n---\n{KIND}"
    shop = Shop(library, text=base.replace("a/b", "a/c # cheap"), base=base)
    assert (shop.of().digest, shop.said()) == (None, [])
    assert shop.merge().state.value == "merged"


def test_each_protected_branch_asks_and_equal_ones_share_a_check(shop: Shop) -> None:
    library = shop.library
    library.run(
        protections.create,
        new=NewProtection(
            prompts="support/*", branch="release/*", rules=Rules(checks=(RequiredCheck(name="slow"),))
        ),
        by=shop.people.admin,
    )
    library.branch(shop.refund, "dev")
    library.save(shop.refund, "{{> tone}}\nDev.\n", branch="dev")
    assert [(one.branches, one.required) for one in shop.see().dependents if one.digest] == sorted(
        [(("main",), ("suite",)), (("dev",), ())],
        key=lambda one: [each.version_sha for each in shop.see().dependents if each.branches == one[0]],
    )
    held = library.run(protections.list_).items
    for one in held:
        library.run(protections.delete_, {"protection_id": one.id}, by=shop.people.admin)
    library.branch(shop.refund, "release/1")
    for one in held:
        new = NewProtection(prompts=one.prompts, branch=one.branch, rules=one.rules)
        library.run(protections.create, new=new, by=shop.people.admin)
    both = next(one for one in shop.see().dependents if "main" in one.branches)
    assert (both.branches, both.required) == (("main", "release/1"), ("slow", "suite"))
    shop.post(digest=both.digest)
    assert shop.said() == [
        "For support/refund, which includes this snippet: the check slow has not been made."
    ]


def test_the_digests_are_as_the_format_says(shop: Shop) -> None:
    one = shop.of()
    version = shop.library.resolve("support/refund").version
    result = shop.library.resolve("tone@brief").version
    part = snippet_part(result.content, result.lock)
    assert one.digest == dependent_digest(
        prompt_id=shop.refund,
        content_hash=version.content_hash,
        lock=version.lock,
        snippet_id=shop.tone,
        part=part,
    )
    evidence = Evidence(suite="s1")
    expected = evidence_digest(
        content_hash=version.content_hash, lock={shop.tone: one.digest}, evidence=evidence
    )
    done = shop.post(evidence=evidence.model_dump(), evidence_digest=expected)
    assert done.dependents[0].checks[0].evidence_digest == expected
    with pytest.raises(InvalidInput, match="another content or lock"):
        shop.post(evidence_digest="0" * 64)


def test_bad_posts_are_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = shop.library.create("stranger", "Nothing\n").id
    with pytest.raises(NotFound, match="no such prompt"):
        shop.post(dependent=stranger)
    with pytest.raises(StaleHead):
        shop.post(digest=shop.see().digest)
    monkeypatch.setattr(review_dependents, "_MOST_CHECKS", 1)
    shop.post()
    shop.post()
    with pytest.raises(Conflict, match="1 checks here, the most"):
        shop.post(name="another")


def test_the_page_has_the_templates_before_and_after(shop: Shop) -> None:
    shop.library.create("a/first", "{{> tone}}")
    page = shop.page(limit=1)
    assert (page.prompts, page.next_cursor, [one.name for one in page.items]) == (2, "a/first", ["a/first"])
    (one,) = shop.page(cursor=page.next_cursor).items
    assert (one.before, one.after) == ("Be kind.\nRefund {{order}}.\n", "Be brief.\nRefund {{order}}.\n")
    assert (one.effect, one.cut, one.required) == ("changed", False, ("suite",))
    with pytest.raises(NotFound):
        shop.library.run(review_dependents.list_, shop.path, ReviewDependentsQuery(), shop.people.stranger)


def test_a_snippet_that_breaks_a_dependent_says_why(library: Library) -> None:
    shop = Shop(library, text="Be {{how}}.\n")
    (one,) = shop.page().items
    assert (one.effect, one.reasons) == ("breaks", ("variable how: new and required",))


def test_it_takes_as_many_statements_for_many_as_for_few(shop: Shop) -> None:
    with shop.library.counted() as few:
        shop.see()
    for at in range(30):
        shop.library.create(f"support/p{at:02}", "{{> tone}}\nHello.\n")
    with shop.library.counted() as many:
        seen = shop.see()
    assert len(many) == len(few)
    assert (len(seen.dependents), seen.dependent_prompts) == (20, 31)
    (said,) = shop.said()
    assert said.startswith(
        "For support/p00, support/p01, support/p02 and 28 more, which include this snippet"
    )


def test_archived_ones_and_merged_reviews_have_no_say(shop: Shop) -> None:
    shop.library.run(prompts.archive, {"prompt_id": shop.refund}, by=shop.people.admin)
    assert (shop.see().dependents, shop.said()) == ((), [])
    done = shop.merge()
    assert done.dependents == ()
