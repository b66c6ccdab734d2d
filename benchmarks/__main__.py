"""``python -m benchmarks [--only NAME ...] [--peers] [--quick]``: every line beside its floor, then one table."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from .measuring import Line, table

__all__ = ["main"]

_MODULES = {
    "import": "imports",
    "diff": "diff",
    "merge": "merge",
    "history": "history",
    "review": "review",
    "inbox": "inbox",
    "git": "git",
    "serve": "headless",
    "lab": "lab",
    "read": "read",
    "client": "client",
    "save": "save",
    "complete": "complete",
    "list": "listing",
    "growth": "growth",
    "audit": "audit",
    "stream": "stream",
    "coedit": "coedit",
    "writers": "writers",
    "keys": "keys",
    "page": "page",
    "scroll": "scroll",
    "walk": "walk",
}
_LARGE = {"list-100": "large"}
"""half an hour each: only when they are asked for"""
_PEERS = {"mlflow": "mlflow"}
"""other products, in environments of their own: only when they are asked for"""


def _run(name: str, *, quick: bool) -> list[Line]:
    module = importlib.import_module(f".{(_MODULES | _LARGE | _PEERS)[name]}", __package__)
    with tempfile.TemporaryDirectory(prefix=f"prompthub-bench-{name}-") as folder:
        lines: list[Line] = module.run(Path(folder), quick=quick)
    return lines


def main() -> int:
    """Run what was asked for. Returns 1 when something could not be measured; a goal that is missed fails nothing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [*_MODULES, *_LARGE, *_PEERS]
    parser.add_argument("--only", nargs="+", choices=names, default=list(_MODULES), metavar="NAME")
    parser.add_argument("--peers", action="store_true", help="other products too; they are installed first")
    parser.add_argument(
        "--quick", action="store_true", help="fewer turns, and 1,000 prompts instead of 10,000"
    )
    options = parser.parse_args()
    for variable in [name for name in os.environ if name.startswith("PROMPTHUB_")]:
        del os.environ[variable]  # nothing of the developer's own data or keys is touched
    lines: list[Line] = []
    failed: list[str] = []
    asked = [*options.only, *(_PEERS if options.peers else ())]
    for name in dict.fromkeys(asked):
        start = time.monotonic()
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        try:
            lines += _run(name, quick=options.quick)
            print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        except Exception as error:
            failed.append(name)
            print(f"FAILED: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    print(
        f"\nPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n"
    )
    print(table(lines))
    missed = [f"{line.name} ({line.what})" for line in lines if line.reached is False]
    print(f"\nmissed: {'; '.join(missed) if missed else 'nothing'}")
    if failed:
        print(f"not measured: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
