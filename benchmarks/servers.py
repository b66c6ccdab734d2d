"""Servers to measure: JupyterLab with and without us, accounts on a headless one, texts of prompts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import TOKEN
from tests.support.serving import API, PASSWORD

from .wire import Wire

__all__ = ["API", "TOKEN_HEADER", "Lab", "ask", "lab", "long_prompt", "register"]

TOKEN_HEADER = {"Authorization": f"token {TOKEN}"}
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab server. ``ready_s`` is until its page was served, ``ours_s`` until PromptHub was ready."""

    url: str
    pid: int
    ready_s: float
    ours_s: float | None


def ask(url: str) -> bool:
    """Whether ``url`` is answered with success."""
    request = urllib.request.Request(url, headers=TOKEN_HEADER)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _until(condition: str, started: float, popen: subprocess.Popen[bytes], log: Path) -> float:
    while not ask(condition):
        if popen.poll() is not None or time.perf_counter() - started > _PATIENCE_S:
            raise RuntimeError(f"not ready: {condition}\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.01)
    return time.perf_counter() - started


def _address(runtime: Path, popen: subprocess.Popen[bytes], started: float, log: Path) -> str:
    while True:
        for file in runtime.glob("jpserver-*.json"):
            try:
                return str(json.loads(file.read_text())["url"])
            except (ValueError, KeyError):
                continue
        if popen.poll() is not None or time.perf_counter() - started > _PATIENCE_S:
            raise RuntimeError(f"it did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.01)


@contextmanager
def lab(folder: Path, env: dict[str, str], *, with_us: bool) -> Iterator[Lab]:
    """``jupyter lab`` on a free port with all extensions of the environment, ours or not. The store is beside ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    runtime, log = folder / "runtime", folder / "lab.log"
    extensions = {"jupyter_prompthub_server": with_us}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}"]
    command += [f"--ServerApp.jpserver_extensions={extensions}"]
    folders = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("RUNTIME", "DATA", "CONFIG")}
    with open(log, "wb") as out:
        started = time.perf_counter()
        popen = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**env, **folders, "PROMPTHUB_HOME": str(folder.parent / "home")},
        )
    try:
        url = _address(runtime, popen, started, log)
        ready = _until(url + "lab", started, popen, log)
        ours = _until(url + API + "health/ready", started, popen, log) if with_us else None
        yield Lab(url, popen.pid, ready, ours)
    finally:
        popen.terminate()
        try:
            popen.wait(15)
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.wait(15)


def register(url: str) -> dict[str, str]:
    """The headers of a new account, the admin of its own workspace."""
    person = {"email": "ada@example.org", "password": PASSWORD, "full_name": "Ada", "organization": "Acme"}
    with Wire(url, {}) as wire:
        answer = wire.json("POST", API + "auth/register", person)
    return {"Authorization": f"Bearer {answer['access_token']}"}


def long_prompt(lines: int = 200, *, changed: bool = False) -> str:
    """A ``.prompt`` text of about ``lines`` lines; ``changed`` edits every tenth line, a variable and a parameter."""
    name = "question" if changed else "user_message"
    made = [
        "---",
        "model: openai/gpt-4o-mini",
        f"config: {{temperature: {0.2 if changed else 0.7}, max_tokens: 150}}",
        "input:",
        "  schema:",
        f"    {name}: string, what the customer wrote",
        "    order?: string",
        "---",
        '{{role "system"}}',
    ]
    while len(made) < lines - 2:
        number = len(made)
        rule = f"Rule {number}: when asked about topic {number % 17}, answer in at most {number % 7 + 2} sentences."
        made.append(rule.replace("answer", "reply kindly") if changed and number % 10 == 0 else rule)
    return "\n".join(
        [*made, '{{role "user"}}', f"{{{{{name}}}}}{{{{#if order}}}} ({{{{order}}}}){{{{/if}}}}", ""]
    )
