"""A server of rooms in this process, and real Yjs clients that talk to it over websockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_prompthub_server.access.identity import bearer
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.rooms.protocol import (
    AwarenessEntry,
    AwarenessMessage,
    awareness_message,
    parse,
)
from jupyter_prompthub_server.rooms.server import Rooms, rooms_of
from jupyter_prompthub_server.runtime import Runtime
from jupyter_prompthub_server.settings import Settings
from jupyter_prompthub_server.web import application
from jupyter_server.auth.identity import IdentityProvider, User
from pycrdt import Decoder, Doc, Encoder, Provider, Text, create_update_message
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from jupyter_prompthub.core.errors import Unauthenticated
from tests.support.people import People, settle

__all__ = ["Answer", "People", "Served", "YjsClient", "serving"]

_EMPTY = b"\x00\x00"
PATIENCE = 20.0
"""Seconds after which something that must happen has not happened."""


class _ByName(IdentityProvider):  # type: ignore[misc]
    """The token of a request is the name of a caller of :class:`People`."""

    def get_user(self, handler: Any) -> User | None:
        name = bearer(handler, ("token",))
        return User(name, display_name=name.title()) if name else None

    def is_token_authenticated(self, handler: Any) -> bool:
        return True

    def should_check_origin(self, handler: Any) -> bool:
        return False


class Doorkeeper:
    """Says who a name is; forgets whom the test sends away."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.gone: set[str] = set()
        self.instead: dict[str, Caller] = {}

    async def caller(self, user: Any, workspace: str | None = None) -> Caller:
        """The caller of that name."""
        if user.username in self.gone:
            raise Unauthenticated("sign in again")
        return self.instead.get(user.username) or self.people.of(user.username)


@dataclass
class Answer:
    """A status and a JSON body."""

    status: int
    body: Any


