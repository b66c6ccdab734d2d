"""The two addresses that JupyterLab's ``WebSocketProvider`` asks: a draft's session, and its room."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from jupyter_core.utils import ensure_async
from tornado.ioloop import PeriodicCallback
from tornado.websocket import WebSocketClosedError

from jupyter_prompthub.core.errors import (
    Forbidden,
    NotFound,
    PromptHubError,
    Unauthenticated,
)
from jupyter_prompthub.core.records import Input, Record

from ..access.permissions import Permission
from ..api import parse_body
from ..rooms.connection import Connection
from ..rooms.presence import Identity
from ..rooms.protocol import MAX_MESSAGE, CloseCode, Closing, ProtocolError, closing_for, parse
from .base import PromptHubHandler, PromptHubSocket, authenticated

if TYPE_CHECKING:
    from ..rooms.room import Room
    from ..rooms.server import Rooms

__all__ = ["HANDLERS", "DraftSession", "RoomSocket"]

_ASK_AGAIN_MS = 30_000


class SessionRequest(Input):
    """What docprovider asks for."""

    format: Literal["text"]
    type: Literal["file"]


class Session(Record):
    """Which room to connect to."""

    format: Literal["text"] = "text"
    type: Literal["file"] = "file"
    fileId: str
    sessionId: str


class DraftSession(PromptHubHandler):
    """``PUT api/collaboration/session/<prompt id>/<escaped branch>.prompt``."""

    @authenticated
    async def put(self, path: str) -> None:
        """Open the draft and say which session of it this is."""
        # docprovider sends JSON and names no type, so the browser says text/plain; a PUT from another site is
        # asked for beforehand all the same
        await parse_body(SessionRequest, self.raw_body, "application/json")
        prompt_id, slash, name = path.strip("/").partition("/")
        if not slash or not name.endswith(".prompt"):
            raise NotFound("A draft's path is <prompt id>/<branch>.prompt.")
        branch = name.removesuffix(".prompt")
        session = await _rooms(self).session(self.caller, prompt_id, branch)
        self.answer(Session(fileId=f"{prompt_id}.{branch.replace('/', '~')}", sessionId=session))


class RoomSocket(PromptHubSocket):
    """``api/collaboration/room/text:file:<prompt id>.<escaped branch>?sessionId=…``."""

    _room: Room | None = None
    _connection: Connection | None = None
    _pump: asyncio.Task[None] | None = None
    _again: PeriodicCallback | None = None

    @property
    def max_message_size(self) -> int:
        """Bytes; tornado closes with 1009 beyond."""
        return MAX_MESSAGE

    @authenticated
    async def open(self, room: str) -> None:
        """Join the room."""
        super().open()
        connection = self._connection = Connection(
            self.caller,
            self._identity(),
            self._write,
            self.close,
            may_write=Permission.PROMPT_WRITE in self.caller.permissions,
        )
        try:
            prompt_id, branch = _parse_room(room)
            session = self.get_query_argument("sessionId", "")
            self._room = await _rooms(self).join(connection, prompt_id, branch, session)
        except NotFound:
            connection.close(Closing(CloseCode.GONE, "There is no such draft here."))
        except (Unauthenticated, Forbidden) as e:
            connection.close(Closing(CloseCode.FORBIDDEN, e.message))
        except PromptHubError as e:
            connection.close(closing_for(e))
        if self._room is None:
            return
        if self.ws_connection is None:  # gone while the room was being opened
            self.on_close()
            return
        self._pump = asyncio.create_task(self._send_all(connection))
        self._again = PeriodicCallback(self._ask_again, _ASK_AGAIN_MS)
        self._again.start()

    async def on_message(self, message: str | bytes) -> None:
        """Hand a message to the room."""
        if self._room is None or self._connection is None:
            return
        try:
            if isinstance(message, str):
                raise ProtocolError("text; expected bytes")
            self._room.receive(self._connection, parse(message))
        except ProtocolError as e:
            self._connection.close(Closing(CloseCode.BAD_MESSAGE, f"Not a message of this protocol: {e}"))

    def on_close(self) -> None:
        """Leave the room."""
        super().on_close()
        if self._again is not None:
            self._again.stop()
        if self._pump is not None:
            self._pump.cancel()
        if self._room is not None and self._connection is not None:
            _rooms(self).leave(self._room, self._connection)
            self._room = None

    def _identity(self) -> Identity | None:
        """Jupyter's user; None where the store knows the name better."""
        if self.caller.via != "jupyter":
            return None
        user = self.current_user
        return Identity(str(user.username), str(user.display_name or user.username))

    async def _write(self, message: bytes) -> None:
        await self.write_message(message, binary=True)

    async def _send_all(self, connection: Connection) -> None:
        with suppress(WebSocketClosedError):
            await connection.pump()

    async def _ask_again(self) -> None:
        """Whether this is still somebody who may be here; permissions may have changed as well."""
        connection = self._connection
        if connection is None or connection.closed:
            return
        try:
            self.current_user = await ensure_async(self.identity_provider.get_user(self))
            await self.authorize()
            caller = await self.identify()
        except Unauthenticated:
            connection.close(Closing(CloseCode.SIGNED_OUT, "You are signed out. Sign in again."))
            return
        except (Forbidden, NotFound) as e:
            connection.close(Closing(CloseCode.FORBIDDEN, e.message))
            return
        except PromptHubError:
            return  # the store cannot say at the moment; asked again in 30 s
        if Permission.PROMPT_READ not in caller.permissions:
            connection.close(Closing(CloseCode.FORBIDDEN, "You may not read this prompt any more."))
        elif caller.permissions != connection.caller.permissions:
            connection.close(Closing(CloseCode.RESTART, "Your permissions have changed."))


def _rooms(handler: PromptHubHandler | PromptHubSocket) -> Rooms:
    from ..rooms.server import rooms_of  # brings the store and the engine; loaded in a thread by now

    return rooms_of(handler.runtime)


def _parse_room(room: str) -> tuple[str, str]:
    """``text:file:<prompt id>.<escaped branch>`` as (prompt id, branch).

    Raises:
        NotFound: something else.
    """
    form, _, rest = room.partition(":")
    kind, _, file_id = rest.partition(":")
    prompt_id, dot, branch = file_id.partition(".")
    if (form, kind, dot) != ("text", "file", "."):
        raise NotFound("A room's name is text:file:<prompt id>.<branch>.")
    return prompt_id, branch


HANDLERS = [
    (r"prompthub/api/collaboration/session/(.+)", DraftSession),
    (r"prompthub/api/collaboration/room/([^/]+)", RoomSocket),
]
"""Addresses relative to the server's base URL."""
