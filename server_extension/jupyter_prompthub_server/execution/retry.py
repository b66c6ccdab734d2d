"""When to ask again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from jupyter_prompthub.core.errors import GatewayError, ProviderUnavailable, StreamCut

__all__ = ["RetryRule"]


@dataclass(frozen=True, slots=True)
class RetryRule:
    """At most ``attempts`` in all. Only rate limits (429) and unavailability (no connection,
    5xx) are tried again, and
    only before the first piece of an answer: a provider has charged for what it began.

    ``Retry-After`` is obeyed; one longer than ``longest_s`` is not waited for. Without it the wait doubles
    from ``first_s``; half of every wait is random, so that callers do not come back all at once.
    """

    attempts: int = 3
    first_s: float = 0.5
    longest_s: float = 20.0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    def wait_s(self, error: GatewayError, attempt: int) -> float | None:
        """Seconds until the next attempt after number ``attempt`` failed so; None: give up."""
        if (
            attempt >= self.attempts
            or isinstance(error, StreamCut)
            or not isinstance(error, ProviderUnavailable)
        ):
            return None
        asked = error.details.get("retry_after_s")
        if isinstance(asked, int | float):
            return None if asked > self.longest_s else asked * (1 + self.dice.random() / 4)
        wait = min(self.longest_s, self.first_s * 2 ** (attempt - 1))
        return float(wait * (0.5 + self.dice.random() / 2))
