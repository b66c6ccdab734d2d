"""The prompts that include a snippet, and what a change of it does to them, on both databases."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import dependents, prompts

from jupyter_prompthub.core.errors import NotFound, PromptSyntaxError, SnippetError
from jupyter_prompthub.core.records import DependentList, DependentsPreview, DependentsQuery, Effect
from tests.server.services.conftest import Library


def found(library: Library, prompt_id: str, **query: object) -> DependentList:
    got: DependentList = library.run(
        dependents.list_, {"prompt_id": prompt_id}, DependentsQuery(**query), library.people.viewer
    )
    return got


def changed(library: Library, prompt_id: str, **change: object) -> DependentList:
    got: DependentList = library.run(
        dependents.preview, {"prompt_id": prompt_id}, DependentsPreview(**change), library.people.viewer
    )
    return got


def test_dependents_are_heads_and_served_versions_directly_or_through_others(library: Library) -> None:
    tone = library.create("tone", "Be kind.\n")
    around = library.create("around", "{{> tone}}\n")
    deep = library.create("deep", "{{> around}}\n")
    direct = library.create("direct", "{{> tone}}\nHello\n")
    library.promote(direct.id, "production")
    library.save(direct.id, "{{> tone}}\nHello again\n")
    library.branch(direct.id, "side")
    library.create("other", "Nothing\n")
    got = found(library, tone.id)
    assert [(one.name, one.branches, one.environments, one.direct, one.ref) for one in got.items] == sorted(
        [
            ("around", ("main",), (), True, "latest"),
            ("deep", ("main",), (), False, None),
            ("direct", ("main", "side"), (), True, "latest"),
            ("direct", (), ("production",), True, "latest"),
        ],
        key=lambda one: (one[0], [each.version_sha for each in got.items if each.branches == one[1]]),
    )
    assert got.prompts == 3
    assert found(library, deep.id) == DependentList()
    assert [one.name for one in found(library, around.id).items] == ["deep"]


def test_what_no_longer_includes_it_and_what_is_archived_do_not_count(library: Library) -> None:
    tone = library.create("tone", "Be kind.\n")
    once = library.create("once", "{{> tone}}\n")
    gone = library.create("gone", "{{> tone}}\n")
    library.save(once.id, "No more\n")
    library.run(prompts.archive, {"prompt_id": gone.id}, by=library.people.admin)
    assert found(library, tone.id) == DependentList()


def test_pages_go_by_name(library: Library) -> None:
    tone = library.create("tone", "Be kind.\n")
    for name in "abcde":
        library.create(name, "{{> tone}}\n")
    first = found(library, tone.id, limit=2)
    assert ([one.name for one in first.items], first.next_cursor, first.prompts) == (["a", "b"], "b", 5)
    assert [one.name for one in found(library, tone.id, limit=3, cursor="b").items] == ["c", "d", "e"]
    assert found(library, tone.id, limit=3, cursor="b").next_cursor is None


def test_it_is_one_statement_for_any_number(library: Library) -> None:
    tone = library.create("tone", "Be kind.\n")
    counts = []
    for number in range(4):
        library.create(f"p{number}", "{{> tone}}\n")
        with library.counted() as seen:
            found(library, tone.id)
        counts.append(len(seen))
    assert len(set(counts)) == 1


def effects(got: DependentList) -> dict[str, tuple[Effect | None, tuple[str, ...]]]:
    return {one.name: (one.effect, one.reasons) for one in got.items}


def test_a_change_says_what_changes_and_what_breaks(library: Library) -> None:
    tone = library.create("tone", "---\nmodel: a/b\n---\nBe kind.\n")
    library.create("plain", "{{> tone}}\n")
    library.create("deep", "{{> plain}}\n")
    typed = "---\ninput: {schema: {manner: integer}}\n---\n{{manner}} {{> tone}}\n"
    library.create("typed", typed)
    kept = dict.fromkeys(("deep", "plain", "typed"), (Effect.UNCHANGED, ()))
    assert effects(changed(library, tone.id)) == kept
    assert effects(changed(library, tone.id, text="---\nmodel: c/d\n---\nBe kind.\n")) == kept
    assert effects(changed(library, tone.id, text="Be brief.\n")) == dict.fromkeys(kept, (Effect.CHANGED, ()))
    needs = ("variable manner: new and required",)
    got = effects(changed(library, tone.id, text="Be {{manner}}.\n"))
    assert (got["plain"], got["deep"]) == ((Effect.BREAKS, needs), (Effect.BREAKS, needs))
    got = effects(
        changed(library, tone.id, text="---\ninput: {schema: {manner: string}}\n---\nBe {{manner}}.\n")
    )
    assert got["typed"][0] is Effect.BREAKS
    assert "manner" in got["typed"][1][0]
    saved = library.save(tone.id, "Be brief.\n", branch="main")
    assert effects(changed(library, tone.id, after=saved.sha))["plain"] == (Effect.CHANGED, ())


def test_a_change_that_includes_another_snippet_is_resolved_with_it(library: Library) -> None:
    tone = library.create("tone", "Be kind.\n")
    library.create("more", "And {{quick}}.\n")
    library.create("plain", "{{> tone}}\n")
    got = effects(changed(library, tone.id, text="Be kind. {{> more}}\n"))
    assert got["plain"] == (Effect.BREAKS, ("variable quick: new and required",))


def test_a_text_that_cannot_be_used_is_refused(library: Library) -> None:
    tone = library.create("tone", "Be kind.\n")
    with pytest.raises(PromptSyntaxError):
        changed(library, tone.id, text="{{#if}}")
    with pytest.raises(SnippetError):
        changed(library, tone.id, text="{{> nowhere}}\n")
    with pytest.raises(NotFound):
        changed(library, tone.id, after="nowhere")
    with pytest.raises(NotFound):
        library.run(dependents.list_, {"prompt_id": tone.id}, DependentsQuery(), library.people.stranger)
