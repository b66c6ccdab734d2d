"""Prompts: made, found, read, renamed, tagged, archived, restored."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import drafts, prompts
from jupyter_prompthub_server.services.prompts import STARTER

from jupyter_prompthub.core.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    PromptSyntaxError,
)
from jupyter_prompthub.core.records import NewPrompt, PromptPatch
from tests.server.services.conftest import Library

TEXT = """---
model: openai/gpt-4o
config: {temperature: 0.5}
---
Say {{word}}.
"""


def test_a_prompt_made_from_a_text_has_that_text_as_its_first_version(library: Library) -> None:
    made = library.create(
        "support/refund", TEXT, tags=("b", "a"), description="Money", commit_message="First"
    )
    assert (made.name, made.title, made.description, made.tags) == (
        "support/refund",
        "Refund",
        "Money",
        ("a", "b"),
    )
    assert (made.text, made.content) == (TEXT, "Say {{word}}.\n")
    assert made.parameters == {"model": "openai/gpt-4o", "temperature": 0.5}
    assert [variable.name for variable in made.variables] == ["word"]
    assert made.head is not None
    assert (made.head.commit_message, made.head.number, made.versions) == ("First", 1, 1)
    assert (made.branches, made.has_draft, made.archived) == (("main",), False, False)
    assert library.get(made.id) == made


def test_a_prompt_made_from_content_and_parameters_is_the_same_thing(library: Library) -> None:
    made = library.create(
        "a", None, content="Say {{word}}.\n", parameters={"model": "openai/gpt-4o", "temperature": 0.5}
    )
    assert made.content == "Say {{word}}.\n"
    assert made.parameters == {"model": "openai/gpt-4o", "temperature": 0.5}
    assert [(one.name, one.type, one.required) for one in made.variables] == [("word", "string", True)]


def test_parameters_beside_a_text_take_the_place_of_its_own(library: Library) -> None:
    made = library.create("a", TEXT, parameters={"model": "openai/gpt-4o-mini", "max_tokens": 5})
    assert made.parameters == {"model": "openai/gpt-4o-mini", "max_tokens": 5}
    assert made.content == "Say {{word}}.\n"


def test_content_and_text_at_once_are_refused(library: Library) -> None:
    with pytest.raises(InvalidInput, match="got both"):
        library.create("a", TEXT, content="x")
    assert library.names() == []


def test_a_text_that_does_not_parse_makes_no_prompt(library: Library) -> None:
    with pytest.raises(PromptSyntaxError) as caught:
        library.create("a", "Hello {{name\n")
    assert caught.value.details["problems"][0]["line"] == 1
    assert library.names() == []
    assert library.entries() == []


def test_a_prompt_without_a_text_begins_with_a_draft(library: Library) -> None:
    outcome = library.told(prompts.create, new=NewPrompt(title="My prompt", parameters={"temperature": 0.1}))
    made = outcome.result
    assert (made.name, made.title, made.head, made.versions, made.text) == (
        "my-prompt",
        "My prompt",
        None,
        0,
        "",
    )
    assert made.has_draft
    assert [event.kind for event in outcome.events] == ["prompt.created", "draft.changed"]
    draft = library.run(drafts.get, {"prompt_id": made.id, "branch": "main"})
    assert draft.text.endswith(STARTER.partition("---\n{{")[2])
    assert "temperature: 0.1" in draft.text
    assert (draft.dirty, draft.problems, [one.id for one in draft.editors]) == (
        True,
        (),
        [library.people.engineer.actor_id],
    )
    assert library.names(search="helpful") == ["my-prompt"]
    with pytest.raises(NotFound, match="save its draft first"):
        library.resolve("my-prompt")


def test_creation_is_audited_and_told(library: Library) -> None:
    outcome = library.told(prompts.create, new=NewPrompt(name="a", text=TEXT))
    made = outcome.result
    assert made.head is not None
    assert [(event.kind, event.ids["prompt"]) for event in outcome.events] == [
        ("prompt.created", made.id),
        ("version.created", made.id),
    ]
    assert library.entries() == [
        ("prompt.create", {"prompt": made.id, "version": made.head.sha, "branch": "main", "name": "a"})
    ]


def test_a_name_is_made_from_the_title_with_a_number_where_it_is_taken(library: Library) -> None:
    made = [library.create(title="Ärger im Büro!") for _ in range(3)]
    assert [one.name for one in made] == ["arger-im-buro", "arger-im-buro-2", "arger-im-buro-3"]
    assert {one.title for one in made} == {"Ärger im Büro!"}
    assert library.create().name == "untitled"
    assert library.create().name == "untitled-2"


def test_a_name_that_leads_elsewhere_is_not_made_from_a_title_either(library: Library) -> None:
    first = library.create(title="Tone")
    library.update(first.id, name="voice")
    assert library.create(title="Tone").name == "tone-2"


def test_a_taken_name_is_refused_but_only_in_its_workspace(library: Library) -> None:
    library.create("a")
    with pytest.raises(AlreadyExists, match="'a' is there already"):
        library.create("a")
    assert library.create("a", by=library.people.stranger).name == "a"


@pytest.mark.parametrize(
    "name", ["latest", "new", "UPPER", "a//b", "a b", "/a", "01890a5d-ac96-774b-bcce-b302099a8057"]
)
def test_a_reserved_or_misspelled_name_is_refused(library: Library, name: str) -> None:
    with pytest.raises(InvalidInput):
        library.create(name)
    made = library.create("fine")
    with pytest.raises(InvalidInput):
        library.update(made.id, name=name)


def test_viewers_make_and_change_nothing(library: Library) -> None:
    made = library.create("a")
    with pytest.raises(Forbidden):
        library.create("b", by=library.people.viewer)
    with pytest.raises(Forbidden):
        library.update(made.id, by=library.people.viewer, title="Mine")
    with pytest.raises(Forbidden):
        library.run(prompts.archive, {"prompt_id": made.id})
    assert library.names() == ["a"]


def test_a_prompts_variables_are_those_of_its_snippets_too(library: Library) -> None:
    library.create("style", "Write to {{audience}}.\n")
    made = library.create("a", "{{> style}}\nAbout {{topic}}.\n")
    assert sorted(one.name for one in made.variables) == ["audience", "topic"]
    assert library.get(made.id).variables == made.variables
    style = library.search(search="style").items[0]
    assert style.snippet_of == 1


# ------------------------------------------------------------------ changing


def test_a_rename_leaves_a_redirect_that_leads_on(library: Library) -> None:
    made = library.create("old/name", TEXT)
    outcome = library.told(prompts.update_, {"prompt_id": made.id}, PromptPatch(name="new/name"))
    assert outcome.result.name == "new/name"
    assert [event.kind for event in outcome.events] == ["prompt.updated"]
    assert library.entries()[-1] == (
        "prompt.update",
        {"prompt_id": made.id, "prompt": made.id, "name": "new/name", "name_before": "old/name"},
    )
    for ref in ("old/name", "new/name", made.id, "acme:old/name@latest"):
        assert (library.resolve(ref).prompt_id, library.resolve(ref).name) == (made.id, "new/name")
    assert library.names(search="new") == ["new/name"]
    assert library.names(search="old") == []


def test_a_former_name_is_not_given_to_another_prompt_but_can_be_taken_back(library: Library) -> None:
    made, other = library.create("one"), library.create("other")
    library.update(made.id, name="two")
    with pytest.raises(AlreadyExists, match="former name of the prompt 'two'"):
        library.create("one")
    with pytest.raises(AlreadyExists, match="former name"):
        library.update(other.id, name="one")
    assert library.update(made.id, name="one").name == "one"
    assert library.resolve("two").name == "one"
    assert library.update(made.id, name="two").name == "two"
    assert library.resolve("one").name == "two"


def test_a_rename_to_a_taken_name_is_refused(library: Library) -> None:
    made, _ = library.create("a"), library.create("b")
    with pytest.raises(AlreadyExists, match="'b' is there already"):
        library.update(made.id, name="b")
    assert library.get(made.id).name == "a"


def test_a_snippet_is_found_by_its_former_name(library: Library) -> None:
    style = library.create("style", "Be kind.\n")
    library.update(style.id, name="tone")
    made = library.create("a", "{{> style}}\n")
    assert library.resolve("a").version.lock == {style.id: library.resolve("tone").version.sha}
    assert made.head is not None


def test_title_description_and_tags_can_be_changed_and_found(library: Library) -> None:
    made = library.create("a", tags=("x", "y"))
    changed = library.update(made.id, title="Zebra", description="Stripes\nand hooves", tags=("y", "z", "z"))
    assert (changed.title, changed.description, changed.tags) == ("Zebra", "Stripes\nand hooves", ("y", "z"))
    assert library.get(made.id) == changed
    for word in ("zebra", "hooves", "z"):
        assert library.names(search=word) == ["a"]
    assert library.names(search="x") == []
    assert changed.updated_at >= made.updated_at


def test_a_draft_that_never_was_a_version_stays_findable_when_its_prompt_is_renamed(library: Library) -> None:
    made = library.create("a", None)
    library.update(made.id, name="b")
    assert library.names(search="helpful assistant") == ["b"]


def test_a_patch_that_changes_nothing_is_not_recorded(library: Library) -> None:
    made = library.create("a", tags=("x",), description="d")
    before = library.entries()
    for patch in (PromptPatch(), PromptPatch(name="a", title="A", description="d", tags=("x",))):
        outcome = library.told(prompts.update_, {"prompt_id": made.id}, patch)
        assert (outcome.result, outcome.receipt, outcome.events) == (made, None, ())
    assert library.entries() == before


# ------------------------------------------------------------------ archive


def test_an_archived_prompt_is_out_of_the_library_until_it_is_restored(library: Library) -> None:
    made, lead = library.create("a", tags=("x",)), library.people.team_lead
    gone = library.told(prompts.archive, {"prompt_id": made.id}, by=lead)
    assert gone.result.archived
    assert [(event.kind, event.ids) for event in gone.events] == [("prompt.archived", {"prompt": made.id})]
    assert library.names() == library.names(search="a") == library.names(tags="x") == []
    assert library.names(archived=True) == library.names(archived=True, search="a") == ["a"]
    assert library.run(prompts.tags).items == ()
    assert library.get(made.id).archived
    with pytest.raises(Conflict, match="restore it"):
        library.update(made.id, title="B")
    with pytest.raises(Conflict, match="restore it"):
        library.save(made.id, "B\n")
    with pytest.raises(AlreadyExists):
        library.create("a")
    back = library.told(prompts.restore, {"prompt_id": made.id}, by=lead)
    assert not back.result.archived
    assert [event.kind for event in back.events] == ["prompt.restored"]
    assert library.names() == ["a"]
    assert [tag for tag, _ in library.entries()] == ["prompt.create", "prompt.archive", "prompt.restore"]


def test_archiving_or_restoring_twice_changes_nothing(library: Library) -> None:
    made, lead = library.create("a"), library.people.team_lead
    assert library.told(prompts.restore, {"prompt_id": made.id}, by=lead).receipt is None
    library.run(prompts.archive, {"prompt_id": made.id}, by=lead)
    again = library.told(prompts.archive, {"prompt_id": made.id}, by=lead)
    assert (again.result.archived, again.receipt, again.events) == (True, None, ())


# ------------------------------------------------------------------ finding


def test_prompts_are_found_by_words_of_name_title_tags_description_and_text(library: Library) -> None:
    library.create(
        "support/refund", "Pay the crème brûlée back.\n", title="Money", tags=("till",), description="Shop"
    )
    library.create("other", "Nothing.\n")
    for words in ("refund", "money", "till", "shop", "creme", "BRÛLÉE pay", "refu", "pay ba"):
        assert library.names(search=words) == ["support/refund"], words
    for words in ("absent", "pay absent", "ay"):
        assert library.names(search=words) == [], words
    for words in ("  ", ""):
        assert library.names(search=words) == ["other", "support/refund"]
    assert library.search(search='"*%_').items == ()


def test_a_search_follows_the_head_of_main_only(library: Library) -> None:
    made = library.create("a", "apple\n")
    library.branch(made.id, "side")
    library.save(made.id, "banana\n", branch="side")
    assert library.names(search="banana") == []
    library.save(made.id, "cherry\n")
    assert library.names(search="cherry") == ["a"]
    assert library.names(search="apple") == []


def test_the_best_match_is_first_unless_an_order_is_asked_for(library: Library) -> None:
    library.create("a", "zebra zebra horse\n")
    library.create("zebra", "other\n")
    assert library.names(search="zebra") == ["zebra", "a"]
    assert library.names(search="zebra", sort="name") == ["a", "zebra"]


def test_a_search_shows_the_line_that_matched(library: Library) -> None:
    library.create("a", "First line\nThe zebra runs\n", description="Of animals", tags=("wild",))
    (found,) = library.search(search="zeb").items
    assert found.highlight == "The \x01zebra\x02 runs"
    assert library.search(search="animals").items[0].highlight == "Of \x01animals\x02"
    assert library.search(search="wild").items[0].highlight == "\x01wild\x02"
    assert library.search().items[0].highlight is None


def test_all_tags_asked_for_must_be_there(library: Library) -> None:
    library.create("a", tags=("x", "y"))
    library.create("b", tags=("y",))
    assert library.names(tags="y") == ["a", "b"]
    assert library.names(tags="x, y") == ["a"]
    assert library.names(tags="x,z") == []
    assert [(one.tag, one.prompts) for one in library.run(prompts.tags).items] == [("x", 1), ("y", 2)]
    assert library.run(prompts.tags, by=library.people.stranger).items == ()


def test_a_folder_holds_what_lies_under_it_and_nothing_beside_it(library: Library) -> None:
    for name in ("a", "a/b", "a/b/c", "a-b", "a0", "ab/c", "a.b/c", "b"):
        library.create(name)
    assert library.names(folder="a") == ["a/b", "a/b/c"]
    assert library.names(folder="/a/b/") == ["a/b/c"]
    assert library.names(folder="c") == []
    assert library.names() == sorted(("a", "a/b", "a/b/c", "a-b", "a0", "ab/c", "a.b/c", "b"))


def test_the_last_changed_comes_first_when_asked_for(library: Library) -> None:
    ids = {name: library.create(name).id for name in ("a", "b", "c")}
    library.save(ids["a"], "newer\n")
    assert library.names(sort="updated")[0] == "a"
    assert sorted(library.names(sort="updated")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "query", [{}, {"sort": "updated"}, {"search": "common"}, {"tags": "t"}, {"folder": "f"}]
)
def test_pages_by_cursor_and_by_number_give_everything_once(library: Library, query: dict[str, str]) -> None:
    for at in range(7):
        library.create(f"f/p{at}", "common words\n", tags=("t",))
    whole = library.names(**query, limit=200)
    assert len(whole) == 7
    walked, cursor, totals = [], None, set()
    while True:
        page = library.search(**query, limit=3, cursor=cursor)
        walked += [one.name for one in page.items]
        totals.add(page.total)
        if (cursor := page.next_cursor) is None:
            break
    assert walked == whole
    assert totals == {7}
    assert [name for number in (1, 2, 3, 4) for name in library.names(**query, limit=3, page=number)] == whole


def test_a_cursor_of_another_question_is_refused(library: Library) -> None:
    for at in range(3):
        library.create(f"p{at}")
    cursor = library.search(limit=1).next_cursor
    with pytest.raises(InvalidInput):
        library.search(limit=1, cursor=cursor, sort="updated")


def test_another_workspace_sees_nothing_of_a_prompt(library: Library) -> None:
    made, stranger = library.create("a", "zebra\n", tags=("x",)), library.people.stranger
    assert library.search(by=stranger).items == library.search(by=stranger, search="zebra").items == ()
    for run in (
        lambda: library.get(made.id, by=stranger),
        lambda: library.update(made.id, by=stranger, title="Mine"),
        lambda: library.run(prompts.archive, {"prompt_id": made.id}, by=stranger),
        lambda: library.save(made.id, "Mine\n", by=stranger),
        lambda: library.resolve(made.id, by=stranger),
        lambda: library.resolve("acme:a", by=stranger),
        lambda: library.resolve("a", by=stranger),
    ):
        with pytest.raises(NotFound):
            run()
    assert library.get(made.id) == made


def test_what_an_item_shows_is_its_own(library: Library) -> None:
    first, second = library.create("a"), library.create("b")
    library.branch(first.id, "side")
    library.save(first.id, "Newer\n")
    library.promote(first.id, "production", "side")
    library.promote(first.id, "development")
    a, b = library.search().items
    assert (a.versions, a.branches, [(one.environment, one.short) for one in a.served]) == (
        2,
        ("main", "side"),
        [
            ("development", a.head.short if a.head else ""),
            ("production", first.head.short if first.head else ""),
        ],
    )
    assert (b.id, b.versions, b.branches, b.served) == (second.id, 1, ("main",), ())
    assert a.created_by.display_name == "Engineer of Acme"


def test_the_number_of_statements_does_not_grow_with_the_number_of_prompts(library: Library) -> None:
    def statements(**query: str) -> int:
        with library.counted() as seen:
            assert library.search(limit=200, **query).items
        return len(seen)

    def fill(numbers: range) -> None:
        for at in numbers:
            made = library.create(f"p{at}", f"{{{{> s}}}} common {at}\n", tags=("t", f"t{at}"))
            library.branch(made.id, "side")
            library.promote(made.id, "staging")

    library.create("s", "snippet\n")
    fill(range(2))
    few = [statements(), statements(search="common"), statements(tags="t")]
    fill(range(2, 12))
    assert [statements(), statements(search="common"), statements(tags="t")] == few
    assert max(few) <= 14


def test_a_text_with_more_words_than_an_index_holds_is_saved(
    library: Library,
) -> None:
    long = " ".join("\ufdfa" * 20 + str(number) for number in range(10_000))
    made = library.create("long", long)
    assert made.head is not None
