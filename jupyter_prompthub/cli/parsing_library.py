"""The arguments of ``prompthub tag``, ``archive`` and ``restore``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

__all__ = ["add_library"]

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""the parser of a command: its name, its function, what it does"""


def add_library(add: Add) -> None:
    """Make the parser of each command."""
    p = add("tag", "library:tag", "give a version a name of its own, for good")
    p.add_argument("reference", metavar="NAME[@REF]")
    p.add_argument("tag", metavar="TAG", help="a version tag, such as v1.0")

    p = add("archive", "library:archive", "take a prompt out of the library; its versions stay")
    p.add_argument("name")

    p = add("restore", "library:restore", "bring an archived prompt back, or the text of a version")
    p.add_argument(
        "reference", metavar="NAME[@REF]", help="NAME: the prompt; NAME@REF: that text, into the draft"
    )
    p.add_argument("--branch", help="the branch whose draft it is (default: main)")
    p.add_argument("-m", "--message", help="save it on the branch as a new version, with this message")
