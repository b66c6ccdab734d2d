"""The parser of a command, and what the numbers in its arguments may be. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from typing import TypeAlias

__all__ = ["EPILOG", "CommandParser", "Commands", "count"]

EPILOG = """exit codes: 0 passed, 1 failed, 2 wrong usage, 3 inconclusive, 4 no server reachable
A name may carry a ref, NAME@REF: latest, an environment, a version tag, a branch, a SHA prefix."""

Commands: TypeAlias = "argparse._SubParsersAction[CommandParser]"
"""the commands of a parser, which further ones are added to"""


class CommandParser(argparse.ArgumentParser):
    """Adds commands whose function is named, not imported."""

    def command(
        self,
        commands: Commands,
        name: str,
        target: str,
        text: str,
        *,
        client: bool = True,
    ) -> CommandParser:
        made = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(target=target, needs_client=client)
        made.add_argument("--json", action="store_true", help="print one JSON value")
        made.add_argument("--url", help="base URL of a server (default: found by itself)")
        made.add_argument("--token", help=argparse.SUPPRESS)
        made.add_argument("--workspace", help="name or id of a workspace")
        return made


def count(text: str) -> int:
    """An integer from 1 on, of at most nine digits."""
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected an integer from 1 to 999999999, got {text[:20]!r}")
