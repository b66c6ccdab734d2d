"""Every verb of every address, for everybody, on their own, another's and nobody's objects: against a table
that was written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_prompthub_server.handlers.api import ApiHandler
from jupyter_prompthub_server.handlers.base import PromptHubSocket
from jupyter_prompthub_server.handlers.missing import NothingHere
from jupyter_prompthub_server.handlers.table import API as ROOT
from jupyter_prompthub_server.handlers.table import handlers
from jupyter_prompthub_server.routes import routes

from tests.contracts.authorization import ANYBODY, KNOWN, ROLES, ROWS, Row
from tests.contracts.world import MISSING, World, settle, sign_in
from tests.support.serving import API, Person, headless
from tests.support.sockets import Closed, Refused, Socket

FORWARDED = {"X-Forwarded-For": "203.0.113.9"}  # loopback alone opens health and metrics
SHA = "0" * 64


def _names(row: Row) -> set[str]:
    """The placeholders of a row: in its path, or the whole of a body's value."""
    values = [value for value in (row.body or {}).values() if isinstance(value, str)]
    return {*re.findall(r"\{(\w+)\}", row.path), *(v[1:-1] for v in values if re.fullmatch(r"\{\w+\}", v))}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("walker")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROMPTHUB_REPLAY_FILE", str(home / "empty.jsonl"))
        (home / "empty.jsonl").write_text("")
        with headless(home) as server:
            yield settle(server)


def test_every_route_has_its_row_and_every_row_a_route() -> None:
    live = {f"{route.method} {route.path}" for route in routes()}
    for pattern, kind in handlers():
        path = pattern.removeprefix(ROOT + "/").replace("\\", "")
        if kind in (ApiHandler, NothingHere):
            continue
        if issubclass(kind, PromptHubSocket):
            live.add(f"SOCKET {path}")
            continue
        for verb in ("get", "post", "put", "patch", "delete"):
            if hasattr(getattr(kind, verb), "__prompthub_auth__"):
                live.add(f"{verb.upper()} {path}")
    written = {row.name for row in ROWS}
    collaboration = {name for name in written if "collaboration" in name}
    shaped = {
        "PUT ../../api/collaboration/session/{prompt_id}/{branch}.prompt": (
            "PUT /prompthub/api/collaboration/session/(.+)"
        ),
        "SOCKET ../../api/collaboration/room/text:file:{prompt_id}.{branch}": (
            "SOCKET /prompthub/api/collaboration/room/([^/]+)"
        ),
    }
    assert written - collaboration | {shaped[name] for name in collaboration} == live


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_everybody_gets_what_the_table_says(world: World, row: Row) -> None:
    for who, person in world.people.items():
        status, text = ask(world, row, who, person)
        if who in ("anonymous", "disabled", "expired"):
            allowed = row.least == ANYBODY
            assert (status != 401) if allowed else (status == 401), f"{who}: {status} {text}"
        else:
            role = {"narrow_key": "viewer"}.get(who, who)
            allowed = row.least in (ANYBODY, KNOWN) or ROLES.index(role) >= ROLES.index(row.least)
            if allowed:
                assert status not in (401, 403), f"{who}: {status} {text}"
                assert status < 500, f"{who}: {status} {text}"
            else:
                assert status == 403, f"{who}: {status} {text}"
                assert "permission" in text, text


def with_ids() -> list[Row]:
    return [row for row in ROWS if _names(row) and row.method != "SOCKET"]


@pytest.mark.parametrize("row", with_ids(), ids=lambda row: row.name)
def test_anothers_object_is_answered_like_a_missing_one(world: World, row: Row) -> None:
    admin = world.people["admin"]
    foreign = send(admin, row, world.there.ids)
    missing = send(admin, row, {**world.there.ids, **dict.fromkeys(_names(row), MISSING)})
    assert foreign[0] == 404, foreign
    ids = [*world.there.ids.values(), MISSING]
    assert (foreign[0], _anonymized(foreign[1], ids)) == (missing[0], _anonymized(missing[1], ids))


