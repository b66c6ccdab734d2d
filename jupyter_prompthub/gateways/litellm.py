"""The door to the providers that litellm knows: OpenAI, Anthropic, Azure and others.

litellm is heavy (seconds to import, 170 MB) and reads its surroundings, so it is imported at the first call
only, in a worker thread, with its network access, ``.env`` reading and callbacks switched off, and with its
HTTP transports replaced by ours (:mod:`.litellm_transport`). What that covers:
docs/decisions/litellm-egress.md.
"""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final

from ..core.errors import GatewayError, InvalidInput, ProviderRefused, ProviderUnavailable
from ..core.gateway import Chunk, Endpoint, ModelRequest, UsageReport
from ..core.records import MediaPart, Usage
from . import prices, refusals
from .openai_chat import AnswerReader, body

if TYPE_CHECKING:
    from .door import Door

__all__ = ["PROVIDERS", "LitellmGateway"]

PROVIDERS: Final = frozenset(
    {
        "openai", "anthropic", "azure", "gemini", "mistral", "groq", "deepseek", "openrouter", "xai",
        "together_ai",
        "fireworks_ai", "cerebras", "perplexity",
    }
)  # fmt: skip
"""Providers whose calls are known to leave through our transport; others bring HTTP clients of their own."""

_SENDS_URLS: Final = frozenset({"openai", "azure", "openrouter", "groq", "mistral", "xai"})
"""these pass an image's address on; for the others litellm would fetch it itself"""

_ENVIRONMENT: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "HF_HUB_OFFLINE": "1",
}
_loading = threading.Lock()


def _load() -> Any:
    """litellm, configured. Blocks for seconds the first time."""
    with _loading:
        before = {name: os.environ.get(name) for name in _ENVIRONMENT}
        os.environ.update(_ENVIRONMENT)
        # a collection over two thousand fresh modules would stop every thread for over 0.1 s: none while
        # they are made, and none of them is looked at again later
        collecting = gc.isenabled()
        gc.disable()
        try:
            import litellm
        finally:
            gc.freeze()
            if collecting:
                gc.enable()
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        from . import litellm_transport

        litellm.suppress_debug_info = True
        litellm.drop_params = False
        litellm.telemetry = False
        litellm.disable_hf_tokenizer_download = True
        litellm_transport.install(litellm)
        return litellm


class LitellmGateway:
    """Calls through litellm; sessions are the door's."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._module: Any = None

    async def stream(self, request: ModelRequest, endpoint: Endpoint) -> AsyncIterator[Chunk]:
        """Ask and yield; see :class:`~jupyter_prompthub.core.gateway.Gateway`."""
        arguments = _arguments(request, endpoint)
        if self._module is None:
            self._module = await asyncio.to_thread(_load)
        litellm = self._module
        from . import litellm_transport

        began = False
        answer = AnswerReader()
        call = litellm_transport.Call(self._door, endpoint)
        with litellm_transport.during(call):
            try:
                response = await litellm.acompletion(**arguments)
                async for raw in response:
                    for chunk in answer.read(raw.model_dump(exclude_none=True)):
                        began = True
                        yield _priced(request, chunk)
            except GatewayError:
                raise
            except ValueError as error:
                if not hasattr(error, "status_code"):
                    raise refusals.cut(endpoint, str(error)) from error
                raise _translated(error, litellm, request, endpoint, began, call) from error
            except Exception as error:  # a library with many own classes
                raise _translated(error, litellm, request, endpoint, began, call) from error
        if not answer.finished or not call.ended:
            raise refusals.cut(endpoint, "it ended without a finish reason")
        yield answer.finish()

    async def close(self) -> None:
        """The door's owner closes its sessions."""


def _arguments(request: ModelRequest, endpoint: Endpoint) -> dict[str, Any]:
    if request.provider not in PROVIDERS:
        raise ProviderRefused(
            f"the provider {request.provider!r} is not offered; offered are "
            f"{', '.join(sorted(PROVIDERS))}, and "
            "openai_compatible for any endpoint that speaks the OpenAI chat API",
            details={"connection": endpoint.connection},
        )
    if not endpoint.secret:
        raise ProviderRefused(
            f"the connection {endpoint.connection!r} has no key; enter it: `prompthub connection add "
            f"{endpoint.connection}`",
            details={"connection": endpoint.connection},
        )
    if endpoint.provider == "azure" and not endpoint.base_url:
        raise ProviderRefused(
            f"the Azure connection {endpoint.connection!r} has no endpoint; set its base URL "
            "(AZURE_OPENAI_ENDPOINT)",
            details={"connection": endpoint.connection},
        )
    media = [part for message in request.messages for part in message.content if isinstance(part, MediaPart)]
    if request.provider not in _SENDS_URLS and any(not part.url.startswith("data:") for part in media):
        raise InvalidInput(
            f"{request.provider} takes images only as data: URLs; embed the image in the prompt or input"
        )
    arguments = body(request)
    arguments |= {
        "model": f"{request.provider}/{request.model}",
        "api_key": endpoint.secret,
        "timeout": endpoint.idle_timeout_s,
        "num_retries": 0,
        "max_retries": 0,
    }
    if endpoint.base_url:
        arguments["api_base"] = endpoint.base_url.rstrip("/")
    if endpoint.api_version:
        arguments["api_version"] = endpoint.api_version
    return arguments


def _translated(
    error: Exception, litellm: Any, request: ModelRequest, endpoint: Endpoint, began: bool, call: Any
) -> GatewayError:
    if isinstance(call.refused, GatewayError):
        return call.refused
    if began:
        return refusals.cut(endpoint, "the connection was lost" if call.lost else "it stopped making sense")
    if isinstance(error, litellm.Timeout):
        return refusals.timed_out(endpoint, endpoint.idle_timeout_s)
    if call.status is not None and call.status >= 300:
        return refusals.from_status(call.status, call.text, endpoint, request.model, call.headers)
    if call.status is None and isinstance(error, litellm.APIConnectionError | litellm.InternalServerError):
        return refusals.unreachable(endpoint, call.lost or "no connection")
    kind = ProviderRefused if isinstance(error, litellm.BadRequestError) else ProviderUnavailable
    return kind(
        f"the call to {request.provider}/{request.model} failed: "
        f"{refusals.redact(_words(error), endpoint.secret)}",
        details={"connection": endpoint.connection},
    )


def _words(error: Exception) -> str:
    """An error's words without the library's own prefixes (``litellm.BadRequestError: …``)."""
    text = str(getattr(error, "message", None) or error)
    while True:
        head, colon, rest = text.partition(": ")
        if not colon or not (head.startswith("litellm.") or head.endswith(("Error", "Exception"))):
            return text
        text = rest


def _priced(request: ModelRequest, chunk: Chunk) -> Chunk:
    """The cost from the price map that ships with litellm, where it knows the model."""
    if not isinstance(chunk, UsageReport):
        return chunk
    usage: Usage = chunk.usage
    if usage.input_tokens is None or usage.output_tokens is None:
        return chunk
    price = prices.price_of(request.provider, request.model)
    if price is None:
        return chunk
    return UsageReport(
        usage, price.cost(usage.input_tokens, usage.output_tokens, usage.cached_tokens or 0), price.source
    )
