"""Database errors in the words of the error tree."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jupyter_prompthub.core.errors import Conflict, PromptHubError, StoreFull, StoreUnavailable

__all__ = ["is_disconnect", "is_retryable", "translated"]

_RETRY = {"retry_after_s": 2}


def translated(error: SQLAlchemyError | sqlite3.Error) -> PromptHubError | None:
    """The user's error for a database error; None where it is a bug of ours."""
    if isinstance(error, IntegrityError):
        return Conflict(
            "Another change came in between, or something still refers to this. Read again and repeat.",
            details={"constraint": _constraint(error.orig)},
        )
    if isinstance(error, PoolTimeout):
        return StoreUnavailable("The database is busy. Try again in a moment.", details=_RETRY)
    orig: Any = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(orig, sqlite3.Error):
        return _sqlite(orig)
    state = getattr(orig, "sqlstate", None)
    if isinstance(error, DBAPIError) and (error.connection_invalidated or _gone(orig, state)):
        return StoreUnavailable(
            "The database cannot be reached. It is tried again with the next request.", details=_RETRY
        )
    return _postgresql(state)


def is_retryable(error: DBAPIError) -> bool:
    """The transaction lost a race, and may be run again from its start."""
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def is_disconnect(error: DBAPIError) -> bool:
    """The connection was lost."""
    return error.connection_invalidated or _gone(error.orig, getattr(error.orig, "sqlstate", None))


def _gone(orig: Any, state: str | None) -> bool:
    if state is None:
        return type(orig).__name__ == "OperationalError" and not isinstance(orig, sqlite3.Error)
    return state.startswith(("08", "57P"))


def _sqlite(orig: sqlite3.Error) -> PromptHubError | None:
    name = getattr(orig, "sqlite_errorname", "") or ""
    kind = "_".join(name.split("_")[:2])
    if kind == "SQLITE_FULL":
        return _full()
    if kind in {"SQLITE_BUSY", "SQLITE_LOCKED"}:
        return StoreUnavailable(
            "The database is locked by another program. Close it, or try again in a moment.", details=_RETRY
        )
    if kind == "SQLITE_READONLY":
        return StoreUnavailable(
            "The database file is read-only; reads go on. Make it writable for this user."
        )
    if kind in {"SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM"}:
        return StoreUnavailable(
            f"The database file cannot be used ({name}). Check the disk and the file's owner.", details=_RETRY
        )
    if kind in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}:
        return StoreUnavailable(
            f"The database file is damaged or not a PromptHub database ({name}). Restore it from a backup."
        )
    return None


def _postgresql(state: str | None) -> PromptHubError | None:
    if state in {"53100", "53200"}:
        return _full()
    if state in {"55P03", "53300", "57014", "40001", "40P01"}:
        return StoreUnavailable("The database is busy. Try again in a moment.", details=_RETRY)
    if state == "25006":
        return StoreUnavailable(
            "The database is read-only now; reads go on. Try again later.", details=_RETRY
        )
    if state in {"28000", "28P01", "3D000", "42501"}:
        return StoreUnavailable(
            f"The database refuses us (SQLSTATE {state}). Check DATABASE_URL, its user and password."
        )
    return None


def _full() -> StoreFull:
    return StoreFull("No space is left on the database's disk. Nothing was changed; free some, and repeat.")


def _constraint(orig: Any) -> str:
    name = getattr(getattr(orig, "diag", None), "constraint_name", None)
    return str(name or str(orig).partition(": ")[2])
