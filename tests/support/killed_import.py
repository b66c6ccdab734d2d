"""An import from git to be killed: it says so in the middle of its transaction, and waits.

``python -m tests.support.killed_import DATABASE HOME BUNDLE FOLDER VERSIONS``: ``in it`` after so many versions, else ``done N``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.identities import local_caller
from jupyter_prompthub_server.services import git_import, saving

from jupyter_prompthub.git.packs import read_bundle
from tests.support.databases import opened

__all__ = ["main"]


def main() -> None:
    """Import, and stop where it was asked for."""
    database, home, bundle, folder, stop = sys.argv[1:]
    add, made = saving.add, 0

    def counted(*args: Any, **more: Any) -> str:
        nonlocal made
        made += 1
        if made == int(stop):
            os.write(1, b"in it\n")
            sys.stdin.readline()
        return add(*args, **more)

    saving.add = counted
    refs, pack = read_bundle(Path(bundle).read_bytes())
    scan = git_import.scanned(refs, pack, Path(folder))
    with opened(database, Path(home)) as store:
        dispatcher = Dispatcher(store)
        caller = local_caller(dispatcher, "killed")
        done = dispatcher.run(git_import.bring, caller, {}, git_import.Incoming(scan=scan))
    scan.objects.close()
    os.write(1, f"done {done.versions}\n".encode())


if __name__ == "__main__":
    main()
