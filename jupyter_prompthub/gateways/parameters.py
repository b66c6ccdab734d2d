"""Which model parameters may be sent. Everything else is refused before any call.

An allow-list, because a gateway library takes its address, key, headers and callbacks by the same way
as a temperature: a name that is unknown here could re-route a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..core.errors import InvalidInput
from ..core.records import JsonValue

__all__ = ["ALIASES", "ALLOWED", "ROUTING", "checked"]

ALLOWED: Final = frozenset(
    {
        "temperature", "top_p", "top_k", "min_p", "typical_p", "max_tokens", "max_completion_tokens",
        "stop", "seed",
        "presence_penalty", "frequency_penalty", "repeat_penalty", "repetition_penalty", "logit_bias",
        "logprobs",
        "top_logprobs", "n", "response_format", "tool_choice", "parallel_tool_calls",
        "reasoning_effort", "thinking",
        "verbosity", "service_tier", "user",
    }
)  # fmt: skip
"""Names as the OpenAI chat API (and its common extensions) spell them."""

ALIASES: Final[Mapping[str, str]] = {
    "maxOutputTokens": "max_tokens",
    "maxTokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "topP": "top_p",
    "topK": "top_k",
    "stopSequences": "stop",
    "stop_sequences": "stop",
    "presencePenalty": "presence_penalty",
    "frequencyPenalty": "frequency_penalty",
    "reasoningEffort": "reasoning_effort",
}
"""Spellings that dotprompt files and other tools use."""

ROUTING: Final = frozenset(
    {
        "api_base", "base_url", "api_key", "api_version", "api_type", "organization", "headers",
        "extra_headers",
        "default_headers", "extra_query", "extra_body", "custom_llm_provider", "callbacks",
        "success_callback",
        "failure_callback", "input_callback", "proxy", "http_client", "client", "ssl_verify",
        "fallbacks", "mock_response",
        "model_list", "deployment_id", "azure_ad_token", "aws_access_key_id", "aws_secret_access_key",
        "vertex_credentials", "vertex_project", "metadata", "num_retries", "timeout", "stream",
        "model", "messages",
    }
)  # fmt: skip
"""Names that say where or how a call goes: only a connection (or the server) may."""


def checked(parameters: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The parameters under their usual names, sorted; None values dropped.

    Raises:
        InvalidInput: a name that may not be set by a prompt or a request, or that nobody knows.
    """
    clean: dict[str, JsonValue] = {}
    for name, value in sorted(parameters.items()):
        known = ALIASES.get(name, name)
        if known in ROUTING:
            raise InvalidInput(
                f"the parameter {name!r} may not come from a prompt or a request: addresses, keys, "
                "headers and "
                "routing belong to a connection; remove it, and name a connection instead",
                details={"parameter": name},
            )
        if known not in ALLOWED:
            raise InvalidInput(
                f"the model parameter {name!r} is not known; known ones are {', '.join(sorted(ALLOWED))}",
                details={"parameter": name},
            )
        if known == "n" and value not in (None, 1):
            raise InvalidInput(
                f"n = {value!r}: one call gives one answer here; leave n out", details={"parameter": name}
            )
        if value is not None:
            clean[known] = value
    return clean
