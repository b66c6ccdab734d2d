"""litellm's HTTP, led through our door.

litellm makes its HTTP clients in a few places, all over httpx. Each gets a transport that looks up the call
it works for (a context variable) and sends through that call's session; without a call it refuses. Redirects
are refused, proxies ignored, synchronous clients refused. Written against the pinned version; the tests fail
when one of the places moves.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import httpx

from ..core.errors import GatewayError, ProviderRefused
from ..core.gateway import Endpoint
from . import refusals
from .door import Door

__all__ = ["Call", "DoorTransport", "during", "install"]

_ENDS: Final = (b"[DONE]", b'"finish_reason":"', b'"finish_reason": "', b"message_stop", b'"finishReason"')
"""what the last part of a complete stream holds, in the dialects of the offered providers"""
_TAIL: Final = 16_384
_MAX_ANSWER: Final = 16 * 1_048_576
_MAX_ERROR: Final = 16_384


@dataclass(slots=True)
class Call:
    """One model call, as its transport sees it."""

    door: Door
    endpoint: Endpoint
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ended: bool = False
    """the stream's own end was seen; litellm makes one up for a stream that just stops"""
    refused: GatewayError | None = None
    lost: str | None = None
    text: str = ""
    """the body of a refusal"""
    sent: bool = False


_current: ContextVar[Call | None] = ContextVar("prompthub_model_call", default=None)


@contextlib.contextmanager
def during(call: Call) -> Iterator[None]:
    """Requests made inside belong to ``call``."""
    _current.set(call)
    try:
        yield
    finally:
        _current.set(None)


class DoorTransport(httpx.AsyncBaseTransport):
    """Sends through the current call's session."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = _current.get()
        if call is None:
            raise httpx.ConnectError("a request outside of a model call is not let out", request=request)
        if call.sent:  # litellm repeats some failed requests by itself
            raise httpx.ConnectError("one request per call", request=request)
        call.sent = True
        try:
            session = call.door.session(call.endpoint)
            response = await session.request(
                request.method,
                str(request.url),
                data=await request.aread(),
                headers=[
                    (k, v) for k, v in request.headers.items() if k.lower() not in ("host", "content-length")
                ],
                allow_redirects=False,
                skip_auto_headers=("User-Agent", "Content-Type"),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=10.0, sock_read=call.endpoint.idle_timeout_s
                ),
            )
        except GatewayError as error:
            call.refused = error
            raise httpx.ConnectError(error.message, request=request) from error
        except TimeoutError as error:
            call.refused = refusals.timed_out(call.endpoint, call.endpoint.idle_timeout_s)
            raise httpx.ReadTimeout("no answer in time", request=request) from error
        except (aiohttp.ClientError, OSError) as error:
            call.lost = str(error)
            raise httpx.ConnectError(str(error), request=request) from error
        call.status, call.headers = response.status, response.headers
        if 300 <= response.status < 400:
            response.close()
            call.refused = refusals.from_status(response.status, "", call.endpoint, "")
            raise httpx.ConnectError("redirects are not followed", request=request)
        if response.status < 300 and response.content_type == "application/json":
            response.close()
            call.refused = ProviderRefused(
                f"the connection {call.endpoint.connection!r} does not stream its answers; if it speaks "
                "the OpenAI chat "
                "API, make it a connection of provider openai_compatible",
                details={"connection": call.endpoint.connection},
            )
            raise httpx.ConnectError("not a stream", request=request)
        if response.status >= 300:
            call.text = (await response.content.read(_MAX_ERROR)).decode("utf-8", "replace")
            response.close()
            return httpx.Response(response.status, headers=_kept(response), text=call.text, request=request)
        return httpx.Response(
            response.status, headers=_kept(response), stream=_Body(response, call), request=request
        )


def _kept(response: aiohttp.ClientResponse) -> list[tuple[str, str]]:
    # the session has already decoded and joined the body
    gone = ("content-encoding", "content-length", "transfer-encoding")
    return [(name, value) for name, value in response.headers.items() if name.lower() not in gone]


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse, call: Call) -> None:
        self._response, self._call = response, call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        tail, size = b"", 0
        try:
            async for portion in self._response.content.iter_any():
                size += len(portion)
                if size > _MAX_ANSWER:
                    raise httpx.ReadError(f"an answer of over {_MAX_ANSWER} bytes")
                tail = (tail + portion)[-_TAIL:]
                if not self._call.ended:
                    self._call.ended = any(mark in tail for mark in _ENDS)
                yield portion
        except TimeoutError as error:
            raise httpx.ReadTimeout("the answer stopped coming") from error
        except (aiohttp.ClientError, OSError) as error:
            self._call.lost = str(error)
            raise httpx.ReadError(str(error)) from error

    async def aclose(self) -> None:
        self._response.close()


class _Refusing(httpx.BaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("synchronous requests are not let out", request=request)


def install(litellm: Any) -> None:
    """Replace every HTTP client that litellm would make. Idempotent."""
    from litellm.llms.custom_httpx import http_handler

    transport = DoorTransport()

    def async_transport(*_: Any, **__: Any) -> DoorTransport:
        return transport

    def no_proxies(*_: Any, **__: Any) -> None:
        return None

    def refusing(*_: Any, **__: Any) -> _Refusing:
        return _Refusing()

    places = {
        "_create_async_transport": async_transport,
        "_create_aiohttp_transport": async_transport,
        "_create_httpx_transport": async_transport,
        "_create_httpx_proxy_mounts": no_proxies,
    }
    for name, replacement in places.items():
        if not hasattr(http_handler.AsyncHTTPHandler, name):
            raise RuntimeError(
                f"litellm {litellm.__version__} has no AsyncHTTPHandler.{name}: see litellm_transport.py"
            )
        setattr(http_handler.AsyncHTTPHandler, name, staticmethod(replacement))
    if not hasattr(http_handler.HTTPHandler, "_create_sync_transport"):
        raise RuntimeError(f"litellm {litellm.__version__} has no HTTPHandler._create_sync_transport")
    setattr(http_handler.HTTPHandler, "_create_sync_transport", refusing)  # noqa: B010 - mypy forbids the other
    litellm.aclient_session = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
    litellm.client_session = httpx.Client(transport=_Refusing(), trust_env=False, follow_redirects=False)
