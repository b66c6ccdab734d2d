"""How the lines of the magics are read."""

from __future__ import annotations

import argparse
import shlex
from typing import NoReturn

from ..core.errors import InvalidInput

__all__ = ["cell_parser", "line_parser", "split"]


class _Parser(argparse.ArgumentParser):
    """Raises instead of ending the kernel."""

    def error(self, message: str) -> NoReturn:
        raise InvalidInput(f"{message}\n{self.format_usage().strip()}")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise InvalidInput((message or "").strip())


def _run_options(parser: _Parser) -> _Parser:
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--inputs", metavar="VARIABLE", help="a dict of the notebook with the inputs")
    parser.add_argument("--model")
    parser.add_argument("--connection")
    parser.add_argument("--into", metavar="VARIABLE", help="keep the answer in this variable")
    return parser


def line_parser() -> argparse.ArgumentParser:
    """Of ``%prompthub …``."""
    top = _Parser(prog="%prompthub", add_help=False)
    commands = top.add_subparsers(dest="command", parser_class=_Parser)
    commands.add_parser("use", add_help=False).add_argument("reference")
    run = _run_options(commands.add_parser("run", add_help=False))
    run.add_argument("reference", nargs="?")
    commands.add_parser("list", add_help=False).add_argument("search", nargs="?", default="")
    commands.add_parser("history", add_help=False).add_argument("name", nargs="?")
    diff = commands.add_parser("diff", add_help=False)
    diff.add_argument("name")
    diff.add_argument("range")
    commands.add_parser("status", add_help=False)
    commands.add_parser("playground", add_help=False).add_argument("reference", nargs="?")
    return top


def cell_parser() -> argparse.ArgumentParser:
    """Of ``%%prompthub …``."""
    parser = _run_options(_Parser(prog="%%prompthub", add_help=False))
    parser.add_argument("name")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--save", metavar="MESSAGE")
    return parser


def split(line: str) -> list[str]:
    """A line's words, as a shell has them."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise InvalidInput(f"{error}: check the quotes in {line!r}") from error
