"""Errors that only HTTP knows, and how any error becomes an answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from http.client import responses
from typing import Any, ClassVar

from pydantic import ValidationError
from tornado.web import HTTPError

from jupyter_prompthub.core.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    PromptHubError,
    RateLimited,
    StoreUnavailable,
    TooLarge,
    Unauthenticated,
)
from jupyter_prompthub.core.fielderrors import field_errors, sentence
from jupyter_prompthub.core.records import ErrorBody, ErrorResponse

__all__ = [
    "MethodNotAllowed",
    "UnsupportedMediaType",
    "error_headers",
    "error_response",
    "from_http_error",
    "from_validation",
    "new_trace_id",
]

_SHOWN = 20
"""how many field errors an answer lists"""


class MethodNotAllowed(PromptHubError):
    """The path exists, the verb does not."""

    code: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405


class UnsupportedMediaType(PromptHubError):
    """A body that does not say that it is JSON."""

    code: ClassVar[str] = "unsupported_media_type"
    status: ClassVar[int] = 415


def new_trace_id() -> str:
    """What an error answer and the server's log have in common: 32 hex digits."""
    return uuid.uuid4().hex


def from_validation(
    error: ValidationError,
    what: str = "the request",
    place: Callable[[Sequence[int | str]], str] | None = None,
) -> InvalidInput:
    """Pydantic's errors in plain words. Values are never repeated: they may be secrets.

    Args:
        what: what does not fit.
        place: how the message calls the place of a field; ``details`` has it by names and indices in any case.
    """
    fields = [
        {"path": ".".join(str(part) for part in path) or "(all of it)", "message": message}
        for path, message in field_errors(error)[:_SHOWN]
    ]
    return InvalidInput(f"{what} does not fit: {sentence(error, place)}", details={"fields": fields})


def from_http_error(status: int, error: BaseException | None) -> PromptHubError:
    """An error of tornado or Jupyter, as one of ours. No traceback, no repr of anything leaves."""
    said = getattr(error, "log_message", None) if isinstance(error, HTTPError) else None
    text = str(said) if said and not getattr(error, "args", ()) else responses.get(status, "error")
    known: dict[int, type[PromptHubError]] = {
        400: InvalidInput,
        401: Unauthenticated,
        403: Forbidden,
        404: NotFound,
        405: MethodNotAllowed,
        413: TooLarge,
        429: RateLimited,
        503: StoreUnavailable,
    }
    if status >= 500 and status != 503:
        return PromptHubError("an unexpected error; the server's log tells more under this trace_id")
    kind = known.get(status)
    return kind(text) if kind else _Other(text, status)


class _Other(PromptHubError):
    code: ClassVar[str] = "http_error"

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status  # type: ignore[misc]  # one class for all the rest


def error_response(error: PromptHubError, trace_id: str) -> ErrorResponse:
    """The body of an error answer."""
    return ErrorResponse(
        error=ErrorBody(
            code=error.code, message=error.message, details=_json(error.details), trace_id=trace_id
        )
    )


def error_headers(error: PromptHubError) -> dict[str, str]:
    """Headers that belong to an error answer."""
    if isinstance(error, RateLimited):
        return {"Retry-After": str(error.details.get("retry_after_s", 1))}
    if isinstance(error, StoreUnavailable):
        return {"Retry-After": "2"}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="prompthub"'}
    if isinstance(error, MethodNotAllowed) and "allow" in error.details:
        return {"Allow": ", ".join(error.details["allow"])}
    return {}


def _json(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details hold JSON values; records in them (problems) are dumped."""

    def plain(value: Any) -> Any:
        if hasattr(value, "model_dump"):
            return value.model_dump(mode="json", by_alias=True)
        if isinstance(value, Mapping):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [plain(item) for item in value]
        return value if isinstance(value, str | int | float | bool | None) else str(value)

    return {str(key): plain(value) for key, value in details.items()}
