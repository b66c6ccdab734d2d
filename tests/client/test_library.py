"""``prompthub tag | archive | restore``."""

from __future__ import annotations

import pytest

from jupyter_prompthub.client import Client
from tests.client.conftest import TEXT, Cli


@pytest.fixture
def first() -> str:
    """The first of two versions of ``p``."""
    with Client() as hub:
        hub.create("p", text=TEXT, commit_message="First")
        hub.branch("p", "tone")
        hub.save("p", TEXT + "More.\n", "Second")
        return hub.version("p@tone").short


def test_a_version_gets_a_tag(cli: Cli, first: str) -> None:
    assert cli("tag", f"p@{first}", "v1").out == f"{first} is p@v1\n"
    assert cli("show", "p@v1").out == TEXT
    assert cli("tag", "p", "v2", "--json").json["tags"] == ["v2"]
    taken = cli("tag", "p", "v1")
    assert (taken.code, "choose another name" in taken.err) == (1, True)
    assert cli("tag", "p@nowhere", "v3").code == 1


def test_a_prompt_is_archived_and_comes_back(cli: Cli, first: str) -> None:
    assert "`prompthub restore p` brings it back" in cli("archive", "p").out
    assert cli("list", "--json").json == []
    assert cli("restore", "p").out == "p is in the library\n"
    assert [one["name"] for one in cli("list", "--json").json] == ["p"]
    assert cli("archive", "nobody/here").code == 1
    wrong = cli("restore", "p", "-m", "Back")
    assert (wrong.code, "say which, p@REF" in wrong.err) == (2, True)


def test_the_text_of_a_version_comes_back_into_a_draft_or_as_a_version(cli: Cli, first: str) -> None:
    head = cli("show", "p", "--json").json["sha"]
    said = cli("restore", f"p@{first}")
    assert said.out == f"the draft of p@main has the text of {first}\n"
    with Client() as hub:
        draft = hub.source.request("GET", f"prompts/{hub.prompt_id('p')}/drafts/main")
        assert (draft["text"], draft["dirty"]) == (TEXT, True)
        assert hub.version("p").sha == head
    back = cli("restore", f"p@{first}", "-m", "As it was", "--json").json
    assert (back["text"], back["parents"], back["commit_message"]) == (TEXT, [head], "As it was")
    assert "nothing new" in cli("restore", f"p@{first}", "--branch", "tone", "-m", "Again").out
    assert cli("restore", f"p@{first}", "--branch", "nowhere").code == 1
