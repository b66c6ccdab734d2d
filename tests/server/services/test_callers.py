"""Known callers, from recorded executions, and the contract of versions with snippets."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server.execution.ledger import ExecutionBegin
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import callers, executions, versions
from jupyter_prompthub_server.store.clock import new_id
from jupyter_prompthub_server.store.tables import execution_payload
from sqlalchemy import delete

from jupyter_prompthub.core.errors import NotFound
from jupyter_prompthub.core.records import CallerInfo, CallerList, CallersQuery
from tests.server.services.conftest import Library


def ran(library: Library, prompt_id: str, caller: CallerInfo, by: Caller | None = None, **inputs: Any) -> str:
    new = ExecutionBegin(
        id=new_id(),
        connection="c",
        provider="p",
        model_asked="m/x",
        caller=caller,
        inputs=inputs,
        messages=(),
    )
    begun = library.run(executions.begin, {"prompt_id": prompt_id}, new, by)
    return str(begun.execution_id)


def known(library: Library, prompt_id: str, **query: Any) -> CallerList:
    found: CallerList = library.run(
        callers.list_, {"prompt_id": prompt_id}, CallersQuery(**query), library.people.viewer
    )
    return found


def test_cells_people_and_keys_are_callers_and_their_last_inputs_count(library: Library) -> None:
    made = library.create("a", "{{order}}\n")
    cell = CallerInfo(kind="notebook", notebook="/n/a.ipynb", cell_id="c1")
    ran(library, made.id, cell, order="1")
    ran(library, made.id, cell, order="2", tone="kind")
    ran(library, made.id, cell.model_copy(update={"cell_id": "c2"}), tone="kind")
    ran(library, made.id, CallerInfo(), order="3")
    ran(library, made.id, CallerInfo(), library.people.colleague, order="4")
    everybody = known(library, made.id)
    assert everybody.looked_at == 5
    assert [(one.caller.cell_id, one.runs, one.inputs) for one in everybody.items] == [
        (None, 1, ("order",)),
        (None, 1, ("order",)),
        ("c2", 1, ("tone",)),
        ("c1", 2, ("order", "tone")),
    ]
    of_tone = known(library, made.id, variable="tone")
    assert [one.caller.cell_id for one in of_tone.items] == ["c2", "c1"]
    first = known(library, made.id, variable="order", limit=1)
    assert ([one.actor.id for one in first.items], first.more) == ([library.people.colleague.actor_id], True)
    assert known(library, made.id, variable="nothing") == CallerList(looked_at=5)


def test_a_prompt_that_never_ran_has_no_callers_and_others_prompts_are_not_there(library: Library) -> None:
    made = library.create("a")
    assert known(library, made.id) == CallerList()
    with pytest.raises(NotFound):
        library.run(callers.list_, {"prompt_id": made.id}, CallersQuery(), library.people.stranger)


def test_an_erased_payload_leaves_a_caller_without_names(library: Library) -> None:
    made = library.create("a")
    ran(library, made.id, CallerInfo(), order="1")
    with library.store.database.writing(library.people.workspace_id) as conn:
        conn.execute(delete(execution_payload))
        conn.commit()
    assert [one.inputs for one in known(library, made.id).items] == [None]
    assert known(library, made.id, variable="order").items == ()


def test_statements_do_not_grow_with_the_callers(library: Library) -> None:
    made = library.create("a")
    counts = []
    for cells in (1, 6):
        for number in range(cells):
            ran(
                library,
                made.id,
                CallerInfo(kind="notebook", notebook="n", cell_id=f"{cells} {number}"),
                x="1",
            )
        with library.counted() as seen:
            known(library, made.id)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_variable_that_a_snippet_brings_counts_in_a_comparison(library: Library) -> None:
    tone = library.create("tone", "Be kind.\n")
    made = library.create("a", "{{> tone}}\n")
    library.save(tone.id, "Be {{manner}}.\n")
    library.save(made.id, "{{> tone}}\nNow.\n")
    first = library.run(versions.list_, {"prompt_id": made.id}, versions.VersionQuery()).items[1].sha
    path = {"prompt_id": made.id, "a": first, "b": "latest"}
    found = library.run(versions.compare, path).compatibility
    assert found.reasons == ("variable manner: new and required",)
    back = library.run(versions.compare, {**path, "a": "latest", "b": first}).compatibility
    assert back.reasons == ("variable manner: removed",)
