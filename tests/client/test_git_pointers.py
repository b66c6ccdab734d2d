"""Folders whose repository lies elsewhere: worktrees and submodules of one's own, and folders that only say so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.client.conftest import Cli
from tests.support.plaingit import PlainGit

SAID = "which does not name this folder as one of its own"


@pytest.fixture
def git(tmp_path: Path) -> PlainGit:
    """A repository of one's own, with a prompt."""
    made = PlainGit(tmp_path / "own")
    made.folder.mkdir()
    made("init", "-q", "-b", "main")
    made.commit("First", {"secret.prompt": "The secret\n"})
    return made


def names(cli: Cli) -> list[str]:
    return [one["name"] for one in cli("list", "--json").json]


def refused(cli: Cli, folder: Path, home: Path) -> None:
    for command in ("import", "status", "export"):
        ran = cli("git", command, str(folder))
        assert (ran.code, SAID in ran.err, str(home) in ran.err) == (2, True, True), ran
    assert names(cli) == []


@pytest.mark.parametrize("relative", [False, True])
def test_a_linked_worktree_is_its_repository(cli: Cli, git: PlainGit, tmp_path: Path, relative: bool) -> None:
    tree = tmp_path / "tree"
    git("worktree", "add", "-q", str(tree))
    if relative:
        home = git.folder / ".git" / "worktrees" / "tree"
        (tree / ".git").write_text(f"gitdir: {os.path.relpath(home, tree)}\n")
        (home / "gitdir").write_text(f"{os.path.relpath(tree / '.git', home)}\n")
    assert cli("git", "import", str(tree)).code == 0
    assert names(cli) == ["secret"]
    assert cli("git", "export", str(tree)).code == 0


def test_a_submodule_is_its_repository(cli: Cli, git: PlainGit, tmp_path: Path) -> None:
    outer = PlainGit(tmp_path / "outer")
    outer.folder.mkdir()
    outer("init", "-q", "-b", "main")
    outer("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(git.folder), "sub")
    assert (outer.folder / "sub" / ".git").is_file()
    assert cli("git", "import", str(outer.folder / "sub")).code == 0
    assert names(cli) == ["secret"]


def test_a_folder_that_is_named_by_a_link_is_that_folder(cli: Cli, git: PlainGit, tmp_path: Path) -> None:
    tree, link = tmp_path / "tree", tmp_path / "link"
    git("worktree", "add", "-q", str(tree))
    link.symlink_to(tree)
    assert cli("git", "import", str(link)).code == 0


def test_a_pointer_to_a_repository_that_does_not_know_the_folder_is_refused(
    cli: Cli, git: PlainGit, tmp_path: Path
) -> None:
    home, taken = git.folder / ".git", tmp_path / "downloaded"
    taken.mkdir()
    (taken / ".git").write_text(f"gitdir: {home}\n")
    refused(cli, taken, home)
    (taken / ".git").unlink()
    (taken / ".git").symlink_to(home)
    refused(cli, taken, home)


def test_a_copy_of_a_worktree_is_not_the_worktree(cli: Cli, git: PlainGit, tmp_path: Path) -> None:
    git("worktree", "add", "-q", str(tmp_path / "tree"))
    shutil.copytree(tmp_path / "tree", tmp_path / "copy")
    refused(cli, tmp_path / "copy", git.folder / ".git" / "worktrees" / "tree")


@pytest.mark.parametrize("part", ["commondir", "objects", "refs"])
def test_a_repository_whose_parts_lie_elsewhere_is_refused(
    cli: Cli, git: PlainGit, tmp_path: Path, part: str
) -> None:
    taken = PlainGit(tmp_path / "downloaded")
    taken.folder.mkdir()
    taken("init", "-q", "-b", "main")
    home, theirs = git.folder / ".git", taken.folder / ".git"
    if part == "commondir":
        (theirs / part).write_text(f"{home}\n")
        refused(cli, taken.folder, home)
    else:
        shutil.rmtree(theirs / part)
        (theirs / part).symlink_to(home / part)
        refused(cli, taken.folder, home / part)


def test_a_worktree_made_up_inside_the_folder_leads_nowhere_else(
    cli: Cli, git: PlainGit, tmp_path: Path
) -> None:
    taken = tmp_path / "downloaded"
    admin = taken / "inner" / "worktrees" / "x"
    admin.mkdir(parents=True)
    (taken / ".git").write_text("gitdir: inner/worktrees/x\n")
    (admin / "gitdir").write_text(f"{taken / '.git'}\n")
    (admin / "commondir").write_text(f"{git.folder / '.git'}\n")
    refused(cli, taken, git.folder / ".git")


@pytest.mark.parametrize(("said", "words"), [("nothing", "begins with 'gitdir: '"), ("gitdir: a\0b", "NUL")])
def test_a_git_file_that_says_nothing_is_said_so(cli: Cli, tmp_path: Path, said: str, words: str) -> None:
    (tmp_path / ".git").write_text(said)
    ran = cli("git", "import", str(tmp_path))
    assert (ran.code, words in ran.err) == (2, True)


def test_a_pointer_to_nothing_is_no_repository(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    ran = cli("git", "import", str(tmp_path))
    assert (ran.code, "expected a git repository" in ran.err) == (2, True)
