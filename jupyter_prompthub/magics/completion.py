"""Completion of the lines of the magics: subcommands, options, prompts, refs, variables. JupyterLab's completer and a
terminal's Tab ask the kernel, and the kernel asks here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher

from ..client import Client
from ..core.errors import PromptHubError
from .completion_names import MOST as _MOST
from .completion_names import of_review, prompts, refs
from .parsing import OF_USED, commands, flags_of, options_of, positionals_of

__all__ = ["completions", "matcher"]

_LINE = re.compile(r"^\s*(?:\w+\s*=\s*)?(?P<magic>%%?)prompthub\s+(?P<rest>.*)$")
_PROMPTS = ("name", "reference", "names")
"""words of subcommands that name a prompt, and those among them that may have a ref"""
_WITH_REF = ("reference", "names")
_BRANCH_OF = {"merge": "--into", "cherry-pick": "--on", "revert": "--on"}
"""the option of a subcommand that names a branch, beside ``--branch``"""


def matcher(hub: Callable[[], Client], names: Callable[[], Mapping[str, Any]]) -> Any:
    """A matcher for ``shell.Completer.custom_matchers``.

    Args:
        hub: the client of the kernel.
        names: its variables.
    """

    def prompthub(context: CompletionContext) -> Any:
        hit = _LINE.match(context.text_until_cursor)
        if hit is None or (hit["magic"] == "%%" and context.cursor_line):
            return {"completions": []}
        word = re.split(r"\s", hit["rest"])[-1]
        before = word.removesuffix(context.token) if context.token else word
        try:
            found = [
                one for one in completions(hit["magic"], hit["rest"], hub, names()) if one.startswith(word)
            ]
        except PromptHubError:
            found = []  # nobody to ask: what is run will say so
        made = [SimpleCompletion(one[len(before) :], type="prompthub") for one in found[:_MOST]]
        return {"completions": made, "suppress": True, "ordered": True}

    return context_matcher(identifier="prompthub")(prompthub)


def completions(magic: str, rest: str, hub: Callable[[], Client], names: Mapping[str, Any]) -> Iterable[str]:
    """What may stand in place of the last word of ``rest``.

    Args:
        magic: ``%`` or ``%%``.
        rest: the line after ``prompthub``, up to the cursor.
        hub: the client; only called when it is needed.
        names: the kernel's variables.
    """
    *words, word = re.split(r"\s+", rest)
    last = words[-1] if words else ""
    if last == "--locked":
        return ["on", "off"]
    command = None if magic == "%%" else _first(words)
    if magic == "%" and command is None:
        return [*commands(), "--locked"]
    if command == "review":
        return of_review(words[words.index(command) + 1 :], word, hub)
    after = words[words.index(command) + 1 :] if command else words
    if command and (below := commands(command)):
        verb = _first(after)
        if verb is None:
            return below
        command, after = f"{command} {verb}", after[after.index(verb) + 1 :]
    flags = flags_of(command)
    given = _plain(after, flags)
    named = given[0] if given else None
    if last == "--var":
        return _variables(word, named, hub(), names)
    if last == "--inputs":
        return sorted(
            name for name, value in names.items() if isinstance(value, dict) and not name.startswith("_")
        )
    if last == "--model":
        return [model.ref for model in hub().models().items]
    if last == "--connection":
        return [connection.name for connection in hub().connections().items]
    if last == "--sample" and named:
        return [shlex.quote(sample.name) for sample in hub().samples(named)]
    if last in ("--branch", _BRANCH_OF.get(command or "")) and named and command != "protect":
        return [branch.name for branch in hub().branches(named)]
    if last in ("--good", "--bad") and named:
        return refs(named, hub())
    if word.startswith("-"):
        return options_of(command)
    if last.startswith("-") and last not in flags:
        return []
    places = positionals_of(command)
    place = places[min(len(given), len(places) - 1)] if places else ""
    if place in _PROMPTS and (len(given) < len(places) or place == "names"):
        with_refs = magic == "%" and (place in _WITH_REF or command in OF_USED)
        return prompts(word, hub(), with_refs=with_refs)
    if len(given) >= len(places):
        return options_of(command)
    match place:
        case "source" | "branch":
            return [branch.name for branch in hub().branches(given[0].partition("@")[0])]
        case "ref":
            return refs(given[0], hub())
        case "range":
            base, dots, _ = word.rpartition("...")
            return [f"{base}{dots}{ref}" for ref in refs(given[0], hub())]
        case "environment":
            return [one.environment for one in hub().prompt(given[0].partition("@")[0]).served]
    return []


def _first(words: list[str]) -> str | None:
    """The first word that is neither an option nor the value of one."""
    return next(iter(_plain(words, ())), None)


def _plain(words: list[str], flags: Iterable[str]) -> list[str]:
    """The words that are neither options nor values of them; ``flags`` take none."""
    return [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("-") and (not before.startswith("-") or before in flags)
    ]


def _variables(word: str, named: str | None, hub: Client, names: Mapping[str, Any]) -> list[str]:
    name, equals, _ = word.partition("=")
    if equals:
        return sorted(f"{name}=${one}" for one in names if not one.startswith("_"))
    if named is None:
        return []
    return [f"{variable.name}=" for variable in hub.get(named).content.variables]
