"""Two workspaces behind one headless server, with something of everything in each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.contracts.authorization import TEXT
from tests.support.serving import PASSWORD, Headless, Person

__all__ = ["MISSING", "Place", "World", "settle"]

MISSING = "00000000-0000-7000-8000-000000000000"
_numbers = itertools.count(1)


@dataclass
class Place:
    """A workspace: people, and the ids of what is in it."""

    admin: Person
    ids: dict[str, str] = field(default_factory=dict)

    def new_prompt(self) -> str:
        """A prompt with two versions, a branch ``side``, two deployments to staging, and a review of a branch ``ahead``."""
        name = f"walker/p{next(_numbers)}"
        made = _ok(self.admin.post("prompts", {"name": name, "text": TEXT}))
        base = f"prompts/{made['id']}"
        _ok(self.admin.ask("PUT", base, {"text": TEXT + "Again.\n", "commit_message": "second"}))
        _ok(self.admin.post(f"{base}/branches", {"name": "side", "base_version": "latest"}))
        first = _ok(self.admin.get(f"{base}/versions"))["items"][-1]["sha"]
        _ok(self.admin.post(f"{base}/promote", {"environment": "staging", "version": first}))
        _ok(self.admin.post(f"{base}/promote", {"environment": "staging"}))
        _ok(self.admin.post(f"{base}/branches", {"name": "ahead", "base_version": "latest"}))
        ahead = {"text": TEXT + "Ahead.\n", "commit_message": "ahead", "branch": "ahead"}
        _ok(self.admin.ask("PUT", base, ahead))
        _ok(self.admin.post(f"{base}/reviews", {"source": "ahead"}))
        return str(made["id"])

    def new_connection(self) -> str:
        name = f"walker{next(_numbers)}"
        _ok(self.admin.post("connections", {"name": name, "provider": "openai", "secret": "sk-walker-2"}))
        return name

    def new_key(self, person: Person) -> str:
        return str(_ok(person.post("auth/api-keys", {"name": "walker"}))["id"])

    def new_thread(self, prompt_id: str, person: Person | None = None) -> dict[str, str]:
        """A conversation of the prompt's review, begun by ``person`` if they may."""
        path, body = f"prompts/{prompt_id}/reviews/1/threads", {"body": "Why?"}
        answer = (person or self.admin).post(path, body)
        made = _ok(answer if answer.is_success else self.admin.post(path, body))
        return {"thread_id": str(made["id"]), "comment_id": str(made["comments"][0]["id"])}

    def new_protection(self) -> str:
        """One that holds for no prompt."""
        body = {"prompts": f"walker/none{next(_numbers)}", "rules": {"approvals": 1}}
        return str(_ok(self.admin.post("protections", body))["id"])

    def new_sample(self, prompt_id: str) -> str:
        body = {"name": f"walker {next(_numbers)}", "inputs": {"word": "x"}}
        return str(_ok(self.admin.post(f"prompts/{prompt_id}/samples", body))["id"])

    def new_execution(self, prompt_id: str) -> str:
        """An execution; the replay has no answer for it, so it is a failed one."""
        self.admin.post("execute", {"prompt_id": prompt_id, "inputs": {"word": "x"}, "connection": "replay"})
        items = _ok(self.admin.get("executions", params={"prompt_id": prompt_id}))["items"]
        return str(items[0]["id"])


@dataclass
class World:
    """``here`` is walked; ``there`` is somebody else's."""

    server: Headless
    here: Place
    there: Place
    people: dict[str, Person]
    """anonymous, the four roles, disabled, expired, narrow_key (an admin's key as viewer)"""


def settle(server: Headless) -> World:
    """Make all of it."""
    here, there = _place(server), _place(server)
    people = {"anonymous": server.stranger(), "admin": here.admin}
    for role in ("viewer", "engineer", "team_lead"):
        people[role] = server.member(here.admin, role)
    disabled = server.member(here.admin, "admin")
    _ok(here.admin.ask("PATCH", f"members/{disabled.id}", {"disabled": True}))
    people["disabled"] = disabled
    people["expired"] = server.stranger().using(_expired(server, here.admin))
    narrow = _ok(here.admin.post("auth/api-keys", {"name": "narrow", "role": "viewer"}))
    people["narrow_key"] = server.stranger().using(narrow["key"])
    return World(server, here, there, people)


def sign_in(server: Headless, person: Person) -> Person:
    """Another session of the same person."""
    body = {"email": person.email, "password": PASSWORD}
    return server.signed_in(_ok(server.stranger().post("auth/login", body)))


def _place(server: Headless) -> Place:
    place = Place(server.register())
    prompt_id = place.new_prompt()
    versions = _ok(place.admin.get(f"prompts/{prompt_id}/versions"))["items"]
    place.ids = {
        "prompt_id": prompt_id,
        "ref": versions[0]["sha"],
        "a": versions[-1]["sha"],
        "b": versions[0]["sha"],
        "branch": "side",
        "name": place.new_connection(),
        "key_id": place.new_key(place.admin),
        "actor_id": server.member(place.admin, "viewer").id,
        "execution_id": place.new_execution(prompt_id),
        "number": "1",
        **place.new_thread(prompt_id),
        "protection_id": place.new_protection(),
        "sample_id": place.new_sample(prompt_id),
    }
    return place


def _expired(server: Headless, person: Person) -> str:
    from jupyter_prompthub_server.access.signing import AccessTokens, signing_key

    key = signing_key(None, server.runtime.settings.home / "keys" / "jwt.key")
    return AccessTokens(key, -5).sign(person.id, person.workspace, "some family")[0]


def _ok(answer: httpx.Response) -> Any:
    assert answer.is_success, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    )
    return answer.json() if answer.content else None
