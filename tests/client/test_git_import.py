"""Git repositories that came from prompts, or from elsewhere, changed with the system's own git and brought in."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.errors import InvalidInput
from tests.client.conftest import Cli
from tests.client.test_git_export import NAME, TEXT, graph, merged
from tests.support.plaingit import PlainGit, clone

__all__ = ["merged"]
FILE = f"{NAME}.prompt"


@pytest.fixture
def bare(merged: Client, tmp_path: Path) -> PlainGit:
    """The prompt's repository."""
    merged.git_export(tmp_path / "bare", [NAME])
    return PlainGit(tmp_path / "bare")


@pytest.fixture
def git(bare: PlainGit, tmp_path: Path) -> PlainGit:
    """A clone of it."""
    return clone(bare.folder, tmp_path / "clone")


def shape(parents: dict[str, list[str]], messages: dict[str, str]) -> dict[str, list[str]]:
    """A graph by messages, which must differ."""
    assert len(set(messages.values())) == len(messages) == len(parents)
    return {messages[one]: [messages[p] for p in before] for one, before in parents.items()}


def ours(hub: Client, name: str = NAME) -> dict[str, list[str]]:
    found = {one.version.sha: one.version for one in hub.graph(name)}
    return shape(graph(hub, name), {sha: one.commit_message.split("\n")[0] for sha, one in found.items()})


def theirs(git: PlainGit, *refs: str) -> dict[str, list[str]]:
    parents = git.parents(*refs)
    return shape(parents, {one: git("log", "-1", "--format=%s", one) for one in parents})


def test_a_repository_changed_with_plain_git_comes_back_with_the_same_graph(
    merged: Client, git: PlainGit, bare: PlainGit, tmp_path: Path
) -> None:
    before = graph(merged)
    git("checkout", "-q", "-b", "shorter")
    git.commit("Shorter", {FILE: TEXT.replace("Two.", "2.")})
    git("checkout", "-q", "main")
    git.commit(
        "Longer\n\nTwo lines: ä, 語.\n", {FILE: TEXT + "Five.\n"}, GIT_AUTHOR_DATE="2024-02-29T12:00:00+0530"
    )
    git("merge", "-q", "-X", "ours", "-m", "Both", "shorter")
    git.commit("Windows", {FILE: TEXT.replace("\n", "\r\n")})
    git("tag", "-a", "v2", "-m", "Second")
    git("push", "-q", "--all")
    git("push", "-q", "--tags")
    done = merged.git_import(bare.folder)
    assert (done.versions, done.left, done.problems, done.reviews) == (4, {}, {}, ())
    assert set(done.branches) == {f"{NAME}@main", f"{NAME}@shorter"}
    assert ours(merged) == theirs(bare)
    assert before.items() < graph(merged).items()
    assert merged.version(NAME).text == TEXT.replace("\n", "\r\n")
    assert merged.version(f"{NAME}@v2").sha == merged.version(NAME).sha

    again = merged.git_import(bare.folder)
    assert (again.versions, again.branches, again.tags, again.left) == (0, {}, {}, {})
    assert merged.git_export(bare.folder, [NAME]).commits == 0
    merged.git_export(tmp_path / "fresh", [NAME])
    assert PlainGit(tmp_path / "fresh").parents() == bare.parents(), (
        "written anew, they are the very same commits"
    )


def test_what_git_draws_and_what_we_draw_agree(hub: Client, tmp_path: Path, cli: Cli) -> None:
    git = foreign(tmp_path / "theirs")
    clock = iter(range(1_700_000_000, 1_800_000_000, 60))

    def commit(message: str, text: str) -> None:
        git.commit(message, {"p.prompt": text}, GIT_COMMITTER_DATE=f"{next(clock)} +0200")

    commit("A", "1\n2\n3\n4\n5\n")
    git("checkout", "-q", "-b", "side")
    commit("B", "1!\n2\n3\n4\n5\n")
    git("checkout", "-q", "main")
    commit("C", "1\n2\n3\n4\n5!\n")
    git("checkout", "-q", "-b", "other", "main~1")
    commit("D", "1\n2\n3!\n4\n5\n")
    git("checkout", "-q", "main")
    for source in ("side", "other"):
        git("merge", "-q", "-m", f"M-{source}", source, GIT_COMMITTER_DATE=f"{next(clock)} +0200")
    commit("E", "1\n")
    hub.git_import(git.folder)
    assert ours(hub, "p") == theirs(git)
    hub.close()
    rows = git("log", "--graph", "--format=%s", "--date-order", "--all").splitlines()
    drawn = cli("log", "p", "--graph").out.splitlines()
    assert [row.split()[-1] for row in drawn if "*" in row] == [row.split()[-1] for row in rows if "*" in row]


