"""The arguments of ``branch``, which ``%prompthub`` shares, and ``protect``."""

from __future__ import annotations

import argparse

__all__ = ["add_branch", "add_protect"]


def add_branch(p: argparse.ArgumentParser) -> None:
    """Of ``branch``."""
    p.add_argument("name", metavar="NAME[@REF]", help="with a new branch: from this version")
    p.add_argument("branch", nargs="?", metavar="BRANCH", help="make it; left out: list what there is")
    what = p.add_mutually_exclusive_group()
    what.add_argument("--delete", action="store_true", help="delete it; its versions stay")
    what.add_argument("--move", action="store_true", help="it is there: point it at NAME@REF")
    p.add_argument("--expected-head", metavar="SHA", help="move it only if it is at this version")


def add_protect(p: argparse.ArgumentParser) -> None:
    """Of ``protect``: an option for each rule. What is not named is None."""
    p.add_argument(
        "prompts", nargs="?", help="a pattern of names, such as 'support/*'; alone: what holds there"
    )
    p.add_argument("--branch", metavar="PATTERN", help="default: main")
    p.add_argument("--id", help="change this one, its patterns too")
    p.add_argument("--delete", metavar="ID", help="delete this one")
    p.add_argument(
        "--rules", metavar="FILE", help="rules as the API has them, YAML or JSON; - is standard input"
    )
    p.add_argument("--approvals", type=int, metavar="N")
    for option, field, value, text in (
        ("approver", "approvers", "WHO", "whose approval counts too: an id, or role:ROLE"),
        ("check", "checks", "'NAME [suite=ID] [posted_by=WHO,…]'", "a check that must pass"),
        (
            "owner",
            "owners",
            "'NAME owners=WHO,… [units=UNIT,…] [prompts=PATTERN] [approvals=N]'",
            "who must approve changes of units such as segment:system, section:NAME",
        ),
        ("may-push", "may_push", "WHO", "only these move it without a review"),
        ("may-merge", "may_merge", "WHO", "only these merge into it"),
    ):
        p.add_argument(f"--{option}", dest=field, action="append", metavar=value, help=f"{text} (repeat)")
        p.add_argument(
            f"--no-{field.replace('_', '-')}",
            dest=field,
            action="store_const",
            const=[],
            help=argparse.SUPPRESS,
        )
    for option, field, text in (
        ("exclude-authors", "exclude_authors", "authors' approvals do not count (on unless said)"),
        ("exclude-last-pusher", "exclude_last_pusher", "nor those of who pushed last (on unless said)"),
        ("conversations-resolved", "conversations_resolved", "no open conversation"),
        ("linear", "linear_history", "versions of one parent only"),
        ("admins-included", "admins_included", "it binds admins (on unless said)"),
    ):
        p.add_argument(
            f"--{option}", dest=field, action=argparse.BooleanOptionalAction, default=None, help=text
        )
