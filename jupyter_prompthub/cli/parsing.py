"""The commands and their arguments. Nothing heavy is imported here."""

from __future__ import annotations

import argparse

from .command_parser import EPILOG, CommandParser, Commands, count
from .parsing_branches import add_branch, add_protect
from .parsing_library import add_library
from .parsing_reviews import add_verbs

__all__ = ["add_commands", "parser"]

_FORMATS = ("auto", "prompthub", "dotprompt", "prompty", "promptfoo", "langfuse", "openai", "plain")


def _deciding(p: argparse.ArgumentParser) -> None:
    p.add_argument("-m", "--message", default="")
    p.add_argument(
        "--pick",
        action="append",
        default=[],
        metavar="CONFLICT=SIDE",
        help="decide: ours, theirs, base or keep",
    )


def _serving(top: CommandParser, commands: Commands) -> None:
    p = top.command(commands, "lab", "admin:lab", "open JupyterLab with PromptHub", client=False)
    p.set_defaults(rest=[])
    p = top.command(commands, "serve", "admin:serve", "serve PromptHub alone over HTTP", client=False)
    p.set_defaults(rest=[])


def _prompts(top: CommandParser, commands: Commands) -> None:
    p = top.command(commands, "new", "prompts:new", "make a prompt")
    p.add_argument("name")
    p.add_argument("--title")
    p.add_argument("--file", help=".prompt file with its text, - for standard input")
    p.add_argument("--tag", action="append", default=[])
    p.add_argument("-m", "--message", default="")

    p = top.command(commands, "list", "prompts:list_", "list prompts")
    p.add_argument("search", nargs="?", default="")
    p.add_argument("--tag", action="append", default=[])
    p.add_argument("--archived", action="store_true")

    p = top.command(commands, "show", "prompts:show", "print a version, or a prompt's history")
    p.add_argument("reference")
    p.add_argument("--history", action="store_true", help="list its versions")

    p = top.command(commands, "save", "prompts:save", "save a file as a new version")
    p.add_argument("name", help="NAME, or NAME@BRANCH")
    p.add_argument("file", help=".prompt file, - for standard input")
    p.add_argument("-m", "--message", default="")
    p.add_argument("--expected-head", help="refuse when the branch head is not this SHA")
    p.add_argument("--create", action="store_true", help="make the prompt when there is none")

    p = top.command(commands, "diff", "prompts:diff", "compare two versions unit by unit")
    p.add_argument("name")
    p.add_argument("range", help="A...B, any two refs")
    p.add_argument("--exit-code", action="store_true", help="exit with 1 when they differ")

    add_library(lambda name, target, text: top.command(commands, name, target, text))


def _history(top: CommandParser, commands: Commands) -> None:
    p = top.command(commands, "log", "history:log", "list a prompt's versions, or draw them as a graph")
    p.add_argument("name", help="NAME, or NAME@BRANCH: what its head came from")
    p.add_argument("--graph", action="store_true", help="draw branches and merges")
    p.add_argument("--search", default="", metavar="WORDS", help="only those whose message has these words")
    p.add_argument("-S", dest="text", metavar="TEXT", help="only those that brought a text, or took it away")
    p.add_argument("-n", dest="number", type=count, metavar="N", help="at most so many")

    p = top.command(commands, "dependents", "history:dependents", "list the prompts that include a snippet")
    p.add_argument("name", help="NAME; with @REF: what they would be with that version of it")
    p.add_argument("--file", metavar="FILE", help="what they would be with this text of it")

    p = top.command(commands, "blame", "history:blame", "say which version brought each unit and line")
    p.add_argument("reference", metavar="NAME[@REF]")

    p = top.command(
        commands, "bisect", "history:bisect", "find the version that broke something, by trying a command"
    )
    p.add_argument("name")
    p.add_argument("--good", action="append", required=True, metavar="REF", help="a version without it")
    p.add_argument("--bad", default="latest", metavar="REF", help="a version with it (default: latest)")
    p.add_argument(
        "trial",
        nargs="+",
        metavar="COMMAND",
        help="after --; {} is a file with the text. It exits with 0 (good), 125 (skip), else bad",
    )


