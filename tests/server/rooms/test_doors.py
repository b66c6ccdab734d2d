"""Who gets in, what is refused, and how a connection ends."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server import web
from jupyter_prompthub_server.handlers import rooms as handlers
from jupyter_prompthub_server.operations import Operation
from jupyter_prompthub_server.rooms import room as room_module
from jupyter_prompthub_server.rooms.protocol import update_message
from jupyter_prompthub_server.rooms.server import Rooms
from jupyter_prompthub_server.services import drafts
from pycrdt import Doc, Text
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

from jupyter_prompthub.core.errors import StoreUnavailable
from tests.server.rooms.conftest import Connect
from tests.server.rooms.test_durability import nobody_can_write
from tests.support.rooms import Served, YjsClient, serving

pytestmark = pytest.mark.anyio

START = "one\ntwo\n"
REFUSED = "This text cannot be changed by you now: what you typed last is not stored."


async def refused(
    served: Served, who: str, prompt_id: str, session: str = "x", branch: str = "main"
) -> tuple[int, str]:
    """Connect, and wait until the connection is closed; code and reason."""
    client = YjsClient(served.url, who, prompt_id, branch, session=session)
    await client.connect(synced=False)
    await client.until(lambda: client.closed is not None)
    await client.disconnect()
    assert client.closed is not None
    return int(client.closed[0] or 0), str(client.closed[1])


async def test_another_workspaces_draft_is_as_if_it_were_not_there(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    mine = await client("engineer", prompt_id)
    assert mine.session is not None
    missing = "00000000-0000-7000-8000-000000000000"
    for other in (prompt_id, missing):
        session = await YjsClient(served.url, "stranger", other).open_session()
        assert (session.status, session.body["error"]["message"]) == (404, "There is no such prompt here.")
        assert await refused(served, "stranger", other, mine.session) == (
            4404,
            "There is no such draft here.",
        )
        for verb, path, body in (
            ("GET", "", None),
            ("PUT", "", {"text": "x"}),
            ("POST", "/save", {}),
            ("POST", "/restore", {"version": "latest"}),
            ("POST", "/update", {"force": True}),
            ("POST", "/undo", None),
        ):
            answer = await served.ask("stranger", verb, f"api/v1/prompts/{other}/drafts/main{path}", body)
            assert (answer.status, answer.body["error"]["message"]) == (404, "There is no such prompt here.")
    assert str(mine) == START


async def test_a_branch_that_is_not_there_is_404(served: Served) -> None:
    prompt_id = await served.new_prompt(START)
    assert (await YjsClient(served.url, "engineer", prompt_id, "nowhere").open_session()).status == 404
    answer = await served.ask("engineer", "GET", f"api/v1/prompts/{prompt_id}/drafts/no..where")
    assert answer.status == 404
    assert (await refused(served, "engineer", prompt_id, branch="nowhere"))[0] == 4404


async def test_a_stranger_without_a_name_gets_no_socket(served: Served) -> None:
    prompt_id = await served.new_prompt(START)
    address = f"{served.url}/prompthub/api/collaboration/room/text:file:{prompt_id}.main".replace(
        "http", "ws", 1
    )
    with pytest.raises(HTTPClientError) as refusal:
        await websocket_connect(HTTPRequest(address))
    assert refusal.value.code == 401


async def test_a_session_of_another_draft_is_told_so(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    await client("engineer", prompt_id)
    code, reason = await refused(served, "engineer", prompt_id, "another")
    assert code == 4409
    assert "older draft" in reason


async def test_who_asks_who_is_here_is_answered_while_the_database_is_locked(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    await a.say({"user": {}})
    await b.until(lambda: len(b.others) == 1)
    with nobody_can_write(served):
        a.type(0, "x")
        await asyncio.sleep(0.1)  # the room waits for its commit now
        b.others.clear()
        await b.send(b"\x03")
        await b.until(lambda: len(b.others) == 1)
        assert str(b) == START
    await b.sees("x" + START)


async def test_a_database_that_is_away_is_worth_coming_back_for(
    served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    await a.disconnect()
    a.type(0, "offline ")

    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("The database is not available.")

    with monkeypatch.context() as broken:
        broken.setattr(Rooms, "join", away)
        await a.connect(synced=False)
        await a.until(lambda: a.closed is not None)
        assert a.closed is not None
        assert a.closed[0] == 4503
    await a.connect()
    await a.stored()
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert held["text"] == "offline " + START


async def test_a_session_outlives_the_server_and_offline_edits_merge(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    a.type(0, "before ")
    await a.stored()
    await a.disconnect()
    a.type(0, "offline ")
    await served.rooms.close()
    assert served.rooms.open_rooms == 0
    await a.connect()
    await a.stored()
    b = await client("colleague", prompt_id)
    assert str(b) == "offline before one\ntwo\n"


@pytest.mark.parametrize(
    "message", [b"\x07", b"\x00\x02\x05abc", b"\x00\x02\x03abc", b"\x00\x00\x01\xff", "text"]
)
async def test_what_is_no_message_closes_its_own_connection_only(
    served: Served, client: Connect, message: bytes | str
) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    await a.send(message)
    await a.until(lambda: a.closed is not None)
    assert a.closed is not None
    assert a.closed[0] == 4400
    b.type(0, "still ")
    await b.stored()
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert held["text"] == "still one\ntwo\n"


async def test_a_message_over_a_mebibyte_is_not_read(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    await a.send(update_message(b"x" * (1024 * 1024)))
    await a.until(lambda: a.closed is not None)
    assert a.closed is not None
    assert a.closed[0] in (1009, 1006, None)  # tornado drops the connection after sending 1009
    assert (await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main"))["text"] == START


async def test_a_long_text_can_be_edited_but_not_saved(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    long = "x" * 300_000
    a.type(0, long)
    await b.sees(long + START)
    answer = await served.ask("engineer", "POST", f"api/v1/prompts/{prompt_id}/drafts/main/save", {})
    assert answer.status in (413, 422), answer
    assert str(b) == long + START


async def test_a_text_that_would_pass_two_mebibytes_is_not_taken(
    served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "MAX_TEXT", 1000)
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    a.type(0, "x" * 1000)
    await a.until(lambda: a.closed is not None)
    assert a.closed is not None
    assert a.closed[0] == 4413
    await b.stored()
    assert str(b) == START
    await a.disconnect()
    del a.text[0:900]  # made shorter offline, it is taken
    await a.connect()
    await a.stored()
    await b.sees("x" * 100 + START)


async def test_who_was_disabled_is_sent_away(
    served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "_ASK_AGAIN_MS", 20)
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    served.door.gone.add("engineer")
    await a.until(lambda: a.closed is not None)
    assert a.closed is not None
    assert a.closed[0] == 4401
    b.type(0, "x")
    await b.stored()
    assert b.closed is None


async def test_who_lost_a_permission_comes_back_with_what_is_left(
    served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "_ASK_AGAIN_MS", 20)
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    served.door.instead["engineer"] = served.people.viewer
    await a.until(lambda: a.closed is not None)
    assert a.closed is not None
    assert a.closed[0] == 1012
    await a.connect()
    a.type(0, "x")
    with pytest.raises(WebSocketClosedError):
        await a.stored()
    assert a.closed == (4403, REFUSED)
    assert (await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main"))["text"] == START


async def test_a_role_that_is_taken_away_holds_at_once_in_an_open_draft(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    a.type(0, "before ")
    await a.stored()
    await b.sees("before " + START)
    member = served.people.engineer.actor_id
    await served.api("admin", "PATCH", f"members/{member}", {"role": "viewer"})
    await a.until(lambda: a.closed is not None)
    assert a.closed == (1012, "Your permissions have changed.")
    await a.connect()  # by what is remembered of them they may still write
    a.type(0, "after ")
    await a.until(lambda: a.closed is not None)
    assert a.closed == (1012, "Your permissions have changed.")
    await b.until(lambda: b.closed is not None)
    await b.connect()
    b.type(0, "b ")
    await b.stored()
    draft = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert draft["text"] == "b before " + START
    assert {editor["id"] for editor in draft["editors"]} == {member, served.people.colleague.actor_id}


async def test_who_may_only_read_is_told_that_nothing_is_missing(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("viewer", prompt_id)
    a.type(0, "x")
    await b.sees("x" + START)
    await b.stored()
    assert b.closed is None


async def test_an_archived_prompts_draft_is_read_only(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    a = await client("engineer", prompt_id)
    await served.api("team_lead", "DELETE", f"prompts/{prompt_id}")
    await a.until(lambda: a.closed is not None)
    await a.connect()
    a.type(0, "x")
    with pytest.raises(WebSocketClosedError):
        await a.stored()
    assert a.closed == (4403, REFUSED)
    assert (await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main"))["text"] == START
    answer = await served.ask("engineer", "PUT", f"api/v1/prompts/{prompt_id}/drafts/main", {"text": "x"})
    assert answer.status == 409


async def test_a_deleted_branch_closes_its_room(served: Served, client: Connect) -> None:
    prompt_id = await served.new_prompt(START)
    await served.api("engineer", "POST", f"prompts/{prompt_id}/branches", {"name": "side"}, status=201)
    a = await client("engineer", prompt_id, "side")
    answer = await served.ask("engineer", "DELETE", f"api/v1/prompts/{prompt_id}/branches/side")
    assert answer.status in (200, 204)
    await a.until(lambda: a.closed is not None)
    assert a.closed is not None
    assert a.closed == (4404, "The branch was deleted.")


async def test_who_asks_for_a_draft_whose_branch_is_deleted_in_a_commit_is_answered_and_its_heir_opens(
    served: Served, client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that waited for the closed room kept the lock of the draft, so that one made anew never opened."""
    prompt_id = await served.new_prompt(START)
    await served.api("engineer", "POST", f"prompts/{prompt_id}/branches", {"name": "side"}, status=201)
    a = await client("engineer", prompt_id, "side")
    call, begun = Rooms._call, asyncio.Event()

    async def hangs(self: Rooms, op: Operation, *more: Any) -> Any:
        if op is drafts.append:
            begun.set()
            await asyncio.Event().wait()
        return await call(self, op, *more)

    with monkeypatch.context() as hanging:
        hanging.setattr(Rooms, "_call", hangs)
        a.type(0, "x")
        await asyncio.wait_for(begun.wait(), 20)
        path = f"api/v1/prompts/{prompt_id}/drafts/side"
        asking = asyncio.create_task(served.ask("engineer", "GET", path))
        key = next(key for key in served.rooms._rooms if key.branch == "side")
        while not served.rooms._lock(key).locked():
            await asyncio.sleep(0.01)
        answer = await served.ask("engineer", "DELETE", f"api/v1/prompts/{prompt_id}/branches/side")
        assert answer.status == 204
        assert (await asyncio.wait_for(asking, 20)).status == 503
        await a.until(lambda: a.closed is not None)
        assert a.closed == (4404, "The branch was deleted.")
    await served.api("engineer", "POST", f"prompts/{prompt_id}/branches", {"name": "side"}, status=201)
    b = await client("engineer", prompt_id, "side")
    assert str(b) == START


