"""A team: accounts at ``prompthub serve``, and Labs of some of them, each forwarding with its user's own key."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.e2e.desk import Desk
from tests.e2e.lab import HTTP, Lab, running_lab
from tests.support.processes import serve
from tests.support.serving import API, PASSWORD

__all__ = ["Account", "Team", "running_team"]


class Account:
    """Somebody with an account at ``prompthub serve``."""

    def __init__(self, url: str, name: str, **more: str) -> None:
        self.url, self.name = url, name
        body = {"email": f"{name.lower()}@example.org", "password": PASSWORD, "full_name": name, **more}
        self.token = ""
        self.token = self.call("POST", "auth/register", body)["access_token"]

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = HTTP.request(method, f"{self.url}{API}{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def members(self) -> list[dict[str, dict[str, str]]]:
        return list(self.call("GET", "members")["items"])

    def invited(self, name: str, role: str) -> Account:
        return Account(self.url, name, invitation=self.call("POST", "invitations", {"role": role})["token"])


@dataclass
class Team:
    """``accounts``, ``labs`` and ``desks`` are by name; ``ids`` are the actors'. The admin sits at no Lab."""

    admin: Account
    accounts: dict[str, Account] = field(default_factory=dict)
    labs: dict[str, Lab] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    """ids by name"""
    allowed: list[str] = field(default_factory=list)
    """console errors like these are brought about by the test"""

    @property
    def ids(self) -> dict[str, str]:
        return {each["actor"]["display_name"]: each["actor"]["id"] for each in self.admin.members()}


@contextmanager
def running_team(
    home: Path, roles: Mapping[str, str], prompts: Mapping[str, str], seat: Callable[[Lab], Desk | None]
) -> Iterator[Team]:
    """A server with prompts, and a Lab for each of the people.

    Args:
        roles: who sits at a Lab, with their role.
        prompts: texts by name.
        seat: opens a window of a Lab.
    """
    with ExitStack() as stack:
        server = stack.enter_context(serve(home / "serve"))
        team = Team(Account(server.url, "Ada", organization="Team"))
        for name, text in prompts.items():
            body = {"name": name, "text": text, "commit_message": "First"}
            team.prompts[name] = str(team.admin.call("POST", "prompts", body)["id"])
        for name, role in roles.items():
            account = team.accounts[name] = team.admin.invited(name, role)
            key = account.call("POST", "auth/api-keys", {"name": "lab"})
            store = home / name / "prompthub"
            store.mkdir(parents=True)
            # the Lab finds an owner of its store, and forwards to it
            stack.enter_context(FileLock(store / "owner.lock"))
            record = {"pid": os.getpid(), "host": socket.gethostname()}
            record |= {"address": server.url, "token": key["key"]}
            (store / "owner.json").write_text(json.dumps(record))
            lab = team.labs[name] = stack.enter_context(running_lab(home / name, seeded=False))
            if (desk := seat(lab)) is not None:
                team.desks[name] = desk
        yield team
