"""Time and ids: UTC in whole milliseconds, and ids that sort by their time of birth."""

from __future__ import annotations

import os
import threading
import time
import uuid
from datetime import UTC, datetime

from jupyter_prompthub.core.canonical import timestamp as iso

__all__ = ["iso", "new_id", "now"]

_lock = threading.Lock()
_last = 0
"""the newest 74-bit (milliseconds, counter) pair handed out"""


def now() -> datetime:
    """The time, aware UTC, cut to whole milliseconds."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def new_id() -> str:
    """A version 7 UUID (RFC 9562): later ids of one process sort after earlier ones, also when made
    within one millisecond or after the clock was set back."""
    global _last
    with _lock:
        _last = max(_last + 1, (time.time_ns() // 1_000_000) << 12)
        stamp = _last
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62
    return str(uuid.UUID(int=value | int.from_bytes(os.urandom(8)) >> 2))
