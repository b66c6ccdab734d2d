"""Branches merged by the client, the command line and the magics."""

from __future__ import annotations

import pytest

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import InvalidInput, SnippetError, StaleHead
from jupyter_prompthub.core.records import Merge
from tests.client.conftest import Cli

TEXT = "---\nmodel: a/b\nconfig: {temperature: 0.5}\n---\nOne.\n\nTwo.\n\nThree.\n"
INCLUDES = "{{>rules}}\nOne.\n\nTwo.\n"


@pytest.fixture
def diverged(hub: Client) -> Client:
    """``tone`` and ``main`` changed other lines, and the same parameter."""
    hub.create("house", text=TEXT, commit_message="First")
    hub.branch("house", "tone")
    hub.save("house", TEXT.replace("Three", "Third").replace("0.5", "0.9"), "Theirs", branch="tone")
    hub.save("house", TEXT.replace("One", "First").replace("0.5", "0.1"), "Ours")
    return hub


def test_a_client_previews_decides_and_merges(diverged: Client) -> None:
    seen = diverged.preview_merge("house", "tone")
    assert seen.state == "conflicts"
    (conflict,) = seen.conflicts
    head = diverged.version("house").sha
    assert diverged.merge("house", "tone").version is None
    assert diverged.version("house").sha == head
    with pytest.raises(InvalidInput, match="expected one of base, ours"):
        diverged.merge("house", "tone", resolutions={conflict.id: "mine"})
    with pytest.raises(StaleHead):
        diverged.merge("house", "tone", expected_head="0" * 64)
    done = diverged.merge("house", "tone", resolutions={conflict.id: "theirs"}, message="Tone")
    assert done.state == "merged"
    text = diverged.version("house").text
    assert "First." in text
    assert "Third." in text
    assert "0.9" in text
    assert done.version
    assert diverged.version(f"house@{done.version.sha}").commit_message == "Tone"


def test_a_client_picks_and_reverts(diverged: Client) -> None:
    theirs = diverged.version("house@tone").sha
    (conflict,) = diverged.cherry_pick("house", theirs).conflicts
    made = diverged.cherry_pick("house", theirs, resolutions={conflict.id: "ours"})
    assert made.version
    assert "Third." in diverged.version("house").text
    diverged.revert("house", made.version.sha, message="Not yet")
    assert "Third." not in diverged.version("house").text
    assert next(iter(diverged.history("house"))).commit_message == "Not yet"


def test_the_command_line_shows_what_is_to_decide_and_merges(diverged: Client, cli: Cli) -> None:
    shown = cli("merge", "house", "tone")
    assert shown.code == 1
    assert "nothing was changed: 1 to decide" in shown.out
    assert "theirs  temperature: 0.9" in shown.out
    conflict = cli("merge", "house", "tone", "--json").json["conflicts"][0]["id"]
    wrong = cli("merge", "house", "tone", "--pick", conflict)
    assert wrong.code != 0
    assert "expected CONFLICT=ours" in wrong.err
    tried = cli("merge", "house", "tone", "--pick", f"{conflict}=ours", "--dry-run")
    assert tried.code == 0
    assert "no conflicts" in tried.out
    assert "Third" in tried.out
    merged = cli("merge", "house", "tone", "--pick", f"{conflict}=ours", "-m", "Both")
    assert merged.code == 0
    assert "main is now" in merged.out
    assert "nothing to do" in cli("merge", "house", "tone").out
    ahead = cli("merge", "house", "main", "--into", "tone", "--ff-only", "-m", "Unused")
    assert ahead.code == 0
    assert "tone is now" in ahead.out
    assert "the message is not used (--no-ff" in ahead.err
    assert "not used" not in merged.err
    head = cli("show", "house", "--history", "--json").json[0]["sha"]
    assert cli("revert", "house", head).code == 2
    assert cli("revert", "house", head, "--mainline", "1").code == 0
    assert "Third" not in cli("show", "house").out


