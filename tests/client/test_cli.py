from __future__ import annotations

import argparse
import io
import json
import re
from pathlib import Path

import pytest

from jupyter_prompthub.cli.parsing import parser
from jupyter_prompthub.client import Client
from jupyter_prompthub.core.records import ImportItem, ImportRequest, ImportVersion, NewSample
from tests.client.conftest import TEXT, Cli
from tests.support.fake_provider import FakeProvider, Fault


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "refund.prompt"
    path.write_text(TEXT)
    return path


def test_no_command_prints_help_and_is_wrong_usage(cli: Cli) -> None:
    ran = cli()
    assert ran.code == 2
    assert "doctor" in ran.out


def test_an_unknown_option_is_wrong_usage(cli: Cli) -> None:
    assert cli("list", "--nonsense").code == 2


def test_an_empty_library_says_what_to_do(cli: Cli) -> None:
    ran = cli("list")
    assert ran.code == 0
    assert "prompthub seed" in ran.out
    assert cli("list", "--json").json == []


def test_new_show_save_and_diff_go_together(cli: Cli, file: Path) -> None:
    assert cli("new", "support/refund", "--file", str(file), "--tag", "support", "-m", "First").code == 0
    assert cli("show", "support/refund").out == TEXT
    file.write_text(TEXT.replace("assistant", "agent"))
    saved = cli("save", "support/refund", str(file), "-m", "Agent", "--json").json
    assert saved["created"]
    history = cli("show", "support/refund", "--history", "--json").json
    assert [version["commit_message"] for version in history] == ["Agent", "First"]
    first, second = history[1]["short"], history[0]["short"]
    shown = cli("diff", "support/refund", f"{first}...{second}")
    assert shown.code == 0
    assert "[-assistant" in shown.out
    assert cli("diff", "support/refund", f"{first}...{second}", "--exit-code").code == 1
    assert cli("diff", "support/refund", f"{first}...{first}", "--exit-code").code == 0


def test_a_name_with_a_branch_saves_there_and_only_where_the_branch_is(cli: Cli, file: Path) -> None:
    cli("new", "p", "--file", str(file))
    file.write_text(TEXT + "More.\n")
    missing = cli("save", "p@tone", str(file), "--create")
    assert (missing.code, "'tone'" in missing.err) == (1, True)
    assert "`prompthub branch p tone` makes it" in missing.err
    assert cli("branch", "p", "tone").code == 0
    assert cli("save", "p@tone", str(file)).code == 0
    assert cli("show", "p@tone").out == TEXT + "More.\n"
    assert cli("show", "p").out == TEXT


def test_branches_are_listed_made_moved_and_deleted(cli: Cli, file: Path) -> None:
    cli("new", "p", "--file", str(file))
    first = cli("show", "p", "--json").json["sha"]
    file.write_text(TEXT + "More.\n")
    cli("save", "p", str(file))
    made = cli("branch", f"p@{first}", "tone")
    assert (made.code, "p@tone (new branch, at" in made.out) == (0, True)
    assert cli("branch", "p", "tone").code == 1
    assert cli("branch", "p", "a/b", "--json").json["name"] == "a/b"
    listed = cli("branch", "p").out
    assert "1 behind" in listed
    assert [one["name"] for one in cli("branch", "p", "--json").json] == ["main", "a/b", "tone"]
    stale = cli("branch", "p@latest", "tone", "--move", "--expected-head", "0" * 64)
    assert stale.code == 1
    assert cli("branch", "p@latest", "tone", "--move", "--expected-head", first).code == 0
    assert cli("show", "p@tone").out == TEXT + "More.\n"
    gone = cli("branch", "p", "tone", "--delete").out
    assert re.search(r"`prompthub branch p@\w{64} tone` makes it again", gone)
    assert cli("branch", "p", "tone", "--delete").code == 1
    for wrong in (
        ("p@tone",),
        ("p", "--delete"),
        ("p@latest", "a/b", "--expected-head", first),
        (f"p@{first}", "a/b", "--delete"),
        ("p", "a/b", "--delete", "--move"),
    ):
        assert cli("branch", *wrong).code == 2
    assert cli("branch", "nothing").code == 1


