"""The event socket says to its caller when the caller's own permissions have changed."""

from __future__ import annotations

import pytest

from tests.support.serving import API, Headless, Person
from tests.support.sockets import Closed, Socket


def _id(person: Person) -> str:
    return str(person.get("me").json()["actor"]["id"])


def test_who_gets_another_role_is_told_at_once_and_nobody_else_is(server: Headless) -> None:
    admin = server.register("Team")
    one, other = server.member(admin, "engineer"), server.member(admin, "engineer")
    changed = _id(one)
    with (
        Socket(server.url + API + "events", one.token) as told,
        Socket(server.url + API + "events", other.token) as not_told,
    ):
        for role in ("viewer", "team_lead"):
            answer = admin.ask("PATCH", f"members/{changed}", {"role": role})
            assert answer.status_code == 200, answer.text
            event = told.json()
            assert (event["kind"], event["seq"], event["ids"]) == ("me.changed", 0, {})
            assert one.get("me").json()["role"] == role
        created = admin.post("prompts", {"name": "after", "text": "Hi"})
        assert created.status_code == 201, created.text
        assert not_told.json()["kind"] == "prompt.created"


def test_a_name_that_is_given_again_is_no_change_of_permissions(server: Headless) -> None:
    admin = server.register("Team")
    one = server.member(admin, "viewer")
    with Socket(server.url + API + "events", one.token) as told:
        assert admin.ask("PATCH", f"members/{_id(one)}", {"role": "viewer"}).status_code == 200
        assert admin.post("prompts", {"name": "after", "text": "Hi"}).status_code == 201
        assert told.json()["kind"] == "prompt.created"


def test_who_signs_out_or_is_disabled_hears_nothing_more_at_once(server: Headless) -> None:
    admin = server.register("Team")
    one, other = server.member(admin, "engineer"), server.member(admin, "engineer")
    disabled = _id(other)
    with (
        Socket(server.url + API + "events", one.token) as told,
        Socket(server.url + API + "events", other.token) as also_told,
    ):
        assert one.post("auth/logout").is_success
        assert admin.ask("PATCH", f"members/{disabled}", {"disabled": True}).status_code == 200
        for each in (
            told,
            also_told,
        ):  # within the socket's 15 s, which is less than the 30 s of asking again
            with pytest.raises(Closed) as closed:
                each.bytes()
            assert closed.value.code == 4401
