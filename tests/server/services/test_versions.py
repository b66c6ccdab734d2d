"""Versions, branches, references and deployments: what never changes, and what points at it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from jupyter_prompthub_server.services import branches, deployments, drafts, prompts, versions
from jupyter_prompthub_server.services.versions import VersionQuery
from jupyter_prompthub_server.store.clock import now
from jupyter_prompthub_server.store.tables import environment, version
from sqlalchemy import insert, select

from jupyter_prompthub.core.errors import (
    AlreadyExists,
    Conflict,
    ContractError,
    Forbidden,
    InvalidInput,
    NotFound,
    PromptSyntaxError,
    SnippetError,
    StaleHead,
)
from jupyter_prompthub.core.records import (
    BranchMove,
    NewVersion,
    NewVersionTag,
    PageQuery,
    Promote,
    PromptPatch,
    PutDraft,
    Rollback,
)
from tests.server.services.conftest import Library, item

FRONT = "---\nmodel: openai/gpt-4o # the good one\nconfig: {temperature: 0.5}\n---\n"


def history(library: Library, prompt_id: str, **query: Any) -> list[str]:
    """Commit messages, newest first."""
    page = library.run(versions.list_, {"prompt_id": prompt_id}, VersionQuery(**query), library.people.viewer)
    return [one.commit_message for one in page.items]


def at(prompt_id: str, ref: str) -> dict[str, str]:
    return {"prompt_id": prompt_id, "ref": ref}


def move(library: Library, prompt_id: str, branch: str, to: str, expected_head: str | None = None) -> Any:
    new = BranchMove(version=to, expected_head=expected_head)
    return library.told(branches.move, {"prompt_id": prompt_id, "branch": branch}, new)


# ------------------------------------------------------------------ saving


def test_a_save_is_a_version_with_its_parent_its_entry_and_its_event(library: Library) -> None:
    made = library.create("a", "One\n")
    outcome = library.told(
        versions.save, {"prompt_id": made.id}, NewVersion(text="Two\n", commit_message="Second")
    )
    saved = outcome.result
    assert made.head is not None
    assert (saved.text, saved.number, saved.parents, saved.created) == ("Two\n", 2, (made.head.sha,), True)
    assert (saved.branches, saved.commit_message, saved.author.display_name) == (
        ("main",),
        "Second",
        "Engineer of Acme",
    )
    assert [(event.kind, event.ids) for event in outcome.events] == [
        ("version.created", {"prompt": made.id, "version": saved.sha, "branch": "main"})
    ]
    tag, target = library.entries()[-1]
    assert (tag, target["version"], target["branch"]) == ("version.create", saved.sha, "main")
    assert library.run(versions.get, at(made.id, saved.sha)).text == "Two\n"


def test_content_alone_keeps_the_heads_front_matter_as_it_was_typed(library: Library) -> None:
    made = library.create("a", FRONT + "One\n")
    saved = library.run(versions.save, {"prompt_id": made.id}, NewVersion(content="Two {{x}}\n"))
    assert saved.text == FRONT + "Two {{x}}\n"
    changed = library.run(
        versions.save, {"prompt_id": made.id}, NewVersion(content="Two\n", parameters={"max_tokens": 9})
    )
    assert "max_tokens: 9" in changed.text
    assert "temperature" not in changed.text
    assert changed.content.model == "openai/gpt-4o"


def test_a_save_without_a_text_takes_what_the_draft_holds_and_names_its_editors(library: Library) -> None:
    made = library.create("a", "One\n")
    path = {"prompt_id": made.id, "branch": "main"}
    library.run(drafts.put, path, PutDraft(text="Two\n"), library.people.colleague)
    saved = library.run(versions.save, {"prompt_id": made.id}, NewVersion())
    assert (saved.text, saved.editors[0].id) == ("Two\n", library.people.colleague.actor_id)
    assert saved.author.id == library.people.engineer.actor_id


def test_the_same_text_again_is_no_new_version(library: Library) -> None:
    made = library.create("a", "One\n")
    outcome = library.told(
        versions.save, {"prompt_id": made.id}, NewVersion(text="One\n", commit_message="Again")
    )
    assert (outcome.result.created, outcome.result.number, outcome.receipt) == (False, 1, None)
    assert library.save(made.id, "One \n").created  # another text of the same meaning is one


def test_the_same_text_is_a_new_version_when_a_snippet_has_moved_on(library: Library) -> None:
    style = library.create("style", "Kind.\n")
    made = library.create("a", "{{> style}}\n")
    assert not library.save(made.id, "{{> style}}\n").created
    newer = library.save(style.id, "Kinder.\n")
    again = library.save(made.id, "{{> style}}\n")
    assert (again.created, again.lock) == (True, {style.id: newer.sha})


def test_a_save_on_a_head_that_moved_on_is_refused(library: Library) -> None:
    made = library.create("a", "One\n")
    assert made.head is not None
    library.save(made.id, "Two\n", expected_head=made.head.sha)
    with pytest.raises(StaleHead, match="moved on") as caught:
        library.save(made.id, "Three\n", expected_head=made.head.sha)
    assert caught.value.details["expected"] == made.head.sha
    assert library.texts(made.id) == ["One\n", "Two\n"]


def test_what_cannot_be_a_version_is_refused(library: Library) -> None:
    made = library.create("a", "One\n")
    with pytest.raises(InvalidInput, match="got both"):
        library.save(made.id, "x", content="y")
    with pytest.raises(PromptSyntaxError):
        library.save(made.id, "{{#if x}}\n")
    with pytest.raises(NotFound, match="no branch 'side'"):
        library.save(made.id, "Two\n", branch="side")
    with pytest.raises(NotFound):
        library.run(versions.save, {"prompt_id": made.id}, NewVersion(branch="side"))
    assert library.texts(made.id) == ["One\n"]


# ------------------------------------------------------------------ snippets


def test_snippets_of_snippets_are_locked_and_rendered_from_the_lock(library: Library) -> None:
    inner = library.create("inner", "Deep {{x}}.\n")
    outer = library.create("outer", "Middle. {{> inner}}\n")
    made = library.create("a", "{{> outer}} Top.\n")
    before = library.resolve("a").version
    assert before.lock == {
        outer.id: library.resolve("outer").version.sha,
        inner.id: library.resolve("inner").version.sha,
    }
    library.save(inner.id, "Deeper {{y}}.\n")
    assert [one.name for one in library.get(made.id).variables] == ["x"]
    # the newest outer still has the old inner in its own lock
    assert not library.save(made.id, "{{> outer}} Top.\n").created


def test_the_nearest_mention_of_a_snippet_decides_its_version(library: Library) -> None:
    inner = library.create("inner", "Old.\n")
    outer = library.create("outer", "{{> inner}}\n")
    newer = library.save(inner.id, "New.\n")
    made = library.create("a", "{{> outer}} {{> inner}}\n")
    assert library.resolve("a").version.lock == {
        outer.id: library.resolve("outer").version.sha,
        inner.id: newer.sha,
    }
    assert made.head is not None


def test_two_snippets_that_bring_different_versions_of_a_third_are_refused(library: Library) -> None:
    inner = library.create("inner", "Old.\n")
    library.create("left", "{{> inner}}\n")
    library.save(inner.id, "New.\n")
    library.create("right", "{{> inner}}\n")
    with pytest.raises(SnippetError, match="two versions of the snippet 'inner'") as caught:
        library.create("a", "{{> left}} {{> right}}\n")
    assert caught.value.details == {"path": ["a", "right", "inner"], "other_path": ["a", "left", "inner"]}
    assert library.create("b", "{{> left}} {{> right}} {{> inner}}\n").head is not None


def test_a_cycle_names_its_path(library: Library) -> None:
    a = library.create("a", "One\n")
    library.create("b", "{{> a}}\n")
    library.create("c", "{{> b}}\n")
    with pytest.raises(SnippetError, match="itself") as caught:
        library.save(a.id, "{{> c}}\n")
    assert caught.value.details["path"] == ["a", "c", "b", "a"]


def test_snippets_nest_sixteen_deep_and_no_deeper(library: Library) -> None:
    library.create("s0", "Bottom\n")
    for depth in range(1, 17):
        library.create(f"s{depth}", f"{{{{> s{depth - 1}}}}}\n")
    with pytest.raises(SnippetError, match="16"):
        library.create("s17", "{{> s16}}\n")


def test_another_workspaces_snippet_is_not_there(library: Library) -> None:
    library.create("style", by=library.people.stranger)
    with pytest.raises(SnippetError, match="'style'"):
        library.create("a", "{{> style}}\n")


def test_a_snippet_that_wants_another_type_is_refused(library: Library) -> None:
    library.create("count", "---\ninput: {schema: {n: integer}}\n---\n{{n}}\n")
    with pytest.raises(ContractError):
        library.create("a", "---\ninput: {schema: {n: string}}\n---\n{{n}} {{> count}}\n")


def test_an_archived_snippet_still_serves_versions_that_have_it(library: Library) -> None:
    style = library.create("style", "Be {{kind}}.\n")
    made = library.create("a", "{{> style}}\n")
    library.run(prompts.archive, {"prompt_id": style.id}, by=library.people.admin)
    assert [one.name for one in library.get(made.id).variables] == ["kind"]
    with pytest.raises(SnippetError, match="archived"):
        library.save(made.id, "More. {{> style}}\n")


# ------------------------------------------------------------------ references


def test_a_reference_names_head_environment_tag_branch_or_sha(library: Library) -> None:
    made = library.create("a", "One\n")
    first = library.resolve("a").version.sha
    library.run(versions.tag, {"prompt_id": made.id}, NewVersionTag(name="v1.0", version="latest"))
    library.branch(made.id, "feature/tone")
    deployed = library.promote(made.id, "production")
    second = library.save(made.id, "Two\n").sha
    wanted = {
        "": second,
        "@latest": second,
        "@main": second,
        f"@{second[:6].upper()}": second,
        f"@{second}": second,
    }
    wanted |= {"@v1.0": first, "@feature/tone": first, "@production": first, f"@{first[:8]}": first}
    assert {ref: library.resolve(f"a{ref}").version.sha for ref in wanted} == wanted
    served = library.resolve("acme:a@production")
    assert (served.environment, served.deployment_id) == ("production", deployed.id)
    assert library.run(versions.get, at(made.id, "feature~tone")).sha == first


def test_a_reference_to_nothing_says_what_was_expected(library: Library) -> None:
    made = library.create("a", "One\n")
    for ref, said in {
        "nobody": "no prompt 'nobody'",
        "globex:a": "no prompt 'globex:a'",
        "a@staging": "serves no version of a yet",
        "a@v9": "no version 'v9'",
        "a@ffffffff": "no version 'ffffffff'",
    }.items():
        with pytest.raises(NotFound, match=said):
            library.resolve(ref)
    for ref in ("a@", "A", "a@x..y", "a@b@c"):
        with pytest.raises(InvalidInput):
            library.resolve(ref)
    for ref in ("a b", "..", "%"):
        with pytest.raises(NotFound):
            library.run(versions.get, at(made.id, ref))


def test_a_prefix_that_fits_two_versions_is_refused(library: Library) -> None:
    # with 1,000 SHAs, two begin with the same four digits but in one run of two thousand
    library.import_(item("a", *[f"Text {number}\n" for number in range(1_000)]))
    prompt_id = library.resolve("a").prompt_id
    with library.store.database.reading() as conn:
        shas = sorted(conn.scalars(select(version.c.sha).where(version.c.prompt_id == prompt_id)))
    sha = next(one for one, after in pairwise(shas) if one[:4] == after[:4])
    with pytest.raises(InvalidInput, match="fits several"):
        library.resolve(f"a@{sha[:4]}")
    assert library.resolve(f"a@{sha[:24]}").version.sha == sha


def test_a_version_of_another_prompt_is_not_found_under_this_one(library: Library) -> None:
    a, b = library.create("a", "One\n"), library.create("b", "Two\n")
    assert b.head is not None
    with pytest.raises(NotFound):
        library.run(versions.get, at(a.id, b.head.sha))
    with pytest.raises(NotFound):
        library.branch(a.id, "side", b.head.sha)
    with pytest.raises(NotFound):
        library.promote(a.id, "staging", b.head.sha)


# ------------------------------------------------------------------ version tags


def test_a_version_tag_is_given_once_and_for_good(library: Library) -> None:
    made = library.create("a", "One\n")
    tag = NewVersionTag(name="v1", version="latest")
    outcome = library.told(versions.tag, {"prompt_id": made.id}, tag)
    assert (outcome.result.tags, [event.kind for event in outcome.events]) == (("v1",), ["prompt.updated"])
    assert library.told(versions.tag, {"prompt_id": made.id}, tag).receipt is None
    library.save(made.id, "Two\n")
    with pytest.raises(AlreadyExists, match="a version tag is called 'v1'"):
        library.run(versions.tag, {"prompt_id": made.id}, tag)
    for name, error in {
        "production": AlreadyExists,
        "main": AlreadyExists,
        "latest": InvalidInput,
        "cafe": InvalidInput,
    }.items():
        with pytest.raises(error):
            library.run(versions.tag, {"prompt_id": made.id}, NewVersionTag(name=name, version="latest"))


# ------------------------------------------------------------------ history


def test_a_history_is_listed_by_branch_author_and_words(library: Library) -> None:
    made = library.create("a", "One\n", commit_message="Begin")
    library.save(made.id, "Two\n", "Better words")
    library.branch(made.id, "side")
    library.save(made.id, "Three\n", "Aside", branch="side")
    library.save(made.id, "Four\n", "100% better", by=library.people.colleague)
    sha = library.resolve("a").version.sha
    assert history(library, made.id) == ["100% better", "Aside", "Better words", "Begin"]
    assert history(library, made.id, branch="main") == ["100% better", "Better words", "Begin"]
    assert history(library, made.id, branch="side") == ["Aside", "Better words", "Begin"]
    assert history(library, made.id, search="BETTER") == ["100% better", "Better words"]
    assert history(library, made.id, search="better 100%") == ["100% better"]
    assert history(library, made.id, branch="side", search="better") == ["Better words"]
    assert history(library, made.id, search=sha[:12]) == ["100% better"]
    assert history(library, made.id, author="colleague") == ["100% better"]
    assert history(library, made.id, author=library.people.colleague.actor_id) == ["100% better"]
    assert history(library, made.id, author="nobody") == []
    with pytest.raises(NotFound):
        history(library, made.id, branch="nowhere")


@pytest.mark.parametrize("branch", [None, "main"])
def test_a_long_history_is_walked_by_cursor_or_page(library: Library, branch: str | None) -> None:
    made = library.create("a", "0\n", commit_message="0")
    for number in range(1, 8):
        library.save(made.id, f"{number}\n", str(number))
    whole = [str(number) for number in range(7, -1, -1)]
    walked: list[str] = []
    cursor = None
    while True:
        page = library.run(
            versions.list_, {"prompt_id": made.id}, VersionQuery(limit=3, cursor=cursor, branch=branch)
        )
        walked += [one.commit_message for one in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert walked == whole
    assert [m for n in (1, 2, 3) for m in history(library, made.id, branch=branch, limit=3, page=n)] == whole


def test_a_cursor_that_is_none_of_a_branchs_is_refused(library: Library) -> None:
    made = library.create("a", "One\n")
    for cursor in ("x", "b", "b1-x", "b99999999999"):
        with pytest.raises(InvalidInput):
            history(library, made.id, branch="main", cursor=cursor)


def test_statements_do_not_grow_with_the_length_of_a_page(library: Library) -> None:
    made = library.create("a", "One\n")
    counts = []
    for wanted in (3, 12):
        for number in range(wanted):
            library.save(made.id, f"{wanted} {number}\n")
        with library.counted() as seen:
            history(library, made.id)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_two_versions_are_compared_in_the_order_asked_for(library: Library) -> None:
    made = library.create("a", "Hello {{name}}\n")
    library.save(made.id, "Hello {{name}} of {{place}}\n")
    first = library.texts(made.id)[0]
    sha = library.run(versions.list_, {"prompt_id": made.id}, VersionQuery()).items[1].sha
    there = library.run(versions.compare, {"prompt_id": made.id, "a": sha, "b": "latest"})
    back = library.run(versions.compare, {"prompt_id": made.id, "a": "latest", "b": sha})
    assert (there.base.text, there.head.text) == (first, "Hello {{name}} of {{place}}\n")
    assert (there.base.sha, there.head.sha) == (back.head.sha, back.base.sha)
    assert not there.compatibility.compatible
    assert there.diff.changes
    same = library.run(versions.compare, {"prompt_id": made.id, "a": "main", "b": "latest"})
    assert same.diff.changes == ()


# ------------------------------------------------------------------ branches


def test_a_branch_is_made_moved_and_deleted_with_entries_and_events(library: Library) -> None:
    made = library.create("a", "One\n")
    first = library.branch(made.id, "side")
    library.save(made.id, "Two\n")
    moved = move(library, made.id, "side", "main", first.head)
    assert (moved.result.head, [event.kind for event in moved.events]) == (
        library.resolve("a").version.sha,
        ["branch.moved"],
    )
    assert move(library, made.id, "side", "latest").receipt is None
    gone = library.told(branches.delete_, {"prompt_id": made.id, "branch": "side"})
    assert [(event.kind, event.ids) for event in gone.events] == [
        ("branch.deleted", {"prompt": made.id, "branch": "side"})
    ]
    assert [tag for tag, _ in library.entries()] == [
        "prompt.create",
        "branch.create",
        "version.create",
        "branch.move",
        "branch.delete",
    ]
    assert library.search().items[0].branches == ("main",)
    assert library.resolve(f"a@{first.head}").version.text == "One\n"


def test_moving_main_back_is_what_a_search_sees(library: Library) -> None:
    made = library.create("a", "apple\n")
    assert made.head is not None
    library.save(made.id, "banana\n")
    move(library, made.id, "main", made.head.sha)
    assert (library.names(search="apple"), library.names(search="banana")) == (["a"], [])


def test_a_branch_is_moved_only_from_where_it_was_seen(library: Library) -> None:
    made = library.create("a", "One\n")
    assert made.head is not None
    library.save(made.id, "Two\n")
    with pytest.raises(StaleHead):
        move(library, made.id, "main", made.head.sha, expected_head=made.head.sha)


def test_a_branch_needs_a_free_and_proper_name(library: Library) -> None:
    made = library.create("a", "One\n")
    library.run(versions.tag, {"prompt_id": made.id}, NewVersionTag(name="v1", version="latest"))
    for name in ("main", "v1", "staging"):
        with pytest.raises(AlreadyExists):
            library.branch(made.id, name)
    for name in ("latest", "HEAD", "a..b", "deadbeef", "~x", "a b"):
        with pytest.raises(InvalidInput):
            library.branch(made.id, name)


def test_main_and_a_branch_with_unsaved_edits_are_not_deleted(library: Library) -> None:
    made = library.create("a", "One\n")
    library.branch(made.id, "side")
    path = {"prompt_id": made.id, "branch": "side"}
    library.run(drafts.put, path, PutDraft(text="Unsaved\n"))
    with pytest.raises(Conflict, match="not saved"):
        library.run(branches.delete_, path)
    with pytest.raises(Conflict, match="main cannot be deleted"):
        library.run(branches.delete_, {**path, "branch": "main"})
    with pytest.raises(NotFound):
        library.run(branches.delete_, {**path, "branch": "nowhere"})


def test_a_deleted_branch_can_be_made_again_with_nothing_left_of_its_draft(library: Library) -> None:
    made = library.create("a", "One\n")
    path = {"prompt_id": made.id, "branch": "side"}
    library.branch(made.id, "side")
    library.run(drafts.put, path, PutDraft(text="Two\n"))
    library.run(versions.save, {"prompt_id": made.id}, NewVersion(text="Two\n", branch="side"))
    library.run(drafts.follow, path)
    library.run(branches.delete_, path)
    library.branch(made.id, "side")
    draft = library.run(drafts.get, path)
    assert (draft.text, draft.dirty, draft.kept_at) == ("One\n", False, None)


# ------------------------------------------------------------------ deployments


def test_an_environment_serves_what_was_promoted_and_goes_back_step_by_step(library: Library) -> None:
    made = library.create("a", "1\n")
    path = {"prompt_id": made.id}
    shas = [library.promote(made.id, "staging").version_sha]
    for text in ("2\n", "3\n"):
        library.save(made.id, text)
        shas.append(library.promote(made.id, "staging").version_sha)
    assert library.told(deployments.promote, path, Promote(environment="staging")).receipt is None

    def back() -> Any:
        return library.told(deployments.rollback, path, Rollback(environment="staging", reason="worse"))

    first = back()
    assert (first.result.version_sha, first.result.previous_sha, first.result.action) == (
        shas[1],
        shas[2],
        "rollback",
    )
    assert [(event.kind, event.ids["version"]) for event in first.events] == [("deployment.changed", shas[1])]
    assert back().result.version_sha == shas[0]
    with pytest.raises(Conflict, match="nothing to go back"):
        back()
    library.promote(made.id, "staging", shas[2])
    assert back().result.version_sha == shas[0]
    page = library.run(deployments.list_, path, PageQuery(limit=2))
    assert [one.action for one in page.items] == ["rollback", "promote"]
    older = library.run(deployments.list_, path, PageQuery(limit=200, cursor=page.next_cursor)).items
    assert [one.version_sha for one in older] == [shas[0], shas[1], shas[2], shas[1], shas[0]]
    assert older[0].previous_sha == shas[1]


def test_each_environment_asks_for_its_own_right(library: Library) -> None:
    made = library.create("a", "One\n")
    people = library.people
    for name in ("development", "staging"):
        assert library.promote(made.id, name, by=people.engineer).environment == name
    with pytest.raises(Forbidden) as caught:
        library.promote(made.id, "production", by=people.engineer)
    assert caught.value.details["permission"] == "deploy:production"
    assert library.promote(made.id, "production", by=people.team_lead).environment == "production"
    with pytest.raises(Forbidden):
        library.promote(made.id, "development", by=people.viewer)
    with pytest.raises(Forbidden):
        library.run(
            deployments.rollback, {"prompt_id": made.id}, Rollback(environment="production", reason="x")
        )


def test_an_environment_without_a_right_of_its_own_asks_for_productions(library: Library) -> None:
    made = library.create("a", "One\n")
    with library.store.database.writing(library.people.workspace_id) as conn:
        conn.execute(
            insert(environment).values(
                workspace_id=library.people.workspace_id, name="canary", position=9, created_at=now()
            )
        )
        conn.commit()
    with pytest.raises(Forbidden) as caught:
        library.promote(made.id, "canary", by=library.people.engineer)
    assert caught.value.details["permission"] == "deploy:production"
    assert library.promote(made.id, "canary", by=library.people.team_lead).environment == "canary"
    listed = library.run(deployments.environments).items
    assert [one.name for one in listed] == ["development", "staging", "production", "canary"]


def test_what_is_served_nowhere_or_archived_is_not_promoted(library: Library) -> None:
    made = library.create("a", "One\n")
    with pytest.raises(InvalidInput, match="there are: development, staging, production"):
        library.promote(made.id, "moon")
    with pytest.raises(NotFound):
        library.promote(made.id, "staging", "v9")
    library.run(prompts.archive, {"prompt_id": made.id}, by=library.people.admin)
    with pytest.raises(Conflict, match="archived"):
        library.promote(made.id, "staging")


def test_one_snippet_under_two_names_is_refused_before_it_is_saved(library: Library) -> None:
    snippet = library.create("style")
    library.run(prompts.update_, {"prompt_id": snippet.id}, PromptPatch(name="house-style"))
    host = library.create("host")
    with pytest.raises(SnippetError, match="same prompt"):
        library.save(host.id, "{{> style}} {{> house-style}}\n")
    assert library.save(host.id, "{{> style}}\n").created
