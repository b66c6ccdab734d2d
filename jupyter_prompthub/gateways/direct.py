"""The direct door: any endpoint that speaks the OpenAI chat API, over aiohttp, streaming."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

import aiohttp

from ..core.errors import ProviderRefused
from ..core.gateway import Chunk, Endpoint, ModelRequest
from . import refusals
from .door import Door
from .openai_chat import AnswerReader, body
from .sse import EventReader

__all__ = ["DirectGateway"]

_CONNECT_S: Final = 10.0
_MAX_ANSWER: Final = 16 * 1_048_576
"""bytes of one answer on the wire; beyond it the answer is cut"""
_MAX_ERROR: Final = 16_384


class DirectGateway:
    """OpenAI-compatible endpoints. Holds no connection itself: sessions are the door's."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def stream(self, request: ModelRequest, endpoint: Endpoint) -> AsyncIterator[Chunk]:
        """Ask and yield; see :class:`~jupyter_prompthub.core.gateway.Gateway`.

        Raises:
            ProviderRefused: the endpoint refused, or may not be reached.
            ProviderRateLimited: 429.
            ProviderUnavailable: no connection, 5xx.
            ProviderTimeout: silence longer than ``endpoint.idle_timeout_s``.
            StreamCut: the answer broke off, or stopped making sense.
        """
        if not endpoint.base_url:
            raise ProviderRefused(
                f"the connection {endpoint.connection!r} has no base URL; set one with "
                f"`prompthub connection add {endpoint.connection}`",
                details={"connection": endpoint.connection},
            )
        headers = {"Accept": "text/event-stream, application/json"}
        if endpoint.secret:
            headers["Authorization"] = f"Bearer {endpoint.secret}"
        began = False
        try:
            async with self._door.session(endpoint).post(
                endpoint.base_url.rstrip("/") + "/chat/completions",
                json=body(request),
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=_CONNECT_S, sock_read=endpoint.idle_timeout_s
                ),
            ) as response:
                if response.status >= 300:
                    text = (await response.content.read(_MAX_ERROR)).decode("utf-8", "replace")
                    raise refusals.from_status(
                        response.status, text, endpoint, request.model, response.headers
                    )
                async for chunk in _read(response, endpoint):
                    began = True
                    yield chunk
        except TimeoutError as error:
            if began:
                raise refusals.cut(endpoint, f"nothing for {endpoint.idle_timeout_s:g} s") from error
            raise refusals.timed_out(endpoint, endpoint.idle_timeout_s) from error
        except (aiohttp.ClientError, OSError) as error:
            if began:
                raise refusals.cut(endpoint, "the connection was lost") from error
            raise refusals.unreachable(endpoint, error) from error

    async def close(self) -> None:
        """The door's owner closes its sessions."""


async def _read(response: aiohttp.ClientResponse, endpoint: Endpoint) -> AsyncIterator[Chunk]:
    answer = AnswerReader()
    size = 0
    if response.content_type == "application/json":  # an endpoint that cannot stream
        whole = bytearray()
        async for portion in response.content.iter_any():
            whole += portion
            if len(whole) > _MAX_ANSWER:
                raise refusals.cut(endpoint, f"over {_MAX_ANSWER} bytes")
        for chunk in _parse(bytes(whole).decode("utf-8", "replace"), answer, endpoint):
            yield chunk
    else:
        events = EventReader()
        done = False
        async for portion in response.content.iter_any():
            size += len(portion)
            if size > _MAX_ANSWER:
                raise refusals.cut(endpoint, f"over {_MAX_ANSWER} bytes")
            try:
                ready = events.feed(portion)
            except ValueError as error:
                raise refusals.cut(endpoint, str(error)) from error
            for event in ready:
                if event.data.strip() == "[DONE]":
                    done = True
                    break
                for chunk in _parse(event.data, answer, endpoint):
                    yield chunk
            if done:
                break
            # a long burst of small pieces must not keep the loop from others
            await asyncio.sleep(0)
    if not answer.finished:
        raise refusals.cut(endpoint, "it ended without a finish reason")
    yield answer.finish()


def _parse(text: str, answer: AnswerReader, endpoint: Endpoint) -> list[Chunk]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusals.cut(endpoint, "it is not JSON") from error
    if not isinstance(raw, dict):
        raise refusals.cut(endpoint, "it is not an object")
    if raw.get("error"):
        raise refusals.cut(
            endpoint, "the provider reported: " + refusals.redact(str(raw["error"]), endpoint.secret)
        )
    try:
        return answer.read(raw)
    except ValueError as error:
        raise refusals.cut(endpoint, str(error)) from error