def _merging(top: CommandParser, commands: Commands) -> None:
    add_branch(top.command(commands, "branch", "branches:branch", "list branches; make, move or delete one"))

    p = top.command(commands, "merge", "merging:merge", "merge a branch into a branch")
    p.add_argument("name")
    p.add_argument("source", help="a branch, or any other ref")
    p.add_argument("--into", default="main", metavar="BRANCH")
    modes = p.add_mutually_exclusive_group()
    modes.add_argument(
        "--no-ff", dest="mode", action="store_const", const="merge", help="always make a version"
    )
    modes.add_argument(
        "--squash", dest="mode", action="store_const", const="squash", help="one version, one parent"
    )
    modes.add_argument(
        "--ff-only", dest="mode", action="store_const", const="fast_forward", help="only move the branch"
    )
    p.set_defaults(mode="auto")
    p.add_argument("--dry-run", action="store_true", help="say what it would come to")
    p.add_argument("--expected-head", metavar="SHA", help="refuse when the branch is not at this version")
    _deciding(p)

    for verb, target, text in (
        ("cherry-pick", "merging:cherry_pick", "make the change of one version on a branch as well"),
        ("revert", "merging:revert", "take the change of one version back"),
    ):
        p = top.command(commands, verb, target, text)
        p.add_argument("name")
        p.add_argument("ref", metavar="VERSION")
        p.add_argument("--on", default="main", metavar="BRANCH")
        p.add_argument("--mainline", type=count, metavar="N", help="of a merge: against its parent N, from 1")
        _deciding(p)


def _reviewing(top: CommandParser, commands: Commands) -> None:
    verbs = commands.add_parser(
        "review", help="open, discuss, check, decide and merge reviews"
    ).add_subparsers(dest="do", metavar="VERB", required=True)
    add_verbs(lambda verb, text: top.command(verbs, verb, "reviewing:review", text))

    add_protect(
        top.command(
            commands, "protect", "protecting:protect", "show, make, change or delete protections of branches"
        )
    )


def _running(top: CommandParser, commands: Commands) -> None:
    p = top.command(commands, "run", "prompts:run", "run a prompt, or a .prompt file, on a model")
    p.add_argument("reference", help="a prompt (name@ref), or a file: FILE.prompt; - is standard input")
    p.add_argument(
        "--var",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an input; @FILE reads it from a file",
    )
    p.add_argument("--inputs", metavar="FILE", help="inputs as a JSON object")
    p.add_argument(
        "--sample", metavar="NAME", help="inputs that are kept with the prompt; the others go first"
    )
    p.add_argument("--model")
    p.add_argument("--connection")
    p.add_argument("--timeout", type=float, metavar="SECONDS")
    p.add_argument("--locked", action="store_true", default=None, help="the version that prompts.lock has")

    p = top.command(commands, "promote", "prompts:promote", "serve a version in an environment")
    p.add_argument("reference")
    p.add_argument("environment")
    p.add_argument("--reason", default="")

    p = top.command(commands, "rollback", "prompts:rollback", "serve again what was served before")
    p.add_argument("name")
    p.add_argument("environment")
    p.add_argument("--reason", required=True)


def _transfer(top: CommandParser, commands: Commands) -> None:
    p = top.command(
        commands, "import", "transfer:import_", "bring in files of any known format, folders, or an export"
    )
    p.add_argument("paths", nargs="+", help="files, - for standard input, or folders of them")
    p.add_argument("--format", choices=_FORMATS, default="auto", help="default: told by each file")
    p.add_argument("--name", help="the name of a single prompt")
    p.add_argument("--tag", action="append", default=[])
    p.add_argument("-m", "--message", default="")
    p.add_argument("--on-conflict", choices=["fail", "skip", "new_version"], default="fail")
    p.add_argument(
        "--dry-run", action="store_true", help="only say what it would do, and what is not carried over"
    )

    p = top.command(commands, "export", "transfer:export", "write prompts with their versions")
    p.add_argument("names", nargs="*", help="NAME, with --format also NAME@REF")
    p.add_argument(
        "--format", choices=_FORMATS[1:], default="prompthub", help="default: all versions, as JSON"
    )
    p.add_argument("-o", "--output", help="file (default: standard output)")
    p.add_argument("--dir", help="write the heads as files into this folder")
    p.add_argument("--force", action="store_true", help="with --dir: write over files with another text")


def _git(top: CommandParser, commands: Commands) -> None:
    git = commands.add_parser("git", help="prompts as git repositories, both ways").add_subparsers(
        metavar="COMMAND", required=True
    )
    p = top.command(
        git, "export", "repositories:export", "write prompts into a git repository, a commit per version"
    )
    p.add_argument("folder", help="the repository; made (bare) when there is none")
    p.add_argument("names", nargs="*", help="prompts (default: all)")
    p = top.command(
        git, "import", "repositories:import_", "bring in what a git repository has and the prompts lack"
    )
    p.add_argument("folder", help="the repository")
    p.add_argument("names", nargs="*", help="prompts (default: all that it holds)")
    p.add_argument("--dry-run", action="store_true", help="change nothing, and say what would come in")
    p = top.command(git, "push", "repositories:push", "write prompts into a git repository elsewhere")
    p.add_argument("remote", help="a connection: prompthub connection add NAME git --base-url URL")
    p.add_argument("names", nargs="*", help="prompts (default: all)")
    p = top.command(git, "pull", "repositories:pull", "bring in what a git repository elsewhere has")
    p.add_argument("remote", help="a connection: prompthub connection add NAME git --base-url URL")
    p.add_argument("names", nargs="*", help="prompts (default: all that it holds)")
    p.add_argument("--dry-run", action="store_true", help="change nothing, and say what would come in")
    p = top.command(git, "status", "repositories:status", "what an export would write, and an import bring")
    p.add_argument("folder", help="the repository; exits with 1 when it differs")
    p.add_argument("names", nargs="*", help="prompts (default: all)")


