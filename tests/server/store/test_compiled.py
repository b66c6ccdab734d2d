"""A statement becomes SQL once in a process, whoever runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jupyter_prompthub_server.store.store import Store
from jupyter_prompthub_server.store.tables import prompt
from sqlalchemy import select
from sqlalchemy.sql.compiler import SQLCompiler

from tests.support.databases import opened
from tests.support.people import settle


def test_readers_writers_and_other_stores_share_what_was_compiled(
    store: Store, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[Any] = []
    visit = SQLCompiler.visit_select

    def count(self: SQLCompiler, select: Any, **more: Any) -> Any:
        compiled.append(select)
        return visit(self, select, **more)

    monkeypatch.setattr(SQLCompiler, "visit_select", count)
    label = f"of_{tmp_path.name}".lower().replace("-", "_")  # nobody has asked for it before
    settle(store)
    del compiled[:]

    def names(store: Store, *, writing: bool) -> list[str]:
        ask = store.database.writing("w") if writing else store.database.reading()
        with ask as conn:
            return list(conn.execute(select(prompt.c.name.label(label)).where(prompt.c.name > "a")).scalars())

    for _ in range(3):
        assert names(store, writing=False) == names(store, writing=True) == []
    assert len(compiled) == 1
    if store.database.is_sqlite:
        with opened(tmp_path / "other.db", tmp_path) as other:
            del compiled[:]
            assert names(other, writing=False) == []
            assert compiled == []
