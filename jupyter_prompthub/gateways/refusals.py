"""What a provider's refusal means, in a plain sentence with the next step."""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from ..core.errors import (
    GatewayError,
    ProviderRateLimited,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    StreamCut,
)
from ..core.gateway import Endpoint

__all__ = ["cut", "from_status", "redact", "retry_after_s", "timed_out", "unreachable"]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_KEYS: Final = re.compile(
    r"(?i)\b(sk|pk|rk|key|ph|gsk|xai|AIza)[-_][A-Za-z0-9_*.-]{6,}|(?<=[?&]key=)[^&\s\"']+|bearer\s+\S+"
)


def redact(text: str, secret: str | None, *, limit: int = 300) -> str:
    """A provider's words, fit for people: one line of at most ``limit`` characters, without keys."""
    if secret:
        text = text.replace(secret, "***")
    text = _KEYS.sub("***", _CONTROL.sub(" ", text)).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def retry_after_s(value: str | None) -> float | None:
    """Seconds to wait as ``Retry-After`` says (seconds or an HTTP date); None for none or nonsense."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())


def _said(text: str, endpoint: Endpoint) -> str:
    message: Any = text
    try:
        parsed = json.loads(text)
        error = parsed.get("error", parsed)
        message = error.get("message", text) if isinstance(error, dict) else error
    except (ValueError, AttributeError):
        pass
    words = redact(str(message), endpoint.secret)
    return f" It said: {words}" if words else ""


def from_status(
    status: int, text: str, endpoint: Endpoint, model: str, headers: Mapping[str, str] | None = None
) -> GatewayError:
    """The error for an HTTP status of 300 or more."""
    who = f"the connection {endpoint.connection!r}"
    details: dict[str, Any] = {"connection": endpoint.connection, "provider_status": status}
    said = _said(text, endpoint)
    if 300 <= status < 400:
        return ProviderRefused(
            f"{who} answered with a redirect ({status}), which is never followed; set its base URL to "
            "the final address",
            details=details,
        )
    if status in (401, 403):
        key = "no key is stored" if not endpoint.secret else "its key is refused"
        return ProviderRefused(
            f"{who} does not let us in ({status}): {key} or lacks access to {model!r}. Enter the key again: "
            f"`prompthub connection add {endpoint.connection}`.{said}",
            details=details,
        )
    if status == 404:
        return ProviderRefused(
            f"{who} has no model {model!r}, or its base URL is wrong (404); see `prompthub model list`, or "
            f"choose another model.{said}",
            details=details,
        )
    if status in (429, 529):
        wait = retry_after_s((headers or {}).get("Retry-After"))
        if wait is not None:
            details["retry_after_s"] = round(wait, 3)
        when = f"in {wait:.0f} s" if wait else "in a moment"
        return ProviderRateLimited(
            f"{who} is over its rate limit or quota ({status}); try again {when}, or use another "
            f"model.{said}",
            details=details,
        )
    if status in (408, 504):
        return ProviderTimeout(
            f"{who} gave up waiting for {model!r} ({status}); try again.{said}", details=details
        )
    if status >= 500:
        return ProviderUnavailable(
            f"{who} has a problem of its own ({status}); try again later, or use another model.{said}",
            details=details,
        )
    return ProviderRefused(
        f"{who} refused the request to {model!r} ({status}); check the model's parameters and tools.{said}",
        details=details,
    )


def unreachable(endpoint: Endpoint, why: object) -> ProviderUnavailable:
    """No connection, or it was lost before any answer."""
    reason = redact(str(why) or type(why).__name__, endpoint.secret, limit=200)
    return ProviderUnavailable(
        f"the connection {endpoint.connection!r} cannot be reached ({reason}); check the network and "
        "its base URL, then try again",
        details={"connection": endpoint.connection},
    )


def timed_out(endpoint: Endpoint, seconds: float) -> ProviderTimeout:
    """Silence for too long."""
    return ProviderTimeout(
        f"the connection {endpoint.connection!r} sent nothing for {seconds:g} s; try again, or allow "
        "more time (timeout_s)",
        details={"connection": endpoint.connection},
    )


def cut(endpoint: Endpoint, why: str) -> StreamCut:
    """The answer began and did not end."""
    return StreamCut(
        f"the answer from {endpoint.connection!r} broke off ({why}); what came is kept as incomplete; "
        "run it again",
        details={"connection": endpoint.connection},
    )
