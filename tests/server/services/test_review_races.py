"""People approve, push, merge and lose their roles at the same moment, on both databases, while protections and a snippet
change, branches are deleted and made again, and every door is tried: whatever comes of it, a checker goes through what was
recorded and finds no head of the protected branch that was not approved as it is.

100 races in a usual run; 10,000 in a long one, ten times 1,000, each with a history and a seed of its own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import (
    branches,
    drafts,
    gate,
    members,
    merging,
    protections,
    review_decisions,
    reviews,
    transfer,
)
from jupyter_prompthub_server.store.tables import (
    audit_entry,
    branch,
    branch_move,
    version,
    version_editor,
    version_parent,
)
from sqlalchemy import select

from jupyter_prompthub.core.errors import Conflict, Forbidden, InvalidInput, NotFound, PromptHubError
from jupyter_prompthub.core.records import (
    BranchMove,
    ImportRequest,
    MemberPatch,
    MergeReview,
    NewBranch,
    NewDecision,
    NewMerge,
    NewPick,
    NewProtection,
    ProtectionPatch,
    PutDraft,
    ReviewPatch,
    Rules,
    SaveDraft,
)
from jupyter_prompthub.core.reviews import review_digest
from tests.server.services.conftest import Library, item
from tests.server.services.test_reviews import Desk
from tests.support.counts import LONG, SEED

RACES = 1_000 if LONG else 100
PARTS = 10 if LONG else 1
# what somebody may be told who takes over or takes back what has become something else meanwhile
_NO_LONGER = re.compile(r"is the first version|is a merge of \d+ versions|expected a mainline up to")
LEADS = frozenset({"team_lead", "admin"})


@dataclass(frozen=True)
class Entry:
    """What the audit log says has happened, in the order in which it was committed."""

    tag: str
    actor: str
    target: dict[str, str]


class Races:
    """One protected prompt, and what people do to it at once."""

    def __init__(self, library: Library, seed: int) -> None:
        self.library, self.people = library, library.people
        self.house = library.create("house", "Be kind.\n").id
        self.desk = Desk(library, Rules(approvals=1))
        self.desk.edit("tone", "Two.", "Two.\n{{> house}}")
        rules = NewProtection(prompts="support/*", branch="off", rules=Rules(approvals=2))
        self.second: str = library.run(protections.create, new=rules, by=self.people.admin).id
        """a second protection, which is switched on and off: two approvals"""
        self.random = random.Random(seed)
        self.count = 0
        self.merged = 0
        self.refused = 0

    def approve(self, by: Caller) -> None:
        """What was looked at may be gone when the word arrives."""
        digest = self.desk.see().digest
        if digest is not None:
            self.desk.do(review_decisions.decide, NewDecision(decision="approve", digest=digest), by)

    def push(self, by: Caller, branch: str) -> None:
        self.count += 1
        text = re.sub(r"Two[^.]*\.", f"Two {self.count}.", str(self.desk.version("tone").text), count=1)
        self.library.save(self.desk.id, text, "pushed", by=by, branch=branch)

    def move_back(self, by: Caller) -> None:
        """Move the source to the version before: who does is its last pusher, and wrote nothing."""
        path = {**self.desk.path, "branch": "tone"}
        for before in self.desk.version("tone").parents[:1]:
            self.library.run(branches.move, path, BranchMove(version=before), by)

    def bring_again(self, by: Caller) -> None:
        """Take the newest version back and bring it again: who wrote it stays its author."""
        for _ in range(2):
            self.library.run(
                merging.revert, self.desk.path, NewPick(version="tone", target="tone", mainline=1), by
            )

    def merge(self, by: Caller) -> None:
        self.desk.merge(by, mode=self.random.choice(("auto", "merge")))
        self.merged += 1

    def merge_beside(self, by: Caller) -> None:
        self.library.run(merging.merge, self.desk.path, NewMerge(source="tone"), by)

    def move(self, by: Caller) -> None:
        path = {**self.desk.path, "branch": "main"}
        self.library.run(branches.move, path, BranchMove(version="tone"), by)

    def other_door(self, by: Caller) -> None:
        """What else might move ``main``, or take the prompt from its protections."""
        run, path, main = self.library.run, self.desk.path, {**self.desk.path, "branch": "main"}
        text = str(self.desk.version("tone").text)
        way = self.random.choice(("pick", "revert", "draft", "import", "rename", "delete"))
        if way == "pick":
            run(merging.cherry_pick, path, NewPick(version="tone"), by)
        elif way == "revert":
            run(merging.revert, path, NewPick(version="main", mainline=1), by)
        elif way == "draft":
            run(drafts.put, main, PutDraft(text=text), by)
            run(drafts.save, main, SaveDraft(commit_message="drafted"), by)
        elif way == "import":
            request = ImportRequest(items=(item("support/refund", text),), on_conflict="new_version")
            run(transfer.import_, new=request, by=self.people.admin)
        elif way == "rename":
            self.library.update(self.desk.id, name="free/refund", by=self.people.engineer)
        else:
            run(branches.delete_, main, by=by)

    def protection(self, branch: str) -> None:
        path = {"protection_id": self.second}
        self.library.run(protections.update_, path, ProtectionPatch(branch=branch), self.people.admin)

    def snippet(self) -> None:
        self.count += 1
        self.library.save(self.house, f"Be kind, {self.count}.\n")

    def again(self) -> None:
        """The source is deleted and made again, from what it was or from ``main``."""
        path = {**self.desk.path, "branch": "tone"}
        base = self.random.choice((str(self.desk.version("tone").sha), "main"))
        self.library.run(branches.delete_, path, by=self.people.engineer)
        self.library.run(branches.create, self.desk.path, NewBranch(name="tone", base_version=base))

    def role(self, role: str) -> None:
        lead = {"actor_id": self.people.team_lead.actor_id}
        self.library.run(members.update_, lead, MemberPatch(role=role), self.people.admin)

    def race(self) -> None:
        """Some of all that at one moment."""
        engineer, lead, admin = self.people.engineer, self.people.team_lead, self.people.admin
        ways: list[Callable[[], Any]] = [
            lambda: self.approve(lead),
            lambda: self.approve(admin),
            lambda: self.push(engineer, "tone"),
            lambda: self.push(self.random.choice((lead, admin)), "tone"),
            lambda: self.move_back(self.random.choice((lead, admin))),
            lambda: self.bring_again(self.random.choice((lead, admin))),
            lambda: self.push(self.random.choice((engineer, lead, admin)), "main"),
            lambda: self.merge(lead),
            lambda: self.merge(admin),
            lambda: self.merge_beside(self.random.choice((engineer, admin))),
            lambda: self.move(admin),
            lambda: self.role("engineer"),
            lambda: self.role("team_lead"),
            lambda: self.other_door(self.random.choice((engineer, lead, admin))),
            lambda: self.protection("main"),
            lambda: self.protection("off"),
            self.snippet,
            self.again,
        ]
        weights = [4, 4, 2, 1, 1, 1, 1, 4, 4, 1, 1, 1, 2, 2, 1, 2, 1, 1]
        if (
            self.random.random() < 0.5
        ):  # begin anew: leads who wrote a part of it could approve nothing for ever
            path = {**self.desk.path, "branch": "tone"}
            self.library.run(branches.move, path, BranchMove(version="main"), engineer)
            self.push(engineer, "tone")
            self._quietly(lambda: self.approve(admin))
        chosen = self.random.choices(ways, weights, k=4)
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(self._quietly, way) for way in chosen]:
                done.result()
        self._open_again()

    def _open_again(self) -> None:
        """For the next race: the branch is there, and the review is open."""
        engineer = self.people.engineer
        state = self.desk.see().state.value
        if state == "open":
            return
        try:
            self.desk.version("tone")
        except NotFound:
            self.library.branch(self.desk.id, "tone", "main")
        self.push(engineer, "tone")
        if state == "closed":
            self.desk.do(reviews.update_, ReviewPatch(state="open"), engineer)
        else:
            self.desk.review = self.desk.open()

    def _quietly(self, way: Callable[[], Any]) -> None:
        try:
            way()
        except (Conflict, Forbidden, NotFound):
            self.refused += 1
        except InvalidInput as no:
            if not _NO_LONGER.search(no.message):
                raise
            self.refused += 1

    # ------------------------------------------------------------------ the checker

    def check(self) -> int:
        """Go through the record. Nothing of the decision's own code is used but the digest.

        Returns:
            How many times the protected branch moved.
        """
        with self.library.store.database.reading() as conn:
            mine = audit_entry.c.workspace_id == self.people.workspace_id
            rows = conn.execute(select(audit_entry).where(mine).order_by(audit_entry.c.id)).all()
            log = [Entry(row.tag, row.actor_id, row.target) for row in rows]
            moved = conn.execute(
                select(branch_move)
                .where(branch_move.c.prompt_id == self.desk.id, branch_move.c.branch == "main")
                .order_by(branch_move.c.id)
            ).all()
            pushed = conn.execute(
                select(branch_move.c.id, branch_move.c.actor_id)
                .where(branch_move.c.prompt_id == self.desk.id, branch_move.c.branch == "tone")
                .order_by(branch_move.c.id)
            ).all()
            versions = {
                row.sha: row
                for row in conn.execute(select(version).where(version.c.prompt_id == self.desk.id))
            }
            head = conn.execute(
                select(branch.c.head).where(branch.c.prompt_id == self.desk.id, branch.c.name == "main")
            ).scalar_one()
        assert [row.after for row in moved][-1] == head
        assert [row.before for row in moved[1:]] == [row.after for row in moved[:-1]], "a move is missing"
        for one in moved[1:]:
            assert one.review is not None, f"main moved without a review to {one.after}"
            said = versions[one.after]
            merge = next(
                entry
                for entry in log
                if entry.tag == "review.merge"
                and entry.target.get("review") == str(one.review)
                and entry.target.get("prompt") == self.desk.id
            )
            assert merge.target["digest"] == one.digest
            assert one.digest == review_digest(
                content_hash=said.content_hash,
                text_hash=said.text_hash,
                lock=said.lock,
                source_head=merge.target["merged"],
            )
            pusher = [push.actor_id for push in pushed if push.id < one.id][-1]
            self._approved(log, merge, str(one.review), str(one.digest), pusher)
        return len(moved) - 1

    def _approved(self, log: list[Entry], merge: Entry, number: str, digest: str, pusher: str) -> None:
        before = log[: log.index(merge)]
        roles = {self.people.team_lead.actor_id: "team_lead", self.people.admin.actor_id: "admin"}
        word: dict[str, tuple[str, str]] = {}
        for entry in before:
            if entry.tag == "member.role":
                roles[entry.target["actor"]] = entry.target["role"]
            if entry.tag == "review.decide" and entry.target.get("review") == number:
                word[entry.actor] = (entry.target["decision"], entry.target["digest"])
        assert roles.get(merge.actor) in LEADS, f"merged by {roles.get(merge.actor)}"
        needed = 1
        for entry in before:
            if entry.tag == "protection.update" and entry.target["protection"] == self.second:
                needed = 2 if entry.target["branch"] == "main" else 1
        yes = {one for one, said in word.items() if said == ("approve", digest) and roles.get(one) in LEADS}
        assert yes, f"#{number} was merged with {word} as {roles}"
        wrote = self._authors(merge.target["merged"], merge.target["before"])
        assert len(yes - wrote - {pusher}) >= needed, (
            f"#{number} needed {needed}, approved by {yes}, written by {wrote}, pushed by {pusher}"
        )

    def _authors(self, source: str, target: str) -> set[str]:
        """Who wrote what the source had and the target had not, or edited it."""
        with self.library.store.database.reading() as conn:
            parents: dict[str, set[str]] = {}
            for row in conn.execute(select(version_parent).where(version_parent.c.prompt_id == self.desk.id)):
                parents.setdefault(row.sha, set()).add(row.parent_sha)
            wrote: dict[str, set[str]] = {}
            for table, who in ((version, version.c.author_id), (version_editor, version_editor.c.actor_id)):
                for sha, actor in conn.execute(
                    select(table.c.sha, who).where(table.c.prompt_id == self.desk.id)
                ):
                    wrote.setdefault(sha, set()).add(actor)

        def history(sha: str) -> set[str]:
            seen, waiting = set[str](), [sha]
            while waiting:
                one = waiting.pop()
                if one not in seen:
                    seen.add(one)
                    waiting += parents.get(one, ())
            return seen

        return {actor for one in history(source) - history(target) for actor in wrote[one]}


@pytest.mark.timeout(0 if LONG else 900)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_race_merges_what_was_not_approved(library: Library, part: int) -> None:
    races = Races(library, SEED + part)
    for _ in range(RACES):
        races.race()
    moves = races.check()
    assert moves == races.merged
    assert moves >= RACES // 20, "too few merges for this to tell anything"
    assert races.refused >= RACES // 10


def test_the_checker_finds_a_merge_that_nobody_approved(library: Library, monkeypatch: Any) -> None:
    """That it finds nothing above means something."""
    races = Races(library, SEED)
    monkeypatch.setattr(review_decisions, "merge_blocks", lambda *_: ())
    monkeypatch.setattr(gate, "merge_blocks", lambda *_: ())
    races.merge(races.people.team_lead)
    try:
        races.check()
    except AssertionError as found:
        assert "was merged with" in str(found)
    else:
        raise AssertionError("the checker saw nothing")


def test_the_checker_finds_a_merge_that_only_its_last_pusher_approved(
    library: Library, monkeypatch: Any
) -> None:
    races = Races(library, SEED)
    races.move_back(races.people.admin)
    races.approve(races.people.admin)
    monkeypatch.setattr(review_decisions, "merge_blocks", lambda *_: ())
    monkeypatch.setattr(gate, "merge_blocks", lambda *_: ())
    races.merge(races.people.team_lead)
    with pytest.raises(AssertionError, match=f"pushed by {races.people.admin.actor_id}"):
        races.check()


def test_one_of_several_merges_at_once_wins(library: Library) -> None:
    races = Races(library, SEED)
    races.approve(races.people.admin)
    results: list[str] = []

    def merge() -> None:
        try:
            races.desk.do(review_decisions.merge, MergeReview(), races.people.team_lead)
            results.append("merged")
        except PromptHubError as error:
            results.append(error.code)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(merge) for _ in range(8)]:
            done.result()
    assert sorted(results) == ["merged", *["not_mergeable"] * 7]
    assert races.check() == 1
    assert races.desk.see().state.value == "merged"
