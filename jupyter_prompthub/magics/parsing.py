"""How the lines of the magics are read, and the help that follows from it."""

from __future__ import annotations

import argparse
import shlex
from typing import NoReturn

from ..cli.parsing_branches import add_branch
from ..cli.parsing_reviews import add_verbs
from ..core.errors import InvalidInput

__all__ = ["COMMANDS", "cell_parser", "help_rows", "line_parser", "options_of", "split"]

COMMANDS: dict[str, tuple[str, str]] = {
    "use": ("NAME@REF", "this notebook's prompt; says which version it is"),
    "run": (
        "[NAME@REF] [--var N=V …] [--inputs DICT] [--sample S] [--model M] [--connection C] [--into VARIABLE]",
        "run it",
    ),
    "list": ("[SEARCH]", "prompts that match"),
    "log": ("[NAME] [--graph]", "a prompt's versions; with --graph its branches and merges, drawn"),
    "history": ("[NAME]", "a prompt's versions"),
    "diff": ("NAME A...B", "two versions, unit by unit"),
    "branch": (
        "NAME[@REF] [BRANCH] [--move|--delete]",
        "make a branch, from the version that is named, move it there, or delete it; without BRANCH: list them",
    ),
    "merge": (
        "NAME SOURCE [--into BRANCH] [--pick CONFLICT=SIDE …] [--message M]",
        "merge a branch; conflicts are shown, and decided with --pick",
    ),
    "review": (
        "[VERB NAME#NUMBER …]",
        "reviews: open, show, comment, approve, merge …, as `prompthub review` (docs/reviews.md); alone it lists them",
    ),
    "status": ("", "what this notebook's cells ran, and whether it would be the same now"),
    "playground": ("[NAME@REF]", "inputs, Run and the answer as a widget"),
    "help": ("", "this"),
}
"""Subcommands of ``%prompthub``: arguments and what they do."""


class _Parser(argparse.ArgumentParser):
    """Raises instead of ending the kernel."""

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


def line_parser() -> argparse.ArgumentParser:
    """Of ``%prompthub …``."""
    top = _Parser(prog="%prompthub", add_help=False)
    top.add_argument("--locked", choices=["on", "off"])
    commands = top.add_subparsers(dest="command", parser_class=_Parser)
    made = {name: commands.add_parser(name, add_help=False) for name in COMMANDS}
    made["use"].add_argument("reference")
    made["run"].add_argument("reference", nargs="?")
    _run_options(made["run"])
    made["list"].add_argument("search", nargs="?", default="")
    made["history"].add_argument("name", nargs="?")
    made["log"].add_argument("name", nargs="?")
    made["log"].add_argument("--graph", action="store_true")
    made["diff"].add_argument("name")
    made["diff"].add_argument("range")
    add_branch(made["branch"])
    made["merge"].add_argument("name")
    made["merge"].add_argument("source")
    made["merge"].add_argument("--into", default="main", metavar="BRANCH")
    made["merge"].add_argument("--pick", action="append", default=[], metavar="CONFLICT=SIDE")
    made["merge"].add_argument("--message", default="")
    made["playground"].add_argument("reference", nargs="?")
    verbs = made["review"].add_subparsers(dest="do", required=True, parser_class=_Parser)
    add_verbs(lambda verb, text: verbs.add_parser(verb, add_help=False))
    return top


def cell_parser() -> argparse.ArgumentParser:
    """Of ``%%prompthub …``."""
    parser = _Parser(prog="%%prompthub", add_help=False)
    _run_options(parser)
    parser.add_argument("name")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--save", metavar="MESSAGE")
    return parser


def options_of(command: str | None) -> list[str]:
    """The options that may stand after a subcommand, or after a verb of one (``review merge``); None: in the first line of a
    ``%%prompthub`` cell."""
    parser = cell_parser() if command is None else line_parser()
    for word in (command or "").split():
        found = next((one for one in parser._actions if isinstance(one, argparse._SubParsersAction)), None)
        if found is None or word not in found.choices:
            return []
        parser = found.choices[word]
    every = [option for action in parser._actions for option in action.option_strings]
    return [option for option in every if option.startswith("--")]


def help_rows() -> list[tuple[str, str]]:
    """Lines of a table: how it is written, what it does."""
    rows = [(f"%prompthub {name} {usage}".rstrip(), text) for name, (usage, text) in COMMANDS.items()]
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
