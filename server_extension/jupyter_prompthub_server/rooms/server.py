"""All rooms of a store: opened on demand, closed when idle, told of new heads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from pydantic import BaseModel

from jupyter_prompthub.core import promptfile
from jupyter_prompthub.core.canonical import text_hash
from jupyter_prompthub.core.errors import Forbidden, PromptHubError
from jupyter_prompthub.core.records import Event

from ..dispatch import Dispatcher, system_caller
from ..operations import Caller, Operation
from ..services import drafts
from .batches import Batch
from .connection import Connection
from .document import replay
from .presence import Identity
from .protocol import CloseCode, Closing
from .room import Room

if TYPE_CHECKING:
    from ..runtime import Runtime

__all__ = ["Rooms", "rooms_of"]

_COMPACT_AFTER = 5_000
"""Stored updates after which the log of an open room is compacted."""

_COOL = 2.0
"""Seconds after a failed write during which clients that come back have to wait."""

_CHECK_AFTER = 0.5
"""Seconds without an edit after which a text is checked."""

_MOVES = frozenset({"version.created", "branch.created", "branch.moved"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Key:
    workspace_id: str
    prompt_id: str
    branch: str

    @property
    def path(self) -> dict[str, str]:
        return {"prompt_id": self.prompt_id, "branch": self.branch}

    @property
    def system(self) -> Caller:
        return system_caller(self.workspace_id)


class Rooms:
    """The rooms of the store that this process owns. All methods are called on one event loop.

    Args:
        dispatcher: runs the operations on drafts, and tells of new heads.
        idle_seconds: how long a room stays when its last client has left.
        forget_people: called when somebody's role has changed, before they are asked to come in again.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        idle_seconds: float = 10.0,
        forget_people: Callable[[], None] = lambda: None,
    ) -> None:
        self._dispatcher = dispatcher
        self._forget_people = forget_people
        self.idle_seconds = idle_seconds
        self._rooms: dict[_Key, _Open] = {}
        self._locks: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()
        self._cooling: dict[_Key, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unlisten: Callable[[], None] = lambda: None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to listen for new heads; called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._unlisten = self._dispatcher.events.listen(self._on_event)

    async def close(self) -> None:
        """Store what came, close all clients."""
        self._unlisten()
        self._unlisten = lambda: None
        closing = Closing(CloseCode.RESTART, "The server stops.")
        rooms = [opened.room for opened in self._rooms.values()]
        await asyncio.gather(*(room.stop(closing) for room in rooms), return_exceptions=True)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def open_rooms(self) -> int:
        """How many rooms are in memory."""
        return len(self._rooms)

    # ------------------------------------------------------------------ clients

    async def session(self, caller: Caller, prompt_id: str, branch: str) -> str:
        """The draft's session, for a client that is about to connect; the draft is made if need be.

        Raises:
            NotFound: no such prompt or branch here.
        """
        key = _key(caller, prompt_id, branch)
        async with self._lock(key):
            found: drafts.DraftSession = await self._call(drafts.identify, caller, key)
            if not found.session:
                found = await self._call(drafts.load, caller, key)
        return found.session

    async def join(self, connection: Connection, prompt_id: str, branch: str, session: str) -> Room | None:
        """Let a client into the room of a draft, opening it where it is not open. A client of another
        session is closed, and None returned.

        Raises:
            NotFound: no such prompt or branch here.
            StoreUnavailable, StoreFull: the draft cannot be opened.
        """
        key = _key(connection.caller, prompt_id, branch)
        cool = self._cooling.get(key, 0.0) - asyncio.get_running_loop().time()
        if cool > 0:
            await asyncio.sleep(cool)
        async with self._lock(key):
            found: drafts.DraftSession = await self._call(drafts.identify, connection.caller, key)
            if found.session != session:
                connection.close(
                    Closing(CloseCode.OTHER, "The branch was deleted and made anew: this is an older draft.")
                )
                return None
            connection.may_write = connection.may_write and found.writable
            if not connection.named and found.caller_name:
                connection.identity = Identity(connection.caller.actor_id, found.caller_name)
            opened = self._rooms.get(key) or await self._open(connection.caller, key)
            opened.room.join(connection)
            return opened.room

    def leave(self, room: Room, connection: Connection) -> None:
        """A client is gone; the room is closed some time after the last one."""
        room.leave(connection)
        for key, opened in self._rooms.items():
            if opened.room is room and not room.clients:
                self._start(self._retire(key, opened))
                break

    # ------------------------------------------------------------------ operations

    async def run(
        self, op: Operation, caller: Caller, path: Mapping[str, str], given: BaseModel | None = None
    ) -> Any:
        """Run an operation on a draft, in line with the edits of those who are in its room.

        Args:
            op: one of ``services.drafts``, with ``prompt_id`` and ``branch`` as its path.

        Raises:
            PromptHubError: as the operation says. Nothing was changed then.
        """
        key = _key(caller, path["prompt_id"], path["branch"])
        async with self._lock(key):
            opened = self._rooms.get(key)
            if opened is None:
                return await self._call(op, caller, key, given)
            return await opened.room.exclusively(partial(self._run_in, opened, op, caller, key, given))

    async def _run_in(
        self, opened: _Open, op: Operation, caller: Caller, key: _Key, given: BaseModel | None
    ) -> Any:
        result = await self._call(op, caller, key, given)
        if isinstance(result, drafts.DraftChange | drafts.Followed):
            opened.room.apply_stored(result.update)
        return result

    async def _call(self, op: Operation, caller: Caller, key: _Key, given: BaseModel | None = None) -> Any:
        return await self._dispatcher.call(op, caller, key.path, given)

    # ------------------------------------------------------------------ opening and closing

    def _lock(self, key: _Key) -> asyncio.Lock:
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    async def _open(self, caller: Caller, key: _Key) -> _Open:
        await self._call(drafts.follow, key.system, key)
        loaded: drafts.OpenedDraft = await self._call(drafts.load, caller, key)
        opened = self._rooms[key] = _Open(self, key, loaded)
        return opened

    async def _retire(self, key: _Key, opened: _Open) -> None:
        await asyncio.sleep(self.idle_seconds)
        async with self._lock(key):
            if self._rooms.get(key) is opened and not opened.room.clients:
                try:
                    await opened.room.exclusively(partial(self._call, drafts.compact, key.system, key))
                finally:  # also where the log could not be compacted: a room that nobody is in does not stay
                    await opened.room.stop(Closing(CloseCode.RESTART, "Nobody was here."))

    def forget(self, key: _Key, opened: _Open, *, failed: bool) -> None:
        """A room has closed."""
        if self._rooms.get(key) is opened:
            del self._rooms[key]
        if failed:
            self._cooling[key] = asyncio.get_running_loop().time() + _COOL
        else:
            self._cooling.pop(key, None)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PromptHubError as e:
            _log.warning("A room could not do its housekeeping, and will later: %s", e.message)

    # ------------------------------------------------------------------ events

    def _on_event(self, workspace_id: str, event: Event) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._handle, workspace_id, event)

    def _handle(self, workspace_id: str, event: Event) -> None:
        prompt_id, branch = event.ids.get("prompt"), event.ids.get("branch")
        if event.kind == "member.changed":
            self._forget_people()
        for key, opened in tuple(self._rooms.items()):
            if key.workspace_id != workspace_id or prompt_id not in (None, key.prompt_id):
                continue
            if event.kind == "workspace.imported" or (event.kind in _MOVES and branch == key.branch):
                self._start(self._follow(key))
            elif event.kind in ("prompt.archived", "prompt.restored"):
                opened.room.close(Closing(CloseCode.RESTART, "The prompt was archived or restored."))
            elif event.kind == "member.changed":
                for connection in opened.room.clients:
                    if connection.caller.actor_id == event.ids.get("actor"):
                        connection.close(Closing(CloseCode.RESTART, "Your permissions have changed."))
            elif event.kind == "branch.deleted" and branch == key.branch:
                opened.room.close(Closing(CloseCode.GONE, "The branch was deleted."))

    async def _follow(self, key: _Key) -> None:
        await self.run(drafts.follow, key.system, key.path)


