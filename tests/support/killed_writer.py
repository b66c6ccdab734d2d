"""A writer to be killed: for each line on its input a fresh process opens the store and saves until it dies.

Its output: ``pid N``, then ``saved NAME ENTRY LEAF`` for every acknowledged change, then ``dead``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyter_prompthub_server.dispatch import Dispatcher
from jupyter_prompthub_server.identities import local_caller
from jupyter_prompthub_server.store.store import open_store

from tests.support.operations import NoteIn, add

__all__ = ["main"]


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _save_for_ever(where: str, home: Path) -> None:
    _say(f"pid {os.getpid()}")
    dispatcher = Dispatcher(open_store(where, home=home))
    caller, count = local_caller(dispatcher, "killed"), 0
    while True:
        count += 1
        outcome = dispatcher.run_with_receipt(add, caller, input=NoteIn(name=f"{os.getpid()}-{count}"))
        assert outcome.receipt is not None
        _say(f"saved {outcome.result.name} {outcome.receipt.entry_id} {outcome.receipt.leaf_hash}")


def main() -> None:
    """``python -m tests.support.killed_writer DATABASE HOME``."""
    for _ in sys.stdin:
        child = os.fork()  # from a process without threads or connections; the imports are done
        if child == 0:
            _save_for_ever(sys.argv[1], Path(sys.argv[2]))
        os.waitpid(child, 0)
        _say("dead")


if __name__ == "__main__":
    main()
