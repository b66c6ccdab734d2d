"""How the lines of the magics are read, and the help that follows from it."""

from __future__ import annotations

import argparse
import shlex
from functools import cache
from typing import Any, NoReturn

from ..cli.command_parser import CommandParser, Commands
from ..cli.parsing import add_commands
from ..core.errors import InvalidInput

__all__ = [
    "NOT_HERE",
    "OF_USED",
    "cell_parser",
    "commands",
    "flags_of",
    "help_rows",
    "line_parser",
    "options_of",
    "positionals_of",
    "split",
]

_OWN: dict[str, str] = {
    "use": "this notebook's prompt; says which version it is",
    "run": "run it",
    "status": "what this notebook's cells ran, and whether it would be the same now",
    "playground": "inputs, Run and the answer as a widget",
    "help": "this",
}
"""subcommands that are a notebook's own"""
NOT_HERE: dict[str, str] = {
    "lab": "goes on until it is ended, and a notebook runs in it already",
    "serve": "goes on until it is ended",
    "model": "installs programs and a model, with its progress in a terminal",
    "connection": "asks for a key, which is not to stand in a notebook",
    "token": "shows a key, which is not to stand in a notebook",
    "doctor": "is for when nothing else answers, a kernel neither",
}
"""commands of the command line that are not subcommands, and why"""
OF_USED = ("run", "log", "history", "show", "blame", "dependents", "playground")
"""subcommands that are about the prompt in use where none is named"""


class _Parser(CommandParser):
    """Raises instead of ending the kernel; options that are about a terminal are left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "add_help": False})

    def command(
        self, commands: Commands, name: str, target: str, text: str, *, client: bool = True
    ) -> CommandParser:
        made = commands.add_parser(name, help=text)
        made.set_defaults(target=target, needs_client=client)
        return made

    def error(self, message: str) -> NoReturn:
        raise InvalidInput(f"{message}\n{self.format_usage().strip()}\n`%prompthub help` says more")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise InvalidInput((message or "").strip())


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--inputs", metavar="VARIABLE", help="a dict of the notebook with the inputs")
    parser.add_argument(
        "--sample", metavar="NAME", help="inputs that are kept with the prompt; --var goes first"
    )
    parser.add_argument("--model")
    parser.add_argument("--connection")
    parser.add_argument("--into", metavar="VARIABLE", help="keep the answer in this variable")


@cache
def line_parser() -> argparse.ArgumentParser:
    """Of ``%prompthub …``: the commands of the command line, beside a notebook's own."""
    top: CommandParser = _Parser(prog="%prompthub")
    top.add_argument("--locked", choices=["on", "off"])
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    add_commands(top, commands)
    for name in (*NOT_HERE, *_OWN):
        commands.choices.pop(name, None)
    made = {name: commands.add_parser(name, help=text) for name, text in _OWN.items()}
    made["use"].add_argument("reference")
    made["run"].add_argument("reference")
    _run_options(made["run"])
    made["playground"].add_argument("reference")
    commands.choices["history"] = commands.choices["log"]
    for name in OF_USED:
        for action in _positionals(commands.choices[name]):
            action.nargs, action.required = "?", False
    return top


def cell_parser() -> argparse.ArgumentParser:
    """Of ``%%prompthub …``."""
    parser = _Parser(prog="%%prompthub")
    _run_options(parser)
    parser.add_argument("name")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--save", metavar="MESSAGE")
    return parser


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return next((one.choices for one in found), {})


def _positionals(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [
        one
        for one in parser._actions
        if not one.option_strings and not isinstance(one, argparse._SubParsersAction)
    ]


def _named(command: str | None) -> argparse.ArgumentParser | None:
    """The parser of a subcommand, or of a verb of one (``review merge``); None: of the first line of a cell."""
    parser = cell_parser() if command is None else line_parser()
    for word in (command or "").split():
        below = _subparsers(parser)
        if word not in below:
            return None
        parser = below[word]
    return parser


def commands(command: str = "") -> list[str]:
    """The subcommands there are, or those below one (``git``)."""
    parser = _named(command)
    return list(_subparsers(parser)) if parser is not None else []


def positionals_of(command: str | None) -> list[str]:
    """What the words after a subcommand are, in their order: ``name``, ``reference``, ``source`` …"""
    parser = _named(command)
    return [one.dest for one in _positionals(parser)] if parser is not None else []


def options_of(command: str | None) -> list[str]:
    """The options that may stand after a subcommand, or after a verb of one (``review merge``); None: in the first line of a
    ``%%prompthub`` cell."""
    return [one for action in _options(command) for one in action.option_strings if one.startswith("--")]


def flags_of(command: str | None) -> list[str]:
    """The options of :func:`options_of` that take no value."""
    return [one for action in _options(command) if action.nargs == 0 for one in action.option_strings]


def _options(command: str | None) -> list[argparse.Action]:
    parser = _named(command)
    return [one for one in parser._actions if one.option_strings] if parser is not None else []


def help_rows() -> list[tuple[str, str]]:
    """Lines of a table: how it is written, what it does."""
    top = next(one for one in line_parser()._actions if isinstance(one, argparse._SubParsersAction))
    about = {one.dest: one.help or "" for one in top._choices_actions}
    rows = []
    for name, parser in top.choices.items():
        below = " | ".join(_subparsers(parser))
        usage = f"{below} …" if below else " ".join(parser.format_usage().split()[3:])
        rows.append((f"%prompthub {name} {usage}".rstrip(), about.get(name, "as log")))
    return [
        *rows,
        ("%prompthub --locked on|off", "take versions from prompts.lock, and refuse what is not in it"),
        ("%%prompthub NAME [--branch B] [the options of run]", "the cell is the prompt's text: run it"),
        (
            '%%prompthub NAME [--branch B] --save "message"',
            "the cell is the prompt's text: save it as a version",
        ),
    ]


def split(line: str) -> list[str]:
    """A line's words, as a shell has them."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise InvalidInput(f"{error}: check the quotes in {line!r}") from error
    return ["review", "list"] if words == ["review"] else words