async def test_a_session_is_opened_as_a_browser_asks_without_naming_json(served: Served) -> None:
    prompt_id = await served.new_prompt(START)
    answer = await AsyncHTTPClient().fetch(
        HTTPRequest(
            f"{served.url}/prompthub/api/collaboration/session/{prompt_id}/main.prompt",
            method="PUT",
            headers={"Authorization": "token engineer", "Content-Type": "text/plain;charset=UTF-8"},
            body=json.dumps({"format": "text", "type": "file"}),
        )
    )
    assert json.loads(answer.body)["fileId"] == f"{prompt_id}.main"


async def test_a_draft_of_a_bad_path_is_refused(served: Served) -> None:
    for path in ("x", "x%2Fmain", "x%2Fmain.txt"):
        answer = await served.ask(
            "engineer", "PUT", f"api/collaboration/session/{path}", {"format": "text", "type": "file"}
        )
        assert answer.status == 404
    answer = await served.ask(
        "engineer", "PUT", "api/collaboration/session/x%2Fmain.prompt", {"format": "json", "type": "notebook"}
    )
    assert answer.status == 400


async def test_a_hand_made_update_of_another_root_does_not_disturb_the_text(
    served: Served, client: Connect
) -> None:
    prompt_id = await served.new_prompt(START)
    a, b = await client("engineer", prompt_id), await client("colleague", prompt_id)
    other = Doc()
    other.get("elsewhere", type=Text).insert(0, "y" * 50)
    await a.send(update_message(other.get_update()))
    await a.stored()
    held = await served.api("viewer", "GET", f"prompts/{prompt_id}/drafts/main")
    assert (held["text"], held["dirty"], str(b)) == (START, False, START)


async def test_a_connection_outlives_the_servers_pings(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch, anyio_backend: str
) -> None:
    monkeypatch.setattr(web, "PING_MS", 400)
    async with serving(database, home) as served:
        prompt_id = await served.new_prompt(START)
        client = await YjsClient(served.url, "engineer", prompt_id).connect()
        await asyncio.sleep(1.5)  # three pings
        assert client.closed is None
        client.type(0, "still ")
        await client.stored()
        await client.disconnect()
