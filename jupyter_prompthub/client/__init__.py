"""Prompts from a script or a notebook::

from jupyter_prompthub import Client

hub = Client()  # finds the server by itself, and says which: hub.source.label
answer = hub.run("support/refund@production", user_message="Where is my money?")
print(answer.text, answer.metadata.cost_usd)
"""

from __future__ import annotations

from .answer import Answer
from .cache import CacheInfo, CachePolicy
from .client import Client

__all__ = ["Answer", "CacheInfo", "CachePolicy", "Client"]
