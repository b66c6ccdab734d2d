"""What every request goes through: who asks, whether it may at all, one shape of answers and errors.

A verb (or a socket's ``open``) without a decorator of ``guards.py`` is refused when its class is made:
:func:`authenticated`, :func:`anonymous` (only for what :data:`ANONYMOUS` lists), :func:`by_route` (the
generic handler, where the route decides).
"""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from pydantic import BaseModel
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from jupyter_prompthub.core.errors import Forbidden, PromptHubError, TooLarge, Unauthenticated

from .errors import error_headers, error_response, from_http_error, new_trace_id
from .guards import ANONYMOUS, BY_ROUTE, VERBS, anonymous, authenticated, by_route, check_class

if TYPE_CHECKING:
    from ..access.identity import Identity
    from ..forward.remote import Remote
    from ..operations import Caller
    from ..runtime import Runtime

__all__ = [
    "ANONYMOUS",
    "BY_ROUTE",
    "PromptHubHandler",
    "PromptHubSocket",
    "anonymous",
    "authenticated",
    "by_route",
]

MIB = 1024 * 1024
DRAINED = 16 * MIB
"""a body up to this size is read to its end, so that its sender sees the refusal"""

_ACTIONS = {"GET": "read", "HEAD": "read", "OPTIONS": "read"}


class _Shared:
    """What requests and sockets have in common."""

    auth_resource: ClassVar[str] = "prompthub"
    request: Any
    settings: dict[str, Any]
    current_user: Any
    authorizer: Any
    log: Any
    credential_refusal: PromptHubError | None = None
    """why the identity provider did not accept what came"""

    @property
    def runtime(self) -> Runtime:
        """The store, its dispatcher and all that hangs on it."""
        runtime: Runtime = self.settings["prompthub"]
        return runtime

    @functools.cached_property
    def trace_id(self) -> str:
        """Names this request in the log and in an error answer."""
        return new_trace_id()

    async def authorize(self) -> None:
        """The outer gate: the server's user and the server's authorizer (coarse; permissions come later).

        Raises:
            Unauthenticated: nobody known.
            Forbidden: the server's authorizer says no.
        """
        user = self.current_user
        if user is None:
            raise self.credential_refusal or Unauthenticated(
                "sign in first: send `Authorization: Bearer …` (or the server's own token)"
            )
        action = _ACTIONS.get(self.request.method, "write")
        if not await ensure_async(self.authorizer.is_authorized(self, user, action, self.auth_resource)):
            raise Forbidden(f"this server's authorizer does not allow you to {action} {self.auth_resource}")

    async def remote(self) -> Remote | None:
        """The owner to forward to, or None when this process owns the store.

        Raises:
            StoreUnavailable: neither.
        """
        return await self.runtime.remote()

    async def identify(self) -> Caller:
        """Who asks, in which workspace."""
        identity: Identity = self.settings["prompthub_identity"]
        wanted = self.request.headers.get("X-PromptHub-Workspace") or self._query_workspace()
        return await identity.caller(self.current_user, wanted)

    def _query_workspace(self) -> str | None:
        given = self.request.query_arguments.get("workspace")
        return given[-1].decode("utf-8", "replace") if given else None


