"""One model server per person: find it, start it, be counted as its user.

The folder (``model-server`` in the data folder, mode 0700) holds ``server.json`` (port, key, pid; 0600),
``server.lock`` (held by the server), ``start.lock`` (held while starting), ``users/`` (a held lock per user
process), ``used`` (its time says when somebody asked last) and ``server.log``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ...core.errors import ModelNotInstalled, ProviderUnavailable
from ...home import home
from . import MODEL, cpu
from .install import find

__all__ = ["LocalServer", "Running"]

_START_S: Final = 120.0
_ENDING_S: Final = 5.0
_SCRIPT: Final = Path(__file__).with_name("serve.py")


@dataclass(frozen=True, slots=True)
class Running:
    """Where the server is, and its key."""

    port: int
    key: str
    pid: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __repr__(self) -> str:
        return f"Running(port={self.port}, pid={self.pid})"


class LocalServer:
    """This process's handle on the person's model server. Thread-safe; all methods may block.

    Args:
        folder: instead of ``model-server`` in the data folder.
        models: instead of :func:`.install.models_dir`.
        idle_s: the server ends when nobody asked for so long.
        linger_s: the server ends so long after its last user.
    """

    def __init__(
        self,
        folder: Path | None = None,
        models: Path | None = None,
        *,
        idle_s: float = 900.0,
        linger_s: float = 10.0,
    ) -> None:
        self._folder = folder or home() / "model-server"
        self._models = models
        self._idle_s, self._linger_s = idle_s, linger_s
        self._mutex = threading.Lock()
        self._presence: FileLock | None = None
        self._owner_pid = 0

    def ensure(self, *, dead: Running | None = None) -> Running:
        """The running server, started if need be.

        Args:
            dead: one that does not answer any more: it may still be ending, and then holds its lock for a moment.

        Raises:
            ModelNotInstalled: it was never fetched, or this processor cannot run it.
            ProviderUnavailable: it does not start; the message says where its log is.
        """
        installed = find(self._models)
        if (problem := cpu.problem()) is not None:
            raise ModelNotInstalled(problem)
        if installed is None:
            raise ModelNotInstalled(
                f"the local model {MODEL} is not installed; run `prompthub model install`, or choose "
                "another model"
            )
        with self._mutex:
            self._be_counted()
            self.touch()
            running = self._running()
            if running is not None and running == dead and self._ends():
                running = self._running()
            if running is not None:
                return running
            try:
                with FileLock(self._folder / "start.lock", timeout=_START_S):
                    if (running := self._running()) is not None:
                        return running
                    return self._start(installed.weights, installed.runtime)
            except Timeout as error:
                raise self._failed(f"another process has been starting it for {_START_S:.0f} s") from error

    def running(self) -> Running | None:
        """The server when it runs; nothing is started, and nobody is counted as its user."""
        with self._mutex:
            return self._running()

    def touch(self) -> None:
        """Say that it is in use: called when asking, and now and then during a long answer."""
        (self._folder / "used").touch()

    def close(self) -> None:
        """Stop being a user. The server ends by itself when this was the last one."""
        with self._mutex:
            if self._presence is not None and self._owner_pid == os.getpid():
                Path(self._presence.lock_file).unlink(missing_ok=True)
                self._presence.release()
            self._presence = None

    def _be_counted(self) -> None:
        # after a fork the parent's lock does not speak for us
        if self._presence is not None and self._owner_pid == os.getpid():
            return
        users = self._folder / "users"
        users.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        lock = FileLock(users / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.lock", thread_local=False)
        lock.acquire(timeout=1)
        self._presence, self._owner_pid = lock, os.getpid()

    def _ends(self) -> bool:
        """Wait until the server's process has let go of its lock; False when it does not."""
        try:
            with FileLock(self._folder / "server.lock", timeout=_ENDING_S, thread_local=False):
                return True
        except Timeout:
            return False

    def _running(self) -> Running | None:
        """What ``server.json`` says, when its writer is alive: it holds ``server.lock``."""
        if not (self._folder / "server.json").exists():
            return None
        lock = FileLock(self._folder / "server.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            pass
        else:
            lock.release()
            return None
        try:
            data = json.loads((self._folder / "server.json").read_text())
            return Running(port=int(data["port"]), key=str(data["key"]), pid=int(data["pid"]))
        except (FileNotFoundError, ValueError, KeyError):
            return None

    def _start(self, weights: Path, runtime: Path) -> Running:
        command = [
            sys.executable,
            "-I",
            str(_SCRIPT),
            "--folder",
            str(self._folder),
            "--weights",
            str(weights),
        ]
        command += ["--runtime", str(runtime), "--alias", MODEL]
        command += ["--idle", str(self._idle_s), "--linger", str(self._linger_s)]
        log = os.open(self._folder / "server.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            # detached: it serves other processes too, and ends by itself
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                env={
                    name: os.environ[name]
                    for name in ("PATH", "HOME", "LANG", "SYSTEMROOT")
                    if name in os.environ
                },
            )
        finally:
            os.close(log)
        # reaps it whenever it ends
        threading.Thread(target=process.wait, name="prompthub-model-server", daemon=True).start()
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if (running := self._running()) is not None:
                return running
            if process.poll() is not None:
                raise self._failed(f"it ended with {process.returncode}")
            time.sleep(0.05)
        process.terminate()
        raise self._failed(f"it was not ready after {_START_S:.0f} s")

    def _failed(self, why: str) -> ProviderUnavailable:
        log = self._folder / "server.log"
        return ProviderUnavailable(
            f"the local model does not start: {why}; its log is {log}. Try again, or choose another model",
            details={"connection": "local"},
        )
