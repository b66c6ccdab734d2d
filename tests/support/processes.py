"""Real server processes: ``prompthub serve``, and a Jupyter server with the extension."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

__all__ = ["Process", "jupyter", "serve"]

_START_S = 60
TOKEN = "jupyter-token-of-this-test"


@dataclass
class Process:
    """A running server. ``url`` is its base URL; ``log`` everything it wrote."""

    url: str
    popen: subprocess.Popen[bytes]
    log_file: Path
    started_in: float
    """seconds until it was ready"""
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def end(self, number: int = signal.SIGTERM, timeout: float = 15) -> int:
        """Signal it, and wait; the exit code."""
        self.popen.send_signal(number)
        return self.popen.wait(timeout)


@contextmanager
def serve(home: Path, database: str | None = None, **env: str) -> Iterator[Process]:
    """``prompthub serve`` on a free port."""
    command = [sys.executable, "-m", "jupyter_prompthub_server.headless", "--port", "0", "--home", str(home)]
    more = {"DATABASE_URL": database} if database else {}
    with _running(command, home, {**more, **env}, "serve.log") as (popen, log, start):
        url = _wait(popen, log, lambda: _after(log, "PromptHub serves at "))
        _ready(url + "health/ready", popen, log)
        yield Process(url, popen, log, time.monotonic() - start)


@contextmanager
def jupyter(home: Path, name: str = "jupyter", **env: str) -> Iterator[Process]:
    """A Jupyter server with our extension alone."""
    root = home / f"{name}-root"
    root.mkdir(parents=True, exist_ok=True)
    extensions = {"jupyter_prompthub_server": True}
    extensions |= dict.fromkeys(
        ("jupyterlab", "jupyter_lsp", "jupyter_server_terminals", "notebook_shim"), False
    )
    extensions |= dict.fromkeys(("jupyter_server_ydoc", "jupyter_server_fileid"), False)
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--port=0"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"]
    command += [f"--ServerApp.jpserver_extensions={extensions}", "--ServerApp.base_url=/user/ada/"]
    runtime = root / "runtime"
    folders = {"JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(root / "config")}
    folders |= {"JUPYTER_DATA_DIR": str(root / "data"), "PROMPTHUB_HOME": str(home)}
    with _running(command, home, {**folders, **env}, f"{name}.log") as (popen, log, start):

        def found() -> str | None:
            for file in runtime.glob("jpserver-*.json"):
                try:
                    return str(json.loads(file.read_text())["url"])
                except (ValueError, KeyError):
                    return None
            return None

        url = _wait(popen, log, found)
        _ready(url + "prompthub/api/v1/health/ready", popen, log)
        yield Process(url, popen, log, time.monotonic() - start, TOKEN)


@contextmanager
def _running(
    command: list[str], home: Path, env: Mapping[str, str], name: str
) -> Iterator[tuple[subprocess.Popen[bytes], Path, float]]:
    home.mkdir(parents=True, exist_ok=True)
    log = home / name
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PROMPTHUB_", "JUPYTER"))}
    with open(log, "wb") as out:
        popen = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**kept, **env},
            start_new_session=True,
        )
    try:
        yield popen, log, time.monotonic()
    finally:
        if popen.poll() is None:
            popen.terminate()
            try:
                popen.wait(10)
            except subprocess.TimeoutExpired:
                popen.kill()
                popen.wait(10)


def _after(log: Path, words: str) -> str | None:
    _, found, rest = log.read_text(errors="replace").partition(words)
    return rest.split()[0] if found and rest.strip() and "\n" in rest else None


def _wait(popen: subprocess.Popen[bytes], log: Path, look) -> str:  # type: ignore[no-untyped-def]
    until = time.monotonic() + _START_S
    while (found := look()) is None:
        assert popen.poll() is None, (
            f"it ended with {popen.returncode}:\n{log.read_text(errors='replace')[-3000:]}"
        )
        assert time.monotonic() < until, f"not ready:\n{log.read_text(errors='replace')[-3000:]}"
        time.sleep(0.02)
    return str(found)


def _ready(url: str, popen: subprocess.Popen[bytes], log: Path) -> None:
    def look() -> str | None:
        try:
            return "yes" if httpx.get(url, trust_env=False, timeout=5).status_code == 200 else None
        except httpx.HTTPError:
            return None

    _wait(popen, log, look)
