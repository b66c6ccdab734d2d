"""The library as a whole: folders, filters by state, places, and changes of many prompts at once."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server.services import bulk, copying, preview
from jupyter_prompthub_server.services import library as whole
from jupyter_prompthub_server.services.drafts import put
from jupyter_prompthub_server.store.tables import prompt_tag
from pydantic import ValidationError
from sqlalchemy import insert

from jupyter_prompthub.core.errors import AlreadyExists, Forbidden, InvalidInput, NotFound
from jupyter_prompthub.core.records import (
    BulkChange,
    BulkItem,
    BulkReport,
    Duplicate,
    ImportPreviewRequest,
    PositionQuery,
    PromptDetail,
    PromptFilter,
    PutDraft,
)

from .conftest import Library


def _change(library: Library, *ids: str, by: Any = None, **change: Any) -> BulkReport:
    new = BulkChange(items=tuple(BulkItem(id=one) for one in ids), **change)
    report: BulkReport = library.run(bulk.change, new=new, by=by or library.people.admin)
    return report


def _undo(library: Library, report: BulkReport) -> BulkReport:
    new = BulkChange(items=report.undo)
    undone: BulkReport = library.run(bulk.change, new=new, by=library.people.admin)
    return undone


def _folders(library: Library, **asked: Any) -> dict[str, int]:
    found = library.run(whole.folders, new=PromptFilter(**asked), by=library.people.viewer)
    return {each.path: each.prompts for each in found.items}


# ------------------------------------------------------------------ folders and places


def test_folders_are_counted_without_their_prompts_being_listed(library: Library) -> None:
    for name in ("top", "support/refund", "support/late", "support/german/refund", "sales/pitch"):
        library.create(name)
    assert _folders(library) == {"": 1, "sales/": 1, "support/": 2, "support/german/": 1}
    assert _folders(library, folder="support") == {"support/": 2, "support/german/": 1}
    assert _folders(library, folder="support", direct=True) == {"support/": 2}
    assert _folders(library, search="refund") == {"support/": 1, "support/german/": 1}
    assert _folders(library, search="...") == {}


def test_folders_of_another_workspace_are_not_counted(library: Library) -> None:
    library.create("support/refund")
    found = library.run(whole.folders, new=PromptFilter(), by=library.people.stranger)
    assert "support/" not in {each.path for each in found.items}


def test_a_folder_is_listed_with_or_without_those_in_it(library: Library) -> None:
    for name in ("top", "a/one", "a/b/two", "ab/three"):
        library.create(name)
    assert library.names(folder="a") == ["a/b/two", "a/one"]
    assert library.names(folder="a", direct=True) == ["a/one"]
    assert library.names(direct=True) == ["top"]


def test_a_position_counts_what_comes_before_a_name_or_its_beginning(library: Library) -> None:
    for name in ("a/alpha", "a/beta", "a/gamma", "b/alpha"):
        library.create(name)

    def position(name: str, **asked: Any) -> int:
        query = PositionQuery(name=name, **asked)
        found: int = library.run(whole.position, new=query, by=library.people.viewer).position
        return found

    assert position("a/be", folder="a", direct=True) == 1
    assert position("a/gamma", folder="a", direct=True) == 2
    assert position("b/", folder="a", direct=True) == 3
    assert position("a/be", search="gamma") == 0
    query = PositionQuery(name="a/be", folder="a")
    assert library.run(whole.position, new=query, by=library.people.viewer).name == "a/beta"
    query = PositionQuery(name="c", folder="a")
    assert library.run(whole.position, new=query, by=library.people.viewer).name is None


def test_the_ids_of_a_list_are_in_its_order(library: Library) -> None:
    made = {name: library.create(name).id for name in ("c", "a", "b")}

    def order(**asked: Any) -> list[str]:
        ids = library.run(whole.ids, new=PromptFilter(**asked), by=library.people.viewer).ids
        return [name for one in ids for name, known in made.items() if known == one]

    assert order() == ["a", "b", "c"]
    assert order(sort="created") == ["b", "a", "c"]
    library.update(made["a"], title="Changed")
    assert order(sort="updated")[0] == "a"
    assert library.names(sort="created") == ["b", "a", "c"]


# ------------------------------------------------------------------ filters by state


def test_prompts_are_found_by_what_environments_serve(library: Library) -> None:
    newest, older, never = (library.create(name).id for name in ("newest", "older", "never"))
    library.promote(newest, "production")
    library.promote(older, "production")
    library.promote(older, "staging")
    library.save(older, "Another\n")
    library.promote(older, "staging")
    assert library.names(served="production") == ["newest", "older"]
    assert library.names(served="staging") == ["older"]
    assert library.names(behind=True) == ["older"]
    assert library.names(served="staging", behind=True) == []
    assert library.names(served="production", behind=True) == ["older"]
    assert never not in {item.id for item in library.search(served="production").items}


def test_prompts_are_found_by_unsaved_drafts_and_by_who_made_them(library: Library) -> None:
    edited = library.create("edited").id
    library.create("clean", by=library.people.admin)
    library.run(put, {"prompt_id": edited, "branch": "main"}, PutDraft(text="Not yet a version\n"))
    assert library.names(draft=True) == ["edited"]
    assert library.names(mine=True, by=library.people.engineer) == ["edited"]
    assert library.names(mine=True, by=library.people.admin) == ["clean"]


def test_rows_are_read_again_by_their_ids(library: Library) -> None:
    one, two = library.create("one").id, library.create("two").id
    library.create("three")
    assert library.names(ids=f"{two},{one}") == ["one", "two"]
    assert library.names(ids=one, tags="absent") == []


def test_a_cursor_of_another_filter_is_refused(library: Library) -> None:
    for name in ("a", "b", "c"):
        library.create(name)
    cursor = (
        library.search(limit=1, search="x " * 150 + "a").next_cursor or library.search(limit=1).next_cursor
    )
    with pytest.raises(InvalidInput):
        library.search(limit=1, cursor=cursor, mine=True)


# ------------------------------------------------------------------ many at once


def test_many_prompts_are_tagged_and_untagged_and_it_can_be_undone(library: Library) -> None:
    one = library.create("one", tags=("old", "both")).id
    two = library.create("two", tags=("both",)).id
    report = _change(library, one, two, add_tags=("new",), remove_tags=("old",))
    assert (report.changed, report.unchanged, report.failed) == (2, 0, ())
    assert library.get(one).tags == ("both", "new")
    assert library.names(tags="new") == ["one", "two"]
    assert library.names(search="new") == ["one", "two"]
    again = _change(library, one, two, add_tags=("new",))
    assert (again.changed, again.unchanged) == (0, 2)
    _undo(library, report)
    assert library.get(one).tags == ("both", "old")
    assert library.get(two).tags == ("both",)
    assert library.names(search="new") == []


def test_an_undo_takes_back_what_was_done_and_nothing_that_others_did_since(library: Library) -> None:
    one = library.create("one", tags=("old", "kept")).id
    two = library.create("two", tags=("new",)).id
    report = _change(library, one, two, add_tags=("new", "more"), remove_tags=("old",))
    library.update(one, tags=(*library.get(one).tags, "by"))
    library.update(two, tags=("more", "theirs"))
    assert _undo(library, report).failed == ()
    assert library.get(one).tags == ("by", "kept", "old")
    assert library.get(two).tags == ("theirs",)
    assert library.names(search="theirs") == ["two"]


def test_an_undo_of_a_move_leaves_a_prompt_that_was_renamed_since(library: Library) -> None:
    one, two = (library.create(name).id for name in ("a/one", "a/two"))
    report = _change(library, one, two, folder="b")
    library.update(one, name="c/better")
    undone = _undo(library, report)
    (failed,) = undone.failed
    assert (failed.code, failed.name) == ("conflict", "c/better")
    assert "called c/better by now, not b/one" in failed.message
    assert library.names() == ["a/two", "c/better"]
    assert _undo(library, undone).changed == 1
    assert library.names() == ["b/two", "c/better"]


def test_a_prompt_gets_no_more_than_fifty_tags(library: Library) -> None:
    fifty = tuple(f"t{at:02}" for at in range(50))
    full = library.create("full", tags=fifty).id
    other = library.create("other", tags=("own",)).id
    with pytest.raises(ValidationError):
        library.update(other, tags=(*fifty, "x"))
    report = _change(library, full, other, add_tags=("x",), folder="moved")
    (failed,) = report.failed
    assert (failed.code, failed.name) == ("conflict", "full")
    assert failed.message == "full would have 51 tags; a prompt has at most 50: take some off first."
    assert library.names() == ["full", "moved/other"]
    assert library.get(full).tags == fifty
    assert _change(library, full, add_tags=("x",), remove_tags=("t00",)).changed == 1


def test_of_a_prompt_with_more_tags_than_allowed_tags_can_be_taken(library: Library) -> None:
    one = library.create("one").id
    rows = [
        {"workspace_id": library.people.workspace_id, "prompt_id": one, "tag": f"t{at}"} for at in range(60)
    ]
    with library.store.database.writing(library.people.workspace_id) as conn:
        conn.execute(insert(prompt_tag), rows)
        conn.commit()
    assert _change(library, one, remove_tags=("t1",)).changed == 1
    assert len(library.get(one).tags) == 59
    assert [each.code for each in _change(library, one, add_tags=("x",)).failed] == ["conflict"]


def test_many_prompts_are_archived_and_each_has_an_audit_entry_and_an_event(library: Library) -> None:
    ids = [library.create(name).id for name in ("one", "two")]
    before = len(library.entries())
    new = BulkChange(items=tuple(BulkItem(id=one) for one in ids), archived=True)
    outcome = library.told(bulk.change, new=new, by=library.people.admin)
    assert [(event.kind, event.ids) for event in outcome.events] == [
        ("prompt.archived", {"prompt": one}) for one in ids
    ]
    assert [(tag, target.get("prompt")) for tag, target in library.entries()[before:]] == [
        ("prompt.archive", ids[0]),
        ("prompt.archive", ids[1]),
        ("prompt.bulk", None),
    ]
    assert library.names() == []
    _undo(library, outcome.result)
    assert library.names() == ["one", "two"]


def test_nothing_to_change_leaves_no_trace(library: Library) -> None:
    one = library.create("one").id
    before = len(library.entries())
    new = BulkChange(items=(BulkItem(id=one),), archived=False)
    outcome = library.told(bulk.change, new=new, by=library.people.admin)
    assert (outcome.result.changed, outcome.events, outcome.receipt) == (0, (), None)
    assert len(library.entries()) == before


def test_a_folder_is_renamed_and_all_old_names_lead_on(library: Library) -> None:
    ids = [library.create(name).id for name in ("support/refund", "support/german/refund")]
    report = _change(library, *ids, from_folder="support/", folder="help/desk")
    assert report.changed == 2
    assert library.names() == ["help/desk/german/refund", "help/desk/refund"]
    assert library.resolve("support/german/refund").name == "help/desk/german/refund"
    assert library.names(search="desk") != []
    _undo(library, report)
    assert library.names() == ["support/german/refund", "support/refund"]
    assert library.resolve("help/desk/refund").name == "support/refund"


def test_moved_prompts_keep_the_last_part_of_their_names(library: Library) -> None:
    ids = [library.create(name).id for name in ("a/b/one", "two")]
    assert _change(library, *ids, folder="c").changed == 2
    assert library.names() == ["c/one", "c/two"]
    assert _change(library, *ids, folder="").changed == 2
    assert library.names() == ["one", "two"]


def test_what_cannot_be_changed_is_told_by_prompt_and_the_rest_is_changed(library: Library) -> None:
    taken, moved, twin, gone = (library.create(name).id for name in ("c/one", "a/one", "a/two", "gone"))
    _change(library, gone, archived=True)
    report = _change(library, moved, twin, gone, "nowhere", folder="c")
    assert report.changed == 1
    assert {(each.name, each.code) for each in report.failed} == {
        ("a/one", "already_exists"),
        ("gone", "conflict"),
        ("", "not_found"),
    }
    assert library.get(twin).name == "c/two"
    assert library.get(taken).name == "c/one"
    assert library.get(moved).name == "a/one"


def test_two_prompts_that_would_get_one_name_do_not(library: Library) -> None:
    ids = [library.create(name).id for name in ("a/one", "b/one")]
    report = _change(library, *ids, folder="c")
    assert (report.changed, [each.name for each in report.failed]) == (1, ["b/one"])


def test_a_name_that_no_prompt_may_have_is_refused_for_it_alone(library: Library) -> None:
    one = library.create("one").id
    report = _change(library, one, folder="Not A Folder".replace(" ", "_"))
    assert [each.code for each in report.failed] == ["invalid_input"]
    assert library.get(one).name == "one"


def test_an_archived_prompt_may_be_restored_and_tagged_in_one_change(library: Library) -> None:
    one = library.create("one").id
    _change(library, one, archived=True)
    assert _change(library, one, archived=False, add_tags=("back",)).changed == 1
    assert library.names(tags="back") == ["one"]


def test_archiving_needs_the_permission_for_it_and_tagging_does_not(library: Library) -> None:
    one = library.create("one").id
    with pytest.raises(Forbidden):
        _change(library, one, archived=True, by=library.people.engineer)
    with pytest.raises(Forbidden):
        _change(library, one, add_tags=("x",), by=library.people.viewer)
    assert _change(library, one, add_tags=("x",), by=library.people.engineer).changed == 1


def test_prompts_of_another_workspace_are_not_there(library: Library) -> None:
    one = library.create("one").id
    report = _change(library, one, add_tags=("x",), by=library.people.stranger)
    assert [each.code for each in report.failed] == ["not_found"]
    assert library.get(one).tags == ()


def test_a_change_is_bounded_and_says_what_to_move_where(library: Library) -> None:
    with pytest.raises(ValidationError):
        BulkChange(items=tuple(BulkItem(id=str(number)) for number in range(501)))
    with pytest.raises(InvalidInput):
        _change(library, library.create("one").id, from_folder="a")


# ------------------------------------------------------------------ copies


def _duplicate(library: Library, prompt_id: str, name: str | None = None) -> PromptDetail:
    made: PromptDetail = library.run(copying.duplicate, {"prompt_id": prompt_id}, Duplicate(name=name))
    return made


def test_a_copy_starts_with_the_newest_version_and_says_of_what(library: Library) -> None:
    source = library.create("support/refund", "First\n", title="Refunds", tags=("mail",))
    newest = library.save(source.id, "Second\n")
    copy = _duplicate(library, source.id)
    assert (copy.name, copy.title, copy.tags, copy.text) == (
        "support/refund-copy",
        "Refunds (copy)",
        ("mail",),
        "Second\n",
    )
    assert copy.versions == 1
    assert copy.head is not None
    assert copy.head.commit_message == f"Copy of support/refund at {newest.short}"
    assert _duplicate(library, source.id).name == "support/refund-copy-2"
    assert library.names(search="second") == [
        "support/refund",
        "support/refund-copy",
        "support/refund-copy-2",
    ]


def test_a_copy_of_a_prompt_that_is_only_a_draft_is_a_draft(library: Library) -> None:
    source = library.create("begun", None)
    copy = _duplicate(library, source.id, "mine/begun")
    assert (copy.name, copy.versions, copy.head, copy.has_draft) == ("mine/begun", 0, None, True)


def test_a_copy_under_a_name_that_is_taken_is_refused(library: Library) -> None:
    source = library.create("one")
    library.create("two")
    with pytest.raises(AlreadyExists):
        _duplicate(library, source.id, "two")
    with pytest.raises(NotFound):
        _duplicate(library, "nowhere")


def test_an_export_by_ids_leaves_drafts_out_and_one_by_name_says_so(library: Library) -> None:
    draft, whole = library.create("draft", None).id, library.create("whole").id
    assert [item.name for item in library.export(draft, whole).items] == ["whole"]
    with pytest.raises(NotFound):
        library.export("draft", "whole")


# ------------------------------------------------------------------ what an import would do


def test_a_preview_says_what_an_import_would_do_with_each_item(library: Library) -> None:
    library.create("same", "One\n")
    changed = library.create("changed", "One\n")
    archived = library.create("archived", "One\n").id
    _change(library, archived, archived=True)
    moved = library.create("former", "One\n").id
    library.update(moved, name="now")
    raw = [
        {"name": "fresh", "versions": [{"text": "One\n"}]},
        {"name": "same", "versions": [{"text": "One\n"}]},
        {"name": "changed", "versions": [{"text": "One\n"}, {"text": "Two\n"}]},
        {"name": "archived", "versions": [{"text": "One\n"}]},
        {"name": "former", "versions": [{"text": "One\n"}]},
        {"name": "fresh", "versions": [{"text": "Two\n"}]},
        {"name": "Not a name", "versions": [{"text": "One\n"}]},
        {"name": "broken", "versions": [{"text": "{{#if x}}\n"}]},
        {"name": "odd", "tags": ["a b"], "versions": [{"text": "One\n"}, {"text": 7, "extra": 1}]},
        {"versions": []},
    ]
    request = ImportPreviewRequest(items=tuple(raw))
    found = library.run(preview.import_, new=request, by=library.people.engineer).items
    assert [(each.name, each.state) for each in found] == [
        ("fresh", "new"),
        ("same", "same"),
        ("changed", "changed"),
        ("archived", "refused"),
        ("former", "refused"),
        ("fresh", "refused"),
        ("Not a name", "refused"),
        ("broken", "new"),
        ("odd", "refused"),
        ("", "refused"),
    ]
    assert found[7].problems
    assert found[8].message == (
        "tag 1: is not spelled as it has to be: a letter, a digit or _ first, then also . : / -, 64 at most; "
        "version 2, text: expected text, got a number; version 2, extra: is not a field of this request"
    )
    assert found[9].message == "name: is missing; versions: expected at least 1"
    assert library.get(changed.id).versions == 1
    assert "fresh" not in library.names()
