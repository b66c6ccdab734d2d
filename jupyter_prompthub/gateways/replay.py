"""Record model calls and play them back: the one double of a model. See docs/formats/replay.md."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, cast

from pydantic import ValidationError

from ..core import errors
from ..core.canonical import canonical, tagged_sha256
from ..core.errors import GatewayError, InvalidInput, ModelUnknown
from ..core.gateway import Chunk, Endpoint, Finish, Gateway, ModelRequest, TextDelta, ToolCall, UsageReport
from ..core.records import JsonValue, Record, Usage

__all__ = ["FORMAT", "Recording", "ReplayGateway", "ReplayMode", "request_key"]

FORMAT: Final = "prompthub replay v1"


class ReplayMode(StrEnum):
    """``record``: always ask, and keep the answer. ``replay``: ask (and keep) only what is not in the file.
    ``strict``: never ask; what is not in the file is an error."""

    RECORD = "record"
    REPLAY = "replay"
    STRICT = "strict"


class RecordedChunk(Record):
    """One piece, ``at_ms`` after the start of the call. Exactly one of the others is set."""

    at_ms: float = 0.0
    text: str | None = None
    tool_call: dict[str, str] | None = None
    usage: Usage | None = None
    finish: dict[str, str | None] | None = None


class RecordedError(Record):
    """The failure that ended the call: a class of the error tree by its ``code``."""

    code: str
    message: str
    details: dict[str, JsonValue] = {}
    at_ms: float = 0.0


class Recording(Record):
    """One line of the file."""

    format: str = FORMAT
    key: str
    request: ModelRequest
    chunks: tuple[RecordedChunk, ...] = ()
    error: RecordedError | None = None


def request_key(request: ModelRequest) -> str:
    """SHA-256 of the format's name, NUL, and the request's canonical JSON, None values left out."""
    data = request.model_dump(mode="json", by_alias=True, exclude_none=True)
    return tagged_sha256(FORMAT, canonical(data))


_ERRORS: Final = {
    cls.code: cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, GatewayError)
}


class ReplayGateway:
    """A real gateway over a JSONL file. Equal requests are answered in the order of the file; the last
    recording of a request is repeated.

    Args:
        path: the file; made when something is recorded.
        mode: see :class:`ReplayMode`.
        inner: who is asked in ``record`` and ``replay``; None makes both strict.
        pace: 1 waits as long as the recorded call did, 0 (default) does not wait.
    """

    def __init__(
        self,
        path: Path,
        mode: ReplayMode = ReplayMode.STRICT,
        *,
        inner: Gateway | None = None,
        pace: float = 0.0,
    ) -> None:
        self._path, self._mode, self._inner, self._pace = path, mode, inner, pace
        self._lock = threading.Lock()
        self._known: dict[str, list[Recording]] | None = None
        self._served: dict[str, int] = {}

    async def stream(self, request: ModelRequest, endpoint: Endpoint) -> AsyncIterator[Chunk]:
        """Answer from the file, or ask and record.

        Raises:
            ModelUnknown: strict, and the file has no such request.
            GatewayError: as recorded, or as the inner gateway raises.
        """
        key = request_key(request)
        recording = None if self._mode is ReplayMode.RECORD else await asyncio.to_thread(self._next, key)
        if recording is not None:
            async with aclosing(cast("Any", self._play(recording))) as chunks:
                async for chunk in chunks:
                    yield chunk
        elif self._mode is ReplayMode.STRICT or self._inner is None:
            raise ModelUnknown(
                f"no recorded answer for this request to {request.provider}/{request.model} (key "
                f"{key[:12]}) in "
                f"{self._path.name}; record it with PROMPTHUB_REPLAY_MODE=record, or undo the change to "
                "the prompt or its inputs",
                details={"key": key, "connection": endpoint.connection},
            )
        else:
            async with aclosing(cast("Any", self._record(key, request, endpoint, self._inner))) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def close(self) -> None:
        """Close the inner gateway."""
        if self._inner is not None:
            await self._inner.close()

    def _next(self, key: str) -> Recording | None:
        with self._lock:
            if self._known is None:
                self._known = _load(self._path)
            known = self._known.get(key)
            if not known:
                return None
            number = self._served.get(key, 0)
            self._served[key] = number + 1
            return known[min(number, len(known) - 1)]

    async def _play(self, recording: Recording) -> AsyncIterator[Chunk]:
        start = time.monotonic()
        for piece in recording.chunks:
            await self._wait(start, piece.at_ms)
            yield _chunk(piece)
        if recording.error is not None:
            await self._wait(start, recording.error.at_ms)
            cls = _ERRORS.get(recording.error.code, GatewayError)
            raise cls(recording.error.message, details=recording.error.details)

    async def _wait(self, start: float, at_ms: float) -> None:
        if self._pace > 0:
            await asyncio.sleep(max(0.0, start + at_ms * self._pace / 1000 - time.monotonic()))

    async def _record(
        self, key: str, request: ModelRequest, endpoint: Endpoint, inner: Gateway
    ) -> AsyncIterator[Chunk]:
        start = time.monotonic()
        pieces: list[RecordedChunk] = []
        failure: RecordedError | None = None
        try:
            async with aclosing(cast("Any", inner.stream(request, endpoint))) as chunks:
                async for chunk in chunks:
                    pieces.append(_piece(chunk, _ms(start)))
                    yield chunk
        except GatewayError as error:
            details = {name: value for name, value in error.details.items() if name != "execution_id"}
            failure = RecordedError(code=error.code, message=error.message, details=details, at_ms=_ms(start))
            raise
        finally:
            # a call that its caller gave up is not a recording
            if failure is not None or (pieces and pieces[-1].finish is not None):
                recording = Recording(key=key, request=request, chunks=tuple(pieces), error=failure)
                await asyncio.to_thread(self._keep, recording)

    def _keep(self, recording: Recording) -> None:
        line = recording.model_dump_json(by_alias=True, exclude_none=True) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)
            if self._known is not None:
                self._known.setdefault(recording.key, []).append(recording)


def _ms(start: float) -> float:
    return round((time.monotonic() - start) * 1000, 1)


def _load(path: Path) -> dict[str, list[Recording]]:
    known: dict[str, list[Recording]] = {}
    if not path.exists():
        return known
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            recording = Recording.model_validate(raw)
        except (ValueError, ValidationError) as error:
            raise InvalidInput(
                f"{path.name}, line {number}: not a recorded call ({type(error).__name__})"
            ) from error
        if recording.format != FORMAT:
            raise InvalidInput(
                f"{path.name}, line {number}: expected format {FORMAT!r}, got {recording.format!r}"
            )
        known.setdefault(recording.key, []).append(recording)
    return known


def _piece(chunk: Chunk, at_ms: float) -> RecordedChunk:
    match chunk:
        case TextDelta(text):
            return RecordedChunk(at_ms=at_ms, text=text)
        case ToolCall(id=ident, name=name, arguments=arguments):
            return RecordedChunk(at_ms=at_ms, tool_call={"id": ident, "name": name, "arguments": arguments})
        case UsageReport(usage=usage):
            return RecordedChunk(at_ms=at_ms, usage=usage)
        case Finish(reason=reason, model=model):
            return RecordedChunk(at_ms=at_ms, finish={"reason": reason, "model": model})


def _chunk(piece: RecordedChunk) -> Chunk:
    if piece.text is not None:
        return TextDelta(piece.text)
    if piece.tool_call is not None:
        return ToolCall(piece.tool_call["id"], piece.tool_call["name"], piece.tool_call["arguments"])
    if piece.usage is not None:
        return UsageReport(piece.usage)
    finish = piece.finish or {}
    return Finish(finish.get("reason"), finish.get("model"))
