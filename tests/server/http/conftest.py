"""A headless server per test, on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.serving import Headless, headless


@pytest.fixture
def server(database: str, home: Path) -> Iterator[Headless]:
    """A running ``prompthub serve`` (in a thread), empty."""
    with headless(home, database) as running:
        yield running
