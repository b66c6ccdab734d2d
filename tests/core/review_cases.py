"""When a branch may move: the truth table of all rules, which ``docs/protections.md`` shows and a test checks.

Each case says what a protection asks, the situation, and what comes of it. ``python -m tests.core.review_cases`` writes the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jupyter_prompthub.core.records import (
    Block,
    BlockCode,
    Decision,
    OwnerRule,
    RequiredCheck,
    ReviewState,
    Rules,
    Verdict,
)
from jupyter_prompthub.core.reviews import (
    Approval,
    CheckFact,
    Held,
    Including,
    Landing,
    Person,
    Push,
    merge_blocks,
    push_blocks,
)

__all__ = ["CASES", "PAGE", "Case", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "protections.md"

_ENGINEER = frozenset({"prompt:write", "review:write"})
_LEAD = _ENGINEER | {"prompt:merge", "review:approve"}
ADA = Person("ada", "Ada", "engineer", _ENGINEER)
BEN = Person("ben", "Ben", "engineer", _ENGINEER)
LEA = Person("lea", "Lea", "team_lead", _LEAD)
LOU = Person("lou", "Lou", "team_lead", _LEAD)
ROB = Person("rob", "Rob", "admin", _LEAD)
GONE = Person("gil", "Gil", None)
LAB = Person("lab", "The local one", "admin", _LEAD, shared=True)
NOW, BEFORE = "d" * 64, "e" * 64

_LANDING = Landing(
    LEA, "tone", "main", ReviewState.OPEN, NOW, prompt="support/refund", authors=frozenset({"ada"})
)
_PUSH = Push(LEA, "main")


def ok(by: Person, digest: str = NOW) -> Approval:
    """An approval of what would be merged now."""
    return Approval(by, Decision.APPROVE, digest)


def no(by: Person) -> Approval:
    """A request for changes."""
    return Approval(by, Decision.REQUEST_CHANGES, NOW)


def including(
    *names: str, rules: Rules | None = None, checks: dict[str, CheckFact] | None = None
) -> tuple[Including, ...]:
    """Prompts that include the one under review, each with a protected branch."""
    held = (Held("q", rules or Rules(checks=(RequiredCheck(name="suite"),))),)
    return tuple(Including(name, NOW, held, checks or {}) for name in names)


def check(verdict: Verdict = Verdict.PASSED, digest: str = NOW, **more: Any) -> dict[str, CheckFact]:
    """The newest verdict of the check ``suite``."""
    return {"suite": CheckFact("suite", verdict, digest, **{"by": BEN, **more})}


@dataclass(frozen=True)
class Case:
    """``codes`` are the reasons why not, in order; none: it may."""

    rule: str
    situation: str
    rules: Rules | tuple[Rules, ...]
    facts: Push | Landing
    codes: tuple[BlockCode, ...]

    @property
    def held(self) -> Sequence[Held]:
        """The protections that hold."""
        several = self.rules if isinstance(self.rules, tuple) else (self.rules,)
        return [Held(f"p{at}", each) for at, each in enumerate(several, 1)]

    def blocks(self) -> tuple[Block, ...]:
        """What the decision says."""
        if isinstance(self.facts, Push):
            return push_blocks(self.held, self.facts)
        return merge_blocks(self.held, self.facts)


def merging(
    rule: str, situation: str, rules: Rules | tuple[Rules, ...], *codes: BlockCode, **facts: Any
) -> Case:
    return Case(rule, situation, rules, replace(_LANDING, **facts), codes)


def pushing(
    rule: str, situation: str, rules: Rules | tuple[Rules, ...], *codes: BlockCode, **facts: Any
) -> Case:
    return Case(rule, situation, rules, replace(_PUSH, **facts), codes)


_B = BlockCode
_NONE: tuple[Rules, ...] = ()
_ONE, _TWO = Rules(approvals=1), Rules(approvals=2)
_SUITE = Rules(checks=(RequiredCheck(name="suite"),))
_PINNED = Rules(checks=(RequiredCheck(name="suite", suite="s1"),))
_BY_BEN = Rules(checks=(RequiredCheck(name="suite", posted_by=("ben",)),))
_LEGAL = Rules(
    owners=(OwnerRule(name="legal", owners=("ben",), units=("segment:system", "section:disclaimer")),)
)
_LEGAL_OF_SALES = Rules(owners=(OwnerRule(name="legal", owners=("ben",), prompts="sales/*"),))
_TALKED, _LINEAR = Rules(conversations_resolved=True), Rules(linear_history=True)
_PUSHERS, _MERGERS = Rules(may_push=("role:team_lead",)), Rules(approvals=0, may_merge=("ben",))
_FREE_ADMINS = Rules(approvals=1, linear_history=True, admins_included=False)

CASES: tuple[Case, ...] = (
    merging("no protection", "an open review, merged by an engineer", _NONE, by=BEN),
    merging("no protection", "the review is a draft", _NONE, _B.DRAFT, state=ReviewState.DRAFT),
    merging("no protection", "the review is closed", _NONE, _B.CLOSED, state=ReviewState.CLOSED),
    merging("no protection", "the review has been merged", _NONE, _B.MERGED, state=ReviewState.MERGED),
    merging("no protection", "a conflict is open", _NONE, _B.CONFLICTS, conflicts=1, digest=None),
    merging("no protection", "several conflicts are open", _NONE, _B.CONFLICTS, conflicts=3, digest=None),
    merging("no protection", "the target has all of it", _NONE, _B.UP_TO_DATE, up_to_date=True),
    pushing("no protection", "an engineer saves a version", _NONE, by=ADA),
    pushing("no protection", "a branch is deleted", _NONE, by=ADA, deletes=True),
    pushing("any protection", "the branch is deleted", Rules(), _B.DELETE, deletes=True),
    merging("approvals", "nobody approved", _ONE, _B.APPROVALS),
    merging("approvals", "one of one approved", _ONE, approvals=(ok(LOU),)),
    merging("approvals", "one of two approved", _TWO, _B.APPROVALS, approvals=(ok(LOU),)),
    merging("approvals", "two of two approved, one of them merges", _TWO, approvals=(ok(LOU), ok(LEA))),
    merging("approvals", "an engineer approved", _ONE, _B.APPROVALS, approvals=(ok(BEN),)),
    merging(
        "approvals",
        "an engineer approved whom `approvers` names",
        Rules(approvals=1, approvers=("ben",)),
        approvals=(ok(BEN),),
    ),
    merging(
        "approvals",
        "`approvers` names the engineers by role",
        Rules(approvals=1, approvers=("role:engineer",)),
        approvals=(ok(BEN),),
    ),
    merging(
        "approvals",
        "who approved is no member any more",
        Rules(approvals=1, approvers=("gil",)),
        _B.APPROVALS,
        approvals=(ok(GONE),),
    ),
    merging("approvals", "who approved is an engineer now", _ONE, _B.APPROVALS, approvals=(ok(BEN),)),
    merging(
        "bound to the review digest",
        "a version was added since, or the merge result is another one",
        _ONE,
        _B.APPROVALS,
        approvals=(ok(LOU, BEFORE),),
    ),
    merging(
        "bound to the review digest",
        "the target moved and the merge result stayed the same",
        _ONE,
        approvals=(ok(LOU),),
    ),
    merging(
        "bound to the review digest",
        "approved, then a conflict came up",
        _ONE,
        _B.CONFLICTS,
        _B.APPROVALS,
        approvals=(ok(LOU),),
        conflicts=1,
        digest=None,
    ),
    merging(
        "exclude_authors",
        "who approved wrote a version under review",
        _ONE,
        _B.APPROVALS,
        approvals=(ok(LOU),),
        authors=frozenset({"lou"}),
    ),
    merging(
        "exclude_authors",
        "off: authors may approve",
        Rules(approvals=1, exclude_authors=False),
        approvals=(ok(LOU),),
        authors=frozenset({"lou"}),
    ),
    merging(
        "exclude_last_pusher",
        "who approved moved the source branch last",
        _ONE,
        _B.APPROVALS,
        approvals=(ok(LOU),),
        last_pusher="lou",
    ),
    merging(
        "exclude_last_pusher",
        "off: the last pusher may approve",
        Rules(approvals=1, exclude_last_pusher=False),
        approvals=(ok(LOU),),
        last_pusher="lou",
    ),
    merging(
        "shared identities", "the one of a Jupyter server approved", _ONE, _B.APPROVALS, approvals=(ok(LAB),)
    ),
    merging(
        "shared identities",
        "`exclude_authors` is off, `exclude_last_pusher` on",
        Rules(approvals=1, exclude_authors=False),
        _B.APPROVALS,
        approvals=(ok(LAB),),
    ),
    merging(
        "shared identities",
        "both are off",
        Rules(approvals=1, exclude_authors=False, exclude_last_pusher=False),
        approvals=(ok(LAB),),
    ),
    merging(
        "shared identities", "it and a team lead approved, one is needed", _ONE, approvals=(ok(LAB), ok(LOU))
    ),
    merging(
        "shared identities",
        "it wrote the version, a team lead approved",
        _ONE,
        approvals=(ok(LOU),),
        authors=frozenset({"lab"}),
    ),
    merging(
        "shared identities",
        "it owns the unit that changes",
        Rules(owners=(OwnerRule(name="legal", owners=("lab",)),)),
        _B.OWNERS,
        units={"segment:system"},
        approvals=(ok(LAB),),
    ),
    merging(
        "shared identities",
        "it asks for changes",
        _ONE,
        _B.CHANGES_REQUESTED,
        approvals=(no(LAB), ok(LOU)),
    ),
    merging(
        "requested changes",
        "two approved, a third asks for changes",
        _TWO,
        _B.CHANGES_REQUESTED,
        approvals=(ok(LOU), ok(LEA), no(ROB)),
    ),
    merging(
        "requested changes",
        "somebody whose approval would not count asks for changes",
        _ONE,
        approvals=(ok(LOU), no(BEN)),
    ),
    merging(
        "requested changes",
        "the checks passed, which are all that is needed; a team lead asks for changes",
        _SUITE,
        _B.CHANGES_REQUESTED,
        checks=check(),
        approvals=(no(LOU),),
    ),
    merging(
        "requested changes",
        "all conversations are resolved, a team lead asks for changes",
        _TALKED,
        _B.CHANGES_REQUESTED,
        approvals=(no(LOU),),
    ),
    merging(
        "requested changes",
        "an owner approved the unit that changes, a team lead asks for changes",
        _LEGAL,
        _B.CHANGES_REQUESTED,
        units={"segment:system"},
        approvals=(ok(BEN), no(LOU)),
    ),
    merging(
        "requested changes",
        "an owner approved the unit that changes, another owner asks for changes",
        Rules(owners=(OwnerRule(name="legal", owners=("ada", "ben")),)),
        _B.CHANGES_REQUESTED,
        units={"segment:system"},
        approvals=(ok(BEN), no(ADA)),
        authors=frozenset({"lea"}),
    ),
    merging(
        "requested changes",
        "an owner of units that do not change asks for changes, an engineer",
        _LEGAL,
        units={"segment:user"},
        approvals=(no(BEN),),
    ),
    merging(
        "requested changes",
        "asked for, and approved since",
        _SUITE,
        checks=check(),
        approvals=(ok(LOU),),
    ),
    merging(
        "requested changes",
        "two protections need a review: it is said once",
        (_TALKED, _SUITE),
        _B.CHANGES_REQUESTED,
        checks=check(),
        approvals=(no(LOU),),
    ),
    merging(
        "requested changes",
        "the protection needs no review: it only says how the history grows",
        _LINEAR,
        approvals=(no(LOU),),
    ),
    merging("requested changes", "no protection holds: the page says it", _NONE, approvals=(no(LOU),)),
    merging("checks", "the check was not made", _SUITE, _B.CHECK_MISSING),
    merging("checks", "it passed", _SUITE, checks=check()),
    merging("checks", "it failed", _SUITE, _B.CHECK_FAILED, checks=check(Verdict.FAILED)),
    merging("checks", "it is inconclusive", _SUITE, _B.CHECK_FAILED, checks=check(Verdict.INCONCLUSIVE)),
    merging("checks", "it passed on another text", _SUITE, _B.CHECK_STALE, checks=check(digest=BEFORE)),
    merging("checks", "a pinned suite: it rests on it", _PINNED, checks=check(suite="s1")),
    merging(
        "checks", "a pinned suite: it rests on another", _PINNED, _B.CHECK_SUITE, checks=check(suite="s2")
    ),
    merging("checks", "a pinned suite: it rests on none", _PINNED, _B.CHECK_SUITE, checks=check()),
    merging("checks", "`posted_by` names who posted it", _BY_BEN, checks=check()),
    merging("checks", "`posted_by` names another", _BY_BEN, _B.CHECK_POSTER, checks=check(by=ADA)),
    merging(
        "checks of who includes it",
        "one asks for a check, which was not made",
        _NONE,
        _B.CHECK_MISSING,
        including=including("support/refund"),
    ),
    merging(
        "checks of who includes it",
        "five ask for the same one",
        _NONE,
        _B.CHECK_MISSING,
        including=including("a", "b", "c", "d", "e"),
    ),
    merging(
        "checks of who includes it",
        "it passed on what that one would be",
        _NONE,
        including=including("a", checks=check()),
    ),
    merging(
        "checks of who includes it",
        "it passed on something else",
        _NONE,
        _B.CHECK_STALE,
        including=including("a", checks=check(digest=BEFORE)),
    ),
    merging(
        "checks of who includes it",
        "it failed for one of two",
        _NONE,
        _B.CHECK_FAILED,
        including=(*including("a", checks=check(Verdict.FAILED)), *including("b", checks=check())),
    ),
    merging(
        "checks of who includes it",
        "it rests on another suite",
        _NONE,
        _B.CHECK_SUITE,
        including=including("a", rules=_PINNED, checks=check(suite="s2")),
    ),
    merging(
        "checks of who includes it",
        "somebody else may post it",
        _NONE,
        _B.CHECK_POSTER,
        including=including("a", rules=_BY_BEN, checks=check(by=ADA)),
    ),
    merging(
        "checks of who includes it",
        "the snippet's own check passed, that of who includes it is missing",
        _SUITE,
        _B.CHECK_MISSING,
        checks=check(),
        including=including("a"),
    ),
    merging(
        "checks of who includes it",
        "an admin merges, whom that protection does not bind",
        _NONE,
        by=ROB,
        including=including("a", rules=Rules(checks=(RequiredCheck(name="suite"),), admins_included=False)),
    ),
    merging(
        "checks of who includes it",
        "approvals that they ask for are asked for when they are saved",
        _NONE,
        including=including("a", rules=_ONE),
    ),
    merging(
        "owners", "an owned message changes, no owner approved", _LEGAL, _B.OWNERS, units={"segment:system"}
    ),
    merging(
        "owners",
        "an owned section changes, no owner approved",
        _LEGAL,
        _B.OWNERS,
        units={"section:disclaimer"},
    ),
    merging(
        "owners",
        "somebody else approved",
        _LEGAL,
        _B.OWNERS,
        units={"segment:system"},
        approvals=(ok(LOU),),
    ),
    merging("owners", "an owner approved", _LEGAL, units={"segment:system"}, approvals=(ok(BEN),)),
    merging(
        "owners",
        "the owner wrote a version of it",
        _LEGAL,
        _B.OWNERS,
        units={"segment:system"},
        approvals=(ok(BEN),),
        authors=frozenset({"ben"}),
    ),
    merging("owners", "only other units change", _LEGAL, units={"segment:user", "parameter:temperature"}),
    merging("owners", "the rule is for prompts of another name", _LEGAL_OF_SALES, units={"segment:system"}),
    merging("conversations_resolved", "one is open", _TALKED, _B.CONVERSATIONS, open_threads=1),
    merging("conversations_resolved", "all are resolved", _TALKED),
    merging("linear_history", "a merge of two parents", _LINEAR, _B.LINEAR_HISTORY, linear=False),
    merging("linear_history", "a squash, or a fast-forward", _LINEAR),
    pushing("linear_history", "a version is saved", _LINEAR),
    pushing("linear_history", "the branch is moved back", _LINEAR, _B.LINEAR_HISTORY, linear=False),
    pushing(
        "linear_history",
        "another branch is merged without a review",
        _LINEAR,
        _B.LINEAR_HISTORY,
        linear=False,
    ),
    pushing("may_push", "a team lead pushes, `role:team_lead` may", _PUSHERS),
    pushing("may_push", "an admin pushes, `role:team_lead` may", _PUSHERS, by=ROB),
    pushing("may_push", "an engineer pushes, `role:team_lead` may", _PUSHERS, _B.MAY_PUSH, by=ADA),
    merging("may_merge", "an engineer merges a review", Rules(), _B.MAY_MERGE, by=BEN),
    merging("may_merge", "a team lead merges a review", Rules()),
    merging("may_merge", "an engineer whom the rule names merges", _MERGERS, by=BEN),
    merging("may_merge", "a team lead whom the rule does not name merges", _MERGERS, _B.MAY_MERGE),
    *(
        pushing("needs a review", f"a push, where {what}", rules, _B.REVIEW_NEEDED)
        for what, rules in (
            ("approvals are needed", _ONE),
            ("a check is needed", _SUITE),
            ("units have owners", _LEGAL),
            ("conversations must be resolved", _TALKED),
        )
    ),
    pushing(
        "needs a review",
        "a push by somebody whom `may_push` names",
        Rules(approvals=1, may_push=("lea",)),
        _B.REVIEW_NEEDED,
    ),
    pushing("needs a review", "a new branch, from any version", _ONE, _B.CREATE, creates=True),
    pushing(
        "needs a review",
        "a new branch, from the history of a branch that needs reviews",
        _ONE,
        creates=True,
        from_reviewed=True,
    ),
    merging("admins_included", "an admin merges what nobody approved", _ONE, _B.APPROVALS, by=ROB),
    merging("admins_included", "off: an admin merges what nobody approved", _FREE_ADMINS, by=ROB),
    merging("admins_included", "off: a team lead merges it", _FREE_ADMINS, _B.APPROVALS, by=LEA),
    merging(
        "admins_included",
        "off: an admin merges with a conflict open",
        _FREE_ADMINS,
        _B.CONFLICTS,
        by=ROB,
        conflicts=1,
        digest=None,
    ),
    pushing("admins_included", "an admin pushes", _ONE, _B.REVIEW_NEEDED, by=ROB),
    pushing("admins_included", "off: an admin pushes", _FREE_ADMINS, by=ROB, linear=False),
    merging(
        "several protections",
        "one asks for an approval, the other for a check; neither is there",
        (_ONE, _SUITE),
        _B.APPROVALS,
        _B.CHECK_MISSING,
    ),
    merging(
        "several protections",
        "both have what they ask for",
        (_ONE, _SUITE),
        approvals=(ok(LOU),),
        checks=check(),
    ),
    merging(
        "several protections",
        "admins are free of one of them",
        (_FREE_ADMINS, _SUITE),
        _B.CHECK_MISSING,
        by=ROB,
    ),
)


def _rows(rule: str) -> str:
    made = ""
    for case in CASES:
        if case.rule == rule:
            said = " ".join(block.message for block in case.blocks())
            what = "push" if isinstance(case.facts, Push) else "merge"
            codes = ", ".join(f"`{code.value}`" for code in case.codes)
            made += f"| {case.situation} | {what} | {codes or 'allowed'} | {said} |\n"
    return made


_HEAD = """# Protections