def test_save_create_makes_what_is_not_there(cli: Cli, file: Path) -> None:
    assert cli("save", "a/b", str(file)).code == 1
    made = cli("save", "a/b", str(file), "--create")
    assert made.code == 0
    assert "new prompt" in made.out


def test_a_broken_file_is_named_by_line_and_column(cli: Cli, file: Path) -> None:
    file.write_text("---\nmodel: [\n---\nHello\n")
    ran = cli("new", "x", "--file", str(file))
    assert ran.code == 1
    assert "line 2" in ran.err or "line 3" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("bad", ["nosuch.prompt", "."])
def test_a_file_that_cannot_be_read_is_wrong_usage(cli: Cli, bad: str) -> None:
    ran = cli("new", "x", "--file", bad)
    assert ran.code == 2
    assert "cannot read" in ran.err


def test_run_streams_the_answer_to_standard_output(
    cli_with_model: Cli, file: Path, provider: FakeProvider
) -> None:
    cli_with_model("new", "support/refund", "--file", str(file))
    ran = cli_with_model("run", "support/refund", "--var", "user_message=Where?", "--var", "count=3")
    assert ran.code == 0
    assert ran.out.strip() == provider.answer
    assert "tokens" in ran.err
    as_json = cli_with_model("run", "support/refund", "--var", "user_message=Where?", "--json").json
    assert as_json["result"]["completion"] == provider.answer


def test_run_reads_inputs_from_a_file(
    cli_with_model: Cli, file: Path, provider: FakeProvider, tmp_path: Path
) -> None:
    cli_with_model("new", "support/refund", "--file", str(file))
    inputs = tmp_path / "inputs.json"
    inputs.write_text(json.dumps({"user_message": "From a file"}))
    assert cli_with_model("run", "support/refund", "--inputs", str(inputs)).code == 0
    assert "From a file" in provider.requests[-1].body["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 1, "user_message"),
        (("--var", "user_message"), 2, "name=value"),
        (("--var", "user_message=x", "--var", "count=many"), 1, "count"),
        (("--var", "user_message=x", "--model", "no/such"), 1, "no/such"),
    ],
)
def test_a_run_that_cannot_be_says_why(
    cli_with_model: Cli, file: Path, provider: FakeProvider, arguments: tuple[str, ...], code: int, said: str
) -> None:
    cli_with_model("new", "support/refund", "--file", str(file))
    ran = cli_with_model("run", "support/refund", *arguments)
    assert ran.code == code
    assert said in ran.err
    assert provider.requests == []


def test_a_failing_model_is_exit_code_1_with_a_sentence(
    cli_with_model: Cli, file: Path, provider: FakeProvider
) -> None:
    cli_with_model("new", "support/refund", "--file", str(file))
    provider.plan(Fault.UNAUTHORIZED)
    ran = cli_with_model("run", "support/refund", "--var", "user_message=x", "--json")
    assert ran.code == 1
    assert ran.json["error"]["code"] == "provider_refused"


def test_promote_and_rollback_change_what_is_served(cli: Cli, file: Path) -> None:
    cli("new", "p", "--file", str(file))
    assert cli("promote", "p", "staging").code == 0
    file.write_text(TEXT + "More.\n")
    cli("save", "p", str(file))
    assert cli("promote", "p@latest", "staging", "--reason", "better").code == 0
    back = cli("rollback", "p", "staging", "--reason", "worse")
    assert back.code == 0
    assert "again" in back.out
    assert cli("rollback", "p", "staging").code == 2