def test_each_new_version_follows_and_the_next_export_adds_to_what_was_pushed(
    merged: Client, git: PlainGit, bare: PlainGit
) -> None:
    git.commit("Mine", {FILE: TEXT + "Mine.\n", "README.md": "Hello\n"})
    git("push", "-q", "--all")
    assert merged.git_import(bare.folder).versions == 1
    merged.save(NAME, TEXT + "Here.\n", "Here")
    assert merged.git_export(bare.folder, [NAME]).commits == 1
    git("pull", "-q", "--ff-only")
    assert (git.folder / "README.md").exists()
    assert git("log", "-3", "--format=%s").splitlines() == ["Here", "Mine", "Merge"]
    assert merged.git_import(bare.folder).versions == 0
    assert merged.version(NAME).commit_message == "Here"


def test_two_ways_meet_in_a_review_that_can_be_merged(merged: Client, git: PlainGit, bare: PlainGit) -> None:
    git.commit("Theirs again", {FILE: TEXT.replace("One.", "One!\r").replace("Three.", "Three!") + "Four.\n"})
    git("push", "-q", "--all")
    merged.save(NAME, merged.version(NAME).text.replace("0.5", "0.7"), "Ours again")
    head = merged.version(NAME).sha
    done = merged.git_import(bare.folder)
    (review,) = done.reviews
    assert (review.source, review.target) == ("git/main", "main")
    assert merged.version(NAME).sha == head
    assert merged.git_import(bare.folder).reviews == ()
    assert len(merged.reviews(NAME)) == 1
    merged.merge_review(NAME, review.number)
    text = merged.version(NAME).text
    assert "0.7" in text and "Four." in text
    assert merged.git_import(bare.folder).versions == 0
    assert set(merged.git_export(bare.folder, [NAME]).refs) == {"refs/heads/main"}
    git("pull", "-q", "--ff-only")
    assert git("show", f"main:{FILE}") == text.rstrip("\n")


def test_more_commits_go_on_the_same_review(merged: Client, git: PlainGit) -> None:
    merged.save(NAME, TEXT + "Ours.\n", "Ours again")
    git.commit("One more", {FILE: TEXT + "Theirs.\n"})
    first = merged.git_import(git.folder)
    git.commit("Two more", {FILE: TEXT + "Theirs!\n"})
    second = merged.git_import(git.folder)
    assert (len(first.reviews), second.reviews, set(second.branches)) == (1, (), {f"{NAME}@git/main"})
    assert merged.version(f"{NAME}@git/main").commit_message == "Two more"


def test_a_protected_branch_always_gets_a_review(merged: Client, git: PlainGit) -> None:
    merged.protect("support/*", approvals=1)
    git.commit("Straight on", {FILE: TEXT + "More.\n"})
    head = merged.version(NAME).sha
    (review,) = merged.git_import(git.folder).reviews
    assert (review.source, review.target, merged.version(NAME).sha) == ("git/main", "main", head)
    assert merged.review(NAME, review.number).merge == "fast_forward"


def test_an_amended_or_picked_commit_is_a_version_of_its_own(merged: Client, git: PlainGit) -> None:
    git.write(FILE, TEXT + "Amended.\n")
    git("commit", "-q", "-a", "--amend", "--no-edit")
    done = merged.git_import(git.folder)
    assert (done.versions, len(done.reviews)) == (1, 1)
    made = merged.version(f"{NAME}@git/main")
    assert (made.commit_message, "PromptHub-" in made.commit_message) == ("Merge", False)
    assert len(made.parents) == 2


