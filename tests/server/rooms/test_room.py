"""A room by itself: who waits for it is always answered, and who has left is gone."""

from __future__ import annotations

import asyncio

import pytest
from jupyter_prompthub_server.operations import Caller
from jupyter_prompthub_server.rooms.batches import Batch
from jupyter_prompthub_server.rooms.connection import Connection
from jupyter_prompthub_server.rooms.document import new_document, seed
from jupyter_prompthub_server.rooms.protocol import (
    AwarenessEntry,
    AwarenessMessage,
    CloseCode,
    Closing,
    SyncUpdate,
)
from jupyter_prompthub_server.rooms.room import Room

from jupyter_prompthub.core.errors import StoreUnavailable

pytestmark = pytest.mark.anyio

GONE = Closing(CloseCode.GONE, "The branch was deleted.")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Store:
    """Commits when it is let to."""

    def __init__(self) -> None:
        self.begun, self.free = asyncio.Event(), asyncio.Event()
        self.batches: list[Batch] = []

    async def append(self, batch: Batch) -> None:
        self.begun.set()
        await self.free.wait()
        self.batches.append(batch)


def client(name: str = "ada") -> Connection:
    async def write(message: bytes) -> None: ...

    caller = Caller(name, "acme", "engineer", frozenset())
    return Connection(caller, None, write, lambda code, reason: None, may_write=True)


def room(store: Store) -> Room:
    return Room(new_document(), store.append, lambda text: None, lambda: None)


async def test_who_waits_for_a_room_that_closes_in_a_commit_is_answered() -> None:
    store = Store()
    made, ada = room(store), client()
    made.join(ada)
    made.receive(ada, SyncUpdate(seed("x"), step2=False))

    async def save() -> str:
        return "saved"

    first = asyncio.create_task(made.exclusively(save))
    await asyncio.wait_for(store.begun.wait(), 10)
    second = asyncio.create_task(made.exclusively(save))
    await asyncio.sleep(0)  # the second one is in the queue
    made.close(GONE)
    for waiting in (first, second):
        with pytest.raises(StoreUnavailable, match="deleted"):
            await asyncio.wait_for(waiting, 10)


async def test_what_has_begun_ends_and_tells_its_result_though_the_room_closes() -> None:
    made, begun, free = room(Store()), asyncio.Event(), asyncio.Event()

    async def save() -> str:
        begun.set()
        await free.wait()
        return "saved"

    waiting = asyncio.create_task(made.exclusively(save))
    await asyncio.wait_for(begun.wait(), 10)
    made.close(GONE)
    free.set()
    assert await asyncio.wait_for(waiting, 10) == "saved"
    with pytest.raises(StoreUnavailable):
        await made.exclusively(save)


async def test_nothing_is_left_of_somebody_whose_last_word_comes_after_the_end() -> None:
    store = Store()
    made, ada, bob = room(store), client(), client("bob")
    made.join(ada)
    made.join(bob)
    made.receive(ada, SyncUpdate(seed("x"), step2=False))
    await asyncio.wait_for(store.begun.wait(), 10)
    made.receive(ada, AwarenessMessage((AwarenessEntry(7, 1, '{"user": {}}'),)))
    made.leave(ada)
    store.free.set()

    async def here() -> int:
        return len(made._presence.everybody())

    assert await asyncio.wait_for(made.exclusively(here), 10) == 0
    assert store.batches[0].caller is ada.caller
    made.close(GONE)
