"""The ``prompthub`` command. Parsing only: nothing heavy is imported before a command is chosen."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from .parsing import parser as parser_of_all

if TYPE_CHECKING:
    from ..core.errors import PromptHubError
    from .output import Exit, Output

__all__ = ["command_named", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = parser_of_all()
    passed_on = arguments[:1] in (["lab"], ["serve"]) and arguments[1:2] not in (["--help"], ["-h"])
    options, rest = parser.parse_known_args(arguments[:1] if passed_on else arguments)
    if passed_on:
        rest = arguments[1:]
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if options.version:
        from importlib.metadata import version

        print(version("jupyter-prompthub"))
        return 0
    if not hasattr(options, "target"):
        parser.print_help()
        return 2
    options.rest = rest

    from pydantic import ValidationError

    from ..core.errors import InvalidInput, NotFound, PromptHubError
    from ..sources.base import NotReachable
    from .output import Exit, Output

    command = command_named(options.target)
    out = Output(as_json=options.json)
    try:
        if not options.needs_client:
            return int(command(options, out))
        from ..client import Client

        # PROMPTHUB_LOCKED is for what runs prompts
        locked = getattr(options, "locked", False)
        with Client(options.url, options.token, workspace=options.workspace, locked=locked) as client:
            return int(command(client, options, out))
    except NotReachable as error:
        return _failed(out, error, Exit.NOT_REACHABLE)
    except InvalidInput as error:
        return _failed(out, error, Exit.USAGE)
    except NotFound as error:
        code = _failed(out, error, Exit.FAILED)
        if (missing := error.details.get("branch")) and (prompt := getattr(options, "name", None)):
            out.note(f"  `prompthub branch {prompt.partition('@')[0]} {missing}` makes it")
        return code
    except PromptHubError as error:
        return _failed(out, error, Exit.FAILED)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return _failed(
            out, InvalidInput(f"{where}: {first['msg']}, got {str(first['input'])[:80]!r}"), Exit.USAGE
        )
    except KeyboardInterrupt:
        out.note("cancelled")
        return 130


def command_named(target: str) -> Callable[..., Exit]:
    """The function that the parser of a command names: ``module:function``."""
    module, _, name = target.partition(":")
    command: Callable[..., Exit] = getattr(import_module(f".{module}", __name__), name)
    return command


def _failed(out: Output, error: PromptHubError, code: int) -> int:
    if out.as_json:
        said = {"code": error.code, "message": error.message, "details": error.details}
        print(json.dumps({"error": said}, ensure_ascii=False))
    out.note(f"prompthub: {error.message}")
    for problem in error.details.get("problems", []):
        if isinstance(problem, dict):
            out.note(
                f"  line {problem.get('line')}, column {problem.get('column')}: {problem.get('message')}"
            )
    return int(code)
