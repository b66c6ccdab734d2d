"""Prompts written into git repositories, read there by the system's own git."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from jupyter_prompthub.client import Client
from jupyter_prompthub.core import canonical, promptfile
from jupyter_prompthub.core.errors import InvalidInput
from tests.client.conftest import Cli
from tests.support.plaingit import PlainGit, clone

TEXT = "---\nmodel: a/b\nconfig: {temperature: 0.5}\n---\nOne.\n\nTwo.\n\nThree.\n"
NAME = "support/refund"


@pytest.fixture
def merged(hub: Client) -> Client:
    """Four versions, two branches, a merge, a tag."""
    hub.create(NAME, text=TEXT, commit_message="Begin\n\nMit Körper.")
    hub.branch(NAME, "warmer/tone")
    hub.save(NAME, TEXT.replace("Three.", "Three!"), "Theirs", branch="warmer/tone")
    hub.save(NAME, TEXT.replace("One.", "One!\r"), "Ours")
    hub.merge(NAME, "warmer/tone", message="Merge")
    hub.tag(NAME, "v1.0")
    return hub


def graph(hub: Client, name: str = NAME) -> dict[str, list[str]]:
    return {one.version.sha: list(one.version.parents) for one in hub.graph(name)}


def trailer(git: PlainGit, key: str) -> dict[str, str]:
    """What each commit that says something says, by commit id."""
    shown = git("log", "--all", f"--format=%H %(trailers:key=PromptHub-{key},valueonly,separator=%x2C)")
    return {row[:40]: row[41:] for row in shown.splitlines() if row[41:]}


def test_a_prompt_is_a_repository_with_the_same_graph(merged: Client, tmp_path: Path) -> None:
    done = merged.git_export(tmp_path / "refund.git", [NAME])
    git = PlainGit(tmp_path / "refund.git")
    git("fsck", "--strict")
    sha = trailer(git, "Version")
    assert {sha[one]: [sha[p] for p in parents] for one, parents in git.parents().items()} == graph(merged)
    assert (done.commits, done.left) == (4, {})
    assert set(done.refs) == {"refs/heads/main", "refs/heads/warmer/tone", "refs/tags/v1.0"}
    assert sha[git("rev-parse", "main")] == merged.version(NAME).sha
    assert sha[git("rev-parse", "warmer/tone")] == merged.version(f"{NAME}@warmer/tone").sha
    assert git("rev-parse", "v1.0") == git("rev-parse", "main")


def test_every_text_message_author_and_time_is_there(merged: Client, tmp_path: Path) -> None:
    merged.git_export(tmp_path / "refund.git", [NAME])
    git = PlainGit(tmp_path / "refund.git")
    sha = trailer(git, "Version")
    for commit in git.parents():
        version = merged.version(f"{NAME}@{sha[commit]}")
        shown = PlainGit(tmp_path / "refund.git")("cat-file", "blob", f"{commit}:{NAME}.prompt")
        assert shown == version.text.rstrip("\n")
        assert git("log", "-1", "--format=%B", commit).startswith(version.commit_message + "\n")
        assert git("log", "-1", "--format=%ae", commit).startswith(version.author.id)
        assert (
            git("log", "-1", "--date=iso-strict-local", "--format=%aI", commit)[:19]
            == version.created_at[:19]
        )
        assert git("log", "-1", "--format=%aI", commit)[19:] == "+00:00"


def test_a_commit_holds_all_that_a_version_s_sha_is_made_of(merged: Client, tmp_path: Path) -> None:
    merged.create("house", text="Be kind.\n")
    merged.save(NAME, TEXT + "{{> house}}\n", "With a snippet")
    merged.git_export(tmp_path / "refund.git", [NAME])
    git = PlainGit(tmp_path / "refund.git")
    said = {key: trailer(git, key) for key in ("Version", "Prompt", "Actor", "Time", "Lock")}
    head = git("rev-parse", "main")
    text = git("cat-file", "blob", f"{head}:{NAME}.prompt") + "\n"
    made = canonical.version_sha(
        prompt_id=said["Prompt"][head],
        content_hash=canonical.content_hash(promptfile.parse(text).content),
        text_hash=canonical.text_hash(text),
        lock=json.loads(said["Lock"][head]),
        parents=[said["Version"][one] for one in git.parents()[head]],
        actor_id=said["Actor"][head],
        created_at=datetime.fromisoformat(said["Time"][head]),
        commit_message="With a snippet",
    )
    assert made == said["Version"][head] == merged.version(NAME).sha


def test_the_same_export_gives_the_same_commits_and_a_later_one_only_adds(
    merged: Client, tmp_path: Path
) -> None:
    merged.git_export(tmp_path / "a", [NAME])
    merged.git_export(tmp_path / "b", [NAME])
    a, b = PlainGit(tmp_path / "a"), PlainGit(tmp_path / "b")
    before = a.parents()
    assert before == b.parents()
    again = merged.git_export(tmp_path / "a", [NAME])
    assert (again.commits, again.refs, again.left) == (0, {}, {})
    merged.save(NAME, TEXT + "Four.\n", "More")
    merged.branch(NAME, "later")
    done = merged.git_export(tmp_path / "a", [NAME])
    assert (done.commits, set(done.refs)) == (1, {"refs/heads/main", "refs/heads/later"})
    assert before.items() < a.parents().items()
    merged.git_export(tmp_path / "c", [NAME])
    assert PlainGit(tmp_path / "c").parents() == a.parents()


def test_a_workspace_is_a_tree_of_prompts_that_grows_version_by_version(
    merged: Client, tmp_path: Path
) -> None:
    merged.create("house", text="Be kind.\n", commit_message="Kind")
    merged.branch("house", "warmer/tone")
    merged.save("house", "Be warm.\n", "Warm", branch="warmer/tone")
    merged.save(NAME, TEXT + "Four.\n", "More")
    done = merged.git_export(tmp_path / "all.git")
    git = PlainGit(tmp_path / "all.git")
    git("fsck", "--strict")
    assert done.left == {}
    assert git("ls-tree", "-r", "--name-only", "main").splitlines() == ["house.prompt", f"{NAME}.prompt"]
    assert git("show", "warmer/tone:house.prompt") == "Be warm."
    assert "Three!" in git("show", f"warmer/tone:{NAME}.prompt")
    assert git("log", "--first-parent", "--format=%s", "main").splitlines() == [
        f"{NAME}: More",
        "house: Kind",
        "Merge",
        "Ours",
        "Begin",
    ]
    sha = trailer(git, "Version")
    for name in (NAME, "house"):
        mine = {c for c, prompt in trailer(git, "Prompt").items() if prompt == merged.prompt_id(name)}
        found = {sha[c]: [sha[p] for p in git.parents()[c]] for c in mine}
        assert found == graph(merged, name)
    assert git("rev-parse", f"{NAME}@v1.0") in sha
    merged.save("house", "Be kinder.\n", "Kinder")
    before = git.parents()
    again = merged.git_export(tmp_path / "all.git")
    assert (again.commits, list(again.refs)) == (2, ["refs/heads/main"])
    assert before.items() < git.parents().items()
    assert merged.git_export(tmp_path / "all.git").commits == 0


def test_a_prompt_that_is_renamed_goes_on_at_its_new_path(merged: Client, tmp_path: Path) -> None:
    merged.git_export(tmp_path / "a", [NAME])
    merged.update(NAME, name="returns")
    assert merged.git_export(tmp_path / "a", ["returns"]).commits == 0
    merged.save("returns", TEXT + "Four.\n", "More")
    assert merged.git_export(tmp_path / "a", ["returns"]).commits == 1
    git = PlainGit(tmp_path / "a")
    assert git("ls-tree", "-r", "--name-only", "main") == "returns.prompt"
    assert git("ls-tree", "-r", "--name-only", "main~1") == f"{NAME}.prompt"


def test_what_git_cannot_hold_is_said(hub: Client, tmp_path: Path) -> None:
    hub.create("p", text="One\n")
    for branch in ("tone", "tone/warm", "x.lock"):
        hub.branch("p", branch)
    done = hub.git_export(tmp_path / "p", ["p"])
    assert set(done.left) == {"tone/warm", "x.lock"}
    assert set(done.refs) == {"refs/heads/main", "refs/heads/tone"}


def test_what_only_the_repository_has_is_never_overwritten(merged: Client, tmp_path: Path) -> None:
    merged.git_export(tmp_path / "a", [NAME])
    git = clone(tmp_path / "a", tmp_path / "clone")
    git.commit("Mine", {f"{NAME}.prompt": TEXT + "Mine.\n"})
    git("push", "-q", "origin", "main")
    mine = PlainGit(tmp_path / "a")("rev-parse", "main")
    merged.save(NAME, TEXT + "Four.\n", "More")
    done = merged.git_export(tmp_path / "a", [NAME])
    assert "import them first" in done.left[f"{NAME}@main"]
    assert PlainGit(tmp_path / "a")("rev-parse", "main") == mine


def test_other_files_in_the_repository_stay(merged: Client, tmp_path: Path) -> None:
    merged.git_export(tmp_path / "a", [NAME])
    git = clone(tmp_path / "a", tmp_path / "clone")
    git.commit("A word before", {"README.md": "Hello\n"})
    git("push", "-q", "origin", "main")
    merged.save(NAME, TEXT + "Four.\n", "More")
    assert merged.git_export(tmp_path / "a", [NAME]).left == {}
    git("pull", "-q", "--ff-only")
    assert (git.folder / "README.md").read_text() == "Hello\n"
    assert (git.folder / f"{NAME}.prompt").read_bytes().decode() == TEXT + "Four.\n"
    assert merged.git_export(tmp_path / "a", [NAME]).commits == 0


def test_an_amended_commit_is_not_taken_for_the_version_that_it_names(merged: Client, tmp_path: Path) -> None:
    merged.git_export(tmp_path / "a", [NAME])
    git = clone(tmp_path / "a", tmp_path / "clone")
    git.write(f"{NAME}.prompt", TEXT + "Amended.\n")
    git("commit", "-q", "-a", "--amend", "--no-edit")
    git("push", "-q", "--force", "origin", "main")
    done = merged.git_export(tmp_path / "a", [NAME])
    assert "import them first" in done.left[f"{NAME}@main"]


def test_what_is_checked_out_is_never_touched(merged: Client, tmp_path: Path) -> None:
    merged.git_export(tmp_path / "a", [NAME])
    git = clone(tmp_path / "a", tmp_path / "clone")
    before = git("rev-parse", "main")
    merged.save(NAME, TEXT + "Four.\n", "More")
    done = merged.git_export(git.folder, [NAME])
    assert set(done.refs) == {"refs/remotes/prompthub/main", "refs/remotes/prompthub/warmer/tone"}
    assert (git("rev-parse", "main"), git("status", "--porcelain")) == (before, "")
    git("merge", "-q", "--ff-only", "prompthub/main")
    assert merged.git_export(git.folder, [NAME]).refs == {}


def test_the_command_says_what_it_did(cli: Cli, merged: Client, tmp_path: Path) -> None:
    merged.close()
    done = cli("git", "export", str(tmp_path / "a"), NAME)
    assert (done.code, done.out.splitlines()[0]) == (0, f"4 new commits in {tmp_path / 'a'}")
    assert cli("git", "export", str(tmp_path / "a"), NAME, "--json").json["commits"] == 0
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "file").write_text("x")
    refused = cli("git", "export", str(tmp_path / "b"))
    assert (refused.code, "expected a git repository, an empty folder, or none" in refused.err) == (2, True)
    assert cli("git", "export", str(tmp_path / "c"), "nothing").code == 1


def test_a_ref_or_a_draft_is_no_history(hub: Client, tmp_path: Path) -> None:
    hub.create("p", text="One\n")
    with pytest.raises(InvalidInput, match="without a ref"):
        hub.git_export(tmp_path / "a", ["p@main"])
    assert not (tmp_path / "a").exists()
