"""Names that complete a line: prompts, refs, and what a review is named with."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from ..cli.parsing_reviews import VERBS
from ..client import Client
from .parsing import options_of

__all__ = ["MOST", "of_review", "prompts", "refs"]

MOST = 50

_STATES = {
    "reopen": "closed",
    "revert": "merged",
    "delete-source": "merged",
    "restore-source": "merged",
    "show": "all",
    "threads": "all",
}
"""which reviews a verb is about; others: those that go on"""
_CHOICES = {
    "--state": ["live", "draft", "open", "merged", "closed", "all"],
    "--inbox": ["to_review", "mine", "mentioned"],
}


def prompts(word: str, hub: Client, *, with_refs: bool) -> list[str]:
    """Names of prompts; after ``@`` refs of the one that is named."""
    name, at, _ = word.partition("@")
    if at:
        return [f"{name}@{ref}" for ref in refs(name, hub)] if with_refs else []
    found = [prompt.name for prompt in islice(hub.list(), 2_000) if prompt.name.startswith(word)]
    return found[:MOST]


def refs(name: str, hub: Client) -> list[str]:
    """What a version of a prompt may be named with."""
    prompt = hub.prompt(name.partition("@")[0])
    served = [one.environment for one in prompt.served]
    return ["latest", *served, *prompt.branches]


def of_review(words: list[str], word: str, hub: Callable[[], Client]) -> list[str]:
    """After ``review``: verbs, prompts and reviews, conversations, branches, conflicts, options.

    Args:
        words: those after ``review`` that are whole.
        word: the one that is being written.
    """
    if not words:
        return list(VERBS)
    verb, *given = words
    last = words[-1]
    if last in _CHOICES:
        return _CHOICES[last]
    named = [
        one
        for before, one in zip(words, given, strict=False)
        if not (one.startswith("-") or before.startswith("-"))
    ]
    if word.startswith("-"):
        return options_of(f"review {verb}")
    if verb in ("list", "open") and not named and not last.startswith("-"):
        return prompts(word, hub(), with_refs=False)
    if verb == "open" and (last == "--into" or (len(named) == 1 and not last.startswith("-"))):
        return [branch.name for branch in hub().branches(named[0])] if named else []
    if verb in ("list", "open") or verb not in VERBS:
        return []
    if not named:
        state = _STATES.get(verb, "live")
        found = hub().reviews(state=state)  # type: ignore[arg-type]
        return [f"{one.prompt_name}#{one.number}" for one in found] if not last.startswith("-") else []
    name, _, number = named[0].rpartition("#")
    if not (name and number.isdecimal()):
        return []
    if last == "--digest":
        digest = hub().review(name, int(number)).digest
        return [digest] if digest else []
    if last in ("--pick", "--undo"):
        made = hub().review(name, int(number))
        if last == "--undo":
            return [one.resolution.id for one in made.resolutions]
        return [f"{one.id}={side}" for one in made.conflicts for side in ("ours", "theirs")]
    if last.startswith("-"):
        return []
    if verb in ("reply", "resolve", "unresolve", "apply") and len(named) == 1:
        return [str(at) for at, _ in enumerate(hub().threads(name, int(number)), 1)]
    if verb == "check" and len(named) == 2:
        return ["passed", "failed", "inconclusive"]
    return options_of(f"review {verb}")
