"""A real JupyterLab with the demo prompts, for the tests and for the pictures of the docs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

__all__ = ["BROWSERS", "HTTP", "Lab", "chromium", "running_lab"]

TOKEN = "e2e-token"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SETTINGS: dict[str, dict[str, object]] = {
    # every fresh browser is otherwise asked whether it wants news; no option of the server says no
    "apputils-extension/notification": {"fetchNews": "false"},
    # completions of a busy machine come late; JupyterLab drops those that take a second
    "completer-extension/manager": {"providerTimeout": 20_000},
}
HTTP = httpx.Client(timeout=30, trust_env=False)
"""one for all requests of the tests: to make another costs more than ten requests"""
_START_S = 60
_END_S = 5


def chromium() -> str | None:
    """The path of a Chromium; empty for Playwright's own; None when there is none."""
    named = os.environ.get("PROMPTHUB_TEST_CHROMIUM")
    if named == "playwright":
        return ""
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab. ``root`` is the folder of its file browser, ``log`` what it wrote."""

    url: str
    root: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """``kill -9``: the process and all that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_END_S)

    def page(self, workspace: str, path: str = "", *, reset: bool = True) -> str:
        """The address of a window with a layout of its own."""
        tree = f"/tree/{path}" if path else ""
        return f"{self.url}/lab/workspaces/{workspace}{tree}?token={TOKEN}" + ("&reset" if reset else "")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request to PromptHub's API."""
        return self.call_jupyter(method, f"prompthub/api/v1/{path}", body)

    def call_jupyter(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the Jupyter server."""
        headers = {"Authorization": f"token {TOKEN}"}
        answer = HTTP.request(method, f"{self.url}/{path}", json=body, headers=headers)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None


@contextmanager
def running_lab(
    home: Path, environment: Mapping[str, str] | None = None, *, seeded: bool = True, port: int = 0
) -> Iterator[Lab]:
    """JupyterLab, its data below ``home``, ended afterwards.

    Args:
        environment: on top of ours; ``PROMPTHUB_HOME`` makes it share another one's store.
        seeded: put the demo prompts into the store first.
        port: 0: a free one.
    """
    root = home / "root"
    root.mkdir(parents=True, exist_ok=True)
    settings = home / "config" / "lab" / "user-settings" / "@jupyterlab"
    for name, values in _SETTINGS.items():
        (settings / name).parent.mkdir(parents=True, exist_ok=True)
        (settings / f"{name}.jupyterlab-settings").write_text(json.dumps(values))
    env = {
        **os.environ,
        "PROMPTHUB_HOME": str(home / "prompthub"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        **(environment or {}),
    }
    if seeded:
        seed = "import sys; from jupyter_prompthub.cli import main; sys.exit(main(['seed']))"
        subprocess.run([sys.executable, "-c", seed], env=env, cwd=root, check=True, timeout=_START_S)
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    log = home / "server.log"
    with log.open("ab") as out:
        server = subprocess.Popen(
            command, cwd=root, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, server, log)
        yield Lab(url, root, log, server)
    finally:
        server.terminate()
        try:
            server.wait(_END_S)
        except subprocess.TimeoutExpired:
            # with co-edited documents open, jupyter-collaboration 5.0 often does not end on SIGTERM
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(_END_S)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/api", timeout=2).is_success:
                return
        time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start:\n" + log.read_text(errors="replace")[-4000:])
