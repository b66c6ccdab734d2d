"""What the versions of a prompt say, for walks over its history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from jupyter_prompthub.core.records import Content

from ..store.tables import version
from ..store.types import AnyRow
from ..transaction import Tx

__all__ = ["Contents"]

_RUN = 64


class Contents:
    """``contents(number)``: what a version says. They are read in runs as a walk gets to them."""

    def __init__(self, tx: Tx, prompt: AnyRow) -> None:
        self._tx, self._prompt = tx, prompt
        self._known: dict[int, Content] = {}

    def __call__(self, number: int) -> Content:
        if number not in self._known:
            self._read(number)
        return self._known[number]

    def _read(self, last: int) -> None:
        rows = self._tx.conn.execute(
            select(version.c.number, version.c.sha, version.c.content).where(
                version.c.workspace_id == self._tx.workspace_id,
                version.c.prompt_id == self._prompt.id,
                version.c.number <= last,
                version.c.number > last - _RUN,
            )
        )
        opened: dict[int, Any] = {
            row.number: self._tx.codec.open(version.c.content, row.sha, row.content) for row in rows
        }
        for number, text in opened.items():
            if number not in self._known:
                self._known[number] = Content.model_validate_json(text)
