"""A dry run: what would be sent, to whom, and what it may cost. Nothing is called, nothing is recorded."""

from __future__ import annotations

import asyncio
import json
from typing import Literal

from jupyter_prompthub.core import tokens
from jupyter_prompthub.core.errors import Forbidden, PromptHubError, StoreUnavailable
from jupyter_prompthub.core.gateway import ModelRequest
from jupyter_prompthub.core.records import (
    Estimate,
    EstimateRequest,
    Estimates,
    ExecuteRequest,
    JsonValue,
    Refusal,
)
from jupyter_prompthub.gateways import local
from jupyter_prompthub.gateways.openai_chat import tool_definitions
from jupyter_prompthub.gateways.prices import price_of

from ..access.permissions import Permission
from ..endpoints import Context, endpoint
from ..operations import operation
from ..store.types import AnyRow
from ..targets import by_prompt_or_text
from ..transaction import Tx
from .calls import pipeline_of
from .choice import Choice
from .preparing import Prepared, choice_of, model_request, prepare, render

__all__ = ["estimate", "look_up"]

_Source = Literal["connection", "litellm", "local"]
_BOUNDS = ("max_completion_tokens", "max_tokens")


@operation(Permission.PROMPT_READ, no_audit="read", target=by_prompt_or_text)
def look_up(tx: Tx, target: AnyRow | None, request: ExecuteRequest) -> Prepared:
    """Look up what would be run; never routed."""
    prepared: Prepared = prepare.fn(tx, target, request)
    return prepared


@endpoint(Permission.PROMPT_READ, audited="nothing is called, nothing changes")
async def estimate(context: Context, asked: EstimateRequest) -> Estimates:
    """Say of each run how many tokens it would send, what it may cost, or why it would be refused."""
    return Estimates(items=tuple([await _one(context, request) for request in asked.runs]))


async def _one(context: Context, request: ExecuteRequest) -> Estimate:
    path = request.path
    try:
        prepared: Prepared = await context.runtime.dispatcher.call(look_up, context.caller, path, request)
        choice, asked = await asyncio.to_thread(_asked, prepared, request)
        counted = await pipeline_of(context.runtime).count(asked)
        return await asyncio.to_thread(_estimate, choice, asked, counted)
    except (StoreUnavailable, Forbidden):
        raise
    except PromptHubError as error:
        details = json.loads(json.dumps(error.details, default=str))
        return Estimate(refusal=Refusal(code=error.code, message=error.message, details=details))


def _asked(prepared: Prepared, request: ExecuteRequest) -> tuple[Choice, ModelRequest]:
    rendering = render(prepared, request)
    choice = choice_of(prepared, rendering, request)
    return choice, model_request(choice, rendering)


def _estimate(choice: Choice, asked: ModelRequest, counted: tuple[int, tuple[int, ...]] | None) -> Estimate:
    if counted is None:
        each = tuple(tokens.of_message(message) for message in asked.messages)
        total = tokens.of_messages(each, _besides(asked))
    else:
        total, each = counted
    bound = _bound(asked)
    input_cost, output_cost, source, price = _cost(choice, total, bound)
    return Estimate(
        model=choice.model,
        connection=choice.connection.record.name,
        provider=choice.provider,
        message_tokens=each,
        input_tokens=total,
        exact=counted is not None,
        max_output_tokens=bound,
        input_cost_nano_usd=input_cost,
        max_output_cost_nano_usd=output_cost,
        price_source=source,
        price=price,
    )


def _besides(asked: ModelRequest) -> list[JsonValue]:
    """What a request says besides its messages."""
    said: list[JsonValue] = [*tool_definitions(asked.tools)]
    if asked.output is not None and asked.output.schema_ is not None:
        said.append(asked.output.schema_)
    return said


def _bound(asked: ModelRequest) -> int | None:
    found = next((asked.parameters[name] for name in _BOUNDS if name in asked.parameters), None)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    return local.MAX_TOKENS if asked.provider == local.PROVIDER else None


def _cost(
    choice: Choice, total: int, bound: int | None
) -> tuple[int | None, int | None, _Source | None, str]:
    """By the price that the execution will be charged at: the connection's own, else the provider's."""
    record = choice.connection.record
    if record.input_nano_usd_per_token is not None and record.output_nano_usd_per_token is not None:
        asked, answered = record.input_nano_usd_per_token, record.output_nano_usd_per_token
        output = None if bound is None else answered * bound
        words = f"{asked} nano-USD per input token, {answered} per output token"
        return asked * total, output, "connection", f"the connection {record.name}: {words}"
    if choice.provider == local.PROVIDER:
        return 0, 0, "local", "the local model costs nothing"
    price = price_of(choice.provider, choice.model)
    if price is None:
        return None, None, None, ""
    output = None if bound is None else price.cost(0, bound)
    return price.cost(total, 0), output, "litellm", price.source
