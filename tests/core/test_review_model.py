"""Reviews as a machine that a hostile hand drives: whatever is pushed, approved, taken back, merged and demoted, and in
whatever order, nothing comes onto the protected branch that did not have its approvals.

The machine keeps its own account of who looked at what, and never reads the decision's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jupyter_prompthub.core.canonical import content_hash, text_hash
from jupyter_prompthub.core.merge import merge
from jupyter_prompthub.core.promptfile import parse
from jupyter_prompthub.core.records import Decision, OwnerRule, RequiredCheck, ReviewState, Rules, Verdict
from jupyter_prompthub.core.reviews import (
    Approval,
    CheckFact,
    Held,
    Including,
    Landing,
    Person,
    Push,
    dependent_digest,
    merge_blocks,
    push_blocks,
    review_digest,
    snippet_part,
    touched_units,
)
from tests.support.counts import tried

PEOPLE = ("ada", "ben", "lea", "lou", "rob")
LINES = ("Be kind.", "Be brief.", "Ask first.", "Never promise.")
PERMISSIONS = {
    "viewer": frozenset({"review:read"}),
    "engineer": frozenset({"prompt:write", "review:write"}),
    "team_lead": frozenset({"prompt:write", "review:write", "prompt:merge", "review:approve"}),
}
PERMISSIONS["admin"] = PERMISSIONS["team_lead"]

who = st.sampled_from(PEOPLE)
line = st.integers(0, 2)
words = st.sampled_from(LINES)


@dataclass(frozen=True)
class Version:
    """What the machine saves."""

    number: int
    text: str
    author: str
    parents: tuple[Version, ...] = ()

    @property
    def sha(self) -> str:
        return text_hash(f"{self.number} {self.text}")

    def history(self) -> set[int]:
        return {self.number}.union(*(parent.history() for parent in self.parents))

    def all(self) -> dict[int, Version]:
        made = {self.number: self}
        for parent in self.parents:
            made |= parent.all()
        return made


@dataclass
class Witness:
    """What somebody saw when they said yes."""

    by: str
    text: str
    source: int
    withdrawn: bool = field(default=False)


def edited(text: str, at: int, to: str, role: str) -> str:
    head, _, rest = text.partition('{{role "user"}}\n')
    if role == "system":
        rows = head.split("\n")
        rows[1 + 2 * at] = to
        return "\n".join(rows) + '{{role "user"}}\n' + rest
    return head + '{{role "user"}}\n' + to + "\n"


class Reviews(RuleBasedStateMachine):
    """One protected branch, one source branch, one review that is opened again after each merge."""

    start = '{{role "system"}}\nOne.\n-\nTwo.\n-\nThree.\n{{role "user"}}\n{{question}}\n'
    owned = "segment:system"

    @initialize(
        needed=st.integers(1, 2),
        authors=st.booleans(),
        pusher=st.booleans(),
        owned=st.booleans(),
        included=st.booleans(),
    )
    def begin(self, needed: int, authors: bool, pusher: bool, owned: bool, included: bool) -> None:
        owners = (OwnerRule(name="legal", owners=("ben", "lou"), units=(self.owned,)),)
        self.rules = Rules(
            approvals=needed,
            exclude_authors=authors,
            exclude_last_pusher=pusher,
            owners=owners if owned else (),
        )
        self.held = [Held("p", self.rules)]
        self.roles = dict(
            zip(PEOPLE, ("engineer", "engineer", "team_lead", "team_lead", "admin"), strict=True)
        )
        self.count = 1
        self.main = self.tone = Version(1, self.start, "rob")
        self.last_pusher = "rob"
        self.said: dict[str, tuple[Decision, str | None]] = {}
        self.seen: list[tuple[str, str, int]] = []
        self.witnesses: list[Witness] = []
        self.included = included
        self.around = "Around it."
        self.locked = self.start
        self.posted: dict[str, Verdict] = {}
        self.last_posted = ""
        self.tested: dict[tuple[str, str], Verdict] = {}
        self.furnish()

    # ------------------------------------------------------------------ what another kind of prompt does otherwise

    def furnish(self) -> None:
        """What it begins with beside."""

    def lock(self) -> dict[str, str]:
        return {}

    def shown(self, text: str) -> str:
        """All that somebody sees who looks at a merge result."""
        return text

    def touched(self, text: str) -> frozenset[str]:
        return touched_units(parse(self.main.text), parse(text))

    def is_owned_changed(self, text: str) -> bool:
        """The machine's own account of whether owners are to be asked."""
        old, new = (each.partition('{{role "user"}}')[0] for each in (self.main.text, text))
        return old != new

    # ------------------------------------------------------------------ what the store does

    def _version(self, text: str, author: str, *parents: Version) -> Version:
        self.count += 1
        return Version(self.count, text, author, parents)

    def _base(self) -> Version:
        common = self.main.history() & self.tone.history()
        return self.main.all()[max(common)]

    def _result(self) -> str | None:
        return merge(self._base().text, self.main.text, self.tone.text).text

    def _digest(self) -> str | None:
        text = self._result()
        if text is None:
            return None
        return review_digest(
            content_hash=content_hash(parse(text).content),
            text_hash=text_hash(text),
            lock=self.lock(),
            source_head=self.tone.sha,
        )

    def _person(self, name: str) -> Person:
        return Person(name, name.title(), self.roles[name], PERMISSIONS[self.roles[name]])

    def _around(self, text: str, around: str) -> str:
        return dependent_digest(
            prompt_id="refund",
            content_hash=text_hash(around),
            lock={"tone": self.main.sha},
            snippet_id="tone",
            part=snippet_part(parse(text).content, {}),
        )

    def _including(self, text: str | None) -> tuple[Including, ...]:
        """A prompt that includes this one, and asks for the check ``suite``."""
        if not self.included or text is None or self._same(text):
            return ()
        digest = self._around(text, self.around)
        checks = {}
        at = digest if digest in self.posted else self.last_posted
        if at:
            checks["suite"] = CheckFact("suite", self.posted[at], at, self._person("ben"))
        held = Held("q", Rules(checks=(RequiredCheck(name="suite"),)))
        return (Including("refund", digest, (held,), checks),)

    def _same(self, text: str) -> bool:
        return parse(text).content.segments == parse(self.locked).content.segments

    def _ahead(self) -> list[Version]:
        known = self.main.history()
        return [one for number, one in self.tone.all().items() if number not in known]

    def _landing(self, by: str) -> Landing:
        text = self._result()
        return Landing(
            self._person(by),
            "tone",
            "main",
            ReviewState.OPEN,
            self._digest(),
            approvals=tuple(Approval(self._person(one), *said) for one, said in self.said.items()),
            authors=frozenset(one.author for one in self._ahead()),
            last_pusher=self.last_pusher,
            units=self.touched(text) if text is not None else frozenset(),
            including=self._including(text),
            conflicts=0 if text is not None else 1,
            up_to_date=not self._ahead(),
        )

    # ------------------------------------------------------------------ what people try

    @rule(by=who, at=line, to=words, role=st.sampled_from(("system", "user")))
    def push_to_source(self, by: str, at: int, to: str, role: str) -> None:
        self.look()
        text = edited(self.tone.text, at, to, role)
        if text != self.tone.text:
            self.tone, self.last_pusher = self._version(text, by, self.tone), by

    @rule(by=who)
    def move_source_back(self, by: str) -> None:
        if self.tone.parents:
            self.tone, self.last_pusher = self.tone.parents[0], by

    @rule(by=who)
    def update_from_target(self, by: str) -> None:
        text = merge(self._base().text, self.tone.text, self.main.text).text
        if text is not None and self.main.number not in self.tone.history():
            self.tone, self.last_pusher = self._version(text, by, self.tone, self.main), by

    @rule(by=who)
    def push_to_target(self, by: str) -> None:
        assert push_blocks(self.held, Push(self._person(by), "main"))
        assert push_blocks(self.held, Push(self._person(by), "main", linear=False))
        assert push_blocks(self.held, Push(self._person(by), "main", deletes=True))

    @rule(at=line, to=words)
    def target_moves_by_another_review(self, at: int, to: str) -> None:
        self.main = self._version(edited(self.main.text, at, to, "system"), "rob", self.main)

    def look(self) -> None:
        digest, text = self._digest(), self._result()
        if digest is not None and text is not None:
            self.seen.append((digest, self.shown(text), self.tone.number))

    @precondition(lambda self: self.seen)
    @rule(by=who, back=st.integers(1, 3))
    def approve_something_seen(self, by: str, back: int) -> None:
        """Also what is not there any more."""
        self._approve(by, *self.seen[-min(back, len(self.seen))])

    @rule(one=who, other=who)
    def two_approve_what_is_there(self, one: str, other: str) -> None:
        self.look()
        if self.seen and self._digest() is not None:
            self._approve(one, *self.seen[-1])
            self._approve(other, *self.seen[-1])

    @rule(
        by=who,
        at=line,
        to=words,
        tested=st.sampled_from((None, Verdict.FAILED, Verdict.PASSED)),
        late=st.booleans(),
    )
    def push_then_all_approve_and_try(
        self, by: str, at: int, to: str, tested: Verdict | None, late: bool
    ) -> None:
        """What makes merges frequent; ``late``: who includes it changes just before."""
        self.push_to_source(by, at, to, "system")
        self.look()
        if self._digest() is None:
            return
        for by in PEOPLE:
            self._approve(by, *self.seen[-1])
        if tested is not None:
            self.post_a_check_of_who_includes_it(tested, 1)
        if late:
            self.around += "!"
        self.everybody_tries_to_merge()

    def _approve(self, by: str, digest: str, text: str, source: int) -> None:
        self._withdraw(by)
        self.said[by] = (Decision.APPROVE, digest)
        self.witnesses.append(Witness(by, text, source))

    @rule(by=who)
    def ask_for_changes(self, by: str) -> None:
        self._withdraw(by)
        self.said[by] = (Decision.REQUEST_CHANGES, self._digest())

    def _withdraw(self, by: str) -> None:
        for one in self.witnesses:
            one.withdrawn |= one.by == by

    @precondition(lambda self: self.seen)
    @rule(verdict=st.sampled_from(Verdict), back=st.integers(1, 3))
    def post_a_check_of_who_includes_it(self, verdict: Verdict, back: int) -> None:
        """Also on what is not there any more."""
        self.look()
        _, text, _ = self.seen[-min(back, len(self.seen))]
        self.last_posted = self._around(text, self.around)
        self.posted[self.last_posted] = verdict
        self.tested[text, self.around] = verdict

    @rule(words=st.sampled_from(("Around it.", "Around.")))
    def change_who_includes_it(self, words: str) -> None:
        self.around = words

    @rule(one=who, role=st.sampled_from(("viewer", "engineer", "team_lead", "admin")))
    def give_another_role(self, one: str, role: str) -> None:
        self.roles[one] = role

    @rule()
    def everybody_tries_to_merge(self) -> None:
        for by in PEOPLE:
            self._try(by)

    def _try(self, by: str) -> None:
        if merge_blocks(self.held, self._landing(by)):
            return
        text = self._result()
        assert text is not None
        self._check(by, text)
        self.main = self._version(text, by, self.main, self.tone)
        self.said.clear()
        self.witnesses.clear()

    # ------------------------------------------------------------------ the machine's own account

    def _check(self, by: str, text: str) -> None:
        assert self.roles[by] in ("team_lead", "admin"), f"{by} merged as {self.roles[by]}"
        wrote = {one.author for one in self._ahead()}
        fit = {
            one.by
            for one in self.witnesses
            if not one.withdrawn and one.text == self.shown(text) and one.source == self.tone.number
        }
        if self.rules.exclude_authors:
            fit -= wrote
        if self.rules.exclude_last_pusher:
            fit.discard(self.last_pusher)
        leads = {one for one in fit if self.roles[one] in ("team_lead", "admin")}
        assert len(leads) >= self.rules.approvals, f"{text!r} was merged with approvals of {leads}"
        if self.rules.owners and self.is_owned_changed(text):
            assert {one for one in fit & {"ben", "lou"} if self.roles[one] != "viewer"}
        if self.included and not self._same(text):
            assert self.tested.get((text, self.around)) is Verdict.PASSED, (
                "merged what failed for who includes it"
            )
        against = {one for one, (what, _) in self.said.items() if what is Decision.REQUEST_CHANGES}
        assert not {one for one in against if self.roles[one] in ("team_lead", "admin")}

    @invariant()
    def the_target_parses(self) -> None:
        if hasattr(self, "main"):
            parse(self.main.text)


TestReviews = Reviews.TestCase
TestReviews.settings = tried(40)
