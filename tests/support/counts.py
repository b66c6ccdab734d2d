"""How many examples a property is tried with: ``make test-long`` runs the same tests with twenty times as many."""

from __future__ import annotations

import os

from hypothesis import settings

__all__ = ["LONG", "SEED", "times", "tried"]

LONG = bool(os.environ.get("PROMPTHUB_TEST_LONG"))
SEED = int(os.environ.get("PROMPTHUB_SEED") or 20_260_101)
"""printed by ``make test-long``, which hands it on to hypothesis too"""


def tried(examples: int) -> settings:
    """The settings of a property that ``make test`` tries ``examples`` times."""
    return settings(
        max_examples=examples * (20 if LONG else 1),
        deadline=None,
        print_blob=True,
    )


def times(turns: int) -> int:
    """How often something that is costly is repeated: twenty times as often in a long run."""
    return turns * (20 if LONG else 1)