def _notebooks(top: CommandParser, commands: Commands) -> None:
    p = top.command(
        commands, "status", "notebooks:status", "what notebooks ran, and whether it would be the same now"
    )
    p.add_argument(
        "notebook", nargs="+", help="notebooks, or folders of them; exits with 1 when a ref has moved"
    )

    p = top.command(commands, "lock", "locks:lock", "write down which versions notebooks and programs mean")
    p.add_argument("what", nargs="*", help="notebooks, Python files, folders (default: this one), NAME@REF")
    p.add_argument("-f", "--file", default="prompts.lock")
    p.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a ref has moved")
    p.add_argument(
        "--upgrade", action="append", default=[], metavar="NAME", help="take what its ref names now"
    )
    p.add_argument("--upgrade-all", action="store_true", help="take what every ref names now")


def _bundles(top: CommandParser, commands: Commands) -> None:
    bundle = commands.add_parser("bundle", help="prompts in one signed file").add_subparsers(
        metavar="COMMAND", required=True
    )
    p = top.command(
        bundle, "make", "bundles:make", "write prompts into one signed file, for use without a server"
    )
    p.add_argument("output", help="the file, OUT.zip")
    p.add_argument("names", nargs="*", help="prompts (default: all)")
    p.add_argument(
        "--tag", action="append", default=[], help="only prompts with this tag (repeat: all of them)"
    )
    p.add_argument("--env", metavar="ENVIRONMENT", help="only what this environment serves")
    top.command(
        bundle, "key", "bundles:key", "print the public key that bundles of this server are verified with"
    )
    p = top.command(bundle, "verify", "bundles:verify", "check a bundle from end to end", client=False)
    p.add_argument("file")
    p.add_argument("--key", help="the public key, or a file with it (default: PROMPTHUB_BUNDLE_KEY)")
    p.add_argument("--pin", metavar="FILE", help="remember the key of a workspace's first bundle there")
    p.add_argument("--allow-unsigned", action="store_true")


def _admin(top: CommandParser, commands: Commands) -> None:
    p = top.command(commands, "seed", "admin:seed", "bring in the demo prompts")
    p.add_argument("--if-empty", action="store_true", help="only into an empty library")

    model = commands.add_parser("model", help="the local model").add_subparsers(
        metavar="COMMAND", required=True
    )
    top.command(
        model, "install", "admin:model_install", "fetch the small model that answers offline", client=False
    )
    top.command(model, "list", "admin:model_list", "list the models that can be asked")

    connection = commands.add_parser(
        "connection", help="connections to models and git repositories"
    ).add_subparsers(metavar="COMMAND", required=True)
    p = top.command(
        connection,
        "add",
        "admin:connection_add",
        "add a connection, or enter its key again; the key is asked for",
    )
    p.add_argument("name")
    p.add_argument(
        "provider",
        nargs="?",
        help="openai, anthropic, azure, ... openai_compatible, or git; default: the name",
    )
    p.add_argument("--base-url")
    p.add_argument("--model", action="append", default=[], help="a model it serves (repeat)")
    p.add_argument("--no-key", action="store_true")
    p.add_argument(
        "--allow-private-address", action="store_true", help="the address may be on this machine or network"
    )
    top.command(connection, "list", "admin:connection_list", "list the connections")

    p = top.command(commands, "token", "admin:token", "make, list or revoke API keys")
    p.add_argument("--name", default="command line")
    p.add_argument("--role", choices=["viewer", "engineer", "team_lead", "admin"])
    p.add_argument("--days", type=count)
    p.add_argument("--list", action="store_true")
    p.add_argument("--revoke", metavar="ID")

    top.command(commands, "doctor", "admin:doctor", "say what is installed and what answers", client=False)


def add_commands(top: CommandParser, commands: Commands) -> None:
    """Make the parser of each command."""
    for area in (
        _serving,
        _prompts,
        _history,
        _merging,
        _reviewing,
        _running,
        _transfer,
        _git,
        _notebooks,
        _bundles,
        _admin,
    ):
        area(top, commands)


def parser() -> argparse.ArgumentParser:
    """Of all commands. What it parses names the function to call (``target``), and whether it takes a client."""
    top = CommandParser(
        prog="prompthub",
        description="Prompts as software: versioned, compared, run, deployed.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version")
    add_commands(top, top.add_subparsers(metavar="COMMAND"))
    return top
