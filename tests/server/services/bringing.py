"""Repositories brought into a library, as ``conftest`` gives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from jupyter_prompthub.core.records import GitImport

__all__ = ["Bring"]

Bring: TypeAlias = Callable[..., GitImport]
