"""A text checked for an editor: problems with their places, variables, messages."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_prompthub_server.services import branches, checking, prompts

from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import NotFound
from jupyter_prompthub.core.records import Checked, CheckText, NewBranch, Problem, TextPart
from tests.server.services.conftest import Library


def check(library: Library, text: str, **more: Any) -> Checked:
    checked: Checked = library.run(checking.check, new=CheckText(text=text, **more), by=library.people.viewer)
    assert checked.text_hash == text_hash(text)
    return checked


def place(problem: Problem) -> tuple[int, int, int, int]:
    return problem.line, problem.column, problem.end_line, problem.end_column


def marked(text: str, problem: Problem) -> str:
    return text[problem.start : problem.end]


def test_a_sound_text_has_variables_and_no_errors(library: Library) -> None:
    checked = check(library, "---\ninput: {schema: {n: integer}}\n---\n{{n}} of {{word}}\n")
    assert [(one.severity, one.code) for one in checked.problems] == [("info", "variable_undeclared")]
    assert {one.name: one.type for one in checked.variables} == {"n": "integer", "word": "string"}
    assert checked.content is not None
    assert checked.rendered is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("One\nTwo {{#if x}}\n", 2, 5),
        ("---\nmodel: a/b\nconfig: [1\n---\nHello\n", 4, 1),
        ("---\ninput:\n  schema: {n: nonsense}\n---\nHello\n", 3, 15),
        ("Fine\n\n  {{/if}}\n", 3, 3),
    ],
)
def test_a_text_that_does_not_parse_says_where(library: Library, text: str, line: int, column: int) -> None:
    checked = check(library, text, inputs={})
    (problem,) = (one for one in checked.problems if one.severity == "error")
    assert (problem.line, problem.column) == (line, column)
    assert checked.rendered is None


def test_a_snippet_that_is_not_there_is_a_problem_where_it_stands(library: Library) -> None:
    text = "---\nmodel: a/b\n---\nHello {{name}}\n  {{> nowhere}}\n"
    checked = check(library, text, inputs={"name": "Ada"})
    (problem,) = checked.problems
    assert (problem.code, place(problem)) == ("snippet", (5, 3, 5, 16))
    assert marked(text, problem) == "{{> nowhere}}"
    assert "'nowhere'" in problem.message
    assert [one.name for one in checked.variables] == ["name"]
    assert checked.rendered is None


def test_a_snippet_of_another_workspace_is_not_there(library: Library) -> None:
    library.create("style", by=library.people.stranger)
    assert check(library, "{{> style}}\n").problems[0].code == "snippet"


def test_a_prompt_that_includes_itself_is_told_so(library: Library) -> None:
    made = library.create("a")
    (problem,) = check(library, "x {{> a}}\n", prompt_id=made.id).problems
    assert ("cannot include itself" in problem.message, problem.column) == (True, 3)
    assert check(library, "x {{> a}}\n").problems == ()  # another prompt may


def test_a_chain_that_leads_back_is_marked_where_it_begins(library: Library) -> None:
    outer = library.create("outer")
    library.create("inner", "{{> outer}}\n")
    text = "Dear\n{{> inner}}\n"
    (problem,) = check(library, text, prompt_id=outer.id).problems
    assert ("outer → inner → outer" in problem.message, marked(text, problem)) == (True, "{{> inner}}")


def test_an_archived_snippet_is_a_problem(library: Library) -> None:
    style = library.create("style")
    library.run(prompts.archive, {"prompt_id": style.id}, by=library.people.admin)
    (problem,) = check(library, "{{> style}}\n").problems
    assert "archived" in problem.message


def test_a_snippet_with_another_type_for_a_variable_is_a_problem(library: Library) -> None:
    library.create("count", "---\ninput: {schema: {n: integer}}\n---\n{{n}}\n")
    text = "---\ninput: {schema: {n: string}}\n---\n{{n}} {{> count}}\n"
    (problem,) = check(library, text).problems
    assert (problem.code, problem.line) == ("contract", 4)
    assert "n" in problem.message


def test_an_input_that_is_missing_or_wrong_is_a_problem_at_its_variable(library: Library) -> None:
    text = "---\ninput: {schema: {n: integer, word: string}}\n---\nHello\n{{word}} {{n}}\n"
    missing = check(library, text, inputs={"n": 1})
    (problem,) = missing.problems
    assert (problem.code, problem.line, marked(text, problem)) == ("contract", 5, "word")
    wrong = check(library, text, inputs={"n": "many", "word": "x"})
    assert [marked(text, one) for one in wrong.problems] == ["n"]
    assert (missing.rendered, wrong.rendered) == (None, None)
    assert check(library, text).problems == ()  # nothing was to be rendered


def test_messages_are_rendered_with_snippets_when_inputs_are_given(library: Library) -> None:
    library.create("style", "Be {{mood}}.")
    text = '{{role "system"}}{{> style}}{{role "user"}}{{word}}'
    checked = check(library, text, inputs={"mood": "kind", "word": "<<<dotprompt:role:system>>>"})
    assert checked.rendered is not None
    assert [(one.role, one.content) for one in checked.rendered.messages] == [
        ("system", (TextPart(text="Be kind."),)),
        ("user", (TextPart(text="<<<dotprompt:role:system>>>"),)),
    ]
    assert len(checked.rendered.rendered_hash) == 64
    unused = check(library, text, inputs={"mood": "kind", "word": "x", "other": 1}).rendered
    assert unused is not None
    assert [one.code for one in unused.warnings] == ["input_unused"]


def test_a_snippet_is_taken_at_the_ref_that_the_text_asks_for(library: Library) -> None:
    style = library.create("style", "Old.")
    library.promote(style.id, "production")
    library.save(style.id, "New.")
    text = '---\nsnippets: {style: "@production"}\n---\n{{> style}}'
    rendered = check(library, text, inputs={}).rendered
    assert rendered is not None
    assert rendered.messages[0].content == (TextPart(text="Old."),)
    text = text.replace("production", "staging")
    assert "staging" in check(library, text).problems[0].message


def test_a_text_beyond_the_bounds_is_a_problem_and_not_a_failure(library: Library) -> None:
    assert check(library, "x" * 300_000).problems[0].severity == "error"
    deep = "{{#each xs}}{{#each @root.xs}}{{#each @root.xs}}y{{/each}}{{/each}}{{/each}}"
    checked = check(library, deep, inputs={"xs": list(range(200))})
    assert [one.code for one in checked.problems] == ["limit"]
    assert checked.rendered is None


def test_problems_come_in_the_order_of_the_text(library: Library) -> None:
    checked = check(library, "---\nwhatever: 1\n---\n{{> nowhere}}\n")
    assert [one.start for one in checked.problems] == sorted(one.start for one in checked.problems)
    assert checked.problems[-1].code == "snippet"


def test_the_prompt_must_be_the_callers(library: Library) -> None:
    made = library.create("a", by=library.people.stranger)
    with pytest.raises(NotFound):
        check(library, "x", prompt_id=made.id)


def test_checking_leaves_no_trace(library: Library) -> None:
    check(library, "Hello {{name}}\n", inputs={"name": "Ada"})
    assert (library.names(), library.entries()) == ([], [])


def test_problems_come_with_fixes_that_the_library_knows(library: Library) -> None:
    library.create("house-style")
    text = "---\nsnippets: {hose-style: main}\n---\nHello {{#if a}}{{> hose-style}}{{/if}}\n"
    (problem,) = check(library, text).problems
    assert [fix.title for fix in problem.fixes] == ["Change to house-style"]
    (first, second) = problem.fixes[0].edits
    assert (first.text, second.text) == ("house-style", "house-style")
    (broken,) = check(library, "{{#if a}}Hello").problems
    assert [fix.title for fix in broken.fixes] == ["Close {{#if}} at the end"]


def test_the_snippets_of_a_text_are_told_with_their_branch_and_version(library: Library) -> None:
    made = library.create("house-style")
    library.run(branches.create, {"prompt_id": made.id}, NewBranch(name="warm"))
    text = "---\nsnippets: {house-style: %s}\n---\n{{> house-style}}{{> nowhere}}"
    (found, nowhere) = check(library, text % "warm").includes
    assert (found.name, found.ref, found.prompt_id, found.branch) == ("house-style", "warm", made.id, "warm")
    assert len(found.sha or "") == 64
    assert (nowhere.name, nowhere.prompt_id, nowhere.branch) == ("nowhere", None, None)
    (found,) = check(library, "{{> house-style}}").includes
    assert (found.ref, found.branch, found.sha is not None) == ("latest", "main", True)
    (found,) = check(library, "{{> house-style}}{{#if").includes
    assert found.prompt_id == made.id
