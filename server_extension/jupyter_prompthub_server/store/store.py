"""A store, opened: database, keys and ownership."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from jupyter_prompthub.core.errors import PromptHubError, StoreUnavailable

from .clock import now
from .engine import Database, database_url
from .faults import translated
from .filesystem import refuse_network
from .keys import MasterKey, load_master_key
from .migrate import migrate
from .owner import Owner, OwnerRecord, make_owner
from .sealed import Sealer
from .tables import execution_payload, idempotency, outbox, revoked_jti

__all__ = ["Store", "open_store", "read_owner"]

_ANSWERS_KEPT = timedelta(hours=24)
_EVENTS_KEPT = timedelta(days=7)


@dataclass(eq=False)
class Store:
    """A store that this process owns.

    Attributes:
        home: folder of keys and backups.
        locked: why nothing can be done (a master key is missing or wrong); None: all is well.
    """

    database: Database
    home: Path
    owner: Owner
    sealer: Sealer
    locked: StoreUnavailable | None = None

    def require_unlocked(self) -> None:
        """Raises:
        StoreUnavailable: the store is locked.
        """
        if self.locked is not None:
            raise StoreUnavailable(self.locked.message, details=self.locked.details)

    def tidy(self) -> None:
        """Drop what has had its time: idempotent answers, events, revocations, and what executions were given and
        answered (their records stay)."""
        at = now()
        with self.database.writing("") as conn:
            conn.execute(revoked_jti.delete().where(revoked_jti.c.expires_at < at))
            conn.execute(idempotency.delete().where(idempotency.c.created_at < at - _ANSWERS_KEPT))
            conn.execute(outbox.delete().where(outbox.c.created_at < at - _EVENTS_KEPT))
            conn.execute(
                execution_payload.update()
                .where(execution_payload.c.expires_at < at)
                .values(inputs=None, messages=None, output=None, answer=None, expires_at=None)
            )
            conn.commit()

    def close(self) -> None:
        """Finish what runs, then give the store up."""
        self.database.write_threads.shutdown()
        self.database.read_threads.shutdown()
        self.owner.release()
        self.database.close()


def open_store(where: str | Path | None = None, *, home: Path, encryption_key: str | None = None) -> Store:
    """Take ownership of a store, bring its schema up to date, load its keys.

    Args:
        where: SQLite file or database URL; None: ``home/prompthub.db``.
        home: folder of ``keys/`` and ``backups/``.
        encryption_key: the master key in base64, instead of ``home/keys/master.key``.

    Raises:
        StoreLocked: another process owns it; ``details["address"]`` says where.
        StoreUnavailable: it cannot be reached, is newer than this program, or lies on a network file system.
        StoreFull: no space to write.
    """
    url = _url(where, home)
    database = Database(url)
    owner = make_owner(database)
    try:
        owner.acquire()
        database.make_file()
        migrate(database, home / "backups")
        owner.enter()
        master, locked = _keys(database, home, encryption_key)
        store = Store(database, home, owner, Sealer(master), locked)
        store.tidy()
    except BaseException as error:
        owner.release()
        database.close()
        known = translated(error) if isinstance(error, SQLAlchemyError | sqlite3.Error) else None
        if known is not None:
            raise known from error
        if isinstance(error, OSError):
            raise StoreUnavailable(
                f"The store in {home} cannot be used: {error.strerror or error}."
            ) from error
        raise
    return store


def read_owner(where: str | Path | None = None, *, home: Path) -> OwnerRecord | None:
    """The living owner of a store, without opening it; None if nobody owns it.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    database = Database(_url(where, home))
    try:
        return make_owner(database).read()
    except SQLAlchemyError as error:
        raise translated(error) or error from error
    finally:
        database.close()


def _url(where: str | Path | None, home: Path) -> URL:
    url = database_url(where or home / "prompthub.db")
    if url.get_backend_name() == "sqlite":
        refuse_network(Path(str(url.database)))
    return url


def _keys(
    database: Database, home: Path, encryption_key: str | None
) -> tuple[MasterKey, StoreUnavailable | None]:
    with database.reading() as conn:
        try:
            return load_master_key(conn, home, encryption_key), None
        except PromptHubError as error:
            if isinstance(error, StoreUnavailable) and error.details.get("locked"):
                return MasterKey(b""), error
            raise
