"""Notebooks that ran in a real kernel: their files say what they ran, and the command says what has changed."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_code_cell, new_notebook, new_output

from jupyter_prompthub.client import Client
from jupyter_prompthub.core.records import PromptOutput
from jupyter_prompthub.status import ran_in
from tests.client.conftest import TEXT, Cli
from tests.support.fake_provider import FakeProvider

# papermill's and nbclient's own business
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CELLS = (
    "%load_ext jupyter_prompthub",
    "%prompthub run support/refund@production --var user_message=Hi",
    "%%prompthub support/refund --var user_message=Hi\nArr {{user_message}}",
    "print('no prompt')",
    "%prompthub status",
)


@pytest.fixture
def ran(hub: Client, tmp_path: Path) -> Path:
    hub.create("support/refund", text=TEXT, commit_message="First")
    hub.promote("support/refund", "production")
    book = new_notebook(cells=[new_code_cell(cell) for cell in CELLS])
    nbformat.write(book, tmp_path / "in.ipynb")
    out = tmp_path / "ran.ipynb"
    papermill.execute_notebook(
        tmp_path / "in.ipynb", out, cwd=str(tmp_path), kernel_name="python3", progress_bar=False
    )
    return out


def test_the_file_alone_says_what_ran_and_the_command_what_has_moved(
    ran: Path, hub: Client, cli: Cli, provider: FakeProvider
) -> None:
    first = hub.version("support/refund")
    records = [one.record for one in ran_in(ran)]
    assert [(one.reference, one.version_sha, one.base_sha) for one in records] == [
        ("support/refund@production", first.sha, None),
        ("support/refund@main", None, first.sha),
    ]
    assert all(one.rendered_hash and one.execution_id and one.model for one in records)
    in_kernel = nbformat.read(ran, as_version=4).cells[-1].outputs[-1].data["text/plain"]
    assert "all cells are up to date" in in_kernel
    same = cli("status", str(ran))
    assert same.code == 0, same.err
    assert "production is the same" in same.out
    hub.save("support/refund", TEXT.replace("assistant", "agent"), "Second")
    moved = cli("status", str(ran))
    assert moved.code == 1
    assert f"its own text, on {first.short}" in moved.out
    assert f"main is {hub.version('support/refund').short} (1 behind)" in moved.out
    assert "system message: text changed" in moved.out
    assert "production is the same" in moved.out
    assert "1 of these would run another version now" in moved.err
    told = cli("status", str(ran), "--json").json[str(ran)]
    assert [one["drift"]["state"] for one in told] == ["same", "moved"]


def test_a_kernel_completes_lines_for_jupyterlab(hub: Client) -> None:
    hub.create("support/refund", text=TEXT)
    manager, kernel = start_new_kernel(kernel_name="python3")
    try:
        kernel.execute_interactive("%load_ext jupyter_prompthub", timeout=30)
        code = "%prompthub run support/refund@la"
        reply = kernel.complete(code, len(code), reply=True, timeout=30)["content"]
        assert code[: reply["cursor_start"]] + reply["matches"][0] == "%prompthub run support/refund@latest"
        assert len(reply["matches"]) == 1
    finally:
        kernel.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def test_a_folder_is_looked_through_and_what_remembers_nothing_is_said(
    hub: Client, cli: Cli, tmp_path: Path
) -> None:
    folder = tmp_path / "books"
    (folder / ".ipynb_checkpoints").mkdir(parents=True)
    old = new_code_cell("x", outputs=[new_output("display_data", metadata={"prompthub": {"reference": "a"}})])
    nbformat.write(new_notebook(cells=[old]), folder / "old.ipynb")
    (folder / ".ipynb_checkpoints" / "broken.ipynb").write_text("{")
    found = cli("status", str(folder))
    assert found.code == 0
    assert "no output of it remembers a prompt" in found.out
    (folder / "broken.ipynb").write_text("{")
    assert cli("status", str(folder)).code == 2
    assert "there is no notebook" in cli("status", str(tmp_path / "home")).err


def test_of_one_prompt_in_a_cell_the_last_output_counts(tmp_path: Path) -> None:
    def output(sha: str, reference: str) -> object:
        record = PromptOutput(
            kind="run",
            reference=reference,
            prompt="a",
            prompt_id="x",
            ref="latest",
            version_sha=sha * 64,
            at="2026-11-26T00:00:00.000Z",
        )
        return new_output("display_data", metadata={"prompthub": record.model_dump(mode="json")})

    cell = new_code_cell(
        "x", outputs=[output("1", "a"), output("2", "a"), output("3", "b")], execution_count=7
    )
    nbformat.write(new_notebook(cells=[new_code_cell("first"), cell]), tmp_path / "a.ipynb")
    found = ran_in(tmp_path / "a.ipynb")
    assert [(one.cell, one.record.version_sha) for one in found] == [("2 [7]", "2" * 64), ("2 [7]", "3" * 64)]
