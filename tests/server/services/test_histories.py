"""Graph, search in texts and blame, through the dispatcher, on both databases."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import branches, histories, merging
from pydantic import ValidationError

from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.records import (
    Blame,
    BlameQuery,
    GraphNode,
    GraphPage,
    GraphQuery,
    NewBranch,
    NewMerge,
    TextChangePage,
    TextChangeQuery,
)
from tests.server.services.conftest import Library

TEXT = "---\nmodel: a/b\n---\nOne.\nTwo.\nThree.\n"


def merged(library: Library) -> str:
    """main: Begin, Ours, Merge; side: Theirs."""
    made = library.create("a", TEXT, commit_message="Begin")
    library.run(branches.create, {"prompt_id": made.id}, NewBranch(name="side", base_version="latest"))
    library.save(made.id, TEXT.replace("One.", "One!"), "Ours")
    library.save(made.id, TEXT.replace("Three.", "Three!"), "Theirs", branch="side")
    library.run(merging.merge, {"prompt_id": made.id}, NewMerge(source="side", commit_message="Merge"))
    return made.id


def graph(library: Library, prompt_id: str, **query: object) -> GraphPage:
    page: GraphPage = library.run(
        histories.graph, {"prompt_id": prompt_id}, GraphQuery(**query), library.people.viewer
    )
    return page


def whole(library: Library, prompt_id: str, **query: object) -> list[GraphNode]:
    nodes: list[GraphNode] = []
    cursor = None
    while True:
        page = graph(library, prompt_id, cursor=cursor, **query)
        nodes += page.items
        if (cursor := page.next_cursor) is None:
            return nodes


def test_a_graph_has_lanes_heads_and_tags(library: Library) -> None:
    page = graph(library, merged(library))
    assert [(one.version.commit_message, one.lane) for one in page.items] == [
        ("Merge", 0),
        ("Theirs", 1),
        ("Ours", 0),
        ("Begin", 0),
    ]
    assert (page.lanes, page.next_cursor) == (2, None)
    assert [one.version.branches for one in page.items] == [("main",), ("side",), (), ()]


def test_pages_of_a_graph_are_the_whole_graph(library: Library) -> None:
    prompt_id = merged(library)
    for branch in (None, "main"):
        in_one = whole(library, prompt_id, branch=branch)
        for limit in (1, 2, 3):
            assert whole(library, prompt_id, branch=branch, limit=limit) == in_one
    side = whole(library, prompt_id, branch="side")
    assert [(one.version.commit_message, one.lane) for one in side] == [("Theirs", 0), ("Begin", 0)]


def test_a_cursor_stands_though_versions_come(library: Library) -> None:
    prompt_id = merged(library)
    in_one = whole(library, prompt_id)
    first = graph(library, prompt_id, limit=2)
    library.save(prompt_id, "Later\n")
    assert [*first.items[1:], *graph(library, prompt_id, cursor=first.next_cursor).items] == in_one[1:]


@pytest.mark.parametrize("cursor", ["x", "g", "g1", "gx.1", "g1.x", "b1.", "g1.9999999999", "g٣.", "g-1."])
def test_a_cursor_that_is_none_of_a_graphs_is_refused(library: Library, cursor: str) -> None:
    with pytest.raises((InvalidInput, ValidationError), match="cursor"):
        graph(library, merged(library), cursor=cursor)


def test_a_prompt_without_versions_has_an_empty_graph_and_others_prompts_are_not_there(
    library: Library,
) -> None:
    made = library.create("a", None)
    assert graph(library, made.id) == GraphPage()
    with pytest.raises(NotFound):
        library.run(histories.graph, {"prompt_id": made.id}, GraphQuery(), library.people.stranger)
    with pytest.raises(NotFound):
        graph(library, made.id, branch="nowhere")


def test_statements_do_not_grow_with_a_page_of_the_graph(library: Library) -> None:
    made = library.create("a", "0\n")
    counts = []
    for wanted in (3, 12):
        for number in range(wanted):
            library.save(made.id, f"{wanted} {number}\n")
        with library.counted() as seen:
            graph(library, made.id)
        counts.append(len(seen))
    assert counts[0] == counts[1]


# ------------------------------------------------------------------ texts


def changes(library: Library, prompt_id: str, text: str, **query: object) -> TextChangePage:
    page: TextChangePage = library.run(
        histories.text_changes, {"prompt_id": prompt_id}, TextChangeQuery(text=text, **query)
    )
    return page


def test_a_text_is_found_where_it_came_and_where_it_went(library: Library) -> None:
    made = library.create("a", "Hello\n", commit_message="Begin")
    library.save(made.id, "Hello. Be kind.\n", "Kind")
    library.save(made.id, "Hello! Be kind.\n", "Louder")
    library.save(made.id, "Hello! Be KIND, be kind.\n", "Twice")
    library.save(made.id, "Hello!\n", "Gone")
    found = changes(library, made.id, "be kind")
    assert [(one.version.commit_message, one.before, one.after) for one in found.items] == [
        ("Gone", 2, 0),
        ("Twice", 1, 2),
        ("Kind", 0, 1),
    ]
    assert (found.looked_at, found.next_cursor) == (5, None)
    first = changes(library, made.id, "be kind", limit=2)
    assert [one.version.commit_message for one in first.items] == ["Gone", "Twice"]
    rest = changes(library, made.id, "be kind", limit=2, cursor=first.next_cursor)
    assert [one.version.commit_message for one in rest.items] == ["Kind"]
    assert [one.version.commit_message for one in changes(library, made.id, "Hello").items] == ["Begin"]
    assert changes(library, made.id, "nowhere").items == ()
    with pytest.raises(InvalidInput, match="cursor"):
        changes(library, made.id, "be kind", cursor="b1")


def test_a_merge_that_only_joins_brought_no_text(library: Library) -> None:
    prompt_id = merged(library)
    assert [one.version.commit_message for one in changes(library, prompt_id, "Three!").items] == ["Theirs"]


# ------------------------------------------------------------------ blame


def test_blame_names_the_version_of_each_unit_and_line_through_a_merge(library: Library) -> None:
    prompt_id = merged(library)
    found: Blame = library.run(histories.blame, {"prompt_id": prompt_id}, BlameQuery(), library.people.viewer)
    said = {one.sha: one.commit_message for one in found.versions}
    units = {one.path: one for one in found.units}
    assert said[units["model"].sha] == "Begin"
    message = units["segment/0/user"]
    assert said[message.sha] == "Merge"
    assert [(line.text, said[line.sha]) for line in message.lines] == [
        ("One!", "Ours"),
        ("Two.", "Begin"),
        ("Three!", "Theirs"),
    ]
    assert (found.complete, list(said.values())) == (True, ["Merge", "Theirs", "Ours", "Begin"])
    before: Blame = library.run(histories.blame, {"prompt_id": prompt_id}, BlameQuery(ref="side"))
    assert [one.commit_message for one in before.versions] == ["Theirs", "Begin"]
    with pytest.raises(NotFound):
        library.run(histories.blame, {"prompt_id": prompt_id}, BlameQuery(ref="nowhere"))
