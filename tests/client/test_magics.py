from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.completer import CompletionContext, provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.records import PromptOutput
from jupyter_prompthub.lock import Lock
from jupyter_prompthub.magics import PromptHubMagics, register
from jupyter_prompthub.magics.completion import matcher
from tests.client.conftest import TEXT
from tests.support.fake_provider import FakeProvider


@pytest.fixture
def shell(hub: Client) -> Iterator[InteractiveShell]:
    hub.create("support/refund", text=TEXT, commit_message="First")
    # the one shell of the process, as in a kernel: what a cell displays goes to it
    made = InteractiveShell.instance()
    register(made, PromptHubMagics(made, client=lambda: hub))
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, code: str) -> tuple[Any, Any]:
    """The cell's result and what it showed."""
    with capture_output() as captured:
        result = shell.run_cell(code)
    return result, captured


def test_use_names_the_version_and_run_uses_it(
    shell: InteractiveShell, hub: Client, provider: FakeProvider
) -> None:
    used, _ = run(shell, "%prompthub use support/refund")
    assert hub.version("support/refund").short in repr(used.result)
    _, shown = run(shell, "%prompthub run --var user_message='Where?' --into answer")
    assert shell.user_ns["answer"].text == provider.answer
    last = shown.outputs[-1]
    assert provider.answer in last.data["text/html"]
    assert provider.answer in last.data["text/plain"]


def test_the_output_remembers_what_it_ran(shell: InteractiveShell, hub: Client) -> None:
    _, shown = run(shell, "%prompthub run support/refund --var user_message=Hi")
    kept = shown.outputs[-1].metadata["prompthub"]
    assert kept["version_sha"] == hub.version("support/refund").sha
    assert len(kept["rendered_hash"]) == 64
    assert (kept["format"], kept["kind"], kept["reference"]) == (1, "run", "support/refund")
    assert (kept["prompt"], kept["ref"]) == ("support/refund", "latest")
    assert kept["content_hash"] == hub.version("support/refund").content_hash
    assert kept["execution_id"]
    assert PromptOutput.model_validate(kept).model == "parrot"


def test_what_was_chosen_and_what_was_saved_is_remembered_too(shell: InteractiveShell, hub: Client) -> None:
    used, _ = run(shell, "%prompthub use support/refund")
    _, metadata = used.result._repr_mimebundle_()
    assert (metadata["prompthub"]["kind"], metadata["prompthub"]["ref"]) == ("use", "latest")
    saved, _ = run(shell, '%%prompthub support/refund --save "More"\nMore {{user_message}}')
    kept = saved.result._repr_mimebundle_()[1]["prompthub"]
    assert (kept["kind"], kept["ref"], kept["version_sha"]) == (
        "save",
        "main",
        hub.version("support/refund").sha,
    )
    listed, _ = run(shell, "%prompthub list")
    assert listed.result._repr_mimebundle_()[1] == {}


def test_inputs_come_from_the_notebook(shell: InteractiveShell, provider: FakeProvider) -> None:
    shell.user_ns["case"] = {"user_message": "From a dict", "count": 2}
    shell.user_ns["text"] = "From a variable"
    run(shell, "%prompthub run support/refund --inputs case")
    assert "From a dict" in provider.requests[-1].body["messages"][-1]["content"]
    run(shell, "%prompthub run support/refund --var user_message=$text")
    assert "From a variable" in provider.requests[-1].body["messages"][-1]["content"]


def test_a_cell_runs_in_the_heads_front_matter(
    shell: InteractiveShell, hub: Client, provider: FakeProvider
) -> None:
    _, shown = run(
        shell,
        '%%prompthub support/refund --var user_message=Hi\n{{role "system"}}Be a pirate.{{role "user"}}{{user_message}}',
    )
    sent = provider.requests[-1].body
    assert "pirate" in sent["messages"][0]["content"]
    assert sent["model"] == "parrot"
    kept = PromptOutput.model_validate(shown.outputs[-1].metadata["prompthub"])
    assert kept.version_sha is None
    assert kept.base_sha == hub.version("support/refund").sha
    assert kept.text_hash
    assert kept.text_hash != hub.version("support/refund").text_hash


