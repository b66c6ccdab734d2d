"""Our messages and chunks in the words of the OpenAI chat API, which most providers speak."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..core.errors import InvalidInput
from ..core.gateway import Chunk, Finish, ModelRequest, TextDelta, ToolCall, UsageReport
from ..core.records import DataPart, JsonValue, MediaPart, Message, TextPart, Usage
from ..core.toolspec import read_tool, spelling

__all__ = ["AnswerReader", "body", "chat_messages", "tool_definitions", "usage_of"]

_ROLES: Final[Mapping[str, str]] = {
    "system": "system",
    "user": "user",
    "model": "assistant",
    "assistant": "assistant",
    "tool": "tool",
}


def chat_messages(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as the API wants them. Text-only content becomes one string.

    Raises:
        InvalidInput: a role or a medium that the API has no word for.
    """
    out: list[dict[str, Any]] = []
    for message in messages:
        role = _ROLES.get(message.role)
        if role is None:
            raise InvalidInput(
                f"role {message.role!r} cannot be sent to a model; roles are system, user, model, tool"
            )
        responses = [found for part in message.content if (found := _tool(part, "toolResponse")) is not None]
        if responses:
            out.extend(_tool_response(response) for response in responses)
            continue
        entry: dict[str, Any] = {"role": role}
        asked = [found for part in message.content if (found := _tool(part, "toolRequest")) is not None]
        calls = [_tool_request(call) for call in asked]
        parts = [part for part in message.content if _tool(part, "toolRequest") is None]
        if all(isinstance(part, TextPart) for part in parts):
            entry["content"] = "".join(part.text for part in parts if isinstance(part, TextPart))
        else:
            entry["content"] = [_part(part) for part in parts]
        if calls:
            entry["tool_calls"] = calls
            entry["content"] = entry["content"] or None
        out.append(entry)
    return out


def _tool(part: TextPart | MediaPart | DataPart, key: str) -> Mapping[str, Any] | None:
    """What a data part says under ``key`` (``toolRequest`` or ``toolResponse``), if it is such a part."""
    found = part.data.get(key) if isinstance(part, DataPart) and isinstance(part.data, dict) else None
    return found if isinstance(found, dict) else None


def _tool_request(call: Mapping[str, Any]) -> dict[str, Any]:
    name = str(call.get("name", ""))
    arguments = json.dumps(call.get("input", {}), ensure_ascii=False)
    return {
        "id": str(call.get("ref") or name),
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def _tool_response(response: Mapping[str, Any]) -> dict[str, Any]:
    output = response.get("output")
    text = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)
    return {
        "role": "tool",
        "tool_call_id": str(response.get("ref") or response.get("name", "")),
        "content": text,
    }


def _part(part: TextPart | MediaPart | DataPart) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    if isinstance(part, DataPart):
        return {"type": "text", "text": json.dumps(part.data, ensure_ascii=False)}
    if not part.url.startswith(("https://", "data:image/")):
        raise InvalidInput(
            f"a medium must be an image as a data: URL or an https:// address, got {part.url[:60]!r}",
            details={"content_type": part.content_type},
        )
    return {"type": "image_url", "image_url": {"url": part.url}}


def tool_definitions(tools: Sequence[JsonValue]) -> list[dict[str, Any]]:
    """The tools that can be sent: those with a definition. Bare names are left out (the caller warns)."""
    out: list[dict[str, Any]] = []
    for written in tools:
        tool = read_tool(written)
        if not isinstance(written, dict) or not tool.is_defined:
            continue
        given = written.get("function")
        function: dict[str, Any] = dict(given) if isinstance(given, dict) else {}
        if not function:
            function = {"name": tool.name, "description": tool.description}
            function["parameters"] = tool.schema_ or {"type": "object"}
        elif tool.schema_ is not None:
            function[spelling(function)] = tool.schema_
        out.append({"type": "function", "function": function})
    return out


def body(request: ModelRequest) -> dict[str, Any]:
    """The whole request body, streaming, with usage asked for."""
    out: dict[str, Any] = {
        "model": request.model,
        "messages": chat_messages(request.messages),
        "stream": True,
        "stream_options": {"include_usage": True},
        **request.parameters,
    }
    if tools := tool_definitions(request.tools):
        out["tools"] = tools
    if request.output is not None and "response_format" not in out:
        if request.output.schema_:
            schema = {"name": "output", "schema": request.output.schema_}
            out["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif request.output.format == "json":
            out["response_format"] = {"type": "json_object"}
    return out


def usage_of(raw: Mapping[str, Any]) -> Usage:
    """Token counts of an API ``usage`` object; what is missing or not a count is None."""

    def count(value: object) -> int | None:
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None

    details = raw.get("prompt_tokens_details")
    cached = count(details.get("cached_tokens")) if isinstance(details, Mapping) else None
    asked, answered = count(raw.get("prompt_tokens")), count(raw.get("completion_tokens"))
    total = count(raw.get("total_tokens"))
    if total is None and asked is not None and answered is not None:
        total = asked + answered
    return Usage(input_tokens=asked, output_tokens=answered, cached_tokens=cached, total_tokens=total)


@dataclass(slots=True)
class AnswerReader:
    """Turns the API's chunks (or one whole answer) into ours. ``finished`` once a finish reason came."""

    finished: bool = False
    reason: str | None = None
    model: str | None = None
    _calls: dict[int, list[str]] = field(default_factory=dict)

    def read(self, raw: Mapping[str, Any]) -> list[Chunk]:
        """The chunks in one of the API's objects.

        Raises:
            ValueError: it is not shaped like an answer.
        """
        out: list[Chunk] = []
        if isinstance(raw.get("model"), str) and raw["model"]:
            self.model = raw["model"]
        choices = raw.get("choices")
        if not isinstance(choices, list):
            raise ValueError("an answer without choices")
        if choices:
            choice = choices[0]
            delta = choice.get("delta") or choice.get("message") or {} if isinstance(choice, dict) else None
            if not isinstance(delta, dict):
                raise ValueError("a choice without a message")
            if isinstance(text := delta.get("content"), str) and text:
                out.append(TextDelta(text))
            for index, call in enumerate(delta.get("tool_calls") or ()):
                self._collect(call, index)
            if choice.get("finish_reason"):
                self.finished, self.reason = True, str(choice["finish_reason"])
                out += [ToolCall(*parts) for _, parts in sorted(self._calls.items())]
                self._calls.clear()
        if isinstance(raw.get("usage"), dict):
            out.append(UsageReport(usage_of(raw["usage"])))
        return out

    def _collect(self, call: object, index: int) -> None:
        if not isinstance(call, dict):
            raise ValueError("a tool call that is not an object")
        number = call.get("index")
        parts = self._calls.setdefault(number if isinstance(number, int) else index, ["", "", ""])
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        parts[0] = parts[0] or str(call.get("id") or "")
        parts[1] = parts[1] or str(function.get("name") or "")
        parts[2] += str(function.get("arguments") or "")

    def finish(self) -> Finish:
        """The last chunk of a complete answer."""
        return Finish(self.reason, self.model)
