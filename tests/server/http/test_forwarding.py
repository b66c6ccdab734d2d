"""One process owns a store; the others forward to it, and take over when it is gone."""

from __future__ import annotations

import asyncio
import json
import stat
import threading
import urllib.parse
from pathlib import Path

import pytest
from jupyter_prompthub_server.forward.remote import Remote
from jupyter_prompthub_server.runtime import Runtime
from jupyter_prompthub_server.settings import Settings

from jupyter_prompthub.core.errors import StoreUnavailable
from tests.support.fake_provider import FakeProvider, Fault
from tests.support.serving import API, PASSWORD, Headless, Person, headless, laptop
from tests.support.sockets import Closed, Refused, Socket

TOKEN = "jupyter-token"


def me(server: Headless) -> Person:
    return server.stranger().using(TOKEN)


def events(server: Headless, query: str = "", token: str | None = TOKEN) -> Socket:
    return Socket(server.url + API + "events" + query, token)


def change(person: Person, name: str) -> None:
    """Something that makes an event."""
    answer = person.post("connections", {"name": name, "provider": "openai", "secret": "sk-12345678"})
    assert answer.status_code == 201, answer.text


def test_a_second_server_forwards_requests_with_errors_and_headers(home: Path) -> None:
    with laptop(home) as owner, laptop(home) as second:
        assert second.runtime._remote is not None
        made = me(second).post("auth/api-keys", {"name": "a"})
        assert made.status_code == 201
        assert made.headers["X-PromptHub-Receipt"]
        assert me(owner).get("auth/api-keys").json()["items"][0]["name"] == "a"
        refused = me(second).post("auth/api-keys", {"nope": 1})
        assert refused.status_code == 400
        assert refused.json()["error"]["code"] == "invalid_input"
        assert me(second).get("me?1764000000000").json() == me(owner).get("me").json()
        assert second.stranger().get("me").status_code == 401


def test_the_owner_record_is_for_this_account_only_and_its_door_needs_the_token(home: Path) -> None:
    with laptop(home) as owner:
        record = home / "owner.json"
        assert stat.S_IMODE(record.stat().st_mode) == 0o600
        door = json.loads(record.read_text())
        url = door["address"] + API + "me"
        assert owner.client.get(url).status_code == 401
        assert owner.client.get(url, headers={"Authorization": f"token {TOKEN}"}).status_code == 401
        let_in = owner.client.get(url, headers={"Authorization": f"token {door['token']}"})
        assert let_in.json()["role"] == "admin"
        assert urllib.parse.urlsplit(url).hostname == "127.0.0.1"


def test_a_server_takes_over_when_the_owner_is_gone(home: Path) -> None:
    with laptop(home) as owner, laptop(home) as second:
        me(second).post("auth/api-keys", {"name": "kept"})
        owner.do(owner.server.close())
        answer = me(second).get("auth/api-keys")
        assert answer.status_code == 200
        assert answer.json()["items"][0]["name"] == "kept"
        assert second.runtime._remote is None


def test_events_come_through_a_forwarding_server_and_catch_up(home: Path) -> None:
    with laptop(home) as owner, laptop(home) as second, events(second) as live:
        change(me(owner), "one")
        first = live.json()
        assert (first["kind"], first["ids"]) == ("connection.changed", {"name": "one"})
        change(me(second), "two")
        assert live.json()["seq"] == first["seq"] + 1
        with events(second, "?after=0") as late:
            assert [late.json()["ids"]["name"] for _ in range(2)] == ["one", "two"]
        with events(second, "?after=999") as ahead:
            assert ahead.json()["kind"] == "resync"


def test_a_forwarded_socket_ends_with_its_owner(home: Path) -> None:
    with laptop(home) as owner, laptop(home) as second, events(second) as live:
        owner.do(owner.server.close())
        with pytest.raises(Closed):
            live.json()


def test_strangers_get_no_socket(home: Path) -> None:
    with laptop(home) as owner:
        for token in (None, "wrong"):
            with pytest.raises(Refused) as refused:
                events(owner, token=token)
            assert refused.value.status == 401


