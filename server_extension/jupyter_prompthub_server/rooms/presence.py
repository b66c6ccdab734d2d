"""Who is in a room: awareness states, each spoken for by its own connection only."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from .protocol import AwarenessEntry

__all__ = ["Identity", "Presence"]

_MAX_CLIENTS = 16
_MAX_STATE = 16 * 1024
_COLOR = re.compile(r"var\(--[\w-]{1,60}\)|#[0-9a-fA-F]{3,8}|[a-zA-Z]{1,20}")
_GONE = "null"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the server knows about who is connected."""

    username: str
    display_name: str


class Presence:
    """The awareness states of one room.

    y-websocket repeats what it has received, so entries of others are normal: they are dropped, not punished.
    """

    def __init__(self) -> None:
        self._owner: dict[int, Hashable] = {}
        self._states: dict[int, AwarenessEntry] = {}

    def say(
        self, who: Hashable, identity: Identity, entries: tuple[AwarenessEntry, ...]
    ) -> list[AwarenessEntry]:
        """Take what a connection says.

        Args:
            who: the connection.
            identity: replaces the ``user`` that it claims to be.
            entries: what it sent.

        Returns:
            What is to be told to everybody, ``who`` included (which keeps its connection alive).
        """
        told = []
        for entry in entries:
            if self._owner.get(entry.client, who) != who:
                continue
            if entry.client not in self._owner and self._count(who) >= _MAX_CLIENTS:
                continue
            state = _stamped(entry.state, identity)
            if state is None:
                continue
            known = self._states.get(entry.client)
            if known is not None and entry.clock < known.clock:
                continue
            self._owner[entry.client] = who
            told.append(AwarenessEntry(entry.client, entry.clock, state))
            self._states[entry.client] = told[-1]
        return told

    def leave(self, who: Hashable) -> list[AwarenessEntry]:
        """Forget a connection; returns what is to be told to the others."""
        mine = [client for client, owner in self._owner.items() if owner == who]
        told = []
        for client in mine:
            del self._owner[client]
            last = self._states.pop(client)
            if last.state != _GONE:
                told.append(AwarenessEntry(client, last.clock + 1, _GONE))
        return told

    def everybody(self) -> list[AwarenessEntry]:
        """The states of all who are here."""
        return [e for e in self._states.values() if e.state != _GONE]

    def _count(self, who: Hashable) -> int:
        return sum(owner == who for owner in self._owner.values())


def _stamped(state: str, identity: Identity) -> str | None:
    """The state with its ``user`` made true; None for one that is too long or no JSON object."""
    if len(state) > _MAX_STATE:
        return None
    try:
        value = json.loads(state)
    except (ValueError, RecursionError):
        return None
    if value is None:
        return _GONE
    if not isinstance(value, dict):
        return None
    if "user" in value:
        value["user"] = _user(value["user"], identity)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _user(claimed: Any, identity: Identity) -> dict[str, str]:
    """Name from the server; colour and initials as claimed; no picture, since its address would be
    fetched by everybody's browser."""
    user = {
        "username": identity.username,
        "name": identity.display_name,
        "display_name": identity.display_name,
    }
    if isinstance(claimed, dict):
        color, initials = claimed.get("color"), claimed.get("initials")
        if isinstance(color, str) and _COLOR.fullmatch(color):
            user["color"] = color
        if isinstance(initials, str):
            user["initials"] = initials[:4]
    return user