def test_a_cell_can_be_saved_on_a_branch(shell: InteractiveShell, hub: Client) -> None:
    hub.branch("support/refund", "tone")
    result, _ = run(shell, '%%prompthub support/refund --branch tone --save "Pirate"\nArr {{user_message}}')
    assert result.success
    saved = hub.version("support/refund@tone")
    assert saved.commit_message == "Pirate"
    assert saved.text.endswith("---\nArr {{user_message}}\n")
    assert "model: fake/parrot" in saved.text
    assert "Arr" not in hub.version("support/refund").text


def test_list_history_diff_and_status_have_both_faces(shell: InteractiveShell, hub: Client) -> None:
    hub.save("support/refund", TEXT.replace("assistant", "agent"), "Second")
    for line, said in [
        ("%prompthub list", "support/refund"),
        ("%prompthub history support/refund", "Second"),
        (f"%prompthub diff support/refund {list(hub.history('support/refund'))[1].short}...latest", "agent"),
        ("%prompthub status", "admin"),
    ]:
        result, _ = run(shell, line)
        data, _ = result.result._repr_mimebundle_()
        assert said in data["text/html"]
        assert said in data["text/plain"]


def test_what_a_model_says_is_text_never_html(shell: InteractiveShell, provider: FakeProvider) -> None:
    provider.answer = "<img src=x onerror=alert(1)>"
    _, shown = run(shell, "%prompthub run support/refund --var user_message=Hi")
    assert "<img" not in shown.outputs[-1].data["text/html"]
    assert "&lt;img" in shown.outputs[-1].data["text/html"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("%prompthub run", "which prompt"),
        ("%prompthub run nobody/here", "nobody/here"),
        ("%prompthub run support/refund", "user_message"),
        ("%prompthub run support/refund --var user_message", "name=value"),
        ("%prompthub run support/refund --inputs nothing", "dict"),
        ("%prompthub run 'support", "quotes"),
        ("%prompthub dance", "invalid choice"),
        ("%%prompthub support/refund --save no\n{{#if x}}", "line"),
    ],
)
def test_an_error_ends_the_cell_with_a_sentence_and_no_traceback(
    shell: InteractiveShell, provider: FakeProvider, code: str, said: str
) -> None:
    result, shown = run(shell, code)
    assert not result.success
    text = shown.stdout + shown.stderr
    assert said in text
    assert "Traceback" not in text
    assert 'File "' not in text
    assert provider.requests == []


# ------------------------------------------------------------------ status


def faces(result: Any) -> tuple[str, str]:
    data, _ = result.result._repr_mimebundle_()
    return data["text/html"], data["text/plain"]


def test_status_says_for_every_cell_what_it_ran_and_what_has_changed(
    shell: InteractiveShell, hub: Client
) -> None:
    first = hub.version("support/refund").short
    hub.promote("support/refund", "production")
    run(shell, "%prompthub use support/refund@production")
    run(shell, "%prompthub run support/refund --var user_message=Hi")
    run(shell, "%%prompthub support/refund --var user_message=Hi\nArr {{user_message}}")
    before = faces(run(shell, "%prompthub status")[0])
    assert all("all cells are up to date" in face for face in before)
    hub.save("support/refund", TEXT.replace("assistant", "<b>agent</b>"), "Second")
    now = hub.version("support/refund").short
    html, text = faces(run(shell, "%prompthub status")[0])
    for face in (html, text):
        assert "2 of 3 cells would run another version now" in face
        assert "production is the same" in face
        assert f"latest is {now} (1 behind)" in face
        assert "system message: text changed" in face
        assert f"its own text, on {first}" in face
    assert "<b>" not in html


def test_status_calls_a_cell_by_the_number_beside_it(shell: InteractiveShell, hub: Client) -> None:
    cells = ["1", "%prompthub run support/refund --var user_message=Hi", "%prompthub use support/refund@main"]
    with capture_output():
        _, ran, used = (shell.run_cell(cell, store_history=True) for cell in cells)
    _, text = faces(run(shell, "%prompthub status")[0])
    rows = {line.split()[0]: line for line in text.splitlines() if line.startswith("[")}
    assert list(rows) == [f"[{ran.execution_count}]", f"[{used.execution_count}]"]
    assert "support/refund@main" in rows[f"[{used.execution_count}]"]


def test_status_before_anything_ran_says_so(shell: InteractiveShell) -> None:
    assert "no cell of this session has run a prompt yet" in faces(run(shell, "%prompthub status")[0])[1]


