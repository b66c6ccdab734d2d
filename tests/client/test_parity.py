"""What the command line can, a notebook can: one definition of commands and options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from jupyter_prompthub.cli.parsing import parser
from jupyter_prompthub.client import Client
from jupyter_prompthub.magics.parsing import NOT_HERE, line_parser
from tests.client.conftest import TEXT, Cli
from tests.client.test_magics import faces, run, shell

__all__ = ["shell"]

OWN = {"use", "playground", "help", "history"}
"""what only a notebook has"""
OTHER = {"run", "status"}
"""what is about the notebook's own variables and cells there"""
OF_A_TERMINAL = {"-h", "--help", "--json", "--url", "--token", "--workspace"}


def subcommands(of: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = (one for one in of._actions if isinstance(one, argparse._SubParsersAction))
    return next((one.choices for one in found), {})


def arguments(of: argparse.ArgumentParser, *path: str) -> dict[str, set[str]]:
    """The arguments of each command by its words, those below it too."""
    below = subcommands(of)
    if not below:
        names = {option for one in of._actions for option in (one.option_strings or [one.dest])}
        return {" ".join(path): names - OF_A_TERMINAL}
    return {words: got for name, one in below.items() for words, got in arguments(one, *path, name).items()}


def test_a_notebook_has_every_command_of_the_command_line_but_those_with_a_reason() -> None:
    terminal, notebook = set(subcommands(parser())), set(subcommands(line_parser()))
    assert terminal - notebook == set(NOT_HERE)
    assert notebook - terminal == OWN
    assert all(reason for reason in NOT_HERE.values())


def test_a_command_has_the_same_arguments_in_both() -> None:
    terminal, notebook = arguments(parser()), arguments(line_parser())
    shared = {words for words in terminal if words.partition(" ")[0] not in {*NOT_HERE, *OTHER}}
    assert {words: notebook[words] for words in shared} == {words: terminal[words] for words in shared}


@pytest.fixture
def branched(hub: Client) -> Client:
    """``tone`` is a version ahead of where it began, ``main`` too, elsewhere; messages have two lines."""
    hub.branch("support/refund", "tone")
    hub.save("support/refund", TEXT.replace("support", "kind"), "On tone\n\nSecond line", branch="tone")
    hub.save("support/refund", TEXT.replace("0.5", "0.9"), "On main\n\nSecond line")
    return hub


def said(shell: InteractiveShell, line: str) -> str:
    """The text of a line, or what it refused with."""
    result, shown = run(shell, f"%prompthub {line}")
    if not result.success:
        return f"refused: {shown.stdout}"
    _, text = faces(result)
    return text + shown.stderr


def test_a_log_is_of_the_branch_that_is_named_and_a_line_for_each_version(
    shell: InteractiveShell, branched: Client
) -> None:
    for line in ("log", "history", "log --graph"):
        text = said(shell, f"{line} support/refund@tone")
        assert ("On tone" in text, "On main" in text, "First" in text) == (True, False, True)
        assert "Second line" not in text
        assert said(shell, f"{line} support/refund@nowhere").startswith("refused: ")
        assert "nowhere" in said(shell, f"{line} support/refund@nowhere")
        assert "On main" in said(shell, f"{line} support/refund")
    assert said(shell, "log support/refund -n 0").startswith("refused: ")
    assert len(said(shell, "log support/refund -n 1").splitlines()) == 2
    run(shell, "%prompthub use support/refund@tone")
    assert "On main" in said(shell, "log")
    assert "On main" not in said(shell, "blame")


def test_histories_are_looked_at_in_a_notebook(
    shell: InteractiveShell, branched: Client, tmp_path: Path
) -> None:
    html, text = faces(run(shell, "%prompthub blame support/refund@tone")[0])
    tone, first = (branched.version(f"support/refund@{ref}").short for ref in ("tone", "main"))
    assert f'<td style="text-align: left">{tone}</td>' in html
    assert (tone in text, first in text) == (True, False)
    assert "+ 0 → 1" in said(shell, "log support/refund -S kind")
    assert "no prompt includes" in said(shell, "dependents support/refund")
    begin = next(one.short for one in branched.history("support/refund") if one.commit_message == "First")
    found = said(shell, f"bisect support/refund --good {begin} -- grep -q 0.5 {{}}")
    assert "is the first bad version" in found
    assert "On main" in found


def kept(result: Any) -> dict[str, Any]:
    data: dict[str, Any] = result.result._repr_mimebundle_()[1].get("prompthub", {})
    return data


def test_branches_are_brought_together_in_a_notebook_as_on_the_command_line(
    shell: InteractiveShell, branched: Client
) -> None:
    head = branched.version("support/refund").sha
    assert "no conflicts" in said(shell, "merge support/refund tone --dry-run")
    assert branched.version("support/refund").sha == head
    merged, _ = run(shell, "%prompthub merge support/refund tone --squash -m Both")
    made = branched.version("support/refund")
    assert (made.parents, made.commit_message) == ((head,), "Both")
    assert (kept(merged)["version_sha"], kept(merged)["reference"]) == (made.sha, "support/refund@main")
    back, _ = run(shell, f"%prompthub revert support/refund {made.short}")
    assert kept(back)["version_sha"] == branched.version("support/refund").sha
    picked, _ = run(shell, f"%prompthub cherry-pick support/refund {head} --on tone")
    assert kept(picked)["reference"] == "support/refund@tone"
    assert "0.9" in branched.version("support/refund@tone").text


def test_the_library_is_kept_in_a_notebook(shell: InteractiveShell, hub: Client, tmp_path: Path) -> None:
    file = tmp_path / "x.prompt"
    file.write_text("Hello\n")
    assert "created x" in said(shell, f"import {file}")
    assert "is x@v1" in said(shell, "tag x v1")
    saved, _ = run(shell, f"%prompthub save x {file}")
    assert kept(saved)["reference"] == "x@main"
    assert "no standard input" in said(shell, "save x -")
    assert "brings it back" in said(shell, "archive x")
    assert "in the library" in said(shell, "restore x")
    assert "new commits" in said(shell, f"git export {tmp_path / 'x.git'} x")
    assert "support/*" in said(shell, "protect 'support/*' --approvals 1")
    assert "support/*" in said(shell, "protect")
    html, _ = faces(run(shell, "%prompthub branch x")[0])
    assert "<table>" in html


def test_the_same_message_is_cut_on_the_command_line(cli: Cli, branched_store: str) -> None:
    assert len(cli("show", branched_store, "--history").out.splitlines()) == 2


@pytest.fixture
def branched_store() -> str:
    with Client() as client:
        client.create("p", text=TEXT, commit_message="First\n\nSecond line")
    return "p"
