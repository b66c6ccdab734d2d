"""Drafts become versions, and versions reach drafts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.server.rooms.conftest import Connect
from tests.support.rooms import Served

pytestmark = pytest.mark.anyio

START = "one\ntwo\n"


async def draft(served: Served, prompt_id: str) -> Any:
    """The draft of ``main``."""
    return await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")


async def test_a_draft_that_nobody_opened_is_the_head(served: Served) -> None:
    prompt_id = await served.new_prompt(START)
    held = await draft(served, prompt_id)
    assert (held["text"], held["dirty"], held["behind"], held["updated_at"]) == (START, False, 0, None)
    assert held["base_sha"] == held["head_sha"] is not None


async def test_a_save_takes_what_the_room_holds_and_names_who_edited(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    a.type(0, "by a ")
    b.type(len(START), "by b\n")
    await a.stored()
    await b.stored()
    version = await served.api(
        "team_lead", "POST", f"prompts/{prompt_id}/drafts/main/save", {"commit_message": "both"}
    )
    assert version["text"] == "by a one\ntwo\nby b\n"
    assert version["created"] is True
    assert {e["display_name"] for e in version["editors"]} == {"Engineer of Acme", "Colleague of Acme"}
    held = await draft(served, prompt_id)
    assert (held["dirty"], held["behind"], held["base_sha"], held["editors"]) == (
        False,
        0,
        version["sha"],
        [],
    )


async def test_of_two_who_save_at_once_one_makes_the_version_and_both_are_told(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "x")
    await a.stored()
    path = f"prompts/{prompt_id}/drafts/main/save"
    first, second = await asyncio.gather(
        served.api("engineer", "POST", path, {"commit_message": "first"}),
        served.api("colleague", "POST", path, {"commit_message": "second"}),
    )
    assert sorted((first["created"], second["created"])) == [False, True]
    assert first["sha"] == second["sha"]
    listed = await served.api("viewer", "GET", f"prompts/{prompt_id}/versions")
    assert len(listed["items"]) == 2


async def test_a_save_of_a_text_that_is_not_the_rooms_is_refused(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    seen = (await draft(served, prompt_id))["text_hash"]
    a = await client("engineer", prompt_id)
    a.type(0, "x")
    await a.stored()
    path = f"api/v1/prompts/{prompt_id}/drafts/main/save"
    answer = await served.ask("colleague", "POST", path, {"text_hash": seen})
    assert (answer.status, answer.body["error"]["code"]) == (409, "conflict")
    present = (await draft(served, prompt_id))["text_hash"]
    assert answer.body["error"]["details"]["text_hash"] == present
    answer = await served.ask("colleague", "POST", path, {"text_hash": present})
    assert answer.status == 200


async def test_a_text_that_does_not_parse_stays_and_cannot_be_saved(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(len(START), "{{#if x}}")
    await a.stored()
    answer = await served.ask("engineer", "POST", f"api/v1/prompts/{prompt_id}/drafts/main/save", {})
    assert answer.status == 422, answer
    problem = answer.body["error"]["details"]["problems"][0]
    assert (problem["line"], problem["severity"]) == (3, "error")
    assert (await draft(served, prompt_id))["text"] == START + "{{#if x}}"
    assert str(a) == START + "{{#if x}}"


async def test_a_clean_draft_follows_a_version_saved_elsewhere(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    saved = await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": "one\ntwo, by PUT\n"})
    await a.sees("one\ntwo, by PUT\n")
    held = await draft(served, prompt_id)
    assert (held["base_sha"], held["dirty"], held["behind"]) == (saved["sha"], False, 0)
    a.type(0, "and on ")
    await a.stored()
    assert (await draft(served, prompt_id))["text"] == "and on one\ntwo, by PUT\n"


async def test_a_dirty_draft_is_not_touched_and_is_behind(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "mine ")
    await a.stored()
    base = (await draft(served, prompt_id))["base_sha"]
    for text in ("one\nthree\n", "one\nfour\n"):
        head = (await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": text}))["sha"]
    held = await draft(served, prompt_id)
    assert (held["text"], held["dirty"], held["behind"]) == ("mine one\ntwo\n", True, 2)
    assert (held["base_sha"], held["head_sha"]) == (base, head)
    path = f"api/v1/prompts/{prompt_id}/drafts/main"
    save = await served.ask("engineer", "POST", f"{path}/save", {})
    assert (save.status, save.body["error"]["code"]) == (409, "stale_head")
    assert save.body["error"]["details"] == {"expected": base, "head": head}
    update = await served.ask("engineer", "POST", f"{path}/update", {})
    assert (update.status, update.body["error"]["details"]) == (409, {"dirty": True, "behind": 2})
    assert str(a) == "mine one\ntwo\n"


async def test_a_forced_update_takes_the_head_and_can_be_undone(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "mine ")
    await a.stored()
    head = (await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": "one\nthree\n"}))["sha"]
    path = f"prompts/{prompt_id}/drafts/main"
    taken = await served.api("engineer", "POST", f"{path}/update", {"force": True})
    assert (taken["text"], taken["dirty"], taken["behind"]) == ("one\nthree\n", False, 0)
    assert taken["base_sha"] == head
    await a.sees("one\nthree\n")
    back = await served.api("engineer", "POST", f"{path}/undo")
    assert (back["text"], back["dirty"], back["behind"]) == ("mine one\ntwo\n", True, 1)
    await a.sees("mine one\ntwo\n")


async def test_who_has_looked_may_save_on_the_new_head(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "mine ")
    await a.stored()
    head = (await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": "one\nthree\n"}))["sha"]
    version = await served.api(
        "engineer", "POST", f"prompts/{prompt_id}/drafts/main/save", {"expected_head": head}
    )
    assert (version["text"], version["parents"]) == ("mine one\ntwo\n", [head])
    held = await draft(served, prompt_id)
    assert (held["dirty"], held["behind"], held["base_sha"]) == (False, 0, version["sha"])


async def test_a_clean_draft_follows_also_when_nobody_was_there_to_tell_it(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    await a.disconnect()
    await served.rooms.close()  # as after a crash between the save and the room's change
    await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": "one\nthree\n"})
    assert (await draft(served, prompt_id))["text"] == "one\nthree\n"
    await a.connect()
    assert str(a) == "one\nthree\n"
    held = await draft(served, prompt_id)
    assert (held["dirty"], held["behind"], held["text"]) == (False, 0, "one\nthree\n")


async def test_a_version_equal_to_the_unsaved_text_makes_the_draft_clean(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "x")
    await a.stored()
    events = served.runtime.dispatcher.events.subscribe(served.people.workspace_id)
    saved = await served.api("colleague", "PUT", f"prompts/{prompt_id}", {"text": "x" + START})
    kind = ""
    while kind != "draft.changed":
        event = await asyncio.wait_for(events.next(), 10)
        assert event is not None
        kind = event.kind
    events.close()
    held = await draft(served, prompt_id)
    assert (held["dirty"], held["behind"], held["base_sha"]) == (False, 0, saved["sha"])


async def test_a_restore_brings_an_old_version_into_the_draft_only(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    first = (await draft(served, prompt_id))["head_sha"]
    head = (await served.api("engineer", "PUT", f"prompts/{prompt_id}", {"text": "one\nthree\n"}))["sha"]
    a = await client("engineer", prompt_id)
    restored = await served.api(
        "engineer", "POST", f"prompts/{prompt_id}/drafts/main/restore", {"version": first[:8]}
    )
    assert (restored["text"], restored["dirty"], restored["head_sha"]) == (START, True, head)
    await a.sees(START)
    missing = await served.ask(
        "engineer", "POST", f"api/v1/prompts/{prompt_id}/drafts/main/restore", {"version": "ffffffff"}
    )
    assert missing.status == 404