# ------------------------------------------------------------------ lock


def test_a_locked_notebook_runs_what_was_locked_and_refuses_the_rest(
    shell: InteractiveShell,
    hub: Client,
    provider: FakeProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROMPTHUB_LOCKED", "")
    missing, shown = run(shell, "%prompthub --locked on")
    assert not missing.success
    assert "make one with `prompthub lock`" in shown.stdout
    lock = Lock(tmp_path / "prompts.lock")
    first = hub.version("support/refund")
    lock.add("support/refund", first)
    lock.add("support/refund@main", first)
    lock.write()
    saved = hub.save("support/refund", TEXT.replace("temperature: 0.5", "temperature: 0.9"), "Second")
    turned, _ = run(shell, "%prompthub --locked on")
    assert "support/refund@latest" in faces(turned)[1]
    _, shown = run(shell, "%prompthub run support/refund --var user_message=Hi")
    kept = PromptOutput.model_validate(shown.outputs[-1].metadata["prompthub"])
    assert (kept.version_sha, kept.locked) == (first.sha, True)
    assert provider.requests[-1].body["temperature"] == 0.5
    assert "(locked)" in faces(run(shell, "%prompthub status")[0])[1]
    refused, shown = run(shell, "%prompthub run support/refund@production --var user_message=Hi")
    assert not refused.success
    assert "refuses to drift" in shown.stdout
    # a save stands on the branch as it is, not on what was locked
    run(shell, '%%prompthub support/refund --save "Third"\nNew {{user_message}}')
    run(shell, "%prompthub --locked off")
    third = hub.version("support/refund")
    assert third.parents == (saved.sha,)
    assert "temperature: 0.9" in third.text
    _, shown = run(shell, "%prompthub run support/refund --var user_message=Hi")
    assert PromptOutput.model_validate(shown.outputs[-1].metadata["prompthub"]).version_sha == third.sha


# ------------------------------------------------------------------ help and completion


@pytest.mark.parametrize("line", ["%prompthub", "%prompthub help", "%prompthub run --help"])
def test_help_names_every_subcommand(shell: InteractiveShell, line: str) -> None:
    html, text = faces(run(shell, line)[0])
    for name in (
        "use",
        "run",
        "list",
        "history",
        "log",
        "diff",
        "status",
        "playground",
        "--locked on|off",
        "--save",
    ):
        assert name in html
        assert name in text


def complete(shell: InteractiveShell, code: str) -> list[str]:
    """The whole text that each completion at the end of ``code`` leads to."""
    with provisionalcompleter():
        found = list(shell.Completer.completions(code, len(code)))
    return [code[: one.start] + one.text for one in found]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("%prompthub st", ["%prompthub status"]),
        ("%prompthub --l", ["%prompthub --locked"]),
        ("%prompthub --locked o", ["%prompthub --locked on", "%prompthub --locked off"]),
        ("%prompthub use supp", ["%prompthub use support/refund"]),
        ("x = %prompthub run support/re", ["x = %prompthub run support/refund"]),
        ("%prompthub use support/refund@pro", ["%prompthub use support/refund@production"]),
        ("%prompthub use support/refund@", [f"%prompthub use support/refund@{r}" for r in ("latest", "production", "main", "tone")]),
        ("%prompthub run support/refund --in", ["%prompthub run support/refund --inputs", "%prompthub run support/refund --into"]),
        ("%prompthub run support/refund --var us", ["%prompthub run support/refund --var user_message="]),
        ("%prompthub run support/refund --var user_message=$my_t", ["%prompthub run support/refund --var user_message=$my_text"]),
        ("%prompthub run --inputs my_", ["%prompthub run --inputs my_case"]),
        ("%prompthub run --model fake/", ["%prompthub run --model fake/parrot"]),
        ("%prompthub run --connection fa", ["%prompthub run --connection fake"]),
        ("%prompthub run support/refund --sample an", ["%prompthub run support/refund --sample angry"]),
        ("%prompthub diff support/refund lat", ["%prompthub diff support/refund latest"]),
        ("%prompthub diff support/refund production...to", ["%prompthub diff support/refund production...tone"]),
        ("%prompthub log --graph supp", ["%prompthub log --graph support/refund"]),
        ("%prompthub log support/refund --g", ["%prompthub log support/refund --graph"]),
        ("%prompthub merge supp", ["%prompthub merge support/refund"]),
        ("%prompthub merge support/refund to", ["%prompthub merge support/refund tone"]),
        ("%prompthub merge support/refund tone --into ma", ["%prompthub merge support/refund tone --into main"]),
        ("%prompthub review sh", ["%prompthub review show"]),
        ("%prompthub review show sup", ["%prompthub review show support/refund#1"]),
        ("%prompthub review merge support/refund#1 --sq", ["%prompthub review merge support/refund#1 --squash"]),
        ("%prompthub review list --inbox m", ["%prompthub review list --inbox mine", "%prompthub review list --inbox mentioned"]),
        ("%prompthub review open su", ["%prompthub review open support/refund"]),
        ("%prompthub review open support/refund to", ["%prompthub review open support/refund tone"]),
        ("%prompthub review reply support/refund#1 ", ["%prompthub review reply support/refund#1 1"]),
        ("%prompthub log support/refund@to", ["%prompthub log support/refund@tone"]),
        ("%prompthub blame support/refund@pro", ["%prompthub blame support/refund@production"]),
        ("%prompthub cherry-pick support/refund to", ["%prompthub cherry-pick support/refund tone"]),
        ("%prompthub cherry-pick support/refund tone --on ma", ["%prompthub cherry-pick support/refund tone --on main"]),
        ("%prompthub merge support/refund --squash to", ["%prompthub merge support/refund --squash tone"]),
        ("%prompthub git st", ["%prompthub git status"]),
        ("%prompthub git export folder supp", ["%prompthub git export folder support/refund"]),
        ("%prompthub bisect support/refund --good pro", ["%prompthub bisect support/refund --good production"]),
        ("%%prompthub support", ["%%prompthub support/refund"]),
        ("%%prompthub support/refund --branch t", ["%%prompthub support/refund --branch tone"]),
        ("%%prompthub support/refund --sav", ["%%prompthub support/refund --save"]),
    ],
)  # fmt: skip
def test_lines_are_completed_by_the_kernel(
    shell: InteractiveShell, hub: Client, code: str, expected: list[str]
) -> None:
    hub.branch("support/refund", "tone")
    hub.promote("support/refund", "production")
    hub.keep_sample("support/refund", "angry", {"user_message": "x"})
    hub.save("support/refund", TEXT + "Kind.\n", branch="tone")
    hub.open_review("support/refund", "tone")
    hub.comment("support/refund", 1, "Why?")
    shell.user_ns["my_case"] = {"user_message": "x"}
    shell.user_ns["my_text"] = "x"
    assert complete(shell, code) == expected


