"""The line of a ``%%prompthub`` cell, while it is being written."""

from __future__ import annotations

import shlex

from .names import DEFAULT_BRANCH

__all__ = ["cell_reference"]


def cell_reference(line: str) -> str | None:
    """The branch head that a cell's template stands in, as ``name@branch``.

    Args:
        line: what follows ``%%prompthub``; it need not be finished.

    Returns:
        None while the line names no prompt. Whether there is one of that name is not looked at.
    """
    name, branch = None, DEFAULT_BRANCH
    words = iter(_words(line))
    for word in words:
        if word.startswith("--"):
            # all options take a value: `--var name=value` or `--branch=tone`
            option, equals, value = word.partition("=")
            value = value if equals else next(words, "")
            if option == "--branch" and value:
                branch = value
        elif name is None:
            name = word.partition("@")[0]
    return f"{name}@{branch}" if name else None


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote is still open
        return line.split()
