"""``prompthub log | blame | bisect`` and the client behind them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from jupyter_prompthub.cli import main
from jupyter_prompthub.client import Client
from tests.client.conftest import Cli

TEXT = "---\nmodel: a/b\n---\nOne.\nTwo.\nThree.\n"


@pytest.fixture
def merged() -> str:
    """main: Begin, Ours, Merge; side: Theirs."""
    with Client() as hub:
        hub.create("p", text=TEXT, commit_message="Begin")
        hub.branch("p", "side")
        hub.save("p", TEXT.replace("One.", "One!"), "Ours")
        hub.save("p", TEXT.replace("Three.", "Three!"), "Theirs", branch="side")
        hub.merge("p", "side", message="Merge")
    return "p"


@pytest.fixture
def line() -> str:
    """Ten versions; the seventh brings the word ``bad``, the sixth cannot be judged."""
    with Client() as hub:
        hub.create("p", text="0\n", commit_message="0")
        for number in range(1, 10):
            word = "bad" if number >= 6 else "odd" if number == 5 else "fine"
            hub.save("p", f"{number} {word}\n", str(number))
    return "p"


def test_a_graph_is_drawn_as_git_draws_it(cli: Cli, merged: str) -> None:
    shown = [row.split(" ") for row in cli("log", merged, "--graph").out.splitlines()]
    assert ["".join(row[:-1]) if len(row) > 1 else row[0] for row in shown][1] == "|\\"
    text = cli("log", merged, "--graph").out
    assert [row.rstrip().rpartition(" ")[2] for row in text.splitlines() if "*" in row] == [
        "Merge",
        "Theirs",
        "Ours",
        "Begin",
    ]
    assert "(main) Merge" in text
    assert text.splitlines()[2].startswith("| * ")
    assert [node["lane"] for node in cli("log", merged, "--graph", "--json").json] == [0, 1, 0, 0]
    assert len(cli("log", f"{merged}@side", "--graph").out.splitlines()) == 2


def test_a_log_is_narrowed_by_branch_number_words_and_what_texts_say(cli: Cli, merged: str) -> None:
    def messages(*options: str) -> list[str]:
        return [row.rpartition(" ")[2] for row in cli("log", *options).out.splitlines()[1:]]

    assert messages(merged) == ["Merge", "Theirs", "Ours", "Begin"]
    assert messages(f"{merged}@side") == ["Theirs", "Begin"]
    assert messages(merged, "-n", "1") == ["Merge"]
    assert messages(merged, "--search", "the") == ["Theirs"]
    found = cli("log", merged, "-S", "Three!").out
    assert ("+ 0 → 1" in found, found.count("Theirs")) == (True, 1)
    assert "no version" in cli("log", merged, "-S", "nowhere").out
    assert cli("log", merged, "-S", "x", "--graph").code == 2
    assert cli("log", merged, "--search", "x", "--graph").code == 2


def test_blame_names_the_version_of_each_line(cli: Cli, merged: str) -> None:
    lines = cli("blame", merged).out.splitlines()
    assert [line[:12] for line in lines if line.endswith("One!")] == [sha(merged, "Ours")]
    assert [line[:12] for line in lines if line.endswith("Two.")] == [sha(merged, "Begin")]
    assert [line[:12] for line in lines if line.endswith("Three!")] == [sha(merged, "Theirs")]
    assert [line[:12] for line in lines if line.endswith("  model")] == [sha(merged, "Begin")]
    assert cli("blame", f"{merged}@side", "--json").json["complete"]


def sha(name: str, message: str) -> str:
    with Client() as hub:
        return next(one.short for one in hub.history(name) if one.commit_message == message)


def trial(tmp_path: Path, code: str) -> list[str]:
    script = tmp_path / "trial.py"
    script.write_text(f"import os, sys\ntext = open(os.environ['PROMPTHUB_BISECT_FILE']).read()\n{code}\n")
    return [sys.executable, str(script)]


def test_bisect_finds_the_version_that_broke_it(cli: Cli, line: str, tmp_path: Path) -> None:
    command = trial(tmp_path, "sys.exit(125 if 'odd' in text else 1 if 'bad' in text else 0)")
    got = cli("bisect", line, "--good", sha(line, "0"), "--", *command)
    # the skipped one stands right before the first bad one: either may be it
    assert (got.code, "among" in got.out) == (3, True)
    command = trial(tmp_path, "sys.exit(1 if 'bad' in text else 0)")
    got = cli("bisect", line, "--good", sha(line, "0"), "--bad", "latest", "--", *command)
    assert (got.code, got.out.startswith(sha(line, "6"))) == (0, True)
    assert got.err.count(" is ") <= 4


def test_bisect_gives_the_file_in_the_words_of_the_command(cli: Cli, line: str, tmp_path: Path) -> None:
    script = tmp_path / "trial.py"
    script.write_text("import sys\nsys.exit('bad' in open(sys.argv[1]).read())\n")
    got = cli("bisect", line, "--good", sha(line, "0"), "--", sys.executable, str(script), "{}")
    assert (got.code, got.out.startswith(sha(line, "6"))) == (0, True)


def test_bisect_refuses_what_cannot_be_searched(cli: Cli, line: str, tmp_path: Path) -> None:
    first, last = sha(line, "0"), sha(line, "9")
    ended = trial(tmp_path, "sys.exit(200)")
    assert "must have come before" in cli("bisect", line, "--good", last, "--bad", first, "--", "true").err
    assert "200" in cli("bisect", line, "--good", first, "--", *ended).err
    assert "cannot run" in cli("bisect", line, "--good", first, "--", str(tmp_path / "missing")).err
    assert cli("bisect", line, "--", "true").code == 2


def test_the_number_of_a_log_is_an_integer_from_one_on(cli: Cli, merged: str) -> None:
    for wrong in ("-3", "0", "many", "1.5", "1" * 5000):
        got = cli("log", merged, "-n", wrong, "--json")
        assert got.code == 2
        assert "expected" in got.err
    assert len(cli("log", merged, "-n", "2", "--json").json) == 2


def test_bisect_prints_one_json_value_whatever_the_command_prints(
    capfd: pytest.CaptureFixture[str], line: str, tmp_path: Path
) -> None:
    command = trial(tmp_path, "print('tried'); sys.exit('bad' in text)")
    begin = sha(line, "0")
    capfd.readouterr()
    assert main(["bisect", line, "--good", begin, "--json", "--", *command]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["commit_message"] == "6"
    assert "tried" in err
    main(["bisect", line, "--good", begin, "--", *command])
    assert "tried" in capfd.readouterr().out


def test_bisect_judges_a_given_end_where_nothing_else_bears_it_out(
    cli: Cli, line: str, tmp_path: Path
) -> None:
    first, last = sha(line, "0"), sha(line, "9")
    never = cli("bisect", line, "--good", first, "--", sys.executable, "-c", "")
    assert (never.code, never.out) == (2, "")
    assert f"no version was found bad: {last}, which was given as bad, is good too" in never.err
    always = cli("bisect", line, "--good", first, "--", sys.executable, "-c", "raise SystemExit(1)")
    assert (always.code, f"{first}, which was given as good, is bad" in always.err) == (2, True)
    neighbours = ("bisect", line, "--good", sha(line, "5"), "--bad", sha(line, "6"), "--")
    found = cli(*neighbours, *trial(tmp_path, "sys.exit('bad' in text)"))
    assert (found.code, f"{sha(line, '6')} is the first bad version (2 trials)" in found.out) == (0, True)
    # an end that cannot be judged is what it was said to be
    assert cli(*neighbours, *trial(tmp_path, "sys.exit(125)")).code == 0


def test_a_program_bisects_with_a_function(line: str) -> None:
    with Client() as hub:
        asked: list[int] = []
        done = hub.bisect(
            line,
            lambda version: "bad" not in version.text,
            good=[sha(line, "0")],
            told=lambda one: asked.append(one.suspects),
        )
        assert done.first
        assert (done.first.commit_message, done.among, done.trials) == ("6", (done.first,), len(asked))
        assert asked == sorted(asked, reverse=True)
        unknown = hub.bisect(line, lambda _: None, good=[sha(line, "7")])
        assert (unknown.first, [one.commit_message for one in unknown.among]) == (None, ["8", "9"])


def test_dependents_are_listed_and_a_change_of_the_snippet_is_tried(cli: Cli, tmp_path: Path) -> None:
    with Client() as hub:
        hub.create("tone", text="Be kind.\n")
        hub.create("p", text="{{> tone}}\n")
    assert cli("dependents", "p").out == "no prompt includes p\n"
    listed = cli("dependents", "tone")
    assert (listed.code, "@latest" in listed.out) == (0, True)
    file = tmp_path / "tone.prompt"
    file.write_text("Be brief.\n")
    tried = cli("dependents", "tone", "--file", str(file))
    assert (tried.code, "changed" in tried.out) == (0, True)
    file.write_text("Be {{manner}}.\n")
    tried = cli("dependents", "tone", "--file", str(file))
    assert (tried.code, "p: variable manner: new and required" in tried.out) == (1, True)
