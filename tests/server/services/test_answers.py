"""Answers that are kept are never older than the last change, whatever the change was."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from jupyter_prompthub_server.answers import APART, Answers
from jupyter_prompthub_server.api import answer
from jupyter_prompthub_server.operations import OPERATIONS, Caller
from jupyter_prompthub_server.routes import find, routes
from jupyter_prompthub_server.runtime import Runtime
from jupyter_prompthub_server.services import branches, bulk, deployments, versions

from jupyter_prompthub.core.errors import Forbidden, NotFound, PromptHubError
from jupyter_prompthub.core.records import BranchMove, BulkChange, BulkItem, NewVersionTag, Rollback

from .conftest import Library, item

NAME = "support/refund"


def _ask(library: Library, path: str, query: str = "", by: Caller | None = None) -> bytes | str:
    """The answer over the table: what is sent, or the code of the error."""
    runtime = cast("Runtime", SimpleNamespace(dispatcher=library.dispatcher))
    match = find("GET", path)
    try:
        done = asyncio.run(answer(runtime, match, by or library.people.viewer, query=query))
    except PromptHubError as error:
        return error.code
    assert done.body is not None
    return done.body


def _reads(prompt_id: str, first: str) -> list[tuple[str, str]]:
    at = f"prompts/{prompt_id}"
    refs = ("latest", "production", "feature~tone", "v1", first)
    return [
        *((f"{at}/versions/{ref}", "") for ref in refs),
        (f"{at}/compare/{first}...latest", ""),
        ("resolve", f"ref={NAME}@latest"),
        ("resolve", f"ref={NAME}@production"),
        ("resolve", "ref=support/returns"),
    ]


def _save(library: Library, prompt_id: str) -> Any:
    return library.save(prompt_id, "Hello again\n", "Again")


CHANGES: dict[str, Callable[[Library, str], Any]] = {
    "a version is saved": _save,
    "a version is saved on a branch": lambda lib, at: lib.save(at, "Softly\n", branch="feature/tone"),
    "a version is promoted": lambda lib, at: (_save(lib, at), lib.promote(at, "production")),
    "an environment is rolled back": lambda lib, at: (
        _save(lib, at),
        lib.promote(at, "production"),
        lib.run(
            deployments.rollback,
            {"prompt_id": at},
            Rollback(environment="production", reason="No"),
            lib.people.admin,
        ),
    ),
    "a version is tagged": lambda lib, at: lib.run(
        versions.tag, {"prompt_id": at}, NewVersionTag(name="v1", version="latest")
    ),
    "a branch is made": lambda lib, at: lib.branch(at, "other"),
    "a branch is moved": lambda lib, at: lib.run(
        branches.move,
        {"prompt_id": at, "branch": "feature/tone"},
        BranchMove(version=_save(lib, at).sha),
    ),
    "a branch is deleted": lambda lib, at: lib.run(
        branches.delete_, {"prompt_id": at, "branch": "feature/tone"}
    ),
    "a prompt is renamed": lambda lib, at: lib.update(at, name="support/returns"),
    "many are renamed": lambda lib, at: lib.run(
        bulk.change,
        {},
        BulkChange(items=(BulkItem(id=at),), folder="elsewhere"),
        lib.people.admin,
    ),
    "a history is imported": lambda lib, at: lib.import_(
        item(NAME, "Hello\n", "Imported\n"), on_conflict="new_version"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_read_after_a_change_says_what_the_store_says(library: Library, change: str) -> None:
    library.dispatcher.answers = Answers()  # kept however long it takes
    made = library.create(NAME)
    first = library.run(versions.get, {"prompt_id": made.id, "ref": "latest"}).sha
    library.branch(made.id, "feature/tone")
    library.promote(made.id, "production")
    reads = _reads(made.id, first)
    before = [_ask(library, *read) for read in reads]
    with library.counted() as seen:
        assert [_ask(library, *read) for read in reads if "/versions/latest" in read[0]] == before[:1]
    assert seen == [], "it was not kept"
    CHANGES[change](library, made.id)
    after = [_ask(library, *read) for read in reads]
    library.dispatcher.answers = Answers()
    assert after == [_ask(library, *read) for read in reads]
    assert before != after


def test_permission_is_asked_each_time_and_workspaces_do_not_share(library: Library) -> None:
    made = library.create(NAME)
    path = f"prompts/{made.id}/versions/latest"
    assert isinstance(_ask(library, path), bytes)
    viewer = library.people.viewer
    nobody = Caller(viewer.actor_id, viewer.workspace_id, "none", frozenset())
    assert _ask(library, path, by=nobody) == Forbidden.code
    stranger = Caller(viewer.actor_id, "another", "viewer", viewer.permissions)
    assert _ask(library, path, by=stranger) == NotFound.code


def test_an_answer_that_a_change_overtook_is_not_kept() -> None:
    answers = Answers()
    stamp = answers.stamp("ws", "p")
    answers.changed("ws", "p")
    answers.put("key", stamp, b"old")
    assert answers.get("key", "ws", "p") is None
    answers.put("key", answers.stamp("ws", "p"), b"new")
    answers.changed("ws", "another")
    answers.changed("elsewhere", None)
    assert answers.get("key", "ws", "p") == b"new"
    answers.changed("ws", None)
    assert answers.get("key", "ws", "p") is None


def test_people_count_everywhere_and_an_answer_may_have_an_end() -> None:
    answers = Answers()
    answers.put("key", answers.stamp("ws", "p"), b"x")
    answers.changed("*", None)
    assert answers.get("key", "ws", "p") is None
    short = Answers(longest_s=0)
    short.put("key", short.stamp("ws", "p"), b"x")
    assert short.get("key", "ws", "p") is None


def test_what_is_kept_is_bounded() -> None:
    answers = Answers(limit_bytes=1000)
    stamp = answers.stamp("ws")
    for number in range(20):
        answers.put(number, stamp, b"x" * 100)
        answers.get(0, "ws")
    kept = [number for number in range(20) if answers.get(number, "ws")]
    assert len(kept) == 10
    assert 0 in kept, "what is asked for stays"


def test_the_lists_name_operations_that_are_there() -> None:
    routes()
    assert OPERATIONS.keys() >= APART
    assert all(OPERATIONS[name].writes for name in APART)
    assert all(not op.writes for op in OPERATIONS.values() if op.kept)


def test_readers_beside_a_writer_never_go_back(library: Library) -> None:
    made = library.create(NAME)
    path = f"prompts/{made.id}/versions/latest"
    saved, stop = [1], threading.Event()
    problems: list[str] = []

    def read() -> None:
        while not stop.is_set():
            least = saved[0]
            found = _ask(library, path)
            assert isinstance(found, bytes)
            if (number := int(found.split(b'"number":')[1].split(b",")[0])) < least:
                problems.append(f"read {number} after {least} was saved")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(2, 22):
        saved[0] = library.save(made.id, f"Hello {number}\n").number
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []


def test_what_a_save_answers_is_what_a_read_answers(library: Library) -> None:
    made = library.create(NAME, "Hello {{who}}\n")
    library.create("house-style", "Be kind.\n")
    text = '---\nsnippets: {house-style: "@main"}\n---\n{{> house-style}} Hello {{who}}\n'
    saved = library.save(made.id, text, "With a style")
    read = library.run(versions.get, {"prompt_id": made.id, "ref": "latest"})
    assert saved == read.model_copy(update={"created": True, "warnings": saved.warnings})
