"""Where a person's PromptHub keeps its things."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["home"]


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of this person's store: ``PROMPTHUB_HOME``, or ``prompthub`` in Jupyter's data folder."""
    if named := environ.get("PROMPTHUB_HOME"):
        return Path(named).expanduser()
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "prompthub"
