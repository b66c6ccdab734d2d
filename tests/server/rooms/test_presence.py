"""Awareness: everybody speaks for itself only."""

from __future__ import annotations

import json
from typing import Any

from jupyter_prompthub_server.rooms.presence import Identity, Presence
from jupyter_prompthub_server.rooms.protocol import AwarenessEntry

ALICE = Identity("alice", "Alice")
BOB = Identity("bob", "Bob")


def entry(client: int, clock: int, state: Any) -> tuple[AwarenessEntry, ...]:
    return (AwarenessEntry(client, clock, json.dumps(state)),)


def test_a_claimed_name_is_replaced_by_the_true_one() -> None:
    presence = Presence()
    claimed = {
        "username": "bob",
        "name": "Bob",
        "color": "var(--jp-x)",
        "initials": "BO",
        "avatar_url": "http://x/",
    }
    (told,) = presence.say("a", ALICE, entry(1, 1, {"user": claimed, "cursors": [1]}))
    assert json.loads(told.state) == {
        "user": {
            "username": "alice",
            "name": "Alice",
            "display_name": "Alice",
            "color": "var(--jp-x)",
            "initials": "BO",
        },
        "cursors": [1],
    }


def test_nobody_speaks_for_another_connections_client() -> None:
    presence = Presence()
    presence.say("a", ALICE, entry(1, 1, {"here": True}))
    assert presence.say("b", BOB, entry(1, 2, {"here": False})) == []
    assert presence.say("b", BOB, entry(1, 2, None)) == []
    assert [e.client for e in presence.everybody()] == [1]


def test_an_older_state_does_not_replace_a_newer_one() -> None:
    presence = Presence()
    presence.say("a", ALICE, entry(1, 5, {"n": 5}))
    assert presence.say("a", ALICE, entry(1, 4, {"n": 4})) == []
    assert json.loads(presence.everybody()[0].state) == {"n": 5}


def test_who_leaves_is_taken_out_and_can_come_back() -> None:
    presence = Presence()
    presence.say("a", ALICE, entry(1, 5, {"n": 5}))
    assert presence.leave("a") == [AwarenessEntry(1, 6, "null")]
    assert presence.everybody() == []
    assert presence.say("a2", ALICE, entry(1, 7, {"n": 7})) != []


def test_states_and_clients_are_bounded() -> None:
    presence = Presence()
    assert presence.say("a", ALICE, entry(1, 1, {"x": "y" * 20_000})) == []
    assert presence.say("a", ALICE, entry(1, 1, [1])) == []
    assert presence.say("a", ALICE, (AwarenessEntry(1, 1, "[" * 10_000),)) == []
    told = [presence.say("a", ALICE, entry(client, 1, {})) for client in range(40)]
    assert sum(map(len, told)) == 16