@pytest.mark.parametrize(
    "rest", ["use nobody/here@la", "list supp", "run support/refund --into x", "dance s"]
)
def test_what_nobody_knows_is_not_completed(shell: InteractiveShell, hub: Client, rest: str) -> None:
    context = CompletionContext(rest.split()[-1], f"%prompthub {rest}", len(f"%prompthub {rest}"), 0, None)
    found = matcher(lambda: hub, lambda: shell.user_ns)(context)
    assert found["completions"] == []


def test_other_lines_are_completed_as_before(shell: InteractiveShell) -> None:
    shell.user_ns["my_text"] = "x"
    assert "my_text" in complete(shell, "my_te")
    assert complete(shell, "%%prompthub support/refund\nmy_te") == ["%%prompthub support/refund\nmy_text"]


def test_a_sample_gives_the_inputs_and_var_goes_first(
    shell: InteractiveShell, hub: Client, provider: FakeProvider
) -> None:
    hub.keep_sample("support/refund", "angry customer", {"user_message": "Now!", "count": 2})
    run(shell, "%prompthub run support/refund --sample 'angry customer'")
    assert provider.requests[-1].body["messages"][-1]["content"].strip() == "Now!"
    run(shell, "%prompthub run support/refund --sample 'angry customer' --var user_message=Please.")
    assert provider.requests[-1].body["messages"][-1]["content"].strip() == "Please."
    _, shown = run(shell, "%prompthub run support/refund --sample calm")
    assert "there is no sample 'calm'" in shown.stderr + shown.stdout