def test_causes_in_several_messages_of_one_role_are_told_apart(hub: Client, cli: Cli) -> None:
    """They are called as a comparison of versions calls them."""
    text = "---\ninput:\n  schema:\n    question: string\n---\n" + "".join(
        f'{{{{role "{role}"}}}}\n{said}\n'
        for role, said in (
            ("system", "{{question}}"),
            ("user", "One."),
            ("model", "Two."),
            ("user", "Three."),
        )
    )
    hub.create("turns", text=text, commit_message="First")
    hub.branch("turns", "tone")
    theirs = text.replace("One.", "One. {{question}}").replace("Three.", "Three. {{question}}")
    hub.save("turns", theirs, "Theirs", branch="tone")
    hub.save("turns", text.replace("question", "message"), "Ours")
    shown = cli("merge", "turns", "tone").out
    assert "ours    system message: uses {{message}}" in shown
    assert "theirs  user message 1: uses {{question}}" in shown
    assert "theirs  user message 2: uses {{question}}" in shown
    first = list(hub.history("turns"))[-1].sha
    assert "user message 2: text changed" in cli("diff", f"turns@{first}", "tone").out


def test_a_conflict_in_one_of_several_messages_of_a_role_says_which(hub: Client) -> None:
    text = '{{role "user"}}\nOne.\n{{role "model"}}\nTwo.\n{{role "user"}}\nThree.\n'
    hub.create("turns", text=text, commit_message="First")
    hub.branch("turns", "tone")
    hub.save("turns", text.replace("Three.", "Third."), "Theirs", branch="tone")
    hub.save("turns", text.replace("Three.", "The last."), "Ours")
    (found,) = hub.preview_merge("turns", "tone").conflicts
    assert found.label == "user message 2: the same lines changed differently on both sides"


def test_a_pick_of_what_is_no_open_conflict_tells_those_that_are(hub: Client, cli: Cli) -> None:
    def text(value: int) -> str:
        return "---\nconfig:\n" + "".join(f"  p{at:02}: {value}\n" for at in range(12)) + "---\nHi.\n"

    hub.create("many", text=text(0), commit_message="First")
    hub.branch("many", "tone")
    hub.save("many", text(1), "Theirs", branch="tone")
    hub.save("many", text(2), "Ours")
    wrong = cli("merge", "many", "tone", "--pick", "parameter/p00=ours")
    assert wrong.code == 2
    listed = ", ".join(f"value:parameter/p{at:02}" for at in range(10))
    assert "no conflict: parameter/p00" in wrong.err
    assert f"Open: {listed}, and 2 more." in wrong.err
    two = cli("merge", "many", "tone", "--pick", "parameter/p00=ours", "--pick", "value:parameter/p01=ours")
    assert "Open: value:parameter/p00, value:parameter/p02," in two.err
    assert "and 1 more." in two.err
    picks = {f"value:parameter/p{at:02}": "ours" for at in range(12)}
    with pytest.raises(InvalidInput, match=r"no conflict: mine.* Open: none\.") as refused:
        hub.merge("many", "tone", resolutions={**picks, "mine": "ours"})
    assert refused.value.details["open"] == []
    with pytest.raises(InvalidInput, match=r"Open: value:parameter/p00") as refused:
        hub.cherry_pick("many", hub.version("many@tone").sha, resolutions={"mine": "ours"})
    assert len(refused.value.details["open"]) == 12


def test_a_pick_where_a_branch_only_moves_on_is_refused(hub: Client) -> None:
    hub.create("alone", text=TEXT, commit_message="First")
    hub.branch("alone", "tone")
    hub.save("alone", TEXT.replace("Three", "Third"), "Theirs", branch="tone")
    for merge in (hub.preview_merge, hub.merge):
        with pytest.raises(InvalidInput, match=r"no conflict: text:segment/0/user.* Open: none\."):
            merge("alone", "tone", resolutions={"text:segment/0/user": "ours"})
    assert hub.version("alone").text == TEXT


@pytest.fixture
def including(hub: Client) -> Client:
    """``house`` includes ``rules``; ``locked`` has its new version, and nothing else."""
    hub.create("rules", text="Be polite.\n", commit_message="First")
    hub.create("house", text=INCLUDES, commit_message="First")
    hub.branch("house", "locked")
    hub.branch("house", "tone")
    hub.save("house", INCLUDES.replace("Two", "Second"), "Theirs", branch="tone")
    hub.save("rules", "Be short.\n", "Shorter")
    hub.save("house", INCLUDES, "The new rules", branch="locked")
    return hub


