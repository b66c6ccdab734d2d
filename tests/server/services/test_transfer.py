"""Prompts with their histories, out of a workspace and into one."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server import dispatch
from jupyter_prompthub_server.services import branches, deployments, drafts, prompts, transfer, versions
from jupyter_prompthub_server.services.transfer import ExportQuery
from pydantic import ValidationError

from jupyter_prompthub.core.canonical import canonical, tagged_sha256, text_hash
from jupyter_prompthub.core.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    PromptSyntaxError,
    SnippetError,
    StoreFull,
    TooLarge,
)
from jupyter_prompthub.core.records import (
    BranchMove,
    ExportedPrompt,
    ImportItem,
    ImportRequest,
    ImportVersion,
    NewPrompt,
    NewSample,
    PageQuery,
    PutDraft,
    SaveDraft,
)
from tests.server.services.conftest import Library, counted, item

BROKEN = "Hello {{name\n"


def draft(library: Library, name: str, branch: str = "main") -> Any:
    prompt_id = next(one.id for one in library.search(limit=200).items if one.name == name)
    return library.run(drafts.get, {"prompt_id": prompt_id, "branch": branch})


def on(branch: str, text: str, base: int | None = None, message: str = "") -> ImportVersion:
    return ImportVersion(text=text, branch=branch, base=base, commit_message=message)


def again(prompt: ExportedPrompt) -> ImportItem:
    """An exported prompt as an import takes it."""
    data = prompt.model_dump()
    for one in data["versions"]:
        for name in ("sha", "author", "created_at"):
            del one[name]
    return ImportItem.model_validate(data)


# ------------------------------------------------------------------ new prompts


def test_a_prompt_comes_in_with_its_history(library: Library) -> None:
    new = item(
        "support/refund",
        on("main", "One\n", message="First"),
        on("main", "Two {{x}}\n", message="Second"),
        title="Refunds",
        description="Money",
        tags=("b", "a"),
        deployments={"production": 0, "staging": 1},
    )
    report = library.import_(new)
    assert (report.created, report.updated, report.skipped, report.drafts, report.problems) == (
        ("support/refund",),
        (),
        (),
        (),
        {},
    )
    (made,) = library.search().items
    assert (made.title, made.description, made.tags, made.versions) == ("Refunds", "Money", ("a", "b"), 2)
    assert library.texts(made.id) == ["One\n", "Two {{x}}\n"]
    assert library.resolve("support/refund@production").version.commit_message == "First"
    assert library.resolve("support/refund@staging").version.commit_message == "Second"
    assert library.names(search="two money") == ["support/refund"]
    assert made.created_by.display_name == "Admin of Acme"


def test_an_import_is_one_entry_and_one_event(library: Library) -> None:
    request = ImportRequest(items=(item("a", "One\n", "Two\n"), item("b", "Three\n")))
    outcome = library.told(transfer.import_, new=request, by=library.people.admin)
    written = []
    for name in ("a", "b"):
        found = library.resolve(name)
        written.append(["prompt", found.prompt_id, name, ""])
        for one in reversed(
            library.run(versions.list_, {"prompt_id": found.prompt_id}, versions.VersionQuery()).items
        ):
            written.append(["version", found.prompt_id, "main", one.sha])
    assert library.entries() == [
        (
            "workspace.import",
            {"prompts": "2", "root": tagged_sha256("prompthub import v2", canonical(written))},
        )
    ]
    assert [(event.kind, event.ids) for event in outcome.events] == [("workspace.imported", {})]
    assert outcome.receipt is not None


def test_the_root_of_an_import_covers_branches_deployments_drafts_and_samples(library: Library) -> None:
    new = item(
        "a",
        "One\n",
        on("side", "Two\n"),
        BROKEN,
        branches={"late": 0},
        deployments={"staging": 0},
        samples=(NewSample(name="angry", inputs={"x": 1}),),
    )
    library.import_(new)
    one, two = (library.resolve(f"a@{ref}").version.sha for ref in ("main", "side"))
    made = library.resolve("a").prompt_id
    written = [
        ["prompt", made, "a", ""],
        ["version", made, "main", one],
        ["branch", made, "side", one],
        ["version", made, "side", two],
        ["draft", made, "main", text_hash(BROKEN)],
        ["branch", made, "late", one],
        ["deployment", made, "staging", one],
        ["sample", made, "angry", ""],
    ]
    root = tagged_sha256("prompthub import v2", canonical(written))
    assert library.entries()[-1] == ("workspace.import", {"prompts": "1", "root": root})


def test_the_title_is_made_from_the_name_where_none_is_given(library: Library) -> None:
    library.import_(item("support/big-refund", "One\n"))
    assert library.search().items[0].title == "Big refund"


def test_it_is_all_or_nothing(library: Library) -> None:
    bad = [
        (item("b", BROKEN, "Fine\n"), PromptSyntaxError, r"b, version 1 of 2.*Nothing was imported"),
        (item("b", "{{> nowhere}}\n", "Fine\n"), SnippetError, "Nothing was imported"),
        (item("UPPER", "One\n"), InvalidInput, "lower-case"),
        (item("b", "One\n", deployments={"moon": 0}), InvalidInput, "no environment 'moon'"),
        (item("b", "One\n", deployments={"staging": 1}), InvalidInput, "there are 1"),
        (item("b", on("side", "One\n")), InvalidInput, "nothing to start from"),
        (item("b", "One\n", on("latest", "Two\n")), InvalidInput, "reserved"),
        (item("b", "One\n", on("staging", "Two\n")), AlreadyExists, "an environment is called 'staging'"),
        (item("a", "Twice\n"), InvalidInput, "names 'a' twice"),
    ]
    for wrong, error, said in bad:
        with pytest.raises(error, match=said):
            library.import_(item("a", "One\n"), wrong)
    assert (library.names(), library.entries()) == ([], [])


def test_what_is_refused_in_a_history_names_the_prompt_and_the_version(library: Library) -> None:
    with pytest.raises(PromptSyntaxError) as caught:
        library.import_(item("a", "One\n", BROKEN, "Three\n"))
    assert (caught.value.details["name"], caught.value.details["version"]) == ("a", 1)
    assert caught.value.details["problems"][0]["line"] == 1


def test_a_name_that_still_leads_elsewhere_is_not_imported(library: Library) -> None:
    library.update(library.create("old").id, name="newer")
    with pytest.raises(AlreadyExists, match="former name"):
        library.import_(item("old", "One\n"))


# ------------------------------------------------------------------ branches


def test_branches_begin_at_their_base(library: Library) -> None:
    library.import_(
        item(
            "a",
            "One\n",
            "Two\n",
            on("tone", "One, kinder\n", base=0),
            on("tone", "One, kindest\n"),
            on("late", "Two, later\n"),
            on("tone/more", "Kindest and more\n", base=3),
        )
    )
    tone, late, more = (library.resolve(f"a@{name}").version for name in ("tone", "late", "tone/more"))
    prompt_id = tone.prompt_id
    shas = dict(zip(library.texts(prompt_id), _shas(library, prompt_id), strict=True))
    assert library.resolve("a").version.text == "Two\n"
    assert tone.text == "One, kindest\n"
    assert tone.parents == (shas["One, kinder\n"],)
    assert library.resolve(f"a@{tone.parents[0]}").version.parents == (shas["One\n"],)
    assert late.parents == (shas["Two\n"],)
    assert more.parents == (tone.sha,)
    listed = library.run(branches.list_, {"prompt_id": prompt_id}).items
    assert [(one.name, one.ahead, one.behind) for one in listed] == [
        ("main", 0, 0),
        ("late", 1, 0),
        ("tone", 2, 1),
        ("tone/more", 3, 1),
    ]


def test_one_text_on_two_branches_is_one_version(library: Library) -> None:
    library.import_(item("a", "One\n", on("x", "Two\n", 0), on("y", "Two\n", 0), on("y", "Three\n")))
    (prompt,) = library.export("a").items
    assert [(one.branch, one.text) for one in prompt.versions] == [
        ("main", "One\n"),
        ("x", "Two\n"),
        ("y", "Three\n"),
    ]
    assert library.get(library.resolve("a").prompt_id).versions == 3
    heads = {ref: library.resolve(f"a@{ref}").version for ref in ("x", "y")}
    assert heads["y"].parents == (heads["x"].sha,)


def test_branches_without_versions_of_their_own_come_in_where_they_are(library: Library) -> None:
    new = item("a", "One\n", "Two\n", branches={"old": 0, "new/er": 1})
    library.import_(new)
    first, second = _shas(library, library.resolve("a").prompt_id)
    assert library.resolve("a@old").version.sha == first
    assert library.resolve("a@new/er").version.sha == second
    outcome = library.told(
        transfer.import_,
        new=ImportRequest(items=(new,), on_conflict="new_version"),
        by=library.people.admin,
    )
    assert (outcome.result.skipped, outcome.receipt) == (("a",), None)
    more = item("a", "One\n", "Two\n", branches={"old": 1, "third": 1})
    assert library.import_(more, on_conflict="new_version").updated == ("a",)
    assert library.resolve("a@old").version.sha == first
    assert library.resolve("a@third").version.sha == second
    for name, at, error, said in (
        ("x", 2, InvalidInput, "there are 1"),
        ("latest", 0, InvalidInput, "reserved"),
        ("staging", 0, AlreadyExists, "an environment is called 'staging'"),
    ):
        with pytest.raises(error, match=said):
            library.import_(item("b", "One\n", branches={name: at}))
    assert library.names() == ["a"]


def _shas(library: Library, prompt_id: str) -> list[str]:
    page = library.run(versions.list_, {"prompt_id": prompt_id}, versions.VersionQuery(limit=200))
    return [one.sha for one in reversed(page.items)]


# ------------------------------------------------------------------ what is there already


def test_a_name_that_is_there_refuses_skips_or_extends(library: Library) -> None:
    made = library.create("a", "One\n", tags=("kept",))
    more = item("a", "One\n", "Two\n", "Three\n", title="Other", tags=("other",))
    with pytest.raises(AlreadyExists, match="a: there already"):
        library.import_(item("b", "New\n"), more)
    assert library.names() == ["a"]
    skipped = library.import_(item("b", "New\n"), more, on_conflict="skip")
    assert (skipped.created, skipped.skipped, library.texts(made.id)) == (("b",), ("a",), ["One\n"])
    extended = library.import_(more, on_conflict="new_version")
    assert (extended.updated, extended.created, extended.skipped) == (("a",), (), ())
    assert library.texts(made.id) == ["One\n", "Two\n", "Three\n"]
    assert (library.get(made.id).tags, library.get(made.id).title) == (("kept",), "A")


def test_what_is_added_to_a_prompt_is_told(library: Library) -> None:
    made = library.create("a", "One\n")
    request = ImportRequest(
        items=(item("a", "One\n", "Two\n", on("side", "Three\n"), deployments={"staging": 1}),),
        on_conflict="new_version",
    )
    outcome = library.told(transfer.import_, new=request, by=library.people.admin)
    assert [(event.kind, event.ids.get("branch")) for event in outcome.events] == [
        ("version.created", "main"),
        ("branch.created", "side"),
        ("version.created", "side"),
        ("deployment.changed", None),
        ("workspace.imported", None),
    ]
    assert {event.ids.get("prompt", made.id) for event in outcome.events} == {made.id}


@pytest.mark.parametrize("on_conflict", ["skip", "new_version"])
def test_the_same_import_twice_changes_nothing(library: Library, on_conflict: Any) -> None:
    items = (
        item("a", "One\n", "Two\n", on("side", "Three\n", base=0), deployments={"staging": 0}),
        item("b", "One\n", BROKEN),
    )
    library.import_(*items)
    before = library.export().items
    outcome = library.told(
        transfer.import_, new=ImportRequest(items=items, on_conflict=on_conflict), by=library.people.admin
    )
    assert (outcome.result.skipped, outcome.result.updated, outcome.result.drafts) == (("a", "b"), (), ())
    assert (outcome.receipt, outcome.events) == (None, ())
    assert library.export().items == before
    assert [
        one.name for one in library.run(branches.list_, {"prompt_id": library.resolve("b").prompt_id}).items
    ] == ["main"]


def test_a_longer_history_adds_its_end_and_its_branches_begin_where_they_did(library: Library) -> None:
    library.import_(item("a", "One\n", "Two\n"))
    longer = item("a", "One\n", "Two\n", "Three\n", on("side", "One, aside\n", base=0))
    assert library.import_(longer, on_conflict="new_version").updated == ("a",)
    found = library.resolve("a@side").version
    texts = library.texts(found.prompt_id)
    assert texts == ["One\n", "Two\n", "Three\n", "One, aside\n"]
    assert found.parents == (_shas(library, found.prompt_id)[0],)


def test_a_deployment_of_a_version_that_was_there_is_left_to_the_people_here(library: Library) -> None:
    library.import_(item("a", "One\n", "Two\n", deployments={"staging": 0}))
    prompt_id = library.resolve("a").prompt_id
    library.promote(prompt_id, "staging")
    again_ = item("a", "One\n", "Two\n", "Three\n", deployments={"staging": 0, "production": 2})
    library.import_(again_, on_conflict="new_version")
    assert library.resolve("a@staging").version.text == "Two\n"
    assert library.resolve("a@production").version.text == "Three\n"


def test_an_archived_prompt_is_not_extended(library: Library) -> None:
    made = library.create("a", "One\n")
    library.run(prompts.archive, {"prompt_id": made.id}, by=library.people.admin)
    with pytest.raises(Conflict, match="archived"):
        library.import_(item("a", "Two\n"), on_conflict="new_version")
    assert library.import_(item("a", "Two\n"), on_conflict="skip").skipped == ("a",)


# ------------------------------------------------------------------ snippets


def test_snippets_may_come_after_what_includes_them(library: Library) -> None:
    report = library.import_(
        item("letter", "{{> body}}\n"),
        item("body", "{{> style}} {{word}}\n"),
        item("style", "Be kind.\n"),
    )
    assert (report.created, report.drafts) == (("letter", "body", "style"), ())
    letter = library.resolve("letter").version
    assert sorted(letter.lock) == sorted(library.resolve(name).prompt_id for name in ("body", "style"))


def test_a_snippet_is_locked_as_it_is_at_the_end_of_its_own_history(library: Library) -> None:
    library.import_(
        item("a", '---\nsnippets: {style: "@production"}\n---\n{{> style}}\n'),
        item("style", "Old\n", "New\n", deployments={"production": 0}),
    )
    style = library.resolve("style@production")
    assert library.resolve("a").version.lock == {style.prompt_id: style.version.sha}


def test_prompts_that_include_each_other_become_drafts(library: Library) -> None:
    report = library.import_(
        item("a", "{{> b}}\n"), item("b", "{{> c}}\n"), item("c", "{{> a}}\n"), item("me", "{{> me}}\n")
    )
    assert report.created == ("a", "b", "c", "me")
    assert report.drafts == ("a", "b", "c", "me")
    assert {one.code for found in report.problems.values() for one in found} == {"snippet"}
    assert all(one.has_draft and one.head is None for one in library.search().items)


# ------------------------------------------------------------------ drafts


@pytest.mark.parametrize(("text", "code"), [(BROKEN, "tag_unclosed"), ("{{> nowhere}} Hello\n", "snippet")])
def test_a_last_text_that_cannot_be_a_version_is_kept_as_a_draft(
    library: Library, text: str, code: str
) -> None:
    request = ImportRequest(items=(item("a", "One\n", text), item("b", text)))
    outcome = library.told(transfer.import_, new=request, by=library.people.admin)
    report = outcome.result
    assert (report.created, report.drafts) == (("a", "b"), ("a", "b"))
    assert [one.code for one in report.problems["a"] if one.severity == "error"] == [code]
    a, b = draft(library, "a"), draft(library, "b")
    assert (a.text, a.dirty, a.base_sha) == (text, True, library.resolve("a").version.sha)
    assert (b.text, b.dirty, b.base_sha) == (text, True, None)
    assert [one.display_name for one in b.editors] == ["Admin of Acme"]
    assert library.resolve("a").version.text == "One\n"
    assert library.names(search="hello") == ["b"]
    assert [event.kind for event in outcome.events] == [
        "draft.changed",
        "draft.changed",
        "workspace.imported",
    ]


def test_the_last_text_of_each_branch_can_be_a_draft(library: Library) -> None:
    report = library.import_(item("a", "One\n", on("side", BROKEN), "Two\n"))
    assert report.drafts == ("a@side",)
    assert draft(library, "a", "side").text == BROKEN
    assert library.resolve("a@side").version.text == "One\n"
    assert library.resolve("a").version.text == "Two\n"


def test_a_version_that_is_only_a_draft_is_not_deployed(library: Library) -> None:
    library.import_(item("a", "One\n", BROKEN, deployments={"staging": 1}))
    with pytest.raises(NotFound, match="serves no version"):
        library.resolve("a@staging")


def test_a_draft_that_is_there_is_never_touched(library: Library) -> None:
    made = library.create("a", "One\n")
    library.run(drafts.put, {"prompt_id": made.id, "branch": "main"}, PutDraft(text="Being written\n"))
    first = library.import_(item("a", BROKEN), on_conflict="new_version")
    other = library.import_(item("a", BROKEN + "{{"), on_conflict="new_version")
    assert (first.drafts, other.drafts) == (("a@import",), ("a@import-2",))
    assert draft(library, "a").text == "Being written\n"
    assert (draft(library, "a", "import").text, draft(library, "a", "import-2").text) == (
        BROKEN,
        BROKEN + "{{",
    )
    assert library.resolve("a@import").version.text == "One\n"
    repeated = library.import_(item("a", BROKEN), on_conflict="new_version")
    assert (repeated.drafts, repeated.skipped) == ((), ("a",))


def test_a_prompt_that_is_only_a_draft_takes_a_first_version_but_no_second_draft(library: Library) -> None:
    made = library.create("a", None)
    with pytest.raises(Conflict, match="Save the draft first"):
        library.import_(item("a", BROKEN), on_conflict="new_version")
    before = draft(library, "a").text
    assert library.import_(item("a", "One\n"), on_conflict="new_version").updated == ("a",)
    assert library.texts(made.id) == ["One\n"]
    assert (draft(library, "a").text, draft(library, "a").dirty) == (before, True)


# ------------------------------------------------------------------ permissions


def test_an_engineer_may_import_one_new_prompt_and_no_more(library: Library) -> None:
    engineer = library.people.engineer
    assert library.import_(item("a", "One\n"), by=engineer).created == ("a",)
    for items, on_conflict in (
        ((item("b", "One\n"), item("c", "One\n")), "fail"),
        ((item("a", "Two\n"),), "new_version"),
        ((item("a", "Two\n"),), "skip"),
        ((), "fail"),
    ):
        with pytest.raises(Forbidden) as caught:
            library.import_(*items, on_conflict=on_conflict, by=engineer)
        assert caught.value.details["permission"] == "workspace:write"
    with pytest.raises(Forbidden):
        library.import_(item("d", "One\n"), by=library.people.viewer)
    assert library.names() == ["a"]
    assert [tag for tag, _ in library.entries()] == ["workspace.import"] + 5 * ["access.denied"]


def test_a_deployment_needs_the_right_to_deploy_there(library: Library) -> None:
    with pytest.raises(Forbidden) as caught:
        library.import_(item("a", "One\n", deployments={"production": 0}), by=library.people.engineer)
    assert caught.value.details["permission"] == "deploy:production"
    assert library.names() == []
    library.import_(item("a", "One\n", deployments={"staging": 0}), by=library.people.engineer)
    (done,) = library.run(deployments.list_, {"prompt_id": library.resolve("a").prompt_id}, PageQuery()).items
    assert (done.environment, done.reason, done.action) == ("staging", "imported", "promote")


# ------------------------------------------------------------------ out, and into another workspace


def test_an_export_comes_into_another_workspace_as_it_was(library: Library) -> None:
    library.create("style", "Be kind.\n", tags=("part",))
    made = library.create(
        "a", "{{> style}} One\n", tags=("x",), description="D", title="T", commit_message="1"
    )
    library.branch(made.id, "tone")
    library.save(made.id, "{{> style}} Two\n", "2")
    library.save(made.id, "{{> style}} One, kinder\n", "3", branch="tone")
    library.save(made.id, "{{> style}} Three\n", "4")
    library.promote(made.id, "production", "tone")
    library.promote(made.id, "staging")
    library.branch(made.id, "empty", "tone")
    library.branch(made.id, "start", "empty")
    out = library.export()
    assert [one.branches for one in out.items] == [{"start": 2, "tone": 2}, {}]
    stranger = library.people.stranger
    report = library.import_(*(again(one) for one in out.items), by=stranger)
    assert (report.created, report.drafts) == (("a", "style"), ())
    back = library.export(by=stranger)
    assert [again(one) for one in back.items] == [again(one) for one in out.items]
    assert [one.deployments for one in out.items] == [{"production": 2, "staging": 3}, {}]
    assert out.items[0].versions[2].base == 0
    assert {one.sha for each in out.items for one in each.versions}.isdisjoint(
        one.sha for each in back.items for one in each.versions
    )
    assert {one.author for each in back.items for one in each.versions} == {"Admin of Globex"}


def test_an_export_is_for_readers_and_on_the_record(library: Library) -> None:
    library.create("a", "One\n")
    before = len(library.entries())
    outcome = library.told(transfer.export, new=ExportQuery(names="a"), by=library.people.viewer)
    library.export()
    assert outcome.events == ()
    assert library.entries()[before:] == [
        ("workspace.export", {"prompts": "1", "names": "a"}),
        ("workspace.export", {"prompts": "1", "names": "*"}),
    ]
    (version,) = outcome.result.items[0].versions
    assert (version.text, version.author, version.branch, version.base) == (
        "One\n",
        "Engineer of Acme",
        "main",
        None,
    )


def test_an_export_names_prompts_by_any_of_their_names_once(library: Library) -> None:
    a, b = library.create("a", "One\n"), library.create("b", "Two\n")
    library.create("c", "Three\n")
    library.update(a.id, name="renamed")
    assert [one.name for one in library.export("b", " a ", "renamed", b.id, "").items] == ["b", "renamed"]
    with pytest.raises(NotFound, match="'nobody'"):
        library.export("b", "nobody")


def test_an_export_of_a_ref_holds_the_versions_that_lead_to_it_as_main(library: Library) -> None:
    made = library.create("a", "One\n")
    library.branch(made.id, "tone")
    two = library.save(made.id, "Two\n")
    library.save(made.id, "Three\n")
    library.save(made.id, "One, kinder\n", branch="tone")
    library.promote(made.id, "staging", two.sha)
    library.create("b", "Other\n")
    before = len(library.entries())

    def texts(name: str) -> list[str]:
        (out,) = library.export(name).items
        assert {one.branch for one in out.versions} == {"main"}
        assert out.branches == {}
        return [one.text for one in out.versions]

    assert texts("a@tone") == ["One\n", "One, kinder\n"]
    for ref in ("staging", two.sha[:8], two.sha):
        assert texts(f"a@{ref}") == ["One\n", "Two\n"]
    assert texts(f"{made.id}@latest") == ["One\n", "Two\n", "Three\n"]
    assert [target["names"] for _, target in library.entries()[before:]][:2] == ["a@tone", "a@staging"]
    (out, other) = library.export("a@staging", "b").items
    assert (out.deployments, other.name) == ({"staging": 1}, "b")
    assert library.import_(again(out), by=library.people.stranger).created == ("a",)
    for wrong, error, said in (
        ("a@nowhere", NotFound, "a has no version 'nowhere'"),
        ("a@production", NotFound, "production serves no version of a"),
        ("a@0000", NotFound, "a has no version '0000'"),
        ("a@", InvalidInput, "after '@'"),
    ):
        with pytest.raises(error, match=said):
            library.export(wrong)
    with pytest.raises(InvalidInput, match="a is named twice, with different refs"):
        library.export("a", "a@tone")


def test_an_export_reads_many_prompts_in_a_fixed_number_of_statements_and_leaves_the_writer_alone(
    library: Library,
) -> None:
    def statements() -> tuple[int, int]:
        with library.counted() as read, counted(library.store.database.writer) as written:
            library.export()
        return len(read), len([one for one in written if "audit_entry" not in one])

    for at in range(3):
        library.create(f"a/{at}", "One\n", tags=("x",))
    few = statements()
    for at in range(40):
        made = library.create(f"b/{at}", "One\n")
        library.branch(made.id, "side")
        library.save(made.id, "Two\n", branch="side")
    assert statements() == few
    assert few[0] <= 12
    assert few[1] <= 2


def test_an_export_that_cannot_be_recorded_is_not_given(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.create("a", "One\n")

    def full(*args: Any, **more: Any) -> Any:
        raise StoreFull("No space left.")

    monkeypatch.setattr(dispatch, "insert_entries", full)
    with pytest.raises(StoreFull):
        library.export("a")


def test_an_export_of_everything_leaves_out_the_archive_and_what_is_only_a_draft(library: Library) -> None:
    library.create("a", "One\n")
    library.create("draft", None)
    gone = library.create("gone", "Two\n")
    library.run(prompts.archive, {"prompt_id": gone.id}, by=library.people.admin)
    assert [one.name for one in library.export().items] == ["a"]
    assert [one.name for one in library.export("gone").items] == ["gone"]
    with pytest.raises(NotFound, match="save its draft first"):
        library.export("draft")


def test_an_export_shows_nothing_of_another_workspace(library: Library) -> None:
    made = library.create("a", "One\n")
    assert library.export(by=library.people.stranger).items == ()
    for name in ("a", made.id, "acme:a"):
        with pytest.raises(NotFound):
            library.export(name, by=library.people.stranger)


def test_a_version_that_no_branch_leads_to_is_left_out_and_so_is_what_serves_it(library: Library) -> None:
    made = library.create("a", "One\n")
    first = made.head.sha if made.head else ""
    library.save(made.id, "Two\n")
    library.promote(made.id, "staging")
    library.run(branches.move, {"prompt_id": made.id, "branch": "main"}, BranchMove(version=first))
    (out,) = library.export().items
    assert ([one.text for one in out.versions], out.deployments) == (["One\n"], {})


def test_too_many_versions_for_one_export_are_refused(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "MOST_VERSIONS", 3)
    for name in ("a", "b"):
        library.save(library.create(name, "One\n").id, "Two\n")
    with pytest.raises(TooLarge) as caught:
        library.export()
    assert (caught.value.details, caught.value.status) == ({"versions": 4, "limit": 3}, 413)
    with pytest.raises(TooLarge):
        library.export("a", "b")
    assert len(library.export("a").items) == 1


def test_too_many_versions_for_one_import_are_refused() -> None:
    with pytest.raises(ValidationError):
        item("a", *["One\n"] * 1_001)
    with pytest.raises(ValidationError):
        item("a")


def test_a_long_history_comes_in_and_goes_out(library: Library) -> None:
    texts = [f"Text {at}\n" for at in range(200)]
    library.import_(item("a", *texts))
    (out,) = library.export().items
    assert [one.text for one in out.versions] == texts


def test_what_was_imported_is_worked_on_like_any_other(library: Library) -> None:
    library.import_(item("a", "One\n", BROKEN))
    found = library.resolve("a")
    library.run(drafts.put, {"prompt_id": found.prompt_id, "branch": "main"}, PutDraft(text="Mended\n"))
    saved = library.run(drafts.save, {"prompt_id": found.prompt_id, "branch": "main"}, SaveDraft())
    assert (saved.text, saved.parents) == ("Mended\n", (found.version.sha,))
    with pytest.raises(AlreadyExists):
        library.run(prompts.create, new=NewPrompt(name="a"))


def test_a_history_that_comes_back_to_an_older_text_loses_nothing(library: Library) -> None:
    library.import_(item("a", "One\n", "Two\n"))
    report = library.import_(item("a", "One\n", "Two\n", "Three\n", "One\n"), on_conflict="new_version")
    assert report.updated == ("a",)
    (out,) = library.export("a").items
    assert [one.text for one in out.versions] == ["One\n", "Two\n", "Three\n", "One\n"]


def test_a_text_that_recurs_on_a_branch_hides_nothing_before_it(library: Library) -> None:
    library.import_(item("a", "One\n"))
    side = [ImportVersion(text=text, branch="side", base=0) for text in ("Other\n", "One\n")]
    report = library.import_(item("a", "One\n", "New\n", *side), on_conflict="new_version")
    assert report.updated == ("a",)
    (out,) = library.export("a").items
    assert [(one.branch, one.text) for one in out.versions] == [
        ("main", "One\n"),
        ("main", "New\n"),
        ("side", "Other\n"),
        ("side", "One\n"),
    ]
