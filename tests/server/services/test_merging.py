"""Merge, cherry-pick and revert, through the dispatcher, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jupyter_prompthub_server.services import branches, merging, prompts, versions

from jupyter_prompthub.core.errors import Conflict, Forbidden, InvalidInput, NotFound, StaleHead
from jupyter_prompthub.core.records import (
    ConflictResolution,
    Merge,
    MergeQuery,
    MergeState,
    NewBranch,
    NewMerge,
    NewPick,
    Version,
)
from tests.server.services.conftest import Library

FRONT = "---\nmodel: a/b\nconfig: {temperature: 0.5, max_tokens: 100}\n---\n"
TEXT = FRONT + '{{role "system"}}\nOne.\nTwo.\nThree.\n{{role "user"}}\n{{question}}\n'


class Graph:
    """One prompt, its branches, and short ways to change them."""

    def __init__(self, library: Library, text: str = TEXT) -> None:
        self.library = library
        self.id = library.create("merged", text).id
        self.path = {"prompt_id": self.id}

    def branch(self, name: str, base: str = "latest") -> None:
        self.library.run(branches.create, self.path, NewBranch(name=name, base_version=base))

    def text(self, ref: str) -> str:
        return str(self.version(ref).text)

    def version(self, ref: str) -> Version:
        found: Version = self.library.run(versions.get, {**self.path, "ref": ref})
        return found

    def edit(self, branch: str, old: str, new: str) -> str:
        return self.replace(branch, (old, new))

    def replace(self, branch: str, *changes: tuple[str, str]) -> str:
        text = self.text(branch)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return self.library.save(self.id, text, str(changes), branch=branch).sha

    def merge(self, source: str, by: Any = None, **more: Any) -> Merge:
        made: Merge = self.library.run(merging.merge, self.path, NewMerge(source=source, **more), by)
        return made

    def preview(self, source: str, **more: Any) -> Merge:
        made: Merge = self.library.run(
            merging.preview, self.path, MergeQuery(source=source, **more), self.library.people.viewer
        )
        return made

    def pick(self, version: str, *, back: bool = False, **more: Any) -> Merge:
        op = merging.revert if back else merging.cherry_pick
        made: Merge = self.library.run(op, self.path, NewPick(version=version, **more))
        return made


@pytest.fixture
def graph(library: Library) -> Graph:
    made = Graph(library)
    made.branch("tone")
    return made


def test_a_branch_that_only_moved_on_is_fast_forwarded(graph: Graph) -> None:
    sha = graph.edit("tone", "Two.", "Second.")
    assert graph.preview("tone").state is MergeState.FAST_FORWARD
    made = graph.merge("tone")
    assert made.state is MergeState.FAST_FORWARD
    assert graph.version("main").sha == sha
    assert made.diff
    assert [change.op.value for change in made.diff.changes] == ["changed"]
    # what is found is what main says now
    assert graph.library.search(search="second").total == 1


def test_what_both_did_is_one_version_of_two_parents(graph: Graph) -> None:
    theirs = graph.edit("tone", "Three.", "Third.")
    ours = graph.edit("main", "temperature: 0.5", "temperature: 0.1")
    ready = graph.preview("tone")
    assert ready.state is MergeState.READY
    assert ready.text
    assert "Third." in ready.text
    assert graph.version("main").sha == ours
    made = graph.merge("tone")
    assert made.state is MergeState.MERGED
    assert made.version
    assert made.version.parents == (ours, theirs)
    assert made.version.commit_message == "Merge tone into main"
    text = graph.text("main")
    assert "Third." in text
    assert "temperature: 0.1" in text
    assert graph.merge("tone").state is MergeState.UP_TO_DATE


def test_squash_has_one_parent_and_keeps_who_wrote_it(graph: Graph) -> None:
    graph.edit("tone", "Three.", "Third.")
    ours = graph.edit("main", "One.", "First.")
    made = graph.merge("tone", mode="squash", commit_message="Tone", by=graph.library.people.colleague)
    assert made.version
    assert made.version.parents == (ours,)
    assert made.version.commit_message == "Tone"
    assert [one.id for one in made.version.editors] == [graph.library.people.engineer.actor_id]


def test_a_conflict_writes_nothing_and_is_resolved_by_what_a_person_picks(graph: Graph) -> None:
    graph.edit("tone", "temperature: 0.5", "temperature: 0.9")
    graph.edit("tone", "Three.", "Third.")
    head = graph.edit("main", "temperature: 0.5", "temperature: 0.1")
    before = len(graph.library.texts(graph.id))
    made = graph.merge("tone")
    assert made.state is MergeState.CONFLICTS
    assert made.text is None
    (conflict,) = made.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == tuple(
        f"temperature: {value}\n" for value in (0.5, 0.1, 0.9)
    )
    for told in (made, graph.preview("tone")):
        assert [(one.path, one.open) for one in told.so_far if one.conflict] == [(conflict.path, True)]
        assert "Third." in "".join(one.text for one in told.so_far)
    assert graph.version("main").sha == head
    assert len(graph.library.texts(graph.id)) == before
    choice = ConflictResolution(id=conflict.id, pick="theirs")
    assert graph.preview("tone", resolutions=(choice,)).state is MergeState.READY
    done = graph.merge("tone", resolutions=(choice,))
    assert done.state is MergeState.MERGED
    assert "temperature: 0.9" in graph.text("main")


def test_a_resolution_of_something_else_is_refused(graph: Graph) -> None:
    graph.edit("tone", "temperature: 0.5", "temperature: 0.9")
    graph.edit("main", "Three.", "Third.")
    with pytest.raises(InvalidInput, match="value:nothing"):
        graph.merge("tone", resolutions=(ConflictResolution(id="value:nothing", pick="ours"),))


def test_what_a_line_merge_would_do_silently_and_wrong_is_a_conflict_of_meaning(library: Library) -> None:
    declared = FRONT.replace("---\n", "---\ninput:\n  schema:\n    question: string\n", 1)
    graph = Graph(library, declared + "One.\n\nTwo: {{question}}\n\nThree.\n")
    graph.branch("tone")
    graph.replace("main", ("question: string", "message: string"), ("{{question}}", "{{message}}"))
    graph.edit("tone", "Three.", "Three: {{question}}.")
    made = graph.merge("tone")
    assert made.state is MergeState.CONFLICTS
    assert [one.check for one in made.conflicts] == ["undeclared"]
    assert {cause.side for cause in made.conflicts[0].causes} == {"ours", "theirs"}


def test_a_head_that_moved_is_refused_and_nothing_is_half_done(graph: Graph) -> None:
    seen = graph.version("main").sha
    source = graph.edit("tone", "Three.", "Third.")
    ours = graph.edit("main", "One.", "First.")
    with pytest.raises(StaleHead):
        graph.merge("tone", expected_head=seen)
    with pytest.raises(StaleHead):
        graph.merge("tone", expected_source=seen)
    assert graph.version("main").sha == ours
    assert graph.merge("tone", expected_head=ours, expected_source=source).state is MergeState.MERGED


def test_fast_forward_only_says_why_it_cannot(graph: Graph) -> None:
    graph.edit("tone", "Three.", "Third.")
    graph.edit("main", "One.", "First.")
    with pytest.raises(Conflict, match="has 1 versions that tone does not have"):
        graph.merge("tone", mode="fast_forward")


def test_a_criss_cross_history_has_its_bases_merged_first(graph: Graph) -> None:
    one = graph.edit("main", "One.", "First.")
    two = graph.edit("tone", "Three.", "Third.")
    graph.merge(two, mode="merge")
    graph.merge(one, target="tone", mode="merge")
    graph.edit("main", "Two.", "Second.")
    graph.edit("tone", "max_tokens: 100", "max_tokens: 50")
    made = graph.preview("tone")
    assert set(made.bases) == {one, two}
    assert made.state is MergeState.READY
    assert made.text
    for word in ("First.", "Second.", "Third.", "max_tokens: 50"):
        assert word in made.text


@pytest.mark.parametrize(
    ("old", "ours", "theirs", "id_"),
    [
        ("One.", "C1.", "D1.", "text:segment/0/system"),
        ("temperature: 0.5", "temperature: 0.1", "temperature: 0.9", "value:parameter/temperature"),
    ],
)
def test_what_each_branch_of_a_criss_cross_decided_is_decided_by_nobody_else(
    graph: Graph, old: str, ours: str, theirs: str, id_: str
) -> None:
    one, two = graph.edit("main", old, ours), graph.edit("tone", old, theirs)
    mine = (ConflictResolution(id=id_, pick="ours"),)
    graph.merge(two, mode="merge", resolutions=mine)
    graph.merge(one, target="tone", mode="merge", resolutions=mine)
    for source, target in (("tone", "main"), ("main", "tone")):
        made = graph.preview(source, target=target)
        assert (set(made.bases), [each.id for each in made.conflicts]) == ({one, two}, [id_])
        assert made.conflicts[0].base
        assert old in made.conflicts[0].base
    graph.edit("main", "Three.", "Third.")
    done = graph.merge("tone", resolutions=mine)
    assert done.state is MergeState.MERGED
    assert ours in graph.text("main")
    assert "merge bases" not in graph.text("main")


def test_one_change_is_picked_and_taken_back(graph: Graph) -> None:
    graph.edit("tone", "One.", "First.")
    picked = graph.edit("tone", "Three.", "Third.")
    made = graph.pick(picked)
    assert made.state is MergeState.MERGED
    assert "Third." in graph.text("main")
    assert "First." not in graph.text("main")
    assert made.version
    back = graph.pick(made.version.sha, back=True)
    assert back.state is MergeState.MERGED
    assert graph.text("main") == TEXT
    # it is not there any more
    assert graph.pick(made.version.sha, back=True).state in (MergeState.UP_TO_DATE, MergeState.CONFLICTS)


def test_a_merge_is_taken_back_against_the_parent_that_is_named(graph: Graph) -> None:
    graph.edit("tone", "Three.", "Third.")
    graph.edit("main", "One.", "First.")
    made = graph.merge("tone")
    assert made.version
    with pytest.raises(InvalidInput, match="mainline"):
        graph.pick(made.version.sha, back=True)
    with pytest.raises(InvalidInput, match="2 parents"):
        graph.pick(made.version.sha, back=True, mainline=3)
    graph.pick(made.version.sha, back=True, mainline=1)
    assert "Third." not in graph.text("main")
    assert "First." in graph.text("main")


def test_bad_input_is_refused_in_words(graph: Graph) -> None:
    with pytest.raises(NotFound, match="no branch 'nowhere'"):
        graph.merge("tone", target="nowhere")
    with pytest.raises(NotFound):
        graph.merge("nothing")
    first = graph.version("main").sha
    with pytest.raises(InvalidInput, match="first version"):
        graph.pick(first)
    with pytest.raises(Forbidden):
        graph.merge("tone", by=graph.library.people.viewer)
    with pytest.raises(NotFound):
        graph.library.run(merging.merge, graph.path, NewMerge(source="tone"), graph.library.people.stranger)
    graph.library.run(prompts.archive, graph.path, by=graph.library.people.admin)
    with pytest.raises(Conflict):
        graph.merge("tone")


def test_a_snippet_that_cannot_be_had_is_a_conflict_of_meaning(graph: Graph) -> None:
    snippet = graph.library.create("house", "Be kind.\n")
    graph.edit("tone", "One.", "One. {{> house}}")
    graph.edit("main", "Three.", "Third.")
    graph.library.run(prompts.archive, {"prompt_id": snippet.id}, by=graph.library.people.admin)
    made = graph.preview("tone")
    assert [(one.kind.value, one.check) for one in made.conflicts] == [("semantic", "snippet")]


def test_merges_at_once_end_as_if_one_came_after_the_other(graph: Graph) -> None:
    names = [f"b{number}" for number in range(6)]
    for number, name in enumerate(names):
        graph.branch(name)
        graph.edit(name, "{{question}}", "{{question}}\n" + "\n" * number + f"Part {name}.")

    def merge(name: str) -> str:
        try:
            return graph.merge(name, mode="merge").state.value
        except (StaleHead, Conflict) as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(merge, names))
    assert set(done) <= {"merged", "conflicts", "stale_head", "conflict"}
    history = graph.version("main")
    merged = done.count("merged")
    assert merged >= 1
    count = 0
    while len(history.parents) == 2:
        count += 1
        history = graph.version(history.parents[0])
    assert count == merged
