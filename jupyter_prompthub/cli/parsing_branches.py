"""The arguments of ``branch`` and ``protect``, which ``%prompthub`` shares."""

from __future__ import annotations

import argparse

__all__ = ["add_branch"]


def add_branch(p: argparse.ArgumentParser) -> None:
    """Of ``branch``."""
    p.add_argument("name", metavar="NAME[@REF]", help="with a new branch: from this version")
    p.add_argument("branch", nargs="?", metavar="BRANCH", help="make it; left out: list what there is")
    what = p.add_mutually_exclusive_group()
    what.add_argument("--delete", action="store_true", help="delete it; its versions stay")
    what.add_argument("--move", action="store_true", help="it is there: point it at NAME@REF")
    p.add_argument("--expected-head", metavar="SHA", help="move it only if it is at this version")
