"""A dry run of an import says what the import does: for all that it refuses, and for all that it takes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.services import bulk, preview, protections
from jupyter_prompthub_server.store.tables import metadata
from sqlalchemy import func, select

from jupyter_prompthub.core.errors import Forbidden, PromptHubError
from jupyter_prompthub.core.records import (
    BulkChange,
    BulkItem,
    ImportItem,
    ImportPreview,
    ImportPreviewRequest,
    ImportReport,
    ImportVersion,
    NewProtection,
    NewSample,
    OwnerRule,
    Rules,
)
from tests.server.services.conftest import Library, item

BROKEN = "Hello {{name\n"


def look(library: Library, *items: ImportItem, by: Caller | None = None, **more: Any) -> ImportPreview:
    raw = tuple(one.model_dump(mode="json", exclude_unset=True) for one in items)
    found: ImportPreview = library.run(
        preview.import_, new=ImportPreviewRequest(items=raw, **more), by=by or library.people.admin
    )
    return found


def report_of(found: ImportPreview) -> ImportReport:
    """The report that a dry run foretells."""
    named = {
        state: tuple(one.name for one in found.items if one.state == state)
        for state in ("new", "changed", "refused")
    }
    assert (named["refused"], found.refused) == ((), "")
    return ImportReport(
        created=named["new"],
        updated=named["changed"],
        skipped=tuple(one.name for one in found.items if one.state in ("same", "skipped")),
        drafts=tuple(name for one in found.items for name in one.drafts),
        problems={one.name: one.problems for one in found.items if one.problems},
    )


def is_same(told: str, error: PromptHubError) -> bool:
    """Whether an import fails in the words of a dry run; which of its items, and that it was all, is said beside."""
    return told.removesuffix(".") in error.message


def assert_same(told: str, error: PromptHubError) -> None:
    assert told
    assert is_same(told, error), (told, error.message)


def rows(library: Library) -> dict[str, int]:
    """How many rows each table has."""
    with library.store.database.reading() as conn:
        return {
            name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def on(branch: str, text: str, base: int | None = None) -> ImportVersion:
    return ImportVersion(text=text, branch=branch, base=base)


def archive(library: Library, name: str) -> None:
    made = library.create(name, "One\n")
    new = BulkChange(items=(BulkItem(id=made.id),), archived=True)
    library.run(bulk.change, new=new, by=library.people.admin)


def protect(library: Library, rules: Rules, **more: str) -> None:
    library.run(protections.create, new=NewProtection(rules=rules, **more), by=library.people.team_lead)


# ------------------------------------------------------------------ what is refused

Given = Callable[[Library], None]


def _nothing(library: Library) -> None: ...


def _archived(library: Library) -> None:
    archive(library, "a")


def _renamed(library: Library) -> None:
    library.update(library.create("a", "One\n").id, name="b")


def _reviewed(library: Library) -> None:
    library.create("a", "One\n")
    protect(library, Rules(approvals=1))


def _pushed_by_nobody(library: Library) -> None:
    library.create("a", "One\n")
    protect(library, Rules(may_push=(library.people.colleague.actor_id,)))


def _owned(library: Library) -> None:
    library.create("a", "One\n")
    owner = OwnerRule(name="legal", owners=(library.people.colleague.actor_id,))
    protect(library, Rules(owners=(owner,)))


def _branch_protected(library: Library) -> None:
    library.create("a", "One\n")
    protect(library, Rules(approvals=1), branch="release")


def _draft_there(library: Library) -> None:
    library.import_(item("a", BROKEN))


def _tagged(library: Library) -> None:
    library.create("a", "One\n")


REFUSED: dict[str, tuple[Given, tuple[ImportItem, ...], str]] = {
    "a name that an archived prompt has": (_archived, (item("a", "Two\n"),), "archived"),
    "a name that leads elsewhere": (_renamed, (item("a", "Two\n"),), "former name"),
    "a name twice": (_nothing, (item("a", "One\n"), item("a", "Two\n")), "twice"),
    "a name that is none": (_nothing, (item("latest", "One\n"),), "latest"),
    "a protected branch": (_reviewed, (item("a", "Two\n"),), "merging a review only"),
    "a branch that others push": (_pushed_by_nobody, (item("a", "Two\n"),), "may push"),
    "units of an owner": (_owned, (item("a", "Two\n"),), "merging a review only"),
    "a protected branch that begins": (
        _branch_protected,
        (item("a", "One\n", on("release", "Two\n")),),
        "review",
    ),
    "no version may stand in the middle": (_nothing, (item("a", BROKEN, "Two\n"),), "version 1 of 2"),
    "a snippet in a history that is not there": (
        _nothing,
        (item("a", "{{>house/none}}\n", "Two\n"),),
        "house/none",
    ),
    "a circle in a history": (
        _nothing,
        (item("a", "{{>b}}\n", "One\n"), item("b", "{{>a}}\n", "Two\n")),
        "version 1 of 2",
    ),
    "a second draft": (_draft_there, (item("a", "{{also\n"),), "only a draft"),
    "a branch from nothing": (_nothing, (item("a", on("side", "One\n")),), "nothing to start from"),
    "a branch called like an environment": (
        _nothing,
        (item("a", "One\n", on("production", "Two\n")),),
        "production",
    ),
    "a branch at no version": (_nothing, (item("a", "One\n", branches={"side": 4}),), "begin at version 4"),
    "an environment that is none": (_nothing, (item("a", "One\n", deployments={"moon": 0}),), "moon"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("beside", [False, True])
def test_what_an_import_refuses_a_dry_run_refuses_in_the_same_words(
    library: Library, case: str, beside: bool
) -> None:
    given, items, said = REFUSED[case]
    given(library)
    if beside:
        items = (item("z/other", "Other\n"), *items)
    before = rows(library)
    found = look(library, *items)
    assert rows(library) == before
    with pytest.raises(PromptHubError) as caught:
        library.import_(*items, on_conflict="new_version")
    refused = [one for one in found.items if one.state == "refused"]
    by_name = {one.name: one.message for one in refused}
    assert_same(by_name[caught.value.details["name"]], caught.value)
    assert said in caught.value.message
    assert len(found.items) == len(items)
    if beside:
        assert found.items[0].state == "new"


def test_a_name_that_is_there_is_refused_where_that_was_said(library: Library) -> None:
    library.create("a", "One\n")
    found = look(library, item("a", "One\n"), item("b", "One\n"), on_conflict="fail")
    assert [one.state for one in found.items] == ["refused", "new"]
    with pytest.raises(PromptHubError) as caught:
        library.import_(item("a", "One\n"), item("b", "One\n"))
    assert_same(found.items[0].message, caught.value)


@pytest.mark.parametrize(
    ("items", "missing"),
    [
        ((item("a", "One\n"), item("b", "One\n")), "workspace:write"),
        ((item("there", "One\n"),), "workspace:write"),
        ((item("a", "One\n"),), ""),
    ],
)
def test_a_permission_that_the_whole_import_needs_is_told_beside_the_items(
    library: Library, items: tuple[ImportItem, ...], missing: str
) -> None:
    library.create("there", "One\n")
    before = library.entries()
    found = look(library, *items, by=library.people.engineer)
    assert library.entries() == before
    assert {one.state for one in found.items} <= {"new", "same"}
    if not missing:
        assert library.import_(*items, by=library.people.engineer) == report_of(found)
        return
    with pytest.raises(Forbidden) as caught:
        library.import_(*items, on_conflict="new_version", by=library.people.engineer)
    assert (found.refused, missing in found.refused) == (caught.value.message, True)


def test_a_deployment_that_is_not_the_caller_s_is_refused_as_the_import_refuses_it(library: Library) -> None:
    one, engineer = item("a", "One\n", deployments={"production": 0}), library.people.engineer
    (found,) = look(library, one, by=engineer).items
    with pytest.raises(Forbidden) as caught:
        library.import_(one, by=engineer)
    assert found.state == "refused"
    assert_same(found.message, caught.value)


def test_a_viewer_gets_the_answer_that_an_import_gets(library: Library) -> None:
    said = []
    for ask in (look, Library.import_):
        with pytest.raises(Forbidden) as caught:
            ask(library, item("a", "One\n"), by=library.people.viewer)
        said.append(caught.value.message)
    assert said[0] == said[1]


def test_an_item_that_does_not_fit_is_refused_and_the_others_are_looked_at(library: Library) -> None:
    raw = ({"name": "a"}, {"name": "b", "versions": [{"text": "{{>a}}\n"}]})
    request = ImportPreviewRequest(items=raw)
    found = library.run(preview.import_, new=request, by=library.people.admin).items
    assert [(one.name, one.state, one.drafts) for one in found] == [
        ("a", "refused", ()),
        ("b", "new", ("b",)),
    ]


# ------------------------------------------------------------------ what is taken

TAKEN: dict[str, tuple[ImportItem, ...]] = {
    "nothing": (),
    "new, changed, the same": (item("n", "One\n"), item("there", "One\n", "Two\n"), item("house", "Rule\n")),
    "a draft": (item("n", "One\n", BROKEN),),
    "a snippet that is not there": (item("n", "{{>nowhere}}\n"), item("m", "{{>house}}\n")),
    "a circle": (item("n", "{{>m}}\n"), item("m", "{{>n}}\n")),
    "a snippet of the same import": (item("n", "{{>m}}\n"), item("m", "Rule\n")),
    "a snippet that changes in the same import": (item("n", "{{>house}}\n"), item("house", "Rule {{x}}\n")),
    "a draft where there is one": (item("drafted", BROKEN + "again\n"),),
    "a draft that is there": (item("drafted", "One\n", BROKEN),),
    "branches, samples, deployments": (
        item(
            "n",
            "One\n",
            on("side", "Two\n", 0),
            on("side", BROKEN),
            branches={"also": 0},
            deployments={"staging": 0},
            samples=(NewSample(name="s", inputs={}),),
        ),
    ),
    "one text on two branches": (item("n", "One\n", on("x", "Two\n", 0), on("y", "Two\n", 0)),),
    "a draft of a branch": (item("there", "One\n", on("side", BROKEN)),),
}


@pytest.mark.parametrize("on_conflict", ["skip", "new_version"])
@pytest.mark.parametrize("case", TAKEN)
def test_what_an_import_does_is_what_the_dry_run_said(library: Library, case: str, on_conflict: Any) -> None:
    library.import_(item("there", "One\n"), item("house", "Rule\n"), item("drafted", "One\n", BROKEN))
    items = TAKEN[case]
    before, seen = rows(library), library.entries()
    outcome = library.told(
        preview.import_,
        new=ImportPreviewRequest(
            items=tuple(one.model_dump(mode="json", exclude_unset=True) for one in items),
            on_conflict=on_conflict,
        ),
        by=library.people.admin,
    )
    assert (outcome.receipt, outcome.events) == (None, ())
    assert (rows(library), library.entries()) == (before, seen)
    assert report_of(outcome.result) == library.import_(*items, on_conflict=on_conflict)


def test_one_by_one_each_item_is_an_import_of_its_own(library: Library) -> None:
    """As those do it who may not import several: one new prompt, and the next one sees it."""
    library.create("there", "One\n")
    items = (item("m", "Rule\n"), item("n", "{{>m}}\n"), item("there", "One\n"), item("m", "Other\n"))
    found = look(library, *items, by=library.people.engineer, one_by_one=True)
    assert (found.refused, [one.state for one in found.items]) == ("", ["new", "new", "refused", "refused"])
    for one, said in zip(items, found.items, strict=True):
        if said.state == "refused":
            with pytest.raises(Forbidden) as caught:
                library.import_(one, on_conflict="new_version", by=library.people.engineer)
            assert said.message == caught.value.message
        else:
            report = library.import_(one, by=library.people.engineer)
            assert (report.created, report.drafts) == ((one.name,), said.drafts)


@pytest.mark.parametrize("seed", range(6))
def test_a_dry_run_and_the_import_agree_on_any_mix(library: Library, seed: int) -> None:
    """Imports one after the other into a workspace that fills: with drafts, branches, protections, snippets, circles."""
    choose = random.Random(seed)
    names = ("a", "b", "c", "d", "house/e")
    archive(library, "c")
    library.update(library.create("d", "One\n").id, name="f")
    protect(library, Rules(approvals=1), prompts="b")
    by = {"admin": library.people.admin, "engineer": library.people.engineer}

    def text() -> str:
        shape = choose.choice(("One {n}\n", "One {n}\n", "{{{{>{name}}}}} {n}\n", "{{{{n {n}\n"))
        return shape.format(n=choose.randrange(3), name=choose.choice(names))

    def some() -> ImportItem:
        made = [on("main", text()) for _ in range(choose.randrange(1, 3))]
        made += [on("side", text(), choose.choice((None, 0))) for _ in range(choose.randrange(2))]
        return item(choose.choice(names), *made)

    ends = set()
    for _ in range(25):
        items = tuple(some() for _ in range(choose.choice((1, 1, 2, 4))))
        how, who = (
            choose.choice(("fail", "skip", "new_version")),
            by[choose.choice(("admin", "admin", "engineer"))],
        )
        before = rows(library)
        found = look(library, *items, on_conflict=how, by=who)
        assert rows(library) == before
        try:
            report = library.import_(*items, on_conflict=how, by=who)
        except PromptHubError as error:
            told = {one.message for one in found.items if one.state == "refused"} | {found.refused}
            taken = error.details.get("names", ())  # of all that are there already in one message
            assert any(is_same(one, error) for one in told if one) or taken
            assert set(taken) <= {one.name for one in found.items if one.state == "refused"}
            ends.add("refused")
        else:
            assert report_of(found) == report
            ends.add("drafts" if report.drafts else "taken")
    assert len(ends) > 1