class _Open:
    """An open room with its upkeep: storing batches, compacting, checking the text when it rests."""

    def __init__(self, rooms: Rooms, key: _Key, loaded: drafts.OpenedDraft) -> None:
        self._rooms = rooms
        self._key = key
        self._since_compacted = 0
        self._problems = loaded.problems
        self._timer: asyncio.TimerHandle | None = None
        self._storing = True
        self.room = Room(replay([loaded.state]), self._append, self._text_changed, self._closed)

    async def _append(self, batch: Batch) -> None:
        new = drafts.DraftUpdates(updates=batch.updates, edited=batch.edited, text=batch.text)
        try:
            await self._rooms._call(drafts.append, batch.caller, self._key, new)
        except Forbidden:
            raise
        except BaseException:
            self._storing = False
            raise
        self._since_compacted += len(batch.updates)
        if self._since_compacted > _COMPACT_AFTER:
            self._since_compacted = 0
            self._rooms._start(self._rooms.run(drafts.compact, self._key.system, self._key.path))

    def _closed(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rooms.forget(self._key, self, failed=not self._storing)

    def _text_changed(self, text: str) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(_CHECK_AFTER, lambda: self._rooms._start(self._check(text)))

    async def _check(self, text: str) -> None:
        found = await asyncio.to_thread(_problems, text)
        if found.codes != self._problems and not self.room.failed:
            await self._rooms._call(drafts.note_problems, self._key.system, self._key, found)
            self._problems = found.codes


def rooms_of(runtime: Runtime) -> Rooms:
    """The rooms of the store that this process owns, started on first use.

    Raises:
        StoreUnavailable: the store is not open here.
    """
    return runtime.part("rooms", _started)


def _started(runtime: Runtime) -> Rooms:
    rooms = Rooms(runtime.dispatcher, forget_people=runtime.forget_people)
    rooms.start()
    return rooms


def _key(caller: Caller, prompt_id: str, branch: str) -> _Key:
    # escaped or not; whether a branch can be called that, the operation says
    return _Key(caller.workspace_id, prompt_id, branch.replace("~", "/"))


def _problems(text: str) -> drafts.DraftProblems:
    _, problems = promptfile.check(text)
    errors = sorted({p.code for p in problems if p.severity == "error"})
    return drafts.DraftProblems(text_hash=text_hash(text), codes=tuple(errors))