A protection is a set of rules for the branches whose name fits a pattern, of the prompts whose name fits another. In a pattern `*` stands for any
characters (`/` too) and `?` for one. Where several protections fit a branch, all of them hold. Making and changing them needs `protection:write`,
and refuses rules about units or roles that there cannot be, and about who is no member.
`GET protections/covered?prompts=&branch=` says what patterns hold for now. In JupyterLab they have [a screen](lab.md#branch-protections).

| rule | asks |
|---|---|
| `approvals`, `approvers` | so many approvals that count: of people with `review:approve`, or whom `approvers` names |
| `exclude_authors` | none by who wrote a version under review (as author, as editor of its draft, or as [author in git](git.md)), what it [picks or brings back](formats/merge.md), or decided one of its conflicts; on unless said |
| `exclude_last_pusher` | none by who moved the source branch last; on unless said |
| `checks` | each passed on exactly what is merged; `suite` pins what it must rest on, `posted_by` who may post it (an API key posts as its owner, where a role is asked for only with that role) |
| | the checks that prompts which include this one as a snippet ask for are needed too: [below](#who-includes-a-snippet) |
| `owners` | where the merge changes units of theirs, approvals of named people: `{"name": "legal", "owners": ["…"], "units": ["segment:system", "section:disclaimer"]}` |
| `conversations_resolved` | no open conversation |
| `linear_history` | versions of one parent only, and no way back |
| `may_push`, `may_merge` | only these people: ids, or `role:engineer` for a role and those above it |
| `admins_included` | the rules bind admins; on unless said |

With approvals, checks, owners or `conversations_resolved` a branch **needs a review**: it changes by merging one, and by nothing else. Saving, committing a
draft, merging, picking, reverting, moving, importing and deleting are refused there. An approval is bound to the [review digest](formats/review.md): what was approved is
what is merged. There a request for changes blocks, whatever else is given, until who made it approves or it is dismissed: of whoever may approve, and of the owners of units that
change. [Elsewhere it is said, and blocks nothing](decisions/requests-for-changes-block-where-a-review-is-needed.md). Roles count as they are when the merge happens, not as they were at the approval.

**People count, not browsers.** A Jupyter server knows everybody whom it lets in by one identity (with no password, or one token for all, it makes up a
name for each browser, and one person could be several). What that identity writes is its own, and its approval cannot show that somebody else looked: it
counts only where `exclude_authors` and `exclude_last_pusher` are both off, as somebody alone on a laptop may want it. It may ask for changes. Approvals that
count need accounts: `prompthub serve`. An API key with fewer permissions than its owner does not approve for them.

A prompt's very first version on `main` needs no review: there is nothing yet that it could be compared with. A prompt that is renamed
may not leave or enter a protection, or the owners of its units, by that, unless by somebody with `protection:write`.

Owner rules name units as people call them, never by a number: `segment:ROLE`, `section:NAME` (from `{{section "NAME"}}` to the next such marker or
the end of its message), `variable:NAME`, `parameter:NAME`, `tool:NAME`, `output:PROPERTY`, `snippet:NAME`, `metadata:NAME`, `model`, and `text` for a change of layout or
comments alone. A unit that is renamed or moved is touched. So is one whose snippets move and nothing else.
- What snippets bring, at any depth, is looked at where they are included; each of them that the lock has at another version is touched as `snippet:NAME`.
- A role marker holds until the next one, also past the end of the block or snippet that it stands in. A text that can belong to several messages is of all of them.
- The tags of a block or a snippet belong to every message and section around it and inside it: who changes a condition touches what it switches.
- A section is touched also when it comes into another message, or before what it came after.
- Of a template that comes to more than 20,000 nodes with its snippets, every message and section is touched by any change.

### Who includes a snippet
A review of a snippet lists the prompts that include it, directly or through others (`dependents`, `GET …/reviews/{number}/dependents`). Where the head of one of their branches takes it from
the branch under review (at its name, or at `latest` where that is `main`), and the merge changes what including it brings, the checks that the protections of that branch ask for must have passed
on what that prompt would be with the merge result: a check is posted with `dependent` and its [dependent digest](formats/review.md#the-dependent-digest-what-a-prompt-would-be), and
is stale when the snippet, or that prompt, becomes something else. Whom its protection does not bind (`admins_included`) is free of it. Versions that only an
environment serves, and refs to an environment, a tag or a SHA, are listed and ask for nothing: the merge does not move them. Approvals, owners and the rest are asked for when
such a prompt is saved: until then its lock keeps what it has, and a lock that moves is a change like any other.

## The truth table
Made by `python -m tests.core.review_cases`; a test asks the decision for every row. A *push* is any move without a review.
"""


def page() -> str:
    """The text of ``docs/protections.md``."""
    rules = list(dict.fromkeys(case.rule for case in CASES))
    parts = [
        f"\n### {rule}\n| situation | | | what is said |\n|---|---|---|---|\n{_rows(rule)}" for rule in rules
    ]
    return _HEAD + "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
