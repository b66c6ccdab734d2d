"""The version of the installed package; of a source tree that is not installed, that of its front end."""

from __future__ import annotations

import importlib.metadata
import json
from functools import lru_cache
from pathlib import Path

__all__ = ["version"]


@lru_cache(maxsize=1)
def version() -> str:
    """``1.2.3``."""
    try:
        return importlib.metadata.version("jupyter-prompthub")
    except importlib.metadata.PackageNotFoundError:
        source = Path(__file__).resolve().parents[2] / "labextension" / "package.json"
        return str(json.loads(source.read_text())["version"])
