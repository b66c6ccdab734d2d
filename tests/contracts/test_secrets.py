"""Planted secrets come out nowhere: not in logs, files, answers, the description, or websocket frames."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.world import sign_in
from tests.support.serving import API, Headless, Person, headless
from tests.support.sockets import Socket

PROVIDER_KEY = "sk-canary-4f9a1c77e2b84d06"
PASSWORD = "canary password 93b1"
NEW_KEY = "sk-canary-second-77aa12cd9931"


class Canary:
    """Everything that was said and written while secrets were used."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {"provider key": PROVIDER_KEY, "second key": NEW_KEY}
        self.heard: list[tuple[str, str]] = []

    def found(self, where: str, text: str, *, but: tuple[str, ...] = ()) -> list[str]:
        """Which secrets stand in a text (also without their last four characters, which are shown)."""
        return [
            f"{name} in {where}"
            for name, secret in self.secrets.items()
            if name not in but and secret[:-4] in text
        ]


@pytest.fixture
def canary(
    home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Canary, Headless, Person]]:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "markdown_it")
    monkeypatch.setenv("PROMPTHUB_REPLAY_FILE", str(home / "replay.jsonl"))
    (home / "replay.jsonl").write_text("")
    with headless(home) as server:
        person = server.register()
        yield Canary(), server, person


def test_planted_secrets_come_out_nowhere(
    canary: tuple[Canary, Headless, Person], home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told, server, admin = canary
    answers: list[tuple[str, str]] = []

    def ask(method: str, path: str, body: Any = None, who: Person = admin, **kwargs: Any) -> Any:
        answer = who.ask(method, path, body, **kwargs)
        answers.append((f"{method} {path} {answer.status_code}", answer.text + str(answer.headers)))
        return answer.json() if answer.content else {}

    frames: list[str] = []
    with Socket(server.url + API + "events", admin.token) as events:
        # secrets in use
        connection = {"name": "work", "provider": "openai", "secret": PROVIDER_KEY}
        ask("POST", "connections", connection, headers={"Idempotency-Key": "canary"})
        ask("POST", "connections", connection, headers={"Idempotency-Key": "canary"})
        ask("PATCH", "connections/work", {"secret": NEW_KEY})
        frames += [json.dumps(events.json()), json.dumps(events.json())]
    other = sign_in(server, admin)
    told.secrets["access token"] = str(other.token)
    told.secrets["refresh token"] = str(other.refresh_token)
    renewed = server.stranger().post("auth/refresh", {"refresh_token": other.refresh_token}).json()
    told.secrets["second refresh token"] = renewed["refresh_token"]
    key = admin.post("auth/api-keys", {"name": "robot"}).json()["key"]
    told.secrets["API key"] = key
    token = admin.post("invitations", {"role": "viewer"}).json()["token"]
    told.secrets["invitation"] = token
    told.secrets["password"] = PASSWORD
    body = {"email": "canary@example.org", "password": PASSWORD, "full_name": "Canary", "invitation": token}
    made = server.stranger().post("auth/register", body)
    assert made.status_code == 201
    ask("GET", "me", who=server.stranger().using(key))
    for file in (home / "keys").iterdir():
        told.secrets[file.name] = file.read_bytes().decode("latin-1").strip()
    told.secrets["owner's door"] = json.loads((home / "owner.json").read_text())["token"]

    # secrets in requests that fail
    ask("POST", "connections", {**connection, "secret": PROVIDER_KEY, "nope": PROVIDER_KEY[:-4]})
    ask("POST", "connections", {"name": "Bad Name", "provider": "openai", "secret": PROVIDER_KEY})
    ask("POST", "auth/login", {"email": "canary@example.org", "password": PASSWORD + "x"}, server.stranger())
    ask("POST", "auth/login", {"email": "canary@example.org", "password": [PASSWORD]}, server.stranger())
    ask("POST", "auth/refresh", {"refresh_token": other.refresh_token}, server.stranger())
    ask("POST", "auth/refresh", {"refresh_token": {"a": other.refresh_token}}, server.stranger())
    ask("POST", "auth/register", {**body, "email": "again@example.org"}, server.stranger())
    ask("POST", "auth/register", {**body, "email": 1, "password": {"p": PASSWORD}}, server.stranger())
    ask("GET", "me", who=server.stranger().using(key[:-1] + "0"))
    prompt = ask("POST", "prompts", {"title": "Canary", "text": "---\nmodel: work/gpt-4o\n---\nHi\n"})
    ask("POST", "execute", {"prompt_id": prompt.get("id", "x"), "connection": "replay"})

    # what can be asked for
    for path in (
        "connections",
        "models",
        "members",
        "auth/api-keys",
        "audit",
        "executions",
        "health",
        "openapi.json",
    ):
        ask("GET", path)
    for path in ("metrics", "export"):
        answers.append((path, admin.get(path).text))

    leaks = [leak for where, text in answers for leak in told.found(where, text)]
    leaks += [leak for frame in frames for leak in told.found("a websocket frame", frame)]
    logged = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)
    assert logged
    leaks += told.found("the log", logged)
    owner = ("owner's door",)
    for file in home.rglob("*"):
        if file.is_file() and "keys" not in file.parts:
            data = file.read_bytes().decode("latin-1")
            leaks += told.found(file.name, data, but=owner if file.name == "owner.json" else ())
    assert leaks == []


def test_the_canary_would_sing(canary: tuple[Canary, Headless, Person]) -> None:
    told, _, _ = canary
    assert told.found("here", f"... {PROVIDER_KEY} ...") == ["provider key in here"]
