"""Protections hold wherever a head moves, through the dispatcher, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import jupyter_prompthub_server
import pytest
from jupyter_prompthub_server.services import (
    branches,
    bulk,
    drafts,
    members,
    merging,
    prompts,
    protections,
    transfer,
    versions,
)

from jupyter_prompthub.core.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    Protected,
)
from jupyter_prompthub.core.records import (
    BranchMove,
    BulkChange,
    BulkItem,
    Covered,
    CoveredQuery,
    ImportRequest,
    ImportVersion,
    MemberPatch,
    NewBranch,
    NewMerge,
    NewPick,
    NewProtection,
    OwnerRule,
    PromptPatch,
    Protection,
    ProtectionPatch,
    PutDraft,
    Rules,
    SaveDraft,
)
from tests.server.services.conftest import Library, counted, item

TEXT = '{{role "system"}}\nOne.\n{{role "user"}}\n{{question}}\n'
OTHER = TEXT.replace("One.", "Two.")


class Protected_:
    """A prompt whose ``main`` is protected, with a branch ``side`` that is one version ahead."""

    def __init__(self, library: Library, rules: Rules | None = None, **more: str) -> None:
        self.library, self.people = library, library.people
        self.id = library.create("kept/one", TEXT).id
        self.path = {"prompt_id": self.id}
        library.branch(self.id, "side")
        self.side = library.save(self.id, OTHER, "two", branch="side").sha
        self.main = self.head("main")
        self.protection = self.protect(rules or Rules(approvals=1), **more)

    def protect(self, rules: Rules, **more: str) -> Protection:
        new = NewProtection(rules=rules, **more)
        made: Protection = self.library.run(protections.create, new=new, by=self.people.team_lead)
        return made

    def head(self, branch: str) -> str:
        sha: str = self.library.run(versions.get, {**self.path, "ref": branch}).sha
        return sha


@pytest.fixture
def kept(library: Library) -> Protected_:
    return Protected_(library)


def _save(kept: Protected_) -> None:
    kept.library.save(kept.id, OTHER, "pushed")


def _save_as_admin(kept: Protected_) -> None:
    kept.library.save(kept.id, OTHER, "pushed", by=kept.people.admin)


def _draft(kept: Protected_) -> None:
    path = {**kept.path, "branch": "main"}
    kept.library.run(drafts.put, path, PutDraft(text=OTHER))
    kept.library.run(drafts.save, path, SaveDraft(commit_message="drafted"))


def _merge(kept: Protected_) -> None:
    kept.library.run(merging.merge, kept.path, NewMerge(source="side"))


def _merge_version(kept: Protected_) -> None:
    kept.library.run(merging.merge, kept.path, NewMerge(source="side", mode="squash"))


def _pick(kept: Protected_) -> None:
    kept.library.run(merging.cherry_pick, kept.path, NewPick(version="side"))


def _revert(kept: Protected_) -> None:
    kept.library.run(merging.revert, kept.path, NewPick(version="side", target="main"))


def _move(kept: Protected_) -> None:
    kept.library.run(branches.move, {**kept.path, "branch": "main"}, BranchMove(version="side"))


def _import(kept: Protected_) -> None:
    request = ImportRequest(items=(item("kept/one", TEXT, OTHER + "Three.\n"),), on_conflict="new_version")
    kept.library.run(transfer.import_, new=request, by=kept.people.admin)


MOVES: tuple[Callable[[Protected_], None], ...] = (
    _save,
    _save_as_admin,
    _draft,
    _merge,
    _merge_version,
    _pick,
    _move,
    _import,
)


@pytest.mark.parametrize("way", MOVES, ids=lambda way: way.__name__.strip("_"))
def test_no_way_leads_to_a_head_that_needs_a_review(
    kept: Protected_, way: Callable[[Protected_], None]
) -> None:
    with pytest.raises(Protected) as refused:
        way(kept)
    (block,) = refused.value.details["blocks"]
    assert block["code"] == "review_needed"
    assert block["protection"] == kept.protection.id
    assert kept.head("main") == kept.main


def test_every_way_works_where_nothing_is_protected(library: Library) -> None:
    for at, way in enumerate(MOVES):
        kept = Protected_.__new__(Protected_)
        kept.library, kept.people = library, library.people
        kept.id = library.create(f"free/p{at}" if way is not _import else "kept/one", TEXT).id
        kept.path = {"prompt_id": kept.id}
        library.branch(kept.id, "side")
        kept.side = library.save(kept.id, OTHER, "two", branch="side").sha
        before = kept.head("main")
        way(kept)
        assert kept.head("main") != before, way.__name__


def test_a_revert_is_refused_too(library: Library) -> None:
    kept = Protected_(library)
    kept.library.run(protections.delete_, {"protection_id": kept.protection.id}, by=kept.people.team_lead)
    library.save(kept.id, OTHER, "two")
    kept.protect(Rules(approvals=1))
    with pytest.raises(Protected, match="by merging a review only"):
        library.run(merging.revert, kept.path, NewPick(version="main"))


def test_other_branches_and_other_prompts_are_free(kept: Protected_) -> None:
    kept.library.save(kept.id, OTHER + "More.\n", branch="side")
    kept.protect(Rules(approvals=1), prompts="sales/*", branch="*")
    kept.library.save(kept.id, OTHER + "Again.\n", branch="side")
    assert kept.library.create("sales/new", TEXT).versions == 1
    sold = kept.library.search(search="sales").items[0]
    with pytest.raises(Protected):
        kept.library.save(sold.id, OTHER)


def test_a_protected_branch_is_not_deleted_and_starts_from_what_was_reviewed(kept: Protected_) -> None:
    kept.protect(Rules(approvals=1), branch="release/*")
    run, path = kept.library.run, kept.path
    with pytest.raises(Protected) as refused:
        run(branches.create, path, NewBranch(name="release/1", base_version="side"))
    assert refused.value.details["blocks"][0]["code"] == "create"
    run(branches.create, path, NewBranch(name="release/1", base_version="main"))
    with pytest.raises(Protected, match="cannot be deleted"):
        run(branches.delete_, {**path, "branch": "release~1"}, by=kept.people.admin)
    assert kept.head("release/1") == kept.main


def test_a_linear_history_takes_saves_and_refuses_merges_and_ways_back(library: Library) -> None:
    kept = Protected_(library, Rules(linear_history=True))
    library.save(kept.id, TEXT + "Ours.\n", "ours")
    with pytest.raises(Protected) as refused:
        _merge(kept)
    assert refused.value.details["blocks"][0]["code"] == "linear_history"
    _merge_version(kept)
    with pytest.raises(Protected):
        kept.library.run(branches.move, {**kept.path, "branch": "main"}, BranchMove(version=kept.main))


def test_who_may_push_is_looked_up_when_it_happens(library: Library) -> None:
    kept = Protected_(library, Rules(may_push=("role:team_lead",)))
    with pytest.raises(Protected, match="Only those named"):
        _save(kept)
    library.save(kept.id, OTHER, "by the lead", by=kept.people.team_lead)
    kept.library.run(
        protections.update_,
        {"protection_id": kept.protection.id},
        ProtectionPatch(rules=Rules(may_push=(kept.people.engineer.actor_id,))),
        kept.people.team_lead,
    )
    library.save(kept.id, TEXT, "by the engineer who is named")


def test_admins_are_free_only_where_the_protection_says_so(library: Library) -> None:
    kept = Protected_(library, Rules(approvals=1, admins_included=False))
    with pytest.raises(Protected):
        library.save(kept.id, OTHER, by=kept.people.team_lead)
    library.save(kept.id, OTHER, by=kept.people.admin)


def test_a_prompt_does_not_leave_or_enter_a_protection_by_its_name(library: Library) -> None:
    kept = Protected_(library, prompts="kept/*")
    free = library.create("free/one", TEXT)
    for prompt_id, name in ((kept.id, "free/two"), (free.id, "kept/two")):
        with pytest.raises(Forbidden, match="protection:write"):
            library.update(prompt_id, name=name)
        change = BulkChange(items=(BulkItem(id=prompt_id, name=name),))
        report = library.run(bulk.change, new=change)
        assert [one.code for one in report.failed] == ["forbidden"]
    library.update(kept.id, name="kept/three")
    library.run(
        prompts.update_, {"prompt_id": free.id}, PromptPatch(name="kept/two"), library.people.team_lead
    )


def test_a_prompt_does_not_leave_the_owners_of_its_units_by_its_name(library: Library) -> None:
    legal = OwnerRule(name="legal", owners=(library.people.colleague.actor_id,), prompts="kept/*")
    kept = Protected_(library, Rules(owners=(legal,)))
    with pytest.raises(Forbidden, match="protection:write"):
        library.update(kept.id, name="free/one")
    library.update(kept.id, name="kept/two")
    library.update(kept.id, name="free/one", by=library.people.team_lead)


def test_an_import_may_bring_new_prompts_with_their_histories(library: Library) -> None:
    library.run(
        protections.create, new=NewProtection(branch="*", rules=Rules(approvals=1)), by=library.people.admin
    )
    side = ImportVersion(text=OTHER + "Side.\n", branch="side", base=0)
    request = ImportRequest(items=(item("new/one", TEXT, OTHER, side),))
    report = library.run(transfer.import_, new=request, by=library.people.admin)
    assert report.created == ("new/one",)


def test_protections_are_listed_changed_and_deleted_by_those_who_may(kept: Protected_) -> None:
    run, lead = kept.library.run, kept.people.team_lead
    listed = run(protections.list_, by=kept.people.viewer)
    assert [(one.prompts, one.branch, one.rules.approvals) for one in listed.items] == [("*", "main", 1)]
    path = {"protection_id": kept.protection.id}
    with pytest.raises(Forbidden):
        run(protections.update_, path, ProtectionPatch(branch="x"))
    told = kept.library.told(protections.update_, path, ProtectionPatch(branch="dev"), lead)
    assert told.result.branch == "dev"
    assert [event.kind for event in told.events] == ["protection.changed"]
    assert kept.library.told(protections.update_, path, ProtectionPatch(branch="dev"), lead).receipt is None
    with pytest.raises(NotFound):
        run(protections.delete_, path, by=kept.people.stranger)
    run(protections.delete_, path, by=lead)
    assert run(protections.list_).items == ()
    assert {"protection.create", "protection.update", "protection.delete"} <= {
        tag for tag, _ in kept.library.entries()
    }


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"may_merge": ["nobody"]}, "may_merge names 'nobody', which is no id of a member; .* is "),
        (
            {"approvers": ["role:enginer"]},
            "approvers names 'role:enginer': expected role:viewer, role:engineer",
        ),
        ({"owners": [{"name": "legal", "owners": ["role:boss"]}]}, "the owner rule legal names 'role:boss'"),
        ({"checks": [{"name": "s", "posted_by": ["ci"]}]}, "posted_by of the check s names 'ci'"),
        (
            {"owners": [{"name": "legal", "owners": ["role:admin"], "units": ["segmnt:system"]}]},
            "names the unit 'segmnt:system', which no prompt can have: expected segment: with system, user",
        ),
    ],
)
def test_rules_name_only_what_there_can_be(kept: Protected_, rules: dict[str, object], said: str) -> None:
    made = Rules.model_validate(rules)
    with pytest.raises(InvalidInput, match=said):
        kept.protect(made)
    path = {"protection_id": kept.protection.id}
    with pytest.raises(InvalidInput, match=said):
        kept.library.run(protections.update_, path, ProtectionPatch(rules=made), kept.people.team_lead)
    assert len(kept.library.run(protections.list_).items) == 1


def test_whoever_left_stays_named_until_they_are_taken_out(library: Library) -> None:
    colleague, admin = library.people.colleague.actor_id, library.people.admin
    kept = Protected_(library, Rules(approvals=1, approvers=(colleague,)))
    path = {"protection_id": kept.protection.id}
    library.run(members.update_, {"actor_id": colleague}, MemberPatch(disabled=True), admin)
    more = ProtectionPatch(rules=Rules(approvals=2, approvers=(colleague,)))
    assert library.run(protections.update_, path, more, admin).rules.approvals == 2
    library.run(protections.update_, path, ProtectionPatch(rules=Rules(approvals=2)), admin)
    with pytest.raises(InvalidInput, match="no id of a member"):
        library.run(protections.update_, path, more, admin)


def test_only_the_gate_s_module_writes_heads() -> None:
    """Whatever moves a head goes through ``heads``, and from there through the gate."""
    root = Path(jupyter_prompthub_server.__file__).parent
    writes = re.compile(r"\b(?:insert|update|delete)\(\s*branch\s*\)")
    found = {path.name for path in root.rglob("*.py") if writes.search(path.read_text("utf-8"))}
    assert found == {"heads.py"}
    text = (root / "services" / "heads.py").read_text("utf-8")
    assert len(writes.findall(text)) == text.count("gate.passes(") == 3


def test_a_new_branch_costs_the_same_however_many_there_are(kept: Protected_) -> None:
    kept.protect(Rules(approvals=1), branch="release/*")

    def made(name: str) -> int:
        with counted(kept.library.store.database.writer) as seen:
            kept.library.run(branches.create, kept.path, NewBranch(name=name, base_version="main"))
        return len(seen)

    few = made("release/first")
    for at in range(12):
        kept.library.branch(kept.id, f"release/{at}", "main")
    assert made("release/last") == few


def test_patterns_say_what_they_hold_for_now(library: Library) -> None:
    kept = Protected_(library)
    for name in ("kept/two_a", "kept/twoxa", "other"):
        library.create(name, TEXT)
    gone = library.create("kept/gone", TEXT)
    library.run(prompts.archive, {"prompt_id": gone.id}, by=kept.people.admin)

    def covered(prompts: str, branch: str = "main") -> Covered:
        query = CoveredQuery(prompts=prompts, branch=branch)
        found: Covered = library.run(protections.covered, new=query, by=library.people.viewer)
        return found

    found = covered("kept/*", "*")
    assert (found.prompts, found.branches) == (3, 4)
    assert found.items[0].model_dump() == {"id": kept.id, "name": "kept/one", "branches": ("main", "side")}
    assert [one.name for one in covered("kept/two_a").items] == ["kept/two_a"]
    assert {one.name for one in covered("kept/two?a").items} == {"kept/twoxa", "kept/two_a"}
    assert covered("*", "nowhere").model_dump() == {"prompts": 0, "branches": 0, "items": ()}
    for at in range(25):
        library.create(f"many/{at:02}", TEXT)
    many = covered("many/*")
    assert (many.prompts, len(many.items), many.items[-1].name) == (25, 20, "many/19")


def test_what_a_protected_branch_refuses_is_saved_on_a_new_one_with_its_editors(library: Library) -> None:
    kept = Protected_(library)
    at = {**kept.path, "branch": "main"}
    library.run(drafts.put, at, PutDraft(text=OTHER), by=kept.people.team_lead)
    with pytest.raises(Protected):
        library.run(drafts.save, at, SaveDraft(commit_message="x"))
    with pytest.raises(AlreadyExists, match="another branch"):
        library.run(drafts.save, at, SaveDraft(commit_message="x", new_branch="side"))
    made = library.run(drafts.save, at, SaveDraft(commit_message="Twice", new_branch="tone"))
    assert (made.text, made.parents, kept.head("tone")) == (OTHER, (kept.main,), made.sha)
    assert [one.id for one in made.editors] == [kept.people.team_lead.actor_id]
    assert kept.head("main") == kept.main
    assert library.run(drafts.get, at).dirty
    library.run(drafts.put, at, PutDraft(text=TEXT))
    with pytest.raises(Conflict, match="nothing to save"):
        library.run(drafts.save, at, SaveDraft(commit_message="x", new_branch="more"))
    assert "more" not in {one.name for one in library.run(branches.list_, kept.path).items}
