"""Server-sent events, read from bytes as they come (HTML standard, section 9.2.6)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

__all__ = ["EventReader", "ServerEvent"]


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: its type (``message`` unless named) and its data lines, joined by LF."""

    data: str
    event: str = "message"


class EventReader:
    """Feed it bytes in any portions; it gives whole events. Accepts LF, CR LF and CR line ends.

    Args:
        max_event: longest event in characters; a longer one raises ValueError.
    """

    def __init__(self, *, max_event: int = 1_048_576) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._rest = ""
        self._data: list[str] = []
        self._size = 0
        self._event = ""
        self._max = max_event

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """The events that this portion completes."""
        text = self._rest + self._decode(chunk)
        # a CR at the very end may be the first half of CR LF: it waits for the next portion
        held = "\r" if text.endswith("\r") else ""
        lines = text[: len(text) - len(held)].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop() + held
        if len(self._rest) > self._max:
            raise ValueError(f"an event of over {self._max} characters")
        events: list[ServerEvent] = []
        for line in lines:
            if event := self._line(line):
                events.append(event)
        return events

    def _line(self, line: str) -> ServerEvent | None:
        if not line:
            data, name = self._data, self._event
            self._data, self._event, self._size = [], "", 0
            return ServerEvent("\n".join(data), name or "message") if data else None
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._size += len(value)
            if self._size > self._max:
                raise ValueError(f"an event of over {self._max} characters")
            self._data.append(value)
        elif field == "event":
            self._event = value
        return None
