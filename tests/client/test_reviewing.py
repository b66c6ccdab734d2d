"""Reviews by the client and the command line."""

from __future__ import annotations

import pytest

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import Protected, StaleHead
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
    assert "merged" in cli("review", "merge", "house#1").out
