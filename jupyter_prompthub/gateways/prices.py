"""What a token costs: the price map that ships with litellm, read as a file.

litellm itself takes seconds to import; its map is data. The cost of an execution and the estimate before it
come from here both, so they cannot disagree on a price.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

__all__ = ["Price", "price_of"]

_FILE: Final = "model_prices_and_context_window_backup.json"
_NANO: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per token."""

    asked: Decimal
    answered: Decimal
    cached: Decimal

    @property
    def source(self) -> str:
        """Where it stands, in words."""
        return f"litellm price map: {self.asked} USD per input token, {self.answered} USD per output token"

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> int:
        """Nano-USD; ``cached_tokens`` are among the ``input_tokens``."""
        dollars = (
            self.asked * (input_tokens - cached_tokens)
            + self.cached * cached_tokens
            + self.answered * output_tokens
        )
        return int((dollars * _NANO).to_integral_value())


def price_of(provider: str, model: str) -> Price | None:
    """The price of a provider's model; None where the map does not know it. Blocks for 50 ms the first time."""
    found = _prices().get((provider, model)) or _prices().get((provider, f"{provider}/{model}"))
    return None if found is None else Price(*(Decimal(text) for text in found))


@cache
def _prices() -> Mapping[tuple[str, str], tuple[str, str, str]]:
    spec = find_spec("litellm")  # finds, does not import
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        return {}
    rows: dict[str, dict[str, Any]] = json.loads(Path(places[0], _FILE).read_text(encoding="utf-8"))
    prices: dict[tuple[str, str], tuple[str, str, str]] = {}
    for name, row in rows.items():
        asked, answered = row.get("input_cost_per_token"), row.get("output_cost_per_token")
        if asked is not None and answered is not None:
            cached = row.get("cache_read_input_token_cost", asked)
            prices[str(row.get("litellm_provider")), name] = (str(asked), str(answered), str(cached))
    return prices
