"""The server of PromptHub: an extension of Jupyter Server, and a process of its own (``prompthub serve``).

Importing this package is light; the extension loads the rest after JupyterLab has started.
"""

from __future__ import annotations

from typing import Any

__all__: list[str] = []


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .app import PromptHubExtension

    return [{"module": "jupyter_prompthub_server", "app": PromptHubExtension}]
