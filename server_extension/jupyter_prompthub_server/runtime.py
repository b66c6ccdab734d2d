"""One process's share of a store: its owner (dispatcher, rooms, models), or on its way to the owner.

Nothing heavy is imported or opened on the event loop; a failure to open is the answer (503) of every
request until it works, and the server around it starts all the same.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import inspect
import logging
import secrets
import socket
import time
import weakref
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Concatenate, Literal, NoReturn, ParamSpec, TypeVar, cast

from jupyter_prompthub.core.errors import NotFound, PromptHubError, StoreLocked, StoreUnavailable

from .access.identity import AccountIdentity, LocalIdentity
from .forward.remote import Remote
from .metrics import Metrics
from .settings import Settings
from .version import version

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from .access.permissions import Permission
    from .dispatch import Dispatcher
    from .operations import Caller
    from .store.store import Store

__all__ = ["Runtime"]

Mode = Literal["laptop", "http", "hub"]
P = ParamSpec("P")
T = TypeVar("T")

_RETRY_S = 1.0
"""a failure to open is answered from memory for so long"""
_STARTING_S = 5.0
"""how long we wait for an owner that is just starting to say where it listens"""
_RESTART = 1012
"""websocket close code: the server restarts, come again"""
_HEAVY = (
    "jupyter_prompthub_server.dispatch",
    "jupyter_prompthub_server.routes",
    "jupyter_prompthub_server.api",
    "jupyter_prompthub_server.route_table",
    "jupyter_prompthub_server.handlers.table",
    "jupyter_prompthub_server.store.store",
)

_log = logging.getLogger("prompthub")


class Runtime:
    """The store and what hangs on it.

    Args:
        settings: how this process runs.
        mode: where it runs: ``laptop`` (in a Jupyter server), ``http`` (headless, own accounts), ``hub``.
        door: whether, as owner, to listen for other processes of the same OS account.
        forwards: whether to forward to another owner; otherwise its being there is an error (a standby).
    """

    def __init__(
        self, settings: Settings, mode: Mode = "laptop", *, door: bool = True, forwards: bool = True
    ) -> None:
        self.settings = settings
        self.mode: Mode = mode
        self.started_at = time.time()
        self.loaded = False
        self.local_identity = LocalIdentity(self, "jupyter" if mode == "laptop" else "local")
        self._door_wanted, self._forwards = door, forwards
        self._door: Any = None
        self._accounts: AccountIdentity | None = None
        self._store: Store | None = None
        self._dispatcher: Dispatcher | None = None
        self._local: Caller | None = None
        self._remote: Remote | None = None
        self._lost: list[Remote] = []
        self._failure: tuple[float, PromptHubError] | None = None
        self._parts: dict[str, Any] = {}
        self.sockets: weakref.WeakSet[Any] = weakref.WeakSet()
        """open websockets, told when the end comes"""
        self._opening = asyncio.Lock()
        self._closed = False

    # ------------------------------------------------------------- what others use

    @property
    def store(self) -> Store:
        """The store that this process owns. Raises StoreUnavailable while it does not."""
        if self._store is None:
            raise StoreUnavailable("the store is not open in this process")
        return self._store

    @property
    def dispatcher(self) -> Dispatcher:
        """Runs operations. Raises StoreUnavailable while this process does not own the store."""
        if self._dispatcher is None:
            raise StoreUnavailable("the store is not open in this process")
        return self._dispatcher

    @functools.cached_property
    def metrics(self) -> Metrics:
        """What this process counts."""
        return Metrics(self.version)

    @property
    def version(self) -> str:
        """Of the installed package."""
        return version()

    async def ping(self) -> None:
        """Read something. Raises StoreUnavailable when the database does not answer, or is locked."""
        from sqlalchemy import text

        self.store.require_unlocked()
        await self.read(lambda conn: conn.execute(text("SELECT 1")).scalar_one())

    async def read(
        self, fn: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn(connection, ...)`` in a read transaction, in a reader's thread: for what comes before
        there is a caller (credentials), and for health."""
        database = self.store.database

        def reading() -> T:
            from sqlalchemy.exc import SQLAlchemyError

            from .store.faults import translated

            try:
                with database.reading() as conn:
                    return fn(conn, *args, **kwargs)
            except SQLAlchemyError as error:
                raise translated(error) or error from error

        return await asyncio.get_running_loop().run_in_executor(database.read_threads, reading)

    def part(self, name: str, make: Callable[[Runtime], T]) -> T:
        """A thing that there is once per open store (rooms, the pipeline), made on first use.

        Its ``close()``, if it has one (a coroutine function or not), is called before the store is closed.
        """
        if self._dispatcher is None:
            raise StoreUnavailable("the store is not open in this process")
        if name not in self._parts:
            self._parts[name] = make(self)
        return cast("T", self._parts[name])

    def accounts(self) -> AccountIdentity:
        """The accounts of this server.

        Raises:
            NotFound: there are none: the identity is Jupyter's.
        """
        if self._accounts is None:
            raise NotFound(
                "there are no accounts of our own here: whoever this Jupyter server lets in is its user; "
                "accounts belong to `prompthub serve`"
            )
        return self._accounts

    def use_accounts(self, identity: AccountIdentity) -> None:
        """Set by the headless server before it starts."""
        self._accounts = identity

    def forget_people(self) -> None:
        """Look credentials up again."""
        if self._accounts is not None:
            self._accounts.forget()

    def people_changed(self) -> None:
        """People, roles or credentials have changed here: whoever is connected is looked at again, at once.

        Rooms listen for ``member.changed`` besides: a role may be changed by another process, or not through a request.
        """
        self.forget_people()
        for open_socket in list(self.sockets):
            open_socket.ask_again()

    async def local_caller(self) -> Caller:
        """The local admin in its workspace, made on first use."""
        if self._local is None:
            from .identities import local_caller

            self._local = await asyncio.to_thread(local_caller, self.dispatcher)
        return self._local

    async def deny(self, caller: Caller, operation: str, permission: Permission) -> NoReturn:
        """Refuse a caller without ``permission``, on the record.

        Raises:
            Forbidden: always.
        """
        from .services import denials

        denied = denials.Denied(operation=operation, permission=permission)
        await self.dispatcher.call(denials.refuse, caller, {"operation": operation}, denied)
        raise AssertionError("unreachable")

    # ------------------------------------------------------------- opening, forwarding, closing

    async def load(self) -> None:
        """Import what is heavy, in a thread."""
        if not self.loaded:
            await asyncio.to_thread(_import_all)
            self.loaded = True

    async def remote(self) -> Remote | None:
        """Where to forward to; None when this process owns the store. Opens it on first use.

        Raises:
            StoreUnavailable: it cannot be opened, or is owned by a process that cannot be reached from here.
        """
        if self._dispatcher is not None:
            return None
        if self._remote is not None:
            return self._remote
        async with self._opening:
            self._refuse_when_closed()
            if self._dispatcher is None and self._remote is None:
                await self._open()
        return self._remote if self._dispatcher is None else None

    def lost(self, remote: Remote) -> None:
        """The owner does not answer any more: the next request tries to become the owner."""
        if self._remote is remote:
            self._lost.append(remote)  # others may still read from it
            self._remote = None
            self._failure = None

    async def start(self) -> None:
        """Open ahead of the first request. A failure is logged, and answered to requests."""
        try:
            await self.load()
            await self.remote()
        except PromptHubError as error:
            _log.warning("PromptHub's store is not available: %s", error.message)

    async def close(self) -> None:
        """Close parts, door and store; requests get 503 from now on."""
        self._closed = True
        for open_socket in list(self.sockets):
            open_socket.close(_RESTART, "the server is shutting down")
        async with self._opening:  # what is being opened right now is closed too
            await self._close()

    async def _close(self) -> None:
        door, self._door = self._door, None
        if door is not None:
            await door.close()
        parts, self._parts = list(self._parts.values()), {}
        for part in reversed(parts):
            done = getattr(part, "close", lambda: None)()
            if inspect.isawaitable(done):
                await cast("Awaitable[None]", done)
        for remote in (*self._lost, self._remote):
            if remote is not None:
                await remote.close()
        self._remote = None
        if self._accounts is not None:
            self._accounts.close()
        store, self._store, self._dispatcher = self._store, None, None
        if store is not None:
            await asyncio.to_thread(store.close)

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise StoreUnavailable("this server is shutting down")

    async def _open(self) -> None:
        if self._failure is not None and time.monotonic() - self._failure[0] < _RETRY_S:
            raise self._failure[1]
        try:
            await self.load()
            await self._own_or_forward()
        except PromptHubError as error:
            self._failure = (time.monotonic(), error)
            raise
        self._failure = None

    async def _own_or_forward(self) -> None:
        until = time.monotonic() + _STARTING_S
        while True:
            self._refuse_when_closed()
            try:
                await self._own()
                return
            except StoreLocked as locked:
                if not self._forwards:
                    raise
                record = await asyncio.to_thread(self._read_owner)
                if record is not None and record.address and record.token:
                    if record.host != socket.gethostname():
                        raise
                    self._remote = Remote(record.address, record.token)
                    _log.info("PromptHub's store belongs to process %s; forwarding to it", record.pid)
                    return
                if time.monotonic() > until:
                    raise locked
            await asyncio.sleep(0.1)  # the owner is starting (or ending) right now

    async def _own(self) -> None:
        from .dispatch import Dispatcher
        from .store.store import open_store

        settings = self.settings
        store = await asyncio.to_thread(
            open_store, settings.database_url, home=settings.home, encryption_key=settings.encryption_key
        )
        try:
            self._dispatcher = await asyncio.to_thread(Dispatcher, store)
            self._store = store
            if store.locked is None:
                await self.local_caller()
                await self._recover()
            if self._door_wanted:
                await self._open_door(store)
        except BaseException:
            self._store = self._dispatcher = None
            await asyncio.to_thread(store.close)
            raise

    async def _recover(self) -> None:
        """End what a killed process has left unfinished."""
        from .execution.calls import pipeline_of

        await pipeline_of(self).recover()

    async def _open_door(self, store: Store) -> None:
        from .door import Door

        token = secrets.token_urlsafe(32)
        self._door = Door(self, token)
        await asyncio.to_thread(store.owner.announce, self._door.address, token)

    def _read_owner(self) -> Any:
        from .store.store import read_owner

        return read_owner(self.settings.database_url, home=self.settings.home)


def _import_all() -> None:
    for name in _HEAVY:
        importlib.import_module(name)
