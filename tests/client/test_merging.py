"""Branches merged by the client, the command line and the magics."""

from __future__ import annotations

import pytest

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import InvalidInput, StaleHead
from tests.client.conftest import Cli

TEXT = "---\nmodel: a/b\nconfig: {temperature: 0.5}\n---\nOne.\n\nTwo.\n\nThree.\n"


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
    ahead = cli("merge", "house", "main", "--into", "tone", "--ff-only")
    assert ahead.code == 0
    assert "tone is now" in ahead.out
    head = cli("show", "house", "--history", "--json").json[0]["sha"]
    assert cli("revert", "house", head).code == 2
    assert cli("revert", "house", head, "--mainline", "1").code == 0
    assert "Third" not in cli("show", "house").out
