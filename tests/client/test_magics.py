from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.records import PromptOutput
from jupyter_prompthub.magics import PromptHubMagics
from tests.client.conftest import TEXT
from tests.support.fake_provider import FakeProvider


@pytest.fixture
def shell(hub: Client) -> Iterator[InteractiveShell]:
    hub.create("support/refund", text=TEXT, commit_message="First")
    # the one shell of the process, as in a kernel: what a cell displays goes to it
    made = InteractiveShell.instance()
    made.register_magics(PromptHubMagics(made, client=lambda: hub))
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