def test_events_are_of_the_callers_workspace_and_end_with_the_session(home: Path) -> None:
    with headless(home) as server:
        mine, theirs = server.register(), server.register()
        with events(server, token=str(mine.token)) as live:
            change(theirs, "theirs")
            change(mine, "mine")
            assert live.json()["ids"] == {"name": "mine"}
            second = server.stranger().post("auth/login", {"email": mine.email, "password": PASSWORD})
            mine.post("auth/logout")
            change(server.signed_in(second.json()), "more")
            with pytest.raises(Closed) as closed:
                live.json()
            assert closed.value.code == 4401


def test_many_first_requests_at_once_open_the_store_once(home: Path) -> None:
    with laptop(home) as server:
        codes: list[int] = []
        threads = [
            threading.Thread(target=lambda: codes.append(me(server).get("me").status_code)) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert codes == [200] * 8


def test_a_stream_comes_through_a_forwarding_server_piece_by_piece(home: Path) -> None:
    with FakeProvider() as provider, laptop(home) as owner, laptop(home) as second:
        connection = {"name": "work", "provider": "openai_compatible", "base_url": provider.url}
        connection |= {"secret": "sk-12345678", "allow_private_address": True}
        assert me(owner).post("connections", connection).status_code == 201
        made = me(second).post("prompts", {"name": "a", "text": "---\nmodel: work/m\n---\nHi\n"}).json()
        body = {"prompt_id": made["id"], "stream": True}
        url = second.url + API + "execute"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        provider.plan(Fault.SLOW)
        with second.client.stream("POST", url, json=body, headers=headers) as answer:
            assert answer.headers["Content-Type"] == "text/event-stream"
            names = [line[7:] for line in answer.iter_lines() if line.startswith("event: ")]
        assert (names[0], names[-1]) == ("start", "result")
        assert names.count("delta") > 1


def test_hanging_up_at_a_forwarding_server_cancels_at_the_owner(home: Path) -> None:
    with FakeProvider() as provider, laptop(home) as owner, laptop(home) as second:
        connection = {"name": "work", "provider": "openai_compatible", "base_url": provider.url}
        connection |= {"secret": "sk-12345678", "allow_private_address": True}
        me(owner).post("connections", connection)
        made = me(second).post("prompts", {"name": "a", "text": "---\nmodel: work/m\n---\nHi\n"}).json()
        provider.plan(Fault.STALL)
        with Socket(owner.url + API + "events", TOKEN) as events:
            body = {"prompt_id": made["id"], "stream": True}
            headers = {"Authorization": f"Bearer {TOKEN}"}
            with second.client.stream(
                "POST", second.url + API + "execute", json=body, headers=headers
            ) as answer:
                lines = answer.iter_lines()
                while "delta" not in next(lines):
                    pass
            finished = events.json()
        assert finished["kind"] == "execution.finished"
        execution = me(owner).get(f"executions/{finished['ids']['execution']}").json()
        assert execution["state"] == "cancelled"


def test_a_room_is_joined_through_a_forwarding_server(home: Path) -> None:
    with laptop(home) as owner, laptop(home) as second:
        made = me(owner).post("prompts", {"name": "a", "text": "Hello.\n"}).json()
        place = f"{second.url}prompthub/api/collaboration/"
        session = me(second).ask(
            "PUT",
            f"../../api/collaboration/session/{made['id']}/main.prompt",
            {"format": "text", "type": "file"},
        )
        assert session.status_code == 200, session.text
        told = session.json()
        url = f"{place}room/text:file:{told['fileId']}?sessionId={told['sessionId']}"
        with Socket(url, TOKEN) as room:
            room.send(bytes([0, 0, 1, 0]))  # sync, step 1, of an empty document
            answers = [room.bytes()]
            while answers[-1][:2] != bytes([0, 1]):
                answers.append(room.bytes())
        assert b"Hello." in answers[-1]


def test_what_is_being_opened_while_a_server_closes_is_closed_too(home: Path) -> None:
    async def close_while_opening() -> tuple[Runtime, Remote | None]:
        second = Runtime(Settings.from_env({}, home=home), "laptop")
        await second.load()
        opening = asyncio.ensure_future(second.remote())
        while not second._opening.locked():
            await asyncio.sleep(0)
        await second.close()
        try:
            return second, await opening
        except StoreUnavailable:
            return second, None

    with laptop(home):
        second, remote = asyncio.run(close_while_opening())
        assert second._remote is None
        assert second._store is None
        if remote is not None:
            with pytest.raises(StoreUnavailable, match="shutting down"):
                remote.session()
