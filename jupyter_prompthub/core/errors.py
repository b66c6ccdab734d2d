"""The error tree: every class has a stable ``code`` and an HTTP ``status``.

A message says what was got, what was expected, and what to do next. ``details`` holds
JSON values only (positions, names, limits), never secrets or prompt text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

__all__ = [
    "AlreadyExists",
    "Conflict",
    "ContractError",
    "DecidedMeanwhile",
    "Forbidden",
    "GatewayError",
    "IdempotencyMismatch",
    "InvalidInput",
    "LimitExceeded",
    "ModelNotInstalled",
    "ModelUnknown",
    "NotFound",
    "NotMergeable",
    "PromptHubError",
    "PromptSyntaxError",
    "Protected",
    "ProviderRateLimited",
    "ProviderRefused",
    "ProviderTimeout",
    "ProviderUnavailable",
    "RateLimited",
    "SnippetError",
    "StaleHead",
    "StoreFull",
    "StoreLocked",
    "StoreUnavailable",
    "StreamCut",
    "TooLarge",
    "Unauthenticated",
]


class PromptHubError(Exception):
    """Base of all errors that reach a user. Raise one of the subclasses."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = dict(details or {})


class InvalidInput(PromptHubError):
    """Malformed input: not JSON, duplicate keys, NaN, NUL, a bad name, an unknown field."""

    code = "invalid_input"
    status = 400


class TooLarge(InvalidInput):
    """A body or a source over its limit."""

    code = "too_large"
    status = 413


class PromptSyntaxError(PromptHubError):
    """A ``.prompt`` text that cannot be parsed. ``details["problems"]`` lists
    :class:`~jupyter_prompthub.core.records.Problem` objects with line and column (1-based)."""

    code = "prompt_syntax"
    status = 422


class ContractError(PromptHubError):
    """Inputs that do not fit the variables: missing or mistyped. ``details["variables"]``
    lists ``{"name", "expected", "got"}``."""

    code = "contract"
    status = 422


class SnippetError(PromptHubError):
    """A snippet that is missing, archived where it may not be, cyclic, or too deep.
    ``details["path"]`` names the chain."""

    code = "snippet"
    status = 422


class LimitExceeded(PromptHubError):
    """A bound of the engine was reached (depth, output, iterations)."""

    code = "limit"
    status = 422


class Unauthenticated(PromptHubError):
    """Nobody, or nobody known."""

    code = "unauthenticated"
    status = 401


class Forbidden(PromptHubError):
    """Known, but without the permission. ``details["permission"]`` names it."""

    code = "forbidden"
    status = 403


class Protected(Forbidden):
    """A protection of the branch forbids it. ``details["blocks"]`` lists why:
    :class:`~jupyter_prompthub.core.records.Block` objects."""

    code = "protected"


class NotFound(PromptHubError):
    """Missing, or of another workspace: the same answer for both."""

    code = "not_found"
    status = 404


class Conflict(PromptHubError):
    """The state of the store does not allow it."""

    code = "conflict"
    status = 409


class AlreadyExists(Conflict):
    """A name that is taken."""

    code = "already_exists"


class NotMergeable(Conflict):
    """A review that cannot be merged as it is. ``details["blocks"]`` lists why. Nothing was changed."""

    code = "not_mergeable"


class StaleHead(Conflict):
    """The branch head is not the one the caller expected: ``details`` has
    ``expected`` and ``head`` SHAs. Nothing was changed."""

    code = "stale_head"


class DecidedMeanwhile(Conflict):
    """A conflict of a review has another decision than the caller saw: ``details`` has ``conflict``, its id, and
    ``present``: ``decision``, ``by`` and ``at`` of the present one, or null. Nothing was changed."""

    code = "decided_meanwhile"


class IdempotencyMismatch(PromptHubError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_mismatch"
    status = 422


class RateLimited(PromptHubError):
    """Too many requests; ``details["retry_after_s"]`` says when to come again."""

    code = "rate_limited"
    status = 429


class StoreUnavailable(PromptHubError):
    """The database is gone, locked by another program, newer than this program, or on a
    network file system."""

    code = "store_unavailable"
    status = 503


class StoreLocked(StoreUnavailable):
    """Another process owns the store."""

    code = "store_locked"


class StoreFull(PromptHubError):
    """No space left: reads go on, writes are refused."""

    code = "store_full"
    status = 507


class GatewayError(PromptHubError):
    """A model call that failed. ``details`` has ``connection`` and ``execution_id``."""

    code = "gateway_error"
    status = 502


class ProviderRefused(GatewayError):
    """The provider answered with a refusal (400, 401, 403, ...)."""

    code = "provider_refused"


class ProviderUnavailable(GatewayError):
    """No answer, a 5xx, or a stream that broke off."""

    code = "provider_unavailable"
    status = 503


class StreamCut(ProviderUnavailable):
    """The answer began and broke off: what came is kept as ``incomplete``."""

    code = "stream_cut"


class ProviderRateLimited(ProviderUnavailable):
    """The provider asks to wait (429); ``details["retry_after_s"]`` says how long, where it told."""

    code = "provider_rate_limited"


class ProviderTimeout(GatewayError):
    """No answer in time."""

    code = "provider_timeout"
    status = 504


class ModelUnknown(PromptHubError):
    """No connection serves the model."""

    code = "model_unknown"
    status = 422


class ModelNotInstalled(GatewayError):
    """The local model has not been fetched: ``prompthub model install``."""

    code = "model_not_installed"
    status = 503
