"""Rendered events to messages, by dotprompt's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .records import DataPart, MediaPart, Message, Part, TextPart

__all__ = ["Event", "HistoryEvent", "RoleEvent", "assemble", "with_history"]


@dataclass(frozen=True, slots=True)
class RoleEvent:
    """From here on, text is of this role."""

    role: str


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """Here goes the conversation so far."""


Event: TypeAlias = str | RoleEvent | HistoryEvent | MediaPart | DataPart


class _Current:
    """The message that is being put together."""

    def __init__(self, role: str) -> None:
        self.role = role
        self._parts: list[Part] = []
        self._text: list[str] = []

    def _end_text(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if text.strip():
            self._parts.append(TextPart(text=text))

    def add(self, event: str | MediaPart | DataPart) -> None:
        if isinstance(event, str):
            self._text.append(event)
        else:
            self._end_text()
            self._parts.append(event)

    def finish(self) -> list[Message]:
        """The message, or none when nothing but blanks was written."""
        self._end_text()
        return [Message(role=self.role, content=tuple(self._parts))] if self._parts else []


def assemble(events: Sequence[Event], history: Sequence[Message]) -> list[Message]:
    """Messages of what was written. Blank text between markers is dropped; text before the first role marker
    is the user's, text after history the model's; history goes in once, where it is asked for first."""
    messages: list[Message] = []
    current = _Current("user")
    inserted = False
    for event in events:
        if isinstance(event, RoleEvent):
            messages += current.finish()
            current = _Current(event.role)
        elif isinstance(event, HistoryEvent):
            messages += current.finish()
            if not inserted:
                messages += [
                    message.model_copy(update={"metadata": {**message.metadata, "purpose": "history"}})
                    for message in history
                ]
            inserted = True
            current = _Current("model")
        else:
            current.add(event)
    return messages + current.finish()


def with_history(messages: list[Message], history: Sequence[Message]) -> list[Message]:
    """``history`` put before the last message if that is the user's, else after all."""
    if messages and messages[-1].role == "user":
        return [*messages[:-1], *history, messages[-1]]
    return [*messages, *history]