def test_log_draws_the_graph_and_lists(shell: InteractiveShell, hub: Client) -> None:
    hub.branch("support/refund", "tone")
    hub.save("support/refund", TEXT + "More.\n", "On main")
    hub.save("support/refund", TEXT + "Kind.\n", "On tone", branch="tone")
    html, text = faces(run(shell, "%prompthub log --graph support/refund")[0])
    assert [line.rpartition(" ")[2] for line in text.splitlines()] == ["tone", "main", "|/", "First"]
    assert "(tone) On tone" in html
    _, text = faces(run(shell, "%prompthub log support/refund")[0])
    assert "On tone" in text
    assert "*" not in text


def test_a_merge_shows_what_is_to_decide_and_remembers_the_version(
    shell: InteractiveShell, hub: Client
) -> None:
    hub.branch("support/refund", "tone")
    hub.save("support/refund", TEXT.replace("support", "patient"), branch="tone")
    hub.save("support/refund", TEXT.replace("support", "friendly"))
    said, _ = run(shell, "%prompthub merge support/refund tone")
    assert "1 to decide" in repr(said.result)
    (conflict,) = hub.preview_merge("support/refund", "tone").conflicts
    done, _ = run(shell, f"%prompthub merge support/refund tone --pick {conflict.id}=theirs")
    assert "main is now" in repr(done.result)
    kept = done.result._repr_mimebundle_()[1]["prompthub"]
    assert (kept["kind"], kept["version_sha"]) == ("save", hub.version("support/refund").sha)
    assert "patient" in hub.version("support/refund").text


def test_a_review_is_worked_on_in_a_notebook(shell: InteractiveShell, hub: Client) -> None:
    hub.branch("support/refund", "tone")
    hub.save("support/refund", TEXT.replace("support", "<b>kind</b>"), "Kinder", branch="tone")
    assert "no review matches" in faces(run(shell, "%prompthub review")[0])[1]
    html, text = faces(run(shell, "%prompthub review open support/refund tone -m '<i>Kinder</i>'")[0])
    assert "support/refund#1 open" in text
    assert "&lt;i&gt;Kinder&lt;/i&gt;" in html
    assert "<b>kind</b>" not in html  # the words of a change are marked, so tags of a text are in pieces
    assert "&lt;" in html.partition("Kinder")[2]
    html, text = faces(run(shell, "%prompthub review")[0])
    assert "support/refund#1" in text
    assert "<table>" in html
    run(shell, "%prompthub review comment support/refund#1 -m '<script>1</script>'")
    html, text = faces(run(shell, "%prompthub review threads support/refund#1")[0])
    assert "<script>1</script>" in text
    assert "<script>" not in html
    hub.protect("support/*", approvals=1)
    html, text = faces(run(shell, "%prompthub review show support/refund#1")[0])
    assert "1 approval is needed." in text
    assert "1 approval is needed." in html
    _, shown = run(shell, "%prompthub review merge support/refund#1")
    assert "1 approval is needed" in shown.stderr + shown.stdout
    hub.unprotect(hub.protections()[0].id)
    done, _ = run(shell, "%prompthub review merge support/refund#1")
    kept = done.result._repr_mimebundle_()[1]["prompthub"]
    assert (kept["kind"], kept["reference"]) == ("save", "support/refund@main")
    assert kept["version_sha"] == hub.version("support/refund").sha
    _, shown = run(shell, "%prompthub review show support/refund")
    assert "expected a review such as support/refund#3" in shown.stderr + shown.stdout


def test_branches_are_made_and_listed_in_a_notebook(shell: InteractiveShell, hub: Client) -> None:
    for text in ("Hello", "---\nmodel: fake/parrot\n---\nHello"):
        missing, shown = run(shell, f'%%prompthub support/refund --branch tone --save "Softer"\n{text}')
        assert not missing.success
        assert "`%prompthub branch NAME tone` makes it" in shown.stdout
    made, _ = run(shell, "%prompthub branch support/refund tone")
    assert "support/refund@tone (new branch" in repr(made.result)
    listed, _ = run(shell, "%prompthub branch support/refund")
    assert "tone" in repr(listed.result)
    assert [one.name for one in hub.branches("support/refund")] == ["main", "tone"]
    deleted, _ = run(shell, "%prompthub branch support/refund tone --delete")
    assert "`%prompthub branch support/refund@" in repr(deleted.result)
