"""What a run would send and cost, before it is sent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Input, JsonValue, Record
from .execution import ExecuteRequest


class EstimateRequest(Input):
    """Runs as ``POST execute`` would take them; nothing is called."""

    runs: tuple[ExecuteRequest, ...] = Field(min_length=1, max_length=12)


class Refusal(Record):
    """Why a run would be refused before anything is called."""

    code: str
    message: str
    details: dict[str, JsonValue] = Field(default_factory=dict)


class Estimate(Record):
    """Tokens and cost of one run. ``refusal`` says why it cannot be run; then the numbers are None.

    ``exact``: the model's own tokenizer counted; otherwise by the rule of ``core/tokens.py``.
    """

    model: str | None = None
    connection: str | None = None
    provider: str | None = None
    message_tokens: tuple[int, ...] = ()
    """what each message says; the total has their frames, tools and schema besides"""
    input_tokens: int | None = None
    exact: bool = False
    max_output_tokens: int | None = None
    """None: the prompt sets no bound"""
    input_cost_nano_usd: int | None = None
    """None: the price is not known"""
    max_output_cost_nano_usd: int | None = None
    """of an answer of ``max_output_tokens``"""
    price_source: Literal["connection", "litellm", "local"] | None = None
    price: str = ""
    """the price in words"""
    refusal: Refusal | None = None


class Estimates(Record):
    """One for each run, in their order."""

    items: tuple[Estimate, ...]