def moved(hub: Client) -> str:
    new, old = (version.sha[:12] for version in hub.history("rules"))
    return f"snippet rules: version changed from {old} to {new}"


def labels(made: Merge) -> list[str]:
    assert made.diff is not None
    return [change.label for change in made.diff.changes]


def test_a_lock_that_moves_is_listed_where_a_branch_moves_on(including: Client, cli: Cli) -> None:
    assert labels(including.preview_merge("house", "locked")) == [moved(including)]
    assert moved(including) in cli("merge", "house", "locked", "--dry-run").out
    assert labels(including.merge("house", "locked")) == [moved(including)]


def test_a_lock_that_moves_is_listed_where_versions_are_merged(including: Client, cli: Cli) -> None:
    """Neither side has the snippet's new version: the merge takes it as a save does."""
    first = [*including.history("house")][-1].sha
    including.save("house", INCLUDES.replace("One", "First"), "Ours")
    text, lock = "user message: text changed", moved(including)
    # main has the new version with that save: the branch that kept the old one takes it by the merge
    seen = including.preview_merge("house", "main", "tone")
    assert seen.state == "ready"
    assert labels(seen) == [text, lock]
    assert lock in cli("merge", "house", "main", "--into", "tone", "--dry-run").out
    assert labels(including.merge("house", "main", "tone")) == [text, lock]
    # so does a pick on a branch that has the old one
    including.branch("house", "old", first)
    picked = including.cherry_pick("house", including.version("house").sha, "old")
    assert labels(picked) == [text, lock]


def test_a_preview_is_ready_only_where_a_version_can_come_of_it(including: Client) -> None:
    """Its snippets bring two versions of one: the merge is refused for that, and so is its preview."""
    text = "One.\n\nTwo.\n\nThree.\n"
    including.create("more", text="{{>rules}}\nMore.\n", commit_message="First")
    including.save("rules", "Be loud.\n", "Louder")
    including.create("other", text="{{>rules}}\nOther.\n", commit_message="First")
    including.create("both", text=text, commit_message="First")
    including.branch("both", "tone")
    including.save("both", "{{>more}}\n" + text, "Theirs", branch="tone")
    including.save("both", text + "{{>other}}\n", "Ours")
    for merge in (including.preview_merge, including.merge):
        with pytest.raises(SnippetError, match="two versions of the snippet 'rules'"):
            merge("both", "tone")


def test_a_property_with_a_slash_in_its_name_is_merged_and_decided(hub: Client, cli: Cli) -> None:
    front = "---\noutput:\n  format: json\n  schema:\n    a/b: string\n    tone: string\n---\n"
    hub.create("slash", text=front + "Hi.\n", commit_message="First")
    hub.branch("slash", "tone")
    theirs = front.replace("tone: string", "tone: number").replace("a/b: string", "a/b: number")
    hub.save("slash", theirs + "Hi.\n", "Theirs", branch="tone")
    hub.save("slash", front.replace("a/b: string", "a/b: integer") + "Hi.\n", "Ours")
    assert "value:output/schema/a/b: output a/b: changed" in cli("merge", "slash", "tone").out
    assert cli("merge", "slash", "tone", "--pick", "value:output/schema/a/b=ours").code == 0
    text = hub.version("slash").text
    assert "a/b: integer" in text
    assert "tone: number" in text


def test_a_rename_to_a_name_that_the_other_side_took_is_decided(hub: Client, cli: Cli) -> None:
    text = "A {{a}}.\n\nx\n\ny\n"
    hub.create("names", text=text, commit_message="First")
    hub.branch("names", "tone")
    hub.save("names", text.replace("y", "Y {{b}}."), "Theirs", branch="tone")
    hub.save("names", text.replace("{{a}}", "{{b}}"), "Ours")
    shown = cli("merge", "names", "tone")
    assert shown.code == 1
    conflict = "semantic:same_name:variable/b"
    assert f"{conflict}: variable b: each side gave this name to another variable" in shown.out
    assert "ours    renamed a to b" in shown.out
    assert "theirs  user message: uses {{b}}" in shown.out
    assert cli("merge", "names", "tone", "--pick", f"{conflict}=theirs").code == 0
    assert hub.version("names").text == text.replace("y", "Y {{b}}.")
