"""Sample inputs of a prompt: kept, renamed, deleted, limited, exported."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server.services import samples
from jupyter_prompthub_server.store.tables import sample
from sqlalchemy import select

from jupyter_prompthub.core.errors import AlreadyExists, Conflict, Forbidden, NotFound, TooLarge
from jupyter_prompthub.core.records import ImportItem, NewSample, Sample, SamplePatch
from tests.server.services.conftest import Library

TEXT = "Say {{word}}.\n"


def keep(library: Library, prompt_id: str, name: str = "empty order", **inputs: Any) -> Sample:
    new = NewSample(name=name, inputs=inputs)
    kept: Sample = library.run(samples.create, {"prompt_id": prompt_id}, new, library.people.engineer)
    return kept


def listed(library: Library, prompt_id: str) -> list[tuple[str, dict[str, Any]]]:
    found = library.run(samples.list_, {"prompt_id": prompt_id}, None, library.people.viewer)
    return [(one.name, one.inputs) for one in found.items]


def test_inputs_are_kept_under_a_name_for_everybody_sealed_and_told(library: Library) -> None:
    made = library.create("support/refund", TEXT)
    kept = keep(library, made.id, "  angry customer ", word="Ärger\n“now”", list=[1, None])
    assert kept.name == "angry customer"
    assert listed(library, made.id) == [("angry customer", {"word": "Ärger\n“now”", "list": [1, None]})]
    assert kept.created_by.id == library.people.engineer.actor_id
    with library.store.database.reading() as conn:
        stored = conn.execute(select(sample.c.inputs)).scalar_one()
    assert stored.split(b":")[0].count(b".") == 1  # a sealed column's prefix
    tag, target = library.entries()[-1]
    assert (tag, target["prompt"], target["sample"]) == ("sample.create", made.id, kept.id)


def test_a_viewer_may_use_but_not_change(library: Library) -> None:
    made = library.create("support/refund", TEXT)
    kept = keep(library, made.id)
    viewer, path = library.people.viewer, {"prompt_id": made.id}
    assert len(listed(library, made.id)) == 1
    with pytest.raises(Forbidden):
        library.run(samples.create, path, NewSample(name="x"), viewer)
    for op, new in ((samples.update_, SamplePatch(name="x")), (samples.delete_, None)):
        with pytest.raises(Forbidden):
            library.run(op, {**path, "sample_id": kept.id}, new, viewer)


def test_a_sample_is_renamed_changed_and_deleted(library: Library) -> None:
    made = library.create("support/refund", TEXT)
    kept, other = keep(library, made.id, "one", word="a"), keep(library, made.id, "two", word="b")
    path = {"prompt_id": made.id, "sample_id": kept.id}
    lead = library.people.team_lead
    library.run(samples.update_, path, SamplePatch(name="zero"), lead)
    changed = library.run(samples.update_, path, SamplePatch(inputs={"word": "c"}), lead)
    assert (changed.name, changed.inputs, changed.updated_by.id) == ("zero", {"word": "c"}, lead.actor_id)
    assert changed.created_by.id == library.people.engineer.actor_id
    with pytest.raises(AlreadyExists, match="'two' already"):
        library.run(samples.update_, path, SamplePatch(name="two"), lead)
    before = len(library.entries())
    library.run(samples.update_, path, SamplePatch(name="zero"), lead)
    assert len(library.entries()) == before  # nothing new: no entry
    library.run(samples.delete_, path, None, lead)
    assert [name for name, _ in listed(library, made.id)] == [other.name]
    with pytest.raises(NotFound):
        library.run(samples.delete_, path, None, lead)


def test_a_name_is_there_once_and_of_another_prompt_it_is_free(library: Library) -> None:
    one, two = library.create("one", TEXT), library.create("two", TEXT)
    keep(library, one.id)
    with pytest.raises(AlreadyExists, match="choose another name"):
        keep(library, one.id)
    kept = keep(library, two.id)
    with pytest.raises(NotFound):  # and is not reached through the other prompt
        path = {"prompt_id": one.id, "sample_id": kept.id}
        library.run(samples.delete_, path, None, library.people.admin)


def test_a_sample_of_more_than_64_kib_and_the_101st_are_refused(library: Library) -> None:
    made = library.create("support/refund", TEXT)
    keep(library, made.id, "fits", word="x" * (64 * 1024 - len('{"word": ""}')))
    with pytest.raises(TooLarge, match="at most 65536"):
        keep(library, made.id, "does not", word="x" * (64 * 1024))
    for number in range(99):
        keep(library, made.id, f"sample {number}")
    with pytest.raises(Conflict, match="delete one first"):
        keep(library, made.id, "one too many")


def test_an_archived_prompt_keeps_its_samples_and_takes_no_more(library: Library) -> None:
    from jupyter_prompthub_server.services import prompts

    made = library.create("support/refund", TEXT)
    keep(library, made.id)
    library.run(prompts.archive, {"prompt_id": made.id}, None, library.people.admin)
    assert len(listed(library, made.id)) == 1
    with pytest.raises(Conflict, match="archived"):
        keep(library, made.id, "another")


def test_samples_go_with_an_export_and_an_import_leaves_those_that_are_there(library: Library) -> None:
    made = library.create("support/refund", TEXT)
    keep(library, made.id, "one", word="a")
    keep(library, made.id, "two", word="b")
    [item] = library.export("support/refund").items
    assert [one.name for one in item.samples] == ["one", "two"]
    version = {"text": TEXT, "commit_message": "as it was"}
    library.import_(ImportItem(name="copy", versions=(version,), samples=item.samples))  # type: ignore[arg-type]
    [copy] = library.export("copy").items
    assert copy.samples == item.samples
    more = (NewSample(name="one", inputs={"word": "other"}), NewSample(name="three", inputs={}))
    again = ImportItem(name="copy", versions=(version,), samples=more)  # type: ignore[arg-type]
    assert library.import_(again, on_conflict="new_version").updated == ("copy",)
    assert library.import_(again, on_conflict="new_version").skipped == ("copy",)
    [copy] = library.export("copy").items
    assert [(one.name, one.inputs) for one in copy.samples] == [
        ("one", {"word": "a"}),
        ("three", {}),
        ("two", {"word": "b"}),
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines", "nul\0"])
def test_a_name_is_one_short_line(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        NewSample(name=name)
