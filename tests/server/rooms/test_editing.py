"""Several people edit one draft."""

from __future__ import annotations

import asyncio
import json

import pytest
from pycrdt import Map, UndoManager
from tornado.websocket import WebSocketClosedError

from tests.server.rooms.conftest import Connect
from tests.support.rooms import Served, YjsClient

pytestmark = pytest.mark.anyio

START = "one\ntwo\n"


async def test_who_opens_a_draft_gets_the_text_of_the_branch_head(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    assert str(await client("engineer", prompt_id)) == START


async def test_two_people_who_type_at_once_end_with_one_text_and_nothing_lost(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)

    async def types(who: YjsClient, letters: str) -> None:
        for letter in letters:
            who.type(len("one\n") if letter.isupper() else 0, letter)
            await asyncio.sleep(0.002)

    await asyncio.gather(types(a, "abcdefghijklmno" * 4), types(b, "ABCDEFGHIJKLMNO" * 4))
    await a.stored()
    await b.stored()
    await a.until(lambda: len(str(a)) == len(START) + 120)
    await b.sees(str(a))
    assert sorted(str(a)) == sorted(START + "abcdefghijklmno" * 4 + "ABCDEFGHIJKLMNO" * 4)
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert held["text"] == str(a)
    assert {e["display_name"] for e in held["editors"]} == {"Engineer of Acme", "Colleague of Acme"}


async def test_what_is_typed_offline_is_merged_when_back(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    await a.disconnect()
    a.type(0, "offline ")
    b.type(len(START), "online\n")
    await b.stored()
    await a.connect()
    await b.sees("offline one\ntwo\nonline\n")
    await a.sees("offline one\ntwo\nonline\n")


async def test_branches_have_drafts_of_their_own(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    await served.api(
        "engineer", "POST", f"prompts/{prompt_id}/branches", {"name": "feature/tone"}, status=201
    )
    on_main, on_branch = (
        await client("engineer", prompt_id),
        await client("engineer", prompt_id, "feature/tone"),
    )
    on_branch.type(0, "B")
    await on_branch.stored()
    on_main.type(0, "M")
    await on_main.stored()
    assert (str(on_main), str(on_branch)) == ("M" + START, "B" + START)
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/feature~tone")
    assert held["text"] == "B" + START


async def test_an_edit_is_said_to_be_stored(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "x")
    await a.stored()
    before = max(t.get("updates", 0) for t in a.told)
    a.type(0, "y")
    a.type(0, "z")
    await a.until(lambda: a.told[-1].get("updates") == before + 2)
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert (held["text"], held["dirty"]) == ("zyx" + START, True)


async def test_what_was_undone_by_hand_is_clean_again(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "x")
    await a.stored()
    del a.text[0:1]
    await a.stored()
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert (held["text"], held["dirty"]) == (START, False)


async def test_a_viewer_reads_along_and_cannot_write(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a, viewer = await client("engineer", prompt_id), await client("viewer", prompt_id)
    a.type(len(START), "by a\n")
    await viewer.sees(START + "by a\n")
    viewer.type(0, "by the viewer")
    with pytest.raises(WebSocketClosedError):
        await viewer.stored()
    assert viewer.closed is not None
    assert viewer.closed[0] == 4403
    await a.stored()
    assert str(a) == START + "by a\n"
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert held["text"] == START + "by a\n"
    for verb, path, body in (
        ("PUT", "", {"text": "x"}),
        ("POST", "/save", {}),
        ("POST", "/restore", {"version": "latest"}),
        ("POST", "/update", {"force": True}),
        ("POST", "/undo", None),
    ):
        answer = await served.ask("viewer", verb, f"api/v1/prompts/{prompt_id}/drafts/main{path}", body)
        assert answer.status == 403, (path, answer)
    assert str(a) == START + "by a\n"


async def test_opening_a_draft_is_no_edit(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.doc.get("state", type=Map)["document_id"] = "text:file:x"
    await a.stored()
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert (held["dirty"], held["editors"]) == (False, [])


async def test_presence_shows_true_names_and_who_left(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("viewer", prompt_id)
    await a.say({"user": {"username": "admin", "name": "Admin", "color": "red"}, "cursors": []})
    await b.until(lambda: a.doc.client_id in b.others)
    assert b.others[a.doc.client_id]["user"]["name"] == "Engineer of Acme"
    await b.say({"user": {"name": "Jürgen"}}, client=a.doc.client_id, clock=9)
    await b.say({"user": {"name": "Jürgen"}})
    await a.until(lambda: b.doc.client_id in a.others)
    assert a.others[a.doc.client_id]["user"]["name"] == "Engineer of Acme"
    late = await client("colleague", prompt_id)
    await late.until(lambda: {a.doc.client_id, b.doc.client_id} <= set(late.others))
    await a.disconnect()
    await late.until(lambda: a.doc.client_id not in late.others)


async def test_a_put_is_a_minimal_edit_that_can_be_undone(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    updates: list[bytes] = []
    subscription = a.doc.observe(lambda event: updates.append(event.update))
    path = f"prompts/{prompt_id}/drafts/main"
    put = await served.api("colleague", "PUT", path, {"text": "one\n2\n"})
    await a.sees("one\n2\n")
    a.doc.unobserve(subscription)
    assert len(updates) == 1
    assert len(updates[0]) < 60
    assert put["kept_at"] is not None
    assert "update" not in put
    undone = await served.api("engineer", "POST", f"{path}/undo")
    assert (undone["text"], undone["dirty"]) == (START, False)
    await a.sees(START)
    redone = await served.api("engineer", "POST", f"{path}/undo")
    assert redone["text"] == "one\n2\n"


async def test_a_restore_is_one_step_and_the_text_before_comes_back(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    first = (await served.api("engineer", "GET", f"prompts/{prompt_id}"))["head"]["sha"]
    a = await client("engineer", prompt_id)
    with a.doc.transaction():
        a.type(len(START), "three\n")
        a.type(0, "mine ")
    await a.stored()
    undo = UndoManager(scopes=[a.text], capture_timeout_millis=0)
    restored = await served.api(
        "colleague", "POST", f"prompts/{prompt_id}/drafts/main/restore", {"version": first}
    )
    assert (restored["text"], restored["dirty"]) == (START, False)
    await a.sees(START)
    assert len(undo.undo_stack) == 1
    undo.undo()
    assert str(a) == "mine one\ntwo\nthree\n"
    undo.redo()
    assert str(a) == START
    await a.stored()
    undone = await served.api("engineer", "POST", f"prompts/{prompt_id}/drafts/main/undo")
    assert undone["text"] == "mine one\ntwo\nthree\n"
    await a.sees("mine one\ntwo\nthree\n")


async def test_events_tell_when_a_draft_becomes_dirty_and_when_its_problems_change(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    events = served.runtime.dispatcher.events.subscribe(served.people.workspace_id)
    a.type(0, "x")
    a.type(0, "y")
    await a.stored()
    event = await asyncio.wait_for(events.next(), 10)
    assert event is not None
    assert (event.kind, event.ids) == ("draft.changed", {"prompt": prompt_id, "branch": "main"})
    a.type(0, "{{#if")
    event = await asyncio.wait_for(events.next(), 10)
    assert event is not None
    assert (event.kind, event.ids) == ("draft.changed", {"prompt": prompt_id, "branch": "main"})
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert held["problems"][0]["line"] == 1
    events.close()
    assert json.dumps(event.ids).find("{{#if") == -1