@dataclass
class Served:
    """A running server."""

    url: str
    runtime: Runtime
    people: People
    door: Doorkeeper

    @property
    def rooms(self) -> Rooms:
        """Its rooms."""
        return rooms_of(self.runtime)

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> Answer:
        """One request under ``prompthub/``."""
        answer = await AsyncHTTPClient().fetch(
            HTTPRequest(
                f"{self.url}/prompthub/{path}",
                method=method,
                headers={"Authorization": f"token {who}", "Content-Type": "application/json"},
                body=None if body is None else json.dumps(body),
                allow_nonstandard_methods=True,
                request_timeout=PATIENCE,
            ),
            raise_error=False,
        )
        return Answer(answer.code, json.loads(answer.body) if answer.body else None)

    async def api(self, who: str, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """One REST request that must be answered with ``status``; its body."""
        answer = await self.ask(who, method, f"api/v1/{path}", body)
        assert answer.status == status, answer
        return answer.body

    async def new_prompt(self, text: str, name: str = "greeting") -> str:
        """A prompt with one version; its id."""
        made = await self.api(
            "engineer", "POST", "prompts", {"title": name, "name": name, "text": text}, status=201
        )
        return str(made["id"])


@asynccontextmanager
async def serving(database: str, home: Path, people: People | None = None) -> AsyncIterator[Served]:
    """Serve a store on a free port, with people as its users; settled where none are given."""
    runtime = Runtime(Settings.from_env(home=home, database_url=database), "http", door=False)
    assert await runtime.remote() is None
    if people is None:
        people = await asyncio.to_thread(settle, runtime.store)
    door = Doorkeeper(people)
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(application(runtime, _ByName(), door))
    server.add_sockets(sockets)
    try:
        port = sockets[0].getsockname()[1]
        yield Served(f"http://127.0.0.1:{port}", runtime, people, door)
    finally:
        server.stop()
        await runtime.close()
        await server.close_all_connections()


@dataclass
class YjsClient:
    """An editor: a Yjs document kept in step with a room by pycrdt's own ``Provider``.

    Args:
        url: of the server.
        who: its token.
    """

    url: str
    who: str
    prompt_id: str
    branch: str = "main"
    doc: Doc[Any] = field(default_factory=Doc)
    told: list[dict[str, Any]] = field(default_factory=list)
    """JSON messages of the server"""
    others: dict[int, Any] = field(default_factory=dict)
    """awareness states, by client"""
    closed: tuple[int | None, str | None] | None = None
    session: str | None = None

    _stored: bytes = b"\x00"
    """Yjs state at the last answer of :meth:`stored`"""
    _socket: WebSocketClientConnection | None = None
    _provider: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> Text:
        """The shared text."""
        return self.doc.get("source", type=Text)

    def __str__(self) -> str:
        return str(self.text)

    async def open_session(self) -> Answer:
        """What docprovider asks first."""
        path = f"{self.prompt_id}%2F{self.branch.replace('/', '~')}.prompt"
        served = Served(self.url, None, None, None)  # type: ignore[arg-type]
        return await served.ask(
            self.who, "PUT", f"api/collaboration/session/{path}", {"format": "text", "type": "file"}
        )

    async def connect(self, *, synced: bool = True) -> YjsClient:
        """Open the room (again); wait until the document is the room's."""
        await self.disconnect()
        if self.session is None:
            answer = await self.open_session()
            assert answer.status == 200, answer
            assert answer.body["fileId"] == f"{self.prompt_id}.{self.branch.replace('/', '~')}"
            self.session = answer.body["sessionId"]
        room = f"text:file:{self.prompt_id}.{self.branch.replace('/', '~')}"
        address = f"{self.url}/prompthub/api/collaboration/room/{room}?sessionId={self.session}"
        self.closed = None
        self._socket = await websocket_connect(
            HTTPRequest(address.replace("http", "ws", 1), headers={"Authorization": f"token {self.who}"})
        )
        provider = Provider(self.doc, _Channel(self, self._socket))
        self._provider = asyncio.create_task(self._keep(provider))
        if synced:
            async with asyncio.timeout(PATIENCE):
                await provider.synced.wait()
        return self

    async def _keep(self, provider: Provider) -> None:
        with suppress(Exception):
            await provider.start()

    def type(self, index: int, text: str) -> None:
        """Insert at a byte offset."""
        self.text.insert(index, text)

    async def send(self, message: bytes | str) -> None:
        """Send a raw message."""
        assert self._socket is not None
        await self._socket.write_message(message, binary=isinstance(message, bytes))

    async def say(self, state: Any, *, client: int | None = None, clock: int = 1) -> None:
        """Send an awareness state."""
        entry = AwarenessEntry(client or self.doc.client_id, clock, json.dumps(state))
        await self.send(awareness_message([entry]))

    async def stored(self) -> None:
        """Ask, as docprovider does, to hear when all is stored; wait for the answer.

        Raises:
            WebSocketClosedError: the connection was closed before.
        """
        number = len(self.told) + 1
        encoder = Encoder()
        encoder.write_var_uint(2)
        encoder.write_var_string("save")
        encoder.write_var_uint(number)
        # the provider sends in a task of its own, maybe after us: what was typed since the last answer goes first
        state = self.doc.get_state()
        typed = self.doc.get_update(self._stored)
        if typed != _EMPTY:
            await self.send(create_update_message(typed))
        await self.send(encoder.to_bytes())

        def answered() -> bool:
            return any(t.get("responseTo") == number for t in self.told)

        await self.until(lambda: answered() or self.closed is not None)
        if not answered():
            raise WebSocketClosedError
        self._stored = state

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something that a message of the server brings about."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def sees(self, text: str) -> None:
        """Wait for a text."""
        try:
            await self.until(lambda: str(self) == text)
        except TimeoutError:
            raise AssertionError(f"{self.who} has {str(self)!r}, expected {text!r}") from None

    async def disconnect(self) -> None:
        """Go offline; the document stays."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._provider is not None:
            self._provider.cancel()
            await asyncio.gather(self._provider, return_exceptions=True)

    def heard(self, message: bytes) -> None:
        """Called with each message of the server, before the provider looks at it."""
        if message[0] == 2:
            decoder = Decoder(message)
            decoder.read_var_uint()
            self.told.append(json.loads(decoder.read_var_string()))
        elif message[0] == 1:
            parsed = parse(message)
            assert isinstance(parsed, AwarenessMessage)
            for entry in parsed.entries:
                state = json.loads(entry.state)
                if state is None:
                    self.others.pop(entry.client, None)
                else:
                    self.others[entry.client] = state

    def news(self) -> None:
        """Something was received and worked in."""
        self._news.set()


class _Channel:
    """pycrdt's channel on a websocket of tornado."""

    def __init__(self, client: YjsClient, socket: WebSocketClientConnection) -> None:
        self._client, self._socket = client, socket
        self.path = ""

    def __aiter__(self) -> _Channel:
        return self

    async def __anext__(self) -> bytes:
        self._client.news()  # the message before has been worked in
        message = await self._socket.read_message()
        if message is None:
            self._client.closed = (self._socket.close_code, self._socket.close_reason)
            self._client.news()
            raise StopAsyncIteration
        assert isinstance(message, bytes)
        self._client.heard(message)
        return message

    recv = __anext__

    async def send(self, message: bytes) -> None:
        await self._socket.write_message(message, binary=True)
