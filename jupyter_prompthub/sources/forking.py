"""What must be made anew in a forked child: locks that somebody may have held, threads and sockets that stayed behind."""

from __future__ import annotations

import os
import weakref
from typing import Protocol

__all__ = ["Forked", "renewed_after_fork"]


class Forked(Protocol):
    """Something that can be renewed."""

    def after_fork(self) -> None:
        """Called in the child, before anything else runs there."""
        ...


_KNOWN: weakref.WeakSet[Forked] = weakref.WeakSet()


def renewed_after_fork(thing: Forked) -> None:
    """Call ``thing.after_fork()`` in every forked child; ``thing`` is kept weakly."""
    _KNOWN.add(thing)


def _renew() -> None:
    for thing in list(_KNOWN):
        thing.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
