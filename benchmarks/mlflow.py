"""MLflow's prompt registry on the same reads, writes and searches: both by their Python clients, over HTTP, on SQLite.

MLflow gets an environment of its own (``.make/mlflow``), made when this is first asked for.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_prompthub import Client
from tests.support.processes import serve

from .measuring import Line, by_turns, ms, rss_mb
from .servers import long_prompt, register

__all__ = ["run"]

_ROOT = Path(__file__).resolve().parent.parent
_HOME = _ROOT / ".make" / "mlflow"
_WANTED = "mlflow>=3.5,<4"
_START_S = 120.0


def _python() -> Path:
    """MLflow's Python, installed when it is not there."""
    python = _HOME / "bin" / "python"
    if not (_HOME / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_HOME)], check=True)
        done = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", _WANTED],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{_WANTED} could not be installed: {done.stderr.strip().splitlines()[-1:]}")
        (_HOME / "installed").touch()
    return python


@contextmanager
def _server(python: Path, folder: Path) -> Iterator[tuple[str, int, float]]:
    """``mlflow server``: its address, its process, seconds until it answered."""
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [
        str(python),
        "-m",
        "mlflow",
        "server",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"]
    command += ["--default-artifact-root", str(folder / "artifacts")]
    start = time.perf_counter()
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=_environment(python))
    try:
        while True:
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                    f"{url}/health", timeout=5
                ):
                    break
            except (urllib.error.URLError, OSError) as error:
                if running.poll() is not None or time.perf_counter() - start > _START_S:
                    said = (folder / "log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"mlflow server did not start:\n{said}") from error
                time.sleep(0.1)
        yield url, running.pid, time.perf_counter() - start
    finally:
        running.terminate()
        running.wait(30)


def _environment(python: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return env | {
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def run(folder: Path, *, quick: bool) -> list[Line]:
    """MLflow first, then ours, each alone on the machine with as many prompts and the same text."""
    prompts, turns = (50, 10) if quick else (1_000, 30)
    text = long_prompt(40)
    plain = folder / "text"
    plain.write_text(text.replace("{{", "").replace("}}", ""))  # MLflow's templates have other tags
    python = _python()
    with _server(python, folder / "mlflow") as (url, pid, peer_start):
        done = subprocess.run(
            [
                str(python),
                str(Path(__file__).parent / "peers" / "in_mlflow.py"),
                url,
                str(prompts),
                str(turns),
                str(plain),
            ],
            capture_output=True,
            text=True,
            check=False,
            env=_environment(python),
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        peer = json.loads(done.stdout.splitlines()[-1])
        peer_memory = rss_mb(pid)
    numbers = itertools.count()
    start = time.perf_counter()
    with serve(folder / "ours") as server:
        our_start = time.perf_counter() - start
        token = register(server.url)["Authorization"].removeprefix("Bearer ")
        with Client(server.url, token=token, cache=False) as client:
            for number in range(prompts):
                client.create(f"topic{number % 7}/p{number:05}", text=text, commit_message="First")

            def write() -> None:
                number = next(numbers)
                client.save("topic0/p00000", f"{text}Edit {number}\n", f"Edit {number}")

            ours = by_turns(
                {
                    "read": lambda: client.version("topic0/p00000@latest"),
                    "write": write,
                    "search": lambda: list(itertools.islice(client.list("topic3"), 50)),
                },
                turns,
            )
        our_memory = rss_mb(server.popen.pid)
    lines = []
    for name, what in (
        ("read", "read a version"),
        ("write", "make a version"),
        ("search", f"search, 50 of {prompts} prompts"),
    ):
        mine, theirs = statistics.median(ours[name]), statistics.median(peer[name])
        lines.append(Line("mlflow", f"{what}, p50", ms(mine), f"MLflow {ms(theirs)}", mine / theirs))
    lines.append(
        Line(
            "mlflow",
            "start to ready",
            f"{our_start:.1f} s",
            f"MLflow {peer_start:.1f} s",
            our_start / peer_start,
        )
    )
    lines.append(
        Line(
            "mlflow",
            "memory afterwards",
            f"{our_memory:.0f} MB",
            f"MLflow {peer_memory:.0f} MB",
            our_memory / peer_memory,
        )
    )
    return lines
