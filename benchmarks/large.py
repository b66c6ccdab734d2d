"""The questions of ``list`` to a library of 100 versions for each prompt: a million in all."""

from __future__ import annotations

from functools import partial

from . import listing

__all__ = ["run"]

run = partial(listing.run, versions=100)
