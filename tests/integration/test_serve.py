"""``prompthub serve`` as a process: it starts, ends when asked, and is what it says it is."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.support.processes import serve
from tests.support.serving import API, PASSWORD
from tests.support.sockets import Closed, Socket

PERSON = {"email": "ada@example.org", "password": PASSWORD, "full_name": "Ada", "organization": "Acme"}


def _register(url: str) -> dict[str, str]:
    answer = httpx.post(url + API + "auth/register", json=PERSON, trust_env=False)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_it_ends_at_sigterm_with_sockets_open_and_finds_everything_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serve(home) as first:
        headers = _register(first.url)
        token = headers["Authorization"].removeprefix("Bearer ")
        with Socket(first.url + API + "events", token) as events:
            begun = time.monotonic()
            assert first.end() == 0
            assert time.monotonic() - begun < 8
            with pytest.raises(Closed) as closed:
                events.json()
            assert closed.value.code == 1012
        assert "Traceback" not in first.log
    assert stat.S_IMODE((home / "keys" / "jwt.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "prompthub.db").stat().st_mode) == 0o600
    with serve(home) as second:
        assert httpx.get(second.url + API + "me", headers=headers, trust_env=False).status_code == 200


def test_nothing_of_jupyter_is_served(tmp_path: Path) -> None:
    with serve(tmp_path / "home") as process:
        headers = _register(process.url)
        for path in (
            "api/kernels",
            "api/contents",
            "api/sessions",
            "api/terminals",
            "files/x",
            "lab",
            "tree",
            "login",
        ):
            answer = httpx.get(process.url + path, headers=headers, trust_env=False)
            assert answer.status_code == 404, path
            assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.postgres
def test_it_runs_on_postgresql(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgres")
    with server.fresh_database() as uri, serve(tmp_path / "home", uri) as process:
        headers = _register(process.url)
        health = httpx.get(process.url + "health", headers=headers, trust_env=False).json()
        assert health["components"]["database"] == {"status": "ok", "detail": "postgresql"}
        assert not (tmp_path / "home" / "prompthub.db").exists()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("JWT_SECRET_KEY", "short", "at least 32 bytes"),
        ("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "soon", "must be a number"),
        ("OPEN_REGISTRATION", "perhaps", "true or false"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jupyter_prompthub_server.headless", "--port", "0", "--home", str(tmp_path)],
        env={name: value, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert name in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
