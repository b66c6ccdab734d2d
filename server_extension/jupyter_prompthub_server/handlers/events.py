"""The events websocket: a notice (ids only) per committed change, with catching up from a sequence number."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_core.utils import ensure_async
from tornado.ioloop import PeriodicCallback
from tornado.websocket import WebSocketClosedError

from jupyter_prompthub.core.errors import Forbidden, InvalidInput, NotFound, PromptHubError, Unauthenticated
from jupyter_prompthub.core.records import Event

from ..access.permissions import Permission
from ..store.clock import iso, now
from .base import PromptHubSocket, authenticated

if TYPE_CHECKING:
    from ..store.outbox import Subscription

__all__ = ["EventsSocket", "permission_of"]

SIGNED_OUT = 4401
FORBIDDEN = 4403
_ASK_AGAIN_MS = 30_000
_CONTROL = frozenset({"resync", "hello", "me.changed"})
_NEEDED = {
    "member": Permission.USER_READ,
    "api_key": Permission.USER_READ,
    "review": Permission.REVIEW_READ,
    "protection": Permission.REVIEW_READ,
}


def permission_of(kind: str) -> Permission | None:
    """What a caller must have to be told of an event; None: everybody in the workspace."""
    if kind in _CONTROL:
        return None
    return _NEEDED.get(kind.partition(".")[0], Permission.PROMPT_READ)


class EventsSocket(PromptHubSocket):
    """``events?after=seq``: JSON :class:`~jupyter_prompthub.core.records.Event` per message.

    Without ``after``, events from now on. With ``hello=1`` an event of kind ``hello`` says, after what was missed, that
    every change from its ``seq`` on is told; one of kind ``me.changed`` that the caller's permissions are others now.
    Close code 4401: signed out; 4403: no permission.
    """

    _subscription: Subscription | None = None
    _task: asyncio.Task[None] | None = None
    _again: PeriodicCallback | None = None

    @authenticated
    async def open(self) -> None:
        super().open()
        if Permission.PROMPT_READ not in self.caller.permissions:
            raise Forbidden("events need the permission prompt:read")
        after = self._after()
        self._subscription = self.runtime.dispatcher.events.subscribe(self.caller.workspace_id)
        hello = self.get_query_argument("hello", "") == "1"
        self._task = asyncio.create_task(self._send_all(self._subscription, after, hello=hello))
        self._again = PeriodicCallback(self._ask_again, _ASK_AGAIN_MS)
        self._again.start()

    def on_message(self, message: str | bytes) -> None:
        """Nothing is expected from the client."""

    def on_close(self) -> None:
        super().on_close()
        if self._again is not None:
            self._again.stop()
        if self._subscription is not None:
            self._subscription.close()
        if self._task is not None:
            self._task.cancel()

    def _after(self) -> int | None:
        text = self.get_query_argument("after", None)
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise InvalidInput(f"after: expected a sequence number, got {text[:40]!r}")
        return int(text)

    async def _send_all(self, subscription: Subscription, after: int | None, *, hello: bool) -> None:
        with suppress(WebSocketClosedError):
            last = after or 0
            # subscribed before reading the past: nothing falls in between
            while after is not None:
                past = await self.runtime.dispatcher.events_after(self.caller.workspace_id, last)
                for event in past:
                    await self._send(event)
                    last = event.seq  # also backwards: the store was restored
                if not past or past[-1].kind == "resync":
                    break
            if hello:
                if after is None:
                    last = await self.runtime.dispatcher.newest_seq(self.caller.workspace_id)
                await self._send(Event(seq=last, kind="hello", at=iso(now()), ids={}))
            async for event in subscription:
                if event.kind.startswith("member."):
                    self.runtime.forget_people()  # the change may be another process's
                if event.kind == "resync" or event.seq > last:
                    await self._still_allowed()
                    await self._send(event)
                    last = max(last, event.seq)

    async def _send(self, event: Event) -> None:
        needed = permission_of(event.kind)
        if needed is None or needed in self.caller.permissions:
            await self.write_message(event.model_dump_json())

    async def _still_allowed(self) -> None:
        """Look the credential up again (remembered for a second at most) before anything is told."""
        try:
            self.current_user = await ensure_async(self.identity_provider.get_user(self))
            await self.authorize()
            before, self.caller = self.caller.permissions, await self.identify()
        except (Unauthenticated, NotFound):
            self.close(SIGNED_OUT, "signed out")
            raise WebSocketClosedError from None
        except Forbidden:
            self.close(FORBIDDEN, "not allowed any more")
            raise WebSocketClosedError from None
        if self.caller.permissions != before:
            await self._send(Event(seq=0, kind="me.changed", at=iso(now()), ids={}))

    async def _ask_again(self) -> None:
        with suppress(WebSocketClosedError, PromptHubError):  # a store that cannot say now is asked in 30 s
            await self._still_allowed()
