"""Completion from a workspace's library: snippets, refs, models."""

from __future__ import annotations

import pytest
from jupyter_prompthub_server.services import branches, completing, prompts

from jupyter_prompthub.core.errors import InvalidInput, NotFound
from jupyter_prompthub.core.promptfile import MAX_TEXT
from jupyter_prompthub.core.records import Completed, CompleteText, NewBranch, NewPrompt, PromptDetail
from tests.server.services.conftest import Library


def complete(library: Library, marked: str, **more: object) -> Completed:
    new = CompleteText(text=marked.replace("¦", ""), position=marked.index("¦"), **more)
    done: Completed = library.run(completing.complete, new=new, by=library.people.viewer)
    return done


def labels(library: Library, marked: str, **more: object) -> list[str]:
    return [one.label for one in complete(library, marked, **more).items]


def make(library: Library, name: str, content: str = "Hello") -> PromptDetail:
    made: PromptDetail = library.run(prompts.create, new=NewPrompt(name=name, title=name, content=content))
    return made


def test_snippets_are_the_prompts_of_the_workspace_without_itself(library: Library) -> None:
    own = make(library, "support/refund")
    make(library, "support/tone")
    make(library, "house")
    gone = make(library, "old")
    library.run(prompts.archive, {"prompt_id": gone.id}, by=library.people.admin)
    assert labels(library, "{{> ¦", prompt_id=own.id) == ["house", "support/tone"]
    assert labels(library, "{{> to¦", prompt_id=own.id) == ["support/tone"]
    assert labels(library, "{{> %¦") == []


def test_names_that_begin_with_the_word_come_first(library: Library) -> None:
    for name in ("a/tone", "tone", "z/tone"):
        make(library, name)
    assert labels(library, "{{> tone¦") == ["tone", "a/tone", "z/tone"]


def test_what_others_include_comes_first(library: Library) -> None:
    for name in ("a/plain", "z/house"):
        make(library, name)
    own = make(library, "b/answer", "{{> z/house}} Hello")
    assert labels(library, "{{> ¦", prompt_id=own.id) == ["z/house", "a/plain"]


def test_refs_are_the_branches_and_tags_of_the_snippet(library: Library) -> None:
    made = make(library, "house")
    library.run(branches.create, {"prompt_id": made.id}, NewBranch(name="feature/warm"))
    text = "---\nsnippets:\n  house: ¦\n---\n{{> house}}"
    assert labels(library, text) == ["@latest", "@feature/warm", "@main"]
    assert labels(library, text.replace("house: ", "nowhere: ")) == []


def test_models_are_those_that_can_be_asked_for(library: Library) -> None:
    assert "local/" in " ".join(labels(library, "---\nmodel: ¦\n---\n"))


def test_a_long_library_says_that_there_is_more(library: Library) -> None:
    for number in range(51):
        make(library, f"p/{number:03}")
    done = complete(library, "{{> p¦")
    assert (len(done.items), done.complete) == (50, False)
    assert complete(library, "{{> p/01¦").complete


def test_what_is_not_there_or_too_long_is_refused(library: Library) -> None:
    with pytest.raises(NotFound):
        complete(library, "{{¦", prompt_id="018f0000-0000-7000-8000-000000000000")
    with pytest.raises(InvalidInput, match="at most"):
        complete(library, "¦" + "x" * (MAX_TEXT + 1))


FRONT = "---\ninput:\n  schema:\n    message: string\n---\n"


def test_a_cell_stands_in_the_front_matter_of_its_branch(library: Library) -> None:
    library.create("support/refund", FRONT + "{{message}}")
    done = complete(library, "é {{me¦", cell_line="support/refund --var message=x")
    assert "message" in [one.label for one in done.items]
    assert (done.start, done.end) == (4, 6)
    assert "message" not in labels(library, "{{me¦")


def test_a_cell_with_its_own_front_matter_stands_in_that(library: Library) -> None:
    library.create("support/refund", FRONT + "{{message}}")
    own = FRONT.replace("message", "meaning") + "{{me¦"
    offered = labels(library, own, cell_line="support/refund --var message=x")
    assert "meaning" in offered
    assert "message" not in offered


@pytest.mark.parametrize("line", ["nothing", "support/refund --branch gone", "no! name", "", '"'])
def test_a_cell_of_a_prompt_that_is_not_there_is_a_bare_template(library: Library, line: str) -> None:
    library.create("support/refund", FRONT + "{{message}}")
    offered = labels(library, "{{known}} {{kn¦", cell_line=line)
    assert "known" in offered
    assert "message" not in offered
