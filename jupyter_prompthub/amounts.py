"""Time and money as people read them; the same as in JupyterLab (``labextension/src/editor/format.ts``)."""

from __future__ import annotations

from math import floor, log10

__all__ = ["dollars", "duration"]


def duration(ms: float) -> str:
    """Milliseconds: ``820 ms``, ``1.2 s``, ``2 min 5 s``."""
    if ms < 999.5:
        return f"{ms:.0f} ms"
    seconds = ms / 1000
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def dollars(usd: float) -> str:
    """US dollars with two digits that count: ``$0.00012``, ``$1.50``."""
    if usd == 0:
        return "$0"
    if usd >= 0.995:
        return f"${usd:.2f}"
    return f"${usd:.{min(10, 1 - floor(log10(usd)))}f}"
