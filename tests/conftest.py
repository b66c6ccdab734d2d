"""Fixtures of all tests: an environment of their own, and stores on both databases."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from jupyter_prompthub_server.access import passwords
from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.store.store import Store
from sqlalchemy import make_url

from tests.support.databases import PostgresServer, opened, postgres_server
from tests.support.people import People, settle

_SETTINGS = (
    "DATABASE_URL",
    "REDIS_URL",
    "JWT_SECRET_KEY",
    "ENCRYPTION_KEY",
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_API_KEY",
)
_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's own data or keys is touched."""
    for name in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / f"jupyter-{name.lower()}"))
    monkeypatch.setenv("PROMPTHUB_HOME", str(tmp_path / "home"))
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"PROMPTHUB_{name}", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A hash takes 0.2 s, which is its purpose, and here it is made a thousand times. Servers that are processes
    of their own, and the test of what a hash costs, use the real one."""
    quick = functools.partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "PasswordHasher", quick)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL, started at first use."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database that has all tables: the others are copied from it."""
    with postgres.fresh_database() as uri:
        with opened(uri, tmp_path_factory.mktemp("template")):
            pass
        yield str(make_url(uri).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that has all tables."""
    home = tmp_path_factory.mktemp("template")
    with opened(None, home):
        pass
    return home / "prompthub.db"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a store's keys and backups."""
    path = tmp_path / "home"
    path.mkdir(exist_ok=True)
    return path


@pytest.fixture(params=_BOTH)
def dialect(request: pytest.FixtureRequest) -> str:
    """Each test that stands on this runs on both databases."""
    return str(request.param)


@pytest.fixture
def empty_database(dialect: str, request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """Where a database is (or will be) that has no tables yet."""
    if dialect == "sqlite":
        yield str(home / "prompthub.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.fresh_database() as uri:
        yield uri


@pytest.fixture
def database(dialect: str, request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """Where a database is that has all tables and no rows: for :func:`open_store` or ``DATABASE_URL``."""
    if dialect == "sqlite":
        path = home / "prompthub.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        path.chmod(0o600)
        yield str(path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.cleared_database(request.getfixturevalue("postgres_template")) as uri:
        yield uri


@pytest.fixture
def store(database: str, home: Path) -> Iterator[Store]:
    """An open store, empty, on each of the two databases."""
    with opened(database, home) as store:
        yield store


@pytest.fixture
def dispatcher(store: Store) -> Dispatcher:
    """The dispatcher of ``store``."""
    return Dispatcher(store)


@pytest.fixture
def people(store: Store) -> People:
    """Two workspaces in ``store``, with a caller for every role in each."""
    return settle(store)
