"""The messages of a room: y-websocket's, read strictly. See ``docs/formats/drafts.md``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from jupyter_prompthub.core.errors import PromptHubError, StoreFull, StoreUnavailable

__all__ = [
    "MAX_MESSAGE",
    "AwarenessEntry",
    "AwarenessMessage",
    "CloseCode",
    "Closing",
    "Message",
    "ProtocolError",
    "QueryAwareness",
    "SaveRequest",
    "SyncStep1",
    "SyncUpdate",
    "awareness_message",
    "closing_for",
    "parse",
    "step1_message",
    "step2_message",
    "text_message",
    "update_message",
]

MAX_MESSAGE = 1024 * 1024
"""Bytes of one websocket message."""

_MAX_REASON = 123
"""Bytes of a close reason (RFC 6455, 5.5: a control frame carries at most 125, two are the code)."""


class CloseCode(IntEnum):
    """Why a connection of a room is closed."""

    RESTART = 1012
    SLOW = 1013
    BAD_MESSAGE = 4400
    SIGNED_OUT = 4401
    FORBIDDEN = 4403
    GONE = 4404
    OTHER = 4409
    TOO_LARGE = 4413
    NOT_STORED = 4503
    FULL = 4507


@dataclass(frozen=True, slots=True)
class Closing:
    """A close code and its reason, at most 123 bytes of UTF-8."""

    code: CloseCode
    reason: str

    def __post_init__(self) -> None:
        raw = self.reason.encode()
        if len(raw) > _MAX_REASON:
            cut = raw[: _MAX_REASON - 3].decode(errors="ignore") + "…"
            object.__setattr__(self, "reason", cut)


def closing_for(error: Exception) -> Closing:
    """How clients are told that a draft cannot be opened or stored; all of these are worth coming back for."""
    if isinstance(error, StoreFull):
        return Closing(CloseCode.FULL, "Not stored: the disk is full. Your text stays in this page.")
    if isinstance(error, PromptHubError) and not isinstance(error, StoreUnavailable):
        return Closing(CloseCode.RESTART, error.message)
    return Closing(
        CloseCode.NOT_STORED, "Not stored: the database is not available. Your text stays in this page."
    )


class ProtocolError(ValueError):
    """Bytes that are no message of this protocol."""


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """Asks for everything that is not in ``state`` (a Yjs state vector)."""

    state: bytes


@dataclass(frozen=True, slots=True)
class SyncUpdate:
    """A Yjs update: live (``step2`` False), or the answer to our step 1."""

    update: bytes
    step2: bool


@dataclass(frozen=True, slots=True)
class AwarenessEntry:
    """What one Yjs client says about itself: JSON, ``null`` when it leaves."""

    client: int
    clock: int
    state: str


@dataclass(frozen=True, slots=True)
class AwarenessMessage:
    entries: tuple[AwarenessEntry, ...]


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """Asks for all states."""


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """Asks to hear when everything sent before is stored."""

    number: int


Message = SyncStep1 | SyncUpdate | AwarenessMessage | QueryAwareness | SaveRequest

_SYNC, _AWARENESS, _TEXT, _QUERY = 0, 1, 2, 3


class _Reader:
    """lib0 decoding with bounds: every read is checked."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def uint(self) -> int:
        value = shift = 0
        while True:
            if self._at >= len(self._data) or shift > 63:
                raise ProtocolError("a number is cut off or too large")
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def bytes(self) -> bytes:
        length = self.uint()
        end = self._at + length
        if end > len(self._data):
            raise ProtocolError(f"{length} bytes are announced, {len(self._data) - self._at} came")
        part = self._data[self._at : end]
        self._at = end
        return part

    def string(self) -> str:
        try:
            return self.bytes().decode()
        except UnicodeDecodeError as e:
            raise ProtocolError("a string is not UTF-8") from e


def parse(message: bytes) -> Message:
    """Read one websocket message.

    Raises:
        ProtocolError: not one of the messages of this protocol.
    """
    reader = _Reader(message)
    kind = reader.uint()
    if kind == _SYNC:
        step = reader.uint()
        if step == 0:
            return SyncStep1(reader.bytes())
        if step in (1, 2):
            return SyncUpdate(reader.bytes(), step2=step == 1)
        raise ProtocolError(f"sync message {step}; expected 0, 1 or 2")
    if kind == _AWARENESS:
        return AwarenessMessage(tuple(_entries(reader.bytes())))
    if kind == _QUERY:
        return QueryAwareness()
    if kind == _TEXT:
        word = reader.string()
        if word == "save":
            return SaveRequest(reader.uint())
        raise ProtocolError(f"text message {word[:20]!r}; expected 'save'")
    raise ProtocolError(f"message type {kind}; expected 0 to 3")


def _entries(data: bytes) -> Iterable[AwarenessEntry]:
    reader = _Reader(data)
    for _ in range(reader.uint()):
        yield AwarenessEntry(reader.uint(), reader.uint(), reader.string())


def _uint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(128 | (value & 127))
        value >>= 7
    out.append(value)
    return bytes(out)


def _bytes(data: bytes) -> bytes:
    return _uint(len(data)) + data


def step1_message(state: bytes) -> bytes:
    """Ask a client for what is not in ``state``."""
    return bytes((_SYNC, 0)) + _bytes(state)


def step2_message(update: bytes) -> bytes:
    """Answer a client's step 1."""
    return bytes((_SYNC, 1)) + _bytes(update)


def update_message(update: bytes) -> bytes:
    """Relay a live update."""
    return bytes((_SYNC, 2)) + _bytes(update)


def awareness_message(entries: Iterable[AwarenessEntry]) -> bytes:
    """Tell states. (pycrdt's encoder counts characters where the format counts bytes.)"""
    listed = list(entries)
    body = _uint(len(listed)) + b"".join(
        _uint(e.client) + _uint(e.clock) + _bytes(e.state.encode()) for e in listed
    )
    return bytes((_AWARENESS,)) + _bytes(body)


def text_message(body: Mapping[str, Any]) -> bytes:
    """JSON in a message of type 2, as docprovider reads answers to ``save``."""
    return bytes((_TEXT,)) + _bytes(json.dumps(body).encode())
