"""The contract of a version that is stored: with the variables that its snippets bring in."""

from __future__ import annotations

from jupyter_prompthub.core.compatibility import Contract
from jupyter_prompthub.core.records import Version

from ..transaction import Tx
from .snippets import texts_of_version

__all__ = ["contract_of"]


def contract_of(tx: Tx, version: Version) -> Contract:
    """What callers of a version rely on."""
    texts = texts_of_version(tx, version.prompt_id, version.sha, version.lock)
    return Contract.of_text(version.content, version.text, texts)