class PromptHubHandler(_Shared, APIHandler):
    """Base of all HTTP handlers: ``self.caller``, ``self.runtime``, ``await self.body(Model)``."""

    _stream_request_body = True
    max_body: int = MIB
    _caller: Caller | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        check_class(cls, VERBS)

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self._chunks: list[bytes] = []
        self._received = 0
        self._refusal: PromptHubError | None = None

    async def prepare(self, **kwargs: Any) -> None:
        """Runs when the headers are there. A refusal waits until the body is read (up to a bound)."""
        length = int(self.request.headers.get("Content-Length", "0") or "0")
        self.request.connection.set_max_body_size(max(DRAINED, self.max_body))
        if length > max(DRAINED, self.max_body):
            self.refuse(self._too_large())
            return
        try:
            await super().prepare()
        except PromptHubError as error:
            self._refusal = error
        except HTTPError as error:
            self._refusal = from_http_error(error.status_code, error)

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Cache-Control", "no-cache")

    def set_cors_headers(self) -> None:
        if "Origin" in self.request.headers:
            super().set_cors_headers()

    @property
    def content_security_policy(self) -> str:
        """Answers are data: nothing in them is ever a page."""
        return "default-src 'none'; frame-ancestors 'none'"

    def on_finish(self) -> None:
        super().on_finish()
        self.runtime.metrics.observe(
            str(self.request.method), self.route_label, self.get_status(), self.request.request_time()
        )

    @property
    def route_label(self) -> str:
        """What metrics call this: never anything that a client wrote."""
        return type(self).__name__

    def data_received(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._received <= self.max_body:
            self._chunks.append(chunk)

    async def admitted(self, kind: str) -> bool:
        """Whether the verb shall run here. False: it was answered already (by the owner)."""
        if self._refusal is not None:
            raise self._refusal
        if self._received > self.max_body:
            raise self._too_large()
        if kind == "anonymous":
            return True
        strange = await self.allowed(kind)
        if not strange:
            await self.authorize()
        if (remote := await self.remote()) is not None:
            from ..forward.http import forward

            if await forward(self, remote):
                return False
        if not strange:
            self._caller = await self.identify()
        return True

    async def allowed(self, kind: str) -> bool:
        """Whether a stranger may use this (the generic handler asks its route)."""
        return False

    @property
    def caller(self) -> Caller:
        """Who asks; there is always somebody behind :func:`authenticated`."""
        if self._caller is None:
            raise Unauthenticated("sign in first")
        return self._caller

    @property
    def raw_body(self) -> bytes:
        """The body as it came."""
        return b"".join(self._chunks)

    async def body(self, model: type[BaseModel]) -> Any:
        """The body as ``model``. Raises InvalidInput, naming the fields."""
        from ..api import parse_body

        return await parse_body(model, self.raw_body, self.request.headers.get("Content-Type"))

    def query(self, model: type[BaseModel]) -> Any:
        """The query as ``model``. Raises InvalidInput, naming the fields."""
        from ..api import parse_query

        return parse_query(model, self.request.query)

    def answer(self, record: BaseModel | None, status: int = 200) -> None:
        """Finish with a record (None: no content)."""
        self.send(record.model_dump_json(by_alias=True).encode() if record is not None else None, status)

    def send(self, data: bytes | None, status: int) -> None:
        """Finish with a record as it is sent (None: no content)."""
        if data is None:
            self.set_status(204)
            self.finish()
            return
        self.set_status(status)
        self.finish(data)

    def refuse(self, error: PromptHubError) -> None:
        """Finish with an error; too late for that when an answer has begun."""
        if self._finished:
            return
        if self._headers_written:
            self.log.warning("failed in the middle of an answer (%s): %s", self.trace_id, error.code)
            self.finish()
            return
        self.clear()
        self.set_status(error.status)
        for name, value in error_headers(error).items():
            self.set_header(name, value)
        if error.status >= 500:
            self.log.warning(
                "%s %s: %s (%s)", self.request.method, self.request.path, error.message, self.trace_id
            )
        self.finish(error_response(error, self.trace_id).model_dump_json())

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors of tornado and Jupyter, and unexpected ones, in our shape."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        known = error if isinstance(error, PromptHubError) else from_http_error(status_code, error)
        self.set_status(known.status if isinstance(error, PromptHubError) else status_code)
        if status_code >= 500:
            self.log.error("trace_id %s", self.trace_id)
        self.finish(error_response(known, self.trace_id).model_dump_json())

    def _too_large(self) -> TooLarge:
        return TooLarge(
            f"the body is larger than {self.max_body} bytes; send less at once",
            details={"limit_bytes": self.max_body},
        )


class PromptHubSocket(_Shared, WebSocketMixin, WebSocketHandler, JupyterHandler):
    """Base of all websockets: ``open`` runs after the caller is known, ``self.caller`` is set."""

    caller: Caller
    _asking: set[asyncio.Task[None]]

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        super().initialize(*args, **kwargs)
        self._asking = set()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        check_class(cls, ("open", *VERBS))

    async def prepare(self, **kwargs: Any) -> None:
        try:
            await super().prepare()
        except PromptHubError as error:
            raise HTTPError(error.status, error.message) from error

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """The handshake: refused before the upgrade, with a plain HTTP answer."""
        try:
            await self.authorize()
            self.caller = await self._identify_or_forward()
        except PromptHubError as error:
            self.set_status(error.status)
            self.set_header("Content-Type", "application/json")
            self.finish(error_response(error, self.trace_id).model_dump_json())
            return
        self.runtime.sockets.add(self)
        await super().get(*args, **kwargs)

    setattr(get, "__allow_unauthenticated", True)  # ours refuses first

    async def _identify_or_forward(self) -> Any:
        if (remote := await self.remote()) is not None:
            from ..forward.sockets import relay

            if await relay(self, remote):
                return None
        return await self.identify()

    async def admitted(self, kind: str) -> bool:
        """The handshake has admitted already."""
        return True

    def ask_again(self) -> None:
        """People, roles or credentials have changed: look, beside the loop, whether who is connected may still be."""
        task = asyncio.create_task(self._ask_again())
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _ask_again(self) -> None:
        """Close, or go on with what the caller may do now. (A forwarding server leaves it to the owner.)"""

    def refuse(self, error: PromptHubError) -> None:
        """After the upgrade: close with the reason."""
        self.close(1008, error.message[:120])

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        self.set_header("Content-Type", "application/json")
        self.finish(error_response(from_http_error(status_code, error), self.trace_id).model_dump_json())
