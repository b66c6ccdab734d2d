"""The contracts of versions that are stored: with the variables that their snippets bring in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from jupyter_prompthub.core.compatibility import Contract
from jupyter_prompthub.core.records import Content

from ..transaction import Tx
from .snippets import texts_of_versions

__all__ = ["Contracted", "contract_of", "contracts_of"]


class Contracted(Protocol):
    """What a contract is made of: a whole version has all of it."""

    @property
    def prompt_id(self) -> str: ...
    @property
    def sha(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def content(self) -> Content: ...
    @property
    def lock(self) -> Mapping[str, str]: ...


def contract_of(tx: Tx, version: Contracted) -> Contract:
    """What callers of a version rely on."""
    return contracts_of(tx, [version])[version.prompt_id, version.sha]


def contracts_of(tx: Tx, versions: Iterable[Contracted]) -> dict[tuple[str, str], Contract]:
    """What callers of each of many versions rely on, by (prompt id, SHA), in as many statements as for one."""
    by_key = {(one.prompt_id, one.sha): one for one in versions}
    texts = texts_of_versions(tx, {key: one.lock for key, one in by_key.items()})
    return {key: Contract.of_text(one.content, one.text, texts[key]) for key, one in by_key.items()}