def test_a_commit_that_does_not_touch_a_prompt_is_passed_over(merged: Client, git: PlainGit) -> None:
    git.commit("A word before", {"README.md": "Hello\n"})
    git.commit("Nothing", {})
    git.commit("Something", {FILE: TEXT + "More.\n"})
    git("rm", "-q", FILE)
    git("commit", "-q", "-m", "Away")
    git.commit("Back", {FILE: TEXT + "Back.\n"})
    head = merged.version(NAME).sha
    done = merged.git_import(git.folder)
    assert done.versions == 2
    assert merged.version(NAME).commit_message == "Back"
    assert ours(merged)["Something"] == ["Merge"]
    assert ours(merged)["Back"] == ["Something"]
    assert head in graph(merged)


def test_a_file_that_is_deleted_leaves_its_prompt(merged: Client, git: PlainGit) -> None:
    git("rm", "-q", FILE)
    git("commit", "-q", "-m", "Away")
    done = merged.git_import(git.folder)
    assert (done.versions, list(done.left)) == (0, [f"{NAME}@main"])
    assert merged.version(NAME).commit_message == "Merge"


def foreign(folder: Path, branch: str = "main") -> PlainGit:
    folder.mkdir()
    git = PlainGit(folder)
    git("init", "-q", "-b", branch)
    return git


def test_a_repository_from_elsewhere_makes_prompts(hub: Client, tmp_path: Path) -> None:
    git = foreign(tmp_path / "theirs", "master")
    git.commit(
        "Start",
        {
            "answer.prompt": "Hi {{name}}{{> tone/kind}}\n",
            "tone/kind.prompt": "Be kind.\n",
            "setup.py": "1\n",
        },
    )
    git.commit("Kinder", {"tone/kind.prompt": "Be kinder.\n"})
    git("checkout", "-q", "-b", "warm")
    git.commit("Warm", {"tone/kind.prompt": "Be warm.\n"})
    done = hub.git_import(git.folder)
    assert set(done.created) == {"answer", "tone/kind"}
    assert set(done.branches) == {"answer@main", "tone/kind@main", "tone/kind@warm"}
    assert hub.version("tone/kind@warm").text == "Be warm.\n"
    assert hub.version("answer").lock == {hub.prompt_id("tone/kind"): hub.version("tone/kind").sha}
    assert "master" in done.left
    assert hub.git_import(git.folder).versions == 0


def test_a_prompt_that_is_there_without_that_history_gets_a_review(hub: Client, tmp_path: Path) -> None:
    hub.create("answer", text="Hello.\n")
    git = foreign(tmp_path / "theirs")
    git.commit("Start", {"answer.prompt": "Hi.\n"})
    (review,) = hub.git_import(git.folder).reviews
    assert hub.review("answer", review.number).source == "git/main"
    assert hub.version("answer").text == "Hello.\n"


def test_a_text_that_cannot_become_a_version_is_passed_over_and_the_last_one_is_a_draft(
    merged: Client, git: PlainGit
) -> None:
    git.commit("Broken", {FILE: "---\nmodel: [\n---\nX\n"})
    git.commit("Mended", {FILE: TEXT + "More.\n"})
    git.commit("Anchors", {FILE: "---\nmodel: &a b\n---\nX\n"})
    done = merged.git_import(git.folder)
    assert (done.versions, done.drafts, len(done.problems)) == (1, (f"{NAME}@main",), 2)
    assert ours(merged)["Mended"] == ["Merge"]
    assert all(place.startswith(f"{FILE} at ") for place in done.problems)
    again = merged.git_import(git.folder)
    assert (again.versions, again.drafts, again.left) == (0, (), {})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a\nb\0c\n", "a NUL character (U+0000) in line 2: remove it"),
        ("Grüße\n".encode("latin-1"), "it is not UTF-8 text (byte 2): save it as UTF-8"),
        (b"x" * 262_145, "it is too long: expected at most 262,144 characters; shorten it"),
        ("語".encode() * 400_000, "it is too long: expected at most 262,144 characters; shorten it"),
    ],
)
def test_bytes_that_are_no_text_of_a_prompt_are_said_to_be_what_they_are(
    merged: Client, git: PlainGit, data: bytes, why: str
) -> None:
    (git.folder / FILE).write_bytes(data)
    git("commit", "-q", "-a", "-m", "Odd")
    done = merged.git_import(git.folder)
    assert [problem.message for found in done.problems.values() for problem in found] == [why]


