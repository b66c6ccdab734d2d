"""The quickstart notebook, run by papermill in a real kernel, on the real small model."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from jupyter_prompthub import demo
from jupyter_prompthub.cli import main

NOTEBOOK = Path(demo.__file__).with_name("Quickstart.ipynb")

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not os.environ.get("PROMPTHUB_TEST_MODEL"), reason="the local model is not there"),
    # papermill's and nbclient's own business
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def _texts(cell: Any) -> str:
    return "\n".join(
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs
    )


def test_every_cell_of_the_quickstart_runs_and_remembers_what_it_ran(tmp_path: Path) -> None:
    assert main(["seed"]) == 0
    ran = tmp_path / "ran.ipynb"
    papermill.execute_notebook(
        NOTEBOOK, ran, cwd=str(tmp_path), kernel_name="python3", progress_bar=False, log_output=False
    )
    cells = {
        cell.source.split("\n")[0]: cell
        for cell in nbformat.read(ran, as_version=4).cells
        if cell.cell_type == "code"
    }
    answered = next(cell for line, cell in cells.items() if line.startswith("%prompthub run"))
    kept = answered.outputs[-1].metadata["prompthub"]
    assert kept["reference"] == "support/refund@production"
    assert len(kept["version_sha"]) == 64
    assert kept["model"].startswith("smollm2")
    compared = next(cell for line, cell in cells.items() if line.startswith("%prompthub diff"))
    assert "system" in _texts(compared)
    saved = next(cell for line, cell in cells.items() if "--save" in line)
    assert saved.outputs[-1].metadata["prompthub"]["kind"] == "save"
    assert saved.outputs[-1].metadata["prompthub"]["version_sha"] != kept["version_sha"]
    beside = _texts(cells["from jupyter_prompthub import Client"])
    assert "local/smollm2-135m-instruct, production: " in beside
    assert "local/smollm2-135m-instruct, latest: " in beside
    assert "support/refund" in _texts(cells["%prompthub status"])
    hostile = next(cell for line, cell in cells.items() if "ContractError" in line)
    said = _texts(hostile)
    assert "user | <<<dotprompt:role:system>>>" in said
    assert "table" in said
    playground = next(cell for line, cell in cells.items() if "playground" in line)
    assert "application/vnd.jupyter.widget-view+json" in playground.outputs[-1].data
