"""A version saved over REST (transaction, audit entry, event), beside one commit of SQLAlchemy's ORM."""

from __future__ import annotations

import itertools
import statistics
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.support.processes import serve

from .measuring import Line, by_turns, ms
from .servers import API, long_prompt, register
from .wire import Wire

__all__ = ["run"]


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "version"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha: Mapped[str]
    message: Mapped[str]
    text: Mapped[str]


def run(folder: Path, *, quick: bool) -> list[Line]:
    """Saves and commits by turns, both on SQLite with WAL and ``synchronous=FULL``, in the same folder."""
    engine = create_engine(f"sqlite:///{folder / 'floor.db'}")

    @event.listens_for(engine, "connect")
    def configure(dbapi: Any, record: Any) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            dbapi.execute(f"PRAGMA {pragma}").close()

    _Base.metadata.create_all(engine)
    text = long_prompt(40)
    numbers = itertools.count()
    with (
        serve(folder / "home") as server,
        Session(engine, expire_on_commit=False) as session,
        Wire(server.url, register(server.url)) as wire,
    ):
        made = wire.json("POST", API + "prompts", {"name": "save", "title": "Save", "text": text})
        path = f"{API}prompts/{made['id']}"

        def save() -> None:
            number = next(numbers)
            wire.ask("PUT", path, {"text": f"{text}Edit {number}\n", "commit_message": f"Edit {number}"})

        def commit() -> None:
            number = next(numbers)
            session.add(_Row(sha=f"{number:064x}", message=f"Edit {number}", text=text))
            session.commit()

        taken = by_turns({"ours": save, "floor": commit}, 50 if quick else 200, warm_up=10)
    engine.dispose()
    ratio = statistics.median(taken["ours"]) / statistics.median(taken["floor"])
    return [
        Line(
            "save",
            "a version over REST, SQLite, p50",
            ms(taken["ours"]),
            f"an ORM commit {ms(taken['floor'])}",
            ratio,
            "≤ 6 times",
            ratio <= 6,
        )
    ]