def two_ids() -> list[tuple[Row, str]]:
    return [
        (row, name)
        for row in ROWS
        for name in ("ref", "a", "b", "branch", "number", "thread_id", "comment_id")
        if "{prompt_id}" in row.path and f"{{{name}}}" in row.path and row.method != "SOCKET"
    ]


@pytest.mark.parametrize(("row", "name"), two_ids(), ids=lambda value: getattr(value, "name", value))
def test_a_child_must_belong_to_its_parent(world: World, row: Row, name: str) -> None:
    """A prompt of one's own with the version or branch of another prompt, here or elsewhere."""
    admin = world.people["admin"]
    made = admin.post(
        "prompts", {"name": f"walker/bare-{abs(hash((row.name, name)))}", "text": "Just this.\n"}
    ).json()
    own = {**world.here.ids, "prompt_id": made["id"], "ref": made["head"]["sha"], "a": made["head"]["sha"]}
    own |= {"b": made["head"]["sha"], "branch": "main"}
    of_sibling = send(admin, row, {**own, name: world.here.ids[name]})
    of_stranger = send(admin, row, {**own, name: world.there.ids[name]})
    missing = send(admin, row, {**own, name: {"branch": "no-such", "number": "9"}.get(name, SHA)})
    ids = [world.here.ids[name], world.there.ids[name], "no-such", SHA, made["id"]]
    assert missing[0] == 404, missing
    for answer in (of_sibling, of_stranger):
        assert (answer[0], _anonymized(answer[1], ids)) == (missing[0], _anonymized(missing[1], ids))


def test_a_room_of_another_workspace_is_not_there(world: World) -> None:
    admin = world.people["admin"]
    for prompt_id in (world.there.ids["prompt_id"], MISSING):
        url = f"{admin.url}prompthub/api/collaboration/room/text:file:{prompt_id}.main?sessionId=x"
        with Socket(url, admin.token) as room, pytest.raises(Closed) as closed:
            room.json()
        assert closed.value.code == 4404


def ask(world: World, row: Row, who: str, person: Person) -> tuple[int, str]:
    """One request that would work but for who asks. What may change something gets an object of its own."""
    ids = dict(world.here.ids)
    if row.method != "GET" and who not in ("anonymous", "disabled", "expired"):
        if "prompt_id" in _names(row):
            ids["prompt_id"] = world.here.new_prompt()
        if "name" in _names(row):
            ids["name"] = world.here.new_connection()
        if "key_id" in _names(row):
            ids["key_id"] = world.here.new_key(person)
        if "thread_id" in _names(row):
            ids |= world.here.new_thread(ids["prompt_id"], person)
        if "protection_id" in _names(row):
            ids["protection_id"] = world.here.new_protection()
        if "sample_id" in _names(row):
            ids["sample_id"] = world.here.new_sample(ids["prompt_id"])
        if row.path == "auth/logout" and person.email:
            person = sign_in(world.server, person)
    return send(person, row, ids)


def send(person: Person, row: Row, ids: dict[str, str]) -> tuple[int, str]:
    path = row.path.format(**ids)
    if row.method == "SOCKET":
        url = f"{person.url}{API}{path}" if not path.startswith("..") else f"{person.url}prompthub/{path[6:]}"
        try:
            with Socket(url, person.token):
                return 101, ""
        except Refused as refused:
            return refused.status, refused.body
    path = f"../../{path[6:]}" if path.startswith("..") else path
    answer = person.ask(row.method, path, _filled(row.body, ids), params=row.query or None, headers=FORWARDED)
    return answer.status_code, answer.text


def _filled(body: Any, ids: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {
            key: value.format(**ids) if isinstance(value, str) and re.fullmatch(r"\{\w+\}", value) else value
            for key, value in body.items()
        }
    return body


def _anonymized(text: str, ids: list[str]) -> str:
    text = re.sub(r'"trace_id":"\w+"', "", text)
    for known in sorted(ids, key=len, reverse=True):
        text = text.replace(known, "<id>")
    return text