def test_an_export_comes_back_with_its_history(
    cli: Cli, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("new", "p", "--file", str(file), "--tag", "kept", "-m", "One")
    file.write_text(TEXT + "More.\n")
    cli("save", "p", str(file), "-m", "Two")
    bundle = tmp_path / "all.json"
    assert cli("export", "-o", str(bundle)).code == 0
    monkeypatch.setenv("PROMPTHUB_HOME", str(tmp_path / "other"))
    assert cli("import", str(bundle)).code == 0
    assert [v["commit_message"] for v in cli("show", "p", "--history", "--json").json] == ["Two", "One"]
    assert cli("list", "--tag", "kept", "--json").json[0]["name"] == "p"
    assert cli("import", str(bundle)).code == 1
    assert cli("import", str(bundle), "--on-conflict", "skip").code == 0


def test_an_export_comes_back_with_branches_where_they_began_and_without_what_is_only_a_draft(
    cli: Cli, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("new", "p", "--file", str(file))
    cli("new", "only/a/draft")
    with Client() as client:
        client.branch("p", "tone")
        client.save("p", TEXT + "More.\n")
        client.save("p", TEXT + "Arr.\n", branch="tone")
    bundle = tmp_path / "all.json"
    assert cli("export", "-o", str(bundle)).code == 0
    assert cli("export", "--dir", str(tmp_path / "out")).code == 0
    assert cli("export", "only/a/draft").code == 1
    monkeypatch.setenv("PROMPTHUB_HOME", str(tmp_path / "other"))
    assert cli("import", str(bundle)).code == 0
    with Client() as client:
        main, tone = client.version("p"), client.version("p@tone")
    assert (main.text, tone.text) == (TEXT + "More.\n", TEXT + "Arr.\n")
    assert main.parents == tone.parents


def test_what_is_wrong_in_an_export_is_said_with_the_names_of_its_prompts(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    bad = {
        "nope": "all.json: not JSON",
        "[]": "JSON of no known shape",
        '{"items": 3}': "items: expected a list of prompts, as in an export of PromptHub, got a number",
        '{"format": "prompthub export v9", "items": []}': "this PromptHub reads 'prompthub export v1': upgrade it",
        '{"items": [{"name": "a", "versions": [{"text": "One"}, {"text": 7}]}]}': (
            "a: version 2, text: expected text, got a number. Nothing was imported"
        ),
        '{"items": [{"versions": [{"text": "One"}]}]}': "prompt 1 (without a name): name: is missing",
        '{"items": [{"name": "a", "versions": [{"text": "One"}], "samples": [{"name": "x", "inputs": 1}]}]}': (
            "a: sample 1, inputs: expected an object with named fields, got a number"
        ),
        '{"items": [{"name": "a", "versions": 7}]}': "a: versions: expected a list, got a number",
        '{"items": [7]}': "prompt 1 (without a name): expected an object with named fields, got a number",
    }
    for text, said in bad.items():
        file.write_text(text)
        ran = cli("import", str(file))
        assert (ran.code, said in ran.err) == (2, True), ran.err
    assert cli("list", "--json").json == []


def test_an_export_brings_samples_and_branches_and_of_a_ref_what_leads_to_it(
    cli: Cli, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    angry = NewSample(name="angry", inputs={"user_message": "Where?"})
    new = ImportItem(name="p", versions=(ImportVersion(text=TEXT),), samples=(angry,))
    with Client() as client:
        client.import_(ImportRequest(items=(new,)))
        client.branch("p", "empty")
        client.save("p", TEXT + "More.\n")
    bundle, part = tmp_path / "all.json", tmp_path / "part.json"
    assert cli("export", "-o", str(bundle)).code == 0
    assert cli("export", "p@empty", "-o", str(part)).code == 0
    assert cli("export", "p@nowhere").code == 1
    monkeypatch.setenv("PROMPTHUB_HOME", str(tmp_path / "other"))
    assert cli("import", str(part)).code == 0
    with Client() as client:
        assert client.version("p").text == TEXT
        assert [one.name for one in client.branches("p")] == ["main"]
    assert cli("import", str(bundle), "--on-conflict", "new_version").code == 0
    with Client() as client:
        assert client.version("p").text == TEXT + "More.\n"
        assert client.version("p@empty").text == TEXT
        assert [one.name for one in client.samples("p")] == ["angry"]


def test_a_folder_of_files_comes_in_and_goes_out(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "prompts"
    (folder / "support").mkdir(parents=True)
    (folder / "support" / "refund.prompt").write_text(TEXT)
    (folder / "hello.prompt").write_text("Hello {{name}}\n")
    assert cli("import", str(folder)).code == 0
    out = tmp_path / "out"
    assert cli("export", "--dir", str(out)).code == 0
    assert (out / "support" / "refund.prompt").read_text() == TEXT
    assert (out / "hello.prompt").read_text() == "Hello {{name}}\n"


def test_an_import_with_an_unknown_snippet_keeps_a_draft(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "styled.prompt"
    file.write_text("{{> nowhere}} Hello\n")
    ran = cli("import", str(file), "--json")
    assert ran.code == 1
    assert ran.json["drafts"] == ["styled"]


def test_seed_brings_eight_prompts_once(cli: Cli) -> None:
    created = cli("seed", "--json").json["created"]
    assert len(created) == 8
    assert cli("seed", "--json").json["created"] == []
    assert cli("seed", "--if-empty", "--json").json == {"skipped": True}
    listed = {item["name"]: item for item in cli("list", "--json").json}
    assert all(item["versions"] >= 2 for item in listed.values())
    assert listed["house-style"]["snippet_of"] == 2
    assert {one["environment"] for one in listed["support/refund"]["served"]} == {"staging", "production"}


def test_a_connections_key_is_read_from_standard_input_and_never_shown(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-secret-abcd\n"))
    added = cli("connection", "add", "mine", "openai", "--json")
    assert added.code == 0
    assert "sk-secret" not in added.out + added.err
    assert added.json["secret_last4"] == "abcd"
    assert "sk-secret" not in cli("connection", "list").out


def test_adding_a_connection_again_enters_its_key_again(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, word in (("sk-first-key-aaaa", "added"), ("sk-other-key-bbbb", "changed")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{key}\n"))
        assert f"{word} openai (openai)" in cli("connection", "add", "openai").out
    assert "bbbb" in cli("connection", "list", "--json").out


def test_a_server_that_is_not_there_is_exit_code_4(cli: Cli) -> None:
    ran = cli("list", "--url", "http://127.0.0.1:9/")
    assert ran.code == 4
    assert "does not answer" in ran.err


def test_doctor_says_what_answers(cli: Cli) -> None:
    ran = cli("doctor", "--json")
    assert {row["name"]: row["state"] for row in ran.json}["server"] == "ok"


def test_a_sample_gives_the_inputs_of_a_run(
    cli: Cli, hub: Client, file: Path, provider: FakeProvider
) -> None:
    hub.create("support/refund", text=TEXT)
    hub.keep_sample("support/refund", "angry customer", {"user_message": "Now!"})
    assert cli("run", "support/refund", "--sample", "angry customer").code == 0
    assert provider.requests[-1].body["messages"][-1]["content"].strip() == "Now!"
    missing = cli("run", "support/refund", "--sample", "calm")
    assert missing.code != 0
    assert "'angry customer'" in missing.err


def test_a_diff_says_whether_callers_break_and_who_they_are(cli_with_model: Cli, file: Path) -> None:
    cli, name = cli_with_model, "support/refund"
    cli("new", name, "--file", str(file))
    assert cli("run", name, "--var", "user_message=Where?").code == 0
    file.write_text(TEXT.replace("assistant", "agent"))
    cli("save", name, str(file))
    first = cli("show", name, "--history", "--json").json[-1]["short"]
    assert "compatible: callers need no change" in cli("diff", name, f"{first}...latest").out
    file.write_text(TEXT.replace("user_message", "question"))
    cli("save", name, str(file))
    shown = cli("diff", name, f"{first}...latest").out
    assert "not compatible: 2 changes break callers\n    variable question: new and required\n" in shown
    assert "known callers that give user_message:\n    cli (" in shown


# ------------------------------------------------------------------ the formats of others


def test_files_of_other_tools_come_in_and_what_is_lost_is_said(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "support").mkdir(parents=True)
    (folder / "support" / "a.prompty").write_text(
        "---\nmodel:\n  configuration: {type: openai, name: gpt-4o, api_key: k}\n---\nuser:\nHi {{name}}\n"
    )
    (folder / "b.prompt").write_text("Plain {{x}}\n")
    (folder / "notes.md").write_text("not a prompt")
    ran = cli("import", str(folder), "--tag", "new", "--json")
    assert (ran.code, ran.json["created"]) == (0, ["b", "support/a"])
    assert [loss["place"] for loss in ran.json["losses"]["support/a.prompty"]] == [
        "model.configuration.api_key"
    ]
    assert "api_key: keys and addresses are never read" in ran.err
    out = cli("export", "support/a", "--format", "openai")
    assert json.loads(out.out)["model"] == "gpt-4o"
    assert "messages: the API has no variables" in out.err
    into = tmp_path / "out"
    assert cli("export", "--format", "prompty", "--dir", str(into)).code == 0
    assert sorted(file.relative_to(into).as_posix() for file in into.rglob("*.prompty")) == [
        "b.prompty",
        "support/a.prompty",
    ]


def test_one_bad_file_keeps_all_of_them_out(cli: Cli, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.prompt", tmp_path / "bad.yaml"
    good.write_text("Hi\n")
    bad.write_text("a: &x 1\nprompts: *x\n")
    ran = cli("import", str(good), str(bad))
    assert (ran.code, "line 1, column 4: anchors" in ran.err, "Nothing was imported" in ran.err) == (
        2,
        True,
        True,
    )
    assert cli("list", "--json").json == []
    assert cli("import", str(good), "--dry-run").out == "new good (good.prompt, dotprompt)\n"
    assert cli("list", "--json").json == []
    assert cli("export", "good", "x", "--format", "plain").code == 2


def test_an_export_brings_its_samples_back(cli: Cli, file: Path, tmp_path: Path) -> None:
    cli("new", "p", "--file", str(file))
    with Client() as client:
        client.keep_sample("p", "one", {"user_message": "x"})
    saved = tmp_path / "all.json"
    cli("export", "-o", str(saved))
    data = json.loads(saved.read_text())
    data["items"][0]["name"] = "q"
    saved.write_text(json.dumps(data))
    assert cli("import", str(saved)).code == 0
    with Client() as client:
        assert client.sample("q", "one").inputs == {"user_message": "x"}
        (read,) = client.read_files({"a/b.txt": "Hi {{x}}"})
        assert (read.format, read.items[0].name) == ("plain", "a/b")
        assert client.export_as("q@latest", "plain").text.startswith("You are")


def test_every_command_is_on_the_page_of_the_command_line() -> None:
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    commands = next(one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    missing = [name for name in commands.choices if not re.search(rf"`{name}\b", page)]
    assert missing == []


def test_a_file_is_run_without_being_added_to_the_library(
    cli_with_model: Cli, file: Path, provider: FakeProvider
) -> None:
    ran = cli_with_model("run", str(file), "--var", "user_message=Where?", "--var", "count=3")
    assert ran.code == 0, ran.err
    assert ran.out.strip() == provider.answer
    assert file.name in ran.err
    assert "Where?" in provider.requests[-1].body["messages"][-1]["content"]
    assert cli_with_model("list", "--json").json == []
    missing = cli_with_model("run", str(file))
    assert missing.code == 1
    assert "user_message" in missing.err
    refused = cli_with_model("run", str(file), "--sample", "angry")
    assert refused.code == 2
    assert "a file has no samples" in refused.err
    gone = cli_with_model("run", str(file.with_name("gone.prompt")))
    assert gone.code == 2
    assert "cannot read" in gone.err
