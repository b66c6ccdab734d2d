"""Executions as texts to take elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from jupyter_prompthub_server.services import copies
from jupyter_prompthub_server.store.tables import execution_payload

from jupyter_prompthub.core.errors import Conflict
from jupyter_prompthub.core.records import CopyQuery
from tests.server.execution.conftest import TEXT, Desk


def copied(desk: Desk, execution_id: str, form: Any) -> str:
    path, query = {"execution_id": execution_id}, CopyQuery(form=form)
    return str(desk.dispatcher.run(copies.get, desk.people.viewer, path, query).text)


def test_a_run_of_a_version_is_copied_as_case_cell_and_curl(desk: Desk) -> None:
    done = desk.execute(inputs={"order": "A-17 “now”"})
    sha = str(done.result.metadata.version_sha)
    case = json.loads(copied(desk, done.execution_id, "case"))
    assert case["inputs"] == {"order": "A-17 “now”"}
    assert case["expected_outputs"] == [{"type": "contains", "value": desk.provider.answer}]
    cell = copied(desk, done.execution_id, "cell")
    assert cell == f"%prompthub run support/refund@{sha[:12]} --var 'order=A-17 “now”'"
    curl = copied(desk, done.execution_id, "curl")
    assert desk.prompt_id in curl
    assert sha in curl
    assert "$PROMPTHUB_TOKEN" in curl


def test_another_model_than_the_prompts_own_is_said(desk: Desk) -> None:
    desk.connect("second", models=("other",))
    done = desk.execute(model="second/other")
    assert copied(desk, done.execution_id, "cell").endswith(" --model second/other")
    assert '"model": "second/other"' in copied(desk, done.execution_id, "curl")


def test_a_run_of_an_unsaved_draft_is_a_case_and_nothing_that_names_a_version(desk: Desk) -> None:
    done = desk.execute(text=TEXT + "Thanks.\n")
    assert "contains" in copied(desk, done.execution_id, "case")
    for form in ("cell", "curl"):
        with pytest.raises(Conflict, match="Save a version"):
            copied(desk, done.execution_id, form)


def test_what_was_erased_is_not_copied(desk: Desk) -> None:
    done = desk.execute()
    with desk.store.database.writing("") as conn:
        conn.execute(sa.delete(execution_payload))
        conn.commit()
    with pytest.raises(Conflict, match="erased"):
        copied(desk, done.execution_id, "case")


def test_a_version_is_a_cell_that_runs_it(desk: Desk) -> None:
    path = {"prompt_id": desk.prompt_id, "ref": "latest"}
    made = desk.dispatcher.run(copies.cell, desk.people.viewer, path)
    assert made.reference == "support/refund"
    assert made.text.startswith("%prompthub run support/refund --var order=")
    named = desk.dispatcher.run(copies.cell, desk.people.viewer, path | {"ref": "main"})
    assert named.text.startswith("%prompthub run support/refund@main ")


def test_a_run_of_a_file_is_a_case_called_after_it_and_nothing_that_names_a_prompt(desk: Desk) -> None:
    done = desk.execute_file("texts/hello.prompt")
    assert f"hello {done.execution_id[:8]}" in copied(desk, done.execution_id, "case")
    for form in ("cell", "curl"):
        with pytest.raises(Conflict, match="Add it to the library"):
            copied(desk, done.execution_id, form)
