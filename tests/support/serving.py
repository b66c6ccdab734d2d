"""A running headless server in a thread, and people who talk to it over real HTTP."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from jupyter_prompthub_server.access.identity import DoorIdentityProvider
from jupyter_prompthub_server.headless import Server
from jupyter_prompthub_server.runtime import Runtime
from jupyter_prompthub_server.settings import Settings
from jupyter_prompthub_server.web import application
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

__all__ = ["API", "PASSWORD", "Headless", "Person", "headless", "laptop"]

API = "prompthub/api/v1/"
PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody with a credential. ``answer = person.get("me")``."""

    url: str
    token: str | None = None
    refresh_token: str | None = None
    id: str = ""
    email: str = ""
    role: str = ""
    workspace: str = ""
    client: httpx.Client | None = None

    def ask(self, method: str, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        """One request, below the API's root."""
        assert self.client is not None
        headers = dict(kwargs.pop("headers", {}))
        if self.token and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.token}"
        if json is not None:
            kwargs["json"] = json
        return self.client.request(method, self.url + API + path, headers=headers, **kwargs)

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.ask("GET", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        return self.ask("POST", path, json, **kwargs)

    def using(self, token: str | None) -> Person:
        """The same address with another credential."""
        return Person(self.url, token, client=self.client)


class Headless:
    """What :func:`headless` and :func:`laptop` give."""

    def __init__(self, server: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.server, self.loop = server, loop
        self.url = server.url
        self.client = httpx.Client(timeout=30, trust_env=False)

    @property
    def runtime(self) -> Any:
        return self.server.runtime

    def do(self, awaitable: Any) -> Any:
        """Run a coroutine on the server's loop."""
        return asyncio.run_coroutine_threadsafe(awaitable, self.loop).result(30)

    def stranger(self) -> Person:
        """Somebody without a credential."""
        return Person(self.url, client=self.client)

    def register(self, organization: str | None = None, *, invitation: str | None = None) -> Person:
        """A new account: of a new organization (admin), or invited."""
        number = next(_numbers)
        body = {"email": f"p{number}@example.org", "password": PASSWORD, "full_name": f"Person {number}"}
        if invitation:
            body["invitation"] = invitation
        else:
            body["organization"] = organization or f"Org {number}"
        answer = self.stranger().post("auth/register", body)
        assert answer.status_code == 201, answer.text
        return self.signed_in(answer.json())

    def signed_in(self, tokens: dict[str, Any]) -> Person:
        """The person of a token answer."""
        user = tokens["user"]
        return Person(
            self.url,
            tokens["access_token"],
            tokens["refresh_token"],
            user["id"],
            user["email"],
            user["role"],
            user["workspace"]["id"],
            self.client,
        )

    def member(self, admin: Person, role: str) -> Person:
        """A new member of an admin's workspace."""
        answer = admin.post("invitations", {"role": role})
        assert answer.status_code == 201, answer.text
        return self.register(invitation=answer.json()["token"])


@contextmanager
def headless(home: Path, database: str | None = None, **overrides: Any) -> Iterator[Headless]:
    """A server with accounts on a free port, stopped at the end."""
    settings = Settings.from_env({}, home=home, database_url=database, port=0, **overrides)
    with _serving(lambda: Server(settings)) as running:
        yield running


class _Laptop:
    """What a Jupyter server is to us: our handlers, a token, one local admin."""

    def __init__(self, home: Path, token: str) -> None:
        self.runtime = Runtime(Settings.from_env({}, home=home), "laptop")
        app = application(self.runtime, DoorIdentityProvider(token), self.runtime.local_identity)
        sockets = bind_sockets(0, "127.0.0.1")
        self._http = HTTPServer(app)
        self._http.add_sockets(sockets)
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"

    async def close(self) -> None:
        self._http.stop()
        await self.runtime.close()
        await self._http.close_all_connections()


@contextmanager
def laptop(home: Path, token: str = "jupyter-token") -> Iterator[Headless]:
    """A laptop's server; several on one ``home`` forward to the first."""
    with _serving(lambda: _Laptop(home, token)) as running:
        yield running


@contextmanager
def _serving(make: Callable[[], Any]) -> Iterator[Headless]:
    made: list[Headless] = []
    failed: list[BaseException] = []
    ready = threading.Event()
    stop: list[asyncio.Event] = []

    async def run() -> None:
        server = make()
        stop.append(asyncio.Event())
        await server.runtime.start()
        made.append(Headless(server, asyncio.get_running_loop()))
        ready.set()
        await stop[0].wait()
        await server.close()

    def body() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=body, name="server")
    thread.start()
    ready.wait(30)
    if not made:
        raise failed[0]
    try:
        yield made[0]
    finally:
        made[0].client.close()
        made[0].loop.call_soon_threadsafe(stop[0].set)
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"
        if failed:
            raise failed[0]
