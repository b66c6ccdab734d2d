"""The model server's process, run as a script by :mod:`.supervisor`: it imports nothing of ours.

It holds ``server.lock`` for as long as it lives, so there is one per folder. Every process that uses it
holds a lock of its own under ``users/``; a lock is freed by the system when its process dies, however it
dies. The server ends ``--linger`` seconds after its last user, or when nobody asked anything for ``--idle``
seconds (a user touches ``used`` when it asks).
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

POLL_S = 1.0
FRESH_S = 5.0
TAKE_OVER_S = 10.0


def users_alive(folder: Path) -> bool:
    """Whether any user's lock is held; the files of dead users are removed."""
    alive = False
    for path in (folder / "users").glob("*.lock"):
        if time.time() - path.stat().st_mtime < FRESH_S:  # its owner may be about to lock it
            alive = True
            continue
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            alive = True
        else:
            path.unlink(missing_ok=True)
            lock.release()
    return alive


def publish(path: Path, data: dict[str, object]) -> None:
    """Write ``path`` whole, readable by its owner only."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(data, file)
    part.replace(path)


def start(weights: str, alias: str, key: str) -> tuple[object, str]:
    """The model's own HTTP server, on a free loopback port, asking for the key."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.model_alias = {alias}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.endpoint_metrics = False
    params.cors_origins = ""
    params.cors_credentials = False
    params.n_ctx = 8192
    params.n_parallel = 2
    params.n_threads_http = 4
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.cache_ram_mib = 64
    params.verbosity = 1
    server = xllamacpp.Server(params)
    return server, server.listening_address


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--alias", required=True)
    parser.add_argument("--idle", type=float, required=True)
    parser.add_argument("--linger", type=float, required=True)
    options = parser.parse_args()
    folder: Path = options.folder
    lock = FileLock(folder / "server.lock")
    try:
        # a predecessor may be on its way out, a user may be looking whether anybody holds it
        lock.acquire(timeout=TAKE_OVER_S, poll_interval=0.02)
    except Timeout:
        return 0  # there is one already
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    state = folder / "server.json"
    state.unlink(missing_ok=True)
    sys.path.insert(0, options.runtime)
    key = secrets.token_urlsafe(32)
    server, address = start(options.weights, options.alias, key)
    publish(state, {"port": urlsplit(address).port, "key": key, "pid": os.getpid()})
    used = folder / "used"
    used.touch()
    seen = time.monotonic()
    while not stop.wait(POLL_S):
        if users_alive(folder):
            seen = time.monotonic()
        idle = time.time() - used.stat().st_mtime
        if time.monotonic() - seen > options.linger or idle > options.idle:
            break
    state.unlink(missing_ok=True)
    del server
    return 0


if __name__ == "__main__":
    code = main()
    # the runtime's threads would hold up a normal exit
    sys.stdout.flush()
    os._exit(code)
