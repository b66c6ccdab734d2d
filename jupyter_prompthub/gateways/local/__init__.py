"""The model that comes along: SmolLM2-135M-Instruct on this machine's processor, without a network.

:mod:`.install` fetches it, :mod:`.supervisor` keeps one server process per person, :mod:`.gateway` asks it.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CONNECTION", "MAX_TOKENS", "MODEL", "PROVIDER", "REF"]

PROVIDER: Final = "local"
CONNECTION: Final = "local"
MODEL: Final = "smollm2-135m-instruct"
REF: Final = f"{PROVIDER}/{MODEL}"
"""what stands in a prompt's ``model``"""
MAX_TOKENS: Final = 512
"""a small model does not always find an end; a prompt may ask for more"""
