"""Reviews by the client and the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_prompthub.cli.parsing_reviews import VERBS
from jupyter_prompthub.cli.reviewing import _CHANGES, _LISTS, _TALKS
from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import Protected, StaleHead
from jupyter_prompthub.core.records import OwnerRule, RequiredCheck, Rules
from jupyter_prompthub.widgets.reviews import review_html
from tests.client.conftest import TEXT as PROMPT
from tests.client.conftest import Cli

TEXT = "One.\n\nTwo.\n\nThree.\n"


@pytest.fixture
def ahead(hub: Client) -> Client:
    """``tone`` is one version ahead of ``main``."""
    hub.create("house", text=TEXT, commit_message="First")
    hub.branch("house", "tone")
    hub.save("house", TEXT.replace("Three", "Third"), "Tone", branch="tone")
    return hub


def test_a_client_opens_talks_and_merges(ahead: Client) -> None:
    made = ahead.open_review("house", "tone")
    assert [one.number for one in ahead.reviews("house")] == [made.number]
    assert ahead.reviews(inbox="to_review") == ()
    thread = ahead.comment("house", 1, "Why?", path="segment/0/user")
    assert ahead.resolve_thread("house", 1, thread.id).resolved_at
    assert [one.id for one in ahead.threads("house", 1)] == [thread.id]
    assert made.digest
    assert ahead.post_check("house", 1, "suite", "passed", made.digest).checks[0].verdict == "passed"
    with pytest.raises(StaleHead):
        ahead.approve("house", 1, "0" * 64)
    protection = ahead.protect("house", approvals=1)
    with pytest.raises(Protected) as refused:
        ahead.merge_review("house", 1)
    assert refused.value.details["blocks"][0]["code"] == "approvals"
    ahead.unprotect(protection.id)
    assert ahead.protections() == ()
    assert ahead.merge_review("house", 1, digest=made.digest).state == "merged"
    assert "Third" in ahead.version("house").text
    assert ahead.revert_review("house", 1).reverts == 1


def test_the_command_line_says_what_is_missing(ahead: Client, cli: Cli) -> None:
    assert cli("review", "open", "house", "tone", "-m", "A tone").code == 0
    assert "house#1" in cli("review", "list").out
    assert cli("protect", "house", "--approvals", "1").code == 0
    shown = cli("review", "show", "house#1")
    assert shown.code == 1
    assert "missing: 1 approval is needed." in shown.out
    assert cli("review", "merge", "house#1").code == 1
    assert cli("review", "show", "house").code == 2
    assert cli("review", "approve", "house#1").code == 2
    (protection,) = ahead.protections()
    assert protection.id in cli("protect").out
    assert cli("protect", "--delete", protection.id).code == 0
    merged = cli("review", "merge", "house#1", "-m", "Unused")
    assert "merged" in merged.out
    assert "the message is not used (--no-ff" in merged.err


def test_a_review_says_on_the_command_line_whom_it_breaks(cli: Cli, hub: Client) -> None:
    hub.create("support/refund", text=PROMPT)
    assert cli("run", "support/refund", "--var", "user_message=Where?").code == 0
    hub.branch("support/refund", "tone")
    hub.save("support/refund", PROMPT.replace("assistant", "agent"), "Tone", branch="tone")
    hub.open_review("support/refund", "tone")
    assert "compatible: callers need no change" in cli("review", "show", "support/refund#1").out
    hub.save("support/refund", PROMPT.replace("user_message", "question"), "Name", branch="tone")
    shown = cli("review", "show", "support/refund#1").out
    assert "not compatible: 2 changes break callers\n    variable question: new and required\n" in shown
    assert "known callers that give user_message:\n    cli (" in shown
    assert "breaks callers: variable question" in review_html(hub.review("support/refund", 1))


def test_a_merged_review_misses_nothing(ahead: Client, cli: Cli) -> None:
    ahead.open_review("house", "tone")
    for command in (("merge", "house#1"), ("delete-source", "house#1"), ("show", "house#1")):
        ran = cli("review", *command)
        assert (ran.code, "missing" in ran.out) == (0, False), ran.out
    cli("review", "revert", "house#1")
    closed = cli("review", "close", "house#2")
    assert "missing: This review is closed: open it again first." in closed.out
    assert cli("review", "show", "house#2").code == 1


def test_every_rule_of_a_protection_is_set_on_the_command_line(hub: Client, cli: Cli) -> None:
    me = hub.me().actor.id
    assert "nothing protects support/*" in cli("protect", "support/*").out
    assert hub.protections() == ()
    every = (
        *("--approvals", "2", "--approver", "role:engineer", "--approver", me),
        *("--no-exclude-authors", "--no-exclude-last-pusher", "--conversations-resolved", "--linear"),
        *("--check", f"red team suite=s1 posted_by=role:engineer,{me}", "--check", "lint"),
        *(
            "--owner",
            f"legal owners=role:team_lead,{me} units=segment:system,'section:big words' approvals=2",
        ),
        *(
            "--owner",
            f"shop owners={me} prompts=support/*",
            "--may-push",
            me,
            "--may-merge",
            "role:team_lead",
        ),
        "--no-admins-included",
    )
    made = cli("protect", "support/*", *every)
    assert made.code == 0, made.err
    (one,) = hub.protections()
    assert set(one.rules.model_dump(exclude_defaults=True)) == set(Rules.model_fields)
    assert (one.prompts, one.branch, one.rules.approvals, one.rules.linear_history) == (
        "support/*",
        "main",
        2,
        True,
    )
    assert one.rules.checks[0] == RequiredCheck(name="red team", suite="s1", posted_by=("role:engineer", me))
    legal = OwnerRule(
        name="legal",
        owners=("role:team_lead", me),
        units=("segment:system", "section:big words"),
        approvals=2,
    )
    assert one.rules.owners == (legal, OwnerRule(name="shop", owners=(me,), prompts="support/*"))
    for rule in (
        "approvals: 2",
        "check red team suite=s1",
        f"owner legal owners=role:team_lead,{me}",
        f"may_push: {me}",
    ):
        assert rule in made.out
    # what is not named stays
    changed = cli("protect", "support/*", "--approvals", "1", "--no-checks", "--admins-included", "--json")
    rules = one.rules.model_copy(update={"approvals": 1, "checks": (), "admins_included": True})
    assert (changed.code, changed.json["id"], hub.protections()[0].rules) == (0, one.id, rules)
    moved = cli("protect", "sales/*", "--branch", "release/*", "--id", one.id)
    assert f"changed: sales/* release/*  {one.id}" in moved.out
    assert hub.protections()[0].rules == rules


def test_a_pattern_alone_shows_what_holds_there(hub: Client, cli: Cli) -> None:
    hub.protect("*", "release/*", linear_history=True)
    wide, narrow = hub.protect("support/*", approvals=1), hub.protect("support/refund", approvals=2)
    assert len(cli("protect", "--json").json) == 3
    ids = [one["id"] for one in cli("protect", "support/*", "--branch", "main", "--json").json]
    assert ids == [wide.id, narrow.id]
    assert "nothing protects sales/a main" in cli("protect", "sales/a", "--branch", "main").out
    assert "approvals: 2" in cli("protect", "--id", narrow.id).out
    gone = cli("protect", "--delete", narrow.id)
    assert gone.out == f"deleted: support/refund main  {narrow.id}\n    approvals: 2\n"
    assert cli("protect", "--delete", narrow.id).code == 1
    assert len(hub.protections()) == 2


def test_rules_come_from_a_file_and_options_go_before_them(hub: Client, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(
        "approvals: 2\nowners:\n- {name: 'a=b', owners: ['role:admin'], units: ['section:a,b']}\n", "utf-8"
    )
    assert cli("protect", "x", "--rules", str(file), "--approvals", "3").code == 0
    (one,) = hub.protections()
    assert (one.rules.approvals, one.rules.owners[0].units) == (3, ("section:a,b",))
    for text in ("approval: 2", "- 1", "a: [", "approvals: many", "owners: [{name: x}]"):
        file.write_text(text, "utf-8")
        refused = cli("protect", "x", "--rules", str(file))
        assert (refused.code, "Traceback" in refused.err) == (2, False), text
    hub.protect("x", approvals=1)
    twice = cli("protect", "x", "--approvals", "1")
    assert (twice.code, one.id in twice.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("x", "--owner", "legal"), "owners: Field required"),
        (("x", "--owner", "legal owner=ann"), "owners=…, units=…, prompts=…, approvals=…; got owner=ann"),
        (("x", "--owner", "owners=ann"), "name:"),
        (("x", "--check", "lint suite=s1 more"), "got more"),
        (("x", "--check", "lint 'suite=s1"), "check the quotes"),
        (("x", "--approvals", "11"), "approvals"),
        (("x", "--may-push", "two words"), "may_push"),
        (("--approvals", "1"), "expected a pattern of prompts"),
        (("x", "--delete", "y"), "nothing else"),
    ],
)
def test_a_rule_that_is_none_is_named(hub: Client, cli: Cli, options: tuple[str, ...], said: str) -> None:
    refused = cli("protect", *options)
    assert (refused.code, said in refused.err) == (2, True), refused.err
    assert hub.protections() == ()


@pytest.fixture
def both(hub: Client) -> Client:
    """``tone`` and ``main`` say different things in one place."""
    hub.create("house", text=TEXT, commit_message="First")
    hub.branch("house", "tone")
    hub.save("house", TEXT.replace("Three", "Third"), "Tone", branch="tone")
    hub.save("house", TEXT.replace("Three", "Number three"), "Main")
    hub.open_review("house", "tone")
    return hub


def test_conversations_on_the_command_line(ahead: Client, cli: Cli, tmp_path: Path) -> None:
    ahead.open_review("house", "tone")
    words = tmp_path / "words.txt"
    words.write_text("One and only.\n\nTwo.\n\nThird.\n", encoding="utf-8")
    begun = cli(
        "review", "comment", "house#1", "-m", "Say more", "--path", "segment/0/user", "--suggest", f"@{words}"
    )
    assert begun.code == 0
    assert "suggests:" in begun.out
    assert cli("review", "comment", "house#1", "-m", "Well done\nall of it").code == 0
    assert cli("review", "reply", "house#1", "1", "-m", "Why?").code == 0
    listed = cli("review", "threads", "house#1")
    assert "1. segment/0/user" in listed.out
    assert "2. the whole review" in listed.out
    assert "Why?" in listed.out
    (thread, _) = ahead.threads("house", 1)
    applied = cli("review", "apply", "house#1", "1", "-m", "Applied", "--json")
    assert json.loads(applied.out)["comments"][0]["applied_sha"] == ahead.version("house@tone").sha
    assert "One and only." in ahead.version("house@tone").text
    assert "(resolved)" in cli("review", "threads", "house#1").out
    assert "1. " not in cli("review", "threads", "house#1", "--open").out
    assert cli("review", "unresolve", "house#1", thread.id).code == 0
    assert cli("review", "resolve", "house#1", "1").code == 0
    assert cli("review", "apply", "house#1", "2").code == 1
    gone = cli("review", "reply", "house#1", "9", "-m", "?")
    assert (gone.code, "no conversation 9" in gone.err) == (1, True)
    assert cli("review", "reply", "house#1", "1").code == 2
    assert (
        cli(
            "review", "comment", "house#1", "-m", "x", "--path", "segment/0/user", "--suggest", "@nowhere"
        ).code
        == 2
    )
    comment = next(iter(ahead.threads("house", 1))).comments[1]
    assert ahead.edit_comment("house", 1, thread.id, comment.id, "Why so?").comments[1].body == "Why so?"


def test_a_review_is_changed_closed_and_opened_again_on_the_command_line(ahead: Client, cli: Cli) -> None:
    assert "draft" in cli("review", "open", "house", "tone", "--draft", "--description", "Why").out
    assert cli("review", "ready", "house#1").code == 0
    assert cli("review", "draft", "house#1").code == 0
    assert "Softer" in cli("review", "edit", "house#1", "-m", "Softer", "--description", "So").out
    assert ahead.review("house", 1).description == "So"
    assert cli("review", "edit", "house#1").code == 2
    assert "closed" in cli("review", "close", "house#1").out
    assert cli("review", "list", "house").out == ""
    assert "closed" in cli("review", "list", "house", "--state", "closed").out
    assert cli("review", "reopen", "house#1").code == 0
    assert cli("review", "reject", "house#1", "-m", "No").code == 0
    assert cli("review", "dismiss", "house#1", "-m", "Away").code == 0
    assert cli("review", "dismiss", "house#1", "-m", "Away").code == 1
    merged = cli("review", "merge", "house#1", "--no-ff", "-m", "In")
    assert merged.code == 0
    assert ahead.version("house").commit_message == "In"
    assert (
        json.loads(cli("review", "revert", "house#1", "--branch", "back", "--json").out)["source"] == "back"
    )
    assert cli("review", "merge", "house#1").code == 1


def test_checks_on_the_command_line(ahead: Client, cli: Cli, tmp_path: Path) -> None:
    digest = str(ahead.open_review("house", "tone").digest)
    evidence = tmp_path / "evidence.json"
    evidence.write_text('{"dataset": "d1"}', encoding="utf-8")
    post = ("review", "check", "house#1", "suite", "failed", "--digest")
    assert cli(*post, digest, "--suite", "s1", "--evidence", str(evidence), "-m", "2 fail").code == 0
    (made,) = ahead.review("house", 1).checks
    assert (made.evidence.suite, made.evidence.dataset, made.summary) == ("s1", "d1", "2 fail")
    assert "failed" in cli("review", "checks", "house#1").out
    assert cli(*post, "0" * 64).code == 1
    assert cli(*post, "short").code == 2
    evidence.write_text("[]", encoding="utf-8")
    assert cli(*post, digest, "--evidence", str(evidence)).code == 2


def test_who_includes_a_snippet_asks_for_its_checks_on_the_command_line(ahead: Client, cli: Cli) -> None:
    ahead.create("support/refund", text="{{> house}}\nRefund.\n")
    ahead.protect("support/*", checks=[{"name": "suite"}])
    ahead.open_review("house", "tone")
    shown = cli("review", "show", "house#1")
    assert (shown.code, "1 prompt includes it" in shown.out) == (1, True)
    assert "missing: For support/refund, which includes this snippet" in shown.out
    listed = cli("review", "dependents", "house#1")
    assert "check suite: missing (required)" in listed.out
    (one,) = json.loads(cli("review", "dependents", "house#1", "--json").out)
    assert "Third" in one["after"]
    post = ("review", "check", "house#1", "suite", "passed", "--for", "support/refund", "--digest")
    assert cli(*post, one["digest"]).code == 0
    assert "check suite: passed (required)" in cli("review", "dependents", "house#1").out
    assert cli("review", "merge", "house#1").code == 0


def test_conflicts_are_decided_on_the_command_line(both: Client, cli: Cli) -> None:
    shown = cli("review", "conflicts", "house#1")
    assert shown.code == 1
    (conflict,) = both.review("house", 1).conflicts
    assert conflict.id in shown.out
    assert "Number three" in shown.out
    assert cli("review", "update", "house#1").code == 1
    assert cli("review", "decide", "house#1", "--pick", f"{conflict.id}=theirs").code == 0
    assert "theirs, by" in cli("review", "conflicts", "house#1").out
    assert cli("review", "decide", "house#1", "--undo", conflict.id).code == 1
    assert cli("review", "decide", "house#1", "--undo", conflict.id).code == 2
    assert cli("review", "decide", "house#1", "--text", f"{conflict.id}=One.\n\nTwo.\n\nBoth.\n").code == 0
    assert cli("review", "decide", "house#1").code == 2
    assert cli("review", "decide", "house#1", "--pick", "nothing=ours").code == 2
    assert cli("review", "update", "house#1").code == 0
    assert "Both." in str(both.review("house", 1).text)
    assert both.review("house", 1).merge == "fast_forward"


def test_every_verb_of_a_review_is_documented_and_does_something() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reviews.md").read_text("utf-8")
    for verb in VERBS:
        assert f"`{verb}`" in page, verb
    done = {"list", "open", "show", *_LISTS, *_TALKS, *_CHANGES}
    assert done == set(VERBS)


def test_a_type_is_decided_in_the_words_that_are_shown_and_a_wrong_one_is_refused(
    hub: Client, cli: Cli
) -> None:
    text = "---\ninput:\n  schema:\n    n: number\n---\n{{n}}\n"
    hub.create("crash/demo", text=text)
    hub.branch("crash/demo", "tone")
    hub.save("crash/demo", text.replace("number", "string"), branch="tone")
    hub.save("crash/demo", text.replace("number", "integer"))
    hub.open_review("crash/demo", "tone")
    assert "ours    n: integer" in cli("review", "conflicts", "crash/demo#1").out
    for wrong in ("n: strng", "integer", "n: integer\nmore: 1"):
        refused = cli("review", "decide", "crash/demo#1", "--text", f"value:variable/n={wrong}")
        assert refused.code == 2
        assert "value:variable/n: " in refused.err
        assert "Traceback" not in refused.err
    assert (
        cli("review", "decide", "crash/demo#1", "--text", "value:variable/n=n: integer, how many").code == 0
    )
    assert "n: integer, how many" in str(hub.review("crash/demo", 1).text)
