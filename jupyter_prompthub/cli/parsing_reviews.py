"""The verbs of ``prompthub review`` and ``%prompthub review``, and their arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable

__all__ = ["VERBS", "add_verbs"]

Add = Callable[[str, str], argparse.ArgumentParser]
"""the parser of a verb: its name, what it does"""

VERBS: dict[str, str] = {
    "list": "list reviews",
    "open": "ask to merge a branch",
    "show": "what it brings, and what is missing",
    "edit": "retitle, describe, ask reviewers",
    "draft": "ask nobody yet",
    "ready": "a draft is ready to be reviewed",
    "close": "end it without a merge",
    "reopen": "go on with a closed one",
    "approve": "approve what you looked at",
    "reject": "ask for changes",
    "dismiss": "take requests for changes back, of others",
    "comment": "begin a conversation",
    "threads": "list the conversations",
    "reply": "go on with a conversation",
    "resolve": "a conversation is settled",
    "unresolve": "a conversation is open again",
    "apply": "save what a comment suggests as a version",
    "checks": "list the checks",
    "check": "post a check's verdict",
    "dependents": "who includes this snippet, and the checks they ask for",
    "conflicts": "what is to be decided",
    "decide": "decide conflicts, or open them again",
    "update": "merge the target into the source",
    "merge": "merge it",
    "revert": "take a merged review back by a new one",
    "delete-source": "delete the branch that a merged review came from",
    "restore-source": "make that branch again, as it was",
}
"""what each does"""

_ONE = set(VERBS) - {"list", "open"}
_TALKS = {"reply", "resolve", "unresolve", "apply"}
_SAID = {
    "open": "title (default: that of the newest version)",
    "edit": "title",
    "approve": "a word with it",
    "reject": "what is to change",
    "dismiss": "why",
    "comment": "what you say",
    "reply": "what you say",
    "apply": "commit message",
    "check": "a line about it",
    "merge": "commit message",
}
_NEEDED = {"reject", "dismiss", "comment", "reply"}


def add_verbs(add: Add) -> None:
    """Make the parser of each verb."""
    made = {verb: add(verb, text) for verb, text in VERBS.items()}
    made["list"].add_argument("name", nargs="?", help="only of this prompt")
    made["open"].add_argument("name")
    made["open"].add_argument("source", metavar="BRANCH", help="the branch to merge")
    made["open"].add_argument("--into", default="main", metavar="BRANCH")
    made["open"].add_argument("--draft", action="store_true", help="ask nobody yet")
    for verb, p in made.items():
        if verb in _ONE:
            p.add_argument("review", metavar="NAME#NUMBER")
        if verb in _TALKS:
            p.add_argument("thread", metavar="THREAD", help="its number in `threads`, or its id")
        if verb in _SAID:
            p.add_argument(
                "-m", "--message", default=None, required=verb in _NEEDED, metavar="TEXT", help=_SAID[verb]
            )
    made["list"].add_argument(
        "--state", choices=["live", "draft", "open", "merged", "closed", "all"], default="live"
    )
    made["list"].add_argument("--inbox", choices=["to_review", "mine", "mentioned"])
    for verb in ("open", "edit"):
        made[verb].add_argument("--description", metavar="TEXT", help="@FILE reads it from a file")
        made[verb].add_argument(
            "--reviewer", action="append", metavar="ID", help="ask this member (repeat; edit: these only)"
        )
    made["approve"].add_argument("--digest", required=True, help="the review digest that `show` said")
    made["merge"].add_argument("--digest", help="only if this is what would be merged")
    made["merge"].add_argument("--expected-head", metavar="SHA", help="only if the target is there")
    modes = made["merge"].add_mutually_exclusive_group()
    for flag, mode, text in (
        ("--no-ff", "merge", "always make a version"),
        ("--squash", "squash", "one version of one parent"),
        ("--ff-only", "fast_forward", "only move the branch"),
    ):
        modes.add_argument(flag, dest="mode", action="store_const", const=mode, help=text)
    made["merge"].set_defaults(mode="auto")
    place = made["comment"]
    place.add_argument("--path", metavar="UNIT", help="about a unit, as in a diff: segment/0/system")
    place.add_argument("--start", type=int, metavar="N", help="words of it: from this character")
    place.add_argument("--end", type=int, metavar="N", help="up to this one")
    for verb in ("comment", "reply"):
        made[verb].add_argument(
            "--suggest", metavar="TEXT", help="other words for that place; @FILE reads them from a file"
        )
    made["threads"].add_argument(
        "--open", action="store_true", dest="only_open", help="only what is not resolved"
    )
    made["apply"].add_argument("--comment", metavar="ID", help="default: the last that suggests something")
    made["apply"].add_argument("--expected-head", metavar="SHA", help="only if the source is there")
    p = made["check"]
    p.add_argument("check", metavar="CHECK", help="its name")
    p.add_argument("verdict", choices=["passed", "failed", "inconclusive"])
    p.add_argument(
        "--digest", required=True, help="what it was made for: the review digest, or a dependent's"
    )
    p.add_argument(
        "--for", dest="dependent", metavar="NAME", help="made for this prompt, which includes the snippet"
    )
    p.add_argument("--suite", metavar="ID", help="the suite that it rests on")
    p.add_argument("--evidence", metavar="FILE", help="what else it rests on, as a JSON object")
    p.add_argument("--link", metavar="URL", help="where it can be looked at")
    made["decide"].add_argument(
        "--text",
        action="append",
        default=[],
        metavar="CONFLICT=TEXT",
        help="the unit's text; =@FILE reads it",
    )
    made["decide"].add_argument(
        "--undo", action="append", default=[], metavar="CONFLICT", help="let it be open again"
    )
    for verb in ("decide", "update", "revert"):
        made[verb].add_argument(
            "--pick", action="append", default=[], metavar="CONFLICT=SIDE", help="ours, theirs, base or keep"
        )
    made["revert"].add_argument("--branch", metavar="NAME", help="of the new review (default: revert-NUMBER)")
