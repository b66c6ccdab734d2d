"""Brings a database to this program's schema, after making a copy of it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, text

from jupyter_prompthub.core.errors import StoreUnavailable

from .clock import now
from .engine import Database

__all__ = ["FOLDER", "migrate", "revisions"]

FOLDER = Path(__file__).parent / "migrations"
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}
"""asked at each start: SQLAlchemy's inspector says the same in ten times the time"""


def revisions(folder: Path = FOLDER) -> tuple[str, ...]:
    """The revisions that this program knows, oldest first."""
    return tuple(sorted(path.name.partition("_")[0] for path in (folder / "versions").glob("[0-9]*.py")))


def migrate(database: Database, backups: Path, folder: Path = FOLDER) -> Path | str | None:
    """Run what is missing, all of it or nothing.

    Returns:
        Where the copy is that was made before: a file, or the name of a PostgreSQL schema; None when
        there was nothing to do or nothing to copy.

    Raises:
        StoreUnavailable: the database is newer than this program, or is not PromptHub's.
    """
    known = revisions(folder)
    with database.reading() as conn:
        present = _revision(conn)
    if present == known[-1]:
        return None
    if present is not None and present not in known:
        raise StoreUnavailable(
            f"This database was made by a newer PromptHub (schema {present}; this program knows up to "
            f"{known[-1]}). Update jupyter-prompthub, or use another database; nothing was changed.",
            details={"schema": present, "known": known[-1]},
        )
    copy = None if present is None else _copy(database, backups, present)
    with database.writer.connect() as conn:
        _upgrade(conn, folder)
        conn.commit()
    return copy


def _tables(conn: Connection) -> list[str]:
    return list(conn.exec_driver_sql(_TABLES[conn.dialect.name]).scalars())


def _revision(conn: Connection) -> str | None:
    tables = set(_tables(conn))
    if "alembic_version" in tables:
        found: str | None = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        return found
    if tables & {"prompt", "workspace", "actor"}:
        raise StoreUnavailable(
            "This database holds tables of another program. Give PromptHub a database of its own "
            "(DATABASE_URL or PROMPTHUB_HOME)."
        )
    return None


def _upgrade(conn: Connection, folder: Path) -> None:
    from alembic import command  # 0.2 s, and only needed when there is something to do
    from alembic.config import Config

    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    command.upgrade(config, "head")


def _copy(database: Database, backups: Path, present: str) -> Path | str:
    stamp = f"{present}_{now():%Y%m%dT%H%M%S}"
    if database.is_sqlite:
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = backups / f"before-migration-{stamp}.db"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        raw = database.writer.raw_connection()
        try:
            raw.cursor().execute("VACUUM INTO ?", (str(path),))
        finally:
            raw.close()
        return path
    schema = f"before_migration_{stamp}".lower()
    with database.writer.begin() as conn:
        tables = _tables(conn)
        conn.execute(text(f'CREATE SCHEMA "{schema}"'))
        for table in tables:
            conn.execute(text(f'CREATE TABLE "{schema}"."{table}" AS TABLE "{table}"'))
    return schema