def test_a_workspace_s_repository_goes_around(merged: Client, tmp_path: Path) -> None:
    merged.create("house", text="Be kind.\n", commit_message="Kind")
    merged.branch("house", "warmer/tone")
    merged.save("house", "Be warm.\n", "Warm", branch="warmer/tone")
    merged.git_export(tmp_path / "all")
    git = clone(tmp_path / "all", tmp_path / "clone")
    assert merged.git_import(git.folder).versions == 0
    git.commit("Both at once", {FILE: TEXT + "X.\n", "house.prompt": "Be kinder.\n"})
    git("checkout", "-q", "-b", "idea")
    git.commit("Only one", {"house.prompt": "Be kindest.\n"})
    git("push", "-q", "--all")
    done = merged.git_import(tmp_path / "all")
    assert (done.versions, done.left) == (3, {})
    assert set(done.branches) == {f"{NAME}@main", "house@main", "house@idea"}
    merged.save("house", "Be kind, then.\n", "Then")
    assert merged.git_export(tmp_path / "all").left == {}
    assert merged.git_export(tmp_path / "all").commits == 0
    assert merged.git_import(tmp_path / "all").versions == 0
    git("checkout", "-q", "main")
    git("pull", "-q", "--ff-only", "origin", "main")
    assert (git.folder / "house.prompt").read_text() == "Be kind, then.\n"
    assert (git.folder / FILE).read_bytes().decode() == TEXT + "X.\n"


def test_a_workspace_s_repository_makes_the_same_graphs_elsewhere(
    merged: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged.create("house", text="Be kind.\n", commit_message="Kind")
    merged.branch("house", "warmer/tone")
    merged.save("house", "Be warm.\n", "Warm", branch="warmer/tone")
    merged.git_export(tmp_path / "all")
    before = {name: ours(merged, name) for name in (NAME, "house")}
    monkeypatch.setenv("PROMPTHUB_HOME", str(tmp_path / "elsewhere"))
    with Client() as other:
        done = other.git_import(tmp_path / "all")
        assert {name: ours(other, name) for name in (NAME, "house")} == before
        assert set(done.branches) == {
            f"{name}@{one}" for name in (NAME, "house") for one in ("main", "warmer/tone")
        }
        assert set(done.tags) == {f"{NAME}@v1.0"}
        assert other.git_import(tmp_path / "all").versions == 0
        other.git_export(tmp_path / "again")
        # nobody else's authorship is taken on: the commits say who they were made from
        authors = PlainGit(tmp_path / "again")("log", "--no-merges", "--all", "--format=%an")
        assert set(authors.splitlines()) == set(
            PlainGit(tmp_path / "all")("log", "--all", "--format=%an").splitlines()
        )


def test_a_dry_run_changes_nothing_and_status_says_both_ways(
    cli: Cli, merged: Client, git: PlainGit, bare: PlainGit
) -> None:
    merged.close()
    folder = str(bare.folder)
    assert cli("git", "status", folder, NAME).code == 0
    git.commit("More", {FILE: TEXT + "More.\n"})
    git("push", "-q", "--all")
    dry = cli("git", "import", folder, "--dry-run", "--json").json
    assert dry["versions"] == 1
    shown = cli("git", "status", folder, NAME)
    assert (shown.code, "to import: 1 versions" in shown.out, "to export: 0 commits" in shown.out) == (
        1,
        True,
        True,
    )
    assert cli("git", "import", folder).out.splitlines()[0] == "1 versions came in"
    assert cli("git", "status", folder, NAME).code == 0


def test_a_folder_without_a_repository_is_refused(hub: Client, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="expected a git repository"):
        hub.git_import(tmp_path)
    foreign(tmp_path / "empty")
    going, coming = hub.git_status(tmp_path / "empty")
    assert (going.commits, coming.versions) == (0, 0)
    with pytest.raises(InvalidInput, match="has no branches"):
        hub.git_import(tmp_path / "empty")


def test_a_tag_that_means_something_else_here_is_left(merged: Client, git: PlainGit) -> None:
    git.commit("More", {FILE: TEXT + "More.\n"})
    git("tag", "-f", "v1.0")
    git("tag", "production")
    done = merged.git_import(git.folder)
    assert len(done.left) == 2
    assert all(what.startswith("tag ") for what in done.left)
    merged.tag(NAME, "v3")
